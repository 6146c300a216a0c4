"""Public data sets that are read where they lie; a test is skipped, with a reason, where its set is absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def shared_data(name: str) -> Path:
    """The folder of the data set ``name``."""
    base = Path(os.environ.get("LAGESBILD_SHARED_DATA", ROOT.parent / "shared" / "data"))
    folder = base / name
    if not folder.exists():
        pytest.skip(f"the data set {name!r} is not at {base} (set LAGESBILD_SHARED_DATA to its folder)")
    return folder
