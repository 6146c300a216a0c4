"""Counts of handovers and reports of concern, function to function, by month. Never a person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Function, Membership
from lagesbild.core import audit
from lagesbild.core.errors import UserError
from lagesbild.goals.models import Handover


@dataclass(frozen=True)
class HandoverCount:
    """How many of one gender and age group."""

    gender: str
    age_group: str
    count: int


@transaction.atomic
def record_handovers(
    membership: Membership,
    kind: str,
    giver: Function,
    taker: Function,
    month: date,
    counts: Iterable[HandoverCount],
    *,
    source: str = "",
) -> int:
    """Store a month's counts; those given again take the place of what stood there. How many were new or changed.

    Raises:
        UserError: no count was given; the two are the same; or another organisation counts between these two.
    """
    given = list(counts)
    if not given:
        raise UserError("handover.nothing", _("Write at least one number. Zero is a number, too."))
    if giver == taker:
        raise UserError("handover.same", _("One cannot hand over to oneself."), "to_function")
    stored = {
        (each.gender, each.age_group): each
        for each in Handover.objects.filter(
            collaboration=membership.collaboration_id,
            kind=kind,
            from_function=giver,
            to_function=taker,
            month=month,
        )
    }
    if any(each.owner_id != membership.function.organisation_id for each in stored.values()):
        raise UserError(
            "handover.other_owner",
            _("Another organisation already counts between these two this month. Ask it to correct its numbers."),
        )
    changes = []
    for each in given:
        before = stored.get((each.gender, each.age_group))
        if before is not None and before.count == each.count:
            continue
        Handover.objects.update_or_create(
            kind=kind,
            from_function=giver,
            to_function=taker,
            month=month,
            gender=each.gender,
            age_group=each.age_group,
            defaults={
                "collaboration": membership.collaboration,
                "owner": membership.organisation,
                "count": each.count,
                "source": source,
            },
        )
        changes.append([each.gender, each.age_group, None if before is None else before.count, each.count])
    if changes:
        audit.record(
            "handovers.recorded",
            giver,
            actor=membership.user,
            collaboration=membership.collaboration.slug,
            kind=kind,
            to=taker.pk,
            month=month.isoformat(),
            changes=changes,
        )
    return len(changes)
