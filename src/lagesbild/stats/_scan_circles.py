"""Places and the circles round them: who lies within reach of each place, nearest first, in bounded memory.

Here live coordinates (plane, or longitude and latitude on a sphere), the matching of cases to places, and the lists of
members. Nothing here knows of cases in time.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lagesbild.stats._arrays import BoolArray, FloatArray, IntArray

# The radius SaTScan uses, so that distances agree to the printed digits.
EARTH_RADIUS_M = 6_367_000.0
# Members listed at once: 4 bytes each, 32 MB.
ROOM = 8_000_000
MOST_CELLS_A_SIDE = 2_000
Chunk = tuple[int, IntArray, npt.NDArray[np.int32]]


@dataclass(frozen=True, eq=False)
class Places:
    """Distinct places as points in space [m]; on a sphere distances are chords.

    ``of_given`` says which distinct place each given one is.
    """

    x: FloatArray
    y: FloatArray
    z: FloatArray
    of_given: IntArray
    lonlat: bool

    @classmethod
    def of(cls, x: FloatArray, y: FloatArray, *, lonlat: bool) -> Places:
        points = as_space(x, y, lonlat=lonlat)
        distinct, inverse = np.unique(points, axis=0, return_inverse=True)
        along = np.ascontiguousarray(distinct.T, dtype=np.float64)
        return cls(along[0], along[1], along[2], inverse.ravel().astype(np.int64), lonlat)

    def __len__(self) -> int:
        return len(self.x)

    @property
    def tie(self) -> float:
        """Distances that differ by less are the same but for rounding."""
        return 1e-13 * max((float(np.abs(axis).max()) for axis in (self.x, self.y, self.z) if len(axis)), default=0.0)

    def nearest(self, x: FloatArray, y: FloatArray) -> tuple[IntArray, BoolArray]:
        """The place nearest each point, and whether it lies elsewhere."""
        from scipy.spatial import cKDTree

        tree = cKDTree(np.column_stack((self.x, self.y, self.z)))
        apart, place = tree.query(as_space(x, y, lonlat=self.lonlat))
        elsewhere = np.asarray(apart) > max(self.tie, 1e-6 if self.lonlat else 0.0)
        return np.asarray(place, dtype=np.int64), np.asarray(elsewhere, dtype=np.bool_)

    def distances(self, centre: int) -> FloatArray:
        """From one place to all, straight through space."""
        squares = (self.x - self.x[centre]) ** 2 + (self.y - self.y[centre]) ** 2 + (self.z - self.z[centre]) ** 2
        return np.asarray(np.sqrt(squares), dtype=np.float64)

    def on_ground(self, distance: float) -> float:
        """A straight distance as it is walked."""
        return 2 * EARTH_RADIUS_M * math.asin(distance / (2 * EARTH_RADIUS_M)) if self.lonlat else distance

    def straight(self, distance: float) -> float:
        """The other way round."""
        if not self.lonlat:
            return distance
        return 2 * EARTH_RADIUS_M * math.sin(min(distance / (2 * EARTH_RADIUS_M), math.pi / 2))


def as_space(x: FloatArray, y: FloatArray, *, lonlat: bool) -> FloatArray:
    """Points of shape (n, 3)."""
    if not lonlat:
        return np.column_stack((x, y, np.zeros(len(x))))
    if len(x) and bool((np.abs(y) > 90).any() or (np.abs(x) > 360).any()):
        raise ValueError("`x` and `y` must be longitude and latitude in degrees.")
    lon, lat = np.radians(x), np.radians(y)
    flat = np.column_stack((np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)))
    return np.asarray(EARTH_RADIUS_M * flat, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Circles:
    """All circles round all places. They are listed in chunks that fit in `ROOM`; one chunk is kept if it is all."""

    places: Places
    counted: BoolArray
    share: FloatArray
    radius: float
    most: float
    kept: Chunk | None = None

    def chunks(self) -> Iterator[Chunk]:
        """First centre, pointers and members of each chunk."""
        if self.kept is not None:
            yield self.kept
            return
        first = 0
        while first < len(self.places):
            chunk, first = self._fill(first)
            yield chunk

    def keeping(self) -> Circles:
        """The same circles; with all members in memory if they fit in one chunk."""
        chunk, end = self._fill(0)
        if end < len(self.places):
            return self
        return Circles(self.places, self.counted, self.share, self.radius, self.most, kept=chunk)

    def _fill(self, first: int) -> tuple[Chunk, int]:
        from lagesbild.stats._scan_kernel import fill_circles

        places = self.places
        order, cell_start, n_cols, col, row = self._cells()
        pointer = np.zeros(len(places) - first + 1, dtype=np.int64)
        member = np.empty(self._room(cell_start, n_cols, col, row, first), dtype=np.int32)
        end = fill_circles(
            first,
            places.x,
            places.y,
            places.z,
            order,
            cell_start,
            n_cols,
            col,
            row,
            self.counted,
            self.share,
            self.radius,
            self.most,
            places.tie,
            pointer,
            member,
        )
        pointer = pointer[: end - first + 1].copy()
        return (first, pointer, member[: pointer[-1]].copy()), end

    def _cells(self) -> tuple[IntArray, IntArray, int, IntArray, IntArray]:
        """Places by square cells as wide as the radius; a single cell without one, or on a sphere."""
        places = self.places
        if places.lonlat or not math.isfinite(self.radius):
            none = np.zeros(len(places), dtype=np.int64)
            return np.arange(len(places)), np.array([0, len(places)]), 1, none, none
        extent = max(float(np.ptp(places.x)), float(np.ptp(places.y)))
        width = max(self.radius * (1 + 1e-9), extent / MOST_CELLS_A_SIDE) or 1.0
        col, row = (np.floor((axis - axis.min()) / width).astype(np.int64) for axis in (places.x, places.y))
        n_cols = int(col.max()) + 1
        cell = row * n_cols + col
        n_cells = n_cols * (int(row.max()) + 1)
        start = np.concatenate(([0], np.cumsum(np.bincount(cell, minlength=n_cells)))).astype(np.int64)
        return np.argsort(cell, kind="stable").astype(np.int64), start, n_cols, col, row

    def _room(self, cell_start: IntArray, n_cols: int, col: IntArray, row: IntArray, first: int) -> int:
        """As many members as there are candidates, at most `ROOM`, at least those of one centre."""
        n_rows = (len(cell_start) - 1) // n_cols
        left, right = np.maximum(col[first:] - 1, 0), np.minimum(col[first:] + 2, n_cols)
        candidates = np.zeros(len(left), dtype=np.int64)
        for step in (-1, 0, 1):
            line = row[first:] + step
            inside = (line >= 0) & (line < n_rows)
            base = np.where(inside, line, 0) * n_cols
            candidates += np.where(inside, cell_start[base + right] - cell_start[base + left], 0)
        return int(max(min(int(candidates.sum()), ROOM), int(candidates.max())))
