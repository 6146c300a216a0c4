"""Reads of the calendar: meetings, events and bookings of a period side by side, and the use of the room."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet, Sum

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Membership
from lagesbild.cooperation.models import Booking, Event, Meeting, MeetingState, Question, Room, StaffedHours
from lagesbild.core import clock
from lagesbild.core.holidays import holiday, week_number
from lagesbild.places.models import Place

PROPOSED_DAYS = 45


@dataclass
class Day:
    """One day of the calendar with what falls on it."""

    on: date
    meetings: list[Meeting] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    bookings: list[Booking] = field(default_factory=list)
    hours: list[StaffedHours] = field(default_factory=list)

    @property
    def holiday(self) -> str:
        return holiday(self.on)

    @property
    def is_off(self) -> bool:
        return self.on.isoweekday() == 7 or bool(self.holiday)

    @property
    def is_empty(self) -> bool:
        return not (self.meetings or self.events or self.bookings or self.holiday)


@dataclass(frozen=True)
class Week:
    """Monday to Sunday, with its number."""

    number: int
    days: tuple[Day, ...]


def weeks(membership: Membership, from_on: date, to_on: date) -> list[Week]:
    """The whole weeks that cover [from_on, to_on). Four queries."""
    first = from_on - timedelta(days=from_on.weekday())
    n_days = -((first - to_on).days // 7) * 7
    days = {first + timedelta(days=n): Day(first + timedelta(days=n)) for n in range(n_days)}
    _fill(membership, days, first, first + timedelta(days=n_days))
    row = list(days.values())
    return [Week(week_number(row[n].on), tuple(row[n : n + 7])) for n in range(0, n_days, 7)]


def _fill(membership: Membership, days: dict[date, Day], first: date, end: date) -> None:
    zone = ZoneInfo(membership.collaboration.time_zone)
    start, stop = (datetime.combine(on, time.min, zone) for on in (first, end))
    sees = visible_to(membership)
    meetings = Meeting.objects.filter(sees, starts_at__gte=start, starts_at__lt=stop).select_related("forum")
    for meeting in meetings.defer("content").order_by("starts_at"):
        days[meeting.starts_at.astimezone(zone).date()].meetings.append(meeting)
    for event in Event.objects.filter(sees, from_on__lt=end, to_on__gt=first):
        on = max(event.from_on, first)
        while on < min(event.to_on, end):
            days[on].events.append(event)
            on += timedelta(days=1)
    bookings = Booking.objects.filter(sees, cancelled_at=None, starts_at__gte=start, starts_at__lt=stop)
    for booking in bookings.select_related("room", "owner"):
        days[booking.starts_at.astimezone(zone).date()].bookings.append(booking)
    staffed = _staffed(membership)
    for day in days.values():
        day.hours = [] if day.holiday else staffed[day.on.isoweekday()]


def _staffed(membership: Membership) -> dict[int, list[StaffedHours]]:
    hours = StaffedHours.objects.filter(room__in=Room.objects.filter(visible_to(membership)))
    found: dict[int, list[StaffedHours]] = defaultdict(list)
    for each in hours.select_related("room", "organisation"):
        found[each.weekday].append(each)
    return found


def proposed(membership: Membership) -> list[Event]:
    """Events soon to come for which a forum is proposed and not yet called."""
    today = clock.today(membership.collaboration.time_zone)
    coming = Event.objects.filter(
        visible_to(membership),
        from_on__gte=today,
        from_on__lt=today + timedelta(days=PROPOSED_DAYS),
        meeting=None,
        forum__isnull=False,
    )
    return list(coming.select_related("forum__convenor", "forum__deputy"))


def rooms(membership: Membership) -> QuerySet[Room]:
    """The shared rooms."""
    return Room.objects.filter(visible_to(membership))


def questions_of(event: Event) -> list[Question]:
    """What was asked before the event, with the answers."""
    return list(Question.objects.filter(event=event).select_related("organisation"))


def question_of(event: Event, pk: int) -> Question | None:
    """A question about this event."""
    return Question.objects.select_related("event").filter(event=event, pk=pk).first()


def bookings_of(membership: Membership, room: Room) -> list[Booking]:
    """The bookings from today on."""
    found = Booking.objects.filter(visible_to(membership), room=room, cancelled_at=None)
    return list(found.filter(ends_at__gte=clock.now() - timedelta(days=1)).select_related("owner")[:100])


def staffed_hours(room: Room) -> list[StaffedHours]:
    """When somebody is there."""
    return list(StaffedHours.objects.filter(room=room).select_related("organisation"))


@dataclass(frozen=True)
class Use:
    """How much one organisation has used the room: counts only."""

    organisation: str
    n: int
    people: int | None


def use_of(membership: Membership, room: Room, since: datetime) -> list[Use]:
    """Bookings and people by organisation, and the meetings of forums held there. Two queries."""
    booked = (
        Booking.objects.filter(visible_to(membership), room=room, cancelled_at=None)
        .filter(starts_at__gte=since, starts_at__lt=clock.now())
        .values("owner__name")
        .annotate(n=Count("pk"), people=Sum("people"))
        .order_by("-n", "owner__name")
    )
    held = Meeting.objects.filter(
        collaboration=room.collaboration_id, room=room.name, state=MeetingState.CLOSED, starts_at__gte=since
    ).count()
    use = [Use(row["owner__name"], row["n"], row["people"]) for row in booked]
    return [Use("", held, None), *use] if held else use


def places(membership: Membership) -> QuerySet[Place]:
    """Places to choose from."""
    return Place.objects.filter(visible_to(membership), retired_on=None).defer("geometry", "drawing").order_by("name")
