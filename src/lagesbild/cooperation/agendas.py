"""The fixed points of an agenda: few, short, and the question how we cooperate first. No database.

V, Samverkansutsättning Fokusområde Klara: the agenda was felt to be too long, points could be misread, and a simpler
one was asked for with the question of cooperation given clear priority.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lagesbild.cooperation.models import ForumLevel, PointKind
from lagesbild.core.errors import UserError
from lagesbild.core.privacy import find_personal_numbers
from lagesbild.core.text import PERSONAL_NUMBER_MESSAGE

MANY, MOST = 6, 20


@dataclass(frozen=True, kw_only=True)
class PointText:
    """One fixed point."""

    title: str
    kind: str = PointKind.TALK
    minutes: int = 5


STANDARD: dict[str, tuple[tuple[PointKind, int], ...]] = {
    ForumLevel.OPERATIONAL: (
        (PointKind.COOPERATE, 10),
        (PointKind.PICTURE, 10),
        (PointKind.TASKS, 15),
        (PointKind.RAISED, 5),
        (PointKind.ACTIONS, 5),
    ),
    ForumLevel.STEERING: ((PointKind.PICTURE, 20), (PointKind.MATTERS, 30), (PointKind.ACTIONS, 20)),
}
OTHERWISE: tuple[tuple[PointKind, int], ...] = (
    (PointKind.COOPERATE, 15),
    (PointKind.PICTURE, 15),
    (PointKind.MATTERS, 30),
    (PointKind.ACTIONS, 15),
)
TITLES: dict[str, str | Promise] = {
    PointKind.COOPERATE: _("How do we cooperate tonight?"),
    PointKind.PICTURE: _("The picture since last time"),
    PointKind.TASKS: _("Each actor's task and aim tonight, help wanted"),
    PointKind.RAISED: _("Raised since last time"),
    PointKind.MATTERS: _("Open matters"),
    PointKind.ACTIONS: _("Actions due"),
}


def standard(level: str) -> list[PointText]:
    """The points proposed for a forum that has none of its own."""
    chosen = STANDARD.get(level, OTHERWISE)
    return [PointText(title=str(TITLES[kind]), kind=kind.value, minutes=minutes) for kind, minutes in chosen]


def from_stored(points: Iterable[dict[str, Any]]) -> list[PointText]:
    """The points of a template."""
    return [PointText(**point) for point in points]


def check(points: Sequence[PointText]) -> None:
    """Raise `UserError` for an agenda that cannot be held."""
    if not points:
        raise UserError("agendas.empty", _("An agenda needs at least one point."))
    if len(points) > MOST:
        raise UserError("agendas.too_long", _("An agenda holds at most {most} points."), most=MOST)
    if any(find_personal_numbers(point.title) for point in points):
        raise UserError("personal_number", PERSONAL_NUMBER_MESSAGE)


def is_long(points: Sequence[PointText]) -> bool:
    """Whether to warn."""
    return len(points) > MANY
