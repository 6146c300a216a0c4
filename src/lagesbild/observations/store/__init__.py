"""The incident store: the only door to the Delta table of a collaboration.

One table per collaboration, partitioned by source and local year. Incidents come in bulk and are never edited by hand;
every commit is a data version that can be read again. Categories are not here (they are applied when counting), nor is
the state of an import (``models.ImportBatch``).

Writers are optimistic: a commit is made on the version that it compared with, or not at all. If another process was
first, the comparison is made again on the newer version.
"""

from lagesbild.observations.store.incident_store import Commit, IncidentStore
from lagesbild.observations.store.schema import CONTENT, SCHEMA

__all__ = ["CONTENT", "SCHEMA", "Commit", "IncidentStore"]
