"""Small files and the usual settings for the tests of reading and checking. No tests here."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from lagesbild.observations.importing import Checked, Mapping, RawTable, check, guess_mapping, read_table

STOCKHOLM = "Europe/Stockholm"
SWEREF = 3006
TODAY = date(2026, 11, 22)


def saved(folder: Path, content: bytes | str, name: str = "file.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def raw_of(**columns: list[Any]) -> RawTable:
    """A table as if read from a CSV file; the first row of values is row 2."""
    return RawTable(pl.DataFrame(columns), "csv", 2)


def checked(raw: RawTable, mapping: Mapping | None = None, **changes: Any) -> Checked:
    settings: dict[str, Any] = {"working_crs": SWEREF, "time_zone": STOCKHOLM, "today": TODAY} | changes
    if mapping is None:
        mapping = guess_mapping(raw, time_zone=settings["time_zone"], working_crs=settings["working_crs"])
    return check(raw, mapping, **settings)


def checked_file(folder: Path, content: bytes | str, mapping: Mapping | None = None, **changes: Any) -> Checked:
    return checked(read_table(saved(folder, content)), mapping, **changes)


def told(result: Checked) -> list[tuple[int | None, str | None, str]]:
    """Row, column and code of every problem."""
    return [(each["row"], each["column"], each["code"]) for each in result.problems.to_dicts()]


def times(values: list[str | None], *, mapping: Mapping | None = None, **changes: Any) -> Checked:
    """The check of a file with nothing but dates."""
    mapping = mapping or Mapping(occurred="Datum", source_type_constant="Stöld")
    return checked(raw_of(Datum=values), mapping, **changes)


def workbook(folder: Path, sheet_data: str, *, extra: dict[str, str] | None = None, name: str = "file.xlsx") -> Path:
    """A workbook written by hand, so that it can hold what no program writes."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts = {
        "[Content_Types].xml": (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/></Types>'
        ),
        "_rels/.rels": (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'<workbook xmlns="{main}" xmlns:r="{rel}"><sheets>'
            '<sheet name="Blad1" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="rId2" Type="{rel}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
        ),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{sheet_data}</sheetData></worksheet>',
    } | (extra or {})
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, text in parts.items():
            archive.writestr(part, text)
    return path
