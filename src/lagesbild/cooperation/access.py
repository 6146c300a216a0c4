"""The doors: from an address to a forum, a meeting, an event, a room, a booking, a matter or an action.

A forum is led, and its meetings are written, by its owner's, its convenor's and its deputy's organisations, and by
administrators.
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from lagesbild.accounts.access import Capability, access_owned, may, may_write
from lagesbild.accounts.models import Membership
from lagesbild.cooperation.models import Action, Booking, Event, Forum, Matter, Meeting, Raiser, Room
from lagesbild.cooperation.queries.meetings import with_previous
from lagesbild.cooperation.seeing import carries_on, carries_out


def access_forum(membership: Membership, slug: str, *, write: bool = False) -> Forum:
    """The forum with its convenor and deputy; to write, one must lead it."""
    forum = access_owned(membership, _forums(), slug=slug)
    if write and not leads(membership, forum):
        raise PermissionDenied
    return forum


def access_meeting(membership: Membership, pk: int, *, write: bool = False) -> Meeting:
    """The meeting with its forum; to write, one must lead the forum."""
    records = Meeting.objects.select_related(
        "owner", "collaboration", "closed_by", "picture", *(f"forum__{name}" for name in _LEADERS), "forum__lifts_to"
    )
    meeting = access_owned(membership, with_previous(records), pk=pk)
    if write and not leads(membership, meeting.forum):
        raise PermissionDenied
    return meeting


def access_event(membership: Membership, pk: int, *, write: bool = False) -> Event:
    """The event with its place and the forum proposed for it."""
    records = Event.objects.select_related(
        "owner", "collaboration", "place", "meeting", *(f"forum__{name}" for name in _LEADERS)
    )
    return access_owned(membership, records, write=write, pk=pk)


def access_room(membership: Membership, slug: str, *, write: bool = False) -> Room:
    """The shared room."""
    return access_owned(membership, Room.objects.select_related("owner", "collaboration"), write=write, slug=slug)


def access_booking(membership: Membership, pk: int, *, write: bool = False) -> Booking:
    """The booking: its organisation's, or to cancel also that of the room's owner."""
    booking = access_owned(membership, Booking.objects.select_related("room__owner", "owner", "collaboration"), pk=pk)
    if write and not (may_write(membership, booking) or may_write(membership, booking.room)):
        raise PermissionDenied
    return booking


def leads(membership: Membership, forum: Forum) -> bool:
    """Whether the member's organisation owns, convenes or stands in for the forum, and the role is enough."""
    deputy = forum.deputy.organisation_id if forum.deputy else None
    leading = {forum.owner_id, forum.convenor.organisation_id, deputy}
    is_one = membership.function.organisation_id in leading or may(membership, Capability.ADMINISTER)
    return is_one and may(membership, Capability.COOPERATE)


_LEADERS = ("owner", "collaboration", "convenor__organisation", "deputy__organisation")


def _forums() -> QuerySet[Forum]:
    return Forum.objects.select_related(*_LEADERS, "lifts_to")


def access_matter(membership: Membership, number: int, *, write: bool = False) -> Matter:
    """The matter with this number; to carry it on, one owns it or takes part in the forum that has it."""
    matters = Matter.objects.select_related(
        "collaboration", "owner", "place", "responsible", "joined_into", "holder__convenor", "holder__lifts_to"
    ).defer("place__geometry", "place__drawing")
    matter = access_owned(membership, matters, number=number)
    if write and not carries_on(membership, matter):
        raise PermissionDenied
    return matter


def access_raised(membership: Membership, number: int) -> Raiser:
    """What the member raised, with what it was told, even if the rest of the matter is not for it to see."""
    raised = Raiser.objects.select_related(
        "matter__collaboration", "matter__owner", "matter__holder", "membership__function"
    )
    found = raised.filter(membership=membership, matter__collaboration=membership.collaboration_id).filter(
        matter__number=number
    )
    raiser = found.first()
    if raiser is None:
        raise Http404
    return raiser


def access_action(membership: Membership, number: int, *, write: bool = False) -> Action:
    """The action with this number; its organisation changes it, and who leads the forum that follows it."""
    actions = Action.objects.select_related(
        *("collaboration", "owner", "matter__collaboration", "forum", "responsible", "function__organisation"),
        *("place", "meeting", "agreement"),
    ).defer("place__geometry", "place__drawing", "meeting__content")
    action = access_owned(membership, actions, number=number)
    if write and not carries_out(membership, action):
        raise PermissionDenied
    return action
