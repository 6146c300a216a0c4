"""From an upload to checked rows, and from checked rows into the store. Writes files and the store, no database row.

The steps are put together, and each is recorded, in ``imports.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from lagesbild.accounts.models import Collaboration
from lagesbild.core import clock
from lagesbild.core.errors import UserError
from lagesbild.observations.areas import assigner
from lagesbild.observations.importing import (
    KNOWN_MAPPINGS,
    Checked,
    Limits,
    Mapping,
    RawTable,
    check,
    guess_mapping,
    read_table,
)
from lagesbild.observations.models import ImportBatch, Source
from lagesbild.observations.store import Commit, IncidentStore
from lagesbild.observations.uploads import MEGABYTE, BatchFolder
from lagesbild.places.queries import extents

Progress = Callable[[int, int, str], None]
"""(done, total, stage); may raise to stop the work."""

READING = gettext_noop("Reading the file")
CHECKING = gettext_noop("Checking every row")
COMPARING = gettext_noop("Comparing with what is stored")
PLACING = gettext_noop("Finding the areas")
STORING = gettext_noop("Storing")
WHOLE = 100
PREVIEW_ROWS = 20
PREVIEW_CHARS = 200
MARGIN_M = 5_000.0  # a point this far outside every known area is likely a mistake and gets a warning
PERSONAL_NUMBER = "import.personal_number"


@dataclass(frozen=True)
class CheckOutcome:
    """What the check found, and what storing would do."""

    mapping: Mapping
    checked: Checked
    against_store: Commit | None
    """None when rows are refused: then nothing can be stored."""

    @property
    def n_refused(self) -> int:
        """Rows that stand in the way; a problem of the whole file refuses every row."""
        errors = self.checked.problems.filter(pl.col("severity") == "error")
        if errors["row"].null_count():
            return self.checked.n_rows
        return errors["row"].n_unique()

    @property
    def findings(self) -> dict[str, Any]:
        return {
            "notes": [[note.code, dict(note.params)] for note in self.checked.notes],
            "n_copies": self.checked.n_duplicates_in_file,
        }


def nothing(done: int, total: int, stage: str) -> None:
    """Progress that nobody watches."""


def preview(batch: ImportBatch, progress: Progress) -> dict[str, Any]:
    """The first rows, what kind of file it is, and the mapping to begin with."""
    raw = _read(batch, progress)
    return {
        "kind": raw.kind,
        "encoding": raw.encoding,
        "separator": raw.separator,
        "sheets": list(raw.sheets),
        "sheet": raw.sheet,
        "columns": raw.columns,
        "first_row": raw.first_row,
        "n_rows": raw.frame.height,
        "rows": _first_rows(raw.frame),
        "mapping": mapping_for(batch, raw).to_dict(),
    }


def mapping_for(batch: ImportBatch, raw: RawTable) -> Mapping:
    """As chosen for this import; else as the source's files were read last time, if it fits; else guessed."""
    if batch.mapping:
        return Mapping.from_dict(batch.mapping)
    if batch.source.mapping:
        saved = Mapping.from_dict(batch.source.mapping)
        if fits(saved, raw.columns):
            return saved
    for known in KNOWN_MAPPINGS.values():
        if fits(known, raw.columns):
            return known
    collaboration = batch.collaboration
    return guess_mapping(raw, time_zone=collaboration.time_zone, working_crs=collaboration.working_crs)


def fits(mapping: Mapping, columns: list[str]) -> bool:
    """Whether the file has every column that the mapping reads."""
    try:
        mapping.validate(columns)
    except UserError:
        return False
    return True


def named_mapping(collaboration: Collaboration, name: str) -> Mapping:
    """A built-in mapping, or the one saved with a source (by its slug or name)."""
    if name in KNOWN_MAPPINGS:
        return KNOWN_MAPPINGS[name]
    sources = Source.objects.filter(collaboration=collaboration).exclude(mapping={})
    for source in sources:
        if name in (source.slug, source.name):
            return Mapping.from_dict(source.mapping)
    known = ", ".join([*KNOWN_MAPPINGS, *(source.slug for source in sources)])
    raise UserError(
        "import.mapping_unknown",
        _('There is no mapping "{name}". There are: {known}.'),
        field="mapping",
        name=name,
        known=known,
    )


def check_file(batch: ImportBatch, progress: Progress) -> CheckOutcome:
    """Read and check every row and compare with the store. The rows and problems are saved in the import's folder."""
    raw = _read(batch, progress)
    collaboration = batch.collaboration
    mapping = mapping_for(batch, raw)
    checked = check(
        raw,
        mapping,
        working_crs=collaboration.working_crs,
        time_zone=collaboration.time_zone,
        today=clock.today(collaboration.time_zone),
        bounds=_bounds(collaboration),
        progress=lambda share: progress(40 + int(share * 40), WHOLE, CHECKING),
    )
    del raw
    progress(80, WHOLE, COMPARING)
    against = None
    if checked.ok:
        against = IncidentStore(collaboration.slug).compare(checked.frame, source=batch.source.slug)
    folder = BatchFolder(batch.pk)
    folder.save_checked(checked.frame, checked.problems)
    if PERSONAL_NUMBER in checked.problems["code"]:
        folder.delete_upload()
    progress(WHOLE, WHOLE, COMPARING)
    return CheckOutcome(mapping, checked, against)


def store_rows(batch: ImportBatch, progress: Progress) -> Commit:
    """One commit with all checked rows. Once the commit has begun nothing stops it; done before, it is not repeated."""
    store = IncidentStore(batch.collaboration.slug)
    if stored := store.find_batch(batch.pk):
        return stored
    progress(0, WHOLE, PLACING)
    frame = BatchFolder(batch.pk).checked()
    if frame is None:
        raise UserError("import.file_gone", _("The file is no longer here. Upload it again."))
    assign = assigner(batch.collaboration)
    progress(20, WHOLE, STORING)
    commit = store.commit(frame, source=batch.source.slug, batch_id=batch.pk, assign=assign)
    # another worker may have been first with this very batch: then its counts are the true ones
    return store.find_batch(batch.pk) or commit


def _read(batch: ImportBatch, progress: Progress) -> RawTable:
    progress(0, WHOLE, READING)
    upload = BatchFolder(batch.pk).upload
    if upload is None:
        raise UserError("import.file_gone", _("The file is no longer here. Upload it again."))
    limits = Limits(
        max_bytes=settings.LAGESBILD["max_upload_mb"] * MEGABYTE, max_rows=settings.LAGESBILD["max_import_rows"]
    )
    return read_table(
        upload,
        limits=limits,
        sheet=batch.sheet or None,
        progress=lambda share: progress(int(share * 40), WHOLE, READING),
    )


def _bounds(collaboration: Collaboration) -> tuple[float, float, float, float] | None:
    """The box round all known areas, with a margin; None where no areas are known."""
    boxes = extents(collaboration)
    if not len(boxes):
        return None
    west, south = boxes[:, :2].min(axis=0)
    east, north = boxes[:, 2:].max(axis=0)
    return west - MARGIN_M, south - MARGIN_M, east + MARGIN_M, north + MARGIN_M


def _first_rows(frame: pl.DataFrame) -> list[list[str]]:
    head = frame.head(PREVIEW_ROWS).select(pl.all().cast(pl.String).fill_null("").str.slice(0, PREVIEW_CHARS))
    return [list(row) for row in head.iter_rows()]
