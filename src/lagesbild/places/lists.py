"""What the pages of places show: lists, what lies where, and distances. Reads only, for one member."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from django.db.models import Count, Q, QuerySet
from shapely.geometry.base import BaseGeometry

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Collaboration, Membership
from lagesbild.core.geo import WGS_84, project
from lagesbild.places.drawing import join_features
from lagesbild.places.models import Area, AreaSet, AreaSetVersion, BaseLayer, BaseLayerKind, Fact, Place, PlaceType
from lagesbild.places.queries import from_wkb, newest, place_geometry


def place_types(collaboration: Collaboration) -> list[PlaceType]:
    """The kinds of place that the collaboration speaks of."""
    return list(PlaceType.objects.filter(collaboration=collaboration))


def places_of(membership: Membership, *, kind: str = "", retired: bool = False) -> QuerySet[Place]:
    """The places that a member may see, with their types; without boundaries. ``kind`` is a type's code."""
    places = Place.objects.filter(visible_to(membership), retired_on__isnull=not retired)
    if kind:
        places = places.filter(types__code=kind)
    return places.select_related("owner").prefetch_related("types").defer("geometry")


def all_places(collaboration: Collaboration) -> QuerySet[Place]:
    """Every place in use, whoever may see it: for the server itself."""
    return (
        Place.objects.filter(collaboration=collaboration, retired_on=None).prefetch_related("types").defer("geometry")
    )


def places_geojson(places: Iterable[Place]) -> str:
    """Each place with its key as id, ``name`` and ``types``; the boundaries are stored as they are sent."""
    rows = list(places)
    names = [
        {
            "id": place.pk,
            "name": place.name,
            "title": place.name,
            "text": ", ".join(kind.shown for kind in place.types.all()),
            "municipality": place.municipality,
        }
        for place in rows
    ]
    return join_features([place.drawing for place in rows], names)


def bounds_of(place: Place | None) -> list[float] | None:
    """west, south, east, north of a place in degrees, for a map that begins there."""
    return list(shapely.from_geojson(place.drawing).bounds) if place is not None else None


def facts_of(membership: Membership, subject: Area | Place) -> QuerySet[Fact]:
    """The facts about an area or place that a member may see, newest first of each kind."""
    about = Q(area=subject) if isinstance(subject, Area) else Q(place=subject)
    return Fact.objects.filter(visible_to(membership), about).select_related("owner")


def areas_at(membership: Membership, x: float, y: float) -> list[Area]:
    """The current areas that a point lies in, one per set at most, largest first."""
    versions = newest(
        AreaSetVersion.objects.filter(area_set__in=AreaSet.objects.filter(visible_to(membership)))
    ).values("pk")
    near = Area.objects.filter(version__in=versions, min_x__lte=x, max_x__gte=x, min_y__lte=y, max_y__gte=y)
    rows = list(near.select_related("version__area_set").order_by("-area_m2", "code"))
    if not rows:
        return []
    inside = np.atleast_1d(shapely.intersects_xy(from_wkb([row.geometry for row in rows]), x, y))
    found: dict[int, Area] = {}
    for row, holds in zip(rows, inside, strict=True):
        if holds:
            found.setdefault(row.version.area_set_id, row)
    return list(found.values())


@dataclass(frozen=True)
class Nearest:
    """The nearest thing of one kind, and how far it is from edge to edge; ``place`` is its key if it is a place."""

    kind: str
    name: str
    distance_m: float
    place: int | None = None


def nearest_of_each_kind(membership: Membership, place: Place) -> list[Nearest]:
    """Of each type of place, and of each layer of points on the base map, the nearest one; nearest first.

    From edge to edge as the crow flies. Which kinds are sensitive (preschools, schools, stations) is for the reader.
    """
    home = place_geometry(place)
    found = [*_nearest_places(membership, place, home), *_nearest_points(membership, home)]
    return sorted(found, key=lambda each: (each.distance_m, each.kind))


def _nearest_places(membership: Membership, place: Place, home: BaseGeometry) -> list[Nearest]:
    others = list(
        Place.objects.filter(visible_to(membership), retired_on=None, types__isnull=False)
        .exclude(pk=place.pk)
        .distinct()
        .prefetch_related("types")
    )
    if not others:
        return []
    distances = shapely.distance(from_wkb([other.geometry for other in others]), home)
    best: dict[str, Nearest] = {}
    for other, distance in zip(others, distances.tolist(), strict=True):
        for kind in other.types.all():
            if kind.code not in best or distance < best[kind.code].distance_m:
                best[kind.code] = Nearest(kind.shown, other.name, distance, other.pk)
    return list(best.values())


def _nearest_points(membership: Membership, home: BaseGeometry) -> list[Nearest]:
    layers = BaseLayer.objects.filter(visible_to(membership), kind=BaseLayerKind.POINT).values_list("name", "geojson")
    found = []
    for name, geojson in layers:
        features = [f for f in json.loads(geojson)["features"] if f["geometry"]["type"] == "Point"]
        if features:
            found.append(_nearest_point(name, features, home, membership.collaboration.working_crs))
    return found


def _nearest_point(layer: str, features: Sequence[dict[str, Any]], home: BaseGeometry, crs: int) -> Nearest:
    lonlat = np.array([feature["geometry"]["coordinates"][:2] for feature in features])
    x, y = project(lonlat[:, 0], lonlat[:, 1], from_crs=WGS_84, to_crs=crs)
    distances = np.atleast_1d(shapely.distance(shapely.points(x, y), home))
    best = int(np.argmin(distances))
    return Nearest(layer, features[best]["properties"].get("name", ""), float(distances[best]))


@dataclass(frozen=True)
class SetRow:
    """An area set in its current version; ``depth`` is how many sets it lies in, one within another."""

    version: AreaSetVersion
    n_areas: int
    depth: int

    @property
    def indent(self) -> str:
        """What stands before the name in a list."""
        return "\u2003" * (self.depth - 1) + "↳ "


def area_sets(membership: Membership) -> list[SetRow]:
    """The sets that a member may see, each right below the one it lies in."""
    sets = AreaSet.objects.filter(visible_to(membership))
    versions = newest(AreaSetVersion.objects.filter(area_set__in=sets)).annotate(n_areas=Count("areas"))
    return list(_nested(list(versions.select_related("area_set__owner", "area_set__parent_set")), None, 0))


def _nested(versions: list[Any], parent: int | None, depth: int) -> Iterable[SetRow]:
    shown = {version.area_set_id for version in versions}
    for version in versions:
        above = version.area_set.parent_set_id
        if (above if above in shown else None) == parent:
            yield SetRow(version, version.n_areas, depth)
            yield from _nested(versions, version.area_set_id, depth + 1)


def versions_of(area_set: AreaSet) -> list[AreaSetVersion]:
    """All versions, newest first."""
    return list(AreaSetVersion.objects.filter(area_set=area_set).annotate(n_areas=Count("areas")))


def version_with(area_set: AreaSet, area: int | None) -> AreaSetVersion | None:
    """The current version, or the one that holds the area with this key."""
    versions = AreaSetVersion.objects.filter(area_set=area_set)
    if area is not None:
        versions = versions.filter(areas=area)
    return versions.order_by("-number").first()


def latest_facts(membership: Membership, areas: Sequence[Area]) -> dict[int, list[Fact]]:
    """Of each area the newest fact of each kind."""
    facts = Fact.objects.filter(visible_to(membership), area__in=[area.pk for area in areas])
    found: dict[int, dict[str, Fact]] = {}
    for fact in facts.order_by("valid_from", "pk"):
        if fact.area_id is not None:
            found.setdefault(fact.area_id, {})[fact.kind] = fact
    return {area: list(kinds.values()) for area, kinds in found.items()}


def area_in(area_set: AreaSet, pk: int) -> Area | None:
    """One area of any version of the set."""
    return Area.objects.filter(version__area_set=area_set, pk=pk).select_related("version", "parent").first()


def parts_of(area: Area) -> list[Area]:
    """The areas that lie in this one, in all sets below it, in their current versions."""
    versions = newest(AreaSetVersion.objects.filter(area_set__parent_set=area.version.area_set_id)).values("pk")
    parts = Area.objects.filter(parent=area, version__in=versions)
    return list(parts.select_related("version__area_set").defer("geometry").order_by("version", "name"))
