"""Files for the base map: polygons, lines or points, in working coordinates, with a name if they have one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from lagesbild.core.geo import Floats, project
from lagesbild.places.reading.areas import as_text, understand_layer
from lagesbild.places.reading.layer import Geometries, read_layer
from lagesbild.places.reading.limits import DEFAULT_LIMITS, Limits
from lagesbild.places.reading.shapes import polygons_of, swap_axes


@dataclass(frozen=True)
class BaseGeometry:
    """What a base layer draws; row i of both is one thing."""

    names: tuple[str, ...]
    geometries: Geometries


def read_base_layer(
    path: Path,
    *,
    working_crs: int,
    name_field: str | None = None,
    crs: str | None = None,
    layer: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> BaseGeometry:
    """Read any geometry. A base map is a background: what is empty or cannot be drawn is left out."""
    source = read_layer(path, layer=layer, limits=limits)
    reading = understand_layer(source, crs=crs, working_crs=working_crs)
    from_crs = reading.crs.to_wkt()

    def move(points: Floats) -> Floats:
        x, y = project(points[:, 0], points[:, 1], from_crs=from_crs, to_crs=working_crs)
        return np.column_stack([x, y])

    turned = swap_axes(source.geometries) if reading.swapped else source.geometries
    moved: Geometries = shapely.transform(shapely.force_2d(turned), move)
    for row in np.flatnonzero(~shapely.is_valid(moved) & (shapely.get_dimensions(moved) == 2)):
        moved[row] = polygons_of(shapely.make_valid(moved[row], method="structure", keep_collapsed=False))
    drawn: NDArray[np.bool_] = np.asarray(np.isfinite(shapely.bounds(moved).reshape(-1, 4)).all(axis=1))
    values = source.fields.get(name_field, [""] * len(source)) if name_field else [""] * len(source)
    names = tuple(as_text(value) for value, keep in zip(values, drawn, strict=True) if keep)
    return BaseGeometry(names, moved[drawn])
