"""The figures of a printed picture: the map, and the charts from the same specifications as on the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import vl_convert
from django.utils.translation import gettext

from lagesbild.core.documents import Figure
from lagesbild.picture import charts, texts
from lagesbild.picture.content import PictureContent
from lagesbild.picture.printing.map_svg import Backdrop, area_classes, draw_map

PRINT_LOOK = {
    "font": "Libertinus Serif",  # comes with Typst; Word falls back to its own
    "background": "white",
    "mark": {"color": "#0b5a6f"},
    "bar": {"color": "#0b5a6f"},
    "range": {
        "category": ["#0b5a6f", "#c8622d", "#5b6b78"],
        "heatmap": ["#fbf3df", "#f0c987", "#e39a5b", "#cb6240", "#8f2d2a"],
        "ramp": ["#fbf3df", "#f0c987", "#e39a5b", "#cb6240", "#8f2d2a"],
    },
}


def map_figure(content: PictureContent, backdrop: Backdrop) -> Figure | None:
    """The map with its legend in words, or None when there is nothing to draw."""
    svg = draw_map(content, backdrop, legend=_legend(content), title=gettext("Map"))
    if svg is None:
        return None
    if content.hot_spots is None:
        caption = gettext("Events by area. White: no figure.")
        alt = gettext("Map of areas shaded by their figures. The table below has the same facts.")
    else:
        caption = gettext("Events per km² in the period, and hot spots by number. Dashed: fading.")
        alt = gettext("Map with {n} numbered hot spots. The table below has the same facts.").format(
            n=len(content.hot_spots.spots)
        )
    return Figure(svg=svg, caption=caption, alt=alt)


def _legend(content: PictureContent) -> list[str]:
    if content.hot_spots is not None:
        limits = [(each.low, each.high) for each in content.hot_spots.density]
    else:
        limits = area_classes(content)
    return [_short(low) if low == high else f"{_short(low)}–{_short(high)}" for low, high in limits]


def _short(value: float) -> str:
    return texts.number(float(f"{value:.3g}"))


def time_figures(content: PictureContent) -> list[Figure]:
    """Series, hour × weekday and season, those that there are."""
    figures = [
        _figure(charts.series_chart, content, gettext("Events through the period"), width=640),
        _figure(charts.week_chart, content, gettext("Hour and weekday"), width=640),
    ]
    if content.season is not None:
        figures.append(_figure(charts.season_chart, content, gettext("Season: index 1 is an average month"), width=640))
    return figures


def _figure(
    chart: Callable[[PictureContent], Mapping[str, Any]], content: PictureContent, caption: str, *, width: int
) -> Figure:
    spec = dict(chart(content))
    spec["width"] = width
    spec["autosize"] = {"type": "fit", "contains": "padding"}
    spec["config"] = {**spec.get("config", {}), **PRINT_LOOK}
    alt = str(spec.get("description") or caption)
    return Figure(svg=vl_convert.vegalite_to_svg(spec), caption=caption, alt=alt)
