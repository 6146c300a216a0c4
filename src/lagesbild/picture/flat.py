"""The picture as one flat table: every figure of the page in rows that a spreadsheet or a program reads.

Each row says which part it belongs to. Reservations and remarks are rows too, so that they follow the figures.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import get_language, gettext

from lagesbild.picture import charts, notes, present_beside, texts
from lagesbild.picture.content import Change, PictureContent

COLUMNS = (
    *("part", "code", "name", "from", "to", "n", "n_before", "change_pct", "change_low_pct", "change_high_pct"),
    *("p", "p_adjusted", "status", "p_hot_spot", "area_m2", "x", "y", "lon", "lat"),
    *("population", "rate", "rate_low", "rate_high", "index", "note"),
)
PARTS = (
    *("basis", "total", "hot_spot", "series", "week", "season", "category", "area", "zone", "report", "caveat", "note"),
)
# A spreadsheet takes a text that begins so for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

Row = dict[str, Any]


def to_csv(content: PictureContent, *, parts: Iterable[str] = PARTS) -> str:
    """Semicolons and decimal commas in Swedish, commas and points in English; hidden counts as "<5"."""
    swedish = not (get_language() or "sv").startswith("en")
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, delimiter=";" if swedish else ",", lineterminator="\r\n")
    writer.writeheader()
    for row in rows(content, set(parts)):
        writer.writerow({name: _cell(value, swedish=swedish) for name, value in row.items()})
    return out.getvalue()


def _cell(value: Any, *, swedish: bool) -> Any:
    if isinstance(value, float):
        text = f"{value:.6g}" if abs(value) < 1e6 else f"{value:.1f}"
        return text.replace(".", ",") if swedish else text
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


def rows(content: PictureContent, parts: set[str]) -> Iterator[Row]:
    """Every row of the chosen parts, in the order of the page. The mark of exercise and the caveats always follow."""
    makers = {
        "basis": _basis,
        "total": _total,
        "hot_spot": _hot_spots,
        "series": _series,
        "week": _week,
        "season": _season,
        "category": _categories,
        "area": _areas,
        "zone": _zones,
        "report": _reports,
        "caveat": _caveats,
        "note": _notes,
    }
    if content.is_exercise and "basis" not in parts:
        yield {"part": "basis", **_exercise_mark()}
    for part in PARTS:
        if part in parts or part == "caveat":
            yield from ({"part": part, **row} for row in makers[part](content))


def _exercise_mark() -> Row:
    return {"code": "exercise", "name": gettext("Exercise data – not real events")}


def _n(content: PictureContent, value: int | float | None) -> Any:
    threshold = content.disclosure.threshold
    return f"<{threshold}" if value is None and threshold else value


def _change(change: Change | None) -> Row:
    if change is None:
        return {}
    return {
        "change_pct": change.change_pct,
        "change_low_pct": None if change.low is None else (change.low - 1) * 100,
        "change_high_pct": None if change.high is None else (change.high - 1) * 100,
        "p": change.pvalue,
        "p_adjusted": change.p_adjusted,
    }


def _basis(content: PictureContent) -> Iterator[Row]:
    question = content.question
    if content.is_exercise:
        yield _exercise_mark()
    yield {"code": "collaboration", "name": question.collaboration_name}
    yield {"code": "period", "from": question.period.from_on, "to": question.period.last_on}
    if question.comparison_period is not None:
        yield {
            "code": "comparison",
            "name": texts.comparison_name(content),
            "from": question.comparison_period.from_on,
            "to": question.comparison_period.last_on,
        }
    for source in content.basis.sources:
        yield {"code": "source", "name": f"{source.name} ({source.owner})"}
    yield {"code": "data_version", "n": content.basis.data_version}


def _total(content: PictureContent) -> Iterator[Row]:
    totals = content.totals
    yield {"n": _n(content, totals.n), "n_before": totals.n_before, **_change(totals.change)}
    for code in ("n_points", "n_area_only", "n_municipality_only", "n_withheld", "n_hour_unknown"):
        yield {"code": code, "n": _n(content, getattr(totals, code))}


def _hot_spots(content: PictureContent) -> Iterator[Row]:
    for spot in content.hot_spots.spots if content.hot_spots else ():
        yield {
            "code": spot.rank,
            "name": texts.spot_name(spot.name),
            "n": _n(content, spot.n),
            "n_before": spot.n_before if spot.change is None else _n(content, spot.n_before),
            **_change(spot.change),
            "status": spot.status or "",
            "p_hot_spot": spot.p_adjusted,
            "area_m2": spot.area_m2,
            "x": spot.x,
            "y": spot.y,
            "lon": spot.lon,
            "lat": spot.lat,
            "note": present_beside.spot_zones(content, spot.rank),
        }


def _series(content: PictureContent) -> Iterator[Row]:
    for point in content.series.points:
        yield {
            "code": content.series.unit,
            "name": charts.step_name(content.series.unit, point),
            "from": point.from_on,
            "to": point.to_on,
            "n": _n(content, point.n),
            "n_before": point.n_before,
            "note": gettext("partial") if point.partial else "",
        }


def _week(content: PictureContent) -> Iterator[Row]:
    for weekday, values in enumerate(content.week.hours):
        name = str(WEEKDAYS[weekday]).capitalize()
        for hour, value in enumerate(values):
            yield {"code": f"{weekday + 1}-{hour:02d}", "name": f"{name} {hour:02d}", "n": _n(content, value)}
        unknown = content.week.hour_unknown[weekday]
        yield {"code": f"{weekday + 1}", "name": f"{name}, {gettext('hour unknown')}", "n": _n(content, unknown)}


def _season(content: PictureContent) -> Iterator[Row]:
    for row in content.season.months if content.season else ():
        yield {
            "code": row.month,
            "name": str(MONTHS[row.month]).capitalize(),
            "n": row.n,
            "index": row.index,
            "note": "" if row.days else gettext("not observed"),
        }


def _categories(content: PictureContent) -> Iterator[Row]:
    for row in content.categories:
        yield {
            "code": row.code,
            "name": texts.category_name(row),
            "n": _n(content, row.n),
            "n_before": row.n_before,
            **_change(row.change),
        }


def _areas(content: PictureContent) -> Iterator[Row]:
    for row in content.areas.rows if content.areas else ():
        yield {
            "code": row.code,
            "name": row.name,
            "n": _n(content, row.n),
            "n_before": row.n_before,
            **_change(row.change),
            "population": row.population,
            "rate": row.rate,
            "rate_low": row.rate_low,
            "rate_high": row.rate_high,
        }


def _zones(content: PictureContent) -> Iterator[Row]:
    """The first row is all zones together."""
    found = content.zones
    if found is None:
        return
    n, n_before = _n(content, found.n_inside), found.n_inside_before
    yield {"code": "all", "name": gettext("In any zone"), "n": n, "n_before": n_before, "note": found.on}
    for zone in found.zones:
        yield {"code": zone.id, "name": zone.name, "n": _n(content, zone.n), "n_before": zone.n_before}


def _reports(content: PictureContent) -> Iterator[Row]:
    """Field reports, apart from the events: all, by category, by how they are known."""
    found = content.reports
    if found is None:
        return
    yield {"code": "all", "name": gettext("Field reports"), "n": found.n, "n_before": found.n_before}
    for line in (*found.kinds, *found.certainties):
        yield {"code": line.code, "name": line.name, "n": line.n, "n_before": line.n_before}


def _caveats(content: PictureContent) -> Iterator[Row]:
    for caveat in content.caveats:
        about, text = texts.caveat(caveat)
        yield {"code": about, "name": text, "from": caveat.from_on, "to": caveat.to_on, "note": caveat.citation}


def _notes(content: PictureContent) -> Iterator[Row]:
    for note in content.notes:
        yield {"code": note.code, "name": notes.sentence(note)}
