"""When it happened and when it was reported: the mapped columns of all rows, read, checked and put in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from lagesbild.observations.importing.columns import text_of
from lagesbild.observations.importing.dates import cleaned, read_dates, read_day_in_text, read_times
from lagesbild.observations.importing.mapping import Mapping
from lagesbild.observations.importing.problems import ERROR, WARNING, ProblemLog
from lagesbild.observations.importing.raw import RawTable
from lagesbild.observations.importing.zones import UTC, period_end, to_utc

OLDEST_YEAR = 1900
COARSENESS = ("minute", "hour", "day", "month")


@dataclass(frozen=True)
class _Read:
    """Texts as read, before they are instants."""

    moments: pl.DataFrame
    shown: pl.Series
    """What the file says, for messages."""
    column: str


def read_when(raw: RawTable, mapping: Mapping, *, time_zone: str, today: date, log: ProblemLog) -> pl.DataFrame:
    """Columns ``occurred_from`` … ``reported_at`` of the incident frame."""
    zone = mapping.time_zone or time_zone
    reported = _reported(raw, mapping, zone=zone, today=today, log=log)
    read = (
        _from_text(raw, mapping, reported=reported, log=log)
        if mapping.occurred_text
        else _occurred(raw, mapping, log=log)
    )
    instants = to_utc(read.moments, zone=zone, forward=mapping.clock_forward)
    if mapping.occurred_text:
        read, instants = _or_published(read, instants, reported=reported, zone=zone, log=log)
    _log_odd_hours(read, instants, mapping, zone=zone, log=log)
    _log_impossible(read, today=today, log=log)
    ended = _ended(raw, mapping, start=instants["at"], zone=zone, today=today, log=log)
    month_end = period_end(read.moments, zone=zone).set(read.moments["precision"] != "month", None)
    local = instants["at"].dt.convert_time_zone(time_zone)
    frame = pl.DataFrame(
        {
            "occurred_from": instants["at"],
            "ended": ended,
            "again": instants["again"],
            "month_end": month_end,
            "time_precision": read.moments["precision"],
            "day": read.moments["day"],
            "local": local,
            "reported_at": reported["at"],
        }
    )
    timed = pl.col("time_precision").is_in(["minute", "hour"])
    until = pl.max_horizontal("ended", "again").fill_null(pl.col("month_end"))
    return frame.select(
        pl.col("occurred_from").cast(UTC),
        occurred_to=pl.when(until > pl.col("occurred_from")).then(until).cast(UTC),
        time_precision="time_precision",
        local_date=pl.when(timed).then(pl.col("local").dt.date()).otherwise(pl.col("day")),
        local_hour=pl.when(timed).then(pl.col("local").dt.hour()).cast(pl.Int8),
        reported_at=pl.col("reported_at").cast(UTC),
    )


def _occurred(raw: RawTable, mapping: Mapping, *, log: ProblemLog) -> _Read:
    if mapping.occurred is None:
        return _from_parts(raw, mapping, log=log)
    read = _date_and_time(raw, mapping.occurred, mapping.occurred_time, mapping=mapping, required=True, log=log)
    return _Read(_coarsened(read.moments, mapping.time_precision), read.shown, read.column)


def _date_and_time(
    raw: RawTable, column: str, time_column: str | None, *, mapping: Mapping, required: bool, log: ProblemLog
) -> _Read:
    """One column with date and perhaps time, or a date column and a time column."""
    shown = text_of(raw, column)
    text = cleaned(shown)
    moments = read_dates(text, date_order=mapping.date_order)
    if required:
        log.add(text.is_null(), "import.date_missing", column=column)
    log.add(text.is_not_null() & moments["day"].is_null(), "import.date_refused", column=column, values=shown)
    if time_column is None:
        return _Read(moments, shown, column)
    shown_time = text_of(raw, time_column)
    times = read_times(shown_time)
    log.add(times["wrong"], "import.time_refused", column=time_column, values=shown_time)
    has_time = pl.col("time").is_not_null() & (pl.col("precision") != "month")
    joined = moments.with_columns(time=times["second"], time_precision=times["precision"]).select(
        day=pl.when(has_time & (pl.col("time") == 86_400)).then(pl.col("day") + pl.duration(days=1)).otherwise("day"),
        second=pl.when(has_time).then(pl.col("time") % 86_400).otherwise("second"),
        offset="offset",
        precision=pl.when(has_time).then("time_precision").when(_midnight()).then(pl.lit("day")).otherwise("precision"),
    )
    joined = joined.with_columns(second=pl.when(pl.col("precision") != "day").then("second"))
    return _Read(joined, _joined_text(shown, shown_time), column)


def _midnight() -> pl.Expr:
    """A date cell of a spreadsheet carries 00:00; beside an empty time cell that is no time."""
    return (pl.col("second") == 0) & (pl.col("precision") == "minute")


def _joined_text(first: pl.Series, second: pl.Series) -> pl.Series:
    both = pl.concat_str(pl.lit(first), pl.lit(second), separator=" ", ignore_nulls=True)
    return pl.select(pl.when(pl.lit(first).is_not_null()).then(both)).to_series()


def _from_parts(raw: RawTable, mapping: Mapping, *, log: ProblemLog) -> _Read:
    """Year, month, day, hour, minute in columns of their own, written together as one ISO text."""
    parts = {part: text_of(raw, column).str.replace(r"\.0$", "") for part, column in mapping.occurred_parts.items()}
    text = pl.lit(parts["year"]) + "-" + pl.lit(parts["month"])
    if "day" in parts:
        text = text + "-" + pl.lit(parts["day"])
    shown = pl.select(text).to_series()
    hour = parts.get("hour", pl.repeat(None, len(shown), dtype=pl.String, eager=True))
    minute = parts.get("minute", pl.repeat(None, len(shown), dtype=pl.String, eager=True)).str.zfill(2)
    clock = pl.concat_str(pl.lit(" "), pl.lit(hour), pl.lit(":"), pl.lit(minute))
    only_hour = pl.concat_str(pl.lit(" "), pl.lit(hour))
    shown = pl.select(pl.concat_str(pl.lit(shown), pl.coalesce(clock, only_hour, pl.lit("")))).to_series()
    moments = read_dates(shown, date_order="ymd")
    column = " + ".join(mapping.occurred_parts.values())
    log.add(shown.is_null(), "import.date_missing", column=column)
    log.add(shown.is_not_null() & moments["day"].is_null(), "import.date_refused", column=column, values=shown)
    return _Read(_coarsened(moments, mapping.time_precision), shown, column)


def _coarsened(moments: pl.DataFrame, claimed: str) -> pl.DataFrame:
    """No finer than the file claims: dates that stand for a month become months."""
    if claimed == "auto":
        return moments
    rank = {name: position for position, name in enumerate(COARSENESS)}
    least = rank[claimed]
    own = pl.col("precision").replace_strict(rank, default=least, return_dtype=pl.Int32)
    moments = moments.with_columns(
        precision=pl.max_horizontal(own, pl.lit(least)).replace_strict(
            dict(enumerate(COARSENESS)), return_dtype=pl.String
        )
    )
    whole_day = pl.col("precision").is_in(["day", "month"])
    return moments.with_columns(
        day=pl.when(pl.col("precision") == "month").then(pl.col("day").dt.month_start()).otherwise("day"),
        second=pl.when(whole_day).then(None).otherwise("second"),
        offset=pl.when(whole_day).then(None).otherwise("offset"),
    )


def _from_text(raw: RawTable, mapping: Mapping, *, reported: pl.DataFrame, log: ProblemLog) -> _Read:
    column = mapping.occurred_text or ""
    shown = text_of(raw, column)
    log.add(reported["at"].is_null() & ~log.bad, "import.date_missing", column=mapping.reported)
    return _Read(read_day_in_text(shown, published=reported["day"]), shown, column)


def _or_published(
    read: _Read, instants: pl.DataFrame, *, reported: pl.DataFrame, zone: str, log: ProblemLog
) -> tuple[_Read, pl.DataFrame]:
    """Where the text tells no possible time, the time of publication stands for it, with a warning."""
    lost = instants["at"].is_null() & reported["at"].is_not_null()
    log.add(lost, "import.time_shifted", column=read.column, values=read.shown, severity=WARNING)
    local = reported["at"].dt.convert_time_zone(zone)
    day = pl.select(
        pl.when(pl.lit(lost)).then(pl.lit(local).dt.date()).otherwise(pl.lit(read.moments["day"]))
    ).to_series()
    at = pl.select(pl.when(pl.lit(lost)).then(pl.lit(reported["at"])).otherwise(pl.lit(instants["at"]))).to_series()
    missing = instants["missing"] & ~lost
    return (
        _Read(read.moments.with_columns(day=day), read.shown, read.column),
        instants.with_columns(at=at, missing=missing),
    )


def _reported(raw: RawTable, mapping: Mapping, *, zone: str, today: date, log: ProblemLog) -> pl.DataFrame:
    """``at`` (UTC) and ``day`` (local) of publication or report; null where the file does not say."""
    if mapping.reported is None:
        nothing = pl.repeat(None, raw.frame.height, eager=True)
        return pl.DataFrame({"at": nothing.cast(UTC), "day": nothing.cast(pl.Date)})
    read = _date_and_time(raw, mapping.reported, mapping.reported_time, mapping=mapping, required=False, log=log)
    instants = to_utc(read.moments, zone=zone, forward=mapping.clock_forward)
    _log_missing_hour(read, instants, mapping, zone=zone, log=log)
    _log_impossible(read, today=today, log=log)
    return pl.DataFrame({"at": instants["at"], "day": read.moments["day"]})


def _ended(raw: RawTable, mapping: Mapping, *, start: pl.Series, zone: str, today: date, log: ProblemLog) -> pl.Series:
    """Latest possible instant; an end that is only a date lasts the day out."""
    if mapping.occurred_to is None:
        return pl.repeat(None, raw.frame.height, eager=True).cast(UTC)
    column = mapping.occurred_to
    read = _date_and_time(raw, column, mapping.occurred_to_time, mapping=mapping, required=False, log=log)
    instants = to_utc(read.moments, zone=zone, forward=mapping.clock_forward)
    _log_missing_hour(read, instants, mapping, zone=zone, log=log)
    _log_impossible(read, today=today, log=log)
    at = pl.select(
        pl.coalesce(pl.lit(period_end(read.moments, zone=zone)), pl.lit(instants["again"]), pl.lit(instants["at"]))
    ).to_series()
    reversed_ = (at < start).fill_null(value=False)
    begun = start.dt.convert_time_zone(zone).dt.to_string("%Y-%m-%d %H:%M")
    log.add(reversed_, "import.interval_reversed", column=column, values=read.shown, detail=begun)
    return at


def _log_odd_hours(read: _Read, instants: pl.DataFrame, mapping: Mapping, *, zone: str, log: ProblemLog) -> None:
    _log_missing_hour(read, instants, mapping, zone=zone, log=log)
    twice = instants["again"].is_not_null()
    log.add(twice, "import.time_ambiguous", column=read.column, values=read.shown, detail=zone, severity=WARNING)


def _log_missing_hour(read: _Read, instants: pl.DataFrame, mapping: Mapping, *, zone: str, log: ProblemLog) -> None:
    code, severity = ("import.time_moved", WARNING) if mapping.clock_forward else ("import.time_nonexistent", ERROR)
    log.add(instants["missing"], code, column=read.column, values=read.shown, detail=zone, severity=severity)


def _log_impossible(read: _Read, *, today: date, log: ProblemLog) -> None:
    day = read.moments["day"]
    log.add(day > today, "import.date_in_future", column=read.column, values=read.shown)
    log.add(day.dt.year() < OLDEST_YEAR, "import.date_too_old", column=read.column, values=read.shown)
