"""Who may ask which address of forums, meetings and the calendar."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from lagesbild.accounts.access import Capability
from lagesbild.cooperation.actions import calendar, feeds, holding
from lagesbild.cooperation.models import Forum
from lagesbild.core import clock
from tests.architecture.permission_matrix import PUBLIC, Row
from tests.cast import Cast
from tests.cooperation.forums import builders

READ, REPORT, COOPERATE = Capability.READ, Capability.REPORT, Capability.COOPERATE


def _forum(cast: Cast) -> Forum:
    """Convened by the municipality itself and seen by all partners, so that only leading is tried."""
    return builders.a_forum(cast, slug="utsattning", level="beside", convenor=cast.anna.function)


def _slug(cast: Cast) -> dict[str, Any]:
    return {"slug": _forum(cast).slug}


def _member(cast: Cast) -> dict[str, Any]:
    forum = _forum(cast)
    return {"slug": forum.slug, "pk": forum.members.filter(organisation=cast.housing)[0].pk}


def _meeting(cast: Cast) -> dict[str, Any]:
    return {"pk": builders.a_meeting(cast, _forum(cast)).pk}


def _open(cast: Cast) -> dict[str, Any]:
    return {"pk": builders.an_open_meeting(cast, _forum(cast)).pk}


def _closed(cast: Cast) -> dict[str, Any]:
    return {"pk": builders.a_closed_meeting(cast, _forum(cast)).pk}


def _point(cast: Cast) -> dict[str, Any]:
    meeting = builders.an_open_meeting(cast, _forum(cast))
    return {"pk": meeting.pk, "point": meeting.points.all()[0].pk}


def _decision(cast: Cast) -> dict[str, Any]:
    meeting = builders.an_open_meeting(cast, _forum(cast))
    decision = holding.decide(cast.anna, meeting, holding.DecisionText(text="Så blir det"))
    return {"pk": meeting.pk, "decision": decision.pk}


def _seat(cast: Cast) -> dict[str, Any]:
    """The municipality's own seat: others than leaders are refused."""
    return {**_meeting(cast), "organisation": cast.municipality.pk, "function": 0}


def _matter(cast: Cast) -> dict[str, Any]:
    return {**_open(cast), "number": 1}


def _event(cast: Cast) -> dict[str, Any]:
    today = clock.today()
    text = calendar.EventText(
        title="Demonstration",
        kind="demonstration",
        from_on=today + timedelta(days=9),
        to_on=today + timedelta(days=10),
        forum=_forum(cast),
    )
    return {"pk": calendar.create_event(cast.anna, text).pk}


def _question(cast: Cast) -> dict[str, Any]:
    from lagesbild.cooperation.models import Event

    event = Event.objects.get(pk=_event(cast)["pk"])
    return {"pk": event.pk, "question": calendar.ask_question(cast.anna, event, text="Hur många?").pk}


def _room(cast: Cast) -> dict[str, Any]:
    return {"slug": calendar.ensure_room(cast.ekby, cast.municipality, slug="rum", name="Rummet", actor=None).slug}


def _booking(cast: Cast) -> dict[str, Any]:
    room = calendar.ensure_room(cast.ekby, cast.municipality, slug="rum", name="Rummet", actor=None)
    now = clock.now()
    made = calendar.book_room(cast.anna, room, starts_at=now, ends_at=now + timedelta(hours=1), purpose="Utbildning")
    return {"pk": made.pk}


def _feed(cast: Cast) -> dict[str, Any]:
    return {"pk": feeds.make_feed(cast.anna, None)[0].pk}


def _secret(cast: Cast) -> dict[str, Any]:
    return {"secret": feeds.make_feed(cast.anna, None)[1]}


# One revokes one's own feeds, and nobody else's.
OWN_FEED = {"dag": 404, "bo": 404, "eva": 404, "ada": 404, "cecilia": 404}
# There is no matter no. 1, so whoever leads gets 404 and the others are refused before.
NO_MATTER = {"anna": 404, "ada": 404}

ROWS = {
    "cooperation:forums": Row(get=READ),
    "cooperation:forum": Row(get=READ, kwargs=_slug),
    "cooperation:forum_new": Row(get=COOPERATE, post=COOPERATE),
    "cooperation:forum_edit": Row(get=COOPERATE, post=COOPERATE, kwargs=_slug, owners_only=True),
    "cooperation:forum_retire": Row(post=COOPERATE, kwargs=_slug, owners_only=True),
    "cooperation:forum_agenda": Row(get=COOPERATE, post=COOPERATE, kwargs=_slug, owners_only=True),
    "cooperation:forum_member_add": Row(post=COOPERATE, kwargs=_slug, owners_only=True),
    "cooperation:forum_member_end": Row(post=COOPERATE, kwargs=_member, owners_only=True),
    "cooperation:forum_attendance": Row(get=READ, kwargs=_slug),
    "cooperation:forum_meetings": Row(get=READ, kwargs=_slug),
    "cooperation:meeting_new": Row(get=COOPERATE, post=COOPERATE, kwargs=_slug, owners_only=True),
    "cooperation:meeting": Row(get=READ, kwargs=_meeting),
    "cooperation:meeting_move": Row(get=COOPERATE, post=COOPERATE, kwargs=_meeting, owners_only=True),
    "cooperation:meeting_cancel": Row(post=COOPERATE, kwargs=_meeting, owners_only=True),
    "cooperation:minutes_pdf": Row(get=READ, kwargs=_closed),
    "cooperation:minutes_docx": Row(get=READ, kwargs=_closed),
    "cooperation:meeting_open": Row(post=COOPERATE, kwargs=_meeting, owners_only=True),
    "cooperation:meeting_close": Row(post=COOPERATE, kwargs=_open, owners_only=True),
    "cooperation:meeting_attendance": Row(post=REPORT, kwargs=_open),
    "cooperation:meeting_agenda": Row(get=READ, kwargs=_open),
    "cooperation:point_start": Row(post=COOPERATE, kwargs=_point, owners_only=True),
    "cooperation:point_notes": Row(post=COOPERATE, kwargs=_point, owners_only=True),
    "cooperation:meeting_decide": Row(post=COOPERATE, kwargs=_open, owners_only=True),
    "cooperation:decision_withdraw": Row(post=COOPERATE, kwargs=_decision, owners_only=True),
    "cooperation:meeting_matter": Row(post=COOPERATE, kwargs=_matter, owners_only=True, expected=NO_MATTER),
    "cooperation:meeting_correct": Row(post=COOPERATE, kwargs=_closed, owners_only=True),
    "cooperation:briefing": Row(get=READ, kwargs=_meeting),
    "cooperation:briefing_pdf": Row(get=READ, kwargs=_meeting),
    "cooperation:briefing_edit": Row(get=COOPERATE, post=COOPERATE, kwargs=_meeting, owners_only=True),
    "cooperation:task_edit": Row(get=REPORT, post=REPORT, kwargs=_seat, owners_only=True),
    "cooperation:calendar": Row(get=READ),
    "cooperation:event": Row(get=READ, kwargs=_event),
    "cooperation:event_new": Row(get=REPORT, post=REPORT),
    "cooperation:event_edit": Row(get=REPORT, post=REPORT, kwargs=_event, owners_only=True),
    "cooperation:event_ask": Row(post=REPORT, kwargs=_event),
    "cooperation:event_answer": Row(post=REPORT, kwargs=_question, owners_only=True),
    "cooperation:event_note": Row(post=REPORT, kwargs=_event, owners_only=True),
    "cooperation:event_call": Row(post=COOPERATE, kwargs=_event, owners_only=True),
    "cooperation:room": Row(get=READ, post=REPORT, kwargs=_room),
    "cooperation:booking_cancel": Row(post=REPORT, kwargs=_booking, owners_only=True),
    "cooperation:booking_count": Row(post=REPORT, kwargs=_booking, owners_only=True),
    "cooperation:feeds": Row(get=READ, post=READ),
    "cooperation:feed_revoke": Row(post=READ, kwargs=_feed, expected=OWN_FEED),
    "cooperation:feed": Row(get=PUBLIC, kwargs=_secret),
}
