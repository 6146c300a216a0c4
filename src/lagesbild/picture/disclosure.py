"""Hiding small numbers before they leave the organisation that owns the data.

Works on a whole picture, after it is computed: counts below the threshold become None, and with them everything that
would give them back (changes, rates, shares). Tables are protected with their totals by the library's `suppress`.
Not protected: differences between two pictures with almost the same filters; whoever needs finer figures asks the
owner.
"""

from __future__ import annotations

from dataclasses import replace

from lagesbild.picture.content import (
    AreaRow,
    AreaTable,
    CategoryRow,
    Disclosure,
    HotSpot,
    HotSpots,
    MonthRow,
    NoteFact,
    PictureContent,
    Season,
    Series,
    SeriesPoint,
    Totals,
    WeekProfile,
)
from lagesbild.stats import suppress


class _Hider:
    """Counts what it hides."""

    def __init__(self, threshold: int) -> None:
        self.threshold = threshold
        self.n_hidden = 0

    def count(self, value: int | None) -> int | None:
        """Zero is no secret; 1 to threshold - 1 is."""
        if value is None or value == 0 or value >= self.threshold:
            return value
        self.n_hidden += 1
        return None

    def share(self, value: float | None) -> float | None:
        """Expected counts of the hour × weekday profile: anything that rounds to a small number."""
        if value is None or value == 0.0 or value >= self.threshold - 0.5:
            return value
        self.n_hidden += 1
        return None

    def column(self, values: list[int | None]) -> list[int | None]:
        """A column of a table with a known total: small numbers and, if one could be worked out, one more."""
        if not values:
            return []
        table = suppress([value or 0 for value in values], threshold=self.threshold).table
        shown = [
            each if value is not None and isinstance(each, int) else None
            for value, each in zip(values, table, strict=True)
        ]
        self.n_hidden += sum(each is None and value is not None for value, each in zip(values, shown, strict=True))
        return shown


def hidden(content: PictureContent, threshold: int) -> PictureContent:
    """The picture as a reader outside the owner organisation may see it."""
    hide = _Hider(threshold)
    shown = replace(
        content,
        totals=_totals(content.totals, hide),
        series=_series(content.series, hide),
        week=_week(content.week, hide),
        season=_season(content.season, hide),
        hot_spots=_hot_spots(content.hot_spots, hide),
        areas=_areas(content.areas, hide),
        categories=tuple(_category(row, hide) for row in content.categories),
    )
    note = NoteFact(code="picture.hidden", values={"threshold": threshold})
    return replace(
        shown,
        notes=(*content.notes, note) if hide.n_hidden else content.notes,
        disclosure=Disclosure(threshold=threshold, n_hidden=hide.n_hidden),
    )


def _totals(totals: Totals, hide: _Hider) -> Totals:
    n, n_before = hide.count(totals.n), hide.count(totals.n_before)
    lost = (n is None) or (n_before is None and totals.n_before is not None)
    return replace(
        totals,
        n=n,
        n_before=n_before,
        change=None if lost else totals.change,
        n_points=hide.count(totals.n_points),
        n_area_only=hide.count(totals.n_area_only),
        n_municipality_only=hide.count(totals.n_municipality_only),
        n_withheld=hide.count(totals.n_withheld),
        n_outside_study_area=hide.count(totals.n_outside_study_area),
        n_hour_unknown=hide.count(totals.n_hour_unknown),
    )


def _series(series: Series, hide: _Hider) -> Series:
    now = hide.column([point.n for point in series.points])
    then = hide.column([point.n_before for point in series.points])

    def one(point: SeriesPoint, n: int | None, n_before: int | None) -> SeriesPoint:
        return replace(point, n=n, n_before=n_before)

    return replace(series, points=tuple(map(one, series.points, now, then)))


def _week(week: WeekProfile, hide: _Hider) -> WeekProfile:
    """Margins give hidden hours back where one is hidden in a line, so a line with hidden hours loses its total."""
    hours = tuple(tuple(hide.share(value) for value in row) for row in week.hours)

    def margin(values: tuple[float | None, ...]) -> tuple[float | None, ...]:
        return tuple(hide.share(value) for value in values)

    return replace(
        week,
        hours=hours,
        hour_unknown=tuple(hide.count(value) for value in week.hour_unknown),
        by_hour=margin(week.by_hour),
        by_weekday=margin(week.by_weekday),
        by_hour_before=margin(week.by_hour_before),
        by_weekday_before=margin(week.by_weekday_before),
    )


def _season(season: Season | None, hide: _Hider) -> Season | None:
    if season is None:
        return None

    def month(row: MonthRow, n: int | None) -> MonthRow:
        return row if n is not None or row.n is None else replace(row, n=None, index=None, low=None, high=None)

    shown = hide.column([row.n for row in season.months])
    return replace(season, months=tuple(map(month, season.months, shown)))


def _hot_spots(found: HotSpots | None, hide: _Hider) -> HotSpots | None:
    if found is None:
        return None

    def spot(one: HotSpot) -> HotSpot:
        n, n_before = hide.count(one.n), hide.count(one.n_before)
        lost = n is None or (n_before is None and one.n_before is not None)
        return replace(one, n=n, n_before=n_before, change=None if lost else one.change)

    return replace(found, spots=tuple(spot(one) for one in found.spots))


def _areas(table: AreaTable | None, hide: _Hider) -> AreaTable | None:
    if table is None:
        return None
    unplaced = table.n_unplaced or 0
    *now, left = hide.column([*(row.n for row in table.rows), unplaced])
    then = hide.column([row.n_before for row in table.rows])

    def area(row: AreaRow, n: int | None, n_before: int | None) -> AreaRow:
        if n is not None and (n_before is not None or row.n_before is None):
            return row
        shown = replace(row, n=n, n_before=n_before, change=None)
        return replace(shown, rate=None, rate_low=None, rate_high=None) if n is None else shown

    return replace(table, rows=tuple(map(area, table.rows, now, then)), n_unplaced=left)


def _category(row: CategoryRow, hide: _Hider) -> CategoryRow:
    n, n_before = hide.count(row.n), hide.count(row.n_before)
    lost = n is None or (n_before is None and row.n_before is not None)
    return replace(row, n=n, n_before=n_before, change=None if lost else row.change)
