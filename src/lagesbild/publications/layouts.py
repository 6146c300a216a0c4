"""The sections of each layout, in order, and what stands in them from the beginning.

The yearly report has the order of Vision Klara – Rapport 1 (2019). The law's document has what Act (2023:196) on
municipalities' responsibility for crime prevention asks for: the picture, the plan, the agreements, the follow-up.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from lagesbild.core.errors import Text
from lagesbild.publications.models import Layout


@dataclass(frozen=True)
class SectionPlan:
    """A section: its heading, what belongs in it, and the references it starts with."""

    code: str
    heading: Text
    hint: Text
    start: str = ""


YEARLY = (
    SectionPlan(
        "since-last",
        _("What became of last year's proposals"),
        _("The proposals of the report before, with holder and decision."),
        "[[proposals before]]",
    ),
    SectionPlan("introduction", _("Introduction"), _("What the report is, for whom, and what it does not cover.")),
    SectionPlan("theory", _("Theory and concepts"), _("What the work rests on and what the words mean.")),
    SectionPlan(
        "goals",
        _("Goals and process"),
        _("Vision, goals, governing documents, organisation and forums."),
        "[[vision]]\n\n[[goal-list]]\n\n[[documents]]\n\n[[forums]]",
    ),
    SectionPlan("picture", _("Situational picture"), _("What is seen: crime, safety, people, places."), "[[tables]]"),
    SectionPlan(
        "results",
        _("Process and result follow-up"),
        _("How far the goals are reached, goal by goal, and what was done."),
        "[[judgements]]\n\n[[goals]]\n\n[[actions done]]\n\n[[matters]]",
    ),
    SectionPlan("factors", _("Success factors"), _("What makes the collaboration work.")),
    SectionPlan("causes", _("Analysis of causes and needs"), _("Why the problems are there, and what is needed.")),
    SectionPlan("proposals", _("Proposals"), _("What should be done, by whom."), "[[proposals]]"),
    SectionPlan("sources", _("Sources"), _("Where the figures come from."), "[[sources]]"),
)
LAW = (
    SectionPlan("mapping", _("Mapping of crime"), _("How crime looks in the municipality."), "[[tables]]"),
    SectionPlan("causes", _("Analysis of causes"), _("Why it looks like that.")),
    SectionPlan("picture", _("Situational picture"), _("What the mapping and the analysis together say.")),
    SectionPlan(
        "plan",
        _("Action plan"),
        _("What the municipality intends to do, who answers for it and when."),
        "[[actions open]]",
    ),
    SectionPlan("agreements", _("Agreements"), _("With the police and others."), "[[forums]]"),
    SectionPlan(
        "follow-up", _("Follow-up"), _("What was done and what it changed."), "[[judgements]]\n\n[[actions done]]"
    ),
)
LAYOUTS: dict[str, tuple[SectionPlan, ...]] = {Layout.YEARLY: YEARLY, Layout.LAW: LAW}


def plan_of(layout: str, code: str) -> SectionPlan:
    """The section with this code; ``StopIteration`` never: codes come from here."""
    return next(each for each in LAYOUTS[layout] if each.code == code)
