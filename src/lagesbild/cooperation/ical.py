"""Meetings as an iCalendar file (RFC 5545). No database, no request; nothing of what a meeting is about.

Written by hand because so little of the format is wanted: times in a zone that is described in the file, lines folded
at 75 octets, text escaped. Tests read it back with an independent library.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

PRODUCT = "-//Lagesbild//Forums//SV"
LINE_OCTETS = 75


@dataclass(frozen=True, kw_only=True)
class CalendarEvent:
    """One meeting. ``sequence`` grows with each change, so that calendars take the newest."""

    uid: str
    starts_at: datetime
    duration: timedelta
    summary: str
    location: str
    url: str
    stamp: datetime
    sequence: int = 0
    cancelled: bool = False


def calendar(name: str, events: Sequence[CalendarEvent], *, time_zone: str) -> bytes:
    """The whole file."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
        f"X-WR-TIMEZONE:{time_zone}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    ]
    if events:
        lines += _zone(time_zone, [event.starts_at for event in events])
    for event in events:
        lines += _event(event, time_zone)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line)).encode()


def _event(event: CalendarEvent, time_zone: str) -> list[str]:
    start = event.starts_at.astimezone(ZoneInfo(time_zone))
    minutes = int(event.duration.total_seconds() // 60)
    lines = [
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"DTSTAMP:{_utc(event.stamp)}",
        f"DTSTART;TZID={time_zone}:{start:%Y%m%dT%H%M%S}",
        f"DURATION:PT{minutes}M",
        f"SUMMARY:{_text(event.summary)}",
        f"SEQUENCE:{event.sequence}",
        f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}",
        "CLASS:PRIVATE",
    ]
    if event.location:
        lines.append(f"LOCATION:{_text(event.location)}")
    if event.url:
        lines.append(f"URL:{event.url}")
    return [*lines, "END:VEVENT"]


def _zone(time_zone: str, instants: Sequence[datetime]) -> list[str]:
    """The zone as it is from a year before the first instant to a year after the last, change by change."""
    zone = ZoneInfo(time_zone)
    start = datetime(min(instants).year - 1, 1, 1, tzinfo=UTC)
    end = datetime(max(instants).year + 2, 1, 1, tzinfo=UTC)
    lines = ["BEGIN:VTIMEZONE", f"TZID:{time_zone}", *_observance(start, zone, before=start)]
    for change in _changes(zone, start, end):
        lines += _observance(change, zone, before=change - timedelta(seconds=1))
    return [*lines, "END:VTIMEZONE"]


def _observance(change: datetime, zone: ZoneInfo, *, before: datetime) -> list[str]:
    """From ``change`` on. Its start is told on the clock that was in use until then."""
    was, now = before.astimezone(zone), change.astimezone(zone)
    earlier, later = was.utcoffset() or timedelta(), now.utcoffset() or timedelta()
    kind = "DAYLIGHT" if now.dst() else "STANDARD"
    return [
        f"BEGIN:{kind}",
        f"DTSTART:{(change + earlier):%Y%m%dT%H%M%S}",
        f"TZOFFSETFROM:{_offset(earlier)}",
        f"TZOFFSETTO:{_offset(later)}",
        f"TZNAME:{now.tzname()}",
        f"END:{kind}",
    ]


def _changes(zone: ZoneInfo, start: datetime, end: datetime) -> Iterable[datetime]:
    """The instants at which the offset changes, to the second."""
    day = start
    while day < end:
        following = day + timedelta(days=1)
        if day.astimezone(zone).utcoffset() != following.astimezone(zone).utcoffset():
            low, high = day, following
            while high - low > timedelta(seconds=1):
                middle = low + timedelta(seconds=int((high - low).total_seconds() // 2))
                same = middle.astimezone(zone).utcoffset() == day.astimezone(zone).utcoffset()
                low, high = (middle, high) if same else (low, middle)
            yield high
        day = following


def _offset(offset: timedelta) -> str:
    minutes = int(offset.total_seconds() // 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(escaped.splitlines())


def _folded(line: str) -> Iterable[str]:
    """Lines of at most 75 octets, never cut inside a letter; each after the first begins with a blank."""
    part = ""
    for letter in line:
        if len((part + letter).encode()) > LINE_OCTETS:
            yield part
            part = " "
        part += letter
    yield part
