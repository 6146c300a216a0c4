"""A first evening for an example world: the briefing of the next meeting, if the forum has never had one."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from lagesbild.accounts.models import Function, User
from lagesbild.cooperation.models import Forum, Meeting, MeetingState, Task
from lagesbild.core import audit, clock


@transaction.atomic
def ensure_briefing(
    forum: Forum,
    *,
    staff_risk: str,
    alarm_contact: str,
    tasks: Mapping[Function, Mapping[str, str]],
    actor: User | None,
) -> Meeting | None:
    """Write risks, alarm and tasks into the next meeting; nothing if there is none, or some meeting has tasks."""
    coming = Meeting.objects.filter(forum=forum, state=MeetingState.PLANNED, starts_at__gt=clock.now())
    meeting = coming.order_by("starts_at").first()
    if meeting is None or Task.objects.filter(meeting__forum=forum).exists():
        return None
    Meeting.objects.filter(pk=meeting.pk).update(
        staff_risk=staff_risk, alarm_contact=alarm_contact, is_exercise=True, version=meeting.version + 1
    )
    Task.objects.bulk_create(
        Task(meeting=meeting, organisation=function.organisation, function=function, **said)
        for function, said in tasks.items()
    )
    audit.record("meetings.briefing_set", meeting, actor=actor, collaboration=forum.collaboration.slug)
    return meeting
