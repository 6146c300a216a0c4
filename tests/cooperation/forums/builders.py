"""Forums and meetings for tests, made through the ordinary actions. The police convene, the municipality stands in."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from lagesbild.accounts.models import Function, Membership, Organisation
from lagesbild.cooperation.actions import forums as actions
from lagesbild.cooperation.actions import holding
from lagesbild.cooperation.actions import meetings as meeting_actions
from lagesbild.cooperation.actions.forums import ForumText, MemberText
from lagesbild.cooperation.models import Forum, Meeting, MeetingState
from tests.cast import Cast

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)  # a Monday, four weeks before the clocks go forward


def function_of(organisation: Organisation) -> Function:
    return Function.objects.filter(organisation=organisation).order_by("pk")[0]


def a_forum(cast: Cast, *, slug: str = "utsattning", owner: Organisation | None = None, **said: Any) -> Forum:
    """Tuesdays and Fridays at three; the police, the municipality and the housing company take part."""
    text: dict[str, Any] = {
        "name": slug.capitalize(),
        "level": "operational",
        "convenor": function_of(cast.police),
        "rhythm": "FREQ=WEEKLY;BYDAY=TU,FR",
        "first_on": date(2026, 1, 1),
        "starts_at": time(15),
        "room": "Lokalen",
        **said,
    }
    members = [
        MemberText(organisation=cast.police, function=function_of(cast.police)),
        MemberText(organisation=cast.municipality),
        MemberText(organisation=cast.housing, function=function_of(cast.housing)),
    ]
    owner = owner or cast.municipality
    return actions.ensure_forum(cast.ekby, owner, ForumText(**text), slug=slug, members=members, actor=None)


def a_meeting(cast: Cast, forum: Forum | None = None, *, at: datetime = NOW) -> Meeting:
    """A meeting called for ``at``."""
    forum = forum or a_forum(cast)
    return meeting_actions.call_meeting(cast.anna, forum, starts_at=at, duration_minutes=45, room="Lokalen")


def an_open_meeting(cast: Cast, forum: Forum | None = None, *, at: datetime = NOW) -> Meeting:
    return holding.open_meeting(cast.anna, a_meeting(cast, forum, at=at))


def a_closed_meeting(
    cast: Cast,
    forum: Forum,
    *,
    at: datetime = NOW,
    present: tuple[Organisation, ...] = (),
    by: Membership | None = None,
) -> Meeting:
    """Held and closed; those named were present, the others absent."""
    meeting = an_open_meeting(cast, forum, at=at)
    for member in forum.members.select_related("organisation", "function"):
        presence = "present" if member.organisation in present else "absent"
        holding.set_attendance(
            cast.anna, meeting, organisation=member.organisation, function=member.function, presence=presence
        )
    closed = holding.close_meeting(by or cast.anna, meeting)
    assert closed.state == MeetingState.CLOSED
    return closed
