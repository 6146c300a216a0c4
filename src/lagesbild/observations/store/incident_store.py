"""Reading and writing the incidents of one collaboration: versions, commits, upkeep."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import polars as pl
from deltalake import DeltaTable
from deltalake.exceptions import CommitFailedError, DeltaError
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lagesbild.core.errors import UserError
from lagesbild.observations.store import table as tables
from lagesbild.observations.store.schema import (
    AREA_COLUMN,
    CONFIGURATION,
    ORDER_WITHIN_FILES,
    PARTITIONS,
    SCHEMA,
    WRITER,
)

MAX_ATTEMPTS = 20
SMALL_FILES = 16  # more files than this in one partition are worth compacting

T = TypeVar("T")


@dataclass(frozen=True)
class Commit:
    """What a commit did. ``version`` is the data version after it; nothing changed leaves the version as it was."""

    version: int
    added: int
    updated: int
    unchanged: int


class IncidentStore:
    """The incidents of one collaboration."""

    def __init__(self, collaboration_slug: str) -> None:
        self.path: Path = settings.DATA_DIR / "incidents" / collaboration_slug

    # reading

    def exists(self) -> bool:
        return (self.path / "_delta_log").is_dir()

    def version(self) -> int | None:
        """The newest data version; None before the first import."""
        return self._open().version() if self.exists() else None

    def scan(self, version: int | None = None, *, columns: Sequence[str] | None = None) -> pl.LazyFrame:
        """The incidents of a data version, nothing read yet. Area columns that the version lacks are empty."""
        lazy = pl.scan_delta(self._open(version)) if self.exists() else pl.LazyFrame(schema=SCHEMA)
        return lazy if columns is None else lazy.select(tables.present(lazy, columns))

    def area_columns(self, version: int | None = None) -> list[str]:
        """The area columns that the version has."""
        if not self.exists():
            return []
        names = [field.name for field in self._open(version).schema().fields]
        return [name for name in names if AREA_COLUMN.fullmatch(name)]

    def count(self, version: int | None = None) -> int:
        return int(self.scan(version).select(pl.len()).collect().item())

    def compare(self, frame: pl.DataFrame, *, source: str) -> Commit:
        """What `commit` would do with the store as it is now, without doing it."""
        prepared = tables.prepared(frame, source=source, batch_id=0)
        plan = tables.plan(self.scan(), prepared, source=source)
        return Commit(self.version() or 0, plan.new.height, plan.changed.height, plan.unchanged)

    def find_batch(self, batch_id: int) -> Commit | None:
        """The commit that carries the batch, if it ever reached the store."""
        if not self.exists():
            return None
        for entry in self._open().history():
            if entry.get("batch_id") == str(batch_id):
                return Commit(entry["version"], *(int(entry[name]) for name in ("added", "updated", "unchanged")))
        return None

    def batch_version(self, batch_id: int) -> int | None:
        commit = self.find_batch(batch_id)
        return commit.version if commit else None

    def history(self) -> list[dict[str, Any]]:
        """Every commit, newest first, with its batch and counts where it has them."""
        return self._open().history() if self.exists() else []

    # writing

    def commit(self, frame: pl.DataFrame, *, source: str, batch_id: int, assign: tables.Assign | None = None) -> Commit:
        """Store all rows of ``frame`` in one version: new ones added, changed ones replaced, the rest left alone.

        ``source_id`` must be unique in the frame. ``assign`` finds the area columns, and is asked only for rows that
        are written. Raises `CommitFailedError` only if other writers were first `MAX_ATTEMPTS` times in a row.
        """
        prepared = tables.prepared(frame, source=source, batch_id=batch_id)
        return self._optimistically(
            lambda table: self._commit_on(table, prepared, source=source, batch_id=batch_id, assign=assign)
        )

    def _commit_on(
        self, table: DeltaTable, prepared: pl.DataFrame, *, source: str, batch_id: int, assign: tables.Assign | None
    ) -> Commit:
        plan = tables.plan(pl.scan_delta(table), prepared, source=source)
        counts = {"added": plan.new.height, "updated": plan.changed.height, "unchanged": plan.unchanged}
        if not plan.new.height and not plan.changed.height:
            return Commit(table.version(), **counts)
        commit = tables.properties(batch_id=batch_id, source=source, **counts)
        rows = pl.concat([plan.new, plan.changed])
        rows = rows.sort(ORDER_WITHIN_FILES) if assign is None else tables.assigned(rows, assign)
        if plan.changed.height:
            tables.merge(table, rows, source=source, years=plan.changed_years, commit=commit)
        else:
            tables.append(table, rows, commit=commit)
        return Commit(table.version(), **counts)

    def reassign(self, assign: tables.Assign) -> int | None:
        """Compute the area columns anew, one partition at a time; the new version, or None if all were right already.

        ``assign`` gets ``x``, ``y``, ``precision`` and ``area_name`` and returns the area columns, row by row.
        """
        if not self.exists():
            return None

        def work(table: DeltaTable) -> int | None:
            wrong = [
                part
                for part in tables.partitions(table)
                if tables.needs_assignment(tables.rows_of(table, part), assign)
            ]
            if not wrong:
                return None
            frames = (tables.assigned(tables.rows_of(table, part).collect(), assign) for part in wrong)
            tables.replace(table, frames, parts=wrong, commit=tables.properties(areas="assigned"))
            return table.version()

        return self._optimistically(work)

    # upkeep

    def needs_compaction(self) -> bool:
        """Whether some partition has become many small files."""
        if not self.exists():
            return False
        files = pl.DataFrame(self._open().get_add_actions(flatten=True))
        return files.group_by("partition.source", "partition.year").len().filter(pl.col("len") > SMALL_FILES).height > 0

    def needs_vacuum(self) -> bool:
        """Whether most files on the disk are of older versions."""
        if not self.exists():
            return False
        n_live = len(self._open().file_uris())
        n_all = sum(1 for _ in self.path.glob("source=*/year=*/*.parquet"))
        return n_all > 3 * n_live + SMALL_FILES

    def compact(self) -> None:
        """Make many small files into few. The incidents are the same; the version number moves on."""
        if self.exists():
            self._optimistically(
                lambda table: table.optimize.compact(
                    writer_properties=WRITER, commit_properties=tables.properties(upkeep="compact")
                )
            )

    def vacuum(self, keep_versions: Iterable[int], *, retention_hours: int = 24) -> int:
        """Delete files that no kept version needs; how many. ``keep_versions`` are those that pictures rest on.

        The retention protects an import that is writing and a page that is reading at this moment.
        """
        if not self.exists():
            return 0
        table = self._open()
        kept = sorted({version for version in keep_versions if version <= table.version()})
        deleted = table.vacuum(
            retention_hours=retention_hours,
            enforce_retention_duration=False,
            dry_run=False,
            full=True,
            keep_versions=kept or None,
        )
        return len(deleted)

    # opening

    def _open(self, version: int | None = None) -> DeltaTable:
        try:
            return DeltaTable(self.path, version=version)
        except DeltaError as error:
            if version is None:
                raise
            raise UserError(
                "store.version_missing", _("Data version {version} is not in the store."), version=version
            ) from error

    def _open_or_create(self) -> DeltaTable:
        if not self.exists():
            self.path.mkdir(parents=True, exist_ok=True)
            schema = pl.DataFrame(schema=SCHEMA).to_arrow(compat_level=pl.CompatLevel.oldest()).schema
            # "ignore": another process may have made it in between
            DeltaTable.create(
                self.path, schema=schema, mode="ignore", partition_by=PARTITIONS, configuration=CONFIGURATION
            )
        return self._open()

    def _optimistically(self, work: Callable[[DeltaTable], T]) -> T:
        """Do ``work`` on the newest version; again if another writer was first."""
        for attempt in range(1, MAX_ATTEMPTS + 1):
            try:
                return work(self._open_or_create())
            except CommitFailedError:
                if attempt == MAX_ATTEMPTS:
                    raise
                time.sleep(random.uniform(0, 0.02 * attempt))  # noqa: S311 - spreads writers, guards no secret
        raise AssertionError("unreachable")
