"""The way in: what kind of file it is, told by its content, and which reader takes it."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from lagesbild.core.errors import UserError
from lagesbild.observations.importing.delimited import read_delimited
from lagesbild.observations.importing.excel import read_excel, read_old_excel
from lagesbild.observations.importing.geopackage import read_geopackage
from lagesbild.observations.importing.jsonfiles import NotJsonError, looks_like_lines, read_json, read_json_lines
from lagesbild.observations.importing.limits import DEFAULT_LIMITS, Limits
from lagesbild.observations.importing.raw import Progress, RawTable
from lagesbild.observations.importing.text import first_bytes, read_text

HEAD_BYTES = 4096
REFUSED_KINDS = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"{\\rtf": "RTF",
    b"PAR1": "Parquet",
    b"7z\xbc\xaf": "7-Zip",
    b"Rar!": "RAR",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"<!DO": "HTML",
    b"<htm": "HTML",
    b"<?xm": "XML",
}
CSV_SUFFIXES = {".csv", ".txt", ".tab", ".tsv"}
ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0"
SQLITE_MAGIC = b"SQLite format 3\x00"


def read_table(
    path: Path | str, *, limits: Limits = DEFAULT_LIMITS, sheet: str | None = None, progress: Progress | None = None
) -> RawTable:
    """Read a file as text in rows and columns. Nothing is interpreted yet.

    Raises ``UserError`` if the file as a whole cannot be read; single bad rows are listed in ``RawTable.problems``.
    """
    path = Path(path)
    head = first_bytes(path, HEAD_BYTES, limits=limits)
    if not head.strip():
        raise UserError("import.file_empty", _("The file is empty."))
    _refuse_other_kinds(head)
    if head.startswith(ZIP_MAGIC):
        table = read_excel(path, limits=limits, sheet=sheet)
    elif head.startswith(OLE_MAGIC):
        table = read_old_excel(path, limits=limits, sheet=sheet)
    elif head.startswith(SQLITE_MAGIC):
        table = read_geopackage(path, limits=limits, sheet=sheet)
    else:
        table = _read_text_table(path, limits=limits)
    if progress is not None:
        progress(1.0)
    return table


def _read_text_table(path: Path, *, limits: Limits) -> RawTable:
    """CSV or one of the JSON family, told by the first character that is not a space."""
    text = read_text(path, limits=limits)
    if not text.data[:HEAD_BYTES].lstrip().startswith((b"{", b"[")):
        return read_delimited(text, limits=limits)
    if looks_like_lines(text.data):
        return read_json_lines(text, limits=limits)
    try:
        return read_json(text, limits=limits)
    except NotJsonError as error:
        if path.suffixes and path.suffixes[0].lower() in CSV_SUFFIXES:
            return read_delimited(text, limits=limits)
        raise UserError(
            "import.json_broken",
            _("The file is not valid JSON; look at row {row}, character {character}. It may be cut off."),
            row=error.row,
            character=error.character,
        ) from error


def _refuse_other_kinds(head: bytes) -> None:
    for magic, name in REFUSED_KINDS.items():
        if head[: len(magic)].lower() == magic.lower():
            raise UserError(
                "import.kind_refused",
                _("This is a {kind} file. Lagesbild reads CSV, Excel (.xlsx), JSON, JSON Lines and GeoPackage."),
                kind=name,
            )
