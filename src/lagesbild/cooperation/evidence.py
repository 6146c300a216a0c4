"""Files of evidence: photos drawn anew, and documents of a few kinds, both without what tells who made them and when.

A file is whole on the disk before a row names it; one that no row came to name is in nobody's way. Served only by
views that have asked who wants it.
"""

from __future__ import annotations

import hashlib
import uuid
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lagesbild.cooperation.metadata import Reason, Refused, without_metadata
from lagesbild.cooperation.queries.plan import evidence_files
from lagesbild.core import orphans
from lagesbild.core.errors import Text, UserError
from lagesbild.core.privacy import find_personal_numbers
from lagesbild.core.whole_files import written_whole
from lagesbild.fieldreports import photos

FOLDER = "evidence"
MOST_BYTES = 20_000_000  # a scanned inspection of some pages is a few million
JPEG = "image/jpeg"
_OFFICE = "application/vnd.openxmlformats-officedocument"
DOCUMENTS = {
    ".pdf": "application/pdf",
    ".docx": f"{_OFFICE}.wordprocessingml.document",
    ".xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
}
NOT_KEPT: dict[Reason, Text] = {
    Reason.UNREADABLE: _("The file “{name}” is no document of the kind its name says. Save it anew."),
    Reason.LOCKED: _("The document is locked with a password. Save it without, and add it again."),
    Reason.SIGNED: _(
        "The document is signed with a name, and the signature would not hold once the name is removed. "
        "Print it to a new PDF, and add that."
    ),
    Reason.HOLDS_FILES: _("There are other files within the document. Take them out, and add each by itself."),
    Reason.TOO_LARGE: _("The document is too large once it is unpacked. Take a smaller one."),
}


@dataclass(frozen=True)
class Kept:
    """A kept file: where, what it is called when fetched, and the fingerprint of what was kept."""

    file: str
    name: str
    media_type: str
    size: int
    sha256: str


def keep(upload: IO[bytes], name: str) -> Kept:
    """Keep a photo (drawn anew) or a document, without what it tells of who made it.

    Raises `UserError` for what is too large, of another kind, or cannot be freed of that.
    """
    ending = Path(name).suffix.lower()
    if ending in DOCUMENTS:
        return _keep_document(upload, Path(name).name, ending)
    photo = photos.keep_photo(upload)
    path = photos.photo_path(photo.name)
    if path is None:
        raise RuntimeError(f"The photo {photo.name} was kept, but is gone.")
    data = path.read_bytes()
    # the name that the telephone gave tells when it was taken
    return Kept(photo.name, "foto.jpg", JPEG, len(data), hashlib.sha256(data).hexdigest())


def path_of(file: str, media_type: str) -> Path | None:
    """Where a kept file is; None if it is gone or the name is none of ours."""
    if media_type == JPEG:
        return photos.photo_path(file)
    path = _folder() / file
    return path if file and Path(file).name == file and path.is_file() else None


def forget(file: str, media_type: str) -> None:
    """Take away the file."""
    path = path_of(file, media_type)
    if path is not None:
        path.unlink(missing_ok=True)


def register() -> None:
    """Make known which photos are evidence; called when the app starts."""
    photos.named_by("cooperation", lambda: evidence_files(photos=True))


def sweep() -> int:
    """Delete old documents that no row names; how many. Photos are swept where they are kept."""
    return orphans.sweep(_folder(), evidence_files(photos=False))


def _keep_document(upload: IO[bytes], name: str, ending: str) -> Kept:
    data = upload.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise _refused(
            "too_large", _("The document is larger than {most} MB. Take a smaller one."), most=MOST_BYTES // 1_000_000
        )
    if not _is_what_it_says(upload, data, ending):
        raise _refused("unreadable", NOT_KEPT[Reason.UNREADABLE], name=name)
    if find_personal_numbers(name):
        raise _refused("named", _("The file's name holds a personal identity number. Name it after what it shows."))
    try:
        data = without_metadata(data, ending)
    except Refused as refused:
        raise _refused(refused.reason.value, NOT_KEPT[refused.reason], name=name) from refused
    file = f"{uuid.uuid4().hex}{ending}"
    with written_whole(_folder() / file) as out:
        out.write(data)
    stem = Path(name).stem[: 100 - len(ending)]
    return Kept(file, f"{stem}{ending}", DOCUMENTS[ending], len(data), hashlib.sha256(data).hexdigest())


def _is_what_it_says(upload: IO[bytes], data: bytes, ending: str) -> bool:
    """By its first bytes, or by the part that every document of the kind has. Macros make another kind."""
    if ending == ".pdf":
        return data[:1024].lstrip().startswith(b"%PDF-")
    upload.seek(0)
    try:
        with zipfile.ZipFile(upload) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return False
    needed = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml"}.get(ending, "content.xml")
    return needed in names


def _folder() -> Path:
    folder: Path = settings.DATA_DIR / "files" / FOLDER
    return folder


def _refused(code: str, message: Text, **params: object) -> UserError:
    return UserError(f"evidence.{code}", message, "file", **params)
