"""Reports as a table for spreadsheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from lagesbild.fieldreports.became import Became
from lagesbild.fieldreports.models import FieldReport
from lagesbild.places.tables import to_csv

MOST_ROWS = 20_000


def report_table(reports: Sequence[FieldReport], told: Mapping[int, Sequence[Became]]) -> bytes:
    """One row a report; the last column says which are exercise."""
    header = [
        *(_("Number"), _("From"), _("Until"), _("Category"), _("Certainty"), _("Act"), _("Visibility"), _("Place")),
        *("x", "y", _("How exact"), _("Note"), _("Reported by"), _("Organisation"), _("Reported"), _("Status")),
        *(_("What became of it"), _("Exercise data")),
    ]
    return to_csv(header, (_cells(report, told.get(report.pk, ())) for report in reports))


def _cells(report: FieldReport, told: Sequence[Became]) -> list[object]:
    return [
        report.number,
        _local(report.occurred_from),
        _local(report.occurred_to),
        report.what,
        str(report.get_certainty_display()),
        str(report.get_act_display()),
        str(report.get_visibility_display()),
        report.where,
        report.x,
        report.y,
        str(report.get_precision_display()),
        report.note,
        report.function.name,
        report.function.organisation.name,
        _local(report.reported_at),
        str(report.get_status_display()),
        " · ".join([*([report.became] if report.became else []), *(line.text for line in told)]),
        _("yes") if report.is_exercise else _("no"),
    ]


def _local(at: datetime | None) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else ""
