"""What was wrong in a file, by row and column: codes, how they are said, and the list to download.

Problems are data (code, row, column, value, detail). The words are looked up when shown, in the reader's language.
Finding the problems is the business of the modules that read and check.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

ERROR = "error"
WARNING = "warning"

SCHEMA: dict[str, pl.DataType] = {
    "row": pl.UInt32(),
    "column": pl.String(),
    "value": pl.String(),
    "code": pl.String(),
    "detail": pl.String(),
    "severity": pl.String(),
}
MAX_VALUE_CHARS = 80

MESSAGES: dict[str, Promise] = {
    # the shape of the file
    "import.row_ragged": _(
        "Row {row}: {value} values, but the header has {detail}. Check for a missing or extra separator."
    ),
    "import.cell_too_long": _('Row {row}, column "{column}": the text is longer than {detail} characters. Shorten it.'),
    "import.formula_without_value": _(
        'Row {row}, column "{column}": the cell has a formula but no value. '
        "Open the file in Excel, save it and try again."
    ),
    "import.cell_broken": _('Row {row}, column "{column}": the cell shows the error {value}. Correct it in the sheet.'),
    "import.json_unreadable": _("Row {row}: this is not a JSON object; look at character {detail}."),
    "import.geometry_refused": _("Row {row}: the geometry is {value}, but incidents must be points."),
    # when
    "import.date_missing": _('Row {row}, column "{column}": there is no date. Write it like 2026-02-28.'),
    "import.date_refused": _('Row {row}, column "{column}": "{value}" is not a date. Write it like 2026-02-28.'),
    "import.time_refused": _('Row {row}, column "{column}": "{value}" is not a time of day. Write it like 14:05.'),
    "import.date_in_future": _(
        'Row {row}, column "{column}": "{value}" has not happened yet. Check the year and the order of day and month.'
    ),
    "import.date_too_old": _('Row {row}, column "{column}": "{value}" is before 1900. Check the year.'),
    "import.time_nonexistent": _(
        'Row {row}, column "{column}": "{value}" does not exist: that night the clock was moved forward ({detail}). '
        "Correct the time, or write it with its zone, like 2026-03-29T03:30+02:00."
    ),
    "import.time_moved": _(
        'Row {row}, column "{column}": "{value}" does not exist: that night the clock was moved forward ({detail}). '
        "It is read as an hour later."
    ),
    "import.time_ambiguous": _(
        'Row {row}, column "{column}": "{value}" happened twice: that night the clock was moved back ({detail}). '
        "The interval from the first to the second is kept."
    ),
    "import.time_shifted": _(
        'Row {row}, column "{column}": "{value}" does not exist or cannot be read. The time of publication is used.'
    ),
    "import.interval_reversed": _('Row {row}, column "{column}": the end "{value}" is before the start "{detail}".'),
    # where
    "import.coordinate_refused": _(
        'Row {row}, column "{column}": "{value}" is not a coordinate. Write it like {detail}.'
    ),
    "import.coordinate_half": _(
        'Row {row}, column "{column}": one of the two coordinates is missing. Fill in both or neither.'
    ),
    "import.coordinate_impossible": _(
        'Row {row}, column "{column}": "{value}" lies outside what {detail} can describe. '
        "Check the number and the coordinate system."
    ),
    "import.coordinate_outside": _(
        'Row {row}, column "{column}": "{value}" lies outside the area of the collaboration.'
    ),
    "import.coordinate_swapped": _(
        'Row {row}, column "{column}": "{value}": north and east seem to have changed places.'
    ),
    "import.axes_swapped": _(
        'Columns "{column}": north and east seem to have changed places in {value} rows. '
        "Choose to swap them, or point out the right columns."
    ),
    "import.system_wrong": _(
        'Columns "{column}": {value} rows lie outside what {detail} can describe. Choose another coordinate system.'
    ),
    "import.precision_unknown": _(
        'Row {row}, column "{column}": "{value}" is no known precision. Use exact, street, area or municipality.'
    ),
    # what
    "import.type_missing": _('Row {row}, column "{column}": there is no type of incident.'),
    "import.id_missing": _(
        'Row {row}, column "{column}": there is no identity. Fill it in, or let identities be made from the content.'
    ),
    "import.id_conflicting": _(
        'Row {row}, column "{column}": "{value}" is also the identity of row {detail}, which says something else. '
        "Keep one of them, or let identities be made from the content."
    ),
    "import.personal_number": _(
        'Row {row}, column "{column}": "{value}" holds a personal identity number. '
        "Lagesbild keeps no register of persons: take it out."
    ),
}

NOTES: dict[str, Promise] = {
    "import.names_repaired": _("Columns without a name, or with the name of another, were renamed: %(columns)s."),
    "import.ids_from_content": _(
        "The file has no identities, so they are made from the content of each row. "
        "Importing the same file again changes nothing, but a corrected row counts as a new incident."
    ),
    "import.places_withheld": ngettext_lazy(
        "%(count)d row has no place (withheld or unknown). It counts in tables but not on the map.",
        "%(count)d rows have no place (withheld or unknown). They count in tables but not on the map.",
        "count",
    ),
    "import.duplicates_dropped": ngettext_lazy(
        "%(count)d row was an exact copy of another row and was left out.",
        "%(count)d rows were exact copies of other rows and were left out.",
        "count",
    ),
}


@dataclass(frozen=True)
class Note:
    """Something the user should know about the whole file, though nothing is wrong."""

    code: str
    params: AnyMapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return str(NOTES[self.code] % self.params)


class ProblemLog:
    """Collects problems of many rows at a time. ``rows`` are the row numbers as the user sees them."""

    def __init__(self, rows: pl.Series) -> None:
        self.rows = rows
        self.bad = pl.repeat(False, len(rows), dtype=pl.Boolean, eager=True)
        self._parts: list[pl.DataFrame] = []

    def add(
        self,
        mask: pl.Series,
        code: str,
        *,
        column: str | None,
        values: pl.Series | None = None,
        detail: pl.Series | str | None = None,
        severity: str = ERROR,
    ) -> None:
        """One problem for each row where ``mask`` is true."""
        mask = mask.fill_null(value=False)
        if not mask.any():
            return
        if severity == ERROR:
            self.bad = self.bad | mask
        n = int(mask.sum())
        self._parts.append(
            problem_frame(
                rows=self.rows.filter(mask),
                code=code,
                column=column,
                values=None if values is None else values.filter(mask),
                detail=detail.filter(mask) if isinstance(detail, pl.Series) else _repeat(detail, n),
                severity=severity,
            )
        )

    def add_file(self, code: str, *, column: str, value: str, detail: str | None = None) -> None:
        """A problem of the file as a whole; it has no row."""
        rows = pl.Series([None], dtype=pl.UInt32)
        values = pl.Series([value])
        self._parts.append(
            problem_frame(rows=rows, code=code, column=column, values=values, detail=_repeat(detail, 1), severity=ERROR)
        )

    def refuse(self, mask: pl.Series) -> None:
        """Rows that fail for a reason told once for the whole file."""
        self.bad = self.bad | mask.fill_null(value=False)

    def extend(self, problems: pl.DataFrame) -> None:
        """Problems already found when the file was read."""
        if problems.is_empty():
            return
        errors = problems.filter(pl.col("severity") == ERROR)["row"].unique()
        self.bad = self.bad | self.rows.is_in(errors.implode())
        self._parts.append(problems.select(*SCHEMA))

    def frame(self) -> pl.DataFrame:
        """All problems in the order of the file, whole-file problems first."""
        if not self._parts:
            return empty_problems()
        return pl.concat(self._parts).sort("row", maintain_order=True, nulls_last=False)


class ProblemRows:
    """Collects problems one row at a time, for the readers that go through a file row by row."""

    def __init__(self) -> None:
        self._rows: list[tuple[int, str | None, str | None, str, str | None, str]] = []

    def add(
        self, row: int, code: str, *, column: str | None = None, value: str | None = None, detail: str | None = None
    ) -> None:
        shown = None if value is None else value[:MAX_VALUE_CHARS]
        self._rows.append((row, column, shown, code, detail, ERROR))

    def frame(self) -> pl.DataFrame:
        return pl.DataFrame(self._rows, schema=SCHEMA, orient="row")


def empty_problems() -> pl.DataFrame:
    return pl.DataFrame(schema=SCHEMA)


def problem_frame(
    *,
    rows: pl.Series,
    code: str,
    column: str | None,
    values: pl.Series | None,
    detail: pl.Series | None,
    severity: str = ERROR,
) -> pl.DataFrame:
    """Problems of one kind. Long values are cut: the list shows them, it does not copy the file."""
    n = len(rows)
    shown = _repeat(None, n) if values is None else values.cast(pl.String).str.slice(0, MAX_VALUE_CHARS)
    return pl.DataFrame(
        {
            "row": rows.cast(pl.UInt32),
            "column": _repeat(column, n),
            "value": shown,
            "code": _repeat(code, n),
            "detail": _repeat(None, n) if detail is None else detail.cast(pl.String),
            "severity": _repeat(severity, n),
        },
        schema=SCHEMA,
    )


def problem_message(code: str, params: AnyMapping[str, object]) -> str:
    """One problem in words, in the active language."""
    known = {name: "" if params.get(name) is None else params[name] for name in ("row", "column", "value", "detail")}
    return str(MESSAGES[code]).format(**known)


def with_messages(problems: pl.DataFrame) -> pl.DataFrame:
    """The same list with a ``message`` column in the active language. Vectorised: one look-up per code."""
    codes = problems["code"].unique().to_list()
    message: pl.Expr = pl.lit(None, dtype=pl.String)
    for code in codes:
        message = pl.when(pl.col("code") == code).then(_filled(str(MESSAGES[code]))).otherwise(message)
    return problems.with_columns(message.alias("message"))


def problems_csv(problems: pl.DataFrame) -> bytes:
    """The list as a file for Excel: UTF-8 with byte order mark, semicolons, nothing that Excel would run."""
    names = [str(_("Row")), str(_("Column")), str(_("Value")), str(_("Problem")), str(_("Severity"))]
    severity = pl.col("severity").replace_strict({ERROR: str(_("error")), WARNING: str(_("warning"))}, default=None)
    shown = with_messages(problems).select(
        pl.col("row").alias(names[0]),
        _defused("column").alias(names[1]),
        _defused("value").alias(names[2]),
        _defused("message").alias(names[3]),
        severity.alias(names[4]),
    )
    return shown.write_csv(separator=";", include_bom=True, line_terminator="\r\n").encode("utf-8")


def _defused(column: str) -> pl.Expr:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front; plain numbers stay."""
    text = pl.col(column)
    runs = text.str.contains(r"^[\s]*[=+\-@\t\r]") & ~text.str.contains(r"^[+-]?[0-9 ]+([.,][0-9]+)?$")
    return pl.when(runs).then(pl.concat_str(pl.lit("'"), text)).otherwise(text)


def _filled(template: str) -> pl.Expr:
    parts = re.split(r"\{(row|column|value|detail)\}", template)
    pieces = [
        pl.lit(part) if position % 2 == 0 else pl.col(part).cast(pl.String).fill_null("")
        for position, part in enumerate(parts)
    ]
    return pl.concat_str(pieces)


def _repeat(value: str | None, n: int) -> pl.Series:
    return pl.repeat(value, n, dtype=pl.String, eager=True)
