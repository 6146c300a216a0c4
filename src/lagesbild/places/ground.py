"""Where a place is: a polygon, or a point with a radius, checked and in working coordinates. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext_lazy as _
from shapely.geometry.base import BaseGeometry

from lagesbild.core.errors import Text, UserError
from lagesbild.core.geo import WGS_84, project, project_geometry
from lagesbild.places.models import PlaceShape
from lagesbild.places.reading.crs import inside_region, parse_crs

QUARTER_SEGMENTS = 16  # a circle is a polygon of 64 corners: 0.12 % of the radius from the truth
SMALLEST_M2, LARGEST_M2 = 10.0, 1e9  # a bench, and a large municipality
SMALLEST_RADIUS_M, LARGEST_RADIUS_M = 2.0, 10_000.0
MOST_CORNERS = 5_000


@dataclass(frozen=True)
class Ground:
    """The ground of a place in the working coordinates. ``x``, ``y`` is its middle, always inside it."""

    shape: str
    geometry: BaseGeometry
    x: float
    y: float
    radius_m: float | None


def circle(x: float, y: float, radius_m: float, *, crs: int | str, working_crs: int) -> Ground:
    """A point with a radius; ``crs`` is of x (east, or longitude) and y (north, or latitude)."""
    if not SMALLEST_RADIUS_M <= radius_m <= LARGEST_RADIUS_M:
        raise _wrong(
            "radius",
            _("The radius must be between {least} and {most} metres."),
            least=int(SMALLEST_RADIUS_M),
            most=int(LARGEST_RADIUS_M),
        )
    px, py = project([x], [y], from_crs=crs, to_crs=working_crs)
    _check_region(px, py, working_crs)
    disc = shapely.Point(px[0], py[0]).buffer(radius_m, quad_segs=QUARTER_SEGMENTS)
    return Ground(PlaceShape.CIRCLE, disc, float(px[0]), float(py[0]), float(radius_m))


def polygon(geometry: BaseGeometry, *, crs: int | str, working_crs: int) -> Ground:
    """A polygon, or several. One that crosses itself is refused: only its maker knows what was meant."""
    if geometry.geom_type not in ("Polygon", "MultiPolygon") or geometry.is_empty:
        raise _wrong("empty", _("Draw the place on the map, or write its coordinates."))
    if shapely.get_num_coordinates(geometry) > MOST_CORNERS:
        raise _wrong(
            "too_detailed", _("The boundary has more than {most} corners. Draw it simpler."), most=MOST_CORNERS
        )
    moved = project_geometry(geometry, from_crs=crs, to_crs=working_crs)
    bounds = np.array(moved.bounds)
    _check_region(bounds[[0, 2]], bounds[[1, 3]], working_crs)
    if not moved.is_valid:
        raise _wrong("crossing", _("The boundary crosses itself. Move the corners so that no side crosses another."))
    if not SMALLEST_M2 <= moved.area <= LARGEST_M2:
        raise _wrong("size", _("The place must be between 10 square metres and 1,000 square kilometres."))
    inside = shapely.get_coordinates(shapely.point_on_surface(moved))[0]
    return Ground(PlaceShape.POLYGON, moved, float(inside[0]), float(inside[1]), None)


def from_feature(feature: Mapping[str, Any] | str, *, working_crs: int) -> Ground:
    """What the map editor gives: a GeoJSON feature in WGS 84; a Point has the property ``radius_m``."""
    try:
        read = json.loads(feature) if isinstance(feature, str) else feature
        shape = read.get("geometry", read)
        geometry = shapely.from_geojson(json.dumps(shape))
        radius_m = float(read.get("properties", {}).get("radius_m") or 0)
    except (ValueError, TypeError, AttributeError, RecursionError, shapely.errors.GEOSException) as error:
        raise _wrong("unreadable", _("The drawing cannot be read. Draw the place again.")) from error
    if isinstance(geometry, shapely.Point) and not geometry.is_empty:
        return circle(geometry.x, geometry.y, radius_m, crs=WGS_84, working_crs=working_crs)
    return polygon(geometry if geometry is not None else shapely.Polygon(), crs=WGS_84, working_crs=working_crs)


def to_feature(ground: Ground, *, working_crs: int) -> dict[str, Any]:
    """The other way: the feature that the editor starts from."""
    if ground.shape == PlaceShape.CIRCLE:
        lon, lat = project([ground.x], [ground.y], from_crs=working_crs, to_crs=WGS_84)
        point = {"type": "Point", "coordinates": [round(float(lon[0]), 6), round(float(lat[0]), 6)]}
        return {"type": "Feature", "properties": {"radius_m": ground.radius_m}, "geometry": point}
    lonlat = project_geometry(ground.geometry, from_crs=working_crs, to_crs=WGS_84)
    return {"type": "Feature", "properties": {}, "geometry": json.loads(shapely.to_geojson(_rounded(lonlat)))}


def _rounded(geometry: BaseGeometry) -> BaseGeometry:
    rounded: BaseGeometry = shapely.transform(geometry, lambda points: np.round(points, 7))  # a centimetre
    return rounded


def _check_region(x: np.ndarray[Any, Any], y: np.ndarray[Any, Any], working_crs: int) -> None:
    finite = bool(np.isfinite(x).all() and np.isfinite(y).all())
    if not finite or not inside_region(x, y, parse_crs(working_crs), working_crs=working_crs).all():
        use = parse_crs(working_crs).area_of_use
        raise _wrong(
            "outside",
            _("The place lies outside {region}. Are the coordinates in the right order and system?"),
            region=use.name.split(" - ")[0] if use else f"EPSG:{working_crs}",
        )


def _wrong(code: str, message: Text, **params: Any) -> UserError:
    return UserError(f"places.ground_{code}", message, "geometry", **params)
