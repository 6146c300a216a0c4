"""Work that nobody waits for: started from actions, run by the worker, safe to kill at any moment.

The queue is django-tasks' database queue. It knows nothing of a killed worker, so each job has a lease that a
heartbeat renews; a job whose lease has run out is put in the queue again. Every handler is written so that running
twice is the same as once.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import OperationalError, close_old_connections, connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from lagesbild.core import clock
from lagesbild.core.errors import Text, UserError
from lagesbild.core.models import Job, JobState

logger = logging.getLogger(__name__)


class JobCancelled(Exception):
    """Someone asked the job to stop; whatever it had begun is left as if it never started."""


class LeaseLost(Exception):
    """This process was silent too long and another has taken the job over: stop, and leave everything to it."""


class Progress:
    """What a handler is given to tell how far it has come. Cheap enough to call for every slice."""

    def __init__(self, job_id: Any, attempt: int) -> None:
        self.job_id = job_id
        self.attempt = attempt

    def __call__(self, done: int, total: int, stage: str = "") -> None:
        """Write the progress; raise `JobCancelled` if someone has asked for it, `LeaseLost` if another has the job.

        ``stage`` is an English source string marked with ``gettext_noop``; it is translated when shown.
        """
        self._mine().update(done_parts=done, total_parts=total, stage=stage)
        self.stop_if_cancelled()

    def stop_if_cancelled(self) -> None:
        asked = self._mine().values_list("cancel_requested", flat=True).first()
        if asked is None:
            raise LeaseLost
        if asked:
            raise JobCancelled

    def _mine(self) -> QuerySet[Job]:
        """The job, as long as this attempt is the one that does it."""
        return Job.objects.filter(pk=self.job_id, state=JobState.RUNNING, attempts=self.attempt)


Handler = Callable[[Job, Progress], dict[str, Any]]
_handlers: dict[str, Handler] = {}
_titles: dict[str, Text] = {}
MAX_ATTEMPTS = 5  # work that has killed its worker so often will do so again


def handler(kind: str, *, title: Text = "") -> Callable[[Handler], Handler]:
    """Register the function that does jobs of this kind. It stands in an app's ``jobs.py``.

    ``title`` heads the job's page. A result with ``next_url`` (a local path) gives the page a way on.
    """

    def register(function: Handler) -> Handler:
        _handlers[kind] = function
        _titles[kind] = title
        return function

    return register


def title_of(job: Job) -> str:
    """What the job is called when shown."""
    autodiscover_modules("jobs")
    return str(_titles.get(job.kind) or _("Background work"))


def start(
    kind: str, *, actor: AbstractBaseUser | None, collaboration: str = "", arguments: dict[str, Any] | None = None
) -> Job:
    """Put a job in the queue when the surrounding transaction commits."""
    job = Job.objects.create(
        kind=kind,
        collaboration=collaboration,
        created_by=actor,  # type: ignore[misc]  # a user of accounts, which core does not know
        created_at=clock.now(),
        arguments=arguments or {},
    )
    transaction.on_commit(lambda: _enqueue(job))
    return job


def request_cancel(job: Job) -> bool:
    """Ask a job to stop. One that has not begun is cancelled at once. False if it had already ended."""
    now = clock.now()
    stopped = Job.objects.filter(pk=job.pk, state=JobState.QUEUED).update(state=JobState.CANCELLED, ended_at=now)
    asked = Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(cancel_requested=True)
    return bool(stopped or asked)


def requeue_expired() -> int:
    """Put jobs whose worker died back in the queue; how many. Those tried too often have failed."""
    expired = Job.objects.filter(state=JobState.RUNNING, lease_until__lt=clock.now())
    expired.filter(attempts__gte=MAX_ATTEMPTS).update(
        state=JobState.FAILED, error_code="tried_too_often", lease_until=None, ended_at=clock.now()
    )
    count = 0
    for job in expired:
        taken = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, lease_until=job.lease_until).update(
            state=JobState.QUEUED, lease_until=None
        )
        if taken:
            count += 1
            _enqueue(job)
    return count


def run(job_id: str) -> None:
    """Do one job, if it is still to be done and nobody else is doing it."""
    autodiscover_modules("jobs")
    if not _claim(job_id):
        return
    job = Job.objects.get(pk=job_id)
    mine = Job.objects.filter(pk=job_id, state=JobState.RUNNING, attempts=job.attempts)
    with _heartbeat(mine):
        outcome = _outcome(job)
    if outcome:
        mine.update(ended_at=clock.now(), lease_until=None, **outcome)


def _outcome(job: Job) -> dict[str, Any]:
    try:
        result = _handlers[job.kind](job, Progress(job.pk, job.attempts))
    except JobCancelled:
        return {"state": JobState.CANCELLED}
    except LeaseLost:
        logger.warning("Job %s (%s) was taken over by another worker", job.pk, job.kind)
        return {}
    except UserError as error:
        return {"state": JobState.FAILED, "error_code": error.code, "error_params": {"message": error.message}}
    except Exception:
        logger.exception("Job %s (%s) failed", job.pk, job.kind)
        return {"state": JobState.FAILED, "error_code": "unexpected"}
    return {"state": JobState.DONE, "result": result}


def _claim(job_id: str) -> bool:
    """The row count tells who won."""
    now = clock.now()
    free = Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, lease_until__lt=now)
    return bool(
        Job.objects.filter(free, pk=job_id).update(
            state=JobState.RUNNING, lease_until=now + _lease(), attempts=F("attempts") + 1
        )
    )


def _lease() -> timedelta:
    return timedelta(seconds=settings.LAGESBILD["job_lease_seconds"])


@contextmanager
def _heartbeat(mine: QuerySet[Job]) -> Iterator[None]:
    """Renew the lease from a thread of its own, so that a long computation keeps it too."""
    ended = threading.Event()

    def beat() -> None:
        while not ended.wait(_lease().total_seconds() / 4):
            close_old_connections()
            try:
                mine.update(lease_until=clock.now() + _lease())
            except OperationalError:  # a busy database: the next beat comes before the lease is out
                logger.warning("A lease could not be renewed", exc_info=True)
        connection.close()

    thread = threading.Thread(target=beat, name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


@task()
def run_job(job_id: str) -> None:
    """The one task in django-tasks' queue."""
    run(job_id)


def _enqueue(job: Job) -> None:
    run_job.enqueue(str(job.pk))
