"""What later subjects offer to a picture: they register a teller in their `ready`, and the picture knows none of them.

Field reports are told by whoever keeps them, zones by whoever knows where somebody has powers. What is made of it is
kept in the content, see ``beside.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from lagesbild.accounts.models import Membership
from lagesbild.observations.questions import Question as Events
from lagesbild.picture.beside import Reports
from lagesbild.picture.content import Period


@dataclass(frozen=True)
class Asked:
    """Whose reports, and which. ``sharing`` is that of a frozen picture: whoever sees it must see every report."""

    membership: Membership
    events: Events
    period: Period
    before: Period | None
    sharing: str = ""


class ReportTeller(Protocol):
    """What the subject of field reports offers."""

    def counted(self, asked: Asked) -> Reports:
        """How many there are, and which. One query, more for chosen areas."""

    def on_map(self, asked: Asked) -> dict[str, Any]:
        """Those that have a point, as GeoJSON."""

    def list_path(self, asked: Asked) -> str:
        """The address of the list with the same period, kinds and place."""

    def report_path(self, slug: str, pk: int) -> str:
        """The address of one report; its door asks who wants it."""


@dataclass(frozen=True, kw_only=True)
class ZoneRow:
    """Ground where somebody has powers; ``wkb`` is its polygon in working coordinates, in hexadecimal."""

    id: int
    name: str
    kind: str
    kind_en: str
    valid_from: date
    wkb: str


ZoneTeller = Callable[[Membership, date, str], tuple[ZoneRow, ...]]
"""The zones not ended on a day, as the member sees them; for a frozen picture those that all its readers see."""

_reports: list[ReportTeller] = []
_zones: list[ZoneTeller] = []


def register_reports(teller: ReportTeller) -> None:
    """Whoever keeps the reports says so; the last one counts."""
    _reports[:] = [teller]


def register_zones(teller: ZoneTeller) -> None:
    """Whoever knows the zones says so; the last one counts."""
    _zones[:] = [teller]


def report_teller() -> ReportTeller | None:
    return _reports[0] if _reports else None


def zones_told(membership: Membership, on: date, sharing: str = "") -> tuple[ZoneRow, ...]:
    return _zones[0](membership, on, sharing) if _zones else ()
