"""Protecting small numbers before a picture leaves the organisation that owns the data.

Works on a whole picture, after it is computed, by one rule for live pages, files and frozen pictures: counts below the
threshold become None, all others are rounded to the nearest multiple of it, and whatever is worked out of counts
(changes, rates, the year's shape) is worked out again from the rounded ones. So a number subtracted from its neighbour,
in the same picture or in one with almost the same filters, gives a multiple of the threshold and never the hidden
count. What many frozen pictures do together is seen in ``overlaps.py``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from lagesbild.picture import tables
from lagesbild.picture.beside import Zones
from lagesbild.picture.content import (
    AreaRow,
    AreaTable,
    CategoryRow,
    Change,
    DensityClass,
    Disclosure,
    GridFacts,
    HotSpot,
    HotSpots,
    MonthRow,
    NoteFact,
    PictureContent,
    Season,
    Series,
    Totals,
    WeekProfile,
    rounded,
)
from lagesbild.picture.spots import change_at
from lagesbild.picture.tables import Days
from lagesbild.stats import seasonal_profile_of_counts

VERSION = "2"
M2_PER_KM2 = 1_000_000
# Remarks whose ``n`` is a number of events.
OF_EVENTS = frozenset(
    {
        *("picture.too_few_points", "picture.some_without_point", "picture.outside_study_area", "picture.hour_filter"),
        *("picture.unmapped", "picture.month_only", "aoristic.end_before_start", "aoristic.long_interval"),
        *("aoristic.hour_unknown", "density.events_outside", "season.few_events"),
    }
)


class Hider:
    """The rule for one number, counting what it hides."""

    def __init__(self, threshold: int) -> None:
        self.threshold = threshold
        self.n_hidden = 0

    def count(self, value: int | None) -> int | None:
        """Zero is no secret; 1 to threshold - 1 is; the rest to the nearest multiple, halves up.

        All below two thresholds are shown as one: were 8 shown as 10, two hidden parts of it would be 4 each.
        """
        if value is None or value == 0:
            return value
        if value < self.threshold:
            self.n_hidden += 1
            return None
        if value < 2 * self.threshold:
            return self.threshold
        return (value + self.threshold // 2) // self.threshold * self.threshold

    def share(self, value: float | None) -> float | None:
        """Expected counts of the hour × weekday profile, as counts once rounded to whole ones."""
        if value is None or value == 0.0:
            return value
        shown = self.count(max(1, round(value)))
        return None if shown is None else float(shown)

    def counts(self, values: Sequence[int | None]) -> list[int | None]:
        return [self.count(value) for value in values]

    def shares(self, values: Sequence[float | None]) -> tuple[float | None, ...]:
        return tuple(self.share(value) for value in values)


def hidden(content: PictureContent, threshold: int) -> PictureContent:
    """The picture as a reader outside the owner organisation may see it."""
    hide = Hider(threshold)
    days = Days(content.totals.days, content.totals.days_before)
    shown = replace(
        content,
        totals=_totals(content.totals, hide, days),
        series=_series(content.series, hide),
        week=_week(content.week, hide),
        season=_season(content.season, hide),
        hot_spots=_hot_spots(content.hot_spots, hide, days),
        areas=_areas(content.areas, hide, days),
        categories=_categories(content.categories, hide, days),
        notes=tuple(_note(note, hide) for note in content.notes),
    )
    told = NoteFact(code="picture.rounded", values={"threshold": threshold})
    return replace(
        shown,
        notes=(*shown.notes, told),
        disclosure=Disclosure(threshold=threshold, n_hidden=hide.n_hidden, rounded_to=threshold),
    )


def hidden_zones(found: Zones, threshold: int) -> Zones:
    """The numbers of events in zones, by the same rule."""
    hide = Hider(threshold)
    zones = (replace(each, n=hide.count(each.n), n_before=hide.count(each.n_before)) for each in found.zones)
    return replace(
        found,
        zones=tuple(zones),
        n_points=hide.count(found.n_points),
        n_inside=hide.count(found.n_inside),
        n_points_before=hide.count(found.n_points_before),
        n_inside_before=hide.count(found.n_inside_before),
    )


def _compared(now: Sequence[int | None], then: Sequence[int | None], days: Days) -> list[Change | None]:
    """The changes between shown numbers, corrected for how many there are; none where one is hidden."""
    pairs = [(at, n, b) for at, (n, b) in enumerate(zip(now, then, strict=True)) if n is not None and b is not None]
    found = tables.changes([before for _at, _n, before in pairs], [n for _at, n, _before in pairs], days)
    changes: list[Change | None] = [None] * len(now)
    for number, (at, _n, _before) in enumerate(pairs):
        changes[at] = change_at(found, number)
    return changes


def _totals(totals: Totals, hide: Hider, days: Days) -> Totals:
    n, n_before = hide.count(totals.n), hide.count(totals.n_before)
    known = totals.change is not None and n is not None and n_before is not None
    return replace(
        totals,
        n=n,
        n_before=n_before,
        change=tables.total_change(n_before or 0, n or 0, days) if known else None,
        n_points=hide.count(totals.n_points),
        n_area_only=hide.count(totals.n_area_only),
        n_municipality_only=hide.count(totals.n_municipality_only),
        n_withheld=hide.count(totals.n_withheld),
        n_outside_study_area=hide.count(totals.n_outside_study_area),
        n_hour_unknown=hide.count(totals.n_hour_unknown),
    )


def _series(series: Series, hide: Hider) -> Series:
    points = (replace(each, n=hide.count(each.n), n_before=hide.count(each.n_before)) for each in series.points)
    return replace(series, points=tuple(points))


def _week(week: WeekProfile, hide: Hider) -> WeekProfile:
    return replace(
        week,
        hours=tuple(hide.shares(row) for row in week.hours),
        hour_unknown=tuple(hide.counts(week.hour_unknown)),
        by_hour=hide.shares(week.by_hour),
        by_weekday=hide.shares(week.by_weekday),
        by_hour_before=hide.shares(week.by_hour_before),
        by_weekday_before=hide.shares(week.by_weekday_before),
        n_intervals=hide.count(week.n_intervals) or 0,
    )


def _season(season: Season | None, hide: Hider) -> Season | None:
    """The shape of the shown numbers. Hidden ones weigh the same whatever they are, and have no index."""
    if season is None:
        return None
    shown = hide.counts([row.n for row in season.months])
    weights = [
        hide.threshold // 2 if n is None and row.n else n or 0 for n, row in zip(shown, season.months, strict=True)
    ]
    found = seasonal_profile_of_counts(weights, exposure_days=[row.days for row in season.months]).months

    def month(row: MonthRow, n: int | None, at: int) -> MonthRow:
        if n is None or row.index is None:
            return replace(row, n=n, index=None, low=None, high=None)
        one = found[at]
        return replace(row, n=n, index=rounded(one.index), low=rounded(one.low), high=rounded(one.high))

    rows = zip(season.months, shown, strict=True)
    return replace(season, months=tuple(month(row, n, at) for at, (row, n) in enumerate(rows)))


def _hot_spots(found: HotSpots | None, hide: Hider, days: Days) -> HotSpots | None:
    if found is None:
        return None
    grid = _grid(found.grid, hide)
    now = hide.counts([spot.n for spot in found.spots])
    then = hide.counts([spot.n_before for spot in found.spots])
    changes = _compared(now, then, days)

    def spot(one: HotSpot, at: int) -> HotSpot:
        return replace(
            one,
            n=now[at],
            n_before=then[at],
            change=changes[at],
            expected=rounded(one.n_cells * grid.n_points / max(1, grid.n_cells), 2) or 0.0,
            p_adjusted=rounded(one.p_adjusted, 2) or 0.0,
            z_max=rounded(one.z_max, 2) or 0.0,
        )

    spots = tuple(spot(one, at) for at, one in enumerate(found.spots))
    return replace(found, spots=spots, density=_density(found.density, grid, hide.threshold), grid=grid)


def _grid(grid: GridFacts, hide: Hider) -> GridFacts:
    n_points = hide.count(grid.n_points) or 0
    return replace(grid, n_points=n_points, n_points_before=hide.count(grid.n_points_before))


def _density(classes: tuple[DensityClass, ...], grid: GridFacts, threshold: int) -> tuple[DensityClass, ...]:
    """Only as dense as so many events in one spot make it: a lone event would be seen as a small round patch."""
    least = threshold * 3 / math.pi / grid.bandwidth_m**2 * M2_PER_KM2  # the quartic kernel in the middle
    return tuple(replace(each, high=rounded(each.high, 2) or 0.0) for each in classes if each.low >= least)


def _areas(table: AreaTable | None, hide: Hider, days: Days) -> AreaTable | None:
    """In the order of the shown numbers: that of the true ones would tell which of two hidden ones is larger."""
    if table is None:
        return None
    now, then = hide.counts([row.n for row in table.rows]), hide.counts([row.n_before for row in table.rows])
    changes = _compared(now, then, days)

    def area(row: AreaRow, at: int) -> AreaRow:
        n = now[at]
        shown = replace(row, n=n, n_before=then[at], change=changes[at], rate=None, rate_low=None, rate_high=None)
        if n is None or row.rate is None:
            return shown
        rate = tables.rate_of(n, row.population, days)
        return replace(shown, rate=rate.get("rate"), rate_low=rate.get("rate_low"), rate_high=rate.get("rate_high"))

    rows = [area(row, at) for at, row in enumerate(table.rows)]
    rows.sort(key=lambda row: (-_order(row.n), -_order(row.n_before), row.name, row.code))
    return replace(table, rows=tuple(rows), n_unplaced=hide.count(table.n_unplaced))


def _order(n: int | None) -> int:
    """Hidden ones after the shown and before none."""
    return 1 if n is None else n


def _categories(rows: tuple[CategoryRow, ...], hide: Hider, days: Days) -> tuple[CategoryRow, ...]:
    now, then = hide.counts([row.n for row in rows]), hide.counts([row.n_before for row in rows])
    changes = _compared(now, then, days)
    return tuple(replace(row, n=now[at], n_before=then[at], change=changes[at]) for at, row in enumerate(rows))


def _note(note: NoteFact, hide: Hider) -> NoteFact:
    """Remarks count events too."""
    values: dict[str, Any] = {
        name: rounded(value, 1) if isinstance(value, float) else value for name, value in note.values.items()
    }
    if note.code in OF_EVENTS:
        shown = hide.count(round(values["n"]))
        values["n"] = f"<{hide.threshold}" if shown is None else shown
        if shown is not None and shown >= values.get("needed", math.inf):  # rounded up to what is too few
            values["n"] = f"<{values['needed']}"
    return replace(note, values=values)
