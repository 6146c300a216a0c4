"""The pages: who sees what, what a tap does with and without htmx, two writers, and queries that do not grow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from lagesbild.accounts.models import Membership
from lagesbild.cooperation.actions import holding
from lagesbild.cooperation.models import (
    Action,
    Attendance,
    Decision,
    Forum,
    ForumMember,
    Matter,
    Meeting,
    MeetingState,
    Point,
    Task,
)
from lagesbild.core import clock
from tests.cast import Cast
from tests.cooperation.forums.builders import NOW, a_closed_meeting, a_forum, a_meeting, an_open_meeting, function_of

MOST_QUERIES = 10


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


def signed_in(member: Membership) -> Client:
    client = Client(headers={"accept-language": "sv"})
    client.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def address(name: str, *args: Any) -> str:
    return reverse(f"cooperation:{name}", args=["ekby", *args])


def many(cast: Cast, forum: Forum, *, matters: int = 500, actions: int = 5000) -> None:
    """A forum with a long history: open matters and actions, every other one overdue."""
    own = {"collaboration": cast.ekby, "owner": cast.municipality, "sharing": "partners"}
    Matter.objects.bulk_create(
        Matter(
            **own,
            number=n,
            title=f"Ärende {n}",
            holder=forum,
            held_since=NOW,
            raised_at=NOW - timedelta(days=n),
            changed_at=NOW,
        )
        for n in range(1, matters + 1)
    )
    Action.objects.bulk_create(
        Action(
            **own,
            number=n,
            title=f"Åtgärd {n}",
            forum=forum,
            responsible=cast.housing,
            due_on=(NOW + timedelta(days=n % 2 * 20 - 10)).date(),
            created_at=NOW,
            changed_at=NOW,
        )
        for n in range(1, actions + 1)
    )


def test_forums_stand_by_level_the_steering_group_above(cast: Cast) -> None:
    a_forum(cast, slug="styrgrupp", level="steering")
    a_forum(cast, slug="utsattning")
    page = signed_in(cast.dag).get(address("forums")).content.decode()
    assert page.index("Styrande") < page.index("Operativ")
    assert "Varje vecka: tisdag och fredag" in page


def test_an_empty_list_says_what_to_do(cast: Cast) -> None:
    page = signed_in(cast.anna).get(address("forums")).content.decode()
    assert "Inga forum än" in page
    assert address("forum_new") in page


def test_an_operational_member_sees_no_minutes_of_the_steering_group(cast: Cast) -> None:
    steering = a_forum(cast, slug="styrgrupp", level="steering", owner=cast.police)
    operational = a_forum(cast, slug="utsattning", owner=cast.police)
    closed = a_closed_meeting(cast, steering)
    open_to_bo = a_closed_meeting(cast, operational)
    bo = signed_in(cast.bo)
    for name in ("meeting", "minutes_pdf", "minutes_docx", "briefing", "meeting_agenda"):
        assert bo.get(address(name, closed.pk)).status_code == 404
    assert bo.get(address("meeting", open_to_bo.pk)).status_code == 200
    page = bo.get(address("forum", "styrgrupp")).content.decode()  # that it exists is known
    assert address("meeting", closed.pk) not in page
    assert signed_in(cast.eva).get(address("meeting", closed.pk)).status_code == 200


@pytest.mark.parametrize("state", ["planned", "open", "closed"])
def test_a_meeting_of_a_forum_with_500_matters_and_5000_actions_costs_few_queries(
    cast: Cast, state: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    forum = a_forum(cast, slug="plats", level="strategic")
    many(cast, forum)
    a_closed_meeting(cast, forum, at=NOW - timedelta(days=7))
    made = {"planned": a_meeting, "open": an_open_meeting, "closed": a_closed_meeting}[state](cast, forum)
    client = signed_in(cast.anna)
    with django_assert_max_num_queries(MOST_QUERIES):
        page = client.get(address("meeting", made.pk))
    assert page.status_code == 200
    if state != "closed":
        text = page.content.decode().replace("\xa0", " ")
        assert "och 488 till" in text  # 12 of 500 matters are shown
        assert "och 2 488 till" in text  # and of 2,500 actions that are due


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("forums", ()),
        ("forum", ("plats",)),
        ("forum_meetings", ("plats",)),
        ("forum_attendance", ("plats",)),
        ("calendar", ()),
        ("feeds", ()),
    ],
)
def test_lists_cost_few_queries_whatever_they_hold(
    cast: Cast, name: str, args: tuple[str, ...], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    forum = a_forum(cast, slug="plats", level="strategic")
    for n in range(1, 13):
        a_forum(cast, slug=f"forum-{n}", lifts_to=forum)
        a_closed_meeting(cast, forum, at=NOW - timedelta(days=n), present=(cast.police,))
    client = signed_in(cast.eva)
    with django_assert_max_num_queries(MOST_QUERIES):
        assert client.get(address(name, *args)).status_code == 200


def test_one_tap_takes_attendance_with_htmx_and_without(cast: Cast) -> None:
    meeting = an_open_meeting(cast)
    seat = {"organisation": cast.housing.pk, "function": function_of(cast.housing).pk, "presence": "present"}
    bo = signed_in(cast.bo)
    fragment = bo.post(address("meeting_attendance", meeting.pk), seat, headers={"hx-request": "true"})
    assert "1 av 3 närvarande" in fragment.content.decode()
    assert "<html" not in fragment.content.decode()
    plain = bo.post(address("meeting_attendance", meeting.pk), {**seat, "presence": "absent"})
    assert plain["Location"].endswith("#attendance")
    assert Attendance.objects.get().presence == "absent"


def test_a_member_takes_attendance_only_for_itself(cast: Cast) -> None:
    meeting = an_open_meeting(cast)
    seat = {"organisation": cast.police.pk, "function": function_of(cast.police).pk, "presence": "absent"}
    assert signed_in(cast.bo).post(address("meeting_attendance", meeting.pk), seat).status_code == 403
    assert signed_in(cast.anna).post(address("meeting_attendance", meeting.pk), seat).status_code == 302


def test_whoever_is_not_in_the_forum_has_no_seat(cast: Cast) -> None:
    meeting = an_open_meeting(cast)
    ForumMember.objects.filter(organisation=cast.housing).delete()
    seat = {"organisation": cast.housing.pk, "function": "", "presence": "present"}
    assert signed_in(cast.anna).post(address("meeting_attendance", meeting.pk), seat).status_code == 404


@pytest.mark.parametrize("headers", [{}, {"hx-request": "true"}], ids=["plain", "htmx"])
def test_the_later_of_two_writers_sees_both_texts_and_can_put_them_together(
    cast: Cast, headers: dict[str, str]
) -> None:
    meeting = an_open_meeting(cast)
    point = meeting.points.all()[0]
    there = address("point_notes", meeting.pk, point.pk)
    seen = {"version": point.version}
    signed_in(cast.eva).post(there, {**seen, "notes": "Evas rad"})
    anna = signed_in(cast.anna)
    answer = anna.post(there, {**seen, "notes": "Annas rad"}, headers=headers)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Evas rad" in page
    assert re.search(r"<textarea[^>]*>\s*Annas rad", page)
    version = re.search(rf'name="version" value="(\d+)"[^>]*id="point-{point.pk}-version"', page)
    assert version is not None
    anna.post(there, {"version": version[1], "notes": "Evas rad\nAnnas rad"}, headers=headers)
    assert Point.objects.get(pk=point.pk).notes == "Evas rad\nAnnas rad"


def test_a_decision_made_on_the_page_is_an_action_in_the_plan(cast: Cast) -> None:
    meeting = an_open_meeting(cast)
    data = {"text": "Klipp busken", "responsible": cast.housing.pk, "due_on": "2026-03-20"}
    answer = signed_in(cast.anna).post(address("meeting_decide", meeting.pk), data, headers={"hx-request": "true"})
    action = Action.objects.get()
    assert Decision.objects.get().action == action
    assert f"/c/ekby/actions/{action.number}/" in answer.content.decode()
    assert (action.responsible, str(action.due_on)) == (cast.housing, "2026-03-20")


def test_a_decision_for_an_organisation_outside_the_forum_is_refused(cast: Cast) -> None:
    meeting = an_open_meeting(cast)
    ForumMember.objects.filter(organisation=cast.housing).delete()
    data = {"text": "Klipp busken", "responsible": cast.housing.pk}
    assert signed_in(cast.anna).post(address("meeting_decide", meeting.pk), data).status_code == 422
    assert not Decision.objects.exists()


def test_matters_are_taken_up_carried_over_and_lifted_from_the_meeting(cast: Cast) -> None:
    above = a_forum(cast, slug="plats", level="strategic")
    forum = a_forum(cast, lifts_to=above)
    many(cast, forum, matters=3, actions=0)
    meeting = an_open_meeting(cast, forum)
    anna = signed_in(cast.anna)
    anna.post(address("meeting_matter", meeting.pk, 1), {"what": "take_up"})
    anna.post(address("meeting_matter", meeting.pk, 2), {"what": "carry_over"})
    anna.post(address("meeting_matter", meeting.pk, 3), {"what": "lift", "reason": "Kräver Trafikkontoret"})
    assert Matter.objects.get(number=1).state == "handled"
    assert Matter.objects.get(number=2).steps.last().kind == "carried_over"  # type: ignore[union-attr]
    assert Matter.objects.get(number=3).holder == above


def test_minutes_are_closed_shown_corrected_and_printed(cast: Cast) -> None:
    meeting = an_open_meeting(cast)
    anna = signed_in(cast.anna)
    point = meeting.points.all()[0]
    anna.post(address("point_notes", meeting.pk, point.pk), {"version": point.version, "notes": "Vi hjälps åt"})
    anna.post(address("meeting_close", meeting.pk))
    assert Meeting.objects.get().state == MeetingState.CLOSED
    anna.post(address("meeting_correct", meeting.pk), {"text": "Det var fem"})
    page = anna.get(address("meeting", meeting.pk)).content.decode()
    assert "Vi hjälps åt" in page
    assert "Det var fem" in page
    assert Meeting.objects.get().content_sha256 in page
    assert anna.get(address("minutes_pdf", meeting.pk)).content.startswith(b"%PDF")
    assert anna.get(address("minutes_docx", meeting.pk)).content.startswith(b"PK")


def test_there_are_no_minutes_to_print_before_they_are_closed(cast: Cast) -> None:
    meeting = an_open_meeting(cast)
    assert signed_in(cast.anna).get(address("minutes_pdf", meeting.pk)).status_code == 404


def test_the_wall_has_no_menu_and_asks_for_itself_again(cast: Cast) -> None:
    meeting = an_open_meeting(cast)
    page = signed_in(cast.bo).get(address("meeting", meeting.pk) + "?view=wall").content.decode()
    assert 'class="menu"' not in page
    assert 'hx-trigger="every 15s"' in page
    again = signed_in(cast.bo).get(address("meeting", meeting.pk) + "?view=wall", headers={"hx-request": "true"})
    assert again.content.decode().lstrip().startswith('<div id="wall"')


def test_a_long_agenda_is_warned_of(cast: Cast) -> None:
    forum = a_forum(cast)
    data = {"points-TOTAL_FORMS": "7", "points-INITIAL_FORMS": "0", "seen": "0"}
    for n in range(7):
        data |= {f"points-{n}-title": f"Punkt {n}", f"points-{n}-kind": "talk", f"points-{n}-minutes": "5"}
    anna = signed_in(cast.anna)
    assert anna.post(address("forum_agenda", forum.slug), data).status_code == 302
    assert "fler än 6 punkter" in anna.get(address("forum_agenda", forum.slug)).content.decode()
    again = anna.post(address("forum_agenda", forum.slug), data)  # made from version 0, which is not the newest
    assert again.status_code == 422
    assert forum.agendas.count() == 1


def test_two_who_change_a_forum_at_once_lose_nothing(cast: Cast) -> None:
    forum = a_forum(cast)
    there = address("forum_edit", forum.slug)
    data = {
        "name": "Utsättning",
        "level": "operational",
        "convenor": function_of(cast.police).pk,
        "frequency": "WEEKLY-1",
        "weekdays": ["TU"],
        "first_on": "2026-01-01",
        "starts_at": "15:00",
        "duration_minutes": "45",
        "version": forum.version,
    }
    signed_in(cast.ada).post(there, {**data, "purpose": "Adas syfte"})
    answer = signed_in(cast.anna).post(there, {**data, "purpose": "Annas syfte"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Adas syfte" in page
    assert "Annas syfte" in page
    assert Forum.objects.get().purpose == "Adas syfte"


def test_a_forum_that_holds_matters_cannot_end(cast: Cast) -> None:
    forum = a_forum(cast)
    many(cast, forum, matters=1, actions=0)
    signed_in(cast.anna).post(address("forum_retire", forum.slug))
    assert Forum.objects.get().retired_on is None
    Matter.objects.all().delete()
    signed_in(cast.anna).post(address("forum_retire", forum.slug))
    assert Forum.objects.get().retired_on == NOW.date()


def test_the_briefing_has_tasks_help_wanted_risks_and_alarm_on_one_page(cast: Cast) -> None:
    meeting = a_meeting(cast)
    bo, anna = signed_in(cast.bo), signed_in(cast.anna)
    there = address("task_edit", meeting.pk, cast.housing.pk, function_of(cast.housing).pk)
    assert bo.post(there, {"task": "Rondera", "aim": "Lugnt", "help_wanted": "Polis vid nio"}).status_code == 302
    risk = {"staff_risk": "Gå två och två", "alarm_contact": "112", "version": meeting.version}
    assert anna.post(address("briefing_edit", meeting.pk), risk).status_code == 302
    page = bo.get(address("briefing", meeting.pk)).content.decode()
    for text in ("Rondera", "Lugnt", "Polis vid nio", "Gå två och två", "112"):
        assert text in page
    assert bo.get(address("briefing_pdf", meeting.pk)).content.startswith(b"%PDF")
    assert Task.objects.get().organisation == cast.housing


def test_nobody_tells_another_organisations_task(cast: Cast) -> None:
    meeting = a_meeting(cast)
    there = address("task_edit", meeting.pk, cast.police.pk, function_of(cast.police).pk)
    assert signed_in(cast.bo).post(there, {"task": "x"}).status_code == 403


def test_a_closed_meeting_is_marked_as_exercise_wherever_it_is_shown(cast: Cast) -> None:
    closed = a_closed_meeting(cast, a_forum(cast))
    Meeting.objects.update(is_exercise=True)
    holding.add_addendum(cast.anna, closed, text="Rättat")
    assert "Övningsdata" in signed_in(cast.bo).get(address("meeting", closed.pk)).content.decode()
    assert "Övningsdata" in signed_in(cast.bo).get(address("forum_attendance", "utsattning")).content.decode()
