"""Word to those who take part in a forum: a meeting is called, moved or cancelled. Nothing of what it is about."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from lagesbild.accounts.models import Membership
from lagesbild.cooperation.models import ForumLevel, ForumMember, Meeting
from lagesbild.cooperation.seeing import sees
from lagesbild.notices import register_kind, tell

CALLED, MOVED, CANCELLED = "meetings.called", "meetings.moved", "meetings.cancelled"


def register() -> None:
    """Make the kinds known; called when the app starts."""
    register_kind(CALLED, title=_("A meeting of your forum has been called"))
    register_kind(MOVED, title=_("A meeting of your forum has another time or room"), urgent=True)
    register_kind(CANCELLED, title=_("A meeting of your forum is not held"), urgent=True)


def tell_called(meeting: Meeting, *, but: Membership) -> None:
    """A meeting outside the rhythm."""
    _tell(meeting, CALLED, gettext_noop("A meeting of {forum} has been called for {at}."), but)


def tell_moved(meeting: Meeting, *, but: Membership) -> None:
    """Another time or room."""
    _tell(meeting, MOVED, gettext_noop("A meeting of {forum} now is at {at}."), but)


def tell_cancelled(meeting: Meeting, *, but: Membership) -> None:
    """It is not held."""
    _tell(meeting, CANCELLED, gettext_noop("The meeting of {forum} at {at} is not held."), but)


SITS_ON = {
    ForumLevel.OPERATIONAL: Q(function__operational=True),
    ForumLevel.MIXED: Q(function__operational=True),
    ForumLevel.STRATEGIC: Q(function__strategic=True),
    ForumLevel.STEERING: Q(function__steering=True),
    ForumLevel.BESIDE: Q(),
}


def those_who_take_part(meeting: Meeting) -> list[Membership]:
    """The people whose function is in the forum, or sits on its level in an organisation that is, and who lead it."""
    forum = meeting.forum
    leaders = [forum.convenor_id, *([forum.deputy_id] if forum.deputy_id else [])]
    seats = ForumMember.objects.filter(forum=forum, to_on=None)
    by_function = seats.filter(function__isnull=False).values("function")
    whole = seats.filter(function=None).values("organisation")
    sits = SITS_ON[ForumLevel(forum.level)]
    people = Membership.objects.filter(collaboration=meeting.collaboration_id, user__is_active=True).filter(
        Q(function__in=by_function) | Q(function__in=leaders) | Q(function__organisation__in=whole) & sits
    )
    return [each for each in people.select_related("function") if sees(each, meeting)]


def _tell(meeting: Meeting, code: str, text: str, but: Membership) -> None:
    people = [each for each in those_who_take_part(meeting) if each.pk != but.pk]
    slug = meeting.collaboration.slug
    tell(
        people,
        code,
        text=text,
        path=reverse("cooperation:meeting", args=[slug, meeting.pk]),
        about=f"meeting {meeting.pk}",
        forum=meeting.forum.name,
        at=_local(meeting),
    )


def _local(meeting: Meeting) -> str:
    return meeting.starts_at.astimezone(ZoneInfo(meeting.collaboration.time_zone)).strftime("%Y-%m-%d %H:%M")
