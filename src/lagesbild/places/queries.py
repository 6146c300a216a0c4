"""Reads: current area sets and their areas, places, facts, and the index that says which area a point lies in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import shapely
from django.db.models import Max, Min, OuterRef, Q, QuerySet, Subquery
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Collaboration, Membership, Organisation
from lagesbild.places.assignment import AreaIndex, build_index
from lagesbild.places.models import Area, AreaSet, AreaSetVersion, Fact, Place

Floats: TypeAlias = NDArray[np.float64]


def first_organisation(collaboration: Collaboration) -> Organisation | None:
    """The party that was there first."""
    return collaboration.organisations.order_by("pk").first()


def area_set_by_slug(collaboration: Collaboration, slug: str) -> AreaSet | None:
    """The set with this slug, if there is one."""
    return AreaSet.objects.filter(collaboration=collaboration, slug=slug).first()


def newest(versions: QuerySet[AreaSetVersion]) -> QuerySet[AreaSetVersion]:
    """Of each set the version with the highest number."""
    last = AreaSetVersion.objects.filter(area_set=OuterRef("area_set")).order_by("-number").values("number")[:1]
    return (
        versions.filter(number=Subquery(last))
        .select_related("area_set__parent_set")
        .order_by("area_set__name", "area_set")
    )


def current_versions(collaboration: Collaboration, membership: Membership | None = None) -> list[AreaSetVersion]:
    """The boundaries in use, one version per set, in order of the set's name; with ``membership``, those it may see."""
    versions = AreaSetVersion.objects.filter(area_set__collaboration=collaboration)
    if membership is not None:
        versions = versions.filter(area_set__in=AreaSet.objects.filter(visible_to(membership)))
    return list(newest(versions))


def current_version(collaboration: Collaboration, slug: str) -> AreaSetVersion | None:
    """The boundaries in use of one set."""
    return newest(AreaSetVersion.objects.filter(area_set__collaboration=collaboration, area_set__slug=slug)).first()


def areas_of(version: AreaSetVersion) -> QuerySet[Area]:
    """The areas without their boundaries, by name, with their parents' names."""
    return (
        Area.objects.filter(version=version)
        .select_related("parent")
        .defer("geometry", "parent__geometry")
        .order_by("name", "code")
    )


def areas_with_parent_code(version: AreaSetVersion) -> Iterator[tuple[int, str, bytes]]:
    """(key, parent's code, boundary) of each area."""
    rows = Area.objects.filter(version=version).values_list("pk", "parent__code", "geometry")
    return ((pk, code or "", bytes(geometry)) for pk, code, geometry in rows.iterator())


def extents(collaboration: Collaboration, *, except_slug: str = "") -> Floats:
    """west, south, east, north of each current set; shape (sets, 4)."""
    versions = newest(
        AreaSetVersion.objects.filter(area_set__collaboration=collaboration).exclude(area_set__slug=except_slug)
    )
    rows = (
        Area.objects.filter(version__in=[version.pk for version in versions])
        .order_by()
        .values("version")
        .annotate(west=Min("min_x"), south=Min("min_y"), east=Max("max_x"), north=Max("max_y"))
    )
    return np.array([(r["west"], r["south"], r["east"], r["north"]) for r in rows], dtype=np.float64).reshape(-1, 4)


def area_index(version: AreaSetVersion) -> AreaIndex:
    """The index of one version. Built once per process; a version never changes but for its parents' keys."""
    newest_parent = Area.objects.filter(version=version).aggregate(top=Max("parent"), bottom=Min("parent"))
    return _area_index(
        version.pk, version.file_sha256, version.imported_at, newest_parent["top"], newest_parent["bottom"]
    )


@lru_cache(maxsize=32)
def _area_index(version_id: int, _sha: str, _at: object, _top: int | None, _bottom: int | None) -> AreaIndex:
    version = AreaSetVersion.objects.select_related("area_set").get(pk=version_id)
    rows = list(
        Area.objects.filter(version=version_id).values_list("pk", "code", "name", "aliases", "parent", "geometry")
    )
    return build_index(
        area_set_id=version.area_set_id,
        version_id=version_id,
        parent_set_id=version.area_set.parent_set_id,
        ids=[row[0] for row in rows],
        codes=[row[1] for row in rows],
        names=[row[2] for row in rows],
        aliases=[row[3] for row in rows],
        parents=[row[4] for row in rows],
        geometries=from_wkb([row[5] for row in rows]),
    )


def area_columns(collaboration: Collaboration) -> dict[str, AreaIndex]:
    """The index of each current area set by the name of its column in the incident store, ``area_<area_set_id>``."""
    indexes = [area_index(version) for version in current_versions(collaboration)]
    return {index.column: index for index in indexes}


def from_wkb(stored: Sequence[bytes | memoryview]) -> NDArray[np.object_]:
    """Boundaries as stored → shapes, in one call."""
    texts = np.empty(len(stored), dtype=object)
    texts[:] = [bytes(value) for value in stored]
    shapes: NDArray[np.object_] = np.asarray(shapely.from_wkb(texts), dtype=object).reshape(-1)
    return shapes


def facts_on(on: date) -> Q:
    """Facts that hold on a date (half-open periods)."""
    return Q(valid_from__lte=on) & (Q(valid_to=None) | Q(valid_to__gt=on))


def denominator(subject: Area | Place, kind: str, on: date) -> Fact | None:
    """The newest fact of this kind that holds on the date for this very area or place, never for a part of it."""
    facts = Fact.objects.filter(facts_on(on), kind=kind)
    facts = facts.filter(area=subject) if isinstance(subject, Area) else facts.filter(place=subject)
    return facts.order_by("-valid_from", "-pk").first()


def place_geometry(place: Place) -> BaseGeometry:
    """The ground of a place in metres; a circle is a polygon of 64 corners."""
    ground: BaseGeometry = shapely.from_wkb(bytes(place.geometry))
    return ground
