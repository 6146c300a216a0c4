"""JSON, GeoJSON and JSON Lines."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from lagesbild.core.errors import UserError
from lagesbild.observations.importing import Limits, Mapping, read_table
from tests.observations.importing.files import checked, saved, told

EVENT = {
    "id": 1,
    "type": "Rån",
    "location": {"name": "Ekby", "gps": "59.3,18.0"},
    "n": 59.10,
    "ok": True,
    "x": None,
    "t": ["a", 1],
}


@pytest.mark.parametrize(
    "wrapped", [[EVENT], {"events": [EVENT]}, {"items": [EVENT]}, {"meta": 1, "svar": [EVENT]}, EVENT]
)
def test_objects_become_rows_and_nested_names_get_dots(tmp_path: Path, wrapped: object) -> None:
    raw = read_table(saved(tmp_path, json.dumps(wrapped), "a.json"))
    assert raw.kind == "json"
    assert raw.frame.row(0, named=True) == {
        "id": "1", "type": "Rån", "location.name": "Ekby", "location.gps": "59.3,18.0", "n": "59.1", "ok": "true",
        "x": None, "t": '["a", "1"]',
    }  # fmt: skip


def test_numbers_keep_every_digit(tmp_path: Path) -> None:
    raw = read_table(saved(tmp_path, '[{"id": 12345678901234567890123, "y": 59.1000}]', "a.json"))
    assert raw.frame.row(0) == ("12345678901234567890123", "59.1000")


def test_lines_are_rows_and_broken_lines_are_listed(tmp_path: Path) -> None:
    content = '{"id": 1, "t": "a"}\n\n{"id": 2, "t": \n[3]\n{"id": 4, "u": "b"}\n'
    raw = read_table(saved(tmp_path, content, "a.jsonl"))
    assert raw.kind == "jsonl"
    assert raw.row_numbers().to_list() == [1, 3, 4, 5]
    assert raw.problems.select("row", "code").rows() == [(3, "import.json_unreadable"), (4, "import.json_unreadable")]
    assert raw.columns == ["id", "t", "u"]


def test_a_broken_line_is_not_checked_for_anything_else(tmp_path: Path) -> None:
    raw = read_table(saved(tmp_path, '{"t": "a", "d": "2026-01-01"}\nskräp\n', "a.jsonl"))
    result = checked(raw, Mapping(source_type="t", occurred="d"))
    assert told(result) == [(2, None, "import.json_unreadable")]
    assert (result.n_rows, result.frame.height) == (2, 1)


def test_names_that_come_late_are_columns_too(tmp_path: Path) -> None:
    lines = [{"a": "1"}] * 3 + [{"b": "2"}]
    raw = read_table(saved(tmp_path, "\n".join(json.dumps(line) for line in lines), "a.jsonl"))
    assert raw.frame.row(3, named=True) == {"a": None, "b": "2"}


def test_packed_lines_are_read(tmp_path: Path) -> None:
    assert read_table(saved(tmp_path, gzip.compress(b'{"a": "1"}\n{"a": "2"}\n'), "x.gz")).frame.height == 2


def test_a_list_on_one_endless_line_is_read(tmp_path: Path) -> None:
    content = json.dumps([{"a": "x" * 100}] * 200)
    assert read_table(saved(tmp_path, content, "a.json"), limits=Limits(max_line_bytes=1000)).frame.height == 200


def test_geojson_points_are_coordinates_and_other_shapes_are_told(tmp_path: Path) -> None:
    features = [
        {
            "type": "Feature",
            "id": 7,
            "properties": {"typ": "a"},
            "geometry": {"type": "Point", "coordinates": [18.06, 59.33, 5]},
        },
        {"type": "Feature", "id": 8, "properties": {"typ": "b"}, "geometry": None},
        {
            "type": "Feature",
            "id": 9,
            "properties": None,
            "geometry": {"type": "LineString", "coordinates": [[1, 2], [3, 4]]},
        },
        {"type": "Feature", "id": 10, "properties": {}, "geometry": {"type": "Point", "coordinates": ["x"]}},
    ]
    raw = read_table(saved(tmp_path, json.dumps({"type": "FeatureCollection", "features": features}), "a.geojson"))
    assert raw.crs == "EPSG:4326"
    assert raw.frame.select("id", "geom_x", "geom_y").rows()[:2] == [("7", 18.06, 59.33), ("8", None, None)]
    assert raw.problems.select("row", "value").rows() == [(3, "LineString"), (4, "Point")]


def test_geojson_may_state_another_system(tmp_path: Path) -> None:
    tree = {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3006"}},
        "features": [
            {
                "type": "Feature",
                "properties": {"typ": "a", "datum": "2026-01-01"},
                "geometry": {"type": "Point", "coordinates": [674032, 6580822]},
            }
        ],
    }  # fmt: skip
    result = checked(read_table(saved(tmp_path, json.dumps(tree), "a.geojson")))
    assert result.ok
    assert result.frame.select("x", "y").row(0) == (674032.0, 6580822.0)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("[", "import.json_broken"),
        ('[{"a": 1}', "import.json_broken"),
        ("[]", "import.file_without_rows"),
        ("[{}]", "import.file_without_rows"),
        ('{"a": 1}\n' + '{"a"', None),
        ("[" * 100_000, "import.json_too_deep"),
        ('[{"a":' * 50_000, "import.json_too_deep"),
    ],
)
def test_what_is_no_list_of_objects_is_refused(tmp_path: Path, content: str, code: str | None) -> None:
    path = saved(tmp_path, content, "a.json")
    if code is None:
        assert read_table(path).problems.height == 1
        return
    with pytest.raises(UserError) as refused:
        read_table(path)
    assert refused.value.code == code


def test_csv_that_begins_with_a_bracket_is_still_csv(tmp_path: Path) -> None:
    assert read_table(saved(tmp_path, "[id];[typ]\n1;Rån\n", "a.csv")).columns == ["[id]", "[typ]"]


def test_zero_bytes_and_half_characters_inside_json_are_taken_out(tmp_path: Path) -> None:
    raw = read_table(saved(tmp_path, '[{"a": "x\\u0000y", "b": "\\ud800z"}]', "a.json"))
    assert raw.frame.row(0) == ("xy", "?z")


def test_a_document_larger_than_the_limit_is_pointed_to_json_lines(tmp_path: Path) -> None:
    path = saved(tmp_path, json.dumps([{"a": "x" * 50}] * 50), "a.json")
    with pytest.raises(UserError, match="JSON Lines"):
        read_table(path, limits=Limits(max_tree_bytes=1000))
