"""Job kinds for tests; ``trial_worker`` is a worker process that knows them.

The effect of every kind is a row of the audit log, so that what happened twice can be counted.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from django.db import transaction

from lagesbild.core import audit, jobs
from lagesbild.core.errors import UserError
from lagesbild.core.models import AuditEvent, Job


def register() -> None:
    """Make the kinds known in this process."""
    jobs.handler("trial.once")(_once)
    jobs.handler("trial.parts", title="Parts")(_parts)
    jobs.handler("trial.refused")(_refused)
    jobs.handler("trial.broken")(_broken)


def _once(job: Job, progress: jobs.Progress) -> dict[str, Any]:
    """Not safe to repeat: shows whether it was."""
    _note(f"once {job.pk}")
    return {"process": os.getpid()}


def _parts(job: Job, progress: jobs.Progress) -> dict[str, Any]:
    """Ten parts, each done once however often the job runs. The first attempt halts half-way until told to go on."""
    folder = Path(job.arguments["folder"])
    for part in range(10):
        if not AuditEvent.objects.filter(code=f"part {part}").exists():
            _note(f"part {part}")
        if part == 5 and job.attempts == 1:
            (folder / "half-way").touch()
            _wait_for(folder / "go-on")
        progress(part + 1, 10, "Parts")
    return {"attempt": job.attempts, "next_url": "/"}


def _refused(job: Job, progress: jobs.Progress) -> dict[str, Any]:
    raise UserError("trial.refused", 'The file "{name}" is empty.', name="a.csv")


def _broken(job: Job, progress: jobs.Progress) -> dict[str, Any]:
    raise ZeroDivisionError


def _note(code: str) -> None:
    with transaction.atomic():
        audit.record(code, actor=None)


def _wait_for(path: Path) -> None:
    for _ in range(6000):
        if path.exists():
            return
        time.sleep(0.01)
    raise TimeoutError(path)
