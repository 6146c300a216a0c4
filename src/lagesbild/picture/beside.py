"""What stands beside the register's events in a picture: field reports, and the zones that hot spots lie in.

Here live the facts alone, as a picture keeps them. Who tells them is in ``offers.py``; a report has no data version, so
a frozen picture keeps which reports there were, each with its version.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class Counted:
    """How many of one kind; ``n_before`` is None where nothing is compared."""

    code: str
    name: str
    name_en: str
    n: int
    n_before: int | None


@dataclass(frozen=True, kw_only=True)
class ReportUsed:
    """One report as it was: its key and number, and the version that was counted."""

    id: int
    number: int
    version: int


@dataclass(frozen=True, kw_only=True)
class Reports:
    """Field reports of the same place, period and kinds. Reports joined to another count as one, that of their lead."""

    n: int
    n_before: int | None
    n_points: int
    kinds: tuple[Counted, ...]
    certainties: tuple[Counted, ...]
    used: tuple[ReportUsed, ...]
    is_exercise: bool


@dataclass(frozen=True, kw_only=True)
class ZoneShare:
    """How much of a hot spot's ground lies in a zone, 0 to 1."""

    zone: int
    share: float


@dataclass(frozen=True, kw_only=True)
class SpotZones:
    """The zones that a hot spot reaches into; ``share_inside`` is what lies in any of them."""

    rank: int
    share_inside: float
    zones: tuple[ZoneShare, ...]


@dataclass(frozen=True, kw_only=True)
class ZoneFact:
    """A zone with the events that have a point in it; None where the number is hidden."""

    id: int
    name: str
    kind: str
    kind_en: str
    valid_from: date
    n: int | None
    n_before: int | None


@dataclass(frozen=True, kw_only=True)
class Zones:
    """Zones against the events with a point and the hot spots. A point may lie in several.

    They are those that had not ended on the last day of the period: also those that began after it, since whoever looks
    back asks whether today's zones are where things happened.
    """

    on: date
    zones: tuple[ZoneFact, ...]
    n_points: int | None
    n_inside: int | None
    n_points_before: int | None
    n_inside_before: int | None
    spots: tuple[SpotZones, ...]
