"""When: the series through the period, the hour × weekday profile and the year's shape."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lagesbild.picture.content import MonthRow, NoteFact, Period, Season, Series, SeriesPoint, WeekProfile, rounded
from lagesbild.picture.gather import Side
from lagesbild.picture.periods import counted_days, overlap, steps, years_earlier
from lagesbild.picture.spots import fact
from lagesbild.stats import HourWeekdayResult, hour_weekday_profile, seasonal_profile_of_counts

# 1970-01-05 was a Monday.
MONDAY_S = 4 * 86_400
SHOWN_DECIMALS = 3


def series(side: Side, before: Side | None, period: Period, earlier: Period | None, covered: Period | None) -> Series:
    """Bars of the period with the comparison beside; a bar that the data or the period covers in part says so."""
    now, then = _per_day(side.dates), _per_day(before.dates) if before is not None else {}
    unit, made = steps(period, earlier if before is not None else None)
    points = []
    for step in made:
        known = overlap(step.part, covered)
        days = known.days if known else 0
        points.append(
            SeriesPoint(
                from_on=step.whole.from_on,
                to_on=step.whole.to_on,
                n=_sum(now, step.part) if days else None,
                n_before=_sum(then, step.before) if step.before is not None else None,
                partial=days < step.whole.days,
                days_covered=days,
            )
        )
    return Series(unit=unit, points=tuple(points))


def _per_day(dates: pl.DataFrame) -> dict[date, int]:
    return dict(zip(dates["local_date"].to_list(), dates["n"].to_list(), strict=True))


def _sum(per_day: dict[date, int], period: Period) -> int:
    return sum(n for day, n in per_day.items() if period.from_on <= day < period.to_on)


def week(side: Side, before: Side | None) -> tuple[WeekProfile, list[NoteFact]]:
    """Hour × weekday with intervals shared over the hours they cover; margins of the comparison beside."""
    now = _profile(side)
    then = None if before is None else _profile(before)
    hours = _rounded(now.hours)
    profile = WeekProfile(
        hours=tuple(tuple(row) for row in hours.tolist()),
        hour_unknown=tuple(round(value) for value in now.hour_unknown.tolist()),
        by_hour=tuple(_rounded(now.hours.sum(axis=0)).tolist()),
        by_weekday=tuple(_rounded(now.weekdays).tolist()),
        by_hour_before=() if then is None else tuple(_rounded(then.hours.sum(axis=0)).tolist()),
        by_weekday_before=() if then is None else tuple(_rounded(then.weekdays).tolist()),
        n_intervals=now.n_intervals,
    )
    # The library counts lines, and one line here is many events: the hour's note is made from the profile itself.
    notes = [fact(note) for note in now.notes if note.code in ("aoristic.end_before_start", "aoristic.long_interval")]
    if unknown := round(float(now.hour_unknown.sum())):
        notes.append(NoteFact(code="aoristic.hour_unknown", values={"n": unknown}))
    if side.n_month_only:
        notes.append(NoteFact(code="picture.month_only", values={"n": side.n_month_only}))
    return profile, notes


def _profile(side: Side) -> HourWeekdayResult:
    """Points in time come counted, one line for each hour of the week; intervals one by one."""
    hours = side.hours
    known = hours["local_hour"].is_not_null().to_numpy()
    at = MONDAY_S + (hours["weekday"].to_numpy().astype(np.int64) - 1) * 86_400
    at = at + hours["local_hour"].fill_null(0).to_numpy().astype(np.int64) * 3_600
    points = at.astype("datetime64[s]")
    spans = side.intervals
    return hour_weekday_profile(
        np.concatenate([points, spans["t_from"].to_numpy().astype("datetime64[s]")]),
        np.concatenate(
            [np.full(len(points), "NaT", "datetime64[s]"), spans["t_to"].to_numpy().astype("datetime64[s]")]
        ),
        time_known=np.concatenate([known, spans["hour_known"].to_numpy()]).astype(np.bool_),
        weights=np.concatenate([hours["n"].to_numpy().astype(np.float64), np.ones(len(spans))]),
    )


def _rounded(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.round(values, SHOWN_DECIMALS) + 0.0  # no minus zero


def season(
    dates: pl.DataFrame, covered: Period | None, *, until: date, months: tuple[int, ...], weekdays: tuple[int, ...]
) -> tuple[Season | None, list[NoteFact]]:
    """The year's shape over whole years of data up to the end of the period, or over what there is."""
    span = _whole_years(covered, until)
    if span is None:
        return None, []
    exposure = [
        float(counted_days(span, months=(month,), weekdays=weekdays)) if not months or month in months else 0.0
        for month in range(1, 13)
    ]
    inside = dates.filter(pl.col("local_date").is_between(span.from_on, span.to_on, closed="left"))
    counts = np.zeros(12, dtype=np.int64)
    np.add.at(counts, inside["local_date"].dt.month().to_numpy().astype(np.int64) - 1, inside["n"].to_numpy())
    result = seasonal_profile_of_counts(counts, exposure_days=exposure)
    rows = tuple(
        MonthRow(
            month=row.month,
            n=row.count,
            index=rounded(row.index),
            low=rounded(row.low),
            high=rounded(row.high),
            days=row.exposure_days,
        )
        for row in result.months
    )
    notes = [fact(note) for note in result.notes if note.code != "season.partial_year" or not months]
    if span.days < 365:
        notes = [NoteFact(code="picture.season_short")]
    return Season(period=span, months=rows), notes


def _whole_years(covered: Period | None, until: date) -> Period | None:
    """The last whole years of the data before ``until``: a broken year would lean the profile."""
    span = overlap(covered, Period(from_on=date.min, to_on=until)) if covered else None
    if span is None:
        return None
    years = span.days // 365
    while years and years_earlier(span.to_on, years) < span.from_on:
        years -= 1
    return Period(from_on=years_earlier(span.to_on, years), to_on=span.to_on) if years else span
