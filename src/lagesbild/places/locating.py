"""Points in polygons, millions at a time: a grid of candidates, edges in strips, one crossing count per point.

The answer is exact: a point so near an edge that rounding could decide is reported as doubtful, and the caller asks
the geometry engine about it. Imported only where it is used, because Numba takes a third of a second to load.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar, cast

import numpy as np
import shapely
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Geometries = NDArray[np.object_]
Kernel = TypeVar("Kernel", bound=Callable[..., object])

NOWHERE, DOUBTFUL = -1, -2
EDGES_PER_STRIP = 8
MOST_STRIPS = 4096
CELLS_PER_AREA = 4
# Rounding error of a 2 × 2 determinant of differences (Shewchuk 1997, bound A), with room to spare.
ERROR_BOUND = 1e-15


def jit(kernel: Kernel) -> Kernel:
    """Compiled once, kept on disk; IEEE arithmetic."""
    return cast("Kernel", njit(cache=True, fastmath=False)(kernel))


@dataclass(frozen=True, eq=False)
class Locator:
    """Polygons prepared for many points. Memory: about 80 bytes a vertex."""

    bounds: Floats  # (m, 4) west, south, east, north
    strip_offset: Ints  # (m + 1,) first strip of each area
    strip_start: Ints  # (strips + 1,) first edge of each strip
    edges: Floats  # (edges, 4) ax, ay, bx, by, strip by strip; an edge stands in every strip that it reaches
    origin: Floats  # west, south of the grid
    cell: Floats  # width, height of its cells
    shape: tuple[int, int]  # columns, rows
    cell_start: Ints  # (cells + 1,) first candidate of each cell
    candidates: Ints  # areas in order, by cell

    def locate(self, x: Floats, y: Floats) -> Ints:
        """For each finite point the first area that holds it, `NOWHERE`, or `DOUBTFUL` on or beside a border."""
        places = (np.floor((y - self.origin[1]) / self.cell[1]) * self.shape[0]) + np.floor(
            (x - self.origin[0]) / self.cell[0]
        )
        order = np.argsort(places)  # neighbours after one another find their borders in the cache: twice as fast
        sorted_found = np.empty(len(x), dtype=np.int64)
        _locate(
            x[order], y[order], sorted_found, self.bounds, self.strip_offset, self.strip_start, self.edges,
            self.origin, self.cell, self.shape[0], self.shape[1], self.cell_start, self.candidates,
        )  # fmt: skip
        found = np.empty(len(x), dtype=np.int64)
        found[order] = sorted_found
        return found


def build_locator(geometries: Geometries) -> Locator:
    """Prepare valid polygons, in the order in which they win."""
    m = len(geometries)
    bounds = np.asarray(shapely.bounds(geometries), dtype=np.float64).reshape(m, 4)
    ends, owner = _edges(geometries)
    per_area = np.bincount(owner, minlength=m)
    strips = np.clip(per_area // EDGES_PER_STRIP, 1, MOST_STRIPS).astype(np.int64)
    strip_offset = np.concatenate([[0], np.cumsum(strips)]).astype(np.int64)
    low = _strip(np.minimum(ends[:, 1], ends[:, 3]), owner, bounds, strips)
    high = _strip(np.maximum(ends[:, 1], ends[:, 3]), owner, bounds, strips)
    strip_start, strip_edges = _group(strip_offset[owner] + low, high - low + 1, int(strip_offset[-1]))
    columns = rows = int(np.clip(np.sqrt(m * CELLS_PER_AREA), 1, 1024))
    origin = bounds[:, :2].min(axis=0)
    cell = np.maximum((bounds[:, 2:].max(axis=0) - origin) / (columns, rows), 1e-9)
    cell_start, candidates = _grid(bounds, origin, cell, (columns, rows))
    return Locator(
        bounds, strip_offset, strip_start, ends[strip_edges], origin, cell, (columns, rows), cell_start, candidates
    )


def _edges(geometries: Geometries) -> tuple[Floats, Ints]:
    """Every side of every ring, holes too, and the area that it belongs to."""
    parts, part_owner = shapely.get_parts(geometries, return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    within = ring[1:] == ring[:-1]
    ends = np.hstack([points[:-1][within], points[1:][within]])
    owner = part_owner[ring_part[ring[1:][within]]]
    return np.ascontiguousarray(ends), owner.astype(np.int64)


def _strip(y: Floats, owner: Ints, bounds: Floats, strips: Ints) -> Ints:
    height = np.maximum(bounds[owner, 3] - bounds[owner, 1], 1e-9)
    place = np.floor((y - bounds[owner, 1]) / height * strips[owner]).astype(np.int64)
    clipped: Ints = np.clip(place, 0, strips[owner] - 1)
    return clipped


def _group(first: Ints, count: Ints, groups: int) -> tuple[Ints, Ints]:
    """Item i belongs to groups first[i] … first[i] + count[i] - 1; the items of each group, in order of item."""
    item = np.repeat(np.arange(len(first)), count)
    step = np.arange(len(item)) - np.repeat(np.cumsum(count) - count, count)
    group = first[item] + step
    order = np.argsort(group, kind="stable")
    start = np.concatenate([[0], np.cumsum(np.bincount(group, minlength=groups))]).astype(np.int64)
    return start, item[order].astype(np.int64)


def _grid(bounds: Floats, origin: Floats, cell: Floats, shape: tuple[int, int]) -> tuple[Ints, Ints]:
    last = np.array(shape) - 1
    low = np.clip(np.floor((bounds[:, :2] - origin) / cell).astype(np.int64), 0, last)
    high = np.clip(np.floor((bounds[:, 2:] - origin) / cell).astype(np.int64), 0, last)
    width, height = (high - low + 1).T
    area = np.repeat(np.arange(len(bounds)), height)
    row = np.arange(len(area)) - np.repeat(np.cumsum(height) - height, height) + low[area, 1]
    start, line = _group(row * shape[0] + low[area, 0], width[area], shape[0] * shape[1])
    return start, area[line].astype(np.int64)


@jit
def _locate(
    x: Floats, y: Floats, found: Ints, bounds: Floats, strip_offset: Ints, strip_start: Ints, edges: Floats,
    origin: Floats, cell: Floats, columns: int, rows: int, cell_start: Ints, candidates: Ints,
) -> None:  # fmt: skip
    for i in range(len(x)):
        found[i] = NOWHERE
        column = int(np.floor((x[i] - origin[0]) / cell[0]))
        row = int(np.floor((y[i] - origin[1]) / cell[1]))
        if column < -1 or row < -1 or column > columns or row > rows:
            continue
        place = min(max(row, 0), rows - 1) * columns + min(max(column, 0), columns - 1)
        for k in range(cell_start[place], cell_start[place + 1]):
            area = candidates[k]
            inside = _inside(x[i], y[i], area, bounds, strip_offset, strip_start, edges)
            if inside != NOWHERE:
                found[i] = area if inside >= 0 else DOUBTFUL
                break


@jit
def _inside(
    px: float, py: float, area: int, bounds: Floats, strip_offset: Ints, strip_start: Ints, edges: Floats
) -> int:  # fmt: skip
    """1 inside, `NOWHERE` outside, `DOUBTFUL` if an edge is too near to tell."""
    south, north = bounds[area, 1], bounds[area, 3]
    if py < south or py > north or px < bounds[area, 0] or px > bounds[area, 2]:
        return NOWHERE
    strips = strip_offset[area + 1] - strip_offset[area]
    place = int(np.floor((py - south) / max(north - south, 1e-9) * strips))
    strip = strip_offset[area] + min(max(place, 0), strips - 1)
    crossings = 0
    for k in range(strip_start[strip], strip_start[strip + 1]):
        ax, ay, bx, by = edges[k, 0], edges[k, 1], edges[k, 2], edges[k, 3]
        if py < min(ay, by) or py > max(ay, by) or px > max(ax, bx):
            continue
        left, right = (bx - ax) * (py - ay), (by - ay) * (px - ax)
        turn = left - right
        if px >= min(ax, bx) and abs(turn) <= ERROR_BOUND * (abs(left) + abs(right)):
            return DOUBTFUL
        if (ay > py) != (by > py) and (px < min(ax, bx) or (turn > 0) == (by > ay)):
            crossings += 1
    return 1 if crossings % 2 else NOWHERE
