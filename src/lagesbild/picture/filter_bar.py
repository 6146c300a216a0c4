"""The filter bar: what can be chosen, what is chosen, and the addresses of the usual periods.

Made from the question and its ground; no query.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from lagesbild.picture import fixed_parts
from lagesbild.picture.answer import Prepared
from lagesbild.picture.asking import COMPARISONS, Ask
from lagesbild.picture.periods import months_earlier

MOST_IN_LIST = 300
HOUR_BANDS = ("0-3", "4-7", "8-11", "12-15", "16-19", "20-23")
SEASONS = (("12-2", _("Winter")), ("3-5", _("Spring")), ("6-8", _("Summer")), ("9-11", _("Autumn")))
COMPARISON_NAMES = {"year": _("Same period last year"), "previous": _("Period before"), "none": _("Nothing")}
MONTHS_BACK = ((1, _("1 month")), (3, _("3 months")), (6, _("6 months")), (12, _("12 months")))


@dataclass(frozen=True)
class Choice:
    """One thing to choose; ``depth`` indents a tree."""

    value: str
    label: str | Promise
    chosen: bool
    depth: int = 0


@dataclass(frozen=True)
class Group:
    name: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Preset:
    label: str | Promise
    query: str
    current: bool


@dataclass(frozen=True)
class FilterBar:
    """Everything the template shows."""

    from_on: date
    last_on: date
    presets: tuple[Preset, ...]
    comparisons: tuple[Choice, ...]
    categories: tuple[Choice, ...]
    areas: tuple[Group, ...]
    places: tuple[Choice, ...]
    sources: tuple[Choice, ...]
    area_sets: tuple[Choice, ...]
    hours: tuple[Choice, ...]
    weekdays: tuple[Choice, ...]
    months: tuple[Choice, ...]
    categories_summary: str
    clear_query: str
    n_more: int
    is_narrowed: bool


def filter_bar(prepared: Prepared) -> FilterBar:
    """The bar of one question."""
    ask, ground = prepared.ask, prepared.ground
    filters = ask.filters
    more = (filters.hours, filters.weekdays, filters.months, filters.sources, ask.by)
    return FilterBar(
        from_on=ask.period.from_on,
        last_on=ask.period.last_on,
        presets=tuple(_fixed_presets(ask, _end(prepared)) if prepared.fixed else _presets(ask, _end(prepared))),
        comparisons=tuple(Choice(each, COMPARISON_NAMES[each], each == ask.comparison) for each in COMPARISONS),
        categories=tuple(
            Choice(node.code, node.title, node.code in filters.categories, depth)
            for node, depth in ground.mapping.in_order()
        ),
        areas=tuple(_area_groups(prepared)),
        places=tuple(Choice(str(place.id), place.name, place.id == filters.place) for place in ground.places),
        sources=tuple(Choice(each.slug, each.name, each.slug in filters.sources) for each in ground.sources),
        area_sets=tuple(Choice(each.slug, each.name, each.slug == ask.by) for each in ground.area_sets),
        hours=tuple(_hours(filters.hours)),
        weekdays=tuple(
            Choice(str(day), str(WEEKDAYS_ABBR[day - 1]).capitalize(), day in filters.weekdays) for day in range(1, 8)
        ),
        months=tuple(_months(filters.months)),
        categories_summary=_categories_summary(prepared),
        clear_query=replace(
            ask, filters=replace(type(filters)(), from_on=filters.from_on, to_on=filters.to_on), by=""
        ).to_query(),
        n_more=sum(bool(each) for each in more),
        is_narrowed=any((filters.categories, filters.areas, filters.place, *more)),
    )


def _end(prepared: Prepared) -> date:
    """The usual periods end where the data ends."""
    covered = prepared.covered.period
    return covered.to_on if covered else prepared.ask.period.to_on


def _presets(ask: Ask, end: date) -> Iterable[Preset]:
    for months, label in MONTHS_BACK:
        start = months_earlier(end, months)
        asked = replace(ask, filters=replace(ask.filters, from_on=start, to_on=end))
        yield Preset(label, asked.to_query(), (ask.filters.from_on, ask.filters.to_on) == (start, end))
    last = end - timedelta(days=1)
    year = replace(ask, filters=replace(ask.filters, from_on=date(last.year, 1, 1), to_on=date(last.year + 1, 1, 1)))
    same = (ask.filters.from_on, ask.filters.to_on) == (year.filters.from_on, year.filters.to_on)
    yield Preset(str(last.year), year.to_query(), same)


def _fixed_presets(ask: Ask, end: date) -> Iterable[Preset]:
    """Where only fixed periods may be asked for: those in which the data ends."""
    for period, name in zip(fixed_parts.periods(end - timedelta(days=1)), fixed_parts.NAMES, strict=True):
        asked = replace(ask, filters=replace(ask.filters, from_on=period.from_on, to_on=period.to_on))
        yield Preset(name, asked.to_query(), ask.period == period)


def _area_groups(prepared: Prepared) -> Iterable[Group]:
    """Sets short enough for a list; a larger one shows only what is chosen from it."""
    chosen = prepared.ask.filters.areas
    for each in prepared.ground.area_sets:
        areas = each.areas if len(each.areas) <= MOST_IN_LIST else [area for area in each.areas if area.id in chosen]
        if areas:
            yield Group(each.name, tuple(Choice(str(area.id), area.name, area.id in chosen) for area in areas))


def _hours(chosen: frozenset[int]) -> Iterable[Choice]:
    rest = set(chosen)
    for band in HOUR_BANDS:
        first, last = map(int, band.split("-"))
        hours = set(range(first, last + 1))
        yield Choice(band, f"{first:02d}–{(last + 1) % 24:02d}", hours <= chosen)
        if hours <= chosen:
            rest -= hours
    if rest:
        text = ",".join(map(str, sorted(rest)))
        yield Choice(text, gettext("Hour {hours}").format(hours=text), chosen=True)


def _months(chosen: frozenset[int]) -> Iterable[Choice]:
    rest = set(chosen)
    for value, name in SEASONS:
        first = int(value.split("-")[0])
        months = {(first + step - 1) % 12 + 1 for step in range(3)}
        yield Choice(value, name, months <= chosen)
        if months <= chosen:
            rest -= months
    if rest:
        text = ",".join(map(str, sorted(rest)))
        yield Choice(text, gettext("Month {months}").format(months=text), chosen=True)


def _categories_summary(prepared: Prepared) -> str:
    codes, by_code = prepared.ask.filters.categories, prepared.ground.mapping.by_code
    if not codes:
        return gettext("All")
    if len(codes) == 1:
        return by_code[next(iter(codes))].title
    return ngettext("{n} chosen", "{n} chosen", len(codes)).format(n=len(codes))
