"""The ground that exercise incidents are drawn on, read from the files of the world itself.

From the files, not from what is stored: so the incidents are the same whatever somebody has changed since.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from lagesbild.core.geo import WGS_84, project_geometry
from lagesbild.worlds.description import AreaSetText, World
from lagesbild.worlds.exercise import Ground
from lagesbild.worlds.exercise_plan import ExercisePlan

EDGE_M = 2.0
"""Incidents keep this far from the district's border, so that rounding moves none across."""


@dataclass(frozen=True)
class Features:
    """The rows of a geographic file: one array of shapes, in metres, and the other columns by name."""

    shapes: NDArray[np.object_]
    columns: dict[str, NDArray[Any]]


def read_ground(world: World, plan: ExercisePlan) -> Ground:
    """District without water, places and the finest areas, in the working coordinates of the world."""
    sets = {each.slug: each for each in world.area_sets}
    crs = world.collaboration.working_crs
    district_set = sets[plan.area_set]
    districts = read_shapes(district_set.file, crs)
    district = districts.shapes[districts.columns[district_set.code] == plan.area_code][0]
    water = [read_shapes(layer.file, crs).shapes for layer in world.base_layers if layer.kind == "water" and layer.file]
    land = shapely.difference(district, shapely.union_all(np.concatenate(water))) if water else district
    finest = _finest(sets, plan.area_set)
    areas = read_shapes(finest.file, crs)
    order = np.argsort(areas.columns[finest.code])
    return Ground(
        district=land.buffer(-EDGE_M),
        places=read_places(world.places, crs) if world.places else {},
        area_codes=areas.columns[finest.code][order].tolist(),
        areas=areas.shapes[order].tolist(),
    )


def read_places(path: Path, crs: int) -> dict[str, BaseGeometry]:
    """Places by name; a point with a radius is a circle of 64 corners."""
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    shapes = {}
    for feature in features:
        geometry = shapely.from_geojson(json.dumps(feature["geometry"]))
        moved = project_geometry(geometry, from_crs=WGS_84, to_crs=crs)
        radius_m = feature["properties"]["radius_m"]
        shapes[feature["properties"]["name"]] = moved.buffer(radius_m, quad_segs=16) if radius_m else moved
    return shapes


def _finest(sets: dict[str, AreaSetText], slug: str) -> AreaSetText:
    """The set that lies in this one, and so on downwards."""
    below = next((each for each in sets.values() if each.parent_set == slug), None)
    return _finest(sets, below.slug) if below else sets[slug]


def read_shapes(path: Path, crs: int) -> Features:
    """The features of a file in the coordinates ``crs``."""
    meta, _fids, wkb, values = pyogrio.raw.read(path)
    shapes = [project_geometry(shape, from_crs=meta["crs"], to_crs=crs) for shape in shapely.from_wkb(wkb)]
    return Features(np.array(shapes, dtype=object), dict(zip(meta["fields"], values, strict=True)))
