"""The periods that a saved definition asks for: years, quarters, months, or own days, once or again every year.

A definition says ``every`` (years if it says nothing) with ``first_year`` and perhaps ``last_year``; for own days
``from_on`` and ``to_on`` (half-open), and ``first_year`` where the same days of other years are wanted, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from lagesbild.core.errors import Text

MOST_PERIODS = 240  # twenty years of months: more is no table that anybody reads, and each costs a count
MONTHS_OF = {"year": 12, "quarter": 3, "month": 1}


class Every(StrEnum):
    """How often a figure is made."""

    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"
    OWN = "own"


EVERY: dict[str, Text] = {
    Every.YEAR: _("Each year"),
    Every.QUARTER: _("Each quarter"),
    Every.MONTH: _("Each month"),
    Every.OWN: _("Own days"),
}


@dataclass(frozen=True)
class Period:
    """A half-open period, what stands above its column, and the local day on which it is looked at."""

    from_on: date
    to_on: date
    label: str
    today: date

    @property
    def is_over(self) -> bool:
        return self.to_on <= self.today


def year(number: int, today: date) -> Period:
    """One calendar year."""
    return Period(date(number, 1, 1), date(number + 1, 1, 1), str(number), today)


def periods_of(definition: Mapping[str, Any], today: date) -> list[Period]:
    """Every period from the first year to the last one named, or else to the one that goes on today."""
    every = Every(definition.get("every", Every.YEAR))
    if every is Every.OWN:
        return list(_own(definition, today))
    last = definition.get("last_year")
    until = date(int(last) + 1, 1, 1) if last else today + timedelta(days=1)
    return list(_calendar(date(int(definition["first_year"]), 1, 1), until, every, today))


def _calendar(start: date, until: date, every: Every, today: date) -> Iterator[Period]:
    step = MONTHS_OF[every]
    while start < until:
        months = start.year * 12 + start.month - 1 + step
        end = date(months // 12, months % 12 + 1, 1)
        yield Period(start, end, _label(start, every), today)
        start = end


def _label(start: date, every: Every) -> str:
    """As the import of tables reads it: 2019, 2019-Q1, 2019-03."""
    if every is Every.YEAR:
        return str(start.year)
    return f"{start:%Y-%m}" if every is Every.MONTH else f"{start.year}-Q{(start.month + 2) // 3}"


def _own(definition: Mapping[str, Any], today: date) -> Iterator[Period]:
    from_on, to_on = (date.fromisoformat(definition[name]) for name in ("from_on", "to_on"))
    first = int(definition.get("first_year") or from_on.year)
    last = int(definition.get("last_year") or (today.year if definition.get("first_year") else from_on.year))
    for number in range(first, last + 1):
        start, end = (_moved(day, number - from_on.year) for day in (from_on, to_on))
        if start <= today:
            yield Period(start, end, f"{start} – {end - timedelta(days=1)}", today)


def _moved(day: date, years: int) -> date:
    """The same day of another year; the last of February where there is no 29th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
