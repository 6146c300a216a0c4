"""Kinds of file, told by content, and files that mean harm."""

from __future__ import annotations

import contextlib
import json
import struct
import zipfile
from pathlib import Path
from typing import Any

import geopandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.core.errors import UserError
from lagesbild.places.reading import Limits, ReadAreas, file_digest, read_areas, read_layer
from tests.places.builders import board, geojson, square

pytestmark = pytest.mark.one_database


def _frame(crs: int | None = 3011) -> geopandas.GeoDataFrame:
    rows = {"code": ["1", "2"], "name": ["Åby", "Öby"]}
    frame = geopandas.GeoDataFrame(rows, geometry=[square(0), square(1)], crs=3006).to_crs(crs or 3011)
    return frame if crs else frame.set_crs(None, allow_override=True)


def _read(path: Path, **more: Any) -> ReadAreas:
    return read_areas(path, working_crs=3006, code_field="code", name_field="name", **more)


def _good(read: ReadAreas) -> None:
    assert not read.problems
    assert read.names == ("Åby", "Öby")
    assert read.geometries[0].area == pytest.approx(1e6, rel=1e-3)


@pytest.mark.parametrize("name", ["a.gpkg", "a.shp", "a.geojson"])
def test_files_that_others_wrote_are_read(tmp_path: Path, name: str) -> None:
    _frame(4326 if name.endswith("geojson") else 3011).to_file(tmp_path / name)
    _good(_read(tmp_path / name))


def test_geoparquet_is_read(tmp_path: Path) -> None:
    _frame().to_parquet(tmp_path / "a.parquet")
    _good(_read(tmp_path / "a.parquet"))


def test_the_name_of_a_file_does_not_matter(tmp_path: Path) -> None:
    _frame().to_file(tmp_path / "a.gpkg")
    (tmp_path / "a.gpkg").rename(tmp_path / "upload.bin")
    _good(_read(tmp_path / "upload.bin"))


def _zipped(tmp_path: Path, *, without: str = "") -> Path:
    _frame().to_file(tmp_path / "inner.shp")
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for part in tmp_path.glob("inner.*"):
            if part.suffix != without:
                archive.write(part, f"folder/{part.name.upper()}")
    return path


def test_a_zipped_shapefile_is_read_whatever_its_folder_and_case(tmp_path: Path) -> None:
    _good(_read(_zipped(tmp_path)))


def test_a_shapefile_without_its_table_is_asked_for_whole(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        _read(_zipped(tmp_path, without=".dbf"))
    assert caught.value.code == "places.shapefile_incomplete"
    assert ".dbf" in caught.value.message


def test_a_shapefile_without_its_system_is_asked_about(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        _read(_zipped(tmp_path, without=".prj"))
    assert caught.value.code == "places.crs_missing"


def test_several_layers_are_a_question(tmp_path: Path) -> None:
    _frame().to_file(tmp_path / "a.gpkg", layer="first")
    _frame().to_file(tmp_path / "a.gpkg", layer="second")
    with pytest.raises(UserError) as caught:
        _read(tmp_path / "a.gpkg")
    assert caught.value.code == "places.choose_layer"
    _good(_read(tmp_path / "a.gpkg", layer="second"))


def test_a_field_that_is_not_there_is_answered_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        read_areas(board(tmp_path), working_crs=3006, code_field="kod", name_field="name")
    assert caught.value.field == "code_field"
    assert "code, name" in caught.value.message


def test_a_shapefile_is_known_by_all_its_parts(tmp_path: Path) -> None:
    _frame().to_file(tmp_path / "a.shp")
    before = file_digest(tmp_path / "a.shp")
    (tmp_path / "a.prj").write_text("other", encoding="utf-8")
    assert file_digest(tmp_path / "a.shp") != before


# Files that mean harm: a sentence, bounded memory, nothing else


SMALL = Limits(
    max_bytes=200_000, max_unpacked_bytes=100_000, max_members=5, max_features=10, max_vertices=1_000, max_fields=20
)


def _refused(path: Path, content: bytes | str, limits: Limits = SMALL) -> str:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(UserError) as caught:
        read_layer(path, limits=limits)
    return caught.value.code


def test_a_zip_that_unpacks_to_too_much_is_stopped(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.geojson", b"0" * 50_000_000)
    assert bomb.stat().st_size < SMALL.max_bytes
    with pytest.raises(UserError) as caught:
        read_layer(bomb, limits=SMALL)
    assert caught.value.code == "places.file_too_much"


def test_a_zip_that_lies_about_its_size_is_stopped_too(tmp_path: Path) -> None:
    path = tmp_path / "liar.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.geojson", b"0" * 5_000_000)
    content = bytearray(path.read_bytes())
    directory = content.find(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = struct.pack("<I", 10)  # the stated size, in the directory
    assert _refused(path, bytes(content)) in {"places.file_too_much", "places.file_damaged"}


def test_a_zip_never_writes_outside_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "slip.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../outside.geojson", geojson([({"code": "1", "name": "x"}, square())]))
    read_layer(path)
    assert not (tmp_path.parent / "outside.geojson").exists()
    assert not (tmp_path.parent.parent / "outside.geojson").exists()


@pytest.mark.parametrize("count", [0, 2])
def test_a_zip_holds_one_file_of_areas(tmp_path: Path, count: int) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "x")
        for number in range(count):
            archive.writestr(f"{number}.geojson", "{}")
    with pytest.raises(UserError) as caught:
        read_layer(path)
    assert caught.value.code == "places.zip_not_one"


def test_too_many_rows_are_refused(tmp_path: Path) -> None:
    rows = [({"code": str(i), "name": "x"}, square(i)) for i in range(11)]
    assert _refused(tmp_path / "a", geojson(rows)) == "places.file_too_much"


def test_a_file_beyond_the_limit_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with path.open("wb") as stream:
        stream.truncate(SMALL.max_bytes + 1)
    with pytest.raises(UserError) as caught:
        read_layer(path, limits=SMALL)
    assert caught.value.code == "places.file_too_large"


HARM = {
    "deep": '{"type":"FeatureCollection","features":' + "[" * 20_000,
    "nan": '{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[NaN,1]}}',
    "not features": '{"type":"FeatureCollection","features":[1,2]}',
    "a list": "[1,2,3]",
    "no rows": '{"type":"FeatureCollection","features":[]}',
    "a virtual data set": "<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>/etc/passwd</SrcDataSource>"
    "</OGRVRTLayer></OGRVRTDataSource>",
    "empty": "",
    "cut parquet": b"PAR1" + b"\x00" * 50,
    "cut shapefile": b"\x00\x00\x27\x0a" + b"\x00" * 90,
    "cut geopackage": b"SQLite format 3\x00" + b"\x00" * 2000,
    "cut zip": b"PK\x03\x04" + b"\x00" * 200,
    "latin-1": '{"type":"FeatureCollection","å":1}'.encode("latin-1"),
}


@pytest.mark.parametrize("harm", HARM.values(), ids=HARM.keys())
def test_harmful_files_are_refused_in_words(tmp_path: Path, harm: bytes | str) -> None:
    assert _refused(tmp_path / "upload", harm).startswith("places.")


MAGIC = [b"", b"PK\x03\x04", b"SQLite format 3\x00", b"\x00\x00\x27\x0a", b"PAR1", b'{"type":"FeatureCollection",']


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(MAGIC), st.binary(max_size=400))
def test_any_bytes_at_all_are_a_layer_or_a_sentence(tmp_path_factory: Any, magic: bytes, rest: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(magic + rest)
    with contextlib.suppress(UserError):
        read_layer(path, limits=SMALL)


JSONS = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["type", "features", "geometry", "properties", "coordinates", "crs"]), inner)
    ),
    max_leaves=20,
)


@settings(max_examples=150, deadline=None)
@given(JSONS, st.lists(JSONS, max_size=3))
def test_any_json_at_all_is_areas_or_a_sentence(tmp_path_factory: Any, value: object, features: list[object]) -> None:
    path = tmp_path_factory.getbasetemp() / "any.geojson"
    for document in (
        value,
        {"type": "FeatureCollection", "features": features},
        {"type": "Feature", "geometry": value},
    ):
        path.write_text(json.dumps(document), encoding="utf-8")
        with contextlib.suppress(UserError):
            read_areas(path, working_crs=3006, code_field="code", name_field="name")
