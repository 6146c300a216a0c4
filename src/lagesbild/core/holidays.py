"""The Swedish calendar: public holidays, the eves that are as good as one, and week numbers. No other country's.

Act (1989:253) on public holidays; Midsummer Eve, Christmas Eve and New Year's Eve stand with Sundays in section 3 a of
the Annual Leave Act (1977:480).
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from dateutil.easter import easter

SATURDAY = 5


@lru_cache(maxsize=64)
def holidays(year: int) -> dict[date, str]:
    """The days off of a year beside Sundays, with their Swedish names, in order."""
    sunday = easter(year)
    midsummer = _saturday_from(date(year, 6, 20))
    named = {
        date(year, 1, 1): "Nyårsdagen",
        date(year, 1, 6): "Trettondedag jul",
        sunday - timedelta(days=2): "Långfredagen",
        sunday: "Påskdagen",
        sunday + timedelta(days=1): "Annandag påsk",
        date(year, 5, 1): "Första maj",
        sunday + timedelta(days=39): "Kristi himmelsfärdsdag",
        sunday + timedelta(days=49): "Pingstdagen",
        date(year, 6, 6): "Sveriges nationaldag",
        midsummer - timedelta(days=1): "Midsommarafton",
        midsummer: "Midsommardagen",
        _saturday_from(date(year, 10, 31)): "Alla helgons dag",
        date(year, 12, 24): "Julafton",
        date(year, 12, 25): "Juldagen",
        date(year, 12, 26): "Annandag jul",
        date(year, 12, 31): "Nyårsafton",
    }
    return dict(sorted(named.items()))


def holiday(on: date) -> str:
    """The name of the day off, or nothing."""
    return holidays(on.year).get(on, "")


def week_number(on: date) -> int:
    """As Swedes count: ISO 8601, so a year may have a week 53 and 1 January lie in the last week of the year before."""
    return on.isocalendar().week


def _saturday_from(day: date) -> date:
    return day + timedelta(days=(SATURDAY - day.weekday()) % 7)
