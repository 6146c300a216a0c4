"""What the database needs to know of itself to choose its ways well: renewed every day.

PostgreSQL does this by itself. SQLite never does: until it is asked, it takes every index to be as good as another.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection

from lagesbild.core import jobs, periodic
from lagesbild.core.models import Job

ROWS_LOOKED_AT = 1_000  # of each index: milliseconds, however large the table


@jobs.handler("database.analyse")
def analyse(_job: Job, _progress: jobs.Progress) -> dict[str, Any]:
    """Count how the values of each index are spread. Running twice is the same as once."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA analysis_limit = {ROWS_LOOKED_AT}")
            cursor.execute("ANALYZE")
    return {}


periodic.register("database.analyse", every=timedelta(days=1))
