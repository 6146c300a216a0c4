"""Which area each point lies in."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.places import assignment
from lagesbild.places.assignment import OUTSIDE, AreaIndex, assign_areas, build_index
from tests.places.builders import EAST, NORTH, square

pytestmark = pytest.mark.one_database


def _index(
    shapes: dict[str, shapely.Geometry],
    *,
    area_set_id: int = 1,
    parent_set_id: int | None = None,
    parents: dict[str, int] | None = None,
    first: int = 1,
    aliases: dict[str, list[str]] | None = None,
    names: dict[str, str] | None = None,
) -> AreaIndex:
    codes = list(shapes)
    return build_index(
        area_set_id=area_set_id,
        version_id=area_set_id,
        parent_set_id=parent_set_id,
        ids=[first + number for number in range(len(codes))],
        codes=codes,
        names=[(names or {}).get(code, f"Ruta {code}") for code in codes],
        aliases=[(aliases or {}).get(code, []) for code in codes],
        parents=[(parents or {}).get(code) for code in codes],
        geometries=np.array(list(shapes.values()), dtype=object),
    )


BOARD = {"b": square(0), "a": square(1)}  # keys 1 and 2; they meet at EAST + 1000


def test_a_point_inside_gets_its_area_and_one_outside_none() -> None:
    found = _index(BOARD).assign([EAST + 500, EAST + 1500, EAST + 5000], [NORTH + 500] * 3)
    assert found.tolist() == [1, 2, OUTSIDE]
    assert found.dtype == np.int32


def test_a_point_on_a_common_border_gets_the_lowest_code_whatever_the_order() -> None:
    border = ([EAST + 1000], [NORTH + 500])
    assert _index(BOARD).assign(*border).tolist() == [2]  # code "a"
    assert _index(dict(reversed(BOARD.items()))).assign(*border).tolist() == [1]  # code "a" again


def test_corners_and_outer_borders_belong_to_the_area() -> None:
    assert _index(BOARD).assign([EAST, EAST + 2000], [NORTH, NORTH + 1000]).tolist() == [1, 2]


def test_points_without_coordinates_lie_nowhere() -> None:
    found = _index(BOARD).assign([np.nan, EAST + 1, np.inf], [NORTH, np.nan, NORTH])
    assert found.tolist() == [OUTSIDE] * 3


def test_nothing_to_ask_or_nowhere_to_lie_is_answered() -> None:
    assert _index(BOARD).assign([], []).tolist() == []
    assert _index({}).assign([1.0], [2.0]).tolist() == [OUTSIDE]


def test_a_hole_is_outside() -> None:
    ring = square().difference(shapely.box(EAST + 400, NORTH + 400, EAST + 600, NORTH + 600))
    found = _index({"a": ring}).assign([EAST + 500, EAST + 400, EAST + 100], [NORTH + 500, NORTH + 500, NORTH + 500])
    assert found.tolist() == [OUTSIDE, 1, 1]


def test_the_points_given_are_left_as_they_were() -> None:
    x, y = np.array([EAST + 500.0]), np.array([NORTH + 500.0])
    _index(BOARD).assign(x, y)
    assert (x[0], y[0]) == (EAST + 500, NORTH + 500)


@st.composite
def maps(draw: st.DrawFn) -> dict[str, shapely.Geometry]:
    """Areas cut by random points, as Voronoi cells; some turned into stars, some with holes, some overlapping."""
    seed = draw(st.integers(0, 10_000))
    rng = np.random.default_rng(seed)
    seeds = shapely.multipoints(rng.integers(0, 40, (draw(st.integers(2, 12)), 2)).astype(float))
    cells = [cell for cell in shapely.get_parts(shapely.voronoi_polygons(seeds)) if cell.area]
    if draw(st.booleans()):
        cells.append(shapely.Point(20, 20).buffer(9, quad_segs=2))
    if draw(st.booleans()):
        cells[0] = cells[0].difference(cells[0].centroid.buffer(1))
    codes = rng.permutation(len(cells))
    return {f"{code:02d}": cell for code, cell in zip(codes, cells, strict=True)}


@settings(max_examples=60, deadline=None)
@given(maps(), st.integers(0, 10_000))
def test_the_answer_is_that_of_asking_every_area_about_every_point(
    shapes: dict[str, shapely.Geometry], seed: int
) -> None:
    rng = np.random.default_rng(seed)
    corners = shapely.get_coordinates(list(shapes.values()))
    halves = (corners[1:] + corners[:-1]) / 2
    points = np.vstack([rng.uniform(-10, 50, (200, 2)), rng.integers(0, 40, (50, 2)), corners, halves])
    index = _index(shapes)
    expected = []
    keys = dict(zip(index.codes, index.ids.tolist(), strict=True))
    for point in shapely.points(points):
        holders = sorted(code for code, shape in shapes.items() if shape.intersects(point))
        expected.append(keys[holders[0]] if holders else OUTSIDE)
    assert index.assign(points[:, 0], points[:, 1]).tolist() == expected
    assert index._by_crossings(points[:, 0], points[:, 1]).tolist() == expected
    shuffled = rng.permutation(len(points))
    again = index.assign(points[shuffled, 0], points[shuffled, 1])
    assert again.tolist() == [expected[i] for i in shuffled]


def test_many_points_get_the_same_answer_as_few(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(7)
    seeds = shapely.multipoints(rng.uniform(0, 1000, (300, 2)))
    cells = [cell.buffer(-0.5) for cell in shapely.get_parts(shapely.voronoi_polygons(seeds))]
    index = _index({f"{i:03d}": cell for i, cell in enumerate(cells)})
    x, y = rng.uniform(-100, 1100, (2, assignment.MANY))
    many = index.assign(x, y)
    monkeypatch.setattr(assignment, "MANY", 10**9)
    assert (many == index.assign(x, y)).all()
    assert len(np.unique(many)) == 301


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(-6, 3))
def test_points_a_hair_from_a_border_are_decided_exactly(seed: int, magnitude: int) -> None:
    """Far from the origin, where a determinant of raw coordinates would lose the difference."""
    rng = np.random.default_rng(seed)
    ring = np.array([EAST, NORTH]) + rng.uniform(0, 1000, (3, 2))
    index = _index({"a": shapely.Polygon(ring)})
    along = rng.uniform(0, 1, (200, 1))
    points = ring[0] + along * (ring[1] - ring[0]) + rng.normal(0, 10.0**magnitude, (200, 2))
    expected = shapely.intersects_xy(shapely.Polygon(ring), points[:, 0], points[:, 1])
    assert (index._by_crossings(points[:, 0], points[:, 1]) == 1).tolist() == expected.tolist()


def test_names_are_found_by_code_name_or_alias_whatever_their_case() -> None:
    index = _index(
        {"0139": square(0), "2023": square(1)},
        names={"0139": "Upplands-Bro", "2023": "Malung-Sälen"},
        aliases={"2023": ["Malungs kommun"]},
    )
    asked = ["upplands-bro", "MALUNG-SÄLEN", " Malungs  kommun ", "0139", "Bro", "", None]
    assert index.by_name_or_code(asked).tolist() == [1, 2, 2, 1, OUTSIDE, OUTSIDE, OUTSIDE]


def test_a_name_that_two_areas_share_points_out_neither_but_a_code_wins_over_it() -> None:
    shapes = {"1": square(0), "2": square(1), "3": square(2)}
    index = _index(shapes, names={"1": "Stortorget", "2": "Stortorget", "3": "1"})
    assert index.by_name_or_code(["Stortorget", "1", "2"]).tolist() == [OUTSIDE, 1, 2]


def _world() -> dict[str, AreaIndex]:
    counties = _index({"01": square(0, side=3000)}, area_set_id=1, first=100, names={"01": "Ekby län"})
    municipalities = _index(
        BOARD, area_set_id=2, parent_set_id=1, parents={"a": 100, "b": 100}, names={"a": "Åby", "b": "Öby"}
    )
    return {index.column: index for index in (counties, municipalities)}


def test_an_event_known_by_its_municipality_gets_its_county_too() -> None:
    found = assign_areas(_world(), [np.nan], [np.nan], names=["Åby"])
    assert found["area_2"].tolist() == [2]
    assert found["area_1"].tolist() == [100]


def test_a_county_is_not_mistaken_for_a_municipality() -> None:
    found = assign_areas(_world(), [np.nan], [np.nan], names=["Ekby län"])
    assert found["area_1"].tolist() == [100]
    assert found["area_2"].tolist() == [OUTSIDE]


def test_a_point_that_stands_for_a_whole_area_is_not_used() -> None:
    use_point = np.array([False, True])
    found = assign_areas(_world(), [EAST + 500] * 2, [NORTH + 500] * 2, names=["Åby", None], use_point=use_point)
    assert found["area_2"].tolist() == [2, 1]  # by name, by point


def test_a_point_wins_over_a_name() -> None:
    found = assign_areas(_world(), [EAST + 500], [NORTH + 500], names=["Åby"])
    assert found["area_2"].tolist() == [1]
