"""Agreements and their versions, promises to citizens, the communication log, and reminders before things end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from lagesbild.accounts.access import CAPABILITIES, Capability
from lagesbild.accounts.models import Membership, Organisation, User
from lagesbild.actors.models import Agreement, AgreementVersion, Commitment, Communication, Promise, PromiseProgress
from lagesbild.core import audit, clock
from lagesbild.core.conflicts import bump, unless_taken
from lagesbild.core.errors import UserError
from lagesbild.notices import tell

AGREEMENT_FIELDS = ("title", "purpose", "goals", "valid_from", "valid_to", "funded_to", "source")
COMMITMENT_FIELDS = ("text", "status", "follow_up", "followed_up_on", "citation")


@transaction.atomic
def ensure_agreement(
    owner: Organisation,
    *,
    actor: User | None,
    parties: Sequence[Organisation],
    commitments: Iterable[Mapping[str, Any]] = (),
    **fields: Any,
) -> Agreement:
    """The agreement of this title from this day, made with its commitments if it does not exist."""
    key = {name: fields.pop(name) for name in ("title", "valid_from")}
    agreement, made = Agreement.objects.get_or_create(
        collaboration_id=owner.collaboration_id, **key, defaults={"owner": owner, **fields}
    )
    if made:
        agreement.parties.set(parties)
        for order, commitment in enumerate(commitments):
            Commitment.objects.create(agreement=agreement, order=order, **commitment)
        _keep_version(agreement, actor)
        audit.record("agreements.created", agreement, actor=actor, collaboration=owner.collaboration.slug)
    return agreement


@transaction.atomic
def create_agreement(membership: Membership, *, parties: Sequence[Organisation], **fields: Any) -> Agreement:
    """A new agreement, kept by the member's organisation."""
    agreement = Agreement(collaboration=membership.collaboration, owner=membership.organisation, **fields)
    with unless_taken(_taken()):
        agreement.save()
    agreement.parties.set(parties)
    _changed(membership, agreement, "agreements.created")
    return agreement


@transaction.atomic
def change_agreement(
    membership: Membership, agreement: Agreement, seen: int, *, parties: Sequence[Organisation], **fields: Any
) -> Agreement:
    """The agreement as it is now; how it was stays among its versions. `EditConflict` if somebody else was first."""
    with unless_taken(_taken()):
        bump(agreement, seen, **fields)
    agreement.parties.set(parties)
    _changed(membership, agreement, "agreements.changed")
    return agreement


def _taken() -> UserError:
    return UserError(
        "agreements.title_taken", _("There is already an agreement of this title from the same day."), "title"
    )


@transaction.atomic
def add_commitment(membership: Membership, agreement: Agreement, **fields: Any) -> Commitment:
    """What one party takes upon itself; a new version of the agreement."""
    commitment = Commitment.objects.create(agreement=agreement, order=agreement.commitments.count(), **fields)
    _changed(membership, agreement, "commitments.added")
    return commitment


@transaction.atomic
def change_commitment(membership: Membership, commitment: Commitment, seen: int, **fields: Any) -> Commitment:
    """Follow a commitment up, or word it anew; a new version of the agreement.

    `EditConflict` with the commitment as it stands if somebody else changed the same one since; two who change
    different ones do not disturb each other.
    """
    bump(commitment, seen, **fields)
    _changed(membership, commitment.agreement, "commitments.changed")
    return commitment


@transaction.atomic
def ensure_promise(
    owner: Organisation, *, actor: User | None, progress: Iterable[Mapping[str, Any]] = (), **fields: Any
) -> Promise:
    """The promise in these words, made if it does not exist."""
    promise, made = Promise.objects.get_or_create(
        collaboration_id=owner.collaboration_id,
        owner=owner,
        text=fields.pop("text"),
        defaults=fields,
    )
    if made:
        for step in progress:
            PromiseProgress.objects.create(promise=promise, **step)
        audit.record("promises.given", promise, actor=actor, collaboration=owner.collaboration.slug)
    return promise


@transaction.atomic
def give_promise(membership: Membership, **fields: Any) -> Promise:
    """A promise to citizens by the member's organisation."""
    promise = Promise.objects.create(collaboration=membership.collaboration, owner=membership.organisation, **fields)
    audit.record("promises.given", promise, actor=membership.user, collaboration=membership.collaboration.slug)
    return promise


@transaction.atomic
def change_promise(membership: Membership, promise: Promise, seen: int, **fields: Any) -> Promise:
    """The promise as it stands now. `EditConflict` if somebody else was first."""
    bump(promise, seen, **fields)
    audit.record("promises.changed", promise, actor=membership.user, collaboration=membership.collaboration.slug)
    return promise


@transaction.atomic
def note_progress(membership: Membership, promise: Promise, **fields: Any) -> PromiseProgress:
    """What has been done for a promise."""
    step = PromiseProgress.objects.create(promise=promise, **fields)
    audit.record("promises.progressed", promise, actor=membership.user, collaboration=membership.collaboration.slug)
    return step


@transaction.atomic
def log_communication(membership: Membership, **fields: Any) -> Communication:
    """What was said in public, with the check of what it does to fear, made by the member's function."""
    made = Communication.objects.create(
        collaboration=membership.collaboration,
        owner=membership.organisation,
        checked_by=membership.function,
        **fields,
    )
    audit.record("communications.logged", made, actor=membership.user, collaboration=membership.collaboration.slug)
    return made


@transaction.atomic
def ensure_communication(owner: Organisation, *, actor: User | None, **fields: Any) -> Communication:
    """The line of the log of this day and text, made if it does not exist."""
    key = {name: fields.pop(name) for name in ("on", "text")}
    line, made = Communication.objects.get_or_create(
        collaboration_id=owner.collaboration_id, **key, defaults={"owner": owner, **fields}
    )
    if made:
        audit.record("communications.logged", line, actor=actor, collaboration=owner.collaboration.slug)
    return line


@transaction.atomic
def remind_of_ends(agreement: Agreement) -> int:
    """Tell those who lead the work of its parties that the agreement or its money ends soon, once for each end date."""
    today = clock.today(agreement.collaboration.time_zone)
    horizon = today + timedelta(days=agreement.remind_days)
    told = 0
    for ends, mark, text in (
        ("valid_to", "reminded_for", gettext_noop("The agreement “{title}” ends on {on}.")),
        ("funded_to", "funding_reminded_for", gettext_noop("The money of “{title}” is settled until {on}.")),
    ):
        on = getattr(agreement, ends)
        if on is None or not today <= on <= horizon or getattr(agreement, mark) == on:
            continue
        mine = Agreement.objects.filter(pk=agreement.pk).exclude(**{mark: on})
        if mine.update(**{mark: on}):
            told += len(_tell_leaders(agreement, text, on=on.isoformat()))
            slug = agreement.collaboration.slug
            audit.record("agreements.reminded", agreement, actor=None, collaboration=slug, of=ends, on=str(on))
    return told


def _tell_leaders(agreement: Agreement, text: str, *, on: str) -> Sequence[object]:
    leading = [role for role, capabilities in CAPABILITIES.items() if Capability.COOPERATE in capabilities]
    organisations = {agreement.owner_id, *agreement.parties.values_list("pk", flat=True)}
    people = Membership.objects.filter(
        collaboration=agreement.collaboration_id, role__in=leading, function__organisation__in=organisations
    )
    path = reverse("actors:agreement", args=[agreement.collaboration.slug, agreement.pk])
    return tell(people, "actors.agreement_ends", text=text, path=path, title=agreement.title, on=on)


def _changed(membership: Membership, agreement: Agreement, code: str) -> None:
    _keep_version(agreement, membership.user)
    audit.record(code, agreement, actor=membership.user, collaboration=membership.collaboration.slug)


def _keep_version(agreement: Agreement, user: User | None) -> None:
    Agreement.objects.select_for_update(no_key=True).get(pk=agreement.pk)  # one number for each
    last = agreement.versions.aggregate(number=Max("number"))["number"] or 0
    content = {
        "agreement": {name: _plain(getattr(agreement, name)) for name in AGREEMENT_FIELDS},
        "parties": list(agreement.parties.order_by("name").values_list("name", flat=True)),
        "commitments": [
            {
                "organisation": each.organisation.name,
                **{name: _plain(getattr(each, name)) for name in COMMITMENT_FIELDS},
            }
            for each in agreement.commitments.select_related("organisation")
        ],
    }
    AgreementVersion.objects.create(agreement=agreement, number=last + 1, at=clock.now(), by=user, content=content)


def _plain(value: Any) -> str:
    return "" if value is None else str(value)
