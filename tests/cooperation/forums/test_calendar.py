"""The calendar: events that propose a forum, questions and after-notes, and a room that is nobody's twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from lagesbild.cooperation.actions import calendar as actions
from lagesbild.cooperation.actions.calendar import EventText
from lagesbild.cooperation.models import Booking, Event, Meeting, Room
from lagesbild.cooperation.queries import calendar as queries
from lagesbild.core import clock
from lagesbild.core.errors import UserError
from tests.cast import Cast
from tests.cooperation.forums.builders import NOW, a_forum, a_meeting

STOCKHOLM = ZoneInfo("Europe/Stockholm")


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


def an_event(cast: Cast, on: date, **said: Any) -> Event:
    text = {"title": "Demonstration", "kind": "demonstration", "from_on": on, "to_on": on + timedelta(days=1), **said}
    return actions.create_event(cast.anna, EventText(**text))


def a_room(cast: Cast) -> Room:
    return actions.ensure_room(cast.ekby, cast.municipality, slug="lokalen", name="Lokalen", actor=None)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, 10, hour, minute, tzinfo=UTC)


def test_weeks_are_whole_and_numbered_as_swedes_do_over_the_new_year(cast: Cast) -> None:
    weeks = queries.weeks(cast.anna, date(2026, 12, 1), date(2027, 1, 1))
    assert [week.number for week in weeks] == [49, 50, 51, 52, 53]
    assert (weeks[0].days[0].on, weeks[-1].days[-1].on) == (date(2026, 11, 30), date(2027, 1, 3))
    assert weeks[-1].days[3].holiday == "Nyårsafton"


def test_a_day_has_its_meetings_events_and_bookings(cast: Cast) -> None:
    a_meeting(cast, a_forum(cast), at=datetime(2026, 3, 10, 23, 30, tzinfo=UTC))  # the 11th on the wall
    an_event(cast, date(2026, 3, 10), to_on=date(2026, 3, 12))
    actions.book_room(cast.bo, a_room(cast), starts_at=at(9), ends_at=at(10), purpose="Utbildning")
    (week,) = queries.weeks(cast.anna, date(2026, 3, 9), date(2026, 3, 16))
    told = {day.on.day: (len(day.meetings), len(day.events), len(day.bookings)) for day in week.days}
    assert (told[10], told[11], told[12]) == ((0, 1, 1), (1, 1, 0), (0, 0, 0))


def test_another_levels_meeting_is_not_in_the_calendar(cast: Cast) -> None:
    a_meeting(cast, a_forum(cast, level="steering", owner=cast.police), at=at(12))
    shown = {}
    for member in (cast.bo, cast.eva):
        (week,) = queries.weeks(member, date(2026, 3, 9), date(2026, 3, 16))
        shown[member.user.name] = sum(len(day.meetings) for day in week.days)
    assert shown == {"Bo": 0, "Eva": 1}


def test_a_forum_is_proposed_until_it_has_been_called_and_called_once(cast: Cast) -> None:
    event = an_event(cast, date(2026, 3, 20), forum=a_forum(cast, level="mixed"))
    assert queries.proposed(cast.anna) == [event]
    first = actions.call_for_event(cast.anna, Event.objects.select_related("forum", "collaboration").get())
    again = actions.call_for_event(cast.anna, Event.objects.select_related("forum", "collaboration").get())
    assert first == again == Meeting.objects.get()
    assert first.title == "Demonstration"
    assert queries.proposed(cast.anna) == []


@pytest.mark.parametrize(
    ("event_on", "meeting_on"),
    [
        (date(2026, 3, 20), date(2026, 3, 17)),  # three days before
        (date(2026, 4, 8), date(2026, 4, 2)),  # 5 April is Easter Sunday: back over Good Friday to Thursday
        (date(2026, 3, 4), date(2026, 3, 3)),  # soon: tomorrow
    ],
)
def test_the_time_proposed_is_a_working_day_before(cast: Cast, event_on: date, meeting_on: date) -> None:
    forum = a_forum(cast, level="mixed")
    event = an_event(cast, event_on, forum=forum)
    local = actions.proposed_time(event, forum).astimezone(STOCKHOLM)
    assert (local.date(), local.hour) == (meeting_on, 15)


def test_a_question_is_answered_by_the_events_owner_and_all_see_it(cast: Cast) -> None:
    event = an_event(cast, date(2026, 3, 20))
    bo, anna = Client(), Client()
    bo.force_login(cast.bo.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    anna.force_login(cast.anna.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    there = reverse("cooperation:event", args=["ekby", event.pk])
    bo.post(reverse("cooperation:event_ask", args=["ekby", event.pk]), {"text": "Stängs gatan?"})
    question = event.questions.get()
    answer = reverse("cooperation:event_answer", args=["ekby", event.pk, question.pk])
    assert bo.post(answer, {"answer": "Nej", "version": question.version}).status_code == 403
    anna.post(answer, {"answer": "Ja, från klockan tre", "version": question.version})
    assert "Ja, från klockan tre" in bo.get(there).content.decode()


def test_the_room_is_booked_once_and_the_next_may_begin_when_the_first_ends(cast: Cast) -> None:
    room = a_room(cast)
    actions.book_room(cast.bo, room, starts_at=at(9), ends_at=at(10), purpose="Utbildning")
    for first, last in ((at(9, 30), at(9, 45)), (at(8), at(9, 1)), (at(8), at(11))):
        with pytest.raises(UserError) as refused:
            actions.book_room(cast.anna, room, starts_at=first, ends_at=last, purpose="Annat")
        assert refused.value.code == "rooms.taken"
    actions.book_room(cast.anna, room, starts_at=at(10), ends_at=at(11), purpose="Möte")
    actions.cancel_booking(cast.bo, Booking.objects.get(purpose="Utbildning"))
    actions.book_room(cast.anna, room, starts_at=at(9), ends_at=at(10), purpose="Studiebesök")


def test_the_use_of_the_room_is_told_as_counts_by_organisation(cast: Cast) -> None:
    room = a_room(cast)
    for hour in (9, 11):
        made = actions.book_room(cast.bo, room, starts_at=at(hour), ends_at=at(hour + 1), purpose="Utbildning")
        actions.count_people(cast.bo, made, people=7)
    with clock.frozen(NOW + timedelta(days=30)):
        use = queries.use_of(cast.anna, room, NOW)
    assert [(each.organisation, each.n, each.people) for each in use] == [("Ekbyhem AB", 2, 14)]
