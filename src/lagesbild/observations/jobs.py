"""Work that nobody waits for: the steps of an import, finding areas anew, upkeep of the store."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from lagesbild.accounts.models import User
from lagesbild.accounts.queries import collaboration_named
from lagesbild.core import jobs, repairs
from lagesbild.core.models import Job
from lagesbild.observations import imports, upkeep
from lagesbild.observations.models import ImportBatch

ASSIGNING = gettext_noop("Finding the areas")


@jobs.handler("observations.preview", title=_("Reading the file"))
def preview(job: Job, progress: jobs.Progress) -> dict[str, Any]:
    batch = _batch(job)
    imports.preview_batch(batch, progress=progress, actor=_actor(job))
    return _onwards(batch)


@jobs.handler("observations.check", title=_("Checking the file"))
def check(job: Job, progress: jobs.Progress) -> dict[str, Any]:
    batch = _batch(job)
    imports.check_batch(batch, progress=progress, actor=_actor(job))
    return _onwards(batch)


@jobs.handler("observations.apply", title=_("Storing the incidents"))
def apply(job: Job, progress: jobs.Progress) -> dict[str, Any]:
    batch = _batch(job)
    imports.apply_batch(batch, progress=progress, actor=_actor(job))
    upkeep.tidy(batch.collaboration)
    return _onwards(batch)


@jobs.handler("observations.assign_areas", title=_("Finding the areas of all incidents"))
def assign_areas(job: Job, progress: jobs.Progress) -> dict[str, Any]:
    progress(0, 1, ASSIGNING)
    collaboration = collaboration_named(job.collaboration)
    version = upkeep.assign_areas_anew(collaboration) if collaboration else None
    return {"version": version}


@repairs.register("observations.imports")
def repair() -> int:
    return imports.repair()


def _batch(job: Job) -> ImportBatch:
    return ImportBatch.objects.select_related("source", "owner", "collaboration").get(pk=job.arguments["batch"])


def _actor(job: Job) -> User | None:
    actor: User | None = job.created_by
    return actor


def _onwards(batch: ImportBatch) -> dict[str, Any]:
    return {"next_url": reverse("observations:import", args=[batch.collaboration.slug, batch.pk])}
