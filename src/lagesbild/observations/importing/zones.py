"""From local date and time to an instant in UTC, with the two odd hours of the year.

In spring an hour does not exist; in autumn one happens twice. Reading the text is in ``dates``.
"""

from __future__ import annotations

import polars as pl

UTC = pl.Datetime("us", "UTC")


def to_utc(moments: pl.DataFrame, *, zone: str, forward: bool = False) -> pl.DataFrame:
    """Instants of what ``dates.read_dates`` returned.

    Returns ``at`` (the first reading when there are two), ``again`` (the second reading, else null) and ``missing``
    (true where the clock jumped over that time; ``forward`` then reads it an hour later). An offset written with the
    time settles it: then there is one reading.
    """
    naive = pl.col("day").cast(pl.Datetime("us")) + pl.duration(seconds=pl.col("second").fill_null(0))
    fixed = (naive - pl.duration(seconds=pl.col("offset"))).dt.replace_time_zone("UTC")
    timed = pl.col("second").is_not_null()
    first, second = _reading(naive, zone, "earliest"), _reading(naive, zone, "latest")
    # Some zones change at midnight: a day without a time then begins an hour later.
    morning = _reading(naive + pl.duration(hours=1), zone, "earliest")
    local = pl.when(timed & (not forward)).then(first).otherwise(first.fill_null(morning))
    return moments.select(
        at=pl.coalesce(fixed, local),
        again=pl.when(timed & pl.col("offset").is_null() & (second != first)).then(second),
        missing=(timed & pl.col("offset").is_null() & pl.col("day").is_not_null() & first.is_null()),
    )


def period_end(moments: pl.DataFrame, *, zone: str) -> pl.Series:
    """The instant after the last one the text can mean: the next midnight, hour or month; null for a minute."""
    day = pl.col("day")
    next_day = (
        pl.when(pl.col("precision") == "month")
        .then(day.dt.month_start().dt.offset_by("1mo"))
        .otherwise(day + pl.duration(days=1))
    )
    midnight = next_day.cast(pl.Datetime("us"))
    ended = _reading(midnight, zone, "earliest").fill_null(_reading(midnight + pl.duration(hours=1), zone, "earliest"))
    return moments.select(pl.when(pl.col("precision").is_in(["day", "month"])).then(ended)).to_series()


def _reading(naive: pl.Expr, zone: str, which: str) -> pl.Expr:
    local = naive.dt.replace_time_zone(zone, ambiguous=which, non_existent="null")  # type: ignore[arg-type]
    return local.dt.convert_time_zone("UTC")
