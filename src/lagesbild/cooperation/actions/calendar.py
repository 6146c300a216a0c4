"""What is known to come, and the shared room: events with questions and answers, calling a forum for one, bookings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Collaboration, Membership, Organisation, SharingLevel, User
from lagesbild.cooperation import recurrence
from lagesbild.cooperation.actions.meetings import call_meeting
from lagesbild.cooperation.models import Booking, Event, Forum, Meeting, Question, Room, StaffedHours
from lagesbild.core import audit, clock
from lagesbild.core.conflicts import bump
from lagesbild.core.errors import UserError
from lagesbild.core.holidays import holiday
from lagesbild.places.models import Place

DAYS_BEFORE = 3
USUAL_TIME = time(10)
SATURDAY = 5


@dataclass(frozen=True, kw_only=True)
class EventText:
    """What one says of something to come; ``to_on`` is the first day after."""

    title: str
    kind: str
    from_on: date
    to_on: date
    place: Place | None = None
    location: str = ""
    description: str = ""
    source: str = ""
    forum: Forum | None = None
    sharing: str = SharingLevel.PARTNERS


@transaction.atomic
def create_event(membership: Membership, text: EventText) -> Event:
    """Something known to come, told by one's own organisation."""
    made = _create_event(membership.collaboration, membership.organisation, text)
    audit.record("events.created", made, actor=membership.user, collaboration=membership.collaboration.slug)
    return made


@transaction.atomic
def change_event(membership: Membership, event: Event, text: EventText, *, seen: int) -> Event:
    """Store the event as said; `EditConflict` if somebody else has stored it since."""
    stored = bump(event, seen, **vars(text))
    audit.record("events.changed", stored, actor=membership.user, collaboration=membership.collaboration.slug)
    return stored


@transaction.atomic
def set_after_note(membership: Membership, event: Event, *, note: str, seen: int) -> Event:
    """How it went, and what to do another time."""
    stored = bump(event, seen, after_note=note)
    audit.record("events.noted", stored, actor=membership.user, collaboration=membership.collaboration.slug)
    return stored


@transaction.atomic
def ask_question(membership: Membership, event: Event, *, text: str) -> Question:
    """Something that wants an answer before the event."""
    made = Question.objects.create(
        event=event, text=text, organisation=membership.organisation, by=membership.user, at=clock.now()
    )
    audit.record("events.asked", event, actor=membership.user, collaboration=membership.collaboration.slug)
    return made


@transaction.atomic
def answer_question(membership: Membership, question: Question, *, answer: str, seen: int) -> Question:
    """The answer, by those who answer for the event."""
    stored = bump(question, seen, answer=answer)
    audit.record("events.answered", question.event, actor=membership.user, collaboration=membership.collaboration.slug)
    return stored


@transaction.atomic
def call_for_event(membership: Membership, event: Event) -> Meeting:
    """Call the proposed forum before the event, in one tap; calling twice gives the same meeting."""
    held = Event.objects.select_for_update(of=("self",), no_key=True).get(pk=event.pk)
    if held.meeting is not None:
        return held.meeting
    forum = event.forum
    if forum is None:
        raise UserError("events.no_forum", _("Say first which forum is to be called."), field="forum")
    made = call_meeting(
        membership,
        forum,
        starts_at=proposed_time(event, forum),
        duration_minutes=forum.duration_minutes,
        room=forum.room,
        title=event.title,
    )
    Event.objects.filter(pk=event.pk).update(meeting=made)
    audit.record("events.forum_called", event, actor=membership.user, collaboration=membership.collaboration.slug)
    return made


def proposed_time(event: Event, forum: Forum) -> datetime:
    """Three days before, or as soon as can be, on a working day and at the forum's usual time."""
    zone = event.collaboration.time_zone
    tomorrow = clock.today(zone) + timedelta(days=1)
    on = max(event.from_on - timedelta(days=DAYS_BEFORE), tomorrow)
    while (on.weekday() >= SATURDAY or holiday(on)) and on > tomorrow:
        on -= timedelta(days=1)
    return recurrence.instant(datetime.combine(on, forum.starts_at or USUAL_TIME), zone)


@transaction.atomic
def book_room(membership: Membership, room: Room, *, starts_at: datetime, ends_at: datetime, purpose: str) -> Booking:
    """Take the room for a time; refused where somebody else has it."""
    Room.objects.select_for_update(no_key=True).get(pk=room.pk)  # two bookings at once: one waits for the other
    if ends_at <= starts_at:
        raise UserError("rooms.backwards", _("The end must be after the beginning."), field="ends")
    taken = Booking.objects.filter(room=room, cancelled_at=None, starts_at__lt=ends_at, ends_at__gt=starts_at)
    other = taken.select_related("owner").first()
    if other is not None:
        raise UserError("rooms.taken", _("The room is taken then, by {who}."), field="starts", who=other.owner.name)
    made = Booking.objects.create(
        collaboration=membership.collaboration,
        owner=membership.organisation,
        sharing=room.sharing,
        room=room,
        starts_at=starts_at,
        ends_at=ends_at,
        purpose=purpose,
    )
    audit.record("rooms.booked", made, actor=membership.user, collaboration=membership.collaboration.slug)
    return made


@transaction.atomic
def cancel_booking(membership: Membership, booking: Booking) -> None:
    """The room is free again."""
    Booking.objects.filter(pk=booking.pk, cancelled_at=None).update(cancelled_at=clock.now())
    audit.record("rooms.booking_cancelled", booking, actor=membership.user, collaboration=membership.collaboration.slug)


@transaction.atomic
def count_people(membership: Membership, booking: Booking, *, people: int) -> None:
    """How many came. A number, never names."""
    Booking.objects.filter(pk=booking.pk).update(people=people)
    audit.record("rooms.people_counted", booking, actor=membership.user, collaboration=membership.collaboration.slug)


@dataclass(frozen=True, kw_only=True)
class HoursText:
    """When the room is staffed each week, and by whom."""

    weekday: int
    starts: time
    ends: time
    organisation: Organisation


@transaction.atomic
def ensure_room(
    collaboration: Collaboration,
    owner: Organisation,
    *,
    slug: str,
    name: str,
    note: str = "",
    source: str = "",
    hours: tuple[HoursText, ...] = (),
    actor: User | None,
) -> Room:
    """The room with this slug, made with its hours if it does not exist."""
    room, made = Room.objects.get_or_create(
        collaboration=collaboration, slug=slug, defaults={"owner": owner, "name": name, "note": note, "source": source}
    )
    if made:
        StaffedHours.objects.bulk_create(StaffedHours(room=room, **vars(each)) for each in hours)
        audit.record("rooms.created", room, actor=actor, collaboration=collaboration.slug)
    return room


@transaction.atomic
def ensure_event(
    collaboration: Collaboration, owner: Organisation, text: EventText, *, after_note: str = "", actor: User | None
) -> Event:
    """The event with this title, made if it does not exist."""
    existing = Event.objects.filter(collaboration=collaboration, title=text.title).first()
    if existing is not None:
        return existing
    made = _create_event(collaboration, owner, text, after_note=after_note)
    audit.record("events.created", made, actor=actor, collaboration=collaboration.slug)
    return made


def _create_event(collaboration: Collaboration, owner: Organisation, text: EventText, *, after_note: str = "") -> Event:
    if text.to_on <= text.from_on:
        raise UserError("events.backwards", _("The last day must not be before the first."), field="last_on")
    return Event.objects.create(collaboration=collaboration, owner=owner, after_note=after_note, **vars(text))
