"""Reports as a table for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _

from lagesbild.fieldreports.became import Became
from lagesbild.fieldreports.models import Act, Certainty, FieldReport, Precision, Status, Visibility
from lagesbild.places.tables import to_csv

MOST_ROWS = 20_000


def report_table(reports: Iterable[FieldReport], told: Mapping[int, Sequence[Became]]) -> bytes:
    """One row a report; the last column says which are exercise. Takes reports as `queries.for_table` gives them."""
    header = [
        *(_("Number"), _("From"), _("Until"), _("Category"), _("Certainty"), _("Act"), _("Visibility"), _("Place")),
        *("x", "y", _("How exact"), _("Note"), _("Reported by"), _("Organisation"), _("Reported"), _("Status")),
        *(_("What became of it"), _("Exercise data")),
    ]
    # Looked up once: Django's own get_…_display costs a fifth of a millisecond a cell.
    named = {kind: {code: str(name) for code, name in kind.choices} for kind in _CHOICES}
    return to_csv(header, (_cells(report, told.get(report.pk, ()), named) for report in reports))


_CHOICES: tuple[type[TextChoices], ...] = (Certainty, Act, Visibility, Precision, Status)
Named = Mapping[type[TextChoices], Mapping[str, str]]


def _cells(report: FieldReport, told: Sequence[Became], named: Named) -> list[object]:
    return [
        report.number,
        _local(report.occurred_from),
        _local(report.occurred_to),
        report.what,
        named[Certainty][report.certainty],
        named[Act].get(report.act, ""),
        named[Visibility].get(report.visibility, ""),
        report.where,
        report.x,
        report.y,
        named[Precision][report.precision],
        report.note,
        report.function.name,
        report.function.organisation.name,
        _local(report.reported_at),
        named[Status][report.status],
        " · ".join([*([report.became] if report.became else []), *(line.text for line in told)]),
        _("yes") if report.is_exercise else _("no"),
    ]


def _local(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""
