"""Jobs that come back: each is started once per period, however many workers run.

A subject registers its job in its ``jobs.py``: ``periodic.register("notices.digest", every=timedelta(hours=1))``.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.module_loading import autodiscover_modules

from lagesbild.core import clock, jobs
from lagesbild.core.models import Job, JobState, Periodic

_periods: dict[str, timedelta] = {}
KEEP_DONE_DAYS = 14


def register(kind: str, *, every: timedelta) -> None:
    """Have the job of this kind started once in every period."""
    _periods[kind] = every


def start_due() -> list[Job]:
    """Start what is due. Safe to call at any time, from several processes at once."""
    autodiscover_modules("jobs")
    now = clock.now()
    known = dict(Periodic.objects.values_list("kind", "next_at"))
    started = []
    for kind, every in sorted(_periods.items()):
        if kind not in known:
            Periodic.objects.get_or_create(kind=kind, defaults={"next_at": now})
        elif known[kind] > now:
            continue
        with transaction.atomic():  # whoever moves the time on starts the job
            if Periodic.objects.filter(kind=kind, next_at__lte=now).update(next_at=now + every):
                started.append(jobs.start(kind, actor=None))
    return started


def forget_old() -> int:
    """Remove the traces of periodic jobs that went well long ago; how many."""
    old = clock.now() - timedelta(days=KEEP_DONE_DAYS)
    count, _by_model = Job.objects.filter(
        kind__in=_periods, state=JobState.DONE, created_by=None, ended_at__lt=old
    ).delete()
    return count
