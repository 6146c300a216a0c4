"""What changed since the last frozen picture: two contents in, the differences out. No query.

Numbers are compared as they stand in the two pictures, per day where the periods differ in length. Where the periods
overlap nothing is tested: the same events would be compared with themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from django.utils.translation import gettext
from shapely.geometry import shape

from lagesbild.picture import texts
from lagesbild.picture.content import CategoryRow, Change, HotSpot, PictureContent, rounded
from lagesbild.picture.periods import overlap
from lagesbild.stats import compare_counts

MOST_CATEGORIES = 6


@dataclass(frozen=True)
class CategoryDifference:
    row: CategoryRow
    n_before: int
    change: Change | None


@dataclass(frozen=True)
class Differences:
    """``change`` is None where the periods overlap or a number is hidden."""

    n_before: int | None
    n: int | None
    days_before: int
    days: int
    overlaps: bool
    change: Change | None
    new: tuple[HotSpot, ...]
    gone: tuple[HotSpot, ...]
    remaining: tuple[tuple[HotSpot, HotSpot], ...]
    categories: tuple[CategoryDifference, ...]
    other_methods: bool


def differences(before: PictureContent, after: PictureContent) -> Differences:
    """From the earlier picture to the later."""
    overlaps = overlap(before.question.period, after.question.period) is not None
    new, gone, remaining = _spots(_standing(before), _standing(after))
    return Differences(
        n_before=before.totals.n,
        n=after.totals.n,
        days_before=before.totals.days,
        days=after.totals.days,
        overlaps=overlaps,
        change=None if overlaps else _change(before.totals.n, after.totals.n, before, after),
        new=new,
        gone=gone,
        remaining=remaining,
        categories=_categories(before, after, overlaps=overlaps),
        other_methods=before.basis.method_versions != after.basis.method_versions,
    )


def _standing(content: PictureContent) -> list[HotSpot]:
    """The hot spots of the picture's own period; those fading stood out only before it."""
    return [spot for spot in content.hot_spots.spots if spot.status != "fading"] if content.hot_spots else []


def _spots(
    before: Sequence[HotSpot], after: Sequence[HotSpot]
) -> tuple[tuple[HotSpot, ...], tuple[HotSpot, ...], tuple[tuple[HotSpot, HotSpot], ...]]:
    """Two hot spots are the same where their ground meets; of several, the one that shares most."""
    if not before or not after:
        return tuple(after), tuple(before), ()
    old = [shape(spot.geometry) for spot in before]
    remaining, met = [], set()
    for spot in after:
        shared = shapely.area(shapely.intersection(old, shape(spot.geometry)))
        met |= {at for at, size in enumerate(shared.tolist()) if size > 0}
        if float(shared.max()) > 0:
            remaining.append((before[int(shared.argmax())], spot))
    known = {spot.rank for _old, spot in remaining}
    new = tuple(spot for spot in after if spot.rank not in known)
    return new, tuple(spot for at, spot in enumerate(before) if at not in met), tuple(remaining)


def _change(n_before: int | None, n: int | None, before: PictureContent, after: PictureContent) -> Change | None:
    if n_before is None or n is None or not before.totals.days or not after.totals.days:
        return None
    found = compare_counts(
        n_before, n, exposure_before=float(before.totals.days), exposure_after=float(after.totals.days)
    )
    return Change(
        ratio=rounded(found.ratio),
        low=rounded(found.low),
        high=rounded(found.high),
        pvalue=rounded(found.pvalue) or 0.0,
    )


def _categories(before: PictureContent, after: PictureContent, *, overlaps: bool) -> tuple[CategoryDifference, ...]:
    """The categories whose share of the difference is largest."""
    old = {row.code: row.n for row in before.categories}
    found = []
    for row in after.categories:
        n_before = old.get(row.code, 0)
        if row.n is None or n_before is None or row.n == n_before:
            continue
        change = None if overlaps else _change(n_before, row.n, before, after)
        found.append(CategoryDifference(row, n_before, change))
    found.sort(key=lambda each: (-abs((each.row.n or 0) - each.n_before), each.row.code))
    return tuple(found[:MOST_CATEGORIES])


def sentences(found: Differences) -> tuple[str, ...]:
    """The differences in plain words, most important first."""
    return tuple(line for line in (_total_line(found), *_spot_lines(found), *_category_lines(found), *_cautions(found)))


def _total_line(found: Differences) -> str:
    if found.n is None or found.n_before is None:
        return gettext("The numbers of events are too small to be shown.")
    line = gettext("{n} events in {days} days, against {before} in {days_before} days in the last picture.").format(
        n=texts.number(found.n),
        days=texts.number(found.days),
        before=texts.number(found.n_before),
        days_before=texts.number(found.days_before),
    )
    return line if found.change is None else f"{line} {texts.change_sentence(found.change)}"


def _spot_lines(found: Differences) -> list[str]:
    lines = []
    if found.new:
        lines.append(gettext("New hot spots: {names}.").format(names=_names(found.new)))
    if found.gone:
        lines.append(gettext("Hot spots no longer there: {names}.").format(names=_names(found.gone)))
    if found.remaining:
        names = _names([after for _before, after in found.remaining])
        lines.append(gettext("Hot spots that remain: {names}.").format(names=names))
    if not lines:
        lines.append(gettext("No hot spots in either picture."))
    return lines


def _names(spots: Sequence[HotSpot]) -> str:
    return ", ".join(dict.fromkeys(texts.spot_name(spot.name) for spot in spots))


def _category_lines(found: Differences) -> list[str]:
    return [
        gettext("{category}: from {before} to {n} ({change}).").format(
            category=texts.category_name(each.row),
            before=texts.number(each.n_before),
            n=texts.number(each.row.n or 0),
            change=texts.percent(each.change),
        )
        if each.change is not None
        else gettext("{category}: from {before} to {n}.").format(
            category=texts.category_name(each.row),
            before=texts.number(each.n_before),
            n=texts.number(each.row.n or 0),
        )
        for each in found.categories
    ]


def _cautions(found: Differences) -> list[str]:
    lines = []
    if found.overlaps:
        lines.append(gettext("The periods overlap, so whether the difference is more than chance is not tested."))
    if found.other_methods:
        lines.append(gettext("The pictures were made with different versions of the methods."))
    return lines
