"""Jobs that come back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from django.db import connection

from lagesbild.core import clock, periodic
from lagesbild.core.models import Job, JobState
from tests.core import trial_jobs

trial_jobs.register()
NOON = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # half an hour before summer time


@pytest.fixture
def hourly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(periodic, "_periods", {"trial.once": timedelta(hours=1)})


def started() -> int:
    return Job.objects.filter(kind="trial.once").count()


@pytest.mark.usefixtures("hourly")
@pytest.mark.django_db(transaction=True)
def test_it_starts_once_in_each_period_and_not_between() -> None:
    counts = []
    for minutes in (0, 1, 59, 60, 61, 119, 120):
        with clock.frozen(NOON + timedelta(minutes=minutes)):
            periodic.start_due()
        counts.append(started())
    assert counts == [1, 1, 1, 2, 2, 2, 3]


@pytest.mark.usefixtures("hourly")
@pytest.mark.django_db(transaction=True)
def test_a_long_pause_is_made_up_for_once_and_not_for_every_period_missed() -> None:
    for days in (0, 7):
        with clock.frozen(NOON + timedelta(days=days)):
            periodic.start_due()
            periodic.start_due()
    assert started() == 2


@pytest.mark.usefixtures("hourly")
@pytest.mark.django_db(transaction=True)
def test_several_workers_at_once_start_it_once() -> None:
    def ask() -> None:
        try:
            periodic.start_due()
        finally:
            connection.close()

    threads = [Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert started() == 1


@pytest.mark.usefixtures("hourly")
@pytest.mark.django_db(transaction=True)
def test_only_what_went_well_long_ago_is_forgotten() -> None:
    periodic.start_due()
    job = Job.objects.get(kind="trial.once")
    for state, age, kept in ((JobState.DONE, 13, 1), (JobState.FAILED, 90, 1), (JobState.DONE, 15, 0)):
        Job.objects.filter(pk=job.pk).update(state=state, ended_at=clock.now() - timedelta(days=age))
        periodic.forget_old()
        assert started() == kept, (state, age)
