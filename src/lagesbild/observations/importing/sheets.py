"""A look into the XML of an Excel sheet before a library lays it out: how far it reaches, which cells are broken.

Patterns over bytes, not a parser: half a gigabyte of cells must not become a tree. Reading the values is in ``excel``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from lagesbild.core.errors import UserError
from lagesbild.observations.importing.archive import damaged
from lagesbild.observations.importing.delimited import too_many_columns, too_many_rows
from lagesbild.observations.importing.limits import MEBIBYTE, Limits

# Programs write r="A1". What XML also allows (other quotes, spaces, entities) would hide an address from the patterns.
ODD_ADDRESS = re.compile(rb"<(?:\w+:)?(?:c|row)\b(?=[^>]*\sr(?:\s*=\s*'|\s+=|=\s|=\"[^\"]*&))")
CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
CELL_AT = re.compile(rb"\br=\"([A-Z]{1,3})([0-9]{1,7})\"")
ROW_AT = re.compile(rb"<(?:\w+:)?row\s[^>]*?\br=\"([0-9]{1,10})\"")
LATE_CELL_AT = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br=\"[A-Z]{1,3}([0-9]{5,10})\"")
WIDE_CELL_AT = re.compile(rb"\br=\"([A-Z]{2,3})[0-9]")
VALUE = re.compile(rb"<(?:\w+:)?v[^>/]*>([^<]+)</|<(?:\w+:)?is>")
FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
SHARED_TEXT = re.compile(rb"<(?:\w+:)?si[ >].*?</(?:\w+:)?si>", re.DOTALL)
SHARED_USE = re.compile(rb"\bt=\"s\"[^>]*><(?:\w+:)?v>([0-9]{1,9})<")


@dataclass(frozen=True)
class BrokenCell:
    row: int
    column: int
    """Counted from 1 at A."""
    code: str
    shown: str | None


def refuse_vast(xml: bytes, *, limits: Limits) -> None:
    """Raise ``UserError`` if the cells reach further than memory may: all between the first and the last take room."""
    if ODD_ADDRESS.search(xml):
        raise damaged()
    width = _width(xml)
    if width > limits.max_columns:
        raise too_many_columns(width, limits)
    height = _height(xml)
    if height > limits.max_rows:
        raise too_many_rows(height, limits)
    if width * height > limits.max_cells:
        raise UserError(
            "import.cells_too_many",
            _(
                "The sheet reaches to row {row} and has {columns} columns. "
                "Remove empty rows and columns, or save it as CSV."
            ),
            row=height,
            columns=width,
        )


def refuse_repeated_text(shared: bytes, xml: bytes, *, limits: Limits) -> None:
    """A long text stored once and used in a million cells would become a million texts."""
    lengths = [len(match.group()) for match in SHARED_TEXT.finditer(shared)]
    if max(lengths, default=0) * xml.count(b't="s"') <= limits.max_sheet_bytes:
        return
    used = (int(match.group(1)) for match in SHARED_USE.finditer(xml))
    if sum(lengths[number] for number in used if number < len(lengths)) > limits.max_sheet_bytes:
        raise sheet_too_large(limits)


def sheet_too_large(limits: Limits) -> UserError:
    return UserError(
        "import.sheet_too_large",
        _("The sheet is too large to read as Excel (over {limit} MB). Save it as CSV UTF-8."),
        limit=limits.max_sheet_bytes // MEBIBYTE,
    )


def broken_cells(xml: bytes) -> tuple[list[BrokenCell], int]:
    """Cells that show an error or lack the value of their formula; and the first column with any value."""
    if b't="e"' not in xml and not FORMULA.search(xml):
        return [], 1
    found = []
    first_column = 16_385
    for column, row, attributes, body in _cells(xml):
        value = VALUE.search(body)
        if value:
            first_column = min(first_column, column)
        if b't="e"' in attributes:
            shown = value.group(1) if value and value.group(1) else b"#"
            found.append(BrokenCell(row, column, "import.cell_broken", shown.decode("utf-8", "replace")))
        elif value is None and FORMULA.search(body):
            found.append(BrokenCell(row, column, "import.formula_without_value", None))
    return found, first_column


def column_letters(number: int) -> str:
    """A column as Excel calls it: 1 is A, 27 is AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _width(xml: bytes) -> int:
    wide = {match.group(1) for match in WIDE_CELL_AT.finditer(xml)}
    if wide:
        return max(_column_number(each) for each in wide)
    return next((number for number in range(26, 0, -1) if b' r="' + bytes([64 + number]) in xml), 1)


def _height(xml: bytes) -> int:
    """The last row by the rows' own numbers, by the cells' addresses, or by counting.

    Addresses below row 10,000 are not looked at: so few rows are no danger however wide.
    """
    stated = max((int(match.group(1)) for match in ROW_AT.finditer(xml)), default=0)
    late = max((int(match.group(1)) for match in LATE_CELL_AT.finditer(xml)), default=0)
    return max(stated, late, xml.count(b"<row"))


def _cells(xml: bytes) -> Iterator[tuple[int, int, bytes, bytes]]:
    for match in CELL.finditer(xml):
        at = CELL_AT.search(match.group(1))
        if at:
            yield _column_number(at.group(1)), int(at.group(2)), match.group(1), match.group(2) or b""
