"""Files of areas on their way through the import pages: kept a day in the data folder, each in a folder of its own."""

from __future__ import annotations

import json
import re
import shutil
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings

from lagesbild.core import clock
from lagesbild.core.errors import UserError

KEPT_SECONDS = 24 * 3600
TOKEN = re.compile(r"[0-9a-f]{32}")


class Uploaded(Protocol):
    """What a form's file field gives."""

    size: int | None

    def chunks(self) -> Iterable[bytes]: ...


def keep(upload: Uploaded, about: dict[str, Any]) -> str:
    """Store the file with what the person said of it; the answer names it. Files a day old are thrown away."""
    limit_mb = settings.LAGESBILD["max_upload_mb"]
    if (upload.size or 0) > limit_mb * 1_000_000:
        from django.utils.translation import gettext_lazy as _

        raise UserError(
            "places.upload_too_large", _("The file is larger than {limit_mb} MB."), "file", limit_mb=limit_mb
        )
    _sweep()
    token = uuid.uuid4().hex
    folder = _root() / token
    folder.mkdir(parents=True)
    with (folder / "file").open("wb") as stream:
        for part in upload.chunks():
            stream.write(part)
    (folder / "about.json").write_text(json.dumps(about), encoding="utf-8")
    return token


def kept(token: str) -> tuple[Path, dict[str, Any]] | None:
    """The file and what was said of it; None if it is gone."""
    folder = _root() / token
    if not TOKEN.fullmatch(token) or not (folder / "about.json").is_file():
        return None
    about: dict[str, Any] = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    return folder / "file", about


def path_of(token: str) -> Path:
    """Where the file of a token just given lies."""
    return _root() / token / "file"


def drop(token: str) -> None:
    """Throw the file away."""
    if TOKEN.fullmatch(token):
        shutil.rmtree(_root() / token, ignore_errors=True)


def _root() -> Path:
    return Path(settings.DATA_DIR) / "uploads" / "areas"


def _sweep() -> None:
    now = clock.now().timestamp()
    for folder in _root().glob("*"):
        if now - folder.stat().st_mtime > KEPT_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)
