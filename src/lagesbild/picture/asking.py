"""The question of a picture: a filter of events, what to compare with and which areas to count by.

Read from an address, the command line or a frozen picture, and settled against the ground: the same `Ask` gives the
same picture on page, map, CSV and command line. Nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, get_args

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from lagesbild.core.errors import UserError
from lagesbild.observations.filters import EventFilter
from lagesbild.observations.questions import Question
from lagesbild.picture.content import Comparison, Period
from lagesbild.picture.ground import Ground
from lagesbild.picture.periods import months_earlier

COMPARISONS: tuple[Comparison, ...] = get_args(Comparison)
DEFAULT_MONTHS = 6
MAX_YEARS = 50


@dataclass(frozen=True)
class Ask:
    """``by`` is the slug of the area set to count by; empty lets the picture choose."""

    filters: EventFilter
    comparison: Comparison = "year"
    by: str = ""

    @classmethod
    def from_query(cls, query: QueryDict | Mapping[str, Any]) -> Ask:
        """From an address: the names of `EventFilter`, and ``compare`` and ``by``."""
        return cls(
            filters=EventFilter.from_query(query),
            comparison=comparison_named(str(query.get("compare") or "year")),
            by=str(query.get("by") or ""),
        )

    def to_query(self) -> str:
        """The address that `from_query` reads."""
        extra = QueryDict(mutable=True)
        if self.comparison != "year":
            extra["compare"] = self.comparison
        if self.by:
            extra["by"] = self.by
        return "&".join(part for part in (self.filters.to_query(), extra.urlencode()) if part)

    def to_dict(self) -> dict[str, Any]:
        return {"filters": self.filters.to_dict(), "comparison": self.comparison, "by": self.by}

    @classmethod
    def from_dict(cls, saved: Mapping[str, Any]) -> Ask:
        return cls(EventFilter.from_dict(saved["filters"]), saved["comparison"], saved["by"])

    @property
    def period(self) -> Period:
        """Both ends must be settled (`settled`)."""
        if self.filters.from_on is None or self.filters.to_on is None:
            raise ValueError("The period has no ends yet.")
        return Period(from_on=self.filters.from_on, to_on=self.filters.to_on)

    def settled(self, covered: Period | None, today: date) -> Ask:
        """With both ends of the period: half a year up to the last day of data, or up to today, unless it is said.

        Where the data is too short for that and the year before, its later half is compared with its earlier half.
        """
        end = self.filters.to_on or _end(covered, today)
        start = self.filters.from_on
        if start is None and self.filters.to_on is None and covered and self.comparison == "year":
            half = _later_half(covered)
            if half is not None:
                return replace(self, filters=replace(self.filters, from_on=half, to_on=end), comparison="previous")
        start = start or min(months_earlier(end, DEFAULT_MONTHS), end - timedelta(days=1))
        settled = replace(self.filters, from_on=start, to_on=max(end, start + timedelta(days=1)))
        if (settled.to_on or end).year - start.year > MAX_YEARS:
            raise UserError("picture.period_too_long", _("A picture covers at most {years} years."), years=MAX_YEARS)
        return replace(self, filters=settled)


def comparison_named(name: str) -> Comparison:
    """The comparison with this name in an address or on the command line."""
    for comparison in COMPARISONS:
        if comparison == name:
            return comparison
    raise UserError(
        "picture.comparison_refused",
        _('"{value}" cannot be compared with. Choose year, previous or none.'),
        field="compare",
        value=name,
    )


def _end(covered: Period | None, today: date) -> date:
    tomorrow = today + timedelta(days=1)
    return min(covered.to_on, tomorrow) if covered else tomorrow


def _later_half(covered: Period) -> date | None:
    """Where the later half of short data begins: on the first of a month if that leaves as much before it."""
    if covered.from_on <= months_earlier(covered.to_on, 12 + DEFAULT_MONTHS):
        return None
    middle = covered.from_on + timedelta(days=(covered.days + 1) // 2)
    first = (middle + timedelta(days=31)).replace(day=1) if middle.day > 1 else middle
    if (first - middle).days > 7 or first >= covered.to_on:
        first = middle
    return first if first < covered.to_on else None


def question_of(ask: Ask, ground: Ground) -> Question:
    """The filter in the terms of the store: which types, areas and sources it means. No query.

    Raises `UserError` for a category, area, place or area set that the reader does not have.
    """
    filters = ask.filters
    if unknown := ground.mapping.unknown(filters.categories):
        raise UserError(
            "filter.category_unknown", _('There is no category "{category}".'), field="category", category=unknown[0]
        )
    if missing := filters.areas - set(ground.areas_by_id):
        raise UserError("filter.area_unknown", _("The area {number} is not here."), field="area", number=min(missing))
    if filters.place is not None and filters.place not in ground.places_by_id:
        raise UserError(
            "filter.place_unknown", _("The place {number} is not here."), field="place", number=filters.place
        )
    if ask.by and ask.by not in {each.slug for each in ground.area_sets}:
        raise UserError("picture.area_set_unknown", _('There is no area set "{name}".'), field="by", name=ask.by)
    if strangers := filters.sources - {source.slug for source in ground.sources}:
        raise UserError("filter.source_unknown", _('There is no source "{name}".'), field="source", name=min(strangers))
    sources = ground.chosen_sources(filters.sources)
    return Question(
        collaboration=ground.slug,
        filters=filters,
        sources=tuple(source.slug for source in sources),
        mapping=ground.mapping,
        areas=_area_numbers(filters.areas, ground),
        place=ground.places_by_id[filters.place].shape if filters.place is not None else None,
        is_exercise=any(source.is_exercise for source in sources),
    )


def _area_numbers(chosen: frozenset[int], ground: Ground) -> tuple[tuple[str, tuple[int, ...]], ...]:
    numbers = (
        (each.column, tuple(sorted(area.id for area in each.areas if area.id in chosen))) for each in ground.area_sets
    )
    return tuple((column, ids) for column, ids in numbers if ids)
