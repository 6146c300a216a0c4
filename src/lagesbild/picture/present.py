"""A picture as the lines that a template shows: every number already a text in the reader's language.

Used for the live page and the frozen one alike; no query, no request.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.dates import MONTHS, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext

from lagesbild.picture import charts, notes, present_beside, texts
from lagesbild.picture.content import AreaRow, CategoryRow, Change, HotSpot, PictureContent

FIRST_AREAS, MOST_AREAS = 12, 120
FIRST_CAVEATS = 4
HEAT_STEPS = 8


@dataclass(frozen=True)
class ChangeLine:
    """A change with what it rests on. ``direction`` is up or down only where it is more than chance."""

    size: str
    interval: str
    p: str
    direction: str


@dataclass(frozen=True)
class SpotLine:
    rank: int
    name: str
    status: str
    status_name: str
    n: str
    n_before: str
    change: ChangeLine | None
    p: str
    size: str
    zones: str = ""


@dataclass(frozen=True)
class TableLine:
    """One category or area."""

    code: str
    name: str
    depth: int
    n: str
    n_before: str
    change: ChangeLine | None
    badge: str = ""
    population: str = ""
    rate: str = ""
    rate_interval: str = ""
    area_id: int = 0


@dataclass(frozen=True)
class Cell:
    text: str
    level: int
    title: str


@dataclass(frozen=True)
class CaveatLine:
    about: str
    text: str
    source: str


def presented(content: PictureContent) -> dict[str, Any]:
    """Everything that ``picture/_content.html`` needs, but for addresses."""
    return {
        "content": content,
        "map_id": "map-points" if content.hot_spots else "map-areas",
        "narrowed": texts.narrowed(content.question),
        "headline": texts.headline(content),
        "period": texts.period(content.question.period),
        "comparison": _comparison(content),
        "metrics": _metrics(content),
        "spots": [_spot(content, spot) for spot in content.hot_spots.spots] if content.hot_spots else [],
        "spot_summary": texts.hot_spot_summary(content.hot_spots.spots) if content.hot_spots else "",
        "grid": _grid(content),
        "categories": [_category(content, row) for row in content.categories],
        "areas": [_area(content, row) for row in content.areas.rows[:FIRST_AREAS]] if content.areas else [],
        "more_areas": [_area(content, row) for row in content.areas.rows[FIRST_AREAS:MOST_AREAS]]
        if content.areas
        else [],
        "n_areas_left": max(0, len(content.areas.rows) - MOST_AREAS) if content.areas else 0,
        "has_rates": bool(content.areas and content.areas.population_kind),
        "population": _population(content),
        "caveats": _caveats(content)[:FIRST_CAVEATS],
        "more_caveats": _caveats(content)[FIRST_CAVEATS:],
        "remarks": [notes.sentence(note) for note in content.notes],
        "series_chart": charts.series_chart(content),
        "series_lines": _series(content),
        "week_chart": charts.week_chart(content) if any(content.week.by_hour) else None,
        "week_head": [f"{hour:02d}" for hour in range(24)],
        "week_lines": _week(content),
        "busiest": charts.busiest_sentence(content),
        "season_chart": charts.season_chart(content) if content.season else None,
        "season_lines": _season(content),
        "season_period": texts.period(content.season.period) if content.season else "",
        "methods": sorted(content.basis.method_versions.items()),
        "sources": [f"{source.name} ({source.owner})" for source in content.basis.sources],
        "reports": present_beside.report_lines(content),
        "zones": present_beside.zone_lines(content),
        "exercise": content.is_exercise,
    }


def change_line(change: Change | None) -> ChangeLine | None:
    if change is None:
        return None
    clear = change.is_clear and change.ratio is not None
    direction = ("up" if (change.ratio or 1.0) > 1 else "down") if clear else ""
    p = change.pvalue if change.p_adjusted is None else change.p_adjusted
    return ChangeLine(texts.percent(change), texts.interval(change), texts.p_value(p), direction)


def _comparison(content: PictureContent) -> str:
    earlier = content.question.comparison_period
    return "" if earlier is None else f"{texts.comparison_name(content)} ({texts.period(earlier)})"


@dataclass(frozen=True)
class Metric:
    label: str
    figure: str
    note: str
    direction: str = ""


def _metrics(content: PictureContent) -> list[Metric]:
    totals, threshold = content.totals, content.disclosure.threshold
    found = [
        Metric(
            gettext("Events"),
            texts.count(totals.n, threshold=threshold),
            gettext("in {days} days").format(days=texts.number(totals.days)),
        )
    ]
    change = change_line(totals.change)
    if change is not None:
        before = texts.count(totals.n_before, threshold=threshold)
        note = gettext("from {before}; 95 % interval {interval}, p {p}")
        found.append(
            Metric(
                gettext("Difference"),
                change.size,
                note.format(before=before, interval=change.interval, p=change.p),
                change.direction,
            )
        )
    if content.hot_spots is not None:
        spots = content.hot_spots.spots
        now = [spot for spot in spots if spot.status != "fading"]
        found.append(Metric(gettext("Hot spots"), texts.number(len(now)), texts.hot_spot_summary(spots)))
    if totals.n and totals.n_points:
        share = f"{texts.number(round(100 * totals.n_points / totals.n))}\u00a0%"
        located = texts.events(totals.n_points)
        found.append(
            Metric(gettext("Placed on the map"), share, gettext("{events} have a point").format(events=located))
        )
    return found


def _spot(content: PictureContent, spot: HotSpot) -> SpotLine:
    hidden = content.disclosure.threshold
    return SpotLine(
        rank=spot.rank,
        name=texts.spot_name(spot.name),
        status=spot.status or "",
        status_name=texts.status(spot.status),
        n=texts.count(spot.n, threshold=hidden),
        n_before="–" if content.totals.days_before == 0 else texts.count(spot.n_before, threshold=hidden),
        change=change_line(spot.change),
        p=texts.p_value(spot.p_adjusted),
        zones=present_beside.spot_zones(content, spot.rank),
        size=gettext("{hectares} ha").format(hectares=texts.number(round(spot.area_m2 / 10_000, 1))),
    )


def _grid(content: PictureContent) -> str:
    """What the hot-spot map was made with, in a sentence: always beside it."""
    if content.hot_spots is None:
        return ""
    grid = content.hot_spots.grid
    return gettext(
        "{points} points in {cells} squares of {cell} m ({area}). A square is tested with those within {radius} m "
        "(Getis-Ord Gi*), and p is corrected for all squares (Benjamini-Hochberg, {alpha}). Hot spots have at least "
        "{least} events. The colours are smoothed over {bandwidth} m (quartic kernel)."
    ).format(
        points=texts.number(grid.n_points),
        cells=texts.number(grid.n_cells),
        cell=texts.number(grid.cell_m),
        area=grid.study_area or gettext("the rectangle round the events"),
        radius=texts.number(grid.radius_m),
        alpha=f"{texts.number(round(grid.alpha * 100))}\u00a0%",
        least=texts.number(grid.min_count),
        bandwidth=texts.number(grid.bandwidth_m),
    )


def _category(content: PictureContent, row: CategoryRow) -> TableLine:
    hidden = content.disclosure.threshold
    return TableLine(
        code=row.code,
        name=texts.category_name(row),
        depth=row.depth,
        n=texts.count(row.n, threshold=hidden),
        n_before="–" if content.totals.days_before == 0 else texts.count(row.n_before, threshold=hidden),
        change=change_line(row.change),
        badge=gettext("Detection crime") if row.detection == "detected" else "",
    )


def _area(content: PictureContent, row: AreaRow) -> TableLine:
    hidden = content.disclosure.threshold
    return TableLine(
        code=row.code,
        name=row.name,
        depth=0,
        n=texts.count(row.n, threshold=hidden),
        n_before="–" if content.totals.days_before == 0 else texts.count(row.n_before, threshold=hidden),
        change=change_line(row.change),
        population="" if row.population is None else texts.number(round(row.population)),
        rate=texts.rate(row),
        rate_interval=_rate_interval(row),
        area_id=row.id,
    )


def _rate_interval(row: AreaRow) -> str:
    if row.rate_low is None or row.rate_high is None:
        return ""
    return f"{texts.number(round(row.rate_low))}–{texts.number(round(row.rate_high))}"


def _population(content: PictureContent) -> str:
    table = content.areas
    if table is None or not table.population_kind:
        return ""
    kinds = {"residents": gettext("residents"), "ambient": gettext("people present")}
    return gettext("Rate per {per} {kind} and year. Population: {source}.").format(
        per=texts.number(table.per),
        kind=kinds.get(table.population_kind, table.population_kind),
        source=table.population_source,
    )


def _caveats(content: PictureContent) -> list[CaveatLine]:
    """Reservations with the same words are one line about several things."""
    lines: dict[tuple[str, str], list[str]] = {}
    for caveat in content.caveats:
        about, text = texts.caveat(caveat)
        lines.setdefault((text, caveat.citation), []).append(about)
    return [CaveatLine(", ".join(dict.fromkeys(about)), text, source) for (text, source), about in lines.items()]


def _series(content: PictureContent) -> list[dict[str, str]]:
    hidden = content.disclosure.threshold
    compared = any(point.n_before is not None for point in content.series.points)
    return [
        {
            "name": charts.step_name(content.series.unit, point),
            "n": texts.count(point.n, threshold=hidden if point.days_covered else None),
            "n_before": texts.count(point.n_before, threshold=hidden) if compared else "–",
            "partial": gettext("{days} days of it").format(days=texts.number(point.days_covered))
            if point.partial
            else "",
        }
        for point in content.series.points
    ]


def _week(content: PictureContent) -> list[dict[str, Any]]:
    top = max((value or 0.0 for row in content.week.hours for value in row), default=0.0)
    hidden = content.disclosure.threshold
    lines = []
    for weekday, values in enumerate(content.week.hours):
        cells = [_cell(weekday, hour, value, top, hidden) for hour, value in enumerate(values)]
        lines.append(
            {
                "name": str(WEEKDAYS_ABBR[weekday]).capitalize(),
                "full_name": str(WEEKDAYS[weekday]).capitalize(),
                "cells": cells,
                "unknown": texts.count(content.week.hour_unknown[weekday], threshold=hidden),
                "total": _profile_number(content.week.by_weekday[weekday], hidden),
                "before": _profile_number(content.week.by_weekday_before[weekday], hidden)
                if content.week.by_weekday_before
                else "–",
            }
        )
    return lines


def _cell(weekday: int, hour: int, value: float | None, top: float, hidden: int | None) -> Cell:
    level = 0 if not value or not top else max(1, round(HEAT_STEPS * value / top))
    return Cell(_profile_number(value, hidden), level, f"{WEEKDAYS[weekday]} {hour:02d}")


def _profile_number(value: float | None, hidden: int | None) -> str:
    if value is None:
        return f"<{hidden}" if hidden else "–"
    return texts.number(round(value)) if value >= 10 or value == round(value) else texts.number(value, decimals=1)


def _season(content: PictureContent) -> list[dict[str, str]]:
    return [
        {
            "name": str(MONTHS[row.month]).capitalize(),
            "n": texts.count(row.n, threshold=content.disclosure.threshold if row.days else None),
            "index": "–" if row.index is None else texts.number(row.index, decimals=2),
            "interval": "–"
            if row.low is None or row.high is None
            else f"{texts.number(row.low, decimals=2)}–{texts.number(row.high, decimals=2)}",
        }
        for row in (content.season.months if content.season else ())
    ]
