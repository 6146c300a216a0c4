"""The measurements of one indicator as rows and as a line: gaps stay gaps, partial figures are hollow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lagesbild.core.errors import Text
from lagesbild.goals.models import Indicator, Measurement, SourceKind, Unit
from lagesbild.goals.queries import figure_text, value_text
from lagesbild.goals.rule import TargetKind
from lagesbild.observations.models import Caveat

WEAKNESSES: dict[str, Text] = {
    SourceKind.REGISTER_VICTIM: gettext_lazy("Mirrors how much people report, and how it is registered."),
    SourceKind.REGISTER_DETECTION: gettext_lazy("Mirrors how much the police look for it: more control, more reports."),
    SourceKind.REGISTER: gettext_lazy("Mirrors how it is registered."),
    SourceKind.SURVEY: gettext_lazy("Holds for those who were asked; different surveys are never complements."),
    SourceKind.OBSERVATION: gettext_lazy("Holds for the hours that were observed."),
    SourceKind.CONTACTS: gettext_lazy("Mirrors the work done as much as the need."),
    SourceKind.ASSESSMENT: gettext_lazy("People's judgement, not a measurement."),
}


@dataclass(frozen=True)
class MeasurementRow:
    """One measurement, in words. ``origin`` leads to what it was made from."""

    measurement: Measurement
    text: str
    last_day: date
    low: str
    high: str
    origin: str
    version: int | None


def measurement_rows(indicator: Indicator) -> list[MeasurementRow]:
    """Every measurement, oldest first."""
    return [_row(indicator, each) for each in indicator.measurements.all()]


def _row(indicator: Indicator, each: Measurement) -> MeasurementRow:
    return MeasurementRow(
        measurement=each,
        text=figure_text(indicator, each),
        last_day=each.period_to - timedelta(days=1),
        low="" if each.low is None else value_text(indicator, each.low),
        high="" if each.high is None else value_text(indicator, each.high),
        origin=origin_path(indicator, each),
        version=each.origin.get("data_version"),
    )


def origin_path(indicator: Indicator, each: Measurement) -> str:
    """The address of what the measurement was made from; empty where it was typed."""
    origin: dict[str, Any] = each.origin
    slug = indicator.collaboration.slug
    if origin.get("kind") == "series":
        return reverse("observations:series_table", args=[slug, origin["table"]])
    if origin.get("kind") == "incidents":
        return f"{reverse('picture:picture', args=[slug])}?{origin['query']}"
    if origin.get("kind") == "assessment":
        anchor = f"#answer-{origin['answer']}" if "answer" in origin else ""
        return reverse("scenes:scene", args=[slug, origin["scene"]]) + anchor
    if origin.get("kind") == "survey":
        return reverse("goals:indicator", args=[slug, origin["survey"]])
    if str(origin.get("kind", "")).startswith("actions"):
        return reverse("cooperation:actions", args=[slug])
    return ""


def weakness_of(indicator: Indicator) -> str:
    """What must be kept in mind about figures of this kind."""
    return str(WEAKNESSES[indicator.source_kind])


def caveats_of(indicator: Indicator) -> list[Caveat]:
    """The reservations about the category that its series is about."""
    if indicator.series is None or indicator.series.category is None:
        return []
    return list(indicator.series.category.caveats.all())


def chart_of(indicator: Indicator, rows: list[MeasurementRow]) -> dict[str, Any] | None:
    """A line over the periods, with the target; None where fewer than two figures are there, or yes and no."""
    whole = [row for row in rows if not row.measurement.gender and not row.measurement.age_group]
    if indicator.unit == Unit.YES_NO or sum(row.measurement.value is not None for row in whole) < 2:
        return None
    values = [
        {
            "label": row.measurement.label,
            "on": row.measurement.period_from.isoformat(),
            "value": row.measurement.value,
            "marked": _is_marked(row.measurement),
            "kind": _("part or uncertain") if _is_marked(row.measurement) else _("whole"),
        }
        for row in whole
        if row.measurement.value is not None or row.measurement.missing != "not_yet"
    ]
    order = [value["label"] for value in values]
    x = {
        "field": "label",
        "type": "ordinal",
        "sort": order,
        "title": None,
        "axis": {"labelAngle": 0, "labelOverlap": "greedy"},
    }
    y = {"field": "value", "type": "quantitative", "title": indicator.get_unit_display(), "scale": {"zero": True}}
    all_whole = not any(value["marked"] for value in values)
    shape = {
        "field": "kind",
        "type": "nominal",
        "title": None,
        "scale": {"domain": [_("whole"), _("part or uncertain")], "range": ["circle", "diamond"]},
        "legend": None if all_whole else {"orient": "bottom", "labelLimit": 300},
    }
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "line", "invalid": "break-paths-show-domains"}, "encoding": {"x": x, "y": y}},
        *(
            {
                "transform": [{"filter": f"datum.marked == {str(marked).lower()}"}],
                "mark": {"type": "point", "filled": not marked, "size": 80},
                "encoding": {"x": x, "y": y, "shape": shape},
            }
            for marked in (False, True)
        ),
    ]
    if indicator.target_kind != TargetKind.DIRECTION and indicator.target_value is not None:
        layers.append(
            {
                "data": {"values": [{"target": indicator.target_value}]},
                "mark": {"type": "rule", "strokeDash": [6, 4]},
                "encoding": {"y": {"field": "target", "type": "quantitative"}},
            }
        )
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "data": {"values": values},
        "height": 240,
        "layer": layers,
    }


def _is_marked(each: Measurement) -> bool:
    return each.is_partial or each.is_provisional or each.is_uncertain
