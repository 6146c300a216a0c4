"""What an answer rests on, as one member may follow it: addresses only where the member may see what is behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Membership
from lagesbild.fieldreports.models import FieldReport
from lagesbild.observations.filters import EventFilter
from lagesbild.observations.models import SeriesTable
from lagesbild.scenes.models import Assessment, Evidence, EvidenceKind


@dataclass(frozen=True)
class Seen:
    """One piece of evidence in words; ``address`` is empty where the member may not see more."""

    text: str
    address: str = ""
    note: str = ""


def seen_by(membership: Membership, assessments: Sequence[Assessment]) -> dict[int, list[Seen]]:
    """By key of the answer. Two queries, whatever the number of answers."""
    rows = [each for assessment in assessments for answer in assessment.answers.all() for each in answer.evidence.all()]
    numbers = {each.report_number for each in rows if each.report_number is not None}
    reports = FieldReport.objects.filter(visible_to(membership), number__in=numbers)
    found = dict(reports.values_list("number", "pk"))
    wanted = {each.series.table_id for each in rows if each.series is not None}
    tables = dict(SeriesTable.objects.filter(visible_to(membership), pk__in=wanted).values_list("pk", "slug"))
    shown: dict[int, list[Seen]] = {}
    for each in rows:
        shown.setdefault(each.answer_id, []).append(_seen(membership.collaboration.slug, each, found, tables))
    return shown


def _seen(slug: str, each: Evidence, reports: dict[int, int], tables: dict[int, str]) -> Seen:
    if each.kind == EvidenceKind.REPORT:
        key = reports.get(each.report_number or 0)
        text = _("Report {number}").format(number=each.report_number)
        return Seen(text, reverse("fieldreports:report", args=[slug, key]) if key else "")
    if each.series is not None:
        table = tables.get(each.series.table_id)
        if table is None:
            return Seen(_("A series that you may not see"))
        return Seen(each.series.title, f"{reverse('observations:series_table', args=[slug, table])}#{each.series.key}")
    if each.kind == EvidenceKind.INCIDENTS:
        query = EventFilter.from_dict(each.filter).to_query()
        return Seen(_("The incidents it rests on"), f"{reverse('observations:incidents', args=[slug])}?{query}")
    return Seen(_("Interview: {function}").format(function=each.function), note=str(each.text))
