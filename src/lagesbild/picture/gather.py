"""Everything a picture needs from the incident store, in one pass for each period.

Rows are counted where they lie; only points and time intervals come out as rows. Nothing here knows statistics, the
database or what the numbers are for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

IS_POINT = pl.col("precision").is_in(["exact", "street"]) & pl.col("x").is_not_null() & pl.col("y").is_not_null()
IS_INTERVAL = pl.col("occurred_to").is_not_null() & (pl.col("occurred_to") > pl.col("occurred_from"))
IS_MONTH_ONLY = pl.col("time_precision") == "month"
N = pl.len().alias("n")


@dataclass(frozen=True, eq=False)
class Side:
    """One period's incidents, counted.

    ``types``: source, source_type, n. ``places``: precision, is_point, n. ``hours``: weekday (1 is Monday), local_hour
    (null: not known), n, without intervals and without what is dated by month only. ``intervals``: t_from, t_to on the
    local clock, hour_known. ``areas``: for each area column, the column and n. ``area_of_point``: the area of the named
    set that each point lies in, 0 for none.
    """

    n: int
    types: pl.DataFrame
    places: pl.DataFrame
    dates: pl.DataFrame
    hours: pl.DataFrame
    intervals: pl.DataFrame
    n_month_only: int
    areas: dict[str, pl.DataFrame]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    area_of_point: NDArray[np.int64]


def side(events: pl.LazyFrame, *, area_columns: Sequence[str], named_by: str | None, time_zone: str) -> Side:
    """Count one period. All parts share one reading of the files."""
    questions = {
        "types": events.group_by("source", "source_type").agg(N).sort("source", "source_type"),
        "places": events.group_by("precision", IS_POINT.alias("is_point")).agg(N).sort("precision", "is_point"),
        "dates": events.group_by("local_date").agg(N).sort("local_date"),
        "hours": _hours(events),
        "intervals": _intervals(events, time_zone),
        "month_only": events.filter(IS_MONTH_ONLY).select(N),
        "points": events.filter(IS_POINT).select("x", "y", _area(named_by)),
    }
    questions |= {name: events.group_by(name).agg(N).sort(name) for name in area_columns}
    answers = dict(zip(questions, pl.collect_all(list(questions.values())), strict=True))
    return Side(
        n=int(answers["types"]["n"].sum()),
        types=answers["types"],
        places=answers["places"],
        dates=answers["dates"],
        hours=answers["hours"],
        intervals=answers["intervals"],
        n_month_only=int(answers["month_only"].item()),
        areas={name: answers[name] for name in area_columns},
        x=answers["points"]["x"].to_numpy(),
        y=answers["points"]["y"].to_numpy(),
        area_of_point=answers["points"]["area"].to_numpy(),
    )


def _area(column: str | None) -> pl.Expr:
    number = pl.lit(0, pl.Int64) if column is None else pl.col(column).fill_null(0).cast(pl.Int64)
    return number.alias("area")


def _hours(events: pl.LazyFrame) -> pl.LazyFrame:
    return (
        events.filter(~IS_MONTH_ONLY & ~IS_INTERVAL.fill_null(value=False))
        .group_by(pl.col("local_date").dt.weekday().alias("weekday"), "local_hour")
        .agg(N)
        .sort("weekday", "local_hour")
    )


def _intervals(events: pl.LazyFrame, time_zone: str) -> pl.LazyFrame:
    def clock(name: str) -> pl.Expr:
        return pl.col(name).dt.convert_time_zone(time_zone).dt.replace_time_zone(None)

    return events.filter(~IS_MONTH_ONLY & IS_INTERVAL.fill_null(value=False)).select(
        clock("occurred_from").alias("t_from"),
        clock("occurred_to").alias("t_to"),
        pl.col("local_hour").is_not_null().alias("hour_known"),
    )


def by_date(events: pl.LazyFrame) -> pl.DataFrame:
    """Incidents per local date over all time: local_date, n."""
    return events.group_by("local_date").agg(N).sort("local_date").collect()


def coverage(events: pl.LazyFrame) -> pl.DataFrame:
    """First and last local date per source: source, first_on, last_on."""
    return (
        events.group_by("source")
        .agg(pl.col("local_date").min().alias("first_on"), pl.col("local_date").max().alias("last_on"))
        .sort("source")
        .collect()
    )
