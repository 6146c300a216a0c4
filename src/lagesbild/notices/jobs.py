"""The post round: every minute, what is due is gathered and sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from lagesbild.core import jobs, periodic
from lagesbild.core.models import Job
from lagesbild.notices import mailing


@jobs.handler("notices.mail")
def send_mail(_job: Job, progress: jobs.Progress) -> dict[str, Any]:
    """Gather and send. Running twice sends nothing twice."""
    gathered = mailing.gather()
    progress(1, 2)
    return {"gathered": gathered, "sent": mailing.send_waiting()}


periodic.register("notices.mail", every=timedelta(minutes=1))
