"""Jobs, run inline."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from lagesbild.core import clock, jobs, repairs
from lagesbild.core.models import Job, JobState
from tests.core import trial_jobs

trial_jobs.register()
Run = Callable[[], list[Job]]


@pytest.mark.django_db(transaction=True)
def test_a_job_is_queued_when_its_transaction_commits_and_not_before() -> None:
    with transaction.atomic():
        jobs.start("trial.once", actor=None)
        assert not DBTaskResult.objects.exists()
    assert DBTaskResult.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_fails_starts_no_job() -> None:
    with transaction.atomic():
        jobs.start("trial.once", actor=None)
        transaction.set_rollback(True)
    assert not DBTaskResult.objects.exists()
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_an_error_of_the_user_is_kept_with_its_words(run_jobs: Run) -> None:
    jobs.start("trial.refused", actor=None)
    job = run_jobs()[0]
    assert (job.state, job.error_code) == (JobState.FAILED, "trial.refused")
    assert job.error_params["message"] == 'The file "a.csv" is empty.'


@pytest.mark.django_db
def test_an_unexpected_error_fails_the_job_and_is_logged(run_jobs: Run, caplog: pytest.LogCaptureFixture) -> None:
    jobs.start("trial.broken", actor=None)
    job = run_jobs()[0]
    assert (job.state, job.error_code, job.lease_until) == (JobState.FAILED, "unexpected", None)
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.django_db
def test_a_job_cancelled_before_it_began_never_runs(run_jobs: Run) -> None:
    job = jobs.start("trial.broken", actor=None)
    assert jobs.request_cancel(job)
    jobs.run(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.CANCELLED, 0)
    assert not jobs.request_cancel(job)


@pytest.mark.django_db
def test_a_job_that_is_done_does_not_run_again() -> None:
    job = jobs.start("trial.once", actor=None)
    jobs.run(str(job.pk))
    jobs.run(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.DONE, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("attempts", "state"), [(jobs.MAX_ATTEMPTS - 1, JobState.QUEUED), (jobs.MAX_ATTEMPTS, JobState.FAILED)]
)
def test_work_that_kills_its_worker_is_not_tried_for_ever(attempts: int, state: str) -> None:
    job = jobs.start("trial.once", actor=None)
    long_ago = clock.now() - timedelta(minutes=5)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, attempts=attempts, lease_until=long_ago)
    jobs.requeue_expired()
    job.refresh_from_db()
    assert job.state == state


@pytest.mark.django_db
def test_only_leases_that_have_run_out_are_put_back() -> None:
    job = jobs.start("trial.once", actor=None)
    now = clock.now()
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, attempts=1, lease_until=now)
    with clock.frozen(now):
        assert jobs.requeue_expired() == 0
    with clock.frozen(now + timedelta(microseconds=1)):
        assert jobs.requeue_expired() == 1
        assert jobs.requeue_expired() == 0


@pytest.mark.one_database
def test_a_repair_that_fails_keeps_no_other_from_running(caplog: pytest.LogCaptureFixture) -> None:
    ran = []
    kept = dict(repairs._repairs)
    repairs._repairs.clear()
    try:
        repairs.register("a: broken")(lambda: 1 / 0)
        repairs.register("b: works")(lambda: ran.append("b"))
        assert repairs.run_all() == ["a: broken"]
    finally:
        repairs._repairs.clear()
        repairs._repairs.update(kept)
    assert ran == ["b"]
    assert "a: broken" in caplog.text
