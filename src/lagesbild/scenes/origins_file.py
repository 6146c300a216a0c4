"""Reading a table of origins: every row is checked, and every problem is told by row and column. Nothing is stored.

One row: origin, kind, year, group, count. Headings in Swedish or English, comma or semicolon.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lagesbild.core.privacy import find_personal_numbers
from lagesbild.scenes.models import OriginKind

MOST_ROWS = 20_000
HEADINGS = {
    "origin": {"origin", "ursprung", "hemvist", "kommun", "stadsdel", "stadsdelsområde"},
    "kind": {"kind", "typ", "slag"},
    "year": {"year", "år"},
    "group": {"group", "grupp"},
    "count": {"count", "antal"},
}
KINDS = {
    "district": OriginKind.DISTRICT,
    "stadsdel": OriginKind.DISTRICT,
    "stadsdelsområde": OriginKind.DISTRICT,
    "municipality": OriginKind.MUNICIPALITY,
    "kommun": OriginKind.MUNICIPALITY,
    "region": OriginKind.REGION,
    "område": OriginKind.REGION,
    "unknown": OriginKind.UNKNOWN,
    "okänt": OriginKind.UNKNOWN,
}


@dataclass(frozen=True)
class OriginRow:
    """One row as it will be stored."""

    origin: str
    kind: str
    year: int
    group: str
    count: int


@dataclass(frozen=True)
class Problem:
    """What is wrong, where. Row 1 is the heading."""

    row: int
    column: str
    value: str
    message: str | Promise


def read(data: bytes) -> tuple[list[OriginRow], list[Problem]]:
    """The rows, and the problems; with a problem nothing should be stored."""
    text = _decoded(data)
    if text is None:
        return [], [Problem(1, "", "", _("The file is no text. Save it as CSV (UTF-8)."))]
    delimiter = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    lines = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    columns = _columns(lines[0] if lines else [])
    missing = [name for name in ("origin", "year", "count") if name not in columns]
    if missing:
        return [], [Problem(1, name, "", _("The column is missing.")) for name in missing]
    if len(lines) > MOST_ROWS:
        return [], [Problem(MOST_ROWS, "", "", _("The file has too many rows."))]
    rows: list[OriginRow] = []
    problems: list[Problem] = []
    seen: set[tuple[str, int, str]] = set()
    for number, line in enumerate(lines[1:], 2):
        if any(cell.strip() for cell in line):
            _read_line(number, line, columns, rows, problems, seen)
    if not rows and not problems:
        problems.append(Problem(1, "", "", _("The file has no rows.")))
    return rows, problems


def _read_line(
    number: int,
    line: list[str],
    columns: dict[str, int],
    rows: list[OriginRow],
    problems: list[Problem],
    seen: set[tuple[str, int, str]],
) -> None:
    cell = {name: line[at].strip() if at < len(line) else "" for name, at in columns.items()}
    before = len(problems)

    def wrong(column: str, message: str | Promise) -> None:
        problems.append(Problem(number, column, cell.get(column, ""), message))

    if not cell["origin"] or len(cell["origin"]) > 120:
        wrong("origin", _("Write where they come from, in at most 120 characters."))
    if any(find_personal_numbers(value) for value in cell.values()):
        wrong("origin", _("This is a personal identity number. Only counts may be stored."))
    kind = KINDS.get(cell.get("kind", "").lower() or "municipality")
    if kind is None:
        wrong("kind", _("Write district, municipality, region or unknown."))
    year = _number(cell["year"])
    if year is None or not 1990 <= year <= 2100:
        wrong("year", _("Write the year with four digits."))
    count = _number(cell["count"])
    if count is None:
        wrong("count", _("Write a whole number, 0 or more. Leave the row out where nothing was counted."))
    group = cell.get("group", "")[:120]
    key = (cell["origin"].casefold(), year or 0, group.casefold())
    if key in seen:
        wrong("origin", _("The same origin, year and group stand twice."))
    seen.add(key)
    if len(problems) == before and kind is not None and year is not None and count is not None:
        rows.append(OriginRow(cell["origin"], kind, year, group, count))


def _number(text: str) -> int | None:
    plain = text.replace("\u00a0", "").replace(" ", "")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 10 else None


def _columns(heading: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, cell in enumerate(heading):
        for name, words in HEADINGS.items():
            if cell.strip().casefold() in words:
                found.setdefault(name, at)
    return found


def _decoded(data: bytes) -> str | None:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None
