"""Reads about agreements, promises and the communication log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Collaboration, Membership, Organisation, SharingLevel
from lagesbild.actors.models import (
    Agreement,
    AgreementVersion,
    Commitment,
    CommitmentStatus,
    Communication,
    Promise,
    PromiseProgress,
)
from lagesbild.core import clock


@dataclass(frozen=True)
class AgreementRow:
    """An agreement in a list, with how its commitments stand and whether its end is near."""

    agreement: Agreement
    parties: str
    n_commitments: int
    n_kept: int
    n_not_kept: int
    days_left: int | None

    @property
    def ends_soon(self) -> bool:
        return self.days_left is not None and 0 <= self.days_left <= self.agreement.remind_days


def agreements_of(membership: Membership) -> list[AgreementRow]:
    """The agreements a member may see, newest first. Two queries."""
    of = Q(commitments__status=CommitmentStatus.KEPT)
    rows = (
        Agreement.objects.filter(visible_to(membership))
        .annotate(
            n_commitments=Count("commitments", distinct=True),
            n_kept=Count("commitments", filter=of, distinct=True),
            n_not_kept=Count("commitments", filter=Q(commitments__status=CommitmentStatus.NOT_KEPT), distinct=True),
        )
        .prefetch_related("parties")
    )
    today = clock.today(membership.collaboration.time_zone)
    return [_row(each, today) for each in rows]


def _row(agreement: Any, today: date) -> AgreementRow:
    ends = [on for on in (agreement.valid_to, agreement.funded_to) if on is not None]
    return AgreementRow(
        agreement,
        ", ".join(party.name for party in agreement.parties.all()),
        agreement.n_commitments,
        agreement.n_kept,
        agreement.n_not_kept,
        (min(ends) - today).days if ends else None,
    )


def commitments_of(agreement: Agreement) -> QuerySet[Commitment]:
    """What its parties have taken upon themselves, by party."""
    return Commitment.objects.filter(agreement=agreement).select_related("organisation")


def commitments_by(organisation: Organisation, membership: Membership) -> QuerySet[Commitment]:
    """What one organisation has taken upon itself in agreements the member may see."""
    seen = Agreement.objects.filter(visible_to(membership))
    return Commitment.objects.filter(organisation=organisation, agreement__in=seen).select_related("agreement")


def commitments_of_slug(membership: Membership, organisation: str) -> QuerySet[Commitment]:
    """What the organisation with this slug has taken upon itself."""
    seen = Agreement.objects.filter(visible_to(membership))
    mine = Commitment.objects.filter(organisation__slug=organisation, agreement__in=seen)
    return mine.select_related("agreement")


def row_of(agreement: Agreement, membership: Membership) -> AgreementRow:
    """How one agreement stands."""
    return next(each for each in agreements_of(membership) if each.agreement.pk == agreement.pk)


def commitment_of(agreement: Agreement, pk: int) -> Commitment | None:
    """One commitment of the agreement."""
    return commitments_of(agreement).select_related("agreement__collaboration").filter(pk=pk).first()


def versions_of(agreement: Agreement) -> list[AgreementVersion]:
    """All versions, newest first, with who made them."""
    return list(AgreementVersion.objects.filter(agreement=agreement).select_related("by"))


def ending_soon() -> list[Agreement]:
    """Agreements of every collaboration whose end or money may be due for a reminder."""
    now = clock.today()
    horizon = now + timedelta(days=366)
    soon = Q(valid_to__range=(now - timedelta(days=1), horizon)) | Q(
        funded_to__range=(now - timedelta(days=1), horizon)
    )
    return list(Agreement.objects.filter(soon).select_related("collaboration", "owner"))


def promises_of(membership: Membership) -> QuerySet[Promise]:
    """The promises a member may see, with their progress. Two queries."""
    promises = Promise.objects.filter(visible_to(membership)).select_related("owner", "place")
    return promises.defer("place__geometry", "place__drawing").prefetch_related(_steps())


def public_promises(collaboration: Collaboration) -> QuerySet[Promise]:
    """What everybody may see: promises shared with the public. Two queries."""
    promises = Promise.objects.filter(collaboration=collaboration, sharing=SharingLevel.PUBLIC)
    return (
        promises.select_related("owner", "place").defer("place__geometry", "place__drawing").prefetch_related(_steps())
    )


def _steps() -> Prefetch[str]:
    return Prefetch("progress", PromiseProgress.objects.order_by("-on", "-pk"))


def communications_of(membership: Membership) -> QuerySet[Communication]:
    """The communication log, newest first. One query."""
    lines = Communication.objects.filter(visible_to(membership))
    return lines.select_related("owner", "checked_by__organisation", "promise")
