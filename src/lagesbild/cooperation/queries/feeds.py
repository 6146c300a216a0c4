"""Reads of calendar feeds."""

from __future__ import annotations

from datetime import timedelta

from lagesbild.accounts.models import Membership
from lagesbild.cooperation.actions.feeds import digest
from lagesbild.cooperation.ical import CalendarEvent
from lagesbild.cooperation.models import Feed, Meeting, MeetingState
from lagesbild.cooperation.queries.meetings import my_meetings
from lagesbild.core import clock

DAYS_BACK = 60


def feeds_of(membership: Membership) -> list[Feed]:
    """The member's addresses that still answer."""
    return list(Feed.objects.filter(membership=membership, revoked_at=None).select_related("forum"))


def feed_of(membership: Membership, pk: int) -> Feed | None:
    """One's own feed."""
    return Feed.objects.filter(membership=membership, pk=pk).first()


def feed_with(slug: str, secret: str) -> Feed | None:
    """The feed of this secret in this collaboration, if it has not been revoked and its owner may still sign in."""
    return (
        Feed.objects.filter(digest=digest(secret), revoked_at=None, membership__user__is_active=True)
        .filter(membership__collaboration__slug=slug)
        .select_related("membership__collaboration", "membership__function__organisation", "forum")
        .first()
    )


def events_of(feed: Feed, base_address: str) -> list[CalendarEvent]:
    """What the feed tells: forum, time, room and a link. Two queries."""
    since = clock.now() - timedelta(days=DAYS_BACK)
    return [_event(meeting, base_address) for meeting in my_meetings(feed.membership, since, feed.forum)]


def _event(meeting: Meeting, base_address: str) -> CalendarEvent:
    slug = meeting.collaboration.slug
    return CalendarEvent(
        uid=f"meeting-{meeting.pk}@{slug}.lagesbild",
        starts_at=meeting.starts_at,
        duration=timedelta(minutes=meeting.duration_minutes),
        summary=meeting.forum.name,
        location=meeting.room,
        url=f"{base_address}/c/{slug}/meetings/{meeting.pk}/",
        stamp=meeting.planned_for if meeting.version == 1 else clock.now(),
        sequence=meeting.version - 1,
        cancelled=meeting.state == MeetingState.CANCELLED,
    )
