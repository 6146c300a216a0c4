"""A question with everything settled that an answer depends on, beside the data version.

A filter names categories, areas and a place; a question holds what they meant when it was asked (types, area numbers,
the shape of the place) and which sources the asker may see. It is plain data, so a frozen picture can ask again.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import Any

import polars as pl
import shapely
from shapely.geometry.base import BaseGeometry

from lagesbild.observations.categories import CategoryMapping
from lagesbild.observations.filters import EventFilter
from lagesbild.observations.store import IncidentStore

POINT_PRECISIONS = ("exact", "street")


@dataclass(frozen=True)
class PlaceShape:
    """Where a place is, in metres: a polygon, or a circle when there is a radius."""

    name: str
    x: float
    y: float
    radius_m: float | None
    wkb: str
    """The polygon as hexadecimal WKB; empty for a circle."""

    def condition(self) -> pl.Expr:
        """True for points inside or on the edge. The box is tried first, on the columns' own statistics."""
        if self.radius_m is not None:
            near = _in_box(
                self.x - self.radius_m, self.y - self.radius_m, self.x + self.radius_m, self.y + self.radius_m
            )
            return near & ((pl.col("x") - self.x) ** 2 + (pl.col("y") - self.y) ** 2 <= self.radius_m**2)
        polygon = shapely.from_wkb(bytes.fromhex(self.wkb))
        shapely.prepare(polygon)
        covered = pl.struct("x", "y").map_batches(lambda points: _covered(points, polygon), return_dtype=pl.Boolean)
        return _in_box(*polygon.bounds) & covered


@dataclass(frozen=True)
class Question:
    """Who sees what is settled: ``sources`` are the ones that count."""

    collaboration: str
    filters: EventFilter
    sources: tuple[str, ...]
    mapping: CategoryMapping
    areas: tuple[tuple[str, tuple[int, ...]], ...] = ()
    """(column, numbers): the numbers that the chosen areas have in any version of their set."""
    place: PlaceShape | None = None
    is_exercise: bool = False

    def events(self, data_version: int | None = None) -> pl.LazyFrame:
        """The incidents asked for, as a lazy frame with all columns; choose few before collecting."""
        return self.narrowed(IncidentStore(self.collaboration).scan(data_version))

    def narrowed(self, incidents: pl.LazyFrame) -> pl.LazyFrame:
        """Those of a frame of the same columns that are asked for, whoever keeps them."""
        known = incidents.collect_schema().names()
        filtered = incidents.filter(pl.col("source").is_in(self.sources), *_when(self.filters))
        if self.filters.categories:
            filtered = filtered.filter(self.mapping.condition(self.filters.categories))
        if self.areas:
            filtered = filtered.filter(_in_areas(self.areas, known))
        if self.place:
            filtered = point_events(filtered).filter(self.place.condition())
        return filtered

    def n_without_hour(self, data_version: int | None = None) -> int:
        """Incidents that match but for the chosen hours, left out because their hour is unknown."""
        if not self.filters.hours:
            return 0
        any_hour = replace(self, filters=replace(self.filters, hours=frozenset()))
        unknown = any_hour.events(data_version).filter(pl.col("local_hour").is_null())
        return int(unknown.select(pl.len()).collect().item())

    def asked_with(self, filters: EventFilter) -> Question:
        """The same question about another period, hours, weekdays or months (not other categories or places)."""
        return replace(self, filters=filters)

    def digest(self) -> str:
        """The same for the same question: with the data version it names an answer."""
        return hashlib.sha256(json.dumps(self.to_dict(), sort_keys=True).encode()).hexdigest()

    def to_dict(self) -> dict[str, Any]:
        return {
            "collaboration": self.collaboration,
            "filters": self.filters.to_dict(),
            "sources": list(self.sources),
            "mapping": self.mapping.to_dict(),
            "areas": [[column, list(numbers)] for column, numbers in self.areas],
            "place": None if self.place is None else vars(self.place).copy(),
            "is_exercise": self.is_exercise,
        }

    @classmethod
    def from_dict(cls, saved: dict[str, Any]) -> Question:
        return cls(
            collaboration=saved["collaboration"],
            filters=EventFilter.from_dict(saved["filters"]),
            sources=tuple(saved["sources"]),
            mapping=CategoryMapping.from_dict(saved["mapping"]),
            areas=tuple((column, tuple(numbers)) for column, numbers in saved["areas"]),
            place=PlaceShape(**saved["place"]) if saved["place"] else None,
            is_exercise=saved["is_exercise"],
        )


def point_events(events: pl.LazyFrame) -> pl.LazyFrame:
    """Only incidents whose own place is known: for the map, densities and hot spots."""
    return events.filter(
        pl.col("precision").is_in(POINT_PRECISIONS), pl.col("x").is_not_null(), pl.col("y").is_not_null()
    )


def _when(filters: EventFilter) -> list[pl.Expr]:
    """The year is tested too: it is the folder, so other years are never opened."""
    conditions: list[pl.Expr] = []
    if filters.from_on:
        conditions += [pl.col("year") >= filters.from_on.year, pl.col("local_date") >= filters.from_on]
    if filters.to_on:
        conditions += [pl.col("year") <= filters.to_on.year, pl.col("local_date") < filters.to_on]
    if filters.hours:
        conditions.append(pl.col("local_hour").is_in(sorted(filters.hours)))
    if filters.weekdays:
        conditions.append(pl.col("local_date").dt.weekday().is_in(sorted(filters.weekdays)))
    if filters.months:
        conditions.append(pl.col("local_date").dt.month().is_in(sorted(filters.months)))
    return conditions


def _in_areas(areas: tuple[tuple[str, tuple[int, ...]], ...], known: list[str]) -> pl.Expr:
    """Any of the areas, whichever sets they belong to. A version that knows nothing of a set has nothing in it."""
    parts = [pl.col(column).is_in(list(numbers)) for column, numbers in areas if column in known]
    return pl.any_horizontal(parts) if parts else pl.lit(value=False)


def _in_box(min_x: float, min_y: float, max_x: float, max_y: float) -> pl.Expr:
    return pl.col("x").is_between(min_x, max_x) & pl.col("y").is_between(min_y, max_y)


def _covered(points: pl.Series, polygon: BaseGeometry) -> pl.Series:
    """Which points the polygon covers, edge included; only those in its box are tried."""
    xy = points.struct.unnest().select(x=pl.col("x").fill_null(float("nan")), y=pl.col("y").fill_null(float("nan")))
    covered = xy.select(inside=_in_box(*polygon.bounds).fill_null(value=False))["inside"].to_numpy().copy()
    x, y = xy["x"].to_numpy(), xy["y"].to_numpy()
    covered[covered] = shapely.intersects_xy(polygon, x[covered], y[covered])
    return pl.Series(covered)
