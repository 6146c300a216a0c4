"""What happens in a meeting: opening, attendance, notes, decisions, the evening's tasks, closing, corrections after.

Each change holds the meeting's row first, so that nothing is written while the minutes are being closed, and nothing
after.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Function, Membership, Organisation
from lagesbild.cooperation import minutes
from lagesbild.cooperation.actions import plan
from lagesbild.cooperation.models import (
    Addendum,
    Attendance,
    Decision,
    Meeting,
    MeetingState,
    Point,
    Presence,
    Task,
)
from lagesbild.cooperation.queries import forums as forum_queries
from lagesbild.cooperation.queries import meetings as queries
from lagesbild.core import audit, clock
from lagesbild.core.conflicts import EditConflict, bump
from lagesbild.core.errors import UserError
from lagesbild.core.text import guard
from lagesbild.picture.models import FrozenPicture

TITLE_LETTERS = 160


@transaction.atomic
def open_meeting(membership: Membership, meeting: Meeting) -> Meeting:
    """Begin: the fixed points become the agenda. Beginning twice changes nothing."""
    held = _hold(meeting)
    if held.state == MeetingState.OPEN:
        return held
    points = forum_queries.points(held.forum)
    Point.objects.bulk_create(
        Point(meeting=held, order=number, title=point.title, kind=point.kind, minutes=point.minutes)
        for number, point in enumerate(points, 1)
    )
    Meeting.objects.filter(pk=held.pk).update(state=MeetingState.OPEN, opened_at=clock.now())
    audit.record("meetings.opened", held, actor=membership.user, collaboration=membership.collaboration.slug)
    held.refresh_from_db(fields=["state", "opened_at"])
    return held


@transaction.atomic
def set_attendance(
    membership: Membership,
    meeting: Meeting,
    *,
    organisation: Organisation,
    function: Function | None,
    presence: Presence | str,
    people: int = 1,
) -> Attendance:
    """Whether an organisation (by a function) is there, and by how many. The last word counts."""
    held = _hold(meeting)
    stored, _made = Attendance.objects.update_or_create(
        meeting=held,
        organisation=organisation,
        function=function,
        defaults={"presence": presence, "people": people if presence == Presence.PRESENT else 0},
    )
    audit.record(
        "meetings.attendance_set",
        held,
        actor=membership.user,
        collaboration=membership.collaboration.slug,
        organisation=organisation.slug,
        presence=str(presence),
    )
    return stored


@transaction.atomic
def note_point(membership: Membership, point: Point, *, notes: str, seen: int) -> Point:
    """What was said under a point; `EditConflict` if somebody else has written since version ``seen``."""
    _hold(point.meeting)
    stored = bump(point, seen, notes=notes)
    audit.record("meetings.noted", point.meeting, actor=membership.user, collaboration=membership.collaboration.slug)
    return stored


@transaction.atomic
def start_point(membership: Membership, point: Point) -> None:
    """Come to this point: its time begins, and that of the one before ends."""
    held = _hold(point.meeting)
    now = clock.now()
    Point.objects.filter(meeting=held, started_at__isnull=False, ended_at=None).exclude(pk=point.pk).update(
        ended_at=now
    )
    Point.objects.filter(Q(started_at=None) | Q(ended_at__isnull=False), pk=point.pk).update(
        started_at=now, ended_at=None
    )
    audit.record("meetings.point_started", held, actor=membership.user, collaboration=membership.collaboration.slug)


@dataclass(frozen=True, kw_only=True)
class DecisionText:
    """A decision; with somebody responsible it becomes an action at once."""

    text: str
    point: Point | None = None
    responsible: Organisation | None = None
    due_on: date | None = None


@transaction.atomic
def decide(membership: Membership, meeting: Meeting, text: DecisionText) -> Decision:
    """Write a decision down. Whoever is to do something gets it as an action, which the forum follows."""
    held = _hold(meeting)
    if text.responsible is not None and text.responsible.collaboration_id != held.collaboration_id:
        raise UserError("decisions.foreign", _("Choose an organisation of this collaboration."), field="responsible")
    highest = Decision.objects.filter(meeting=held).aggregate(highest=Max("number"))["highest"] or 0
    action = None
    if text.responsible is not None:
        action = plan.create_action(
            membership,
            plan.ActionText(
                title=text.text.strip().splitlines()[0][:TITLE_LETTERS],
                description=text.text,
                responsible=text.responsible,
                due_on=text.due_on,
                sharing=held.sharing,
            ),
            forum=held.forum,
            meeting_id=held.pk,
        )
    made = Decision.objects.create(
        meeting=held, point=text.point, number=highest + 1, text=text.text, action=action, at=clock.now()
    )
    audit.record("meetings.decided", held, actor=membership.user, collaboration=membership.collaboration.slug)
    return made


@transaction.atomic
def withdraw_decision(membership: Membership, decision: Decision) -> None:
    """It was not decided after all. It stays, struck out; an action that grew out of it is ended in the plan."""
    held = _hold(decision.meeting)
    Decision.objects.filter(pk=decision.pk, withdrawn_at=None).update(withdrawn_at=clock.now())
    audit.record(
        "meetings.decision_withdrawn", held, actor=membership.user, collaboration=membership.collaboration.slug
    )


@transaction.atomic
def set_briefing(
    membership: Membership,
    meeting: Meeting,
    *,
    staff_risk: str,
    alarm_contact: str,
    picture: FrozenPicture | None,
    seen: int,
) -> Meeting:
    """What the shift must know: risks for staff, whom to alarm, and the picture that is talked of."""
    _hold(meeting)
    stored = bump(meeting, seen, staff_risk=staff_risk, alarm_contact=alarm_contact, picture=picture)
    audit.record("meetings.briefing_set", stored, actor=membership.user, collaboration=membership.collaboration.slug)
    return stored


@dataclass(frozen=True, kw_only=True)
class TaskText:
    """What an actor does tonight."""

    organisation: Organisation
    function: Function | None
    task: str
    aim: str = ""
    help_wanted: str = ""


@transaction.atomic
def set_task(membership: Membership, meeting: Meeting, text: TaskText, *, seen: int) -> Task:
    """The actor's task, aim and wish for help tonight; ``seen`` is 0 when there was none."""
    held = _hold(meeting)
    existing = Task.objects.filter(meeting=held, organisation=text.organisation, function=text.function).first()
    if existing is None:
        stored = Task.objects.create(meeting=held, **vars(text))
    elif not seen:
        raise EditConflict(existing)
    else:
        stored = bump(existing, seen, task=text.task, aim=text.aim, help_wanted=text.help_wanted)
    audit.record("meetings.task_set", held, actor=membership.user, collaboration=membership.collaboration.slug)
    return stored


@transaction.atomic
def close_meeting(membership: Membership, meeting: Meeting) -> Meeting:
    """End the meeting and freeze its minutes. Nothing in them changes after; corrections are added with their date."""
    held = _hold(meeting)
    if held.state != MeetingState.OPEN:
        raise UserError("meetings.not_open", _("Only a meeting under way can be closed."))
    now = clock.now()
    Point.objects.filter(meeting=held, started_at__isnull=False, ended_at=None).update(ended_at=now)
    content = minutes.gather(
        held,
        **queries.rows_of(held),
        closed_by=str(membership.function),
        closed_at=now.isoformat(),
    )
    Meeting.objects.filter(pk=held.pk).update(
        state=MeetingState.CLOSED,
        closed_at=now,
        closed_by=membership.user,
        content=content,
        content_sha256=minutes.digest(content),
    )
    audit.record("meetings.closed", held, actor=membership.user, collaboration=membership.collaboration.slug)
    held.refresh_from_db()
    return held


@transaction.atomic
def add_addendum(membership: Membership, meeting: Meeting, *, text: str) -> Addendum:
    """A correction of closed minutes, with its date and who adds it."""
    if meeting.state != MeetingState.CLOSED:
        raise UserError("meetings.not_closed", _("Change the notes themselves: the minutes are not closed yet."))
    guard(text)
    made = Addendum.objects.create(
        meeting=meeting, text=text, at=clock.now(), by=membership.user, organisation=membership.organisation
    )
    audit.record("meetings.corrected", meeting, actor=membership.user, collaboration=membership.collaboration.slug)
    return made


def _hold(meeting: Meeting) -> Meeting:
    """The meeting as it stands, held until the transaction ends; refused once it is closed or cancelled."""
    rows = Meeting.objects.select_for_update(of=("self",), no_key=True)
    held = rows.select_related("forum__collaboration", "picture", "collaboration").get(pk=meeting.pk)
    if held.is_closed:
        raise UserError("meetings.closed", _("The minutes are closed. Add a correction instead."))
    return held
