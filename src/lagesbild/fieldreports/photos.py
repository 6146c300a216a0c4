"""Photographs: taken in as any image, kept as a plain JPEG without a word of when, where and with what it was taken.

The picture is drawn anew from its pixels, so that nothing that the file carried beside them (position, time, owner,
a smaller picture of what was cropped away) can follow. Files lie under ``DATA_DIR/files`` by random names and are only
served by views that have asked who wants them.
"""

from __future__ import annotations

import hashlib
import io
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lagesbild.core import orphans
from lagesbild.core.errors import Text, UserError
from lagesbild.core.whole_files import written_whole

FOLDER = "photos"
FORMATS = ("JPEG", "PNG", "WEBP")
MOST_BYTES = 20_000_000  # a telephone's picture is a few million
MOST_PIXELS = 80_000_000  # decoded: 240 MB, what a small server can bear
LONGEST_SIDE = 1600
QUALITY = 82
Names = Callable[[], Iterable[str]]
_named_by: dict[str, Names] = {}


@dataclass(frozen=True)
class Photo:
    """A kept picture: the name of its file, and the fingerprint of what was sent."""

    name: str
    sha256: str


def keep_photo(upload: IO[bytes]) -> Photo:
    """Read an image, redraw it smaller and without its data, and keep it under a random name.

    Raises `UserError` for what is too large or no image.
    """
    data = upload.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise _refused(
            "too_large", _("The photo is larger than {most} MB. Take a smaller one."), most=MOST_BYTES // 1_000_000
        )
    name = f"{uuid.uuid4().hex}.jpg"
    path = _folder() / name
    _redraw(data, path)
    return Photo(name, hashlib.sha256(data).hexdigest())


def photo_path(name: str) -> Path | None:
    """Where a kept photo is; None if the file is gone or the name is none of ours."""
    path = _folder() / name
    return path if name and Path(name).name == name and path.is_file() else None


def forget_photo(name: str) -> None:
    """Take away the file of a photo that came to nothing."""
    path = photo_path(name)
    if path is not None:
        path.unlink(missing_ok=True)


def named_by(subject: str, names: Names) -> None:
    """Make known how a subject that keeps photos names them; called when its app starts. Others' would be swept."""
    _named_by[subject] = names


def sweep() -> int:
    """Delete old photos that no row of any subject names; how many."""
    return orphans.sweep(_folder(), chain.from_iterable(names() for names in _named_by.values()))


def _redraw(data: bytes, target: Path) -> None:
    from PIL import Image, ImageOps, UnidentifiedImageError  # a tenth of a second that most requests never need

    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise _refused("too_many_pixels", _("The photo has too many pixels. Take a smaller one."))
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        raise _refused("unreadable", _("The file is no photo that can be read. Use JPEG, PNG or WebP.")) from error
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    plain = Image.new("RGB", upright.size)
    plain.paste(upright)
    with written_whole(target) as out:  # before a row names it
        plain.save(out, "JPEG", quality=QUALITY, optimize=True)


def _folder() -> Path:
    folder: Path = settings.DATA_DIR / "files" / FOLDER
    return folder


def _refused(code: str, message: Text, **params: object) -> UserError:
    return UserError(f"photos.{code}", message, "photo", **params)
