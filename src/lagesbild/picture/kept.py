"""Answers kept for the next who asks: files under the data folder, named by what the answer depends on.

Files and not rows, so that looking at a page never writes in the database. Losing them costs only time: each can be
computed again. The newest are kept, the oldest go.
"""

from __future__ import annotations

import hashlib
import tempfile
import zlib
from pathlib import Path

from django.conf import settings

MOST_FILES = 2_000
PRUNE_EVERY = 50


def folder(kind: str) -> Path:
    """Where answers of this kind are."""
    path: Path = settings.DATA_DIR / "kept" / kind
    return path


def recall(kind: str, key: str) -> bytes | None:
    """The answer kept under the key, or None. A damaged file counts as none."""
    try:
        return zlib.decompress(_path(kind, key).read_bytes())
    except (FileNotFoundError, zlib.error):
        return None


def keep(kind: str, key: str, answer: bytes) -> None:
    """Written beside and moved into place, so that nobody reads half an answer."""
    path = _path(kind, key)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".draft-", delete=False) as draft:
        draft.write(zlib.compress(answer, level=1))
    Path(draft.name).replace(path)
    if int(path.name[:8], 16) % PRUNE_EVERY == 0:
        _prune(path.parent)


def _path(kind: str, key: str) -> Path:
    return folder(kind) / hashlib.sha256(key.encode()).hexdigest()


def _prune(where: Path) -> None:
    def age(path: Path) -> float:
        try:
            return path.stat().st_mtime
        except FileNotFoundError:  # another process pruned it
            return 0.0

    for path in sorted(where.iterdir(), key=age, reverse=True)[MOST_FILES:]:
        path.unlink(missing_ok=True)
