"""Who may ask for the addresses of reports."""

from __future__ import annotations

from typing import Any

from lagesbild.accounts.access import Capability
from lagesbild.publications import actions
from lagesbild.publications.models import Layout, Report
from tests.architecture.permission_matrix import Row
from tests.cast import Cast

READ, COOPERATE = Capability.READ, Capability.COOPERATE


def a_report(cast: Cast, year: int = 2019) -> Report:
    """The yearly report of Ekby, owned by the municipality."""
    return actions.begin_report(cast.municipality, layout=Layout.YEARLY, year=year, title="Ekby", actor=None)


def _report(cast: Cast) -> dict[str, Any]:
    return {"pk": a_report(cast).pk}


def _section(cast: Cast) -> dict[str, Any]:
    return {"pk": a_report(cast).pk, "code": "introduction"}


def _edition(cast: Cast) -> dict[str, Any]:
    report = a_report(cast)
    return {"pk": report.pk, "number": actions.publish(report, cast.anna, language="sv", actor=None).number}


ROWS = {
    "publications:reports": Row(get=READ),
    "publications:report_new": Row(get=COOPERATE, post=COOPERATE),
    "publications:report": Row(get=READ, kwargs=_report),
    "publications:report_numbers": Row(get=READ, kwargs=_report),
    "publications:report_publish": Row(post=COOPERATE, owners_only=True, kwargs=_report),
    "publications:report_pdf": Row(get=READ, kwargs=_report),
    "publications:report_docx": Row(get=READ, kwargs=_report),
    "publications:section": Row(get=COOPERATE, post=COOPERATE, owners_only=True, kwargs=_section),
    "publications:edition": Row(get=READ, kwargs=_edition),
    "publications:edition_numbers": Row(get=READ, kwargs=_edition),
    "publications:edition_changes": Row(get=READ, kwargs=_edition),
    "publications:edition_pdf": Row(get=READ, kwargs=_edition),
    "publications:edition_docx": Row(get=READ, kwargs=_edition),
}
