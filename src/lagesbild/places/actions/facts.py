"""Dated facts about areas and places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Collaboration, Membership, Organisation, SharingLevel, User
from lagesbild.core import audit
from lagesbild.core.errors import UserError
from lagesbild.core.privacy import find_personal_numbers
from lagesbild.core.text import PERSONAL_NUMBER_MESSAGE
from lagesbild.places.models import Area, Fact, Place


@dataclass(frozen=True)
class FactText:
    """A number, what it counts, when it holds (``valid_to`` is the first day it does not), and who says so."""

    kind: str
    value: float
    valid_from: date
    source: str
    valid_to: date | None = None
    note: str = ""
    sharing: str = SharingLevel.PARTNERS


def ensure_fact(
    collaboration: Collaboration, owner: Organisation, subject: Area | Place, text: FactText, *, actor: User | None
) -> Fact:
    """This very fact about this very area or place, recorded if it is not there."""
    told = asdict(text)
    existing = Fact.objects.filter(**_about(subject), kind=text.kind, valid_from=text.valid_from, source=text.source)
    same = existing.filter(value=told["value"], valid_to=told["valid_to"]).first()
    return same or _record(collaboration, owner, subject, text, actor=actor)


@transaction.atomic
def record_facts(
    collaboration: Collaboration,
    owner: Organisation,
    facts: Sequence[tuple[Area | Place, FactText]],
    *,
    actor: User | None,
) -> int:
    """A whole table of new facts at once, with one audit row for all of them; how many."""
    for subject, text in facts:
        _check(collaboration, subject, text)
    rows = [
        Fact(collaboration=collaboration, owner=owner, **_about(subject), **asdict(text)) for subject, text in facts
    ]
    Fact.objects.bulk_create(rows, batch_size=500)
    if rows:
        sources = sorted({text.source for _subject, text in facts})
        audit.record(
            "facts.table_recorded",
            collaboration,
            actor=actor,
            collaboration=collaboration.slug,
            facts=len(rows),
            sources=sources,
        )
    return len(rows)


def record_fact(membership: Membership, subject: Area | Place, text: FactText) -> Fact:
    """A new fact, owned by the member's organisation."""
    return _record(membership.collaboration, membership.organisation, subject, text, actor=membership.user)


@transaction.atomic
def remove_fact(membership: Membership, fact: Fact) -> None:
    """Take a mistaken fact away. What it said stays in the audit log."""
    audit.record(
        "facts.removed",
        fact,
        actor=membership.user,
        collaboration=membership.collaboration.slug,
        kind=fact.kind,
        value=fact.value,
        source=fact.source,
    )
    fact.delete()


@transaction.atomic
def _record(
    collaboration: Collaboration, owner: Organisation, subject: Area | Place, text: FactText, *, actor: User | None
) -> Fact:
    _check(collaboration, subject, text)
    fact = Fact.objects.create(collaboration=collaboration, owner=owner, **_about(subject), **asdict(text))
    audit.record("facts.recorded", fact, actor=actor, collaboration=collaboration.slug)
    return fact


def _about(subject: Area | Place) -> dict[str, Any]:
    return {"area": subject} if isinstance(subject, Area) else {"place": subject}


def _check(collaboration: Collaboration, subject: Area | Place, text: FactText) -> None:
    home = subject.version.area_set.collaboration_id if isinstance(subject, Area) else subject.collaboration_id
    if home != collaboration.pk:
        raise ValueError("A fact belongs to the collaboration of what it is about.")
    if not text.value >= 0:
        raise UserError("places.negative_fact", _("The number must be zero or more."), "value")
    if text.valid_to is not None and text.valid_to <= text.valid_from:
        raise UserError("places.fact_backwards", _("The last day must be after the first."), "valid_to")
    if find_personal_numbers(text.source):
        raise UserError("places.personal_number", PERSONAL_NUMBER_MESSAGE, "source")
