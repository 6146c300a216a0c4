"""Meetings made ahead from the rhythm: the right ones, once each, whoever and however often one asks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from lagesbild.accounts.models import SharingLevel
from lagesbild.cooperation.actions import forums as forum_actions
from lagesbild.cooperation.actions import meetings as actions
from lagesbild.cooperation.forms.forums import initial_of
from lagesbild.cooperation.models import Forum, Meeting, MeetingState
from lagesbild.core import clock, jobs
from lagesbild.core.errors import UserError
from lagesbild.notices.models import Notice
from tests.cast import Cast
from tests.cooperation.forums.builders import NOW, a_forum, a_meeting

STOCKHOLM = ZoneInfo("Europe/Stockholm")


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


def plan(cast: Cast, *forums: Forum) -> int:
    return actions.plan_ahead(cast.ekby, forums, actor=None)


def test_eight_weeks_of_two_a_week_are_made_at_three_on_the_wall(cast: Cast) -> None:
    assert plan(cast, a_forum(cast)) == 16 - 1  # without Good Friday
    local = [each.starts_at.astimezone(STOCKHOLM) for each in Meeting.objects.order_by("starts_at")]
    assert {at.time() for at in local} == {time(15)}
    assert {at.weekday() for at in local} == {1, 4}
    assert date(2026, 4, 3) not in {at.date() for at in local}


def test_planning_again_makes_nothing_and_a_moved_or_cancelled_one_is_not_made_anew(cast: Cast) -> None:
    forum = a_forum(cast)
    made = plan(cast, forum)
    first, second = Meeting.objects.order_by("starts_at")[:2]
    actions.move_meeting(
        cast.anna,
        first,
        starts_at=first.starts_at + timedelta(days=1),
        duration_minutes=45,
        room="",
        why="Polisen kan inte",
        seen=first.version,
    )
    actions.cancel_meeting(cast.anna, second, why="Sportlov", seen=second.version)
    assert plan(cast, forum) == 0
    assert Meeting.objects.count() == made


@pytest.mark.django_db(transaction=True)
def test_of_several_planners_at_once_none_doubles_a_meeting(cast: Cast) -> None:
    forum = a_forum(cast)
    barrier = Barrier(4)

    def work() -> None:
        try:
            barrier.wait()
            with clock.frozen(NOW):
                plan(cast, forum)
        finally:
            connection.close()

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Meeting.objects.count() == 15
    assert Meeting.objects.values("planned_for").distinct().count() == 15


def test_the_job_plans_every_collaboration_and_running_twice_is_once(cast: Cast) -> None:
    a_forum(cast)
    for _time in range(2):
        jobs.run(str(jobs.start("meetings.plan", actor=None).pk))
    assert Meeting.objects.count() == 15


def test_a_new_rhythm_takes_the_untouched_ones_away_and_keeps_the_others(cast: Cast) -> None:
    forum = a_forum(cast)
    plan(cast, forum)
    kept = Meeting.objects.order_by("starts_at")[3]
    actions.cancel_meeting(cast.anna, kept, why="Sportlov", seen=kept.version)
    called = a_meeting(cast, forum, at=NOW + timedelta(days=9))
    text = {name: value for name, value in initial_of(forum).items() if name in forum_actions.ForumText.__annotations__}
    text |= {"rhythm": "FREQ=WEEKLY;BYDAY=WE", "level": "strategic"}
    forum_actions.change_forum(cast.anna, forum, forum_actions.ForumText(**text), seen=forum.version)
    coming = Meeting.objects.exclude(pk__in=[kept.pk, called.pk])
    assert {each.starts_at.astimezone(STOCKHOLM).weekday() for each in coming} == {2}
    assert coming.count() == 8
    assert Meeting.objects.filter(pk__in=[kept.pk, called.pk]).count() == 2
    assert set(coming.values_list("sharing", flat=True)) == {SharingLevel.STRATEGIC}


def test_a_change_of_other_things_leaves_the_coming_meetings_as_they_are(cast: Cast) -> None:
    forum = a_forum(cast)
    plan(cast, forum)
    before = set(Meeting.objects.values_list("pk", flat=True))
    text = {name: value for name, value in initial_of(forum).items() if name in forum_actions.ForumText.__annotations__}
    text |= {"rhythm": forum.rhythm, "purpose": "Ett nytt syfte"}
    forum_actions.change_forum(cast.anna, forum, forum_actions.ForumText(**text), seen=forum.version)
    assert set(Meeting.objects.values_list("pk", flat=True)) == before


def test_a_forum_that_meets_on_need_has_none_made(cast: Cast) -> None:
    assert plan(cast, a_forum(cast, rhythm="", first_on=None, starts_at=None)) == 0


def test_a_meeting_has_the_sharing_of_its_forums_level_and_its_owner(cast: Cast) -> None:
    plan(cast, a_forum(cast, slug="styrgrupp", level="steering"))
    meeting = Meeting.objects.all()[0]
    assert (meeting.sharing, meeting.owner) == (SharingLevel.STEERING, cast.municipality)


def test_whoever_takes_part_is_told_when_a_meeting_is_called_moved_and_cancelled(cast: Cast) -> None:
    forum = a_forum(cast)
    meeting = a_meeting(cast, forum)
    actions.cancel_meeting(cast.anna, meeting, why="Ingen kan", seen=meeting.version)
    told = {(each.membership.user.name, each.code) for each in Notice.objects.select_related("membership__user")}
    assert {("Bo", "meetings.called"), ("Bo", "meetings.cancelled"), ("Eva", "meetings.called")} <= told
    assert not [each for each in told if each[0] in ("Anna", "Cecilia", "Dag")]  # herself; elsewhere; sits in no forum


def test_a_meeting_is_not_cancelled_without_a_reason_nor_moved_after(cast: Cast) -> None:
    meeting = a_meeting(cast)
    with pytest.raises(UserError) as refused:
        actions.cancel_meeting(cast.anna, meeting, why=" ", seen=meeting.version)
    assert refused.value.code == "meetings.why"
    cancelled = actions.cancel_meeting(cast.anna, meeting, why="Ingen kan", seen=meeting.version)
    assert cancelled.state == MeetingState.CANCELLED
    with pytest.raises(UserError) as refused:
        actions.move_meeting(
            cast.anna,
            cancelled,
            starts_at=datetime(2026, 3, 9, tzinfo=UTC),
            duration_minutes=30,
            room="",
            why="",
            seen=cancelled.version,
        )
    assert refused.value.code == "meetings.not_planned"


def test_two_meetings_of_a_forum_cannot_be_called_for_the_same_time(cast: Cast) -> None:
    forum = a_forum(cast)
    a_meeting(cast, forum)
    with pytest.raises(UserError) as refused:
        a_meeting(cast, forum)
    assert refused.value.code == "meetings.twice"
