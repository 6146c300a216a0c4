"""A look into the XML of an Excel sheet before a library lays it out: how far it reaches, which cells are broken.

Patterns over bytes, not a parser: half a gigabyte of cells must not become a tree. Reading the values is in ``excel``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext_lazy as _

from lagesbild.core.errors import UserError
from lagesbild.observations.importing.archive import damaged
from lagesbild.observations.importing.delimited import too_many_columns, too_many_rows
from lagesbild.observations.importing.limits import MEBIBYTE, Limits

# Programs write r="A1" in short tags. What XML also allows (other quotes, spaces, entities, tags without end) would
# hide an address from the patterns or make them slow; it is refused. All repetitions here have a bound for that reason.
_NAME = rb"<(?:\w{1,20}:)?"
_REST = rb"[^>]{0,500}"
ODD_ADDRESS = re.compile(
    _NAME + rb"(?:c|row)\b(?:(?=" + _REST + rb"\sr(?:\s*=\s*'|\s+=|=\s|=\"[^\"]{0,100}&))|[^>]{501})"
)
ODD_PREFIX = re.compile(rb"<[^<>\s/]{21,}:(?:c|row)[\s>/]|<[^<>\s/:]{0,20}[^\w<>\s/:][^<>\s/:]{0,20}:(?:c|row)[\s>/]")
_FORMULA = rb"<(?:\w{1,20}:)?f(?:\s" + _REST + rb")?(?:/>|>[^<]{0,20000}</(?:\w{1,20}:)?f>)"
ERROR_CELL = re.compile(
    _NAME + rb"c\s(" + _REST + rb"\bt=\"e\"" + _REST + rb")>(?:" + _FORMULA + rb")?(?:<(?:\w{1,20}:)?v>([^<]{0,20})<)?"
)
EMPTY_FORMULA_CELL = re.compile(
    _NAME
    + rb"c\s("
    + _REST
    + rb"[^>/])>"
    + _FORMULA
    + rb"(?:<(?:\w{1,20}:)?v\s?/>|<(?:\w{1,20}:)?v></(?:\w{1,20}:)?v>)?"
    rb"</(?:\w{1,20}:)?c>"
)
VALUED_CELL = re.compile(
    _NAME + rb"c\s" + _REST + rb"?\br=\"([A-Z]{1,3})[0-9]" + _REST + rb">(?:" + _FORMULA + rb")?"
    rb"<(?:\w{1,20}:)?(?:v>[^<]|is[ >])"
)
CELL_AT = re.compile(rb"\br=\"([A-Z]{1,3})([0-9]{1,7})\"")
ROW_AT = re.compile(_NAME + rb"row\s" + _REST + rb"?\br=\"([0-9]{1,10})\"")
LATE_CELL_AT = re.compile(_NAME + rb"c\s" + _REST + rb"?\br=\"[A-Z]{1,3}([0-9]{5,10})\"")
WIDE_CELL_AT = re.compile(rb"\br=\"([A-Z]{2,3})[0-9]")
SHARED_END = re.compile(rb"</(?:\w{1,20}:)?si>")
SHARED_USE = re.compile(rb"\bt=\"s\"[^>]{0,500}><(?:\w{1,20}:)?v>([0-9]{1,9})<")


@dataclass(frozen=True)
class BrokenCell:
    row: int
    column: int
    """Counted from 1 at A."""
    code: str
    shown: str | None


def refuse_vast(xml: bytes, *, limits: Limits) -> None:
    """Raise ``UserError`` if the cells reach further than memory may: all between the first and the last take room."""
    if ODD_ADDRESS.search(xml) or ODD_PREFIX.search(xml):
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
    ends = [0, *(match.end() for match in SHARED_END.finditer(shared))]
    lengths = [end - start for start, end in pairwise(ends)]
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
    found = []
    for match in ERROR_CELL.finditer(xml):
        shown = (match.group(2) or b"#").decode("utf-8", "replace")
        found.append(_broken(match.group(1), "import.cell_broken", shown))
    for match in EMPTY_FORMULA_CELL.finditer(xml):
        if b't="e"' not in match.group(1):
            found.append(_broken(match.group(1), "import.formula_without_value", None))
    known = sorted((each for each in found if each is not None), key=lambda each: (each.row, each.column))
    if not known:
        return [], 1
    return known, min((_column_number(name) for name in {m.group(1) for m in VALUED_CELL.finditer(xml)}), default=1)


def _broken(attributes: bytes, code: str, shown: str | None) -> BrokenCell | None:
    at = CELL_AT.search(attributes)
    return BrokenCell(int(at.group(2)), _column_number(at.group(1)), code, shown) if at else None


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
