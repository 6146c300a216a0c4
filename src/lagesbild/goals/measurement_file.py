"""Reads a table of measurements: one row for each indicator, period, gender and age group. Nothing is stored here.

Columns, in Swedish or English, in any order; those in brackets may be missing:

    [indicator] period (2018, 2018-03, 2018-Q1; or from, to) value [gender] [age_group] [n] [low] [high] [label]
    [missing] [partial] [provisional] [uncertain] [break] [note] [method] [source]

An empty value, or a dash, was not measured, which is not zero; ``missing`` may say "not yet" or "withheld" instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from lagesbild.core.errors import UserError
from lagesbild.core.privacy import find_personal_numbers
from lagesbild.goals.measurement_text import MeasurementText
from lagesbild.goals.models import Indicator, Missing
from lagesbild.observations.importing import Limits, read_table
from lagesbild.observations.series_file import RowError, flag_of, period_of, value_of

NAMES: dict[str, tuple[str, ...]] = {
    "indicator": ("indicator", "indikator"),
    "period": ("period", "år", "year", "månad"),
    "period_from": ("period_from", "from", "från"),
    "period_to": ("period_to", "to", "till"),
    "label": ("label", "rubrik"),
    "value": ("value", "värde", "antal"),
    "missing": ("missing", "saknas"),
    "gender": ("gender", "kön"),
    "age_group": ("age_group", "ålder", "åldersgrupp"),
    "n": ("n", "svarande"),
    "low": ("low", "lägst", "nedre"),
    "high": ("high", "högst", "övre"),
    "partial": ("partial", "ofullständig"),
    "provisional": ("provisional", "preliminär"),
    "uncertain": ("uncertain", "osäker"),
    "break": ("break", "ny_mätning"),
    "note": ("note", "anmärkning", "not"),
    "method": ("method", "metod"),
    "source": ("source", "källa"),
}
GENDERS = {
    "": "", "alla": "", "all": "", "women": "women", "kvinnor": "women", "flickor": "women", "men": "men", "män": "men",
    "pojkar": "men", "other": "other", "annat": "other", "unknown": "unknown", "okänt": "unknown",
}  # fmt: skip
AGES = {"alla": "", "all": "", "okänd": "unknown", "okänt": "unknown"}
WHY_NOT = {
    "": Missing.NOT_MEASURED, "inte mätt": Missing.NOT_MEASURED, "not measured": Missing.NOT_MEASURED,
    "inte än": Missing.NOT_YET, "not yet": Missing.NOT_YET, "undanhållet": Missing.WITHHELD,
    "withheld": Missing.WITHHELD,
}  # fmt: skip
LIMITS = Limits(max_bytes=5_000_000, max_rows=20_000)
NO_PERIOD = (date.min, date.min)  # stands in for one that could not be read
Parsed = TypeVar("Parsed")


class MeasurementProblemsError(UserError):
    """Every row and column that cannot be used; ``problems`` are texts."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(
            "measurements.rows_refused",
            _("{n} problems, so nothing was stored. The first: {first}"),
            "file",
            n=len(problems),
            first=problems[0],
        )
        self.problems = problems


@dataclass
class _Row:
    """The texts of one row, and what is wrong with them."""

    number: int
    texts: dict[str, str]
    problems: list[str]

    def parsed(self, column: str, parse: Callable[[str], Parsed], default: Parsed) -> Parsed:
        try:
            return parse(self.texts.get(column, ""))
        except RowError as error:
            self.wrong(column, str(error))
            return default

    def wrong(self, column: str, problem: str) -> None:
        text = _('Row {row}, column "{column}": {problem}')
        self.problems.append(str(text).format(row=self.number, column=column, problem=problem))


def read_measurements(
    path: Path, indicators: Mapping[str, Indicator], *, chosen: Indicator | None, source: str
) -> list[tuple[Indicator, list[MeasurementText]]]:
    """The figures of the file by indicator; ``indicators`` are those that may be written, by code.

    Raises:
        MeasurementProblemsError: with every row and column that is wrong.
        UserError: the file is no such table.
    """
    raw = read_table(path, limits=LIMITS)
    columns = _columns(raw.columns)
    problems: list[str] = []
    found: dict[str, list[MeasurementText]] = {}
    first_rows: dict[tuple[object, ...], int] = {}
    for number, values in zip(raw.row_numbers(), raw.frame.iter_rows(named=True), strict=True):
        row = _Row(number, {name: (values[column] or "").strip() for name, column in columns.items()}, [])
        if not any(row.texts.values()):
            continue
        indicator = _indicator(row, indicators, chosen)
        text = _text(row, source)
        key = indicator.code if indicator else "", text.period_from, text.period_to, text.gender, text.age_group
        if not row.problems and first_rows.setdefault(key, number) != number:
            again = _("the same period, gender and age stands in row {row}, too.")
            row.wrong("period", str(again).format(row=first_rows[key]))
        problems += row.problems
        if indicator is not None and not row.problems:
            found.setdefault(indicator.code, []).append(text)
    if problems:
        raise MeasurementProblemsError(problems)
    if not found:
        raise UserError("measurements.empty", _("The file has no figures."), "file")
    known = dict(indicators) | ({chosen.code: chosen} if chosen else {})
    return [(known[code], texts) for code, texts in found.items()]


def _columns(found: list[str]) -> dict[str, str]:
    by_name = {column.strip().casefold().replace(" ", "_"): column for column in found}
    columns = {
        name: by_name[spelling]
        for name, spellings in NAMES.items()
        for spelling in spellings[::-1]
        if spelling in by_name
    }
    if "value" not in columns:
        raise UserError("measurements.no_value", _('There is no column "value".'), "file")
    if "period" not in columns and not {"period_from", "period_to"} <= set(columns):
        raise UserError("measurements.no_period", _("There is no column for the period."), "file")
    return columns


def _indicator(row: _Row, indicators: Mapping[str, Indicator], chosen: Indicator | None) -> Indicator | None:
    code = row.texts.get("indicator", "")
    if not code and chosen is not None:
        return chosen
    found = indicators.get(code)
    if found is None:
        row.wrong("indicator", str(_('"{code}" is no indicator of your organisation.')).format(code=code))
    elif found.series_id is not None or found.definition:
        row.wrong("indicator", str(_("its figures are made from a table or computed.")))
    return found


def _text(row: _Row, source: str) -> MeasurementText:
    """The row as a figure. What could not be read is told in the row's problems."""
    texts = row.texts
    if any(find_personal_numbers(text) for text in texts.values()):
        row.wrong("–", str(_("the row holds a personal identity number. Take it out.")))
    period_from, period_to = row.parsed("period", lambda _text: period_of(texts), NO_PERIOD)
    if period_to <= period_from and (period_from, period_to) != NO_PERIOD:
        row.wrong("period", str(_("the period ends before it begins.")))
    value = row.parsed("value", value_of, None)
    low, high = row.parsed("low", value_of, None), row.parsed("high", value_of, None)
    if (low is None) != (high is None) or (low is not None and high is not None and low > high):
        row.wrong("high", str(_("give both ends of the interval, the lower first.")))
    cited = texts.get("source", "") or source
    if not cited:
        row.wrong("source", str(_("say where the figure comes from.")))
    return MeasurementText(
        period_from=period_from,
        period_to=period_to,
        label=(texts.get("label", "") or texts.get("period", "") or period_from.isoformat())[:40],
        value=value,
        missing="" if value is not None else row.parsed("missing", _why_not, ""),
        printed=texts["value"][:40],
        gender=row.parsed("gender", _gender, ""),
        age_group=AGES.get(texts.get("age_group", "").casefold(), texts.get("age_group", ""))[:20],
        n=row.parsed("n", _count, None),
        low=low,
        high=high,
        is_partial=row.parsed("partial", flag_of, False),
        is_provisional=row.parsed("provisional", flag_of, False),
        is_uncertain=row.parsed("uncertain", flag_of, False),
        after_break=row.parsed("break", flag_of, False),
        footnote=texts.get("note", "")[:300],
        method=texts.get("method", "")[:200],
        source=cited[:300],
        origin={"kind": "file"},
    )


def _gender(text: str) -> str:
    if text.casefold() not in GENDERS:
        raise RowError(
            _('"{text}" is no gender. Write women, men, other or unknown, or nothing for all.').format(text=text)
        )
    return GENDERS[text.casefold()]


def _why_not(text: str) -> str:
    if text.casefold() not in WHY_NOT:
        raise RowError(_('"{text}" is no reason. Write not measured, not yet or withheld.').format(text=text))
    return WHY_NOT[text.casefold()]


def _count(text: str) -> int | None:
    value = value_of(text)
    if value is None:
        return None
    if value < 0 or value != int(value):
        raise RowError(_('"{text}" is not a number of people.').format(text=text))
    return int(value)
