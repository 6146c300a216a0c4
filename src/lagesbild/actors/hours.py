"""From a weekly pattern to moments: when duty begins and ends, over midnight, holidays and the two odd nights. Pure.

A shift belongs to the date on which it begins. Its ends are times on the wall, so the night when clocks go forward is
an hour shorter and the one when they go back an hour longer. A time that comes twice means its first coming, and a time
that never comes means the moment reached by counting on from before, for the one who leaves as for the one who comes:
two shifts that meet always meet at the same moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from lagesbild.actors.holidays import SUNDAY, is_public_holiday
from lagesbild.actors.models import HolidayRule

HORIZON_DAYS = 15
"""How far ahead duty is looked for; duty that lasts beyond it has no end that anyone asks for."""


@dataclass(frozen=True, order=True)
class Hours:
    """From ``starts`` to ``ends`` on the wall: the next day when it is not later, a whole day when equal."""

    starts: time
    ends: time


@dataclass(frozen=True)
class Pattern:
    """A week of shifts (1 Monday), the half-open period it holds, and what differs."""

    week: Mapping[int, Sequence[Hours]]
    valid_from: date
    valid_to: date | None = None
    holidays: str = HolidayRule.AS_USUAL
    exceptions: Mapping[date, Sequence[Hours]] = field(default_factory=dict)

    def hours_on(self, day: date) -> Sequence[Hours]:
        """The shifts that begin on a date."""
        if day < self.valid_from or (self.valid_to is not None and day >= self.valid_to):
            return ()
        if day in self.exceptions:
            return self.exceptions[day]
        if self.holidays != HolidayRule.AS_USUAL and is_public_holiday(day):
            return self.week.get(SUNDAY, ()) if self.holidays == HolidayRule.AS_SUNDAY else ()
        return self.week.get(day.isoweekday(), ())


@dataclass(frozen=True, order=True)
class Interval:
    """A half-open stretch of time between two instants (UTC)."""

    start: datetime
    end: datetime

    def holds(self, at: datetime) -> bool:
        return self.start <= at < self.end


def intervals(patterns: Iterable[Pattern], from_on: date, to_on: date, *, zone: str) -> list[Interval]:
    """Duty that begins on the dates ``from_on`` … ``to_on`` (not included), in order; what touches is joined."""
    days = [from_on + timedelta(days=number) for number in range((to_on - from_on).days)]
    single = [
        Interval(*_moments(day, hours, ZoneInfo(zone)))
        for pattern in patterns
        for day in days
        for hours in pattern.hours_on(day)
    ]
    return list(joined(sorted(each for each in single if each.start < each.end)))


def joined(ordered: Iterable[Interval]) -> Iterator[Interval]:
    """Intervals that touch or overlap as one."""
    last: Interval | None = None
    for each in ordered:
        if last is not None and each.start <= last.end:
            last = Interval(last.start, max(last.end, each.end))
            continue
        if last is not None:
            yield last
        last = each
    if last is not None:
        yield last


def around(patterns: Iterable[Pattern], at: datetime, *, zone: str) -> list[Interval]:
    """Duty from the day before ``at`` to the horizon."""
    today = at.astimezone(ZoneInfo(zone)).date()
    return intervals(patterns, today - timedelta(days=1), today + timedelta(days=HORIZON_DAYS), zone=zone)


def on_duty(stretches: Iterable[Interval], at: datetime) -> Interval | None:
    """The stretch that holds the moment."""
    return next((each for each in stretches if each.holds(at)), None)


def next_duty(stretches: Iterable[Interval], at: datetime) -> Interval | None:
    """The first stretch that begins after the moment."""
    return next((each for each in stretches if each.start > at), None)


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The moment when the clock on the wall shows this, as the module says for times that come twice or never."""
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)  # fold 0: the first coming, the offset of before


def _moments(day: date, hours: Hours, zone: ZoneInfo) -> tuple[datetime, datetime]:
    last = day if hours.ends > hours.starts else day + timedelta(days=1)
    return instant(day, hours.starts, zone), instant(last, hours.ends, zone)


def week_share(patterns: Iterable[Pattern], on: date) -> list[list[float]]:
    """Of each hour of an ordinary week (7 × 24, Monday first) the share covered by the patterns valid on a date."""
    minutes = [bytearray(24 * 60) for _ in range(7)]
    for pattern in patterns:
        if on < pattern.valid_from or (pattern.valid_to is not None and on >= pattern.valid_to):
            continue
        for weekday, shifts in pattern.week.items():
            for hours in shifts:
                _mark(minutes, weekday - 1, hours)
    return [[sum(day[hour * 60 : hour * 60 + 60]) / 60 for hour in range(24)] for day in minutes]


def _mark(minutes: Sequence[bytearray], day: int, hours: Hours) -> None:
    start, end = (each.hour * 60 + each.minute for each in (hours.starts, hours.ends))
    if end > start:
        minutes[day][start:end] = b"\x01" * (end - start)
        return
    minutes[day][start:] = b"\x01" * (1440 - start)
    minutes[(day + 1) % 7][:end] = b"\x01" * end
