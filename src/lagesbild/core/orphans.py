"""Kept files that no row names: written before a transaction that then came to nothing, or left when a server died.

A subject that keeps files sweeps its own folders; what names them, only it knows.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from lagesbild.core import clock

logger = logging.getLogger(__name__)

AGE = timedelta(hours=24)  # no transaction lives so long
MANY = 100


def sweep(folder: Path, named: Iterable[str], *, older_than: timedelta = AGE) -> int:
    """Delete the files of the folder that are old and not among ``named``; how many. Safe at any time.

    ``named`` is read after the folder is, so that a file kept meanwhile is never among those to delete. Nothing is
    deleted when most of a large folder would be: then the database is rather an old copy than the files too many.
    """
    limit = (clock.now() - older_than).timestamp()
    files = [path for path in folder.glob("*") if path.is_file()] if folder.is_dir() else []
    orphans = {path.name: path for path in files if path.stat().st_mtime < limit}
    for name in named if orphans else ():
        orphans.pop(name, None)
    if len(orphans) > MANY and len(orphans) > len(files) / 2:
        logger.warning(
            "%d of %d files in %s are named by no row; none is deleted. Is the database older than the files?",
            *(len(orphans), len(files), folder),
        )
        return 0
    for path in orphans.values():
        path.unlink(missing_ok=True)
    if orphans:
        logger.info("Deleted %d files in %s that no row named", len(orphans), folder)
    return len(orphans)
