"""Reasons in words, and verdicts, in templates."""

from __future__ import annotations

from functools import partial

from django import template
from django.utils.translation import gettext as _

from lagesbild.cooperation.models import Action
from lagesbild.goals import queries, sentences
from lagesbild.goals.handovers import GENDERS
from lagesbild.goals.models import Indicator, Verdict
from lagesbild.goals.queries import Cell, GoalTable, Row
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
def labelled(row: Row, table: GoalTable) -> list[tuple[str, Cell | None]]:
    """The cells with the headings of their columns, for narrow screens."""
    return list(zip(table.columns, row.cells, strict=True))


@register.filter
def verdict_text(verdict: str) -> str:
    """The verdict in the reader's language."""
    return str(Verdict(str(verdict)).label)


@register.filter
def verdict_tone(verdict: str) -> str:
    """The ending of the badge's class."""
    return TONES[Verdict(str(verdict))]


@register.filter
def gender_text(gender: str) -> str:
    """The gender in the reader's language; "all" where it is not broken down."""
    return str(GENDERS.get(gender, gender)) if gender else _("All")


@register.filter
def age_text(age_group: str) -> str:
    """The age group in the reader's language."""
    return _("Unknown age") if age_group == "unknown" else age_group or _("All")


@register.filter
def numbered(actions: dict[int, Action], number: int | None) -> Action | None:
    """The action with this number, if it may be seen."""
    return actions.get(number or 0)
