"""Reads a file of published or delivered figures: one row for each series and period.

Columns, in Swedish or English, in any order; those in brackets may be missing:

    [table] [table_title] [key] title unit [area_set] [area_code] [area] [category]
    period_from period_to (or period: 2018, 2018-03, 2018-Q1) value [printed] [partial] [provisional] [note] [citation]

``printed`` is the figure as its source writes it ("2 704", "-"); without the column it is what stands as value. An
empty value, or a dash, means that there was no figure, which is not zero. Nothing is stored here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from lagesbild.core.errors import UserError
from lagesbild.core.privacy import find_personal_numbers
from lagesbild.observations.importing import Limits, read_table

NAMES: dict[str, tuple[str, ...]] = {
    "table": ("table", "tabell"),
    "table_title": ("table_title", "tabelltitel"),
    "key": ("key", "serie", "series", "nyckel"),
    "title": ("title", "titel", "rubrik", "indikator", "indicator"),
    "unit": ("unit", "enhet"),
    "area_set": ("area_set", "områdesindelning"),
    "area_code": ("area_code", "områdeskod", "kod"),
    "area_text": ("area_text", "area", "område"),
    "category": ("category", "kategori"),
    "period": ("period", "år", "year", "månad"),
    "period_from": ("period_from", "from", "från"),
    "period_to": ("period_to", "to", "till"),
    "value": ("value", "värde", "antal"),
    "printed": ("printed", "tryckt"),
    "partial": ("partial", "ofullständig"),
    "provisional": ("provisional", "preliminär"),
    "note": ("note", "anmärkning", "not"),
    "citation": ("citation", "source", "källa"),
}
YES = {"yes", "ja", "true", "1", "x"}
NO = {"no", "nej", "false", "0", ""}
MISSING = {"", "-", "–", "..", "uppgift saknas"}
SERIES_LIMITS = Limits(max_bytes=20_000_000, max_rows=200_000)
PERIOD = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{2})|-?[QK](?P<quarter>[1-4]))?", re.IGNORECASE)


@dataclass(frozen=True)
class Figure:
    """One value over a half-open period; None where none was given."""

    period_from: date
    period_to: date
    value: float | None
    is_partial: bool
    is_provisional: bool
    note: str
    printed: str


@dataclass
class SeriesText:
    """One line of a table."""

    key: str
    title: str
    unit: str
    area_set: str
    area_code: str
    area_text: str
    category: str
    citation: str
    figures: list[Figure] = field(default_factory=list)


@dataclass
class TableText:
    """A table and its series, in the order of the file."""

    slug: str
    title: str
    citations: list[str] = field(default_factory=list)
    series: dict[str, SeriesText] = field(default_factory=dict)


class SeriesProblemsError(UserError):
    """Every row that cannot be used; ``problems`` are texts by row."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(
            "series.rows_refused",
            _("{n} rows cannot be used, so nothing was stored. The first: {first}"),
            n=len(problems),
            first=problems[0],
        )
        self.problems = problems


def read_series(path: Path, *, slug: str = "", title: str = "") -> list[TableText]:
    """The tables of a file. ``slug`` and ``title`` are for a file that is one table and does not say so itself.

    Raises `SeriesProblemsError` with every row that is wrong, and `UserError` if the file is no such table.
    """
    raw = read_table(path, limits=SERIES_LIMITS)
    columns = _columns(raw.columns)
    tables: dict[str, TableText] = {}
    problems: list[str] = []
    for number, values in zip(raw.row_numbers(), raw.frame.iter_rows(named=True), strict=True):
        row = {name: (values[column] or "").strip() for name, column in columns.items()}
        if not any(row.values()):
            continue
        try:
            _add(tables, row, slug=slug, title=title)
        except RowError as error:
            problems.append(str(_("Row {row}: {problem}")).format(row=number, problem=error))
    if problems:
        raise SeriesProblemsError(problems)
    if not tables:
        raise UserError("series.empty", _("The file has no figures."))
    return list(tables.values())


class RowError(Exception):
    """What is wrong with one row, in words."""


def _columns(found: list[str]) -> dict[str, str]:
    by_name = {column.strip().casefold().replace(" ", "_"): column for column in found}
    columns = {
        name: by_name[spelling]
        for name, spellings in NAMES.items()
        for spelling in spellings[::-1]
        if spelling in by_name
    }
    for needed in ("title", "value"):
        if needed not in columns:
            raise UserError(
                "series.column_missing",
                _('There is no column "{column}". A table of figures has title, unit, period and value.'),
                column=needed,
            )
    if "period" not in columns and not {"period_from", "period_to"} <= set(columns):
        raise UserError("series.period_missing", _("There is no column for the period."))
    return columns


def _add(tables: dict[str, TableText], row: dict[str, str], *, slug: str, title: str) -> None:
    for text in row.values():
        if find_personal_numbers(text):
            raise RowError(_("the row holds a personal identity number. Take it out."))
    figure = _figure(row)
    table_slug = slugify(row.get("table", "") or slug or title)
    if not table_slug:
        raise RowError(_("the table has no name."))
    table = tables.setdefault(table_slug, TableText(table_slug, row.get("table_title", "") or title or table_slug))
    citation = row.get("citation", "")
    if citation and citation not in table.citations:
        table.citations.append(citation)
    series = _series(table, row, citation)
    if any((f.period_from, f.period_to) == (figure.period_from, figure.period_to) for f in series.figures):
        raise RowError(_("the same series and period stands in an earlier row too."))
    series.figures.append(figure)


def _series(table: TableText, row: dict[str, str], citation: str) -> SeriesText:
    if not row["title"]:
        raise RowError(_("the series has no title."))
    described = "-".join(part for part in (row["title"], row.get("area_text", ""), row.get("category", "")) if part)
    key = slugify(row.get("key", "") or described)[:80].strip("-")
    made = SeriesText(
        key=key,
        title=row["title"],
        unit=row.get("unit", ""),
        area_set=row.get("area_set", ""),
        area_code=row.get("area_code", ""),
        area_text=row.get("area_text", ""),
        category=row.get("category", ""),
        citation=citation,
    )
    series = table.series.setdefault(key, made)
    if (series.title, series.unit, series.area_code, series.category) != (
        made.title,
        made.unit,
        made.area_code,
        made.category,
    ):
        raise RowError(_('the series "{key}" has another title, unit, area or category above.').format(key=key))
    return series


def _figure(row: dict[str, str]) -> Figure:
    period_from, period_to = period_of(row)
    if period_to <= period_from:
        raise RowError(_("the period ends before it begins."))
    return Figure(
        period_from=period_from,
        period_to=period_to,
        value=value_of(row["value"]),
        is_partial=flag_of(row.get("partial", "")),
        is_provisional=flag_of(row.get("provisional", "")),
        note=row.get("note", "")[:300],
        printed=(row["printed"] if "printed" in row else row["value"])[:40],
    )


def period_of(row: dict[str, str]) -> tuple[date, date]:
    """Half-open, from the columns ``period`` or ``period_from`` and ``period_to``."""
    if row.get("period_from") and row.get("period_to"):
        return date_of(row["period_from"]), date_of(row["period_to"])
    match = PERIOD.fullmatch(row.get("period", ""))
    if match is None or not 1 <= int(match["month"] or 1) <= 12:
        raise RowError(
            _('"{text}" is not a period. Write it like 2018, 2018-03 or 2018-Q1.').format(text=row.get("period", ""))
        )
    year, month, months = int(match["year"]), 1, 12
    if match["month"]:
        month, months = int(match["month"]), 1
    elif match["quarter"]:
        month, months = int(match["quarter"]) * 3 - 2, 3
    end = month + months
    return date(year, month, 1), date(year + (end > 12), end - 12 if end > 12 else end, 1)


def date_of(text: str) -> date:
    """A day as 2026-02-28."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise RowError(_('"{text}" is not a date. Write it like 2026-02-28.').format(text=text)) from error


def value_of(text: str) -> float | None:
    """A number as people write it; None where a dash or nothing stands."""
    if text.casefold() in MISSING:
        return None
    plain = re.sub(r"[\s\u00a0\u202f]", "", text).replace("−", "-").replace(",", ".")
    if not re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?", plain):
        raise RowError(_('"{text}" is not a number. Leave it empty if there is no figure.').format(text=text))
    return float(plain)


def flag_of(text: str) -> bool:
    """Yes or no; nothing is no."""
    if text.casefold() in YES:
        return True
    if text.casefold() in NO:
        return False
    raise RowError(_('"{text}" is neither yes nor no.').format(text=text))
