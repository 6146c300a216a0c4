"""Proposals for development and what becomes of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Membership, Organisation, User
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
def decide_proposal(membership: Membership, proposal: Proposal, seen: int, written: Mapping[str, Any]) -> Proposal:
    """Say who holds a proposal and what was decided.

    Raises:
        EditConflict: somebody was first.
        UserError: a state other than undecided without the decision in words.
    """
    if written["state"] != ProposalState.OPEN and not written["decision"].strip():
        raise UserError("proposal.decision_missing", _("Write what was decided."), "decision")
    changed = conflicts.bump(proposal, seen, **written)
    audit.record(
        "proposals.decided",
        proposal,
        actor=membership.user,
        collaboration=membership.collaboration.slug,
        state=written["state"],
    )
    return changed
