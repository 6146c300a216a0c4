"""The worker: does the jobs of the queue one by one, starts the periodic ones, puts back those whose worker died."""

from __future__ import annotations

import logging
import os
import signal
import threading
from datetime import timedelta
from types import FrameType

from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, close_old_connections
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker as QueueWorker
from django_tasks_db.models import DBTaskResult

from lagesbild.core import clock, jobs, periodic, repairs

logger = logging.getLogger(__name__)
KEEP_RESULTS_DAYS = 14


def yield_to_pages() -> None:
    """On a machine that serves pages too, let a person who waits for one come first."""
    if hasattr(os, "nice"):
        os.nice(10)


class Worker:
    """Runs until asked to stop; a second signal ends it at once (its job then runs again elsewhere)."""

    def __init__(self, *, interval_s: float = 0.5, parent: int | None = None) -> None:
        self.interval_s = interval_s
        self.parent = parent
        self.name = get_random_string(32)
        self.stopping = threading.Event()
        self.next_tick = clock.now()

    def run(self, *, until_empty: bool = False) -> None:
        """Do jobs. With ``until_empty``: return when none is left."""
        repairs.run_all()
        while not self.stopping.is_set():
            self._tick()
            if self._one():
                continue
            if until_empty:
                return
            self.stopping.wait(self.interval_s)

    def stop_on_signals(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)

    def _stop(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - the signal interface
        if self.stopping.is_set():
            os._exit(1)
        self.stopping.set()

    def _tick(self) -> None:
        """Twice per lease: are we orphaned, has any other worker died, is anything due?"""
        if self.parent is not None and os.getppid() != self.parent:
            self.stopping.set()
        if clock.now() < self.next_tick:
            return
        self.next_tick = clock.now() + timedelta(seconds=settings.LAGESBILD["job_lease_seconds"] / 2)
        count = jobs.requeue_expired()
        if count:
            logger.warning("%d jobs whose worker had died were put back in the queue", count)
        periodic.start_due()
        periodic.forget_old()
        call_command("prune_db_task_results", min_age_days=KEEP_RESULTS_DAYS, verbosity=0)

    def _one(self) -> bool:
        """Do the first job in the queue; False if there was none to do."""
        close_old_connections()
        try:
            if self.stopping.is_set() or not DBTaskResult.objects.ready().exists():
                return False
            self._queue_worker().run()
        except OperationalError:
            logger.warning("The database was busy; trying again", exc_info=True)
            return False
        return True

    def _queue_worker(self) -> QueueWorker:
        return QueueWorker(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=1,
            worker_id=self.name,
        )
