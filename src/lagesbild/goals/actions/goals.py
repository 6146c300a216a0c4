"""Goals and the documents they come from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from lagesbild.accounts.models import Organisation, User
from lagesbild.core import audit
from lagesbild.goals.models import Goal, GoalKind, GoverningDocument


@dataclass(frozen=True)
class GoalText:
    """What one writes about a goal."""

    title: str
    kind: str = GoalKind.GOAL
    text: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""
    order: int = 0


@transaction.atomic
def ensure_document(
    owner: Organisation,
    title: str,
    *,
    level: str,
    actor: User | None,
    issued_by: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
    note: str = "",
    source: str = "",
) -> GoverningDocument:
    """The governing document with this title, made if it does not exist."""
    document, made = GoverningDocument.objects.get_or_create(
        collaboration_id=owner.collaboration_id,
        title=title,
        defaults={
            "owner": owner,
            "level": level,
            "issued_by": issued_by,
            "valid_from": valid_from,
            "valid_to": valid_to,
            "note": note,
            "source": source,
        },
    )
    if made:
        audit.record("documents.created", document, actor=actor, collaboration=owner.collaboration.slug)
    return document


@transaction.atomic
def ensure_goal(
    owner: Organisation,
    number: str,
    text: GoalText,
    *,
    actor: User | None,
    parent: Goal | None = None,
    responsible: Organisation | None = None,
    documents: tuple[GoverningDocument, ...] = (),
) -> Goal:
    """The goal with this number, made if it does not exist."""
    goal, made = Goal.objects.get_or_create(
        collaboration_id=owner.collaboration_id,
        number=number,
        defaults={"owner": owner, "parent": parent, "responsible": responsible, **vars(text)},
    )
    if made:
        goal.documents.set(documents)
        audit.record("goals.created", goal, actor=actor, collaboration=owner.collaboration.slug)
    return goal
