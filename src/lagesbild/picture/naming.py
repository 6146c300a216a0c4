"""Names of hot spots: by the place they lie at, else by the area, else by coordinates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from lagesbild.picture.content import SpotName
from lagesbild.picture.ground import AreaNode, PlaceRow

REACH_M = 150.0


def name_spots(
    xs: Sequence[float],
    ys: Sequence[float],
    *,
    places: Sequence[PlaceRow],
    areas: Sequence[AreaNode | None],
) -> list[SpotName]:
    """The nearest place whose ground lies within 150 m of the peak; ``areas`` are what each peak lies in otherwise."""
    points = shapely.points(np.asarray(xs), np.asarray(ys))
    nearest = _nearest(points, places)
    return [
        _one(places[at] if at is not None else None, area, x, y)
        for at, area, x, y in zip(nearest, areas, xs, ys, strict=True)
    ]


def _nearest(points: object, places: Sequence[PlaceRow]) -> list[int | None]:
    """The place that says most precisely where a point is: near, and small. A whole quarter loses to its square."""
    if not places:
        return [None] * len(np.atleast_1d(np.asarray(points, dtype=object)))
    grounds = np.array([_ground(place) for place in places], dtype=object)
    size = np.sqrt(shapely.area(grounds) / np.pi)
    found: list[int | None] = []
    for point in np.atleast_1d(np.asarray(points, dtype=object)):
        edge = shapely.distance(grounds, point)
        best = int(np.argmin(np.where(edge <= REACH_M, edge + size, np.inf)))
        found.append(best if edge[best] <= REACH_M else None)
    return found


def _ground(place: PlaceRow) -> object:
    if place.radius_m is not None:
        return shapely.Point(place.x, place.y).buffer(place.radius_m)
    return shapely.from_wkb(bytes.fromhex(place.wkb)) if place.wkb else shapely.Point(place.x, place.y)


def _one(place: PlaceRow | None, area: AreaNode | None, x: float, y: float) -> SpotName:
    if place is not None:
        return SpotName(name=place.name, kind="place")
    if area is not None:
        return SpotName(name=area.name, kind="area", near=False)
    return SpotName(name=f"{x:.0f}, {y:.0f}", kind="coordinates", near=False)
