"""When forums meet: meetings made ahead from the rhythm, called, moved and cancelled."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Collaboration, Membership, User
from lagesbild.cooperation import recurrence
from lagesbild.cooperation.actions import inviting
from lagesbild.cooperation.models import Forum, Meeting, MeetingState
from lagesbild.cooperation.queries.forums import rhythm_of
from lagesbild.core import audit, clock
from lagesbild.core.conflicts import bump
from lagesbild.core.errors import UserError

WEEKS_AHEAD = 8


@transaction.atomic
def plan_ahead(
    collaboration: Collaboration, forums: Iterable[Forum], *, weeks: int = WEEKS_AHEAD, actor: User | None
) -> int:
    """Make the meetings of the coming weeks that are missing; how many. As often as one likes: none is made twice.

    A meeting that was moved or cancelled keeps its original time, so the rhythm does not make it again.
    """
    today = clock.today(collaboration.time_zone)
    wanted = [
        _meeting(forum, at)
        for forum in forums
        if forum.retired_on is None and (rhythm := rhythm_of(forum)) is not None
        for at in recurrence.starts(rhythm, today, today + timedelta(weeks=weeks))
        if at > clock.now()
    ]
    known = set(
        Meeting.objects.filter(collaboration=collaboration, planned_for__gte=clock.now()).values_list(
            "forum", "planned_for"
        )
    )
    missing = [each for each in wanted if (each.forum_id, each.planned_for) not in known]
    if missing:
        Meeting.objects.bulk_create(missing, ignore_conflicts=True)  # another process may have been quicker
        audit.record("meetings.planned", actor=actor, collaboration=collaboration.slug, n=len(missing))
    return len(missing)


@transaction.atomic
def follow_rhythm(membership: Membership, forum: Forum, *, anew: bool) -> None:
    """After a change: coming meetings have the sharing of the forum's level.

    With ``anew`` those that nobody has touched are taken away, and those of the new rhythm made.
    """
    untouched = Meeting.objects.filter(
        forum=forum,
        state=MeetingState.PLANNED,
        generated=True,
        version=1,
        planned_for__gt=clock.now(),
        points=None,
        attendance=None,
        tasks=None,
        events=None,
        decisions=None,
    )
    if anew:
        untouched.delete()
    Meeting.objects.filter(forum=forum, state__in=(MeetingState.PLANNED, MeetingState.OPEN)).update(
        sharing=forum.records_sharing, owner=forum.owner
    )
    audit.record("meetings.replanned", forum, actor=membership.user, collaboration=forum.collaboration.slug)
    plan_ahead(forum.collaboration, [forum], actor=membership.user)


@transaction.atomic
def call_meeting(
    membership: Membership, forum: Forum, *, starts_at: datetime, duration_minutes: int, room: str = "", title: str = ""
) -> Meeting:
    """Call a meeting outside the rhythm, and tell those who take part."""
    if Meeting.objects.filter(forum=forum, planned_for=starts_at).exists():
        raise UserError("meetings.twice", _("The forum already has a meeting at that time."), field="starts_on")
    made = _meeting(forum, starts_at)
    made.duration_minutes, made.room, made.title, made.generated = duration_minutes, room, title, False
    made.save()
    audit.record("meetings.called", made, actor=membership.user, collaboration=membership.collaboration.slug)
    inviting.tell_called(made, but=membership)
    return made


@transaction.atomic
def move_meeting(
    membership: Membership,
    meeting: Meeting,
    *,
    starts_at: datetime,
    duration_minutes: int,
    room: str,
    why: str,
    seen: int,
) -> Meeting:
    """Another time or room for this one meeting. Those who take part are told; calendars follow by themselves."""
    _refuse_held(meeting)
    stored = bump(meeting, seen, starts_at=starts_at, duration_minutes=duration_minutes, room=room, changed_because=why)
    audit.record("meetings.moved", stored, actor=membership.user, collaboration=membership.collaboration.slug)
    inviting.tell_moved(stored, but=membership)
    return stored


@transaction.atomic
def cancel_meeting(membership: Membership, meeting: Meeting, *, why: str, seen: int) -> Meeting:
    """This one is not held. It stays in the list, with the reason."""
    _refuse_held(meeting)
    if not why.strip():
        raise UserError("meetings.why", _("Write why the meeting is not held."), field="why")
    stored = bump(meeting, seen, state=MeetingState.CANCELLED, changed_because=why)
    audit.record("meetings.cancelled", stored, actor=membership.user, collaboration=membership.collaboration.slug)
    inviting.tell_cancelled(stored, but=membership)
    return stored


def _refuse_held(meeting: Meeting) -> None:
    if meeting.state != MeetingState.PLANNED:
        raise UserError("meetings.not_planned", _("The meeting has been held or cancelled, and cannot be moved."))


def _meeting(forum: Forum, at: datetime) -> Meeting:
    return Meeting(
        collaboration_id=forum.collaboration_id,
        owner_id=forum.owner_id,
        sharing=forum.records_sharing,
        forum=forum,
        planned_for=at,
        starts_at=at,
        duration_minutes=forum.duration_minutes,
        room=forum.room,
        generated=True,
    )
