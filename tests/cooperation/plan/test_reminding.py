"""Word to the responsible organisation before an action is due and when the day has passed: once each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from lagesbild.cooperation.actions import plan
from lagesbild.cooperation.actions.bulk import text_of
from lagesbild.core import clock, periodic
from lagesbild.core.models import Job
from lagesbild.notices.models import Notice
from tests.cooperation.matters.world import World
from tests.cooperation.plan.builders import DUE, NOON, an_action

RunJobs = Callable[[], list[Job]]


def _told(world: World) -> tuple[int, int]:
    mine = Notice.objects.filter(membership=world.greta)
    return mine.filter(code="actions.due").count(), mine.filter(code="actions.late").count()


def _on(day: int, run_jobs: RunJobs) -> None:
    """So many days after the action is due."""
    with clock.frozen(NOON + (DUE - NOON.date()) + timedelta(days=day)):
        periodic.start_due()
        assert {job.state for job in run_jobs()} <= {"done"}


def test_the_organisation_is_told_a_week_before_and_the_day_after_once_each(world: World, run_jobs: RunJobs) -> None:
    an_action(world, due_on=DUE)
    for day, told in ((-8, (0, 0)), (-7, (1, 0)), (-6, (1, 0)), (0, (1, 0)), (1, (1, 1)), (20, (1, 1))):
        _on(day, run_jobs)
        assert _told(world) == told, day
    assert not Notice.objects.filter(membership=world.cast.bo, code__in=["actions.due", "actions.late"]).exists()


def test_with_another_day_they_are_told_anew(world: World, run_jobs: RunJobs) -> None:
    action = an_action(world, due_on=DUE)
    _on(1, run_jobs)
    later = plan.update_action(world.greta, action, replace(text_of(action), due_on=DUE + timedelta(days=30)), seen=1)
    _on(2, run_jobs)
    assert _told(world) == (0, 1)
    _on(25, run_jobs)
    _on(31, run_jobs)
    assert _told(world) == (1, 2)
    assert later.due_on == DUE + timedelta(days=30)


@pytest.mark.parametrize("end", ["done", "written off", "no day"])
def test_of_what_has_ended_or_has_no_day_nobody_is_told(world: World, run_jobs: RunJobs, end: str) -> None:
    action = an_action(world, due_on=None if end == "no day" else DUE)
    if end == "done":
        plan.complete_action(world.greta, action)
    elif end == "written off":
        plan.write_off_action(world.greta, action, reason="Bygget är inställt")
    _on(-1, run_jobs)
    _on(9, run_jobs)
    assert _told(world) == (0, 0)
