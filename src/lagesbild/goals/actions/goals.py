"""Goals and the documents they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Membership, Organisation, User
from lagesbild.core import audit, conflicts
from lagesbild.core.errors import UserError
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
def create_document(membership: Membership, written: Mapping[str, Any]) -> GoverningDocument:
    """A governing document that one's own organisation has noted.

    Raises:
        UserError: it is here already.
    """
    _check_title(membership.collaboration_id, written["title"], except_pk=0)
    document = GoverningDocument(collaboration=membership.collaboration, owner=membership.organisation, **written)
    document.save()
    audit.record("documents.created", document, actor=membership.user, collaboration=membership.collaboration.slug)
    return document


@transaction.atomic
def change_document(
    membership: Membership, document: GoverningDocument, seen: int, written: Mapping[str, Any]
) -> GoverningDocument:
    """Change what is noted of a governing document.

    Raises:
        EditConflict: somebody was first.
        UserError: another one has the title.
    """
    _check_title(membership.collaboration_id, written["title"], except_pk=document.pk)
    changed = conflicts.bump(document, seen, **written)
    audit.record("documents.changed", changed, actor=membership.user, collaboration=membership.collaboration.slug)
    return changed


def _check_title(collaboration_id: int, title: str, *, except_pk: int) -> None:
    if GoverningDocument.objects.filter(collaboration=collaboration_id, title=title).exclude(pk=except_pk).exists():
        raise UserError("document.title_taken", _("This document is here already."), "title")


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


@transaction.atomic
def create_goal(membership: Membership, written: Mapping[str, Any]) -> Goal:
    """A goal of one's own organisation.

    Raises:
        UserError: another goal has the number.
    """
    _check_number(membership.collaboration_id, written["number"], except_pk=0)
    fields, links = _parted(written)
    goal = Goal(collaboration=membership.collaboration, owner=membership.organisation, **fields)
    goal.full_clean(exclude=["version"])
    goal.save()
    _link(goal, links)
    audit.record("goals.created", goal, actor=membership.user, collaboration=membership.collaboration.slug)
    return goal


@transaction.atomic
def change_goal(membership: Membership, goal: Goal, seen: int, written: Mapping[str, Any]) -> Goal:
    """Change a goal that has not changed since version ``seen``.

    Raises:
        EditConflict: somebody was first.
        UserError: another goal has the number, or the goal would be part of itself.
    """
    _check_number(goal.collaboration_id, written["number"], except_pk=goal.pk)
    above = written.get("parent")
    while above is not None:
        if above.pk == goal.pk:
            raise UserError("goal.circle", _("A goal cannot be part of itself."), "parent")
        above = above.parent
    fields, links = _parted(written)
    changed = conflicts.bump(goal, seen, **fields)
    _link(changed, links)
    audit.record("goals.changed", goal, actor=membership.user, collaboration=membership.collaboration.slug)
    return changed


LINKS = ("documents", "actions")


def _parted(written: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The goal's own fields, and what it is linked to."""
    fields = {name: value for name, value in written.items() if name not in LINKS}
    return fields, {name: written[name] for name in LINKS if name in written}


def _link(goal: Goal, links: Mapping[str, Any]) -> None:
    for name, rows in links.items():
        getattr(goal, name).set(rows)


def _check_number(collaboration_id: int, number: str, *, except_pk: int) -> None:
    taken = Goal.objects.filter(collaboration=collaboration_id, number=number).exclude(pk=except_pk)
    if number and taken.exists():
        raise UserError("goal.number_taken", _("Another goal has this number."), "number")
