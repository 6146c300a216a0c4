"""Which coordinate system a file is in, and what is said when it cannot be that one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.core.errors import UserError
from lagesbild.core.geo import project
from lagesbild.places.reading import ReadAreas, read_areas
from lagesbild.places.reading.crs import understand
from tests.places.builders import geojson, square

pytestmark = pytest.mark.one_database


def _read(path: Path, text: str | bytes, **more: Any) -> ReadAreas:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_areas(path, working_crs=3006, code_field="code", name_field="name", **more)


ONE = [({"code": "1", "name": "Ett"}, square())]


@pytest.mark.parametrize("crs", [4326, 3006, 3011, 3012, 3021, 3857])
def test_the_same_square_comes_back_from_every_system(tmp_path: Path, crs: int) -> None:
    told = None if crs == 4326 else f"urn:ogc:def:crs:EPSG::{crs}"
    read = _read(tmp_path / "a.geojson", geojson(ONE, crs=crs, told=told))
    assert not read.problems
    assert not read.repairs
    # RT 90 is reached through a seven-parameter shift good to a metre; the others are exact
    assert _corners_off_m(read) < (1.5 if crs == 3021 else 0.001)


def _corners_off_m(read: ReadAreas) -> float:
    """How far the corners of the square are from the border that was read, at most."""
    corners = shapely.points(shapely.get_coordinates(square()))
    return float(shapely.distance(corners, shapely.boundary(read.geometries[0])).max())


def test_the_middle_meridian_of_a_zone_is_where_its_definition_says() -> None:
    # SWEREF 99 18 00 has its central meridian at 18° E and false easting 150,000 m by definition
    x, _y = project([18.0, 18.0], [59.0, 59.6], from_crs=4326, to_crs=3011)
    assert np.allclose(x, 150_000, atol=1e-3)


@pytest.mark.parametrize("crs", [3006, 3011, 3021])
def test_metres_without_a_system_are_asked_about_and_the_right_one_is_among_the_proposals(
    tmp_path: Path, crs: int
) -> None:
    with pytest.raises(UserError) as caught:
        _read(tmp_path / "a.geojson", geojson(ONE, crs=crs))
    assert caught.value.code == "places.crs_missing"
    assert caught.value.field == "crs"
    assert f"EPSG:{crs}" in caught.value.message


def test_the_answer_to_that_question_is_used(tmp_path: Path) -> None:
    read = _read(tmp_path / "a.geojson", geojson(ONE, crs=3011), crs="EPSG:3011")
    assert _corners_off_m(read) < 0.001
    assert read.crs == "EPSG:3011"


def test_an_answer_against_what_the_file_says_is_a_repair_to_accept(tmp_path: Path) -> None:
    read = _read(tmp_path / "a.geojson", geojson(ONE, crs=3011, told="EPSG:3012"), crs="3011")
    assert [repair.code for repair in read.repairs] == ["crs_replaced"]


def test_a_system_that_puts_sweden_elsewhere_is_refused_with_proposals(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        _read(tmp_path / "a.geojson", geojson(ONE, crs=3006, told="EPSG:32718"))
    assert caught.value.code == "places.crs_wrong"
    assert "EPSG:3006" in caught.value.message


def test_an_unknown_system_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        _read(tmp_path / "a.geojson", geojson(ONE), crs="EPSG:123456")
    assert caught.value.code == "places.unknown_crs"
    assert "EPSG:123456" in caught.value.message


def _swapped(text: str) -> str:
    document = json.loads(text)
    for feature in document["features"]:
        feature["geometry"]["coordinates"] = [[point[::-1] for point in r] for r in feature["geometry"]["coordinates"]]
    return json.dumps(document)


@pytest.mark.parametrize(("crs", "told"), [(4326, None), (3006, "EPSG:3006"), (3011, "EPSG:3011")])
def test_north_before_east_is_recognised_and_shown_as_a_repair(tmp_path: Path, crs: int, told: str | None) -> None:
    read = _read(tmp_path / "a.geojson", _swapped(geojson(ONE, crs=crs, told=told)))
    assert [repair.code for repair in read.repairs] == ["axes_swapped"]
    assert _corners_off_m(read) < 0.001


def test_one_row_far_away_is_a_problem_of_that_row(tmp_path: Path) -> None:
    rows = [({"code": str(i), "name": f"Ruta {i}"}, square(i)) for i in range(4)]
    text = geojson([*rows, ({"code": "x", "name": "Null-ön"}, shapely.box(674_000, 100, 675_000, 1100))])
    read = _read(tmp_path / "a.geojson", text)
    assert [(problem.code, problem.row, problem.name) for problem in read.problems] == [
        ("outside_region", 5, "Null-ön")
    ]
    assert len(read) == 4


@settings(max_examples=40, deadline=None)
@given(st.floats(11.5, 23.5), st.floats(55.5, 68.5), st.sampled_from([4326, 3006, 3011, 3021, 4619]), st.booleans())
def test_swapped_axes_are_found_wherever_in_sweden_and_unswapped_ones_never_called_so(
    lon: float, lat: float, crs: int, swap: bool
) -> None:
    x, y = project([lon], [lat], from_crs=4326, to_crs=crs)
    if swap:
        x, y = y, x
    reading = understand(x, y, stated=f"EPSG:{crs}", given=None, kind="geojson", working_crs=3006)
    assert reading.swapped is swap
