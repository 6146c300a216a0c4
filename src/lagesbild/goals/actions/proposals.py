"""Proposals for development and what becomes of them."""

from __future__ import annotations

from django.db import transaction

from lagesbild.accounts.models import Organisation, User
from lagesbild.core import audit
from lagesbild.goals.models import Proposal


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
