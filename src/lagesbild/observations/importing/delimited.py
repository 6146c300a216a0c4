"""CSV in all its dialects: which separator, where rows begin and end, and which rows have too many or too few values.

A scan over the bytes finds the rows and counts their values; Polars then parses the same bytes fast. Files whose
quotation marks do not follow the rules go a slower way through Python's own reader.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

import numpy as np
import polars as pl
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from lagesbild.core.errors import UserError
from lagesbild.observations.importing.limits import MEBIBYTE, Limits
from lagesbild.observations.importing.problems import problem_frame
from lagesbild.observations.importing.raw import RawTable, named_columns
from lagesbild.observations.importing.text import Text, line_refused

SEPARATORS = ";\t,|"
QUOTE, NEWLINE, RETURN = 34, 10, 13
SCAN_CHUNK = 8 * MEBIBYTE
SNIFF_BYTES = 64 * 1024
SNIFF_ROWS = 200


@dataclass(frozen=True)
class Scan:
    """Where the rows are, found without parsing any value."""

    counts: NDArray[np.int64]
    """Values in each row."""
    longest: int
    longest_row: int
    regular: bool
    """Quotation marks stand only at the edges of values and are all closed."""


def read_delimited(text: Text, *, limits: Limits) -> RawTable:
    data, separator, skipped = _body(_with_newlines(text.data))
    if not data.strip():
        raise UserError("import.file_empty", _("The file is empty."))
    separator = separator or sniff_separator(data)
    header = data[: data.find(b"\n")] if b"\n" in data else data
    if header.count(separator.encode()) >= limits.max_columns:
        raise too_many_columns(header.count(separator.encode()) + 1, limits)
    scan = scan_rows(data, separator=separator)
    if scan.longest > limits.max_line_bytes:
        raise line_refused(scan.longest_row + skipped, limits)
    if len(scan.counts) - 1 > limits.max_rows:
        raise too_many_rows(len(scan.counts) - 1, limits)
    cells, counts = _parse(data, scan, separator=separator, limits=limits)
    return _table(cells, counts, text=text, separator=separator, skipped=skipped, limits=limits)


def too_many_rows(n: int, limits: Limits) -> UserError:
    return UserError(
        "import.rows_too_many",
        _("The file has {count} rows; at most {limit} can be imported at a time. Split it, for example by year."),
        count=n,
        limit=limits.max_rows,
    )


def sniff_separator(data: bytes) -> str:
    """The separator that splits the header and gives most rows as many values as the header."""
    end = data.rfind(b"\n", 0, SNIFF_BYTES)
    head = data[: end if end > 0 else SNIFF_BYTES]
    best, best_key = ",", (0.0, 0)
    for candidate in SEPARATORS:
        counts = scan_rows(head, separator=candidate).counts[:SNIFF_ROWS]
        if counts[0] < 2:
            continue
        key = (round(float(np.mean(counts == counts[0])), 1), int(counts[0]))
        if key > best_key:
            best, best_key = candidate, key
    return best


def scan_rows(data: bytes, *, separator: str) -> Scan:
    """Count the values of every row; separators and line ends inside quotation marks do not count.

    Looks only at the bytes that matter, a few megabytes at a time.
    """
    buffer = np.frombuffer(data, dtype=np.uint8)
    matters = np.zeros(256, dtype=bool)
    matters[[QUOTE, NEWLINE, ord(separator)]] = True
    ends, per_row, quotes, carried, regular = [], [], 0, 0, True
    for start in range(0, len(buffer), SCAN_CHUNK):
        chunk = buffer[start : start + SCAN_CHUNK]
        at = np.flatnonzero(matters[chunk])
        kind = chunk[at]
        is_quote = kind == QUOTE
        inside = ((np.cumsum(is_quote) + quotes) & 1).astype(bool)
        regular = regular and _quotes_at_edges(buffer, at[is_quote] + start, inside[is_quote], ord(separator))
        quotes += int(is_quote.sum())
        line_end = (kind == NEWLINE) & ~inside
        split = np.cumsum((kind == ord(separator)) & ~inside)
        at_ends = split[line_end]
        per_row.append(np.diff(at_ends, prepend=-carried))
        in_chunk = int(split[-1]) if len(split) else 0
        carried = in_chunk - int(at_ends[-1]) if len(at_ends) else carried + in_chunk
        ends.append(at[line_end] + start)
    all_ends = np.concatenate(ends) if ends else np.empty(0, np.int64)
    counts = np.concatenate(per_row) if per_row else np.empty(0, np.int64)
    if not len(all_ends) or all_ends[-1] != len(buffer) - 1:
        all_ends = np.append(all_ends, len(buffer))
        counts = np.append(counts, carried)
    lengths = np.diff(all_ends, prepend=-1) - 1
    longest = int(lengths.argmax())
    return Scan(counts + 1, int(lengths[longest]), longest + 1, regular and quotes % 2 == 0)


def _quotes_at_edges(
    buffer: NDArray[np.uint8], at: NDArray[np.int64], opens: NDArray[np.bool_], separator: int
) -> bool:
    """Does every opening mark follow a separator and every closing one precede one (or another mark)?"""
    if not len(at):
        return True
    edge = np.zeros(256, dtype=bool)
    edge[[separator, NEWLINE, RETURN, QUOTE]] = True
    opening, closing = at[opens], at[~opens]
    before = buffer[np.maximum(opening - 1, 0)]
    after = buffer[np.minimum(closing + 1, len(buffer) - 1)]
    return bool(np.all(edge[before] | (opening == 0)) and np.all(edge[after] | (closing == len(buffer) - 1)))


def _with_newlines(data: bytes) -> bytes:
    """Old Macintosh files end their lines with a carriage return alone."""
    if b"\n" not in data and b"\r" in data:
        return data.replace(b"\r", b"\n")
    return data


def _body(data: bytes) -> tuple[bytes, str | None, int]:
    """The table itself, the separator if Excel's first line ``sep=;`` states one, and how many rows stood before."""
    stated = None
    rows = 0
    if data[:4].lower() == b"sep=":
        line, _newline, data = data.partition(b"\n")
        named = line[4:].strip(b"\r").decode("utf-8")
        stated = named if len(named) == 1 and named in SEPARATORS else None
        rows = 1
    body = data.lstrip(b"\r\n")
    return body, stated, rows + data.count(b"\n", 0, len(data) - len(body))


def _parse(data: bytes, scan: Scan, *, separator: str, limits: Limits) -> tuple[pl.DataFrame, NDArray[np.int64]]:
    """All rows, the header included, as text columns; and how many values each row had."""
    width = int(scan.counts[0])
    if width > limits.max_columns:
        raise too_many_columns(width, limits)
    if scan.regular:
        try:
            cells = pl.read_csv(
                data,
                separator=separator,
                has_header=False,
                schema={f"c{position}": pl.String for position in range(width)},
                truncate_ragged_lines=True,
                quote_char='"',
            )
        except pl.exceptions.PolarsError:
            cells = None
        if cells is not None and cells.height == len(scan.counts):
            return cells, scan.counts
    return _parse_slowly(data, separator=separator, limits=limits)


def _parse_slowly(data: bytes, *, separator: str, limits: Limits) -> tuple[pl.DataFrame, NDArray[np.int64]]:
    """Python's reader takes a quotation mark inside a value as a letter, as people mean it (12" pipe)."""
    stream = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline="")
    rows: list[list[str]] = []
    counts: list[int] = []
    try:
        for row in csv.reader(stream, delimiter=separator, strict=True):
            if not rows and len(row) > limits.max_columns:
                raise too_many_columns(len(row), limits)
            width = len(rows[0]) if rows else max(len(row), 1)
            counts.append(max(len(row), 1))
            rows.append(row[:width] + [""] * (width - len(row)))
            if len(rows) - 1 > limits.max_rows:
                raise too_many_rows(len(rows) - 1, limits)
    except csv.Error as error:
        raise UserError(
            "import.quote_unclosed",
            _("Row {row}: a quotation mark is opened but not closed before the next separator. Remove or double it."),
            row=len(rows) + 1,
        ) from error
    columns = [[row[position] or None for row in rows] for position in range(len(rows[0]))]
    frame = pl.DataFrame([pl.Series(f"c{i}", column, dtype=pl.String) for i, column in enumerate(columns)])
    return frame, np.asarray(counts, dtype=np.int64)


def _table(
    cells: pl.DataFrame, counts: NDArray[np.int64], *, text: Text, separator: str, skipped: int, limits: Limits
) -> RawTable:
    names, notes = named_columns(list(cells.row(0)))
    frame = cells.slice(1).rename(dict(zip(cells.columns, names, strict=True)))
    first_row = 2 + skipped
    table = RawTable(frame, "csv", first_row, encoding=text.encoding, separator=separator, notes=notes)
    rows = table.row_numbers()
    blank = frame.select(pl.all_horizontal(pl.all().fill_null("").str.strip_chars() == "")).to_series()
    counted = pl.Series(counts[1:])
    ragged = (counted != len(names)) & ~blank
    found = [
        problem_frame(
            rows=rows.filter(ragged),
            code="import.row_ragged",
            column=None,
            values=counted.filter(ragged),
            detail=pl.repeat(str(len(names)), int(ragged.sum()), dtype=pl.String, eager=True),
        ),
        *long_cells(frame, rows, limits=limits),
    ]
    return RawTable(
        frame,
        "csv",
        first_row,
        encoding=text.encoding,
        separator=separator,
        notes=notes,
        problems=pl.concat(found),
    )


def long_cells(frame: pl.DataFrame, rows: pl.Series, *, limits: Limits) -> list[pl.DataFrame]:
    """Values longer than any real one."""
    found = []
    for name in frame.columns:
        if frame[name].dtype != pl.String or (frame[name].str.len_bytes().max() or 0) <= limits.max_cell_chars:  # type: ignore[operator]
            continue
        long = (frame[name].str.len_chars() > limits.max_cell_chars).fill_null(value=False)
        found.append(
            problem_frame(
                rows=rows.filter(long),
                code="import.cell_too_long",
                column=name,
                values=frame[name].filter(long),
                detail=pl.repeat(str(limits.max_cell_chars), int(long.sum()), dtype=pl.String, eager=True),
            )
        )
    return found


def too_many_columns(n: int, limits: Limits) -> UserError:
    return UserError(
        "import.columns_too_many",
        _("The header has {count} columns; at most {limit} can be read. Check the separator, or leave out columns."),
        count=n,
        limit=limits.max_columns,
    )
