"""Files on their way in: the upload itself, what was read and checked of it, and the list of problems.

They lie in a folder per import under ``DATA_DIR/uploads`` and are deleted as soon as the import has ended: an upload
may hold more about people than the store ever will. Only its fingerprint (SHA-256) is kept, with the import.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lagesbild.core.errors import UserError
from lagesbild.observations.importing.problems import empty_problems

INCOMING = "incoming"
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Received:
    """A file that has come in whole but belongs to no import yet."""

    path: Path
    sha256: str
    n_bytes: int


class BatchFolder:
    """The files of one import."""

    def __init__(self, batch_id: int) -> None:
        self.path = _root() / str(batch_id)

    @property
    def upload(self) -> Path | None:
        """The file as it came; None when it has been deleted."""
        return next(iter(sorted(self.path.glob("upload*"))), None)

    def adopt(self, received: Received) -> None:
        """Take over a file that came in."""
        self.path.mkdir(parents=True, exist_ok=True)
        received.path.replace(self.path / f"upload{''.join(received.path.suffixes)}")

    def save_checked(self, frame: pl.DataFrame, problems: pl.DataFrame) -> None:
        self._save("problems", problems)
        self._save("checked", frame)

    def checked(self) -> pl.DataFrame | None:
        """The rows that passed the check; None when they have been deleted."""
        path = self.path / "checked.arrow"
        return pl.read_ipc(path) if path.exists() else None

    def problems(self) -> pl.DataFrame:
        """What the check found; nothing when the list has been deleted."""
        path = self.path / "problems.arrow"
        return pl.read_ipc(path) if path.exists() else empty_problems()

    def save_preview(self, preview: dict[str, Any]) -> None:
        _write_whole(self.path / "preview.json", json.dumps(preview, ensure_ascii=False).encode())

    def preview(self) -> dict[str, Any] | None:
        path = self.path / "preview.json"
        found: dict[str, Any] | None = json.loads(path.read_bytes()) if path.exists() else None
        return found

    def delete_upload(self) -> None:
        """Keep the list of problems, delete what the file itself said."""
        for path in (*self.path.glob("upload*"), self.path / "preview.json", self.path / "checked.arrow"):
            path.unlink(missing_ok=True)

    def delete(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)

    def _save(self, name: str, frame: pl.DataFrame) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        draft = self.path / f".{name}.{uuid.uuid4().hex}"
        frame.write_ipc(draft, compression="lz4")
        draft.replace(self.path / f"{name}.arrow")


def receive(chunks: Iterable[bytes], *, file_name: str) -> Received:
    """Write a file as it comes and take its fingerprint. Raises `UserError` when it passes the limit."""
    limit = settings.LAGESBILD["max_upload_mb"] * MEGABYTE
    folder = _root() / INCOMING
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{uuid.uuid4().hex}{_suffixes(file_name)}"
    digest, n_bytes = hashlib.sha256(), 0
    try:
        with path.open("wb") as out:
            for chunk in chunks:
                n_bytes += len(chunk)
                if n_bytes > limit:
                    raise UserError(
                        "import.file_too_large",
                        _("The file is larger than {limit} MB. Split it, for example by year."),
                        field="file",
                        limit=limit // MEGABYTE,
                    )
                digest.update(chunk)
                out.write(chunk)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Received(path, digest.hexdigest(), n_bytes)


def chunks_of(path: Path) -> Iterable[bytes]:
    """A file on this machine, piece by piece."""
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            yield chunk


def batch_folders() -> list[int]:
    """The imports that have files."""
    return sorted(int(path.name) for path in _root().glob("*") if path.name.isdecimal())


def delete_abandoned_incoming(*, older_than_hours: float = 24) -> int:
    """Delete files whose upload broke off; how many."""
    limit = time.time() - older_than_hours * 3600
    abandoned = [path for path in (_root() / INCOMING).glob("*") if path.stat().st_mtime < limit]
    for path in abandoned:
        path.unlink(missing_ok=True)
    return len(abandoned)


def _root() -> Path:
    root: Path = settings.DATA_DIR / "uploads"
    return root


def _suffixes(file_name: str) -> str:
    """At most two plain suffixes, such as ``.csv.gz``: a hint for the reader, never a path."""
    return "".join(
        suffix.lower() for suffix in Path(file_name).suffixes[-2:] if re.fullmatch(r"\.[A-Za-z0-9]{1,10}", suffix)
    )


def _write_whole(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    draft.write_bytes(content)
    draft.replace(path)
