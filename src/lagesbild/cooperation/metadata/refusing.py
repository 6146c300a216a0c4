"""Why a document is not kept."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    UNREADABLE = "unreadable"
    LOCKED = "locked"
    SIGNED = "signed"
    HOLDS_FILES = "holds_files"
    TOO_LARGE = "too_large_unpacked"


class Refused(Exception):
    """The document cannot be freed of its metadata."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason
