"""What a file may look like, and what is said of one that cannot be read."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path

import dask
import geopandas
import numpy as np
import polars as pl
import pytest
import shapely

from lagesbild.core.geo import project
from tests.statistics.command import answer, csv, refusal, run

pytestmark = pytest.mark.one_database

EVENTS = [(674_000 + 41 * i, 6_580_000 + 30 * (i % 5), f"2026-01-{1 + i:02d}", "ab"[i % 2]) for i in range(20)]
KNOX = ("--distance-bands", "0,1,100,inf", "--time-bands", "0,7,inf", "--replicates", "19")


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    return csv(tmp_path / "events.csv", "x,y,t,category", EVENTS)


def as_frame() -> pl.DataFrame:
    x, y, t, kind = zip(*EVENTS, strict=True)
    return pl.DataFrame({"x": x, "y": y, "t": [date.fromisoformat(each) for each in t], "category": kind})


def test_the_same_events_give_the_same_answer_from_every_kind_of_file(tmp_path: Path, plain: Path) -> None:
    frame = as_frame()
    frame.write_parquet(tmp_path / "events.parquet")
    (tmp_path / "events.csv.gz").write_bytes(gzip.compress(plain.read_bytes()))
    excel = "\r\n".join(["x;y;t;category", *(f"{x},0;{y},0;{t};{kind}" for x, y, t, kind in EVENTS)])
    (tmp_path / "excel.csv").write_bytes(b"\xef\xbb\xbf" + excel.encode())
    lon, lat = project(frame["x"].to_numpy(), frame["y"].to_numpy(), from_crs=3006, to_crs=4326)
    shapes = geopandas.points_from_xy(lon, lat)
    geopandas.GeoDataFrame({"t": frame["t"].cast(pl.String).to_list()}, geometry=shapes, crs=4326).to_file(
        tmp_path / "events.gpkg", driver="GPKG"
    )
    csv(tmp_path / "degrees.csv", "lon,lat,t", zip(lon, lat, frame["t"], strict=True))
    expected = answer("knox", plain, *KNOX)
    for name in ("events.parquet", "events.csv.gz", "excel.csv", "events.gpkg", "degrees.csv"):
        found = answer("knox", tmp_path / name, *KNOX)
        assert found["observed"] == expected["observed"], name
        assert found["p"] == expected["p"], name
    assert expected["observed"][1][0] > 0


def test_times_of_day_count_as_parts_of_days(tmp_path: Path) -> None:
    rows = [(0, 0, "2026-01-01T23:00:00"), (0, 0, "2026-01-02 01:00"), (0, 0, "2026/01/03")]
    found = answer(
        "knox", csv(tmp_path / "e.csv", "x,y,t", rows), "--distance-bands", "0,1", "--time-bands", "0,0.5,1,2"
    )
    assert found["observed"] == [[1, 1, 1]]


def test_numbers_of_days_are_taken_as_they_are_and_compact_dates_as_dates(tmp_path: Path) -> None:
    days = csv(tmp_path / "days.csv", "x,y,t", [(0, 0, 30), (0, 0, 31)])
    dates = csv(tmp_path / "dates.csv", "x,y,t", [(0, 0, 20260131), (0, 0, 20260201)])
    for path in (days, dates):
        assert answer("knox", path, "--distance-bands", "0,1", "--time-bands", "0,1,2")["observed"] == [[0, 1]], path


def test_rows_without_place_or_time_are_left_out_and_counted(tmp_path: Path) -> None:
    path = csv(tmp_path / "e.csv", "x,y,t", [(0, 0, 1), ("", 0, 2), (0, 0, ""), (0, 50, 1)])
    found = answer("knox", path, *KNOX)
    assert found["n_events"] == 2
    assert found["input"] == {"file": "e.csv", "rows": 4, "used": 2, "left_out": 2, "crs": "EPSG:3006"}


def test_only_one_category_is_taken_when_asked_for(plain: Path) -> None:
    assert answer("knox", plain, "--only", "a", *KNOX)["n_events"] == 10
    assert answer("knox", plain, "--only", "a", "--only", "b", *KNOX)["n_events"] == 20


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("1,5 m", 0, 1), 'Row 3, column "x": "1,5 m" is no number.'),
        ((1, 2, "2026-02-31"), 'Row 3, column "t": "2026-02-31" is no date.'),
        ((1, 2, "yesterday"), 'Row 3, column "t": "yesterday" is no date such as 2026-02-28.'),
        (("inf", 2, "2026-01-02"), 'Row 3, column "x": "inf" is too large a number.'),
    ],
)
def test_a_wrong_value_is_named_with_its_row_and_column(tmp_path: Path, row: tuple[object, ...], said: str) -> None:
    quoted = [f'"{each}"' for each in row]
    path = csv(tmp_path / "e.csv", "x,y,t", [(0, 0, "2026-01-01"), quoted])
    assert refusal("knox", path, *KNOX) == said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--x", "east"), 'has no column "east". It has: x, y, t, category.'),
        (("--crs", "EPSG:2227"), "must be a plane system in metres"),
        (("--crs", "moon"), '--crs must name a coordinate system such as EPSG:3006. Got "moon".'),
        (("--distance-bands", "0,near"), '"0,near" must be numbers with commas between them'),
        (("--distance-bands", "5,1"), "--distance-bands must hold two or more rising edges"),
        (("--time-bands", "inf,inf"), "--time-bands must hold two or more rising edges"),
        (("--replicates", "0"), "0 is not in the range"),
        (("--bogus",), "No such option"),
    ],
)
def test_wrong_options_are_one_line_and_code_2(plain: Path, arguments: tuple[str, ...], said: str) -> None:
    assert said in refusal("knox", plain, *arguments)


def test_a_refusal_is_json_when_json_was_asked_for(plain: Path) -> None:
    assert json.loads(refusal("knox", plain, "--x", "east", "--json"))["error"]["field"] == "east"


def test_files_that_are_not_there_or_of_another_kind_are_refused(tmp_path: Path) -> None:
    (tmp_path / "e.xlsx").write_bytes(b"PK")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1")
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "broken.gpkg").write_bytes(b"SQLite")
    assert "does not exist" in refusal("density", tmp_path / "none.csv")
    assert "must be a CSV, Parquet or GeoPackage file" in refusal("density", tmp_path / "e.xlsx")
    assert "cannot be read as Parquet" in refusal("density", tmp_path / "broken.parquet")
    assert "is empty" in refusal("density", tmp_path / "empty.csv")
    assert "cannot be read as GeoPackage" in refusal("density", tmp_path / "broken.gpkg")
    assert "No such command" in refusal("guess", tmp_path / "none.csv")


def test_degrees_from_another_part_of_the_world_need_their_own_system(tmp_path: Path) -> None:
    path = csv(tmp_path / "e.csv", "lon,lat,t", [(-90.05, 35.1, 1), (-90.04, 35.1, 2)])
    assert "outside the area of EPSG:3006" in refusal("knox", path, *KNOX)
    found = answer("density", path, "--crs", "EPSG:32616", "--cell", 100)
    assert found["n_events"] == 2
    assert found["input"]["crs"] == "EPSG:32616"
    assert found["grid"]["x0"] == pytest.approx(222_000, abs=1_500)


def test_a_system_in_degrees_is_for_methods_without_cells(tmp_path: Path) -> None:
    rows = [(-90.05, 35.1, 1), (-90.0495, 35.1, 2), (-90.0, 35.1, 3)]
    path = csv(tmp_path / "e.csv", "x,y,t", rows)
    degrees = ("--crs", "EPSG:4326")
    named = csv(tmp_path / "named.csv", "lon,lat,t", rows)
    expected = answer("knox", named, "--crs", "EPSG:32615", *KNOX)["observed"]
    assert (
        answer("knox", path, *degrees, *KNOX)["observed"]
        == answer("knox", named, *degrees, *KNOX)["observed"]
        == expected
    )
    chain = answer("near-repeat-chains", path, *degrees, "--radius", 60)["chains"][0]
    assert (chain["x"], chain["y"], chain["reach_m"]) == pytest.approx((-90.04975, 35.1, 22.8), abs=1e-1)
    cluster = answer("scan", path, *degrees, "--max-radius", 60, "--replicates", 9, "--min-cases", 1)["clusters"][0]
    assert (cluster["y"], cluster["x"] < -89) == (35.1, True)
    assert "must be a plane system in metres" in refusal("gistar", path, *degrees)


def test_what_is_missing_may_be_written_in_words_and_a_thousand_is_no_decimal(tmp_path: Path) -> None:
    path = csv(tmp_path / "e.csv", "x,y,t", [("NA", 0, 1), (0, 0, "NA"), (0, 0, 1)])
    assert answer("knox", path, *KNOX)["input"]["used"] == 1
    assert '"1,234" is no number' in refusal("knox", csv(tmp_path / "f.csv", "x,y,t", [('"1,234"', 0, 1)]), *KNOX)


def test_dates_written_in_another_way_are_said_to_be_no_dates(tmp_path: Path) -> None:
    path = csv(tmp_path / "e.csv", "x,y,t", [(0, 0, "28/2/2026")])
    said = 'Row 2, column "t": "28/2/2026" is no date such as 2026-02-28, nor a number of days.'
    assert refusal("knox", path, *KNOX) == said


def test_a_clock_with_a_time_zone_is_taken_as_it_is_written(tmp_path: Path) -> None:
    evening = pl.Series(["2025-07-01T23:00"]).str.to_datetime(time_zone="Europe/Stockholm")
    pl.DataFrame({"t": evening}).write_parquet(tmp_path / "e.parquet")
    expected = answer("profile", csv(tmp_path / "e.csv", "t", [("2025-07-01T23:00:00+02:00",)]))
    found = answer("profile", tmp_path / "e.parquet")
    assert found["weekdays"] == expected["weekdays"]
    assert found["hours"] == expected["hours"]
    assert found["hours"][1][23] == 1


def test_degrees_that_pass_for_metres_are_refused(tmp_path: Path) -> None:
    rows = [(18.06, 59.33, 1), (18.07, 59.34, 2)]
    assert '"x" and "y" are degrees, not metres' in refusal("knox", csv(tmp_path / "e.csv", "x,y,t", rows), *KNOX)
    turned = csv(tmp_path / "f.csv", "x,y,t", [(y, x, t) for x, y, t in rows])
    assert '"x" and "y" are degrees, not metres' in refusal("density", turned)
    named = csv(tmp_path / "g.csv", "lat,lon,t", rows)
    assert "Have lon and lat changed places?" in refusal("knox", named, *KNOX)
    near_the_origin = csv(tmp_path / "h.csv", "x,y,t", [(18, 59, 1), (18, 80, 2)])
    assert answer("knox", near_the_origin, *KNOX)["n_events"] == 2


def test_degrees_beyond_the_globe_are_no_place(tmp_path: Path) -> None:
    rows = [(18.06, 59.33, 1), (18.07, 95, 2)]
    said = 'Row 3, column "lat": 95 is no latitude.'
    assert refusal("knox", csv(tmp_path / "e.csv", "lon,lat,t", rows), *KNOX) == said
    plain = csv(tmp_path / "f.csv", "x,y,t", rows)
    assert refusal("knox", plain, "--crs", "EPSG:4326", *KNOX) == 'Row 3, column "y": 95 is no latitude.'


def test_tables_from_old_programs_are_read(tmp_path: Path) -> None:
    text = "\n".join(["x,y,t", "0,0,1", "0,0.5,2"])
    (tmp_path / "wide.csv").write_bytes(text.encode("utf-16"))
    (tmp_path / "returns.csv").write_bytes(text.replace("\n", "\r").encode())
    for name in ("wide.csv", "returns.csv"):
        assert answer("knox", tmp_path / name, *KNOX)["observed"][0] == [1, 0], name


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x,y,t\n1,2,3\n1,2,3,4\n", "row 3 has 4 values, but the first row names 3 columns."),
        ('x,y,t\n1,2,"3\n', "a quotation mark is not closed."),
    ],
)
def test_what_is_wrong_with_a_table_is_told(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "e.csv").write_text(text)
    assert refusal("knox", tmp_path / "e.csv", *KNOX).endswith(said)


def test_columns_of_lists_are_refused(tmp_path: Path) -> None:
    pl.DataFrame({"x": [[1.0]], "y": [2.0], "t": [3]}).write_parquet(tmp_path / "e.parquet")
    assert 'Column "x" of e.parquet must hold texts' in refusal("knox", tmp_path / "e.parquet", *KNOX)


def test_points_without_coordinates_are_left_out_and_layers_named(tmp_path: Path) -> None:
    points = [shapely.Point(), None, shapely.Point(674_000, 6_580_000), shapely.Point(674_010, 6_580_000)]
    path = tmp_path / "e.gpkg"
    geopandas.GeoDataFrame({"t": [1, 2, 3, 4]}, geometry=points, crs=3006).to_file(path, driver="GPKG")
    assert answer("knox", path, *KNOX)["input"]["used"] == 2
    assert refusal("knox", path, "--layer", "streets", *KNOX) == 'e.gpkg has no layer "streets". It has: e.'


def test_one_date_in_another_age_does_not_ask_for_millions_of_days(tmp_path: Path) -> None:
    path = csv(tmp_path / "e.csv", "x,y,t", [(0, 0, "2026-01-01"), (0, 9, "2026-01-01"), (0, 0, "9999-12-31")])
    assert "is a time far from all the others?" in refusal("scan", path, "--replicates", 9)
    assert "--interval must be longer" in refusal("scan", path, "--replicates", 9, "--interval", "6h")


def test_what_is_no_address_of_a_scheduler_leaves_nothing_running(plain: Path) -> None:
    before = threading.active_count()
    for address in ("abc", "http://localhost:8786", "tcp://localhost:door"):
        said = refusal("knox", plain, *KNOX, "--scheduler", address)
        assert "--scheduler must be an address such as tcp://127.0.0.1:8786." in said
    assert threading.active_count() <= before


def test_a_scheduler_that_does_not_answer_is_one_line(plain: Path) -> None:
    with dask.config.set({"distributed.comm.timeouts.connect": "200ms"}):
        assert "tcp://127.0.0.1:1 cannot be used" in refusal("knox", plain, *KNOX, "--scheduler", "tcp://127.0.0.1:1")


def test_a_file_without_rows_is_an_answer_with_a_note(tmp_path: Path) -> None:
    found = answer("knox", csv(tmp_path / "e.csv", "x,y,t", []), *KNOX)
    assert [note["code"] for note in found["notes"]] == ["knox.too_few_events"]
    assert found["notes"][0]["text"] == "At least two events are needed to make a pair."


def test_without_json_the_gist_is_told_as_text(plain: Path) -> None:
    result = run("knox", plain, *KNOX)
    assert result.exit_code == 0
    assert "observed:" in result.stdout
    assert "n_events: 20" in result.stdout


def test_the_command_needs_no_settings_and_no_django(tmp_path: Path, plain: Path) -> None:
    """Settings that would stop everything else do not stop an analysis, since nothing of Django is loaded."""
    code = (
        "import sys; sys.argv[0] = 'lagesbild'\n"
        "from lagesbild.cli import main\n"
        "try: main()\n"
        "finally: assert 'django.conf' not in sys.modules or not sys.modules['django.conf'].settings.configured"
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LAGESBILD_", "DJANGO_"))}
    environment["LAGESBILD_NONSENSE"] = "1"
    done = subprocess.run(
        [sys.executable, "-c", code, "stats", "density", str(plain), "--json"],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert np.sum(json.loads(done.stdout)["per_km2"]) > 0
