"""The forums of Klara: the four of the report and those beside them, loaded once and left alone after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from lagesbild.accounts.models import Membership
from lagesbild.cooperation import minutes
from lagesbild.cooperation.attendance import lines
from lagesbild.cooperation.models import Event, Forum, ForumMember, Meeting, Participation
from lagesbild.cooperation.queries import attendance
from lagesbild.worlds import load_calendar, load_forums
from lagesbild.worlds.actions import load_parties
from lagesbild.worlds.description import read_world, worlds_folder

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def klara(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Forum]]:
    """Loaded once; each test takes its changes back."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = read_world(worlds_folder() / "klara")
        collaboration, _organisations = load_parties(world)
        yield load_forums.load(world, collaboration)
        transaction.set_rollback(True)


def organisations_in(forum: Forum) -> set[str]:
    return set(forum.members.values_list("organisation__slug", flat=True))


def test_the_four_forums_lift_to_each_other_up_to_the_steering_group(klara: dict[str, Forum]) -> None:
    by_level = {forum.level: forum for forum in klara.values() if forum.level != "beside"}
    assert set(by_level) == {"operational", "mixed", "strategic", "steering"}
    assert by_level["operational"].lifts_to == by_level["mixed"].lifts_to == by_level["strategic"]
    assert by_level["strategic"].lifts_to == by_level["steering"]
    assert by_level["steering"].lifts_to is None


def test_the_operational_forum_is_convened_by_the_police_with_the_place_manager_as_deputy(
    klara: dict[str, Forum],
) -> None:
    forum = klara["klara-samverkansutsattning"]
    assert (forum.convenor.name, forum.convenor.organisation.slug) == ("Områdespolis", "polisen-norrmalm")
    assert forum.deputy is not None
    assert forum.deputy.name == "Platsansvarig"
    assert forum.rhythm.count(",") == 1  # twice a week
    assert [forum for forum in klara.values() if forum.is_entry] == [forum]


def test_where_the_report_disagrees_both_stand_with_citation(klara: dict[str, Forum]) -> None:
    disputed = ForumMember.objects.filter(participation=Participation.DISPUTED)
    assert {(row.forum.slug, row.organisation.slug) for row in disputed} >= {
        ("styrgrupp", "fastighetskontoret"),
        ("platssamverkan-klara", "sakerhetsenheten"),
        ("klara-samverkansutsattning", "jernhusen"),
    }
    assert all("V, " in row.note for row in disputed)


def test_the_steering_group_is_the_list_of_the_report(klara: dict[str, Forum]) -> None:
    assert organisations_in(klara["styrgrupp"]) == {
        *("norrmalms-stadsdelsforvaltning", "polisen-norrmalm", "socialforvaltningen", "trafikkontoret"),
        *("fastighetskontoret", "exploateringskontoret", "kulturhuset-stadsteatern", "city-i-samverkan"),
    }


def test_every_forum_says_where_it_comes_from_and_what_is_exercise(klara: dict[str, Forum]) -> None:
    assert all(forum.source.startswith("V, ") for forum in klara.values())
    assert all("övning" in forum.source for forum in klara.values() if forum.rhythm)


def test_loading_again_changes_nothing(klara: dict[str, Forum]) -> None:
    Forum.objects.filter(slug="styrgrupp").update(purpose="Ändrat av någon")
    before = (Forum.objects.count(), ForumMember.objects.count())
    world = read_world(worlds_folder() / "klara")
    load_forums.load(world, load_parties(world)[0])
    assert (Forum.objects.count(), ForumMember.objects.count()) == before
    assert Forum.objects.get(slug="styrgrupp").purpose == "Ändrat av någon"


def test_attendance_is_exercise_and_the_figure_has_somebody_who_fell_away(klara: dict[str, Forum]) -> None:
    load_everything(klara)
    load_everything(klara)
    held = Meeting.objects.filter(forum=klara["klara-samverkansutsattning"], state="closed")
    assert held.count() == len({each.planned_for for each in held}) > 50
    assert all(each.is_exercise and "påhittade" in each.source for each in held)
    assert all(minutes.is_intact(each) for each in held)
    entries, exercise = attendance.entries(
        member(klara), klara["klara-samverkansutsattning"], date(2019, 2, 1), date(2019, 9, 1)
    )
    assert exercise
    gone = [line.member for line in lines(entries) if line.fallen_away]
    assert "Fältassistent · Norrmalms stadsdelsförvaltning" in gone


def test_the_summer_on_the_square_is_an_event_with_the_figures_of_the_report(klara: dict[str, Forum]) -> None:
    load_everything(klara)
    event = Event.objects.get(title="Sommar på Sergels torg")
    assert (event.from_on, event.to_on) == (date(2019, 6, 1), date(2019, 9, 1))
    assert "15 % till 45 %" in event.after_note
    assert all(each.title.startswith("Övning") for each in Event.objects.exclude(pk=event.pk))


def test_the_next_evening_can_be_briefed(klara: dict[str, Forum]) -> None:
    load_everything(klara)
    meeting = Meeting.objects.get(tasks__isnull=False, tasks__help_wanted__gt="")
    assert meeting.is_exercise
    assert "Övning" in meeting.alarm_contact


def load_everything(klara: dict[str, Forum]) -> None:
    world = read_world(worlds_folder() / "klara")
    load_calendar.load(world, klara["styrgrupp"].collaboration, klara)


def member(klara: dict[str, Forum]) -> Membership:
    return Membership.objects.select_related("collaboration", "function").get(user__email="anna@klara.example")
