"""The guest arena over years: which share of those counted came from where. Made of the shown table alone.

A share is given where both the number and the sum of its year may be told; else there is a gap, never a zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from lagesbild.scenes.deep_chart import SCHEMA
from lagesbild.scenes.index import share_interval
from lagesbild.scenes.models import OriginKind
from lagesbild.scenes.origins import OriginLine, OriginView

GUESTS = (OriginKind.MUNICIPALITY, OriginKind.REGION)
MOST_LINES = 3  # beside that of all guests: as many as have a colour each
Column = tuple[int, str]


@dataclass(frozen=True)
class TrendPoint:
    """One year of a line; ``low`` and ``high`` are the ends of the 95 % interval where the number behind is known."""

    year: int
    share_pct: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class TrendLine:
    """One origin, or all guests together, over the years."""

    title: str
    points: tuple[TrendPoint, ...]


@dataclass(frozen=True)
class Trend:
    """The years of one group. ``guests`` are those from other municipalities and larger areas, unknown left out."""

    years: tuple[int, ...]
    guests: TrendLine
    origins: tuple[TrendLine, ...]

    @property
    def lines(self) -> tuple[TrendLine, ...]:
        """What is drawn and listed."""
        return (self.guests, *self.origins)


def trend(view: OriginView, group: str) -> Trend | None:
    """The trend of a group, if it was counted in two years or more."""
    years = tuple(sorted(year for year, each in view.columns if each == group))
    if len(years) < 2:
        return None
    at = {year: view.columns.index((year, group)) for year in years}
    guests = TrendLine(_("All from other municipalities"), tuple(_guests(view, year, at[year]) for year in years))
    lines = [
        TrendLine(line.origin, tuple(_share(view, line, year, at[year]) for year in years))
        for line in view.lines
        if line.is_named
    ]
    known = [line for line in lines if any(point.share_pct is not None for point in line.points)]
    largest = sorted(known, key=lambda line: (-max(point.share_pct or 0.0 for point in line.points), line.title))
    return Trend(years, guests, tuple(largest[:MOST_LINES]))


def _share(view: OriginView, line: OriginLine, year: int, at: int) -> TrendPoint:
    value = line.cells[at].value
    if view.is_share:
        return TrendPoint(year, value)
    total = view.totals[at].value
    return _point(year, value, total)


def _guests(view: OriginView, year: int, at: int) -> TrendPoint:
    """Out of the shown cells: a hidden one makes the whole year unknown."""
    cells = [(line.kind, line.cells[at]) for line in view.lines if line.cells[at].given]
    if not cells or any(cell.hidden for _kind, cell in cells):
        return TrendPoint(year, None)
    guests = sum(cell.value or 0.0 for kind, cell in cells if kind in GUESTS)
    known = sum(cell.value or 0.0 for kind, cell in cells if kind != OriginKind.UNKNOWN)
    if view.is_share:
        return TrendPoint(year, 100.0 * guests / known if known else None)
    return _point(year, guests, known)


def _point(year: int, part: float | None, whole: float | None) -> TrendPoint:
    if part is None or not whole:
        return TrendPoint(year, None)
    share = 100.0 * part / whole
    return TrendPoint(year, share, *share_interval(share, round(whole)))


def chart(found: Trend, *, description: str) -> dict[str, Any]:
    """Lines over the years, that of all guests with its interval; years that may not be told are gaps."""
    values = [
        {"line": line.title, "year": str(point.year), "share": point.share_pct, "low": point.low, "high": point.high}
        for line in found.lines
        for point in line.points
    ]
    x = {"field": "year", "type": "ordinal", "title": None, "axis": {"labelAngle": 0}}
    y = {"field": "share", "type": "quantitative", "title": "%", "scale": {"domainMin": 0}}
    colour = {"field": "line", "type": "nominal", "title": None, "sort": _titles(found)}
    legend = {"columns": 1, "labelLimit": 300}
    return {
        "$schema": SCHEMA,
        "description": description,
        "data": {"values": values},
        "height": 220,
        "encoding": {"x": x},
        "layer": [
            {
                "transform": [{"filter": {"field": "line", "equal": found.guests.title}}],
                "mark": {"type": "rule", "size": 6, "opacity": 0.3},
                "encoding": {
                    "y": {"field": "low", "type": "quantitative", "title": "%"},
                    "y2": {"field": "high"},
                },
            },
            {
                "mark": {"type": "line", "point": {"size": 50}, "invalid": "break-paths-show-domains"},
                "encoding": {
                    "y": y,
                    "color": {**colour, "legend": legend},
                    "strokeDash": {**colour, "legend": None},
                },
            },
        ],
    }


def _titles(found: Trend) -> Sequence[str]:
    return [line.title for line in found.lines]
