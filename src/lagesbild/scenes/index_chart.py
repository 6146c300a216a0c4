"""The drawing of index against judgement: one row an indicator, each scene a mark whose form is its judgement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from lagesbild.scenes.deep_chart import SCHEMA
from lagesbild.scenes.index_values import Agreed
from lagesbild.scenes.indicators import ANSWERS
from lagesbild.scenes.rule import Answer

SHAPES = {Answer.NO: "circle", Answer.PARTLY: "diamond", Answer.YES: "triangle-up"}


def agreement(rows: Sequence[Agreed], *, description: str) -> dict[str, Any]:
    """Where index and judgement agree, the marks for yes lie to the right of those for no."""
    values = [
        {
            "indicator": str(row.indicator.number),
            "index": round(point.value, 1),
            "judged": str(ANSWERS[point.answer]),
            "scene": f"{point.scene.name} {point.year}",
        }
        for row in rows
        for point in row.points
    ]
    judged = [str(ANSWERS[each]) for each in SHAPES]
    names = [str(row.indicator.number) for row in rows if row.points]
    return {
        "$schema": SCHEMA,
        "description": description,
        "data": {"values": values},
        "height": 44 * max(1, len(names)),
        "mark": {"type": "point", "filled": True, "size": 110, "opacity": 0.85},
        "encoding": {
            "x": {
                "field": "index",
                "type": "quantitative",
                "title": _("Index"),
                "scale": {"domain": [0, 100]},
            },
            "y": {"field": "indicator", "type": "nominal", "sort": names, "title": _("Indicator")},
            "shape": {
                "field": "judged",
                "type": "nominal",
                "title": _("Judged"),
                "scale": {"domain": judged, "range": list(SHAPES.values())},
            },
            "color": {"field": "judged", "type": "nominal", "title": _("Judged"), "scale": {"domain": judged}},
            "tooltip": [
                {"field": "scene", "type": "nominal", "title": _("Scene")},
                {"field": "index", "type": "quantitative", "title": _("Index")},
                {"field": "judged", "type": "nominal", "title": _("Judged")},
            ],
        },
    }
