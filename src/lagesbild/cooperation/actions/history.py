"""Meetings held before the system came, with attendance only: told in bulk, closed at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from lagesbild.accounts.models import Function, Organisation, User
from lagesbild.cooperation import minutes
from lagesbild.cooperation.models import Attendance, Forum, Meeting, MeetingState
from lagesbild.core import audit


@dataclass(frozen=True, kw_only=True)
class Came:
    """One member at an earlier meeting."""

    organisation: Organisation
    function: Function | None
    presence: str
    people: int = 1


@dataclass(frozen=True, kw_only=True)
class Held:
    """One earlier meeting."""

    at: datetime
    came: tuple[Came, ...]


@transaction.atomic
def record_held(
    forum: Forum, held: Sequence[Held], *, source: str, is_exercise: bool = False, actor: User | None
) -> int:
    """Store the meetings that are not there yet, closed, with their source; how many."""
    known = set(Meeting.objects.filter(forum=forum).values_list("planned_for", flat=True))
    new = [each for each in held if each.at not in known]
    made = Meeting.objects.bulk_create([_meeting(forum, each, source, is_exercise=is_exercise) for each in new])
    Attendance.objects.bulk_create(
        attendance for meeting, each in zip(made, new, strict=True) for attendance in _attendance(meeting, each)
    )
    if new:
        audit.record("meetings.recorded", forum, actor=actor, collaboration=forum.collaboration.slug, n=len(new))
    return len(new)


def _meeting(forum: Forum, each: Held, source: str, *, is_exercise: bool) -> Meeting:
    closed_at = each.at + timedelta(minutes=forum.duration_minutes)
    meeting = Meeting(
        collaboration_id=forum.collaboration_id,
        owner_id=forum.owner_id,
        sharing=forum.records_sharing,
        forum=forum,
        planned_for=each.at,
        starts_at=each.at,
        duration_minutes=forum.duration_minutes,
        room=forum.room,
        state=MeetingState.CLOSED,
        is_exercise=is_exercise,
        source=source,
        opened_at=each.at,
        closed_at=closed_at,
    )
    meeting.content = minutes.gather(
        meeting,
        points=(),
        attendance=_attendance(meeting, each),
        decisions=(),
        steps=(),
        tasks=(),
        closed_by="",
        closed_at=closed_at.isoformat(),
    )
    meeting.content_sha256 = minutes.digest(meeting.content)
    return meeting


def _attendance(meeting: Meeting, each: Held) -> list[Attendance]:
    return [
        Attendance(
            meeting=meeting,
            organisation=came.organisation,
            function=came.function,
            presence=came.presence,
            people=came.people if came.presence == "present" else 0,
        )
        for came in each.came
    ]
