"""Public data sets as they are published, read with no help but a guess and, at most, a stated type."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl

from lagesbild.observations.importing import Checked, RawTable, guess_mapping, read_table
from tests.observations.importing.files import STOCKHOLM, checked
from tests.shared_data import shared_data


def imported(folder: str, name: str, *, crs: int, zone: str, **changes: object) -> tuple[RawTable, Checked]:
    raw = read_table(shared_data(folder) / name)
    mapping = replace(guess_mapping(raw, time_zone=zone, working_crs=crs), **changes)  # type: ignore[arg-type]
    return raw, checked(raw, mapping, working_crs=crs, time_zone=zone)


def test_all_police_notices_are_read_with_77974_identities() -> None:
    raw, result = imported("polisen-events", "events.jsonl.gz", crs=3006, zone=STOCKHOLM)
    assert raw.kind == "jsonl"
    assert result.ok
    assert result.frame["source_id"].n_unique() == result.frame.height == result.n_rows == 77_974
    assert result.frame["precision"].unique().to_list() == ["municipality"]
    assert result.problems["code"].unique().to_list() == ["import.time_ambiguous"]
    first = result.frame.filter(source_id="371971").row(0, named=True)
    assert (first["local_date"], first["local_hour"]) == (date(2022, 9, 26), 14)
    assert (first["source_type"], first["place_text"]) == ("Mord/dråp, försök", "Stockholm")
    assert first["source_url"].startswith("https://polisen.se/aktuellt/")
    published_before = (result.frame["occurred_from"] - result.frame["reported_at"]).dt.total_hours()
    assert published_before.max() <= 48  # type: ignore[operator]


def test_a_county_notice_keeps_the_town_named_in_its_heading() -> None:
    _, result = imported("polisen-events", "raw-snapshots/2026-03-06T1318Z.json.gz", crs=3006, zone=STOCKHOLM)
    row = result.frame.filter(source_id="626642").row(0, named=True)
    assert (row["area_name"], row["place_text"]) == ("Dalarnas län", "Ludvika")


def test_the_snapshots_in_order_and_again_give_the_same_notices() -> None:
    folder = shared_data("polisen-events") / "raw-snapshots"
    paths = sorted(folder.glob("*.json.gz"))
    assert len(paths) == 12
    newest: dict[str, tuple[object, ...]] = {}
    after = []
    for _round in range(2):
        for path in paths:
            raw = read_table(path)
            result = checked(raw, guess_mapping(raw, time_zone=STOCKHOLM, working_crs=3006))
            assert (result.ok, result.frame.height) == (True, 500)
            newest |= {row[0]: row for row in result.frame.drop("row").rows()}
        after.append(dict(newest))
    assert after[0] == after[1]


def test_charlottesville_has_53_rows_without_place() -> None:
    _, result = imported(
        "charlottesville-crime", "incidents.csv.gz", crs=26917, zone="America/New_York", clock_forward=True
    )
    assert result.ok
    assert (result.n_rows, result.n_withheld) == (29_475, 53)
    assert result.frame["time_precision"].unique().to_list() == ["minute"]
    first = result.frame.filter(source_id="201900027888").row(0, named=True)
    assert (first["local_date"], first["local_hour"]) == (date(2019, 9, 27), 21)


def test_medellin_has_semicolons_and_decimal_commas() -> None:
    raw, result = imported("medellin-homicides", "homicides.csv", crs=32618, zone="America/Bogota")
    assert raw.separator == ";"
    assert result.ok
    assert result.frame.height == 9_360
    placed = result.frame.filter(pl.col("x").is_not_null())
    assert placed["x"].is_between(420_000, 450_000).all()
    assert placed["y"].is_between(680_000, 710_000).all()


def test_vancouver_withholds_3750_places_as_zeros() -> None:
    raw, result = imported(
        "vancouver-crime-2020", "crime.csv.gz", crs=32610, zone="America/Vancouver", clock_forward=True
    )
    zeros = raw.frame.filter((pl.col("X") == "0.0") & (pl.col("Y") == "0.0")).height
    blanks = raw.frame["X"].null_count()
    assert zeros == 3_750
    assert result.ok
    assert result.n_withheld == zeros + blanks
    assert result.frame.filter(precision="exact")["x"].min() > 400_000  # type: ignore[operator]


def test_new_york_keeps_earliest_and_latest_possible_time() -> None:
    _, result = imported(
        "nyc-vehicle-thefts", "thefts.csv.gz", crs=26918, zone="America/New_York", source_type_constant="vehicle theft",
        clock_forward=True,
    )  # fmt: skip
    reversed_ = result.problems.filter(code="import.interval_reversed")
    assert result.n_errors == reversed_.height
    assert result.n_rows == 35_746
    first = result.frame.filter(source_id="12386084").row(0, named=True)
    assert str(first["occurred_from"]) == "2013-12-31 15:00:00+00:00"
    assert str(first["occurred_to"]) == "2014-01-01 21:30:00+00:00"


def test_lancashire_knows_only_the_month() -> None:
    raw, result = imported(
        "lancashire-asb-2022",
        "asb.tab.gz",
        crs=27700,
        zone="Europe/London",
        source_type_constant="anti-social behaviour",
    )
    assert raw.separator == "\t"
    assert result.ok
    assert result.frame["time_precision"].unique().to_list() == ["month"]
    assert result.frame["local_hour"].null_count() == result.frame.height == 56_434
    assert result.frame["source_id"].n_unique() == 56_434


def test_san_francisco_in_feet_lands_where_its_degrees_do() -> None:
    raw, degrees = imported("sf-crime-2012", "incidents.csv.gz", crs=26910, zone="America/Los_Angeles")
    mapping = replace(
        guess_mapping(raw, time_zone=STOCKHOLM, working_crs=26910), x="x_2227", y="y_2227", crs="EPSG:2227"
    )
    feet = checked(raw, mapping, working_crs=26910, time_zone="America/Los_Angeles")
    assert degrees.ok
    assert feet.ok
    assert feet.frame.height == degrees.frame.height == 13_472
    apart = ((feet.frame["x"] - degrees.frame["x"]) ** 2 + (feet.frame["y"] - degrees.frame["y"]) ** 2).sqrt()
    # In 13 rows the source itself gives feet and degrees of two different places.
    assert (apart > 0.01).sum() == 13
