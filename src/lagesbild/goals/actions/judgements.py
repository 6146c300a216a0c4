"""Signing a judgement: the rule has proposed, people decide."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Organisation, User
from lagesbild.core import audit, clock
from lagesbild.core.errors import UserError
from lagesbild.goals import queries
from lagesbild.goals.models import Goal, Judgement
from lagesbild.goals.rule import Judged, Proposal


@transaction.atomic
def sign_judgement(
    goal: Goal,
    year: int,
    *,
    verdict: str,
    organisation: Organisation,
    actor: User | None,
    analysis: str = "",
    difference: str = "",
    function: str = "",
    source: str = "",
) -> Judgement:
    """Store what people decided, beside what the rule proposes now. Earlier judgements stay.

    Raises:
        UserError: it differs from the proposal and no reason is given.
    """
    proposal = queries.proposal_for(goal, year)
    if verdict != proposal.verdict and not difference.strip():
        raise UserError(
            "judgement.reason_missing",
            _("Your judgement differs from what the rule proposes. Say why."),
            "difference",
        )
    judgement = Judgement.objects.create(
        goal=goal,
        year=year,
        verdict=verdict,
        analysis=analysis,
        difference=difference if verdict != proposal.verdict else "",
        proposed=proposal.verdict.value,
        proposal=proposal_as_stored(proposal),
        signed_at=clock.now(),
        signed_by=actor,
        organisation=organisation,
        function=function,
        source=source,
    )
    slug = goal.collaboration.slug
    audit.record("goals.judged", goal, actor=actor, collaboration=slug, year=year, verdict=verdict)
    return judgement


def proposal_as_stored(proposal: Proposal) -> dict[str, Any]:
    """The proposal as JSON: verdict, reasons and deciding figures."""
    return {
        "verdict": proposal.verdict.value,
        "reasons": [_reason(each.code, each.params) for each in proposal.reasons],
        "indicators": [_judged(each) for each in proposal.indicators],
    }


def _judged(judged: Judged) -> dict[str, Any]:
    figures = {name: getattr(judged, name) for name in ("figure", "before")}
    return {
        "verdict": judged.verdict.value,
        "reasons": [_reason(each.code, each.params) for each in judged.reasons],
        **{name: None if figure is None else _plain(asdict(figure)) for name, figure in figures.items()},
    }


def _reason(code: str, params: tuple[tuple[str, Any], ...]) -> dict[str, Any]:
    return {"code": code, "params": dict(params)}


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}
