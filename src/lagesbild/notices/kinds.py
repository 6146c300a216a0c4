"""The kinds of notices. Each subject registers its own when its app starts; the title is all that a mail tells."""

from __future__ import annotations

from dataclasses import dataclass

from lagesbild.core.errors import Text


@dataclass(frozen=True)
class Kind:
    """``title`` says in general words what it is about. ``urgent`` passes the digest, never the quiet hours."""

    code: str
    title: Text
    urgent: bool = False


_kinds: dict[str, Kind] = {}


def register(code: str, *, title: Text, urgent: bool = False) -> None:
    """Make a kind known, from the ``ready`` of an app."""
    _kinds[code] = Kind(code, title, urgent)


def kind(code: str) -> Kind:
    """The registered kind; ``KeyError`` if no app knows it."""
    return _kinds[code]


def known(code: str) -> bool:
    return code in _kinds


def all_kinds() -> list[Kind]:
    """Every kind, by title."""
    return sorted(_kinds.values(), key=lambda each: str(each.title))
