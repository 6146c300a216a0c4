"""Attendance over time: how often each member of a forum came, month by month, and who has fallen away. No database.

Reproduces the kind of figure in V, Samverkansutsättning Fokusområde Klara (attendance February to August 2019), whose
numbers are not in its text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.dates import MONTHS_3
from django.utils.translation import gettext as _

from lagesbild.cooperation.models import Presence

REGULAR_SHARE, MISSED_IN_A_ROW, ENOUGH_BEFORE = 0.5, 3, 4
Spec = dict[str, Any]
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"


@dataclass(frozen=True)
class Entry:
    """One member at one meeting that was held; ``presence`` is empty where nobody said."""

    on: date
    meeting: int
    member: str
    presence: str
    people: int = 0


@dataclass(frozen=True)
class Month:
    """A member in one month: came to ``present`` of ``held``."""

    held: int
    present: int

    @property
    def share_pct(self) -> int:
        return round(100 * self.present / self.held) if self.held else 0

    @property
    def level(self) -> int:
        """0 to 8, for the shade of a square."""
        return round(8 * self.present / self.held) if self.held else 0


@dataclass(frozen=True)
class MemberLine:
    """One member through the period."""

    member: str
    held: int
    present: int
    prevented: int
    absent: int
    people: int
    fallen_away: bool
    months: dict[str, Month] = field(default_factory=dict)

    @property
    def share_pct(self) -> int:
        return round(100 * self.present / self.held) if self.held else 0


def lines(entries: Iterable[Entry]) -> list[MemberLine]:
    """The members, most often present first. A meeting at which nobody said counts as held and not attended."""
    by_member: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_member[entry.member].append(entry)
    found = [_line(member, sorted(rows, key=lambda row: (row.on, row.meeting))) for member, rows in by_member.items()]
    return sorted(found, key=lambda line: (-line.share_pct, line.member))


def _line(member: str, rows: Sequence[Entry]) -> MemberLine:
    said = [row.presence for row in rows]
    months: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        months[f"{row.on:%Y-%m}"].append(row.presence)
    return MemberLine(
        member=member,
        held=len(rows),
        present=said.count(Presence.PRESENT),
        prevented=said.count(Presence.PREVENTED),
        absent=len(said) - said.count(Presence.PRESENT) - said.count(Presence.PREVENTED),
        people=sum(row.people for row in rows),
        fallen_away=has_fallen_away(said),
        months={month: Month(len(each), each.count(Presence.PRESENT)) for month, each in months.items()},
    )


def has_fallen_away(said: Sequence[str]) -> bool:
    """Missed the last three in a row after having come to at least half of at least four before."""
    before, last = said[:-MISSED_IN_A_ROW], said[-MISSED_IN_A_ROW:]
    if len(before) < ENOUGH_BEFORE or Presence.PRESENT in last:
        return False
    return before.count(Presence.PRESENT) / len(before) >= REGULAR_SHARE


def months_of(found: Iterable[MemberLine]) -> list[str]:
    """Every month in which the forum met, in order."""
    return sorted({month for line in found for month in line.months})


def month_name(month: str) -> str:
    """Feb 2019."""
    year, number = month.split("-")
    return f"{MONTHS_3[int(number)]} {year}"


def chart(found: Sequence[MemberLine], period: str) -> Spec:
    """Bars: the share of meetings that each member came to."""
    rows = [
        {
            "member": line.member,
            "share": line.share_pct,
            "label": _("{member}: {present} of {held} meetings").format(
                member=line.member, present=line.present, held=line.held
            ),
        }
        for line in found
    ]
    return {
        "$schema": SCHEMA,
        "description": _("Attendance by member, {period}").format(period=period),
        "data": {"values": rows},
        "height": {"step": 22},
        "mark": {"type": "bar", "height": 14},
        "encoding": {
            "y": {
                "field": "member",
                "type": "nominal",
                "sort": [row["member"] for row in rows],
                "title": None,
                "axis": {"labelLimit": 240, "ticks": False},
            },
            "x": {
                "field": "share",
                "type": "quantitative",
                "scale": {"domain": [0, 100]},
                "title": _("Share of meetings, per cent"),
            },
            "tooltip": {"field": "label", "type": "nominal"},
        },
    }
