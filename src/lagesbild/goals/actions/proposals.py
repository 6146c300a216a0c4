"""Proposals for development and what becomes of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Membership, Organisation, User
from lagesbild.cooperation.models import Action
from lagesbild.core import audit, conflicts
from lagesbild.core.errors import UserError
from lagesbild.goals.models import Proposal, ProposalState


@transaction.atomic
def ensure_proposal(
    owner: Organisation, year: int, number: int, *, heading: str, text: str, actor: User | None, source: str = ""
) -> Proposal:
    """The proposal of this year with this number, made if it does not exist."""
    proposal, made = Proposal.objects.get_or_create(
        collaboration_id=owner.collaboration_id,
        year=year,
        number=number,
        defaults={"owner": owner, "heading": heading, "text": text, "source": source},
    )
    if made:
        audit.record("proposals.created", proposal, actor=actor, collaboration=owner.collaboration.slug)
    return proposal


@transaction.atomic
def create_proposal(membership: Membership, written: Mapping[str, Any]) -> Proposal:
    """A proposal for development, numbered after those of its year."""
    of_year = Proposal.objects.filter(collaboration=membership.collaboration_id, year=written["year"])
    number = max(of_year.values_list("number", flat=True), default=0) + 1
    return ensure_proposal(
        membership.organisation,
        written["year"],
        number,
        heading=written["heading"],
        text=written["text"],
        source=written["source"],
        actor=membership.user,
    )


@transaction.atomic
def decide_proposal(membership: Membership, proposal: Proposal, seen: int, written: Mapping[str, Any]) -> Proposal:
    """Say who holds a proposal and what was decided.

    Raises:
        EditConflict: somebody was first.
        UserError: a state other than undecided without the decision in words, or an action that is not there.
    """
    if written["state"] != ProposalState.OPEN and not written["decision"].strip():
        raise UserError("proposal.decision_missing", _("Write what was decided."), "decision")
    number = written["action_number"]
    if number is not None and not Action.objects.filter(visible_to(membership), number=number).exists():
        raise UserError("proposal.no_action", _("There is no action with this number."), "action_number")
    changed = conflicts.bump(proposal, seen, **written)
    audit.record(
        "proposals.decided",
        proposal,
        actor=membership.user,
        collaboration=membership.collaboration.slug,
        state=written["state"],
    )
    return changed
