"""Holding a meeting: attendance, notes by two at once, decisions that become actions, and minutes that stay closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from lagesbild.accounts.models import SharingLevel
from lagesbild.cooperation import minutes
from lagesbild.cooperation.actions import handling, holding, raising
from lagesbild.cooperation.actions.holding import DecisionText, TaskText
from lagesbild.cooperation.models import Action, Attendance, ForumMember, Matter, Meeting, MeetingState, Point, Task
from lagesbild.cooperation.queries import meetings as queries
from lagesbild.core import clock
from lagesbild.core.conflicts import EditConflict
from lagesbild.core.errors import UserError
from tests.cast import Cast
from tests.cooperation.forums.builders import (
    NOW,
    a_closed_meeting,
    a_forum,
    a_meeting,
    an_open_meeting,
    function_of,
)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


def test_opening_makes_the_agenda_of_the_fixed_points_once(cast: Cast) -> None:
    meeting = a_meeting(cast)
    holding.open_meeting(cast.anna, meeting)
    holding.open_meeting(cast.eva, meeting)
    points = Point.objects.filter(meeting=meeting)
    assert [point.kind for point in points] == ["cooperate", "picture", "tasks", "raised", "actions"]
    assert Meeting.objects.get().opened_at == NOW


def test_the_last_word_on_attendance_counts_and_only_the_present_are_counted(cast: Cast) -> None:
    meeting = an_open_meeting(cast)
    seat = {"organisation": cast.housing, "function": function_of(cast.housing)}
    holding.set_attendance(cast.anna, meeting, **seat, presence="present", people=3)
    holding.set_attendance(cast.bo, meeting, **seat, presence="prevented", people=3)
    row = Attendance.objects.get()
    assert (row.presence, row.people) == ("prevented", 0)


def test_the_whole_organisation_and_one_of_its_functions_are_two_seats(cast: Cast) -> None:
    meeting = an_open_meeting(cast)
    holding.set_attendance(cast.anna, meeting, organisation=cast.municipality, function=None, presence="present")
    holding.set_attendance(
        cast.anna, meeting, organisation=cast.housing, function=function_of(cast.housing), presence="absent"
    )
    said = {(seat.member.organisation, seat.member.function_id): seat.presence for seat in queries.seats(meeting)}
    assert said == {
        (cast.municipality, None): "present",
        (cast.housing, function_of(cast.housing).pk): "absent",
        (cast.police, function_of(cast.police).pk): "",
    }


def test_no_database_lets_an_organisation_stand_twice(cast: Cast) -> None:
    meeting = an_open_meeting(cast)
    rows = [
        *[Attendance(meeting=meeting, organisation=cast.police, presence="absent", people=0) for _twice in range(2)],
        *[Task(meeting=meeting, organisation=cast.police, task="Synas") for _twice in range(2)],
        *[ForumMember(forum=meeting.forum, organisation=cast.police) for _twice in range(2)],
    ]
    for first, second in zip(rows[::2], rows[1::2], strict=True):
        first.save()
        with pytest.raises(IntegrityError), transaction.atomic():
            second.save()


def test_when_two_write_the_same_notes_the_later_is_told_and_nothing_is_lost(cast: Cast) -> None:
    point = an_open_meeting(cast).points.all()[0]
    seen = point.version
    holding.note_point(cast.anna, point, notes="Annas text", seen=seen)
    with pytest.raises(EditConflict) as caught:
        holding.note_point(cast.eva, Point.objects.get(pk=point.pk), notes="Evas text", seen=seen)
    assert caught.value.current.notes == "Annas text"  # type: ignore[attr-defined]
    assert Point.objects.get(pk=point.pk).notes == "Annas text"


def test_notes_that_name_a_person_by_number_are_refused(cast: Cast) -> None:
    point = an_open_meeting(cast).points.all()[0]
    with pytest.raises(ValidationError):
        holding.note_point(cast.anna, point, notes="Gäller 19121212-1212", seen=point.version)


def test_beginning_a_point_ends_the_one_before(cast: Cast) -> None:
    first, second = an_open_meeting(cast).points.all()[:2]
    holding.start_point(cast.anna, first)
    with clock.frozen(NOW + timedelta(minutes=12)):
        holding.start_point(cast.anna, second)
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.ended_at == second.started_at == NOW + timedelta(minutes=12)
    assert second.ended_at is None


def test_a_decision_with_somebody_responsible_is_an_action_at_once(cast: Cast) -> None:
    forum = a_forum(cast)
    meeting = an_open_meeting(cast, forum)
    text = DecisionText(text="Laga lampan\nunder bron", responsible=cast.housing, due_on=date(2026, 4, 1))
    made = holding.decide(cast.anna, meeting, text)
    action = Action.objects.get()
    assert made.action == action
    assert (action.title, action.responsible, action.due_on) == ("Laga lampan", cast.housing, date(2026, 4, 1))
    assert (action.forum, action.meeting_id, action.sharing) == (forum, meeting.pk, SharingLevel.OPERATIONAL)


def test_a_decision_without_anybody_responsible_is_no_action_and_numbers_go_on(cast: Cast) -> None:
    meeting = an_open_meeting(cast)
    made = [holding.decide(cast.anna, meeting, DecisionText(text=text)) for text in ("Ett", "Två")]
    holding.withdraw_decision(cast.anna, made[0])
    made.append(holding.decide(cast.anna, meeting, DecisionText(text="Tre")))
    assert [each.number for each in made] == [1, 2, 3]
    assert not Action.objects.exists()


def test_closed_minutes_hold_everything_and_nothing_can_be_written_after(cast: Cast) -> None:
    forum = a_forum(cast, slug="plats", level="beside")
    matter = raising.raise_matter(cast.anna, raising.MatterText(title="Trasig lampa"), forum=forum)
    meeting = an_open_meeting(cast, forum)
    point = meeting.points.all()[0]
    with clock.frozen(NOW + timedelta(minutes=5)):
        holding.note_point(cast.anna, point, notes="Vi hjälps åt", seen=point.version)
        decision = holding.decide(cast.anna, meeting, DecisionText(text="Laga", responsible=cast.housing))
        handling.carry_over(cast.anna, matter, meeting_id=meeting.pk)
        closed = holding.close_meeting(cast.anna, meeting)
    content = closed.content
    assert content is not None
    assert content["points"][0]["notes"] == "Vi hjälps åt"
    assert content["decisions"][0]["action"]["responsible"] == "Ekbyhem AB"
    assert [(each["title"], each["kind"]) for each in content["matters"]] == [("Trasig lampa", "carried_over")]
    assert minutes.is_intact(closed)
    for refused in (
        lambda: holding.note_point(cast.anna, point, notes="Efteråt", seen=point.version),
        lambda: holding.decide(cast.anna, closed, DecisionText(text="Efteråt")),
        lambda: holding.withdraw_decision(cast.anna, decision),
        lambda: holding.set_attendance(cast.anna, closed, organisation=cast.housing, function=None, presence="absent"),
        lambda: holding.start_point(cast.anna, point),
        lambda: holding.close_meeting(cast.anna, closed),
        lambda: holding.set_briefing(
            cast.anna, closed, staff_risk="x", alarm_contact="", picture=None, seen=closed.version
        ),
    ):
        with pytest.raises(UserError) as error:
            refused()  # type: ignore[no-untyped-call]
        assert error.value.code == "meetings.closed"
    closed.refresh_from_db()
    assert closed.content == content


def test_changed_minutes_are_found_out(cast: Cast) -> None:
    closed = a_closed_meeting(cast, a_forum(cast))
    assert closed.content is not None
    closed.content["points"][0]["notes"] = "Något annat"
    assert not minutes.is_intact(closed)


def test_the_database_lets_no_meeting_be_closed_without_minutes(cast: Cast) -> None:
    meeting = an_open_meeting(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).update(state=MeetingState.CLOSED)


def test_a_matter_that_not_all_members_may_see_is_not_in_the_minutes(cast: Cast) -> None:
    forum = a_forum(cast)
    secret = raising.raise_matter(cast.eva, raising.MatterText(title="Bara polisens"), forum=forum)
    Matter.objects.update(sharing=SharingLevel.OWN)
    meeting = an_open_meeting(cast, forum)
    handling.carry_over(cast.eva, secret, meeting_id=meeting.pk)
    closed = holding.close_meeting(cast.anna, meeting)
    assert closed.content is not None
    assert closed.content["matters"] == []


def test_a_correction_is_added_with_its_date_and_the_minutes_stand(cast: Cast) -> None:
    closed = a_closed_meeting(cast, a_forum(cast))
    before = closed.content_sha256
    holding.add_addendum(cast.anna, closed, text="Det var fem, inte fyra.")
    closed.refresh_from_db()
    assert closed.content_sha256 == before
    assert [each.text for each in queries.addenda_of(closed)] == ["Det var fem, inte fyra."]
    with pytest.raises(UserError) as refused:
        holding.add_addendum(cast.anna, a_meeting(cast, closed.forum, at=NOW + timedelta(days=1)), text="x")
    assert refused.value.code == "meetings.not_closed"


def test_the_evenings_task_of_an_actor_is_one_and_two_writers_are_told(cast: Cast) -> None:
    meeting = a_meeting(cast)
    text = TaskText(organisation=cast.housing, function=function_of(cast.housing), task="Rondera")
    stored = holding.set_task(cast.bo, meeting, text, seen=0)
    with pytest.raises(EditConflict):
        holding.set_task(cast.anna, meeting, text, seen=0)
    changed = TaskText(organisation=cast.housing, function=function_of(cast.housing), task="Stå vid dörren")
    holding.set_task(cast.bo, meeting, changed, seen=stored.version)
    assert Task.objects.get().task == "Stå vid dörren"


def test_what_is_raised_since_the_last_meeting_comes_first(cast: Cast) -> None:
    forum = a_forum(cast, level="beside")
    with clock.frozen(NOW - timedelta(days=9)):
        old = raising.raise_matter(cast.anna, raising.MatterText(title="Gammalt"), forum=forum)
    a_closed_meeting(cast, forum, at=NOW - timedelta(days=2))
    new = raising.raise_matter(cast.anna, raising.MatterText(title="Nytt"), forum=forum)
    meeting = a_meeting(cast, forum, at=NOW + timedelta(hours=1))
    found = queries.open_matters(cast.anna, forum, since=queries.since(meeting))
    assert [(each.pk, bool(each.is_new)) for each in found.rows] == [(new.pk, True), (old.pk, False)]
    assert found.n == 2
