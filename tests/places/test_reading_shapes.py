"""Boundaries that are wrong: every row told, every repair shown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lagesbild.places.reading import ReadAreas, read_areas
from lagesbild.places.reading.shapes import make_polygons
from tests.places.builders import EAST, NORTH, geojson, square

pytestmark = pytest.mark.one_database


def _read(path: Path, text: str, **more: Any) -> ReadAreas:
    path.write_text(text, encoding="utf-8")
    return read_areas(path, working_crs=3006, code_field="code", name_field="name", **more)


def _shape(*points: tuple[float, float]) -> shapely.Polygon:
    return shapely.Polygon([(EAST + x, NORTH + y) for x, y in points])


BOW_TIE = _shape((0, 0), (1000, 1000), (1000, 0), (0, 1000))
SPIKE = _shape((0, 0), (1000, 0), (1000, 1000), (500, 1000), (500, 2000), (500, 1000), (0, 1000))


def _codes(read: ReadAreas) -> list[tuple[str, int]]:
    return [(problem.code, problem.row) for problem in read.problems]


def test_every_wrong_row_is_told_at_once(tmp_path: Path) -> None:
    text = geojson(
        [
            ({"code": "a", "name": "God"}, square(0)),
            ({"code": "b", "name": "Tom"}, None),
            ({"code": "a", "name": "Dubblett"}, square(1)),
            ({"code": "", "name": "Utan kod"}, square(2)),
            ({"code": "c", "name": "Punkt"}, shapely.Point(EAST, NORTH)),
            ({"code": "d" * 61, "name": "Lång kod"}, square(3)),
            ({"code": "e", "name": "Linje"}, shapely.LineString([(EAST, NORTH), (EAST + 10, NORTH)])),
            ({"code": "f", "name": "Tomt"}, shapely.Polygon()),
        ]
    )
    read = _read(tmp_path / "a.geojson", text)
    assert _codes(read) == [
        ("empty_geometry", 2),
        ("duplicate_code", 3),
        ("no_code", 4),
        ("not_a_polygon", 5),
        ("code_too_long", 6),
        ("not_a_polygon", 7),
        ("empty_geometry", 8),
    ]
    assert read.codes == ("a",)
    assert read.problems[1].params["other"] == 1


def test_a_name_that_holds_a_personal_number_is_refused_and_not_repeated(tmp_path: Path) -> None:
    read = _read(tmp_path / "a.geojson", geojson([({"code": "a", "name": "Svensson 121212-1212"}, square())]))
    (problem,) = read.problems
    assert problem.code == "personal_number"
    assert "1212" not in problem.text


def test_a_bow_tie_is_mended_and_said_to_be(tmp_path: Path) -> None:
    read = _read(
        tmp_path / "a.geojson", geojson([({"code": "a", "name": "Fluga"}, BOW_TIE)], told="EPSG:3006", crs=3006)
    )
    (repair,) = read.repairs
    assert (repair.code, repair.row, repair.name) == ("made_valid", 1, "Fluga")
    assert read.geometries[0].is_valid
    assert read.geometries[0].area == pytest.approx(500_000, rel=1e-6)  # the two triangles


def test_mending_keeps_the_ground_and_drops_the_spike(tmp_path: Path) -> None:
    read = _read(tmp_path / "a.geojson", geojson([({"code": "a", "name": "Spik"}, SPIKE)], told="EPSG:3006", crs=3006))
    assert read.repairs[0].params["change_pct"] == "+0.00"
    assert read.geometries[0].equals(square())


def test_what_mending_leaves_nothing_of_is_a_problem() -> None:
    flat = _shape((0, 0), (10, 0), (20, 0))
    made = make_polygons(np.array([flat], dtype=object), np.zeros(1, dtype=bool))
    assert [problem.code for problem in made.problems] == ["vanished"]
    assert made.geometries[0] is None


def test_loose_lines_beside_polygons_are_left_out_and_told(tmp_path: Path) -> None:
    mixed = shapely.GeometryCollection([square(), shapely.LineString([(EAST, NORTH), (EAST + 5000, NORTH)])])
    read = _read(
        tmp_path / "a.geojson", geojson([({"code": "a", "name": "Blandat"}, mixed)], told="EPSG:3006", crs=3006)
    )
    assert [(repair.code, repair.params["count"]) for repair in read.repairs] == [("parts_dropped", 1)]
    assert read.geometries[0].equals(square())


@pytest.mark.parametrize("coordinates", [[[18.0, 59.3]], [[[18.0, 59.3], [18.1, "x"]]], "nej", [[[18.0]]]])
def test_a_geometry_that_cannot_be_read_is_a_problem_of_its_row(tmp_path: Path, coordinates: object) -> None:
    document = json.loads(
        geojson([({"code": "a", "name": "God"}, square(0)), ({"code": "b", "name": "Ond"}, square(1))])
    )
    document["features"][1]["geometry"] = {"type": "Polygon", "coordinates": coordinates}
    read = _read(tmp_path / "a.geojson", json.dumps(document))
    assert _codes(read) == [("unreadable_geometry", 2)]


def test_numbers_as_codes_read_as_people_write_them(tmp_path: Path) -> None:
    text = geojson([({"code": 10102.0, "name": "Klara"}, square(0)), ({"code": 114, "name": None}, square(1))])
    read = _read(tmp_path / "a.geojson", text)
    assert read.codes == ("10102", "114")
    assert read.names == ("Klara", "114")


@st.composite
def rings(draw: st.DrawFn) -> shapely.Polygon:
    """Any ring at all, most of them crossing themselves."""
    points = draw(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=3, max_size=12))
    return _shape(*points)


@settings(max_examples=150, deadline=None)
@given(rings())
@example(_shape((8, 4), (0, 9), (4, 8), (8, 4), (19, 4), (4, 8)))  # GEOS mends it into two parts with a common edge
def test_whatever_is_drawn_becomes_a_sound_polygon_or_a_problem(ring: shapely.Polygon) -> None:
    made = make_polygons(np.array([ring], dtype=object), np.zeros(1, dtype=bool))
    if made.geometries[0] is None:
        assert len(made.problems) == 1
        return
    assert made.geometries[0].is_valid
    assert made.geometries[0].geom_type in ("Polygon", "MultiPolygon")
    assert (not made.repairs) == ring.is_valid
    assert made.geometries[0].within(ring.convex_hull.buffer(1e-6))


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10), st.integers(1, 30))
def test_mending_a_border_with_a_detour_keeps_its_area(at: int, length: int) -> None:
    """Out and back along the same line, as digitising leaves it: the ground is the same, so is its area."""
    detour = _shape((0, 0), (100, 0), (100, 10 * at), (100 + length, 10 * at), (100, 10 * at), (100, 100), (0, 100))
    made = make_polygons(np.array([detour], dtype=object), np.zeros(1, dtype=bool))
    assert made.geometries[0].area == pytest.approx(10_000)
