"""The public holidays of Sweden by Act (1989:253) on public holidays, moveable ones from Easter. Pure.

Sundays are public holidays by the same act; they have their own weekday in a schedule and are not listed.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

SATURDAY = 6
SUNDAY = 7


def easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar, by the rule of Meeus, Jones and Butcher."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), f = divmod(b, 4), (b + 8) // 25
    h = (19 * a + b - d - (b - f + 1) // 3 + 15) % 30
    i, k = divmod(c, 4)
    correction = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * correction) // 451
    month, day = divmod(h + correction - 7 * m + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=64)
def public_holidays(year: int) -> frozenset[date]:
    """The days of one year that are public holidays whatever their weekday, and those that move with Easter."""
    sunday = easter(year)
    moving = {sunday + timedelta(days=days) for days in (-2, 0, 1, 39, 49)}  # Good Friday … Ascension, Pentecost
    fixed = {date(year, *day) for day in ((1, 1), (1, 6), (5, 1), (6, 6), (12, 25), (12, 26))}
    midsummer = _saturday_from(date(year, 6, 20))
    all_saints = _saturday_from(date(year, 10, 31))
    return frozenset(moving | fixed | {midsummer, all_saints})


def is_public_holiday(day: date) -> bool:
    """Whether the day is a public holiday beside its being a Sunday."""
    return day in public_holidays(day.year)


def _saturday_from(day: date) -> date:
    return day + timedelta(days=(SATURDAY - day.isoweekday()) % 7)
