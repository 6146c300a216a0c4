"""Two people editing the same thing: the first is stored, the second sees the difference, and nobody's text is lost.

Every text that several may edit has a ``version``; its form posts the version it was made from.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from lagesbild.core.errors import UserError

Versioned = TypeVar("Versioned", bound=models.Model)


class EditConflict(UserError):
    """Somebody else has changed the record since the form was opened. ``current`` is the record as it stands."""

    def __init__(self, current: models.Model) -> None:
        super().__init__(
            "edit_conflict",
            _("Someone else changed this while you were writing. Your text is kept below: compare, and save again."),
        )
        self.current = current


def bump(record: Versioned, seen: int, **changes: Any) -> Versioned:
    """Store ``changes`` if the record still has the version ``seen``; the record as stored.

    One conditional UPDATE, so that of two at the same moment one wins on any database.

    Raises:
        EditConflict: the record has another version.
    """
    manager = type(record)._default_manager
    for name, value in changes.items():
        setattr(record, name, value)
    record.clean_fields(exclude=[field.name for field in record._meta.fields if field.name not in changes])
    if not manager.filter(pk=record.pk, version=seen).update(version=F("version") + 1, **changes):
        raise EditConflict(manager.get(pk=record.pk))
    record.refresh_from_db()
    return record


@contextmanager
def unless_taken(taken: UserError) -> Iterator[None]:
    """Store within this; if the database says that it must be there once only and is there already, raise ``taken``."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise taken from error


def with_version(posted: Any, version: int) -> Any:
    """What was posted (a ``QueryDict``), as if made from this version. Fields with several values keep them all."""
    written = posted.copy()
    written["version"] = str(version)
    return written


@dataclass(frozen=True)
class Difference:
    """One field in which the two differ. ``lines`` are (mark, text): " " in both, "-" only stored, "+" only yours."""

    label: str
    stored: str
    yours: str
    lines: tuple[tuple[str, str], ...]


def differences(current: models.Model, yours: Mapping[str, Any], labels: Mapping[str, Any]) -> list[Difference]:
    """Where what one wrote differs from what is stored, field by field in the order of ``labels``."""
    found = []
    for name, label in labels.items():
        stored, mine = _text(getattr(current, name)), _text(yours.get(name))
        if stored != mine:
            found.append(Difference(str(label), stored, mine, _lines(stored, mine)))
    return found


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _lines(stored: str, mine: str) -> tuple[tuple[str, str], ...]:
    compared = difflib.ndiff(stored.splitlines(), mine.splitlines())
    return tuple((line[0], line[2:]) for line in compared if line[0] != "?")
