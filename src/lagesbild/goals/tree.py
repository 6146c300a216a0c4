"""The goal tree, and what each goal lacks (ledger G4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Membership
from lagesbild.cooperation.models import Action
from lagesbild.goals import queries
from lagesbild.goals.models import Goal, GoalKind, Indicator, Measurement

NEWER_MONTHS = 24  # a goal whose newest measurement is older has none that is newer


@dataclass(frozen=True)
class Node:
    """One goal in the tree, ``depth`` steps below the top, with what it lacks in words."""

    goal: Goal
    depth: int
    n_indicators: int
    flags: tuple[str, ...]


def tree_of(membership: Membership, *, today: date) -> list[Node]:
    """The goals that may be seen, each below the one it belongs to. Four queries."""
    goals = list(queries.goals_of(membership))
    indicators = _indicators(membership, today)
    acted_on = set(Action.objects.filter(visible_to(membership), goals__in=goals).values_list("goals", flat=True))
    nodes: list[Node] = []

    def add(parent: int | None, depth: int) -> None:
        for goal in goals:
            if goal.parent_id == parent:
                own = indicators.get(goal.pk, [])
                parts = [each for each in goals if each.parent_id == goal.pk]
                flags = _flags(goal, parts, own, acts=goal.pk in acted_on)
                nodes.append(Node(goal, depth, len(own), flags))
                add(goal.pk, depth + 1)

    add(None, 0)
    return nodes


def flags_of(membership: Membership, goal: Goal, *, today: date) -> tuple[str, ...]:
    """What one goal lacks."""
    return next((node.flags for node in tree_of(membership, today=today) if node.goal.pk == goal.pk), ())


def _indicators(membership: Membership, today: date) -> dict[int, list[bool]]:
    """For each goal: whether each of its indicators has a measurement that is newer."""
    since = date(today.year - NEWER_MONTHS // 12, today.month, 1)
    newer = Measurement.objects.filter(indicator=OuterRef("pk"), period_to__gte=since).exclude(value=None)
    found: dict[int, list[bool]] = {}
    rows = Indicator.objects.filter(visible_to(membership), Q(retired_on=None)).annotate(newer=Exists(newer))
    for goal_id, fresh in rows.values_list("goal", "newer"):
        found.setdefault(goal_id, []).append(fresh)
    return found


def _flags(goal: Goal, parts: list[Goal], indicators: list[bool], *, acts: bool) -> tuple[str, ...]:
    if goal.kind == GoalKind.VISION:
        return () if parts else (_("No goal"),)
    lacking = [
        (goal.kind == GoalKind.GOAL and not parts, _("No local sub-goal")),
        (not indicators and not parts, _("No indicator")),
        (bool(indicators) and not any(indicators), _("No newer measurement")),
        (not acts, _("No action")),
        (goal.responsible_id is None, _("Nobody responsible")),
    ]
    return tuple(text for lacks, text in lacking if lacks)
