"""Reasons in words, and verdicts, in templates."""

from __future__ import annotations

from functools import partial

from django import template

from lagesbild.goals import queries, sentences
from lagesbild.goals.models import Indicator, Verdict
from lagesbild.goals.rule import Judged, Proposal

register = template.Library()
TONES = {Verdict.MET: "good", Verdict.PARTLY: "warn", Verdict.NOT_MET: "bad", Verdict.CANNOT: "info"}


@register.filter
def reasons(judged: Judged, indicator: Indicator) -> list[str]:
    """Why the rule says what it says of the indicator."""
    show = partial(queries.value_text, indicator)
    return [sentences.sentence(each, show) for each in judged.reasons]


@register.filter
def goal_reasons(proposal: Proposal) -> list[str]:
    """Why the rule says what it says of the goal."""
    return [sentences.sentence(each) for each in proposal.reasons]


@register.filter
def verdict_text(verdict: str) -> str:
    """The verdict in the reader's language."""
    return str(Verdict(str(verdict)).label)


@register.filter
def verdict_tone(verdict: str) -> str:
    """The ending of the badge's class."""
    return TONES[Verdict(str(verdict))]
