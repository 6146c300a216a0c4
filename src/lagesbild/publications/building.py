"""A report as content: each section's text with its references put in, and the figures that machines read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lagesbild.accounts.models import Membership
from lagesbild.core.errors import UserError
from lagesbild.goals.queries import GoalView
from lagesbild.goals.readers import rests_on_exercise
from lagesbild.observations import listings
from lagesbild.publications.layouts import plan_of
from lagesbild.publications.models import Report
from lagesbild.publications.references import LostReference, blocks_of
from lagesbild.publications.resolving import Sources


class SectionProblem(UserError):
    """A reference in a section leads nowhere; ``section`` is its code."""

    def __init__(self, section: str, heading: str, lost: LostReference) -> None:
        super().__init__(
            "report.reference",
            gettext_lazy("In the section “{heading}”: {problem}"),
            "text",
            heading=heading,
            problem=lost.message,
        )
        self.section = section


def build(report: Report, membership: Membership, *, language: str) -> dict[str, Any]:
    """The whole report as plain data.

    Raises:
        SectionProblem: a reference leads nowhere.
    """
    with translation.override(language):
        sources = Sources(membership, report.year)
        sections = [
            {
                "code": each.code,
                "heading": str(plan_of(report.layout, each.code).heading),
                "blocks": _blocks(report, each.code, each.text, sources),
            }
            for each in report.sections.all()
        ]
        return {
            "title": report.title,
            "year": report.year,
            "layout": report.layout,
            "language": language,
            "collaboration": membership.collaboration.slug,
            "collaboration_name": membership.collaboration.name,
            "notes": [_("* part of the period"), _("(?) uncertain or provisional"), _("– not measured")],
            "sections": sections,
            "exercise": rests_on_exercise(sources.indicators.values()),
        }


def _blocks(report: Report, code: str, text: str, sources: Sources) -> list[dict[str, Any]]:
    try:
        return blocks_of(text, sources.resolvers())
    except LostReference as lost:
        raise SectionProblem(code, str(plan_of(report.layout, code).heading), lost) from lost


def data_of(membership: Membership, year: int) -> dict[str, Any]:
    """The figures of a report for machines: goals with their measurements, and every table of figures."""
    sources = Sources(membership, year)
    return {
        "goals": [_goal(view) for view in sources.goals],
        "series": [each for table in sources.tables.values() for each in _series(table)],
    }


def _goal(view: GoalView) -> dict[str, Any]:
    rows = [row for table in view.tables for row in table.rows]
    return {
        "number": view.goal.number,
        "title": view.goal.title,
        "judgement": view.judgement.verdict if view.judgement else None,
        "proposal": view.proposal.verdict.value,
        "difference": view.judgement.difference if view.judgement else "",
        "indicators": [
            {
                "code": row.indicator.code,
                "question": row.indicator.question,
                "measure": row.indicator.measure,
                "unit": row.indicator.unit,
                "target": row.target,
                "proposal": row.judged.verdict.value,
                "measurements": [
                    {
                        "period": each.label,
                        "from": each.period_from.isoformat(),
                        "to": each.period_to.isoformat(),
                        "gender": each.gender,
                        "age_group": each.age_group,
                        "value": each.value,
                        "missing": each.missing,
                        "partial": each.is_partial,
                        "provisional": each.is_provisional,
                        "uncertain": each.is_uncertain,
                        "printed": each.printed,
                        "trace": f"{row.trace}#m{each.pk}",
                    }
                    for each in row.indicator.measurements.all()
                ],
            }
            for row in rows
        ],
    }


def _series(table: Any) -> Iterator[dict[str, Any]]:
    for series in listings.series_of(table):
        yield {
            "table": table.slug,
            "key": series.key,
            "title": series.title,
            "unit": series.unit,
            "values": [
                {
                    "from": value.period_from.isoformat(),
                    "to": value.period_to.isoformat(),
                    "value": value.value,
                    "partial": value.is_partial,
                    "provisional": value.is_provisional,
                    "printed": value.printed,
                }
                for value in series.values.all()
            ],
        }
