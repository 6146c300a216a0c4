"""Looked after without anyone asking: agreements and money that end soon."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from lagesbild.actors import actions, agreements
from lagesbild.core import jobs, periodic
from lagesbild.core.models import Job


@jobs.handler("actors.reminders", title=_("Reminders of agreements that end"))
def remind(_job: Job, progress: jobs.Progress) -> dict[str, Any]:
    """Tell of every end that is near. Running twice tells nothing twice."""
    ending = agreements.ending_soon()
    told = 0
    for number, agreement in enumerate(ending):
        told += actions.remind_of_ends(agreement)
        progress(number + 1, len(ending))
    return {"told": told}


periodic.register("actors.reminders", every=timedelta(hours=12))
