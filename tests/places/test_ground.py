"""Where a place is."""

from __future__ import annotations

import json

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.core.errors import UserError
from lagesbild.places import ground
from tests.places.builders import EAST, NORTH, square

pytestmark = pytest.mark.one_database


def test_a_circle_is_its_middle_and_a_polygon_of_sixty_four_corners() -> None:
    made = ground.circle(EAST, NORTH, 50, crs=3006, working_crs=3006)
    assert (made.x, made.y, made.radius_m) == (EAST, NORTH, 50)
    assert shapely.get_num_coordinates(made.geometry) == 65
    assert made.geometry.area == pytest.approx(3.1416 * 2500, rel=0.002)


def test_longitude_and_latitude_are_projected() -> None:
    # 15° E is the central meridian of SWEREF 99 TM, whose false easting is 500,000 m by definition
    made = ground.circle(15.0, 59.3, 50, crs=4326, working_crs=3006)
    assert made.x == pytest.approx(500_000, abs=1e-3)


def test_swapped_coordinates_are_told_not_stored() -> None:
    with pytest.raises(UserError) as caught:
        ground.circle(59.3323, 18.0640, 50, crs=4326, working_crs=3006)
    assert caught.value.code == "places.ground_outside"
    with pytest.raises(UserError):
        ground.circle(NORTH, EAST, 50, crs=3006, working_crs=3006)


@pytest.mark.parametrize("radius_m", [0, -5, 1.9, 10_001, float("nan"), float("inf")])
def test_a_radius_must_be_sensible(radius_m: float) -> None:
    with pytest.raises(UserError) as caught:
        ground.circle(EAST, NORTH, radius_m, crs=3006, working_crs=3006)
    assert caught.value.code == "places.ground_radius"


def test_a_boundary_that_crosses_itself_is_refused() -> None:
    bow_tie = shapely.Polygon(
        [(EAST, NORTH), (EAST + 100, NORTH + 100), (EAST + 100, NORTH), (EAST, NORTH + 100), (EAST, NORTH)]
    )
    with pytest.raises(UserError) as caught:
        ground.polygon(bow_tie, crs=3006, working_crs=3006)
    assert caught.value.code == "places.ground_crossing"


def test_the_middle_of_a_place_lies_inside_it() -> None:
    horseshoe = square().difference(shapely.box(EAST + 100, NORTH - 1, EAST + 900, NORTH + 900))
    made = ground.polygon(horseshoe, crs=3006, working_crs=3006)
    assert horseshoe.contains(shapely.Point(made.x, made.y))


NOT_DRAWINGS = [
    "",
    "null",
    "[]",
    "7",
    "{}",
    '{"type":"Feature","geometry":null}',
    '{"geometry":{"type":"LineString"}}',
    "[" * 5000,
    '{"geometry":{"type":"Point","coordinates":[]}}',
    '{"geometry":{"type":"Point","coordinates":[18,59]}}',
]


@pytest.mark.parametrize("drawn", NOT_DRAWINGS)
def test_a_drawing_that_is_none_is_refused_in_words(drawn: str) -> None:
    with pytest.raises(UserError):
        ground.from_feature(drawn, working_crs=3006)


@given(
    st.text() | st.recursive(st.none() | st.floats() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x))
)
def test_anything_at_all_is_a_place_or_a_sentence(drawn: object) -> None:
    text = drawn if isinstance(drawn, str) else json.dumps({"geometry": drawn, "properties": drawn})
    with pytest.raises(UserError):
        ground.from_feature(text, working_crs=3006)


@given(st.floats(-100_000, 100_000), st.floats(-100_000, 100_000), st.integers(5, 500))
def test_what_the_editor_is_given_comes_back_the_same(dx: float, dy: float, size: int) -> None:
    box = shapely.box(EAST + dx, NORTH + dy, EAST + dx + size, NORTH + dy + size)
    stored = ground.polygon(box, crs=3006, working_crs=3006)
    again = ground.from_feature(ground.to_feature(stored, working_crs=3006), working_crs=3006)
    assert shapely.hausdorff_distance(stored.geometry, again.geometry) < 0.02
    disc = ground.circle(EAST + dx, NORTH + dy, size, crs=3006, working_crs=3006)
    back = ground.from_feature(json.dumps(ground.to_feature(disc, working_crs=3006)), working_crs=3006)
    assert back.radius_m == size
    assert abs(back.x - disc.x) < 0.2
    assert abs(back.y - disc.y) < 0.2
