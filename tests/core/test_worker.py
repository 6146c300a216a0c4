"""Real worker processes on a real database: killed, doubled and held up."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from lagesbild.core import clock, jobs
from lagesbild.core.models import AuditEvent, Job, JobState
from tests.core.trial_worker import TrialWorker, prepare

Start = Callable[[], TrialWorker]


@pytest.fixture(scope="module")
def prepared(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[subprocess.Popen[str]]:
    """The process whose forks are the workers."""
    process = prepare(tmp_path_factory.mktemp("workers"))
    yield process
    process.kill()
    process.wait()


@pytest.fixture
def start_worker(prepared: subprocess.Popen[str], transactional_db: None, tmp_path: Path) -> Iterator[Start]:
    """Starts workers that end when the queue is empty; whatever still runs afterwards is ended."""
    running: list[TrialWorker] = []

    def start() -> TrialWorker:
        running.append(TrialWorker(prepared, tmp_path / f"ended-{len(running)}"))
        return running[-1]

    yield start
    for worker in running:
        worker.kill()
        worker.wait()


def wait_for(path: Path, worker: TrialWorker) -> None:
    for _ in range(6000):
        if path.exists():
            return
        assert worker.poll() is None, "the worker ended early"
        time.sleep(0.01)
    raise TimeoutError(path)


def half_done_job(folder: Path, start_worker: Start) -> tuple[Job, TrialWorker]:
    """A job of ten parts that a worker has brought to its sixth."""
    job = jobs.start("trial.parts", actor=None, arguments={"folder": str(folder)})
    worker = start_worker()
    wait_for(folder / "half-way", worker)
    return job, worker


def let_lease_run_out(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=clock.now() - timedelta(seconds=1))


def parts_done() -> list[str]:
    return sorted(AuditEvent.objects.filter(code__startswith="part ").values_list("code", flat=True))


EACH_PART_ONCE = [f"part {part}" for part in range(10)]


def test_a_job_whose_worker_is_killed_half_way_runs_again_and_doubles_nothing(
    start_worker: Start, tmp_path: Path
) -> None:
    job, worker = half_done_job(tmp_path, start_worker)
    worker.kill()
    worker.wait()
    job.refresh_from_db()
    assert (job.state, job.attempts, job.done_parts) == (JobState.RUNNING, 1, 5)
    let_lease_run_out(job)

    assert start_worker().wait() == 0

    job.refresh_from_db()
    assert (job.state, job.attempts, job.result["attempt"]) == (JobState.DONE, 2, 2)
    assert parts_done() == EACH_PART_ONCE


def test_a_killed_job_is_left_alone_as_long_as_its_lease_lasts(start_worker: Start, tmp_path: Path) -> None:
    job, worker = half_done_job(tmp_path, start_worker)
    worker.kill()
    worker.wait()

    assert start_worker().wait() == 0

    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.RUNNING, 1)


def test_a_worker_that_was_held_up_changes_nothing_once_another_has_its_job(
    start_worker: Start, tmp_path: Path
) -> None:
    job, slow = half_done_job(tmp_path, start_worker)
    slow.send_signal(signal.SIGSTOP)
    let_lease_run_out(job)
    assert start_worker().wait() == 0
    job.refresh_from_db()
    ended = job.ended_at

    (tmp_path / "go-on").touch()
    slow.send_signal(signal.SIGCONT)
    assert slow.wait() == 0

    job.refresh_from_db()
    assert (job.state, job.result["attempt"], job.ended_at) == (JobState.DONE, 2, ended)
    assert parts_done() == EACH_PART_ONCE


def test_two_workers_never_do_the_same_job(start_worker: Start) -> None:
    wanted = sorted(f"once {jobs.start('trial.once', actor=None).pk}" for _ in range(40))
    workers = [start_worker(), start_worker()]
    assert [worker.wait() for worker in workers] == [0, 0]
    assert sorted(AuditEvent.objects.values_list("code", flat=True)) == wanted
    assert set(Job.objects.values_list("state", "attempts")) == {(JobState.DONE, 1)}


def test_a_worker_asked_to_end_finishes_its_job_first(start_worker: Start, tmp_path: Path) -> None:
    job, worker = half_done_job(tmp_path, start_worker)
    later = jobs.start("trial.once", actor=None)
    worker.terminate()
    (tmp_path / "go-on").touch()
    assert worker.wait() == 0
    job.refresh_from_db()
    later.refresh_from_db()
    assert (job.state, later.state) == (JobState.DONE, JobState.QUEUED)


def test_a_job_stops_at_its_next_step_when_asked(start_worker: Start, tmp_path: Path) -> None:
    job, worker = half_done_job(tmp_path, start_worker)
    assert jobs.request_cancel(job)
    (tmp_path / "go-on").touch()
    assert worker.wait() == 0
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert parts_done() == EACH_PART_ONCE[:6]
