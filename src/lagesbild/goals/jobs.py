"""Work that nobody waits for: figures that are made from tables or computed are made anew every day."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from lagesbild.core import jobs, periodic
from lagesbild.core.errors import UserError
from lagesbild.core.models import Job
from lagesbild.goals import queries
from lagesbild.goals.actions import refresh_indicator

logger = logging.getLogger(__name__)


@jobs.handler("goals.refresh")
def refresh_figures(_job: Job, progress: jobs.Progress) -> dict[str, Any]:
    """Make every made figure anew. Running twice changes nothing more; one bad definition does not stop the others."""
    made = list(queries.made_indicators())
    changed, refused = 0, []
    for done, indicator in enumerate(made):
        try:
            changed += refresh_indicator(indicator, actor=None)
        except UserError as error:
            refused.append(indicator.code)
            logger.warning("The indicator %s could not be computed: %s", indicator.code, error.code)
        progress(done + 1, len(made))
    return {"indicators": len(made), "changed": changed, "refused": refused}


periodic.register("goals.refresh", every=timedelta(hours=24))
