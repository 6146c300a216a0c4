"""Reads about reports."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Collaboration, Membership
from lagesbild.publications.models import Edition, Layout, Report


def reports_of(membership: Membership) -> QuerySet[Report]:
    """The reports that may be seen, newest year first, with the number of their editions."""
    found = Report.objects.filter(visible_to(membership)).select_related("owner")
    return found.annotate(n_editions=Count("editions"))


def editions_of(report: Report) -> QuerySet[Edition]:
    """What was published of a report, newest first; without the content."""
    return report.editions.select_related("organisation", "published_by").defer("content")


def report_of(collaboration: Collaboration, year: int, layout: str = Layout.YEARLY) -> Report | None:
    """The report of a year, for the command line."""
    found = Report.objects.select_related("owner", "collaboration")
    return found.filter(collaboration=collaboration, year=year, layout=layout).first()


def before(edition: Edition) -> Edition | None:
    """The last edition of the same kind of report from an earlier year, or the edition before of the same report."""
    same = Edition.objects.filter(report__collaboration=edition.report.collaboration_id, language=edition.language)
    same = same.filter(report__layout=edition.report.layout).select_related("report")
    earlier = same.filter(report__year__lt=edition.report.year).order_by("-report__year", "-number").first()
    own = same.filter(report=edition.report, number__lt=edition.number).order_by("-number").first()
    return earlier or own
