"""Two matters about the same thing become one. Both keep their history; nobody who raised either is forgotten."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Membership, SharingLevel
from lagesbild.cooperation.actions.steps import hold, step
from lagesbild.cooperation.models import Action, ActionChange, Matter, MatterState, Raiser, StepKind
from lagesbild.cooperation.queries.plan import open_actions_of
from lagesbild.core import clock
from lagesbild.core.conflicts import bump
from lagesbild.core.errors import UserError


@transaction.atomic
def merge(membership: Membership, matter: Matter, into: Matter, *, reason: str, seen: int | None = None) -> Matter:
    """Put ``matter`` together with ``into``, which remains: its actions move there, its raisers get all later answers.

    Raises:
        UserError: they are the same, or one of them is closed.
    """
    if matter.pk == into.pk or matter.collaboration_id != into.collaboration_id:
        raise UserError("matters.same", _("Choose another matter than this one."), "into")
    first, second = sorted((matter, into), key=lambda each: each.pk)  # in one order, so that two never wait in a ring
    rows = {each.pk: each for each in (hold(first), hold(second))}
    gone, kept = rows[matter.pk], rows[into.pk]
    for each in (gone, kept):
        if not each.is_open:
            raise UserError(
                "matters.closed", _("Matter no. {number} is closed. Open it first."), "into", number=each.number
            )
    _move_actions(membership, gone, kept)
    acting = open_actions_of(kept).exists()
    _bring_raisers(gone, kept)
    step(
        membership,
        kept,
        StepKind.MERGED,
        to=MatterState.ACTING if acting else None,
        reason=reason,
        details={"matter": gone.number},
    )
    step(
        membership,
        gone,
        StepKind.WRITTEN_OFF,
        seen=seen,
        reason=reason,
        details={"into": kept.number},
        closed_at=clock.now(),
        closing_reason=reason.strip(),
        joined_into=kept,
        ask_on=None,
    )
    return kept


def _move_actions(membership: Membership, gone: Matter, kept: Matter) -> None:
    for action in Action.objects.select_for_update(no_key=True).filter(matter=gone).order_by("pk"):
        bump(action, action.version, matter=kept, changed_at=clock.now())
        ActionChange.objects.create(
            action=action,
            at=clock.now(),
            by=membership.user,
            organisation=membership.organisation,
            fields={"matter": [gone.number, kept.number]},
        )


def _bring_raisers(gone: Matter, kept: Matter) -> None:
    """Words follow only where those who see the matter that remains saw them before."""
    open_words = gone.sharing in (SharingLevel.PARTNERS, SharingLevel.PUBLIC) or (
        gone.sharing == kept.sharing and gone.owner_id == kept.owner_id
    )
    for raiser in gone.raisers.all():
        words = raiser.words if open_words else ""
        brought, made = Raiser.objects.get_or_create(
            matter=kept, membership=raiser.membership, defaults={"at": raiser.at, "words": words}
        )
        if not made and words and words not in brought.words:
            brought.words = "\n".join(filter(None, [brought.words, words]))
            brought.save(update_fields=["words"])
        brought.reports.add(*raiser.reports.all())
