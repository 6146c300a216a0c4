"""Changes that belong to no subject."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from lagesbild.core import audit, jobs
from lagesbild.core.models import Job


@transaction.atomic
def cancel_job(job: Job, *, actor: AbstractBaseUser) -> bool:
    """Ask the job to stop; False if it had already ended."""
    asked = jobs.request_cancel(job)
    if asked:
        audit.record("jobs.cancel_requested", job, actor=actor, collaboration=job.collaboration, kind=job.kind)
    return asked
