"""Assessments against success factors, interviews with partners, and the training log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from lagesbild.accounts.models import Collaboration, Function, Membership, Organisation, User
from lagesbild.actors.models import Assessment, Factor, FactorScore, Interview, Training
from lagesbild.core import audit

Scores = Mapping[int, tuple[int | None, str]]
"""Key of a factor → score (None: not known) and reason."""


@transaction.atomic
def ensure_factor(collaboration: Collaboration, code: str, *, actor: User | None, **fields: Any) -> Factor:
    """The success factor with this code, made if it does not exist."""
    factor, made = Factor.objects.get_or_create(collaboration=collaboration, code=code, defaults=fields)
    if made:
        audit.record("factors.created", factor, actor=actor, collaboration=collaboration.slug)
    return factor


@transaction.atomic
def assess(membership: Membership, scores: Scores, **fields: Any) -> Assessment:
    """A dated look at the collaboration. It is never changed: a new look is a new assessment."""
    assessment = Assessment.objects.create(
        collaboration=membership.collaboration, owner=membership.organisation, made_by=membership.user, **fields
    )
    known = set(Factor.objects.filter(collaboration=membership.collaboration).values_list("pk", flat=True))
    FactorScore.objects.bulk_create(
        FactorScore(assessment=assessment, factor_id=factor, score=score, reason=reason)
        for factor, (score, reason) in scores.items()
        if factor in known
    )
    audit.record("assessments.made", assessment, actor=membership.user, collaboration=membership.collaboration.slug)
    return assessment


@transaction.atomic
def record_interview(membership: Membership, **fields: Any) -> Interview:
    """What a function said of a forum."""
    interview = Interview.objects.create(
        collaboration=membership.collaboration, owner=membership.organisation, **fields
    )
    audit.record("interviews.recorded", interview, actor=membership.user, collaboration=membership.collaboration.slug)
    return interview


@transaction.atomic
def ensure_interview(owner: Organisation, *, actor: User | None, **fields: Any) -> Interview:
    """The interview of this function about this forum on this day, made if it does not exist."""
    key = {name: fields.pop(name) for name in ("on", "forum", "function")}
    interview, made = Interview.objects.get_or_create(
        collaboration_id=owner.collaboration_id, **key, defaults={"owner": owner, **fields}
    )
    if made:
        audit.record("interviews.recorded", interview, actor=actor, collaboration=owner.collaboration.slug)
    return interview


@transaction.atomic
def log_training(membership: Membership, **fields: Any) -> Training:
    """How many of a function have learnt of the work."""
    training = Training.objects.create(collaboration=membership.collaboration, owner=membership.organisation, **fields)
    audit.record("trainings.logged", training, actor=membership.user, collaboration=membership.collaboration.slug)
    return training


@transaction.atomic
def ensure_training(function: Function, *, actor: User | None, **fields: Any) -> Training:
    """The training of this function on this day about this topic, made if it does not exist."""
    organisation = function.organisation
    key = {name: fields.pop(name) for name in ("on", "kind", "topic")}
    training, made = Training.objects.get_or_create(
        collaboration_id=organisation.collaboration_id,
        function=function,
        **key,
        defaults={"owner": organisation, **fields},
    )
    if made:
        audit.record("trainings.logged", training, actor=actor, collaboration=organisation.collaboration.slug)
    return training
