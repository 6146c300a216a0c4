"""Periods and what they are compared with: pure dates, no data.

Here live the comparison period, how many days of a period the data covers, and the steps of a series.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from lagesbild.picture.content import Comparison, Period

Unit = Literal["day", "week", "month"]
DAY_STEPS_UP_TO, WEEK_STEPS_UP_TO = 31, 400


@dataclass(frozen=True)
class Step:
    """One bar of a series: its whole span and the part of the period in it; the same for the comparison."""

    whole: Period
    part: Period
    before: Period | None


def years_earlier(day: date, years: int) -> date:
    """The same calendar day so many years before; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def months_earlier(day: date, months: int) -> date:
    """The same day so many months before, or the last day of that month."""
    position = day.year * 12 + day.month - 1 - months
    first = date(position // 12, position % 12 + 1, 1)
    return first + timedelta(days=min(day.day, (_next_month(first) - first).days) - 1)


def comparison_period(period: Period, comparison: Comparison) -> Period | None:
    """What the period is compared with. A period longer than a year is moved as many years as it takes to be apart."""
    if comparison == "none":
        return None
    if comparison == "previous":
        return Period(from_on=period.from_on - timedelta(days=period.days), to_on=period.from_on)
    years = 1
    while years_earlier(period.to_on, years) > period.from_on:
        years += 1
    return Period(from_on=years_earlier(period.from_on, years), to_on=years_earlier(period.to_on, years))


def overlap(one: Period, other: Period | None) -> Period | None:
    """The days that both hold."""
    if other is None:
        return None
    first, after = max(one.from_on, other.from_on), min(one.to_on, other.to_on)
    return Period(from_on=first, to_on=after) if first < after else None


def counted_days(period: Period | None, *, months: Collection[int] = (), weekdays: Collection[int] = ()) -> int:
    """Days of the period that the season and weekday filters let through."""
    if period is None:
        return 0
    if not months and not weekdays:
        return period.days
    return sum(
        (not months or day.month in months) and (not weekdays or day.isoweekday() in weekdays) for day in _days(period)
    )


def steps(period: Period, before: Period | None) -> tuple[Unit, list[Step]]:
    """The bars of a series: days in a month, weeks in a year, months beyond."""
    unit: Unit = "day" if period.days <= DAY_STEPS_UP_TO else "week" if period.days <= WEEK_STEPS_UP_TO else "month"
    made = []
    start = _floor(period.from_on, unit)
    while start < period.to_on:
        end = _next(start, unit)
        part = Period(from_on=max(start, period.from_on), to_on=min(end, period.to_on))
        made.append(Step(whole=Period(from_on=start, to_on=end), part=part, before=_shifted(part, period, before)))
        start = end
    return unit, made


def _shifted(part: Period, period: Period, before: Period | None) -> Period | None:
    """The same stretch of the comparison period; the last one takes the odd day of a leap year."""
    if before is None:
        return None
    first = before.from_on + (part.from_on - period.from_on)
    after = before.to_on if part.to_on == period.to_on else before.from_on + (part.to_on - period.from_on)
    return Period(from_on=min(first, after), to_on=after)


def _days(period: Period) -> Iterator[date]:
    return (period.from_on + timedelta(days=number) for number in range(period.days))


def _floor(day: date, unit: Unit) -> date:
    if unit == "month":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if unit == "week" else day


def _next(start: date, unit: Unit) -> date:
    if unit == "month":
        return _next_month(start)
    return start + timedelta(days=7 if unit == "week" else 1)


def _next_month(first: date) -> date:
    return (first.replace(day=1) + timedelta(days=32)).replace(day=1)
