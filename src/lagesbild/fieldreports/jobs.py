"""Work that nobody waits for: photos that came to nothing are swept once a day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from lagesbild.core import jobs, periodic
from lagesbild.core.models import Job
from lagesbild.fieldreports import photos


@jobs.handler("fieldreports.sweep_photos")
def sweep_photos(_job: Job, _progress: jobs.Progress) -> dict[str, Any]:
    """Running twice deletes nothing more."""
    return {"deleted": photos.sweep()}


periodic.register("fieldreports.sweep_photos", every=timedelta(days=1))
