"""The way in: what kind of file it is, told by its content, and which reader takes it."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from lagesbild.core.errors import UserError
from lagesbild.observations.importing.delimited import read_delimited
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
    text = read_text(path, limits=limits)
    return read_delimited(text, limits=limits)


def _refuse_other_kinds(head: bytes) -> None:
    for magic, name in REFUSED_KINDS.items():
        if head.startswith(magic):
            raise UserError(
                "import.kind_refused",
                _("This is a {kind} file. Lagesbild reads CSV, Excel (.xlsx), JSON, JSON Lines and GeoPackage."),
                kind=name,
            )
