"""Coordinates: metres inside, WGS 84 at the edges. Reading files is the business of places."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS, Transformer
from shapely.geometry.base import BaseGeometry

SWEREF_99_TM = 3006
WGS_84 = 4326

Floats = NDArray[np.float64]


@lru_cache(maxsize=64)
def transformer(from_crs: int | str, to_crs: int | str) -> Transformer:
    """A transformer with x = east and y = north on both sides, whatever the authority's axis order."""
    return Transformer.from_crs(CRS.from_user_input(from_crs), CRS.from_user_input(to_crs), always_xy=True)


def project(x: ArrayLike, y: ArrayLike, *, from_crs: int | str, to_crs: int | str) -> tuple[Floats, Floats]:
    """Many points in one call. Points outside the projection become infinite, never an exception."""
    px, py = transformer(from_crs, to_crs).transform(np.asarray(x, float), np.asarray(y, float))
    return np.asarray(px, float), np.asarray(py, float)


def project_geometry(geometry: BaseGeometry, *, from_crs: int | str, to_crs: int | str) -> BaseGeometry:
    """The same shape in other coordinates, vertex by vertex."""
    if from_crs == to_crs:
        return geometry

    def move(points: Floats) -> Floats:
        px, py = project(points[:, 0], points[:, 1], from_crs=from_crs, to_crs=to_crs)
        return np.column_stack([px, py])

    moved: BaseGeometry = shapely.transform(shapely.force_2d(geometry), move)
    return moved


def to_geojson(geometry: BaseGeometry, *, crs: int | str, decimals: int = 6) -> dict[str, Any]:
    """A GeoJSON geometry in WGS 84. Six decimals are a tenth of a metre."""
    lonlat = project_geometry(geometry, from_crs=crs, to_crs=WGS_84)
    rounded = shapely.transform(lonlat, lambda points: np.round(points, decimals))
    mapping: dict[str, Any] = dict(rounded.__geo_interface__)
    return mapping
