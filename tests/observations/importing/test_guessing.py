"""What the columns mean, guessed from their names and values."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lagesbild.observations.importing import POLISEN, Mapping, guess_mapping
from tests.observations.importing.files import STOCKHOLM, raw_of


def guessed(**columns: list[Any]) -> Mapping:
    return guess_mapping(raw_of(**columns), time_zone=STOCKHOLM, working_crs=3006)


def test_a_swedish_export_is_understood() -> None:
    raw = {
        "Ärendenr": ["A1", "A2"], "Brottstyp": ["Stöld", "Rån"], "Brottsdatum": ["2026-02-01", "2026-02-02"],
        "Brottstid": ["1405", "0900"], "Anmäld": ["2026-02-03", "2026-02-03"], "N": ["6580822,5", "6580900"],
        "E": ["674032", "674100"], "Stadsdel": ["Norrmalm", "Klara"], "Adress": ["Vasagatan 24", None],
        "Fritext": ["x", "y"], "Länk": ["https://a", None],
    }  # fmt: skip
    assert guessed(**raw) == Mapping(
        source_id="Ärendenr", source_type="Brottstyp", occurred="Brottsdatum", occurred_time="Brottstid",
        reported="Anmäld",
        x="E", y="N", crs="EPSG:3006", area_name="Stadsdel", place_text="Adress", note="Fritext",
        source_url="Länk", time_zone=STOCKHOLM,
    )  # fmt: skip


def test_an_english_export_is_understood() -> None:
    mapping = guessed(
        incident_id=["1", "2"],
        Offense=["a", "b"],
        Date=["02/28/2026", "03/01/2026"],
        lat=["59.3", "59.4"],
        lon=["18.0", "18.1"],
    )
    assert (mapping.source_id, mapping.source_type, mapping.occurred) == ("incident_id", "Offense", "Date")
    assert (mapping.x, mapping.y, mapping.crs, mapping.date_order) == ("lon", "lat", "EPSG:4326", "mdy")


def test_from_and_to_make_an_interval() -> None:
    mapping = guessed(**{"fr.o.m": ["2026-02-01 10:00"], "t.o.m": ["2026-02-02 10:00"], "Händelse": ["Inbrott"]})
    assert (mapping.occurred, mapping.occurred_to, mapping.source_type) == ("fr.o.m", "t.o.m", "Händelse")


def test_swedish_x_is_north_and_the_numbers_tell() -> None:
    mapping = guessed(Datum=["2026-02-01"], **{"X-koordinat": ["6580822"], "Y-koordinat": ["674032"]})
    assert (mapping.x, mapping.y, mapping.crs) == ("Y-koordinat", "X-koordinat", "EPSG:3006")


@pytest.mark.parametrize(
    ("x", "y", "crs"),
    [
        ("674032", "6580822", "EPSG:3006"),
        ("1628000", "6580000", "EPSG:3021"),
        ("153800", "6579500", "EPSG:3011"),
        ("18.06", "59.33", "EPSG:4326"),
    ],
)
def test_the_system_is_told_by_the_range_of_the_numbers(x: str, y: str, crs: str) -> None:
    assert guessed(Datum=["2026-02-01"], X=[x], Y=[y]).crs == crs


def test_a_system_in_the_column_name_wins() -> None:
    mapping = guessed(Datum=["2026-02-01"], SWEREF99_E=["153800"], SWEREF99_N=["6579500"])
    assert (mapping.x, mapping.y) == ("SWEREF99_E", "SWEREF99_N")


def test_latitude_and_longitude_that_changed_places_are_put_right() -> None:
    mapping = guessed(Datum=["2026-02-01"], lat=["18.06"], lon=["59.33"])
    assert (mapping.x, mapping.y) == ("lat", "lon")


def test_both_coordinates_in_one_column_are_found() -> None:
    mapping = guessed(Datum=["2026-02-01"], gps=["59.33,18.06"])
    assert (mapping.xy, mapping.crs) == ("gps", "EPSG:4326")


def test_withheld_places_do_not_disturb_the_guess() -> None:
    assert guessed(Datum=["2026-02-01"] * 3, X=["0", "0", "674032"], Y=["0", "0", "6580822"]).crs == "EPSG:3006"


def test_a_number_that_repeats_is_no_identity() -> None:
    assert guessed(Id=["1", "1"], Typ=["a", "b"], Datum=["2026-02-01"] * 2).source_id is None
    assert guessed(Id=["1", "1"], Typ=["a", "a"], Datum=["2026-02-01"] * 2).source_id == "Id"


def test_a_time_column_is_left_alone_when_the_dates_have_times() -> None:
    assert guessed(Datum=["2026-02-01 10:00"], Tid=["1405"], Typ=["a"]).occurred_time is None


def test_a_few_bad_dates_do_not_hide_the_date_column() -> None:
    assert guessed(Datum=["31 feb", "2026-02-01", "x"], Typ=["a", "b", "c"]).occurred == "Datum"


def test_a_date_column_is_found_whatever_it_is_called() -> None:
    assert guessed(kolumn=["2026-02-01"], Typ=["a"]).occurred == "kolumn"


def test_years_months_and_days_apart_are_found() -> None:
    assert guessed(YEAR=["2020"], MONTH=["6"], DAY=["19"], TYPE=["a"]).occurred_parts == {
        "year": "YEAR",
        "month": "MONTH",
        "day": "DAY",
    }


def test_the_police_format_is_known_also_without_summary() -> None:
    columns = {name: ["x"] for name in ("id", "datetime", "name", "type", "url", "location.name", "location.gps")}
    assert guessed(**columns) == replace(POLISEN, note=None)


def test_nothing_is_guessed_from_nothing() -> None:
    assert guessed(a=["x"], b=["y"]) == Mapping(time_zone=STOCKHOLM)
