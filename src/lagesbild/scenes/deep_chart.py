"""The drawing of a deep dive: every track on one axis of time, incidents below on the same axis."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from lagesbild.picture.content import SeriesPoint
from lagesbild.scenes.deep_items import Item, lanes

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
LONGEST_DAYS = 366 * 15
MARGIN = {
    "minExtent": 140,
    "maxExtent": 140,
    "labelLimit": 136,
}  # the same in both drawings, so that their months stand in line


def domain(items: Sequence[Item], today: date) -> tuple[date, date]:
    """From the first thing known to today, at least a year and at most fifteen."""
    first = min((item.from_on for item in items), default=today)
    last = max([today, *(item.to_on or item.from_on for item in items)])
    first = max(min(first, last - timedelta(days=365)), last - timedelta(days=LONGEST_DAYS))
    return first, last


def tracks(items: Sequence[Item], span: tuple[date, date], *, description: str) -> dict[str, Any]:
    """Moments as points, what lasts as bars; one row for each track, empty ones too."""
    names = [str(name) for name in lanes().values()]
    y = {"field": "track", "type": "nominal", "sort": names, "title": None, "axis": MARGIN, "scale": {"domain": names}}
    tooltip = [{"field": "title", "type": "nominal"}, {"field": "from", "type": "temporal"}]
    values = [
        {
            "track": item.lane_name,
            "title": item.title,
            "from": max(item.from_on, span[0]).isoformat(),
            "to": (item.to_on or item.from_on).isoformat(),
        }
        for item in items
        if (item.to_on or item.from_on) >= span[0]
    ]
    return {
        "$schema": SCHEMA,
        "description": description,
        "data": {"values": values},
        "height": 26 * len(names),
        "encoding": {"x": _axis("from"), "y": y},
        "layer": [
            _ends("from", span) | {"encoding": {"y": {"datum": names[0]}}},
            {"mark": {"type": "rule", "size": 5, "opacity": 0.6}, "encoding": {"x2": {"field": "to"}}},
            {"mark": {"type": "point", "filled": True, "size": 60}, "encoding": {"tooltip": tooltip}},
        ],
    }


def incidents(points: Sequence[SeriesPoint], span: tuple[date, date], *, title: str) -> dict[str, Any]:
    """Incidents by month; a hidden number and a month without data are gaps, never zero."""
    values = [{"on": point.from_on.isoformat(), "n": point.n} for point in points]
    y = {"field": "n", "type": "quantitative", "title": None, "axis": MARGIN}
    return {
        "$schema": SCHEMA,
        "description": title,
        "data": {"values": values},
        "height": 140,
        "encoding": {"x": _axis("on")},
        "layer": [
            _ends("on", span),
            {
                "mark": {"type": "line", "point": True, "invalid": "break-paths-show-domains"},
                "encoding": {"y": y},
            },
        ],
    }


def _ends(field: str, span: tuple[date, date]) -> dict[str, Any]:
    """Two points that nobody sees, so that both drawings have the same axis."""
    return {"data": {"values": [{field: day.isoformat()} for day in span]}, "mark": {"type": "point", "opacity": 0}}


def _axis(field: str) -> dict[str, Any]:
    return {
        "field": field,
        "type": "temporal",
        "title": None,
        "scale": {"type": "utc", "nice": False},
        "axis": {"format": "%Y-%m", "labelAngle": 0, "labelOverlap": True, "tickCount": 8},
    }
