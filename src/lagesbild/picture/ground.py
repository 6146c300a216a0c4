"""What a picture needs to know besides the incidents: sources, categories, reservations, areas, places.

Plain facts, read in three queries (``queries.py``) and kept whole with a frozen picture, so that it can be made again
exactly even when categories are regrouped and places renamed afterwards.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from lagesbild.observations.categories import CategoryMapping
from lagesbild.observations.questions import PlaceShape
from lagesbild.picture import codec
from lagesbild.picture.content import CaveatFact, SourceFact


@dataclass(frozen=True, kw_only=True)
class SourceRow:
    """A source that the reader may see."""

    id: int
    slug: str
    name: str
    owner: str
    owner_id: int
    sharing: str
    is_exercise: bool

    @property
    def fact(self) -> SourceFact:
        return SourceFact(slug=self.slug, name=self.name, owner=self.owner, is_exercise=self.is_exercise)


@dataclass(frozen=True, kw_only=True)
class CaveatRow:
    """A reservation with the code of its category, the slug of its source, or both."""

    category: str
    source: str
    fact: CaveatFact


@dataclass(frozen=True, kw_only=True)
class AreaNode:
    id: int
    code: str
    name: str
    parent: str


@dataclass(frozen=True, kw_only=True)
class AreaSetRow:
    """One area set in the version that counts, with its areas."""

    id: int
    slug: str
    name: str
    version_id: int
    version: int
    areas: tuple[AreaNode, ...] = ()

    @property
    def column(self) -> str:
        """Its column in the incident store."""
        return f"area_{self.id}"


@dataclass(frozen=True, kw_only=True)
class PlaceRow:
    """A place; ``wkb`` is its polygon in hexadecimal, empty for a circle."""

    id: int
    name: str
    x: float
    y: float
    radius_m: float | None
    wkb: str

    @property
    def shape(self) -> PlaceShape:
        return PlaceShape(self.name, self.x, self.y, self.radius_m, self.wkb)


@dataclass(frozen=True, kw_only=True)
class Populations:
    """One kind of population by area id, with where it is from."""

    kind: str
    source: str
    on: date | None
    values: dict[str, float]


@dataclass(frozen=True, kw_only=True)
class Ground:
    """All of it, for one reader."""

    slug: str
    name: str
    working_crs: int
    time_zone: str
    mapping: CategoryMapping
    sources: tuple[SourceRow, ...]
    caveats: tuple[CaveatRow, ...]
    area_sets: tuple[AreaSetRow, ...]
    places: tuple[PlaceRow, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values without the areas: a version of an area set never changes and is read again."""
        bare = tuple(replace(each, areas=()) for each in self.area_sets)
        facts: dict[str, Any] = codec.plain(replace(self, area_sets=bare))
        return facts | {"mapping": self.mapping.to_dict()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], areas: Mapping[int, tuple[AreaNode, ...]]) -> Ground:
        """The ground of a frozen picture; ``areas`` by version id."""
        ground = codec.restore(cls, {**data, "mapping": None})
        sets = tuple(replace(each, areas=areas.get(each.version_id, ())) for each in ground.area_sets)
        return replace(ground, area_sets=sets, mapping=CategoryMapping.from_dict(data["mapping"]))

    @cached_property
    def digest(self) -> str:
        """Changes when anything that a picture shows or counts by has changed."""
        return hashlib.sha256(json.dumps(self.to_dict(), sort_keys=True).encode()).hexdigest()

    @cached_property
    def areas_by_id(self) -> dict[int, AreaNode]:
        return {area.id: area for each in self.area_sets for area in each.areas}

    @cached_property
    def places_by_id(self) -> dict[int, PlaceRow]:
        return {place.id: place for place in self.places}

    def chosen_sources(self, slugs: Iterable[str]) -> tuple[SourceRow, ...]:
        """The sources named, or all that the reader sees when none is."""
        wanted = set(slugs)
        return tuple(source for source in self.sources if not wanted or source.slug in wanted)
