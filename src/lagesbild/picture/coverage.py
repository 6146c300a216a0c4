"""What the data covers: first and last day of each source, in which areas anything has ever been seen, and each date.

Depends only on the data version and the sources, so it is computed once for each and kept in a file.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import polars as pl

from lagesbild.observations.questions import Question
from lagesbild.picture import codec, gather, kept
from lagesbild.picture.content import Period
from lagesbild.picture.gather import N


@dataclass(frozen=True, kw_only=True)
class SourceSpan:
    slug: str
    first_on: date
    last_on: date
    n: int


@dataclass(frozen=True, kw_only=True)
class AreaPresence:
    """How many events of each area set's column lie in which area, over all time."""

    column: str
    counts: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class Coverage:
    spans: tuple[SourceSpan, ...]
    areas: tuple[AreaPresence, ...]

    @cached_property
    def period(self) -> Period | None:
        """From the first day of any source to the last."""
        if not self.spans:
            return None
        return Period(
            from_on=min(span.first_on for span in self.spans),
            to_on=max(span.last_on for span in self.spans) + timedelta(days=1),
        )

    @property
    def n(self) -> int:
        return sum(span.n for span in self.spans)

    def of(self, column: str) -> dict[int, int]:
        """Events by area id."""
        for each in self.areas:
            if each.column == column:
                return {int(area): n for area, n in each.counts.items()}
        return {}


def coverage(key: str, events: Callable[[], pl.LazyFrame], area_columns: Sequence[str]) -> Coverage:
    """What the data covers; ``key`` names the data version and the sources, ``events`` gives all their incidents."""
    data = kept.recall("coverage", key)
    if data is not None:
        return codec.restore(Coverage, json.loads(data))
    found = _computed(events(), area_columns)
    kept.keep("coverage", key, json.dumps(codec.plain(found)).encode())
    return found


def by_date(question: Question, data_version: int | None) -> pl.DataFrame:
    """Incidents per local date over all time: whatever the period, so it is counted once for a data version."""
    key = f"{question.digest()}|{data_version}"
    data = kept.recall("dates", key)
    if data is None:
        written = io.BytesIO()
        gather.by_date(question.events(data_version)).write_ipc(written)
        data = written.getvalue()
        kept.keep("dates", key, data)
    return pl.read_ipc(io.BytesIO(data))


def _computed(events: pl.LazyFrame, area_columns: Sequence[str]) -> Coverage:
    spans = events.group_by("source").agg(
        pl.col("local_date").min().alias("first_on"), pl.col("local_date").max().alias("last_on"), N
    )
    known = set(events.collect_schema().names())
    columns = [column for column in area_columns if column in known]
    by_area = [events.group_by(column).agg(N).drop_nulls().filter(pl.col(column) > 0) for column in columns]
    rows, *areas = pl.collect_all([spans.sort("source"), *(each.sort(by=pl.first()) for each in by_area)])
    return Coverage(
        spans=tuple(
            SourceSpan(slug=row["source"], first_on=row["first_on"], last_on=row["last_on"], n=row["n"])
            for row in rows.iter_rows(named=True)
        ),
        areas=tuple(
            AreaPresence(column=column, counts={str(area): n for area, n in frame.iter_rows()})
            for column, frame in zip(columns, areas, strict=True)
        ),
    )
