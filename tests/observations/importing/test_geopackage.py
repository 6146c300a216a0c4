"""GeoPackage: points with attributes, a choice of layers, and databases that would run code."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import suppress
from pathlib import Path

import geopandas
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lagesbild.core.errors import UserError
from lagesbild.observations.importing import Limits, read_table
from tests.observations.importing.files import checked, saved, told


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gpkg") / "a.gpkg"
    columns = {
        "typ": ["Rån", "Stöld", None],
        "datum": ["2026-02-28 14:05", "2026-03-01", "2026-03-02"],
        "n": [1.5, None, 3.0],
    }
    points = [shapely.Point(674032, 6580822), shapely.MultiPoint([(674033, 6580823)]), None]
    geopandas.GeoDataFrame(columns, geometry=points, crs=3006).to_file(path, layer="händelser")
    areas = geopandas.GeoDataFrame({"a": ["x"]}, geometry=[shapely.box(0, 0, 1, 1)], crs=3006)
    areas.to_file(path, layer="a_ytor")
    return path


def test_points_and_attributes_are_read_with_their_system(package: Path) -> None:
    raw = read_table(package)
    assert (raw.kind, raw.sheet, raw.crs, raw.first_row) == ("gpkg", "händelser", "EPSG:3006", 1)
    assert raw.frame.select("typ", "n", "geom_x", "geom_y").rows() == [
        ("Rån", "1.5", 674032.0, 6580822.0),
        ("Stöld", None, 674033.0, 6580823.0),
        (None, "3.0", None, None),
    ]


def test_a_package_is_checked_like_any_other_file(package: Path) -> None:
    result = checked(read_table(package))
    assert told(result) == [(3, "typ", "import.type_missing")]
    assert result.frame.select("source_id", "x", "local_hour").rows() == [("1", 674032.0, 14), ("2", 674033.0, None)]


def test_the_layer_can_be_chosen_and_areas_are_no_points(package: Path) -> None:
    raw = read_table(package, sheet="a_ytor")
    assert raw.sheets == ("händelser", "a_ytor")
    assert raw.problems.select("row", "code").rows() == [(1, "import.geometry_refused")]
    with pytest.raises(UserError) as refused:
        read_table(package, sheet="borta")
    assert refused.value.code == "import.layer_missing"


def test_the_kind_is_told_by_content_and_not_by_name(package: Path, tmp_path: Path) -> None:
    shutil.copy(package, tmp_path / "upload")
    assert read_table(tmp_path / "upload").kind == "gpkg"


def test_a_cut_off_package_is_refused(package: Path, tmp_path: Path) -> None:
    content = package.read_bytes()
    for share in (0.1, 0.5, 0.9):
        with pytest.raises(UserError):
            read_table(saved(tmp_path, content[: int(share * len(content))], "a.gpkg"))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(100, 100_000), put=st.binary(min_size=1, max_size=40))
def test_a_damaged_package_is_read_or_refused(package: Path, tmp_path: Path, at: int, put: bytes) -> None:
    content = package.read_bytes()
    at %= len(content)
    path = saved(tmp_path, content[:at] + put + content[at + len(put) :], "a.gpkg")
    with suppress(UserError):
        checked(read_table(path))


def test_a_name_that_is_not_utf_8_is_no_crash(package: Path, tmp_path: Path) -> None:
    content = package.read_bytes().replace(b"CREATE TABLE", b"CREATE TABL\x8e")
    with pytest.raises(UserError):
        read_table(saved(tmp_path, content, "a.gpkg"))


def test_a_database_that_is_no_package_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "a.gpkg") as database:
        database.execute("CREATE TABLE t (a TEXT)")
    with pytest.raises(UserError) as refused:
        read_table(tmp_path / "a.gpkg")
    assert refused.value.code == "import.geopackage_unreadable"


def test_a_layer_that_is_an_endless_query_is_never_run(package: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(package, tmp_path / "a.gpkg"))
    with sqlite3.connect(path) as database:
        endless = "WITH RECURSIVE n(fid) AS (SELECT 1 UNION ALL SELECT fid + 1 FROM n) SELECT fid FROM n"
        database.execute(f"CREATE VIEW oändlig AS {endless}")
        database.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('oändlig', 'attributes', 'o')"
        )
    assert "oändlig" not in read_table(path).sheets
    with pytest.raises(UserError):
        read_table(path, sheet="oändlig")


def test_a_table_of_contents_that_is_an_endless_query_is_never_run(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "a.gpkg") as database:
        endless = "WITH RECURSIVE n(fid) AS (SELECT 1 UNION ALL SELECT fid + 1 FROM n) SELECT fid"
        database.execute(f"CREATE VIEW gpkg_contents AS {endless} AS table_name, 'features' AS data_type FROM n")
    with pytest.raises(UserError) as refused:
        read_table(tmp_path / "a.gpkg")
    assert refused.value.code == "import.geopackage_unreadable"


def test_rows_are_limited(package: Path) -> None:
    with pytest.raises(UserError) as refused:
        read_table(package, limits=Limits(max_rows=2))
    assert refused.value.code == "import.rows_too_many"
