"""A worker process that knows the trial jobs, until the queue is empty: ``python -m tests.core.trial_worker``."""

from __future__ import annotations

import os

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "lagesbild.settings"
    django.setup()

    from lagesbild.operate.working import Worker
    from tests.core import trial_jobs

    trial_jobs.register()
    worker = Worker(interval_s=0.05)
    worker.stop_on_signals()
    worker.run(until_empty=True)
