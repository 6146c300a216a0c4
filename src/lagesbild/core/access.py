"""The door to jobs: those who started them, and the administrators of their collaboration.

Who administers what is the business of accounts, which says so here when Django starts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404

from lagesbild.core.models import Job

Rule = Callable[[Any, str], bool]
_rules: list[Rule] = []


def let_administer(rule: Rule) -> None:
    """``rule(user, collaboration slug)`` tells whether a person administers a collaboration."""
    _rules[:] = [rule]


def access_job(user: Any, pk: UUID) -> Job:
    """The job, for the one who started it and for administrators of its collaboration; 404 for others."""
    job = Job.objects.filter(pk=pk).first()
    if job is None or not (job.created_by_id == user.pk or _administers(user, job)):
        raise Http404
    return job


def _administers(user: Any, job: Job) -> bool:
    return bool(job.collaboration) and any(rule(user, job.collaboration) for rule in _rules)
