"""How much of a stranger's file is read. Each limit is there so that memory stays bounded."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Bounds on a file of areas or places. Sweden's finest official division (DeSO) has 6,160 areas and 40 MB."""

    max_bytes: int = 300_000_000
    max_unpacked_bytes: int = 1_000_000_000  # a zip may say it is small and not be
    max_members: int = 200  # files in a zip
    max_features: int = 200_000
    max_vertices: int = 30_000_000  # half a gigabyte of coordinates
    max_fields: int = 500
    max_problems: int = 1_000  # more than anyone reads


DEFAULT_LIMITS = Limits()
