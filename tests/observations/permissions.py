"""Who may ask which address of observations."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from lagesbild.accounts.access import Capability
from lagesbild.observations import actions, imports, uploads
from tests.architecture.permission_matrix import Row
from tests.cast import Cast
from tests.observations import csvfiles, world


def _source(cast: Cast) -> dict[str, Any]:
    return {"slug": world.source(cast.municipality, "vakter").slug}


def _batch(cast: Cast) -> dict[str, Any]:
    """An import of the municipality that waits for its yes."""
    source = world.source(cast.municipality, "vakter")
    with tempfile.TemporaryDirectory() as folder:
        path = csvfiles.good(Path(folder) / "a.csv")
        batch = actions.receive_file(source, uploads.chunks_of(path), file_name="a.csv", actor=cast.anna.user)
    imports.preview_batch(batch, actor=cast.anna.user)
    imports.check_batch(batch, actor=cast.anna.user)
    return {"pk": batch.pk}


def _table(cast: Cast) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_text("title,unit,period,value\nA,st,2018,7\n")
        (table,) = actions.import_series(cast.municipality, path, title="T", actor=None)
    return {"slug": table.slug}


READ, IMPORT = Capability.READ, Capability.IMPORT

ROWS = {
    "observations:reports": Row(get=READ),
    "observations:incidents": Row(get=READ),
    "observations:incidents_csv": Row(get=READ),
    "observations:import_new": Row(get=IMPORT, post=IMPORT),
    "observations:import": Row(get=READ, kwargs=_batch),
    "observations:import_mapping": Row(get=IMPORT, post=IMPORT, owners_only=True, kwargs=_batch),
    "observations:import_sheet": Row(post=IMPORT, owners_only=True, kwargs=_batch),
    "observations:import_apply": Row(post=IMPORT, owners_only=True, kwargs=_batch),
    "observations:import_cancel": Row(post=IMPORT, owners_only=True, kwargs=_batch),
    "observations:import_problems": Row(get=READ, kwargs=_batch),
    "observations:source": Row(get=READ, kwargs=_source),
    "observations:source_types": Row(post=IMPORT, owners_only=True, kwargs=_source),
    "observations:categories": Row(get=READ),
    "observations:series_tables": Row(get=READ),
    "observations:series_new": Row(get=IMPORT, post=IMPORT),
    "observations:series_table": Row(get=READ, kwargs=_table),
    "observations:series_csv": Row(get=READ, kwargs=_table),
}
