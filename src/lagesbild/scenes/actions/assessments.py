"""Assessing a scene: assessments, dissents and the year's focus are added, never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Organisation, User
from lagesbild.core import audit, clock
from lagesbild.core.errors import UserError
from lagesbild.fieldreports.models import FieldReport
from lagesbild.observations.models import Series
from lagesbild.scenes.models import Assessment, AssessmentAnswer, Dissent, Evidence, EvidenceKind, Focus, Scene
from lagesbild.scenes.rule import NUMBERS, judge

MOST_FOCUSED = 2


@dataclass(frozen=True)
class EvidenceText:
    """One thing that an answer rests on; which field is filled follows from its kind."""

    kind: str
    report_number: int | None = None
    series: Series | None = None
    filter: Mapping[str, Any] = field(default_factory=dict)
    function: str = ""
    text: str = ""


@dataclass(frozen=True)
class AnswerText:
    """What one says of one indicator."""

    answer: str
    reason: str = ""
    source: str = ""
    evidence: Sequence[EvidenceText] = ()


@transaction.atomic
def assess(
    scene: Scene,
    year: int,
    answers: Mapping[int, AnswerText],
    *,
    organisation: Organisation,
    actor: User | None,
    function: str = "",
    assessed_on: date | None = None,
    summary: str = "",
    source: str = "",
) -> Assessment:
    """Add an assessment of a scene for a year. An indicator without answer is stored as unknown.

    Raises:
        UserError: evidence names a report that is not there.
    """
    result = judge({number: said.answer for number, said in answers.items()})
    _check_reports(scene, answers)
    assessment = Assessment.objects.create(
        scene=scene,
        year=year,
        assessed_on=assessed_on,
        summary=summary,
        source=source,
        organisation=organisation,
        function=function,
        recorded_at=clock.now(),
        recorded_by=actor,
    )
    texts = {number: answers.get(number, AnswerText("unknown")) for number in NUMBERS}
    stored = AssessmentAnswer.objects.bulk_create(
        AssessmentAnswer(
            assessment=assessment, indicator=number, answer=said.answer, reason=said.reason, source=said.source
        )
        for number, said in texts.items()
    )
    Evidence.objects.bulk_create(
        Evidence(answer=row, **{**vars(each), "filter": dict(each.filter)})
        for row in stored
        for each in texts[row.indicator].evidence
    )
    slug = scene.collaboration.slug
    audit.record("scenes.assessed", scene, actor=actor, collaboration=slug, year=year, n_yes=result.n_yes)
    return assessment


@transaction.atomic
def record_dissent(
    answer: AssessmentAnswer,
    *,
    says: str,
    reason: str,
    organisation: Organisation,
    actor: User | None,
    function: str = "",
) -> Dissent:
    """Put on record that somebody sees an indicator otherwise.

    Raises:
        UserError: it is the same answer, or there is no reason.
    """
    if says == answer.answer:
        raise UserError("scenes.dissent_same", _("That is what the assessment says already."), "says")
    if not reason.strip():
        raise UserError("scenes.dissent_reason", _("Say why you see it otherwise."), "reason")
    dissent = Dissent.objects.create(
        answer=answer,
        says=says,
        reason=reason,
        organisation=organisation,
        function=function,
        recorded_at=clock.now(),
        recorded_by=actor,
    )
    scene = answer.assessment.scene
    slug = scene.collaboration.slug
    audit.record("scenes.dissent_recorded", scene, actor=actor, collaboration=slug, indicator=answer.indicator)
    return dissent


@transaction.atomic
def set_focus(scene: Scene, year: int, indicators: Sequence[int], *, reason: str, actor: User | None) -> Focus:
    """Aim the work of a year at one or two indicators. An earlier choice for the year stays as history.

    Raises:
        UserError: none or more than two are chosen, or there is no reason.
    """
    chosen = sorted({number for number in indicators if number in NUMBERS})
    if not 1 <= len(chosen) <= MOST_FOCUSED:
        raise UserError("scenes.focus_count", _("Choose one or two indicators."), "indicators")
    if not reason.strip():
        raise UserError("scenes.focus_reason", _("Say why these."), "reason")
    focus = Focus.objects.create(
        scene=scene, year=year, indicators=chosen, reason=reason, recorded_at=clock.now(), recorded_by=actor
    )
    slug = scene.collaboration.slug
    audit.record("scenes.focused", scene, actor=actor, collaboration=slug, year=year, indicators=chosen)
    return focus


def _check_reports(scene: Scene, answers: Mapping[int, AnswerText]) -> None:
    wanted = {
        each.report_number
        for said in answers.values()
        for each in said.evidence
        if each.kind == EvidenceKind.REPORT and each.report_number is not None
    }
    reports = FieldReport.objects.filter(collaboration=scene.collaboration_id, number__in=wanted)
    missing = wanted - set(reports.values_list("number", flat=True))
    if missing:
        numbers = ", ".join(str(number) for number in sorted(missing))
        raise UserError("scenes.no_report", _("There is no report {numbers}."), None, numbers=numbers)
