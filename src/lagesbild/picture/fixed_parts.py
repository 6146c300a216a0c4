"""The parts by which others' data may be asked for: a period, a kind, a place and hours out of fixed partitions.

Whoever may ask for any stretch of days can put thirty rounded answers together and solve for what they hide. Out of
parts that never overlap, but for lying one within the other, the answers have too little in common. Nothing is
computed here; what is rounded, and why, is in ``disclosure.py``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lagesbild.core.errors import UserError
from lagesbild.observations.filters import EventFilter
from lagesbild.picture.asking import Ask
from lagesbild.picture.content import Period

HOURS = tuple(frozenset(range(first, first + 4)) for first in range(0, 24, 4))
WEEKDAYS = (frozenset(range(1, 6)), frozenset({6, 7}))
MONTHS = (frozenset({12, 1, 2}), frozenset({3, 4, 5}), frozenset({6, 7, 8}), frozenset({9, 10, 11}))
NAMES = (_("Week"), _("Month"), _("Quarter"), _("Half-year"), _("Year"))


def fitted(ask: Ask) -> Ask:
    """With the fixed period that holds the last day asked for and is nearest in length. The ends must be settled.

    Raises `UserError` for choices that are put together of several parts.
    """
    _refuse_unions(ask.filters)
    asked = ask.period
    near = min(periods(asked.last_on), key=lambda each: (each != asked, abs(each.days - asked.days)))
    return replace(ask, filters=replace(ask.filters, from_on=near.from_on, to_on=near.to_on))


def periods(day: date) -> tuple[Period, ...]:
    """The week, month, quarter, half-year and year that hold the day, in the order of ``NAMES``."""
    monday = day - timedelta(days=day.weekday())
    return (Period(from_on=monday, to_on=monday + timedelta(days=7)), *(_months(day, size) for size in (1, 3, 6, 12)))


def _months(day: date, size: int) -> Period:
    first = (day.month - 1) // size * size + 1
    after = first + size
    return Period(from_on=date(day.year, first, 1), to_on=date(day.year + (after - 1) // 12, (after - 1) % 12 + 1, 1))


def _refuse_unions(filters: EventFilter) -> None:
    """One of each; hours, weekdays and months as they stand side by side in the filter bar."""
    for field, chosen, message in (
        ("category", filters.categories, _("Choose one kind of event, or all.")),
        ("area", filters.areas, _("Choose one area, or all.")),
        ("source", filters.sources, _("Choose one source, or all.")),
    ):
        if len(chosen) > 1:
            raise _refused(field, message)
    for field, numbers, parts, message in (
        ("hour", filters.hours, HOURS, _("Choose one of the stretches of four hours, or all hours.")),
        (
            "weekday",
            filters.weekdays,
            (*WEEKDAYS, *_each(1, 7)),
            _("Choose one day, Monday to Friday, or the weekend."),
        ),
        ("month", filters.months, (*MONTHS, *_each(1, 12)), _("Choose one season or one month, or the whole year.")),
    ):
        if numbers and numbers not in parts:
            raise _refused(field, message)


def _each(first: int, last: int) -> Iterable[Collection[int]]:
    return (frozenset({number}) for number in range(first, last + 1))


def _refused(field: str, message: str | Promise) -> UserError:
    return UserError(
        "picture.not_one_part",
        _("The data belongs to another organisation, so that parts cannot be put together. {advice}"),
        field=field,
        advice=message,
    )
