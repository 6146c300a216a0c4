"""The doors: from an address to a report, a section of it, an edition."""

from __future__ import annotations

from django.http import Http404

from lagesbild.accounts.access import access_owned
from lagesbild.accounts.models import Membership
from lagesbild.publications.models import Edition, Report, Section


def access_report(membership: Membership, pk: int, *, write: bool = False) -> Report:
    """A report with its owner and collaboration."""
    return access_owned(membership, Report.objects.select_related("owner", "collaboration"), write=write, pk=pk)


def access_section(membership: Membership, pk: int, code: str) -> Section:
    """A section, to be written by the report's owner."""
    report = access_report(membership, pk, write=True)
    found = Section.objects.select_related("report__collaboration").filter(report=report, code=code).first()
    if found is None:
        raise Http404
    return found


def access_edition(membership: Membership, pk: int, number: int) -> Edition:
    """An edition of a report that may be seen."""
    report = access_report(membership, pk)
    found = Edition.objects.select_related("report", "organisation").filter(report=report, number=number).first()
    if found is None:
        raise Http404
    return found
