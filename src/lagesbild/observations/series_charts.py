"""Charts of published figures as Vega-Lite specifications. A missing figure is a gap, never a zero."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from lagesbild.observations.models import Series

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
    shape = {"field": "kind", "type": "nominal", "title": None, "scale": {"range": ["circle", "diamond"]}}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "data": {"values": values},
        "height": 220,
        "layer": [
            {"mark": {"type": "line", "invalid": "break-paths-show-domains"}, "encoding": encoding},
            {"mark": {"type": "point", "filled": True, "size": 60}, "encoding": encoding | {"shape": shape}},
        ],
    }
