"""Swedish days off against printed almanacs, and week numbers on their odd days."""

from __future__ import annotations

from datetime import date

import pytest

from lagesbild.core.holidays import holiday, holidays, week_number

pytestmark = pytest.mark.one_database

# Almanacs of the years: Easter Sunday, Ascension, Pentecost, Midsummer Day, All Saints' Day.
ALMANACS = {
    2019: ("04-21", "05-30", "06-09", "06-22", "11-02"),
    2024: ("03-31", "05-09", "05-19", "06-22", "11-02"),
    2025: ("04-20", "05-29", "06-08", "06-21", "11-01"),
    2026: ("04-05", "05-14", "05-24", "06-20", "10-31"),
    2027: ("03-28", "05-06", "05-16", "06-26", "11-06"),
}
NAMES = ("Påskdagen", "Kristi himmelsfärdsdag", "Pingstdagen", "Midsommardagen", "Alla helgons dag")


@pytest.mark.parametrize("year", ALMANACS)
def test_the_days_that_move_are_those_of_the_almanac(year: int) -> None:
    by_name = {name: on for on, name in holidays(year).items()}
    assert tuple(by_name[name].strftime("%m-%d") for name in NAMES) == ALMANACS[year]


def test_two_days_off_that_fall_together_are_one_day() -> None:
    assert len(holidays(2026)) == 16
    assert len(holidays(2008)) == 15  # Ascension fell on 1 May


def test_eves_count_and_ordinary_days_do_not() -> None:
    assert holiday(date(2026, 6, 19)) == "Midsommarafton"
    assert holiday(date(2026, 12, 31)) == "Nyårsafton"
    assert holiday(date(2026, 4, 4)) == ""  # Holy Saturday is a Saturday like others
    assert holiday(date(2026, 6, 22)) == ""


@pytest.mark.parametrize(
    ("on", "week"),
    [
        (date(2026, 12, 31), 53),
        (date(2027, 1, 3), 53),
        (date(2027, 1, 4), 1),
        (date(2024, 12, 30), 1),
        (date(2021, 1, 1), 53),
        (date(2019, 2, 1), 5),
    ],
)
def test_weeks_are_counted_as_swedes_do(on: date, week: int) -> None:
    assert week_number(on) == week
