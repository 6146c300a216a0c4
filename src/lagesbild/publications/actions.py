"""Beginning a report, writing its sections, publishing it."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Membership, Organisation, User
from lagesbild.core import audit, clock, conflicts
from lagesbild.core.errors import UserError
from lagesbild.observations.queries import data_version
from lagesbild.publications.building import build
from lagesbild.publications.content import digest
from lagesbild.publications.layouts import LAYOUTS
from lagesbild.publications.models import Edition, Report, Section


@transaction.atomic
def begin_report(owner: Organisation, *, layout: str, year: int, title: str, actor: User | None) -> Report:
    """A report with the sections of its layout.

    Raises:
        UserError: there is one of this layout and year already.
    """
    if Report.objects.filter(collaboration=owner.collaboration_id, layout=layout, year=year).exists():
        raise UserError("report.exists", _("There is such a report for {year} already."), "year", year=year)
    now = clock.now()
    report = Report(
        collaboration=owner.collaboration, owner=owner, layout=layout, year=year, title=title, created_at=now
    )
    report.full_clean()
    report.save()
    Section.objects.bulk_create(
        Section(report=report, code=each.code, order=order, text=each.start, changed_at=now, changed_by=actor)
        for order, each in enumerate(LAYOUTS[layout])
    )
    audit.record("reports.begun", report, actor=actor, collaboration=owner.collaboration.slug)
    return report


@transaction.atomic
def write_section(section: Section, seen: int, text: str, *, actor: User | None) -> Section:
    """Store the text of a section that has not changed since version ``seen``. Whether its references lead anywhere
    is told when it is shown: an unfinished text must be possible to keep.

    Raises:
        EditConflict: somebody was first.
    """
    stored = conflicts.bump(section, seen, text=text, changed_at=clock.now(), changed_by=actor)
    report = section.report
    slug = report.collaboration.slug
    audit.record("reports.written", report, actor=actor, collaboration=slug, section=section.code)
    return stored


@transaction.atomic
def publish(report: Report, membership: Membership, *, language: str, actor: User | None) -> Edition:
    """Freeze the report as it reads now. Later changes of figures or texts make a new edition, never change this one.

    Raises:
        UserError: a reference leads nowhere.
    """
    content = build(report, membership, language=language)
    last: int | None = Edition.objects.filter(report=report).aggregate(last=Max("number"))["last"]
    edition = Edition.objects.create(
        report=report,
        number=(last or 0) + 1,
        language=language,
        content=content,
        sha256=digest(content),
        data_version=data_version(report.collaboration),
        published_at=clock.now(),
        published_by=actor,
        organisation=membership.function.organisation,
    )
    slug = report.collaboration.slug
    audit.record("reports.published", report, actor=actor, collaboration=slug, edition=edition.number)
    return edition
