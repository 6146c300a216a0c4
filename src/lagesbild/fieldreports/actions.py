"""Changes to field reports: sending, review, joining, answering. Each leaves a step in the report's history.

A report is never deleted and what was written never altered: a corrected category keeps the old one in the history.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from lagesbild.accounts.models import Collaboration, Membership, SharingLevel
from lagesbild.core import audit, clock
from lagesbild.core.conflicts import bump
from lagesbild.core.errors import UserError
from lagesbild.fieldreports.individuals import refuse_individuals
from lagesbild.fieldreports.models import EventKind, FieldReport, ReportEvent, Status
from lagesbild.fieldreports.reporting import Author, ReportText, locate
from lagesbild.notices import tell
from lagesbild.observations.models import Category

CLOCK_SKEW = timedelta(minutes=10)
REVIEWED_NOTICE = "fieldreports.reviewed"


class Sent(NamedTuple):
    """The report as stored, and whether this sending made it."""

    report: FieldReport
    is_new: bool


def send_report(
    membership: Membership, text: ReportText, *, client_id: UUID, photo: str = "", photo_sha256: str = ""
) -> Sent:
    """Store what a member reports. The same ``client_id`` sent again, even at the same moment, makes no second report.

    Raises `UserError` if the text points out a person, has no place or time that can be, or if another report has the
    ``client_id`` already (then nothing is stored; the writer sends it again under a new one).
    """
    return record_report(
        membership.collaboration, Author.of(membership), text,
        client_id=client_id, photo=photo, photo_sha256=photo_sha256, membership=membership,
    )  # fmt: skip


def record_report(
    collaboration: Collaboration,
    author: Author,
    text: ReportText,
    *,
    client_id: UUID,
    photo: str = "",
    photo_sha256: str = "",
    membership: Membership | None = None,
    is_exercise: bool = False,
) -> Sent:
    """The same for the server itself, which may load exercise reports in the name of a function."""
    digest = text.digest(photo_sha256)
    known = _sent_before(collaboration, author, client_id, digest)
    if known is not None:
        return Sent(known, False)
    refuse_individuals(note=text.note, place_text=text.place_text)
    values = _values(collaboration, author, text, membership=membership)
    values |= {"photo": photo, "is_exercise": is_exercise, "client_id": client_id, "sent_digest": digest}
    return _store(collaboration, author, values)


@transaction.atomic
def _store(collaboration: Collaboration, author: Author, values: dict[str, Any]) -> Sent:
    """Numbers follow each other without holes: one at a time in each collaboration."""
    Collaboration.objects.select_for_update(no_key=True).get(pk=collaboration.pk)
    known = _sent_before(collaboration, author, values["client_id"], values["sent_digest"])
    if known is not None:
        return Sent(known, False)
    last: int = FieldReport.objects.filter(collaboration=collaboration).aggregate(last=Max("number"))["last"] or 0
    report = FieldReport.objects.create(
        collaboration=collaboration,
        owner=author.function.organisation,
        number=last + 1,
        function=author.function,
        reported_by=author.user,
        reported_at=author.moment(),
        **values,
    )
    _step(report, author, EventKind.SENT, after=report.category.name)
    audit.record("fieldreports.sent", report, actor=author.user, collaboration=collaboration.slug)
    return Sent(report, True)


def _sent_before(collaboration: Collaboration, author: Author, client_id: UUID, digest: str) -> FieldReport | None:
    known = FieldReport.objects.filter(collaboration=collaboration, client_id=client_id).first()
    if known is None:
        return None
    if known.reported_by != author.user or known.sent_digest != digest:
        raise UserError(
            "fieldreports.other_content",
            _(
                "A report was already sent from this page, and this one says something else. "
                "Press Send once more to send it too."
            ),
            "client_id",
        )
    return known


def _values(
    collaboration: Collaboration, author: Author, text: ReportText, *, membership: Membership | None
) -> dict[str, Any]:
    category = _category(collaboration, text.category)
    occurred_from, occurred_to = _times(text.occurred_from, text.occurred_to)
    if text.sharing == SharingLevel.PUBLIC:
        raise UserError("fieldreports.not_public", _("A field report is never public."), "sharing")
    spot = locate(author.function.organisation, text, membership=membership)
    return {
        **{name: getattr(text, name) for name in ("certainty", "act", "visibility", "place_text", "note", "sharing")},
        **spot._asdict(),
        "category": category,
        "occurred_from": occurred_from,
        "occurred_to": occurred_to,
    }


def _category(collaboration: Collaboration, code: str) -> Category:
    category = Category.objects.filter(collaboration=collaboration, code=code).first()
    if category is None:
        raise UserError("fieldreports.no_category", _("Choose what it is about."), "category")
    return category


def _times(occurred_from: datetime | None, occurred_to: datetime | None) -> tuple[datetime, datetime | None]:
    now = clock.now()
    first = occurred_from or now
    if first > now + CLOCK_SKEW or (occurred_to and occurred_to > now + CLOCK_SKEW):
        raise UserError("fieldreports.in_the_future", _("The time has not been yet."), "occurred_from")
    if occurred_to and occurred_to < first:
        raise UserError("fieldreports.ends_before", _("It ends before it begins."), "occurred_to")
    return min(first, now), occurred_to


@transaction.atomic
def review_report(author: Author, report: FieldReport, *, seen: int, category: str) -> FieldReport:
    """Mark as looked at, and correct the category if it is another. The old one stays in the history."""
    found = _category(report.collaboration, category)
    before = report.category
    status = Status.REVIEWED if report.status == Status.NEW else report.status
    bump(report, seen, category=found, status=status)
    if found != before:
        _step(report, author, EventKind.RECATEGORISED, before=before.name, after=found.name)
    _step(report, author, EventKind.REVIEWED)
    audit.record("fieldreports.reviewed", report, actor=author.user, collaboration=report.collaboration.slug)
    _tell_reporter(report, author, gettext_noop("Your report {number} has been reviewed."))
    return report


@transaction.atomic
def answer_report(author: Author, report: FieldReport, *, seen: int, text: str) -> FieldReport:
    """Write what became of the report; its reporter and those of reports joined to it get word."""
    refuse_individuals(note=text)
    if not text.strip():
        raise UserError("fieldreports.no_answer", _("Write what became of it."), "became")
    status = report.status if report.status == Status.JOINED else Status.ANSWERED
    bump(report, seen, became=text.strip(), became_at=author.moment(), status=status)
    _step(report, author, EventKind.ANSWERED, text=text.strip())
    audit.record("fieldreports.answered", report, actor=author.user, collaboration=report.collaboration.slug)
    for each in (report, *report.followers.select_related("collaboration").order_by("pk")):
        _tell_reporter(each, author, gettext_noop("Your report {number} has an answer."))
    return report


@transaction.atomic
def add_to_report(author: Author, report: FieldReport, *, text: str) -> None:
    """Add to a report what was seen later, or by others; what stands there stays."""
    refuse_individuals(note=text)
    if not text.strip():
        raise UserError("fieldreports.nothing_added", _("Write what you add."), "addition")
    _step(report, author, EventKind.ADDED, text=text.strip())
    audit.record("fieldreports.added_to", report, actor=author.user, collaboration=report.collaboration.slug)


@transaction.atomic
def join_reports(author: Author, report: FieldReport, lead: FieldReport) -> FieldReport:
    """Two reports of the same thing become one to those who follow it: ``lead``. Both are kept as they were written.

    What was joined to ``report`` follows along, and a lead that is itself joined gives way to its own lead, so that no
    chains arise. Joining again changes nothing.
    """
    locked = _locked(report, lead)
    report, lead = locked[report.pk], locked[lead.pk]
    root = locked.get(lead.lead_id or 0) or lead.lead or lead
    if root.pk == report.pk or report.collaboration_id != root.collaboration_id:
        raise UserError("fieldreports.join_itself", _("A report cannot be joined to itself."), "lead")
    if report.lead_id == root.pk:
        return root
    for each in (report, *report.followers.select_related("collaboration").order_by("pk")):
        bump(each, each.version, lead=root, status=Status.JOINED)
        _step(each, author, EventKind.JOINED, after=str(root.number), other=root)
        _step(root, author, EventKind.LEADS, after=str(each.number), other=each)
    audit.record(
        "fieldreports.joined", report, actor=author.user, collaboration=report.collaboration.slug, lead=root.number
    )
    _tell_reporter(report, author, gettext_noop("Your report {number} was joined to another about the same thing."))
    return root


@transaction.atomic
def part_report(author: Author, report: FieldReport) -> FieldReport:
    """Take back a joining that was a mistake."""
    report = _locked(report)[report.pk]
    if report.lead is None:
        return report
    lead, status = report.lead, Status.ANSWERED if report.became else Status.REVIEWED
    bump(report, report.version, lead=None, status=status)
    _step(report, author, EventKind.PARTED, before=str(lead.number), other=lead)
    audit.record("fieldreports.parted", report, actor=author.user, collaboration=report.collaboration.slug)
    return report


def _locked(*reports: FieldReport) -> dict[int, FieldReport]:
    """Rows in order of key, so that two who join the same at once wait for each other."""
    keys = {key for report in reports for key in (report.pk, report.lead_id) if key}
    rows = FieldReport.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    return {row.pk: row for row in rows.select_related("collaboration", "category")}


def _step(report: FieldReport, author: Author, kind: str, **more: Any) -> None:
    ReportEvent.objects.create(
        report=report, kind=kind, at=author.moment(), by=author.user, function=author.function, **more
    )


def _tell_reporter(report: FieldReport, author: Author, text: str) -> None:
    """Word to whoever wrote it, unless it was they who did this. Nothing of the content: the notice may go by mail."""
    if report.reported_by_id is None or (author.user and report.reported_by_id == author.user.pk):
        return
    path = reverse("fieldreports:report", args=[report.collaboration.slug, report.pk])
    reporters = Membership.objects.filter(user=report.reported_by_id, collaboration=report.collaboration_id)
    tell(reporters, REVIEWED_NOTICE, text=text, path=path, number=report.number)
