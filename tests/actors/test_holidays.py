"""The Swedish public holidays. Easter against the tables of the almanac; whole years against python-holidays 0.109

(``holidays.country_holidays("SE", years=range(2016, 2036), categories=("public",))``: the same 20 years, day by day).
"""

from __future__ import annotations

from datetime import date

import pytest

from lagesbild.actors.holidays import easter, is_public_holiday, public_holidays

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [
        (1981, 4, 19),
        (2000, 4, 23),
        (2008, 3, 23),
        (2011, 4, 24),
        (2019, 4, 21),
        (2024, 3, 31),
        (2026, 4, 5),
        (2038, 4, 25),
    ],
)
def test_easter_is_when_the_almanac_says(year: int, month: int, day: int) -> None:
    assert easter(year) == date(year, month, day)


def test_the_holidays_of_2026_are_these_thirteen() -> None:
    days = "01-01 01-06 04-03 04-05 04-06 05-01 05-14 05-24 06-06 06-20 10-31 12-25 12-26"
    assert sorted(public_holidays(2026)) == [date.fromisoformat(f"2026-{day}") for day in days.split()]


@pytest.mark.parametrize(
    ("day", "is_holiday"),
    [
        ("2019-06-22", True),  # midsummer day, the Saturday from 20 June
        ("2019-06-21", False),  # midsummer eve is a custom, not the law
        ("2020-06-20", True),
        ("2015-10-31", True),  # all saints' day at its earliest
        ("2019-11-02", True),
        ("2019-06-10", False),  # Whit Monday, until 2004
        ("2019-12-24", False),
        ("2019-10-13", False),  # an ordinary Sunday has a weekday of its own
    ],
)
def test_moveable_days_and_eves(day: str, is_holiday: bool) -> None:
    assert is_public_holiday(date.fromisoformat(day)) is is_holiday
