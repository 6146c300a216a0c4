"""Published figures as charts (Vega-Lite) and as tables beside them. A missing figure is a gap, never a zero."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from lagesbild.observations.models import Series, SeriesValue

MOST_LINES = 6


@dataclass(frozen=True)
class SeriesChart:
    """The series of one unit together."""

    id: str
    label: str
    spec: dict[str, Any]


def charts_of(series: Sequence[Series]) -> list[SeriesChart]:
    """A chart for each unit; a series with a single figure is only in the table."""
    by_unit: dict[str, list[Series]] = defaultdict(list)
    for each in series:
        if sum(value.value is not None for value in each.values.all()) > 1:
            by_unit[each.unit].append(each)
    return [
        SeriesChart(f"chart-{number}", _("Figures in {unit}").format(unit=unit or "–"), _spec(lines[:MOST_LINES], unit))
        for number, (unit, lines) in enumerate(by_unit.items(), start=1)
    ]


@dataclass(frozen=True)
class GridRow:
    """One period and the figure of each series in it, None where the series has no such period."""

    period: str
    figures: list[SeriesValue | None]


@dataclass(frozen=True)
class SeriesGrid:
    """The series of one unit side by side."""

    unit: str
    series: list[Series]
    rows: list[GridRow]
    remarks: list[str]


def grids_of(series: Sequence[Series]) -> list[SeriesGrid]:
    """A table for each unit, in the order of the file, with what must be remarked under it."""
    by_unit: dict[str, list[Series]] = defaultdict(list)
    for each in series:
        by_unit[each.unit].append(each)
    return [_grid(unit, lines) for unit, lines in by_unit.items()]


def _grid(unit: str, series: list[Series]) -> SeriesGrid:
    figures = {(each.pk, v.period_from, v.period_to): v for each in series for v in each.values.all()}
    periods = sorted({(start, end) for _pk, start, end in figures})
    rows = [
        GridRow(period_name(start, end), [figures.get((each.pk, start, end)) for each in series])
        for start, end in periods
    ]
    notes = {
        f"{each.title}, {period_name(v.period_from, v.period_to)}: {v.note}": None
        for each in series
        for v in each.values.all()
        if v.note
    }
    return SeriesGrid(unit, series, rows, [*notes, *dict.fromkeys(each.note for each in series if each.note)])


def period_name(start: date, end: date) -> str:
    """2018, 2018-03, or first and last day."""
    if (start.month, start.day, end) == (1, 1, date(start.year + 1, 1, 1)):
        return str(start.year)
    if start.day == 1 and end == date(start.year + start.month // 12, start.month % 12 + 1, 1):
        return f"{start:%Y-%m}"
    return f"{start} – {end - timedelta(days=1)}"


def _spec(series: Sequence[Series], unit: str) -> dict[str, Any]:
    values = [
        {
            "on": value.period_from.isoformat(),
            "value": value.value,
            "series": each.title,
            "kind": _("partial or provisional") if value.is_partial or value.is_provisional else _("complete"),
        }
        for each in series
        for value in each.values.all()
    ]
    several = len(series) > 1
    colour = {"field": "series", "type": "nominal", "title": None, "legend": {"columns": 1, "labelLimit": 600}}
    x = {"field": "on", "type": "temporal", "title": None, "axis": {"format": "%Y", "tickCount": "year"}}
    y = {"field": "value", "type": "quantitative", "title": unit}
    tooltip = [
        {"field": "series", "title": _("Series")},
        {"field": "on", "type": "temporal", "title": _("From"), "format": "%Y-%m-%d"},
        {"field": "value", "title": unit or _("Value")},
        {"field": "kind", "title": _("Period")},
    ]
    encoding = {"x": x, "y": y, "tooltip": tooltip} | ({"color": colour} if several else {})
    all_complete = len({value["kind"] for value in values}) == 1
    shape = {"field": "kind", "type": "nominal", "title": None, "scale": {"range": ["circle", "diamond"]}}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "data": {"values": values},
        "height": 220,
        "layer": [
            {"mark": {"type": "line", "invalid": "break-paths-show-domains"}, "encoding": encoding},
            {
                "mark": {"type": "point", "filled": True, "size": 60},
                "encoding": encoding if all_complete else encoding | {"shape": shape},
            },
        ],
    }
