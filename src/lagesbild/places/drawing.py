"""What the map draws, made once when boundaries are stored: simplified, rounded GeoJSON in WGS 84.

Neighbours keep their common border (coverage simplification), so that no slivers open between areas.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.errors import GEOSException

from lagesbild.core.geo import WGS_84, Floats, project

Geometries = NDArray[np.object_]

OUTLINE_BYTES = 150_000  # all current outlines and the base layers together stay well below a megabyte
POLYGON_BYTES = 500_000
LAYER_BYTES = 250_000
STEPS = 12  # the tolerance doubles at most this often


def draw_shapes(geometries: Geometries, *, crs: int) -> list[str]:
    """One GeoJSON geometry per polygon, together below `POLYGON_BYTES` unless the areas are simply too many."""
    tolerance = _tolerance(geometries)
    shapes = shape_texts(simplified(geometries, tolerance), crs=crs, tolerance_m=tolerance)
    for _step in range(STEPS):
        if sum(map(len, shapes)) <= POLYGON_BYTES:
            break
        tolerance *= 2
        shapes = shape_texts(simplified(geometries, tolerance), crs=crs, tolerance_m=tolerance)
    return shapes


def draw_outline(geometries: Geometries, *, crs: int) -> str:
    """Every border once, as one line geometry in a FeatureCollection."""

    def draw(tolerance: float) -> str:
        lines = shapely.line_merge(shapely.union_all(shapely.boundary(simplified(geometries, tolerance))))
        return collection(np.array([lines], dtype=object), [{}], crs=crs, tolerance_m=tolerance)

    return _within(OUTLINE_BYTES, _tolerance(geometries), draw)


def draw_layer(geometries: Geometries, names: Sequence[str], *, crs: int, tolerance_m: float | None = None) -> str:
    """A base layer of any kind of geometry, below `LAYER_BYTES` if simplifying can bring it there."""
    properties = [{"name": name} if name else {} for name in names]
    return _within(
        LAYER_BYTES,
        tolerance_m if tolerance_m is not None else 2.0,
        lambda tolerance: collection(simplified(geometries, tolerance), properties, crs=crs, tolerance_m=tolerance),
    )


def simplified(geometries: Geometries, tolerance_m: float) -> Geometries:
    """Fewer vertices; polygons of one coverage keep their shared borders and none disappears."""
    made = geometries.copy()
    polygons = shapely.get_dimensions(made) == 2
    if polygons.any():
        try:
            made[polygons] = shapely.coverage_simplify(made[polygons], tolerance_m)
        except GEOSException:  # overlapping areas are no coverage
            made[polygons] = shapely.simplify(made[polygons], tolerance_m, preserve_topology=True)
    lines = shapely.get_dimensions(made) == 1
    made[lines] = shapely.simplify(made[lines], tolerance_m)
    gone = shapely.is_empty(made) & ~shapely.is_empty(geometries)
    made[gone] = geometries[gone]
    return made


def collection(
    geometries: Geometries, properties: Sequence[Mapping[str, Any]], *, crs: int, tolerance_m: float = 0.0
) -> str:
    """A GeoJSON FeatureCollection in WGS 84. A property ``id`` becomes the feature's id."""
    return join_features(shape_texts(geometries, crs=crs, tolerance_m=tolerance_m), properties)


def shape_texts(geometries: Geometries, *, crs: int, tolerance_m: float = 0.0) -> list[str]:
    """Each geometry as GeoJSON, with no more decimals than the tolerance is worth."""
    decimals = 6 if tolerance_m < 2 else 5 if tolerance_m < 50 else 4  # 0.1 m, 1 m, 11 m
    return [str(shape) for shape in shapely.to_geojson(to_lonlat(geometries, crs=crs, decimals=decimals))]


def join_features(shapes: Sequence[str], properties: Sequence[Mapping[str, Any]]) -> str:
    """A FeatureCollection of shapes already written; joining text only."""
    features = (_feature(shape, dict(values)) for shape, values in zip(shapes, properties, strict=True))
    return '{"type":"FeatureCollection","features":[' + ",".join(features) + "]}"


def to_lonlat(geometries: Geometries, *, crs: int, decimals: int = 6) -> Geometries:
    """The shapes as longitude and latitude, all projected in one call, rounded; points that fall together once."""

    def move(points: Floats) -> Floats:
        lon, lat = project(points[:, 0], points[:, 1], from_crs=crs, to_crs=WGS_84)
        return np.column_stack([lon, lat]).round(decimals)

    moved: Geometries = shapely.transform(geometries, move)
    return moved


def _feature(shape: str, properties: dict[str, Any]) -> str:
    identity = properties.pop("id", None)
    head = f'"id":{json.dumps(identity)},' if identity is not None else ""
    text = json.dumps(properties, ensure_ascii=False, separators=(",", ":"))
    return f'{{"type":"Feature",{head}"properties":{text},"geometry":{shape}}}'


def _tolerance(geometries: Geometries) -> float:
    """A two-hundredth of the typical width: unseen when the whole set fills a screen."""
    widths = np.sqrt(shapely.area(geometries))
    widths = widths[widths > 0]
    return max(0.5, float(np.median(widths)) / 200) if widths.size else 0.5


def _within(budget: int, tolerance: float, draw: Callable[[float], str]) -> str:
    text = draw(tolerance)
    for _step in range(STEPS):
        if len(text) <= budget:
            break
        tolerance = max(tolerance, 0.5) * 2
        text = draw(tolerance)
    return text
