"""The charts of a picture as Vega-Lite specifications: the same for the page and for print.

Labels are made here in the active language; colours come from whoever draws. Nothing is counted here.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils.dates import MONTHS, MONTHS_3, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import get_language, gettext

from lagesbild.picture import texts
from lagesbild.picture.content import PictureContent, SeriesPoint

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
Spec = dict[str, Any]
BAR_SHARE = 0.84


def series_chart(content: PictureContent) -> Spec:
    """Events step by step, with the level of the comparison period over each; steps known in part are pale."""
    names = [gettext("The period"), gettext("Compared with")]
    rows = [_series_row(content, point) for point in content.series.points]
    colour = {"field": "series", "type": "nominal", "scale": {"domain": names}, "title": None}
    bars = {
        "mark": {"type": "rect", "clip": True},
        "transform": [{"filter": "isValid(datum.n)"}, {"calculate": f"'{names[0]}'", "as": "series"}],
        "encoding": {
            "x": {"field": "from", **_time_axis(content.series.unit)},
            "x2": {"field": "to"},
            "y": {"field": "n", "type": "quantitative", "title": gettext("Events"), "axis": {"tickMinStep": 1}},
            "y2": {"datum": 0},
            "color": colour,
            "opacity": {"condition": {"test": "datum.partial", "value": 0.45}, "value": 1},
            "tooltip": {"field": "label", "type": "nominal"},
        },
    }
    levels = {
        "mark": {"type": "rule", "strokeWidth": 3, "clip": True},
        "transform": [{"filter": "isValid(datum.before)"}, {"calculate": f"'{names[1]}'", "as": "series"}],
        "encoding": {
            "x": {"field": "from", **_time_axis(content.series.unit)},
            "x2": {"field": "to"},
            "y": {"field": "before", "type": "quantitative"},
            "color": colour,
            "tooltip": {"field": "label", "type": "nominal"},
        },
    }
    compared = any(row["before"] is not None for row in rows)
    return _spec(
        gettext("Events through the period. {headline}").format(headline=texts.headline(content)),
        rows,
        height=200,
        layer=[bars, levels] if compared else [bars],
    )


def _series_row(content: PictureContent, point: SeriesPoint) -> dict[str, Any]:
    length = timedelta(days=(point.to_on - point.from_on).days)
    start = timedelta(hours=length.days * 24 * (1 - BAR_SHARE) / 2)
    return {
        "from": _instant(point.from_on, start),
        "to": _instant(point.from_on, length - start),
        "n": point.n,
        "before": point.n_before,
        "partial": point.partial,
        "label": series_label(content, point),
    }


def series_label(content: PictureContent, point: SeriesPoint) -> str:
    """What one step says when it is pointed at."""
    hidden = content.disclosure.threshold
    text = gettext("{step}: {n} events").format(
        step=step_name(content.series.unit, point), n=texts.count(point.n, threshold=hidden)
    )
    if point.n_before is not None:
        text += gettext(", {before} before").format(before=texts.number(point.n_before))
    if point.partial:
        text += gettext(" ({days} days of it)").format(days=texts.number(point.days_covered))
    return text


def step_name(unit: str, point: SeriesPoint) -> str:
    """Week 12 2026, March 2026, or a date."""
    if unit == "week":
        year, week, _day = point.from_on.isocalendar()
        return gettext("Week {week} {year}").format(week=week, year=year)
    if unit == "month":
        return f"{MONTHS[point.from_on.month]} {point.from_on.year}"
    return texts.short_day(point.from_on)


def week_chart(content: PictureContent) -> Spec:
    """Hour × weekday, darker where more happens; squares without a colour are hidden."""
    days = [str(WEEKDAYS_ABBR[number]).capitalize() for number in range(7)]
    rows = [
        {
            "day": days[weekday],
            "hour": hour,
            "n": value,
            "label": _hour_label(weekday, hour, value, content.disclosure.threshold),
        }
        for weekday, values in enumerate(content.week.hours)
        for hour, value in enumerate(values)
    ]
    encoding = {
        "x": {
            "field": "hour",
            "type": "ordinal",
            "title": gettext("Hour"),
            "axis": {"labelAngle": 0, "labelExpr": "datum.value % 3 == 0 ? datum.label : ''", "ticks": False},
        },
        "y": {"field": "day", "type": "ordinal", "sort": days, "title": None, "axis": {"ticks": False}},
        "color": {
            "field": "n",
            "type": "quantitative",
            "title": gettext("Events"),
            "scale": {"domainMin": 0, "range": "ramp"},
            "legend": {"orient": "top", "gradientLength": 120, "gradientThickness": 10, "tickCount": 3},
        },
        "tooltip": {"field": "label", "type": "nominal"},
    }
    return _spec(
        gettext("Events by hour and weekday. {busiest}").format(busiest=busiest_sentence(content)),
        rows,
        height=190,
        mark={"type": "rect"},
        encoding=encoding,
    )


def _hour_label(weekday: int, hour: int, value: float | None, threshold: int | None) -> str:
    n = f"<{threshold}" if value is None else texts.number(round(value, 1))
    return gettext("{day} {hour}–{end}: {n} events").format(
        day=str(WEEKDAYS[weekday]).capitalize(), hour=f"{hour:02d}", end=f"{(hour + 1) % 24:02d}", n=n
    )


def busiest_sentence(content: PictureContent) -> str:
    """When most happens, in words; what a reader who does not see the chart needs."""
    hours = content.week.by_hour
    shown = [value for value in hours if value]
    if not shown or len(shown) < len([value for value in hours if value != 0.0]):
        return gettext("The hours are not known.") if not shown else ""
    start = max(range(24), key=lambda at: sum(hours[(at + step) % 24] or 0.0 for step in range(4)))
    share = sum(hours[(start + step) % 24] or 0.0 for step in range(4)) / sum(value or 0.0 for value in hours)
    return gettext("Most happens between {start} and {end}: {share} of all with a known hour.").format(
        start=f"{start:02d}", end=f"{(start + 4) % 24:02d}", share=f"{texts.number(round(share * 100))}\u00a0%"
    )


def season_chart(content: PictureContent) -> Spec:
    """The year's shape: index per month with its interval, and the average as a line."""
    months = [str(MONTHS_3[number]) for number in range(1, 13)]
    rows = [
        {
            "month": months[row.month - 1],
            "index": row.index,
            "low": row.low,
            "high": row.high,
            "label": month_label(content, row.month),
        }
        for row in (content.season.months if content.season else ())
        if row.index is not None
    ]
    x: Spec = {"field": "month", "type": "ordinal", "sort": months, "title": None, "scale": {"domain": months}}
    x["axis"] = {"labelAngle": 0, "labelOverlap": "parity"}
    y_title = gettext("Index (1 = an average month)")
    bars = {
        "mark": {"type": "bar", "opacity": 0.85},
        "encoding": {
            "x": x,
            "y": {"field": "index", "type": "quantitative", "title": y_title, "scale": {"zero": True}},
            "tooltip": {"field": "label", "type": "nominal"},
        },
    }
    intervals = {
        "mark": {"type": "rule", "strokeWidth": 1.5, "color": "#555"},
        "encoding": {"x": x, "y": {"field": "low", "type": "quantitative"}, "y2": {"field": "high"}},
    }
    average = {
        "mark": {"type": "rule", "strokeDash": [4, 3]},
        "encoding": {"y": {"datum": 1}},
    }
    return _spec(
        gettext("Events by calendar month, where 1 is an average month."),
        rows,
        height=190,
        layer=[bars, intervals, average],
    )


def month_label(content: PictureContent, month: int) -> str:
    """One month of the season in words."""
    row = content.season.months[month - 1] if content.season else None
    if row is None or row.index is None:
        return gettext("{month}: not observed").format(month=str(MONTHS[month]).capitalize())
    return gettext("{month}: {index} times an average month ({n} events)").format(
        month=str(MONTHS[month]).capitalize(), index=texts.number(row.index, decimals=2), n=texts.count(row.n)
    )


def _spec(description: str, rows: list[dict[str, Any]], *, height: int, **parts: Any) -> Spec:
    return {
        "$schema": SCHEMA,
        "description": description.strip(),
        "data": {"values": rows},
        "height": height,
        "config": {"locale": _locale()},
        **parts,
    }


def _time_axis(unit: str) -> dict[str, Any]:
    shown = "%b %Y" if unit == "month" else "%-d %b"
    return {
        "type": "temporal",
        "scale": {"type": "utc"},
        "title": None,
        "axis": {"format": shown, "labelAngle": 0, "labelOverlap": True, "grid": False, "tickCount": 8},
    }


def _instant(day: date, after: timedelta) -> str:
    """Bars begin and end within a day: seconds are near enough."""
    seconds = round(after.total_seconds())
    moved = day + timedelta(days=seconds // 86_400)
    rest = seconds % 86_400
    return f"{moved.isoformat()}T{rest // 3600:02d}:{rest % 3600 // 60:02d}:00Z"


def _locale() -> dict[str, Any]:
    """Numbers and dates of the axes as the reader writes them."""
    if (get_language() or "sv").startswith("en"):
        return {"number": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["", ""]}}
    return {
        "number": {"decimal": ",", "thousands": "\u00a0", "grouping": [3], "currency": ["", ""], "minus": "−"},
        "time": {
            "dateTime": "%A %e %B %Y %X",
            "date": "%Y-%m-%d",
            "time": "%H:%M:%S",
            "periods": ["fm", "em"],
            "days": [str(WEEKDAYS[number]) for number in (6, 0, 1, 2, 3, 4, 5)],
            "shortDays": [str(WEEKDAYS_ABBR[number]) for number in (6, 0, 1, 2, 3, 4, 5)],
            "months": [str(MONTHS[number]) for number in range(1, 13)],
            "shortMonths": [str(MONTHS_3[number]) for number in range(1, 13)],
        },
    }
