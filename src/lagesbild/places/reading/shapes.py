"""Boundaries made sound: polygons only, valid, flat, in working coordinates. Repairs are told, never silent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import GeometryType
from shapely.geometry.base import BaseGeometry

from lagesbild.core.geo import Floats, project
from lagesbild.places.reading.crs import Reading
from lagesbild.places.reading.layer import Geometries
from lagesbild.places.reading.remarks import Remark

LONGEST_EDGE_DEGREES = 0.002
POLYGONS = (GeometryType.POLYGON, GeometryType.MULTIPOLYGON)


@dataclass(frozen=True)
class Made:
    """One polygon per row, None where there is a problem."""

    geometries: Geometries
    problems: tuple[Remark, ...]
    repairs: tuple[Remark, ...]


def make_polygons(geometries: Geometries, unreadable: NDArray[np.bool_], *, swapped: bool = False) -> Made:
    """Keep what is a polygon, make it valid, and say of each row what was wrong with it or done to it."""
    made = shapely.force_2d(geometries.copy())
    if swapped:
        made = swap_axes(made)
    problems: list[Remark] = []
    repairs: list[Remark] = []
    for row in range(len(made)):
        problem = _problem(made[row], bool(unreadable[row]), row + 1)
        if problem:
            problems.append(problem)
            made[row] = None
    for row in np.flatnonzero(~_sound(made)).tolist():
        made[row], remark = _repair(made[row], row + 1)
        (repairs if made[row] is not None else problems).append(remark)
    return Made(made, tuple(problems), tuple(repairs))


def swap_axes(geometries: Geometries) -> Geometries:
    """East for north."""
    swapped: Geometries = shapely.transform(geometries, lambda points: points[:, ::-1])
    return swapped


def to_working(geometries: Geometries, reading: Reading, *, working_crs: int) -> tuple[Geometries, list[Remark]]:
    """All boundaries projected in one call. What only the projection made invalid is mended without a word."""
    from_crs = reading.crs.to_wkt()

    def move(points: Floats) -> Floats:
        x, y = project(points[:, 0], points[:, 1], from_crs=from_crs, to_crs=working_crs)
        return np.column_stack([x, y])

    same = reading.crs.to_epsg() == working_crs
    if reading.crs.is_geographic:
        geometries = _densified(geometries)
    moved: Geometries = geometries.copy() if same else shapely.transform(geometries, move)
    finite = np.isfinite(shapely.bounds(moved).reshape(-1, 4)).all(axis=1) | shapely.is_missing(geometries)
    problems = [
        Remark("outside_projection", int(row) + 1, params={"crs": reading.label}) for row in np.flatnonzero(~finite)
    ]
    moved[~finite] = None
    for row in np.flatnonzero(~shapely.is_valid(moved) & ~shapely.is_missing(moved)):
        moved[row] = _mended(moved[row])
    return shapely.normalize(moved), problems


def _densified(geometries: Geometries) -> Geometries:
    """A border that is straight in degrees is curved in metres: split it so that it stays within three millimetres.

    Incidents often lie on street middles that are also borders; without this some change side. Rounding to a
    hundredth of a millimetre keeps the new vertices of two neighbours equal, whichever way round each is drawn.
    """
    split = shapely.segmentize(geometries, LONGEST_EDGE_DEGREES)
    rounded: Geometries = shapely.transform(split, lambda points: np.round(points, 10))
    return rounded


def polygons_of(geometry: BaseGeometry) -> BaseGeometry | None:
    """The polygons in any geometry, as one; None if there are none."""
    if shapely.get_type_id(geometry) in POLYGONS:
        return None if shapely.is_empty(geometry) else geometry
    parts = shapely.get_parts(shapely.get_parts(geometry))
    parts = parts[np.isin(shapely.get_type_id(parts), POLYGONS)]
    return polygons_of(shapely.union_all(parts)) if len(parts) else None


def _mended(geometry: BaseGeometry) -> BaseGeometry | None:
    """The polygons of a broken shape, sound.

    GEOS 3.14 may answer with two parts that share an edge, which is not sound either; joining the parts is.
    """
    valid = polygons_of(shapely.make_valid(geometry, method="structure", keep_collapsed=False))
    if valid is not None and not shapely.is_valid(valid):
        return polygons_of(shapely.union_all(shapely.get_parts(valid)))
    return valid


def _problem(geometry: BaseGeometry | None, unreadable: bool, row: int) -> Remark | None:
    if unreadable:
        return Remark("unreadable_geometry", row)
    if geometry is None or shapely.is_empty(geometry):
        return Remark("empty_geometry", row)
    if not np.isfinite(shapely.get_coordinates(geometry)).all():
        return Remark("not_finite", row)
    kind = GeometryType(int(shapely.get_type_id(geometry)))
    if kind not in (*POLYGONS, GeometryType.GEOMETRYCOLLECTION):
        return Remark("not_a_polygon", row, params={"kind": geometry.geom_type})
    if kind is GeometryType.GEOMETRYCOLLECTION and polygons_of(geometry) is None:
        return Remark("not_a_polygon", row, params={"kind": geometry.geom_type})
    return None


def _sound(geometries: Geometries) -> NDArray[np.bool_]:
    sound: NDArray[np.bool_] = (
        shapely.is_valid(geometries) & np.isin(shapely.get_type_id(geometries), POLYGONS)
    ) | shapely.is_missing(geometries)
    return sound


def _repair(geometry: BaseGeometry, row: int) -> tuple[BaseGeometry | None, Remark]:
    if shapely.get_type_id(geometry) == GeometryType.GEOMETRYCOLLECTION and shapely.is_valid(geometry):
        loose = int((~np.isin(shapely.get_type_id(shapely.get_parts(geometry)), POLYGONS)).sum())
        return polygons_of(geometry), Remark("parts_dropped", row, params={"count": loose})
    reason = shapely.is_valid_reason(geometry).split("[")[0].strip()
    valid = _mended(geometry)
    if valid is None:
        return None, Remark("vanished", row)
    before, after = shapely.area(geometry), shapely.area(valid)
    change = 100 * (after - before) / before if before else 0.0
    return valid, Remark("made_valid", row, params={"reason": reason, "change_pct": f"{change:+.2f}"})
