"""The figures of the Klara report in ``examples/klara/series.csv``."""

from __future__ import annotations

import csv
from collections import defaultdict

import pytest

from lagesbild.worlds.description import worlds_folder
from tests.worlds.klara_tables import transcription

pytestmark = pytest.mark.one_database


@pytest.fixture(scope="module")
def series() -> dict[str, list[dict[str, str]]]:
    with (worlds_folder() / "klara" / "series.csv").open(encoding="utf-8", newline="") as opened:
        rows = defaultdict(list)
        for row in csv.DictReader(opened):
            rows[row["key"]].append(row)
    return dict(rows)


@pytest.mark.parametrize("key", sorted(transcription()))
def test_every_cell_agrees_with_the_second_transcription(key: str, series: dict[str, list[dict[str, str]]]) -> None:
    cells = [
        (row["period_from"], float(row["value"]) if row["value"] else "-" if row["printed"] == "-" else None)
        for row in series[key]
    ]

    assert cells == transcription()[key]


def test_no_series_is_left_unread(series: dict[str, list[dict[str, str]]]) -> None:
    assert set(series) == set(transcription())


def test_the_value_is_what_is_printed(series: dict[str, list[dict[str, str]]]) -> None:
    for row in (row for rows in series.values() for row in rows):
        plain = row["printed"].replace(" ", "").replace("%", "").replace(",", ".")
        if plain in ("", "-"):
            assert not row["value"] or "Härlett" in row["note"], row
        else:
            assert float(row["value"]) == float(plain), row


def test_a_missing_figure_says_why_and_is_never_zero(series: dict[str, list[dict[str, str]]]) -> None:
    missing = [row for rows in series.values() for row in rows if not row["value"]]

    typed = [figure for rows in transcription().values() for _, figure in rows]
    assert len(missing) == sum(figure in (None, "-") for figure in typed) == 32
    assert all(row["note"] for row in missing)


def test_the_year_that_ends_in_october_is_partial_and_the_uncertain_one_provisional(
    series: dict[str, list[dict[str, str]]],
) -> None:
    partial = {(row["key"], row["period_to"]) for rows in series.values() for row in rows if row["partial"] == "yes"}
    provisional = {row["key"] for rows in series.values() for row in rows if row["provisional"] == "yes"}

    assert partial == {("overdos-avlidna-klara", "2019-11-01"), ("brott-antal-klara", "2019-11-01")}
    assert provisional == {"forhor-mumin"}


def test_published_rates_do_not_come_from_the_residents_of_our_areas(series: dict[str, list[dict[str, str]]]) -> None:
    """The rates of 2016 imply about 69,500 residents of Norrmalm; the areas of 2016 have 67,220. Both are kept."""
    count = next(float(r["value"]) for r in series["narkotika-antal-norrmalm"] if r["period_from"] == "2016-01-01")
    rate = next(float(r["value"]) for r in series["narkotika-per100000-norrmalm"] if r["period_from"] == "2016-01-01")
    with (worlds_folder() / "klara" / "residents.csv").open(encoding="utf-8", newline="") as opened:
        ours = next(
            float(row["value"])
            for row in csv.DictReader(opened)
            if (row["area_code"], row["valid_from"]) == ("norrmalm", "2016-12-31")
        )

    assert round(count / rate * 100_000, -2) == 69_500
    assert ours == 67_220
