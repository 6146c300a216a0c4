"""Excel workbooks: the values as last computed, never a formula run.

The sheet's own XML is looked at before the library opens it: a single value in the last cell of a sheet would make
any reader take memory for all cells between. Cells that show an error or hold a formula without a value are listed.
"""

from __future__ import annotations

import posixpath
import zipfile
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import fastexcel
import polars as pl
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext_lazy as _

from lagesbild.core.errors import UserError
from lagesbild.observations.importing.archive import damaged, open_bounded
from lagesbild.observations.importing.delimited import long_cells, too_many_columns
from lagesbild.observations.importing.limits import Limits
from lagesbild.observations.importing.problems import ProblemRows
from lagesbild.observations.importing.raw import RawTable, named_columns
from lagesbild.observations.importing.sheets import (
    BrokenCell,
    broken_cells,
    column_letters,
    refuse_repeated_text,
    refuse_vast,
    sheet_too_large,
)

RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
SHARED_STRINGS = "xl/sharedStrings.xml"
HEADER_ROWS = 30


def read_excel(path: Path, *, limits: Limits, sheet: str | None = None) -> RawTable:
    """One sheet as text. Raises ``UserError`` for what is no workbook or would take too much memory."""
    archive = open_bounded(path, limits=limits)
    with archive:
        parts = _sheet_parts(archive)
        name = _chosen(list(parts), sheet)
        xml = _sheet_xml(archive, parts[name], limits=limits)
        refuse_vast(xml, limits=limits)
        if SHARED_STRINGS in archive.namelist():
            refuse_repeated_text(archive.read(SHARED_STRINGS), xml, limits=limits)
    cells = _load(path, name)
    broken, first_column = broken_cells(xml)
    return _table(cells, broken, first_column=first_column, sheets=tuple(parts), sheet=name, limits=limits)


def read_old_excel(path: Path, *, limits: Limits, sheet: str | None = None) -> RawTable:
    """The binary format of before 2007. At most 65,536 rows and 256 columns by nature."""
    if path.stat().st_size > limits.max_sheet_bytes:
        raise sheet_too_large(limits)
    names = _guarded(lambda: fastexcel.read_excel(str(path)).sheet_names)
    name = _chosen(list(names), sheet)
    return _table(_load(path, name), [], first_column=1, sheets=tuple(names), sheet=name, limits=limits)


def _guarded(call: Any) -> Any:
    """Whatever goes wrong inside the reader means that the file is no good workbook, panics included."""
    try:
        return call()
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:
        raise UserError(
            "import.workbook_unreadable",
            _(
                "The workbook cannot be read; it is damaged, locked with a password or of another kind. "
                "Save it as .xlsx."
            ),
        ) from error


def _load(path: Path, sheet: str) -> pl.DataFrame:
    def load() -> pl.DataFrame:
        loaded = fastexcel.read_excel(str(path)).load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string")
        return loaded.to_polars()

    frame = _guarded(load)
    return frame.select(pl.all().cast(pl.String))  # type: ignore[no-any-return]


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Visible names of the worksheets and where in the archive they lie."""
    names = set(archive.namelist())
    if "xl/workbook.xml" not in names:
        raise _other_archive(names)
    try:
        relations = _xml(archive, "xl/_rels/workbook.xml.rels")
        targets = {str(each.get("Id")): str(each.get("Target")) for each in relations}
        book = _xml(archive, "xl/workbook.xml")
        sheets = [each for each in book.iter() if each.tag.endswith("}sheet")]
    except (KeyError, ParseError, DefusedXmlException, zipfile.BadZipFile) as error:
        raise damaged() from error
    parts = {
        str(each.get("name")): posixpath.normpath(
            posixpath.join("/xl", targets.get(str(each.get(RELATION)), ""))
        ).lstrip("/")
        for each in sheets
    }
    return {name: part for name, part in parts.items() if part in names and "worksheets/" in part}


def _other_archive(names: set[str]) -> UserError:
    kind = "Zip"
    if "xl/workbook.bin" in names:
        kind = "Excel (.xlsb)"
    elif any(name.startswith("word/") for name in names):
        kind = "Word"
    elif "content.xml" in names:
        kind = "OpenDocument"
    return UserError(
        "import.kind_refused",
        _("This is a {kind} file. Lagesbild reads CSV, Excel (.xlsx), JSON, JSON Lines and GeoPackage."),
        kind=kind,
    )


def _xml(archive: zipfile.ZipFile, name: str) -> Element:
    root: Element = fromstring(archive.read(name))
    return root


def _chosen(names: list[str], sheet: str | None) -> str:
    if not names:
        raise UserError("import.file_without_rows", _("The file holds no incidents."))
    if sheet is not None and sheet not in names:
        raise UserError("import.sheet_missing", _('The file has no sheet "{sheet}".'), field="sheet", sheet=sheet)
    return sheet or names[0]


def _sheet_xml(archive: zipfile.ZipFile, part: str, *, limits: Limits) -> bytes:
    if archive.getinfo(part).file_size > limits.max_sheet_bytes:
        raise sheet_too_large(limits)
    try:
        xml = archive.read(part)
    except (zipfile.BadZipFile, EOFError, OSError) as error:
        raise damaged() from error
    if b"\x00" in xml[:100]:  # UTF-16: no program writes sheets so, and the patterns here would not see into it
        raise damaged()
    return xml


def _table(
    cells: pl.DataFrame,
    broken: list[BrokenCell],
    *,
    first_column: int,
    sheets: tuple[str, ...],
    sheet: str,
    limits: Limits,
) -> RawTable:
    header = _header_row(cells)
    if header is None:
        raise UserError("import.file_without_rows", _("The file holds no incidents."))
    names = list(cells.row(header))
    body = cells.slice(header + 1)
    used = [
        position
        for position, name in enumerate(names)
        if (name or "").strip() or body[:, position].null_count() < body.height
    ]
    if len(used) > limits.max_columns:
        raise too_many_columns(len(used), limits)
    repaired, notes = named_columns([names[position] for position in used])
    frame = body.select(pl.nth(position).alias(name) for position, name in zip(used, repaired, strict=True))
    label = dict(zip(used, repaired, strict=True))
    table = RawTable(frame, "excel", header + 2, sheets=sheets, sheet=sheet, notes=notes)
    found = ProblemRows()
    for cell in broken:
        if cell.row > header + 1:
            name = label.get(cell.column - first_column, column_letters(cell.column))
            found.add(cell.row, cell.code, column=name, value=cell.shown)
    listed = pl.concat([found.frame(), *long_cells(frame, table.row_numbers(), limits=limits)])
    return RawTable(frame, "excel", header + 2, sheets=sheets, sheet=sheet, notes=notes, problems=listed)


def _header_row(cells: pl.DataFrame) -> int | None:
    """The first row with at least half as many values as the fullest of the first rows: titles above do not count."""
    if not cells.width:
        return None
    head = cells.head(HEADER_ROWS)
    filled = head.select(pl.sum_horizontal(pl.all().is_not_null().cast(pl.Int32))).to_series().to_list()
    fullest = max(filled, default=0)
    if not fullest:
        return None
    return next(position for position, count in enumerate(filled) if 2 * count >= fullest)
