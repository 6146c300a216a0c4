"""Plain functions on frames and the Delta table: what a commit would change, and how it is written.

They know nothing of collaborations, retries or settings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import polars as pl
import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, write_deltalake

from lagesbild.observations.content_hash import content_hash
from lagesbild.observations.store.schema import (
    AREA_COLUMN,
    CONTENT,
    ORDER_WITHIN_FILES,
    SCHEMA,
    SOURCE,
    WRITER,
)

Assign = Callable[[pl.DataFrame], pl.DataFrame]
PLACED_BY = ["x", "y", "precision", "area_name"]
"""The columns that decide which areas an incident lies in."""


@dataclass(frozen=True)
class Plan:
    """How the rows of an import stand against those stored."""

    new: pl.DataFrame
    changed: pl.DataFrame
    changed_years: list[int]
    """Years in which the changed rows lie now; an update may move a row to another."""
    unchanged: int


@dataclass(frozen=True)
class Partition:
    """One folder of the table."""

    source: str
    year: int

    @property
    def predicate(self) -> str:
        return f"(source = '{self.source}' AND year = {self.year})"


def properties(**metadata: Any) -> CommitProperties:
    """Commit only on the version that was read: another writer's commit in between makes this one fail."""
    return CommitProperties(
        custom_metadata={name: str(value) for name, value in metadata.items()}, max_commit_retries=0
    )


def prepared(frame: pl.DataFrame, *, source: str, batch_id: int) -> pl.DataFrame:
    """The rows as they are stored: columns in order, with source, batch, year and fingerprint."""
    if not SOURCE.fullmatch(source):
        raise ValueError(f"`source` must be a slug. Got {source!r}.")
    if frame["source_id"].null_count() or frame["source_id"].n_unique() != frame.height:
        raise ValueError("`source_id` must be unique and never null in one import.")
    areas = sorted(name for name in frame.columns if AREA_COLUMN.fullmatch(name))
    content = frame.select(
        [pl.col("source_id"), *(pl.col(name).cast(dtype) for name, dtype in CONTENT.items())]
        + [pl.col(name).cast(pl.Int32) for name in areas]
    )
    return content.with_columns(
        content_hash(content, list(CONTENT)),
        batch_id=pl.lit(batch_id, pl.Int64),
        source=pl.lit(source),
        year=pl.col("local_date").dt.year(),
    ).select([*SCHEMA, *areas])


def plan(stored: pl.LazyFrame, rows: pl.DataFrame, *, source: str) -> Plan:
    """Compare by identity and fingerprint; of the stored rows only these and the year are read."""
    known = (
        stored.filter(pl.col("source") == source)
        .select("source_id", stored_hash="content_hash", stored_year="year")
        .collect()
    )
    if known.is_empty():
        return Plan(rows, rows.clear(), [], 0)
    joined = rows.join(known, on="source_id", how="left", maintain_order="left")
    is_new = pl.col("stored_hash").is_null()
    is_changed = pl.col("stored_hash") != pl.col("content_hash")
    new = joined.filter(is_new).drop("stored_hash", "stored_year")
    changed = joined.filter(is_changed)
    return Plan(
        new,
        changed.drop("stored_hash", "stored_year"),
        changed["stored_year"].unique().sort().to_list(),
        rows.height - new.height - changed.height,
    )


def append(table: DeltaTable, rows: pl.DataFrame, *, commit: CommitProperties) -> None:
    write_deltalake(table, rows, mode="append", schema_mode="merge", writer_properties=WRITER, commit_properties=commit)


def merge(
    table: DeltaTable, rows: pl.DataFrame, *, source: str, years: Sequence[int], commit: CommitProperties
) -> None:
    """Replace rows with the same identity and add the rest, in one version. Only files of ``years`` are read."""
    where = f"t.source = '{source}' AND t.year IN ({', '.join(str(year) for year in years)})"
    (
        table.merge(
            rows,
            predicate=f"{where} AND t.source_id = s.source_id",
            source_alias="s",
            target_alias="t",
            merge_schema=True,
            writer_properties=WRITER,
            commit_properties=commit,
        )
        .when_matched_update_all()
        .when_not_matched_insert_all()
        .execute()
    )


def present(lazy: pl.LazyFrame, columns: Sequence[str]) -> list[pl.Expr]:
    """The columns; area columns that the version lacks are empty."""
    known = set(lazy.collect_schema().names())
    return [
        pl.col(name) if name in known or not AREA_COLUMN.fullmatch(name) else pl.lit(None, pl.Int32).alias(name)
        for name in columns
    ]


def partitions(table: DeltaTable) -> list[Partition]:
    """The folders that hold incidents, in order."""
    return sorted(
        (Partition(part["source"], int(part["year"])) for part in table.partitions()),
        key=lambda part: (part.source, part.year),
    )


def rows_of(table: DeltaTable, part: Partition) -> pl.LazyFrame:
    return pl.scan_delta(table).filter(pl.col("source") == part.source, pl.col("year") == part.year)


def needs_assignment(rows: pl.LazyFrame, assign: Assign) -> bool:
    """Whether some row's areas differ from what ``assign`` says. Reads only the columns that decide it."""
    present_areas = [name for name in rows.collect_schema().names() if AREA_COLUMN.fullmatch(name)]
    narrow = rows.select(PLACED_BY + present_areas).collect()
    right = assign(narrow.select(PLACED_BY))
    if set(right.columns) - set(present_areas):
        return True
    return not all(narrow[name].eq_missing(right[name]).all() for name in right.columns)


def assigned(rows: pl.DataFrame, assign: Assign) -> pl.DataFrame:
    right = assign(rows.select(PLACED_BY)).cast(pl.Int32)
    return rows.with_columns(right.get_columns()).sort(ORDER_WITHIN_FILES)


def replace(
    table: DeltaTable, frames: Iterable[pl.DataFrame], *, parts: Sequence[Partition], commit: CommitProperties
) -> None:
    """Write whole partitions anew in one version, one partition in memory at a time."""
    tables = (frame.to_arrow(compat_level=pl.CompatLevel.oldest()) for frame in frames)
    first = next(tables)
    batches = (batch for arrow in chain([first], tables) for batch in arrow.to_batches(max_chunksize=65_536))
    write_deltalake(
        table,
        pa.RecordBatchReader.from_batches(first.schema, batches),
        mode="overwrite",
        schema_mode="merge",
        predicate=" OR ".join(part.predicate for part in parts),
        writer_properties=WRITER,
        commit_properties=commit,
    )
