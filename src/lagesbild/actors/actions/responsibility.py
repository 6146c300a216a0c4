"""The responsibility register, and the questions that wait for an answer."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q

from lagesbild.accounts.models import Membership, Organisation, User
from lagesbild.actors.models import ObjectKind, ResponsibilityEntry, ResponsibilityQuestion
from lagesbild.core import audit, clock
from lagesbild.core.conflicts import bump
from lagesbild.places.models import Place

SAME_SPOT_M = 25.0
"""Two open questions about one kind of object this near each other are one question."""


@transaction.atomic
def ensure_entry(owner: Organisation, *, actor: User | None, **fields: Any) -> ResponsibilityEntry:
    """A line of the register, made if the same organisation has none for this kind and ground."""
    about = {name: fields.pop(name, None) for name in ("kind", "place", "area", "zone")}
    entry, made = ResponsibilityEntry.objects.get_or_create(
        collaboration_id=owner.collaboration_id,
        organisation=fields.pop("organisation"),
        **about,
        defaults={"owner": owner, **fields},
    )
    if made:
        audit.record("responsibilities.created", entry, actor=actor, collaboration=owner.collaboration.slug)
    return entry


@transaction.atomic
def create_entry(membership: Membership, **fields: Any) -> ResponsibilityEntry:
    """A new line of the register, kept by the member's organisation."""
    entry = ResponsibilityEntry.objects.create(
        collaboration=membership.collaboration, owner=membership.organisation, **fields
    )
    slug = membership.collaboration.slug
    audit.record("responsibilities.created", entry, actor=membership.user, collaboration=slug)
    return entry


@transaction.atomic
def change_entry(membership: Membership, entry: ResponsibilityEntry, seen: int, **fields: Any) -> ResponsibilityEntry:
    """The line as it is now. `EditConflict` if somebody else was first."""
    bump(entry, seen, **fields)
    slug = membership.collaboration.slug
    audit.record("responsibilities.changed", entry, actor=membership.user, collaboration=slug)
    return entry


@transaction.atomic
def ask_who(
    membership: Membership,
    kind: str,
    *,
    place: Place | None = None,
    x: float | None = None,
    y: float | None = None,
    note: str = "",
) -> ResponsibilityQuestion:
    """Put the question who answers for this in the queue; the open question about the same spot if there is one."""
    known = _open_question(membership, kind, place, x, y)
    if known is not None:
        return known
    question = ResponsibilityQuestion.objects.create(
        collaboration=membership.collaboration,
        owner=membership.organisation,
        kind=ObjectKind.objects.filter(collaboration=membership.collaboration, code=kind).first(),
        place=place,
        x=place.x if x is None and place is not None else x,
        y=place.y if y is None and place is not None else y,
        note=note,
        asked_at=clock.now(),
        asked_by=membership.user,
    )
    slug = membership.collaboration.slug
    audit.record("responsibility_questions.asked", question, actor=membership.user, collaboration=slug)
    return question


@transaction.atomic
def answer_question(
    membership: Membership, question: ResponsibilityQuestion, entry: ResponsibilityEntry
) -> ResponsibilityQuestion:
    """Take the question out of the queue: this line of the register answers it. The first answer stands."""
    open_still = ResponsibilityQuestion.objects.filter(pk=question.pk, answered_at=None)
    if open_still.update(answered_at=clock.now(), answer=entry):
        slug = membership.collaboration.slug
        audit.record("responsibility_questions.answered", question, actor=membership.user, collaboration=slug)
    question.refresh_from_db()
    return question


def _open_question(
    membership: Membership, kind: str, place: Place | None, x: float | None, y: float | None
) -> ResponsibilityQuestion | None:
    asked = ResponsibilityQuestion.objects.filter(
        collaboration=membership.collaboration, answered_at=None, kind__code=kind
    )
    same = Q(place=place, x=place.x, y=place.y) if place is not None and x is None else Q(pk=None)
    if x is not None and y is not None:
        near = SAME_SPOT_M
        same = Q(x__range=(x - near, x + near), y__range=(y - near, y + near))
    return asked.filter(same).first()
