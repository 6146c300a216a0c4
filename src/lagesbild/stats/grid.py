"""Square cells over a study area: which cell a point lies in, how many points each cell holds.

Here live the geometry of the grid and counting. Polygons stay outside the library: which cells belong
to a study area comes in as a boolean array of shape (n_rows, n_cols).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self, overload

import numpy as np

from lagesbild.stats._arrays import ArrayLike, FloatArray, IntArray, as_points, as_vector, require_positive

MAX_CELLS = 4_000_000
# Beyond this many cells from the origin a float64 no longer holds both edges of a cell.
FARTHEST_CELL = 2.0**50


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid of square cells. Row 0 is the southernmost, column 0 the westernmost.

    Cells are half-open: a point on a western or southern edge belongs to the cell, one on the eastern or
    northern edge to the next.

    Parameters
    ----------
    x0, y0 : float
        South-western corner [m, SWEREF 99 TM].
    cell_m : float > 0
        Side of a cell [m].
    n_cols, n_rows : int > 0
        Cells from west to east and from south to north.
    """

    x0: float
    y0: float
    cell_m: float
    n_cols: int
    n_rows: int

    def __post_init__(self) -> None:
        require_positive("cell_m", self.cell_m, unit="metres")
        if not (math.isfinite(self.x0) and math.isfinite(self.y0)):
            raise ValueError(f"`x0` and `y0` must be finite. Got {self.x0} and {self.y0}.")
        for name in ("x0", "y0", "cell_m"):
            object.__setattr__(self, name, float(getattr(self, name)))
        if self.n_cols < 1 or self.n_rows < 1:
            raise ValueError(f"`n_cols` and `n_rows` must be at least 1. Got {self.n_cols} and {self.n_rows}.")

    @classmethod
    def covering(
        cls,
        x: ArrayLike = (),
        y: ArrayLike = (),
        *,
        cell_m: float,
        bounds: tuple[float, float, float, float] | None = None,
        max_cells: int = MAX_CELLS,
    ) -> Self:
        """The smallest grid over all points, or over `bounds` when given.

        Edges are whole multiples of `cell_m` from the origin of the coordinates, so that the same cells
        recur for every period and every selection.

        Parameters
        ----------
        x, y : array of shape (n,), float
            Easting and northing [m].
        cell_m : float > 0
            Side of a cell [m].
        bounds : (x_min, y_min, x_max, y_max), optional
            The grid covers this box; points outside it are left out.
        max_cells : int
            Refuse larger grids. One stray coordinate at (0, 0) would otherwise ask for millions of cells.

        Raises
        ------
        ValueError
            If there is nothing to cover, or the grid would be larger than `max_cells`.
        """
        require_positive("cell_m", cell_m, unit="metres")
        x_range, y_range = _ranges(x, y, bounds)
        col0, col1 = _cells_over(x_range, cell_m, closed=bounds is None)
        row0, row1 = _cells_over(y_range, cell_m, closed=bounds is None)
        n_cols, n_rows = col1 - col0, row1 - row0
        if n_cols * n_rows > max_cells:
            raise ValueError(
                f"`cell_m` must be large enough for at most {max_cells} cells. "
                f"Got {cell_m} metres, which makes {n_cols * n_rows}."
            )
        return cls(col0 * cell_m, row0 * cell_m, cell_m, n_cols, n_rows)

    @property
    def shape(self) -> tuple[int, int]:
        """(n_rows, n_cols)."""
        return self.n_rows, self.n_cols

    @property
    def n_cells(self) -> int:
        """Number of cells."""
        return self.n_rows * self.n_cols

    @property
    def cell_area_m2(self) -> float:
        """Area of one cell [m²]."""
        return self.cell_m * self.cell_m

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """(x_min, y_min, x_max, y_max) [m]."""
        return self.x0, self.y0, self.x0 + self.n_cols * self.cell_m, self.y0 + self.n_rows * self.cell_m

    def cell_index(self, x: ArrayLike, y: ArrayLike) -> IntArray:
        """Number of the cell of each point, ``row * n_cols + col``; -1 outside the grid. Shape (n,)."""
        east, north = as_points(x, y)
        col = _positions(east, self.x0, self.cell_m, self.n_cols)
        row = _positions(north, self.y0, self.cell_m, self.n_rows)
        return np.where((col >= 0) & (row >= 0), row * self.n_cols + col, np.int64(-1))

    @overload
    def count(self, x: ArrayLike, y: ArrayLike, weights: None = None) -> IntArray: ...

    @overload
    def count(self, x: ArrayLike, y: ArrayLike, weights: ArrayLike) -> FloatArray: ...

    def count(self, x: ArrayLike, y: ArrayLike, weights: ArrayLike | None = None) -> IntArray | FloatArray:
        """Points in each cell, shape (n_rows, n_cols): whole numbers, or sums of `weights` as floats."""
        cell = self.cell_index(x, y)
        hit = cell >= 0
        if weights is None:
            counts = np.bincount(cell[hit], minlength=self.n_cells)
            return counts.astype(np.int64, copy=False).reshape(self.shape)
        weight = as_vector("weights", weights)
        if len(weight) != len(cell):
            raise ValueError(f"`weights` must have one value per point. Got {len(weight)} for {len(cell)} points.")
        return np.bincount(cell[hit], weights=weight[hit], minlength=self.n_cells).reshape(self.shape)

    def centres(self) -> tuple[FloatArray, FloatArray]:
        """Easting and northing of each cell's centre, two arrays of shape (n_rows, n_cols)."""
        east = self.x0 + (np.arange(self.n_cols) + 0.5) * self.cell_m
        north = self.y0 + (np.arange(self.n_rows) + 0.5) * self.cell_m
        grid_east, grid_north = np.meshgrid(east, north)
        return grid_east, grid_north

    def to_dict(self) -> dict[str, float | int]:
        """The five numbers that make the grid."""
        return {
            "x0": self.x0,
            "y0": self.y0,
            "cell_m": self.cell_m,
            "n_cols": self.n_cols,
            "n_rows": self.n_rows,
        }


def _ranges(
    x: ArrayLike, y: ArrayLike, bounds: tuple[float, float, float, float] | None
) -> tuple[tuple[float, float], tuple[float, float]]:
    if bounds is not None:
        x_min, y_min, x_max, y_max = (float(edge) for edge in bounds)
        if not (all(map(math.isfinite, (x_min, y_min, x_max, y_max))) and x_min < x_max and y_min < y_max):
            raise ValueError(f"`bounds` must be (x_min, y_min, x_max, y_max) with a positive area. Got {bounds}.")
        return (x_min, x_max), (y_min, y_max)
    east, north = as_points(x, y)
    if len(east) == 0:
        raise ValueError("`bounds` must be given when there are no points to cover. Got 0 points.")
    return (float(east.min()), float(east.max())), (float(north.min()), float(north.max()))


def _cells_over(span: tuple[float, float], cell_m: float, *, closed: bool) -> tuple[int, int]:
    """First cell and the one after the last. A closed span has a point on its upper end."""
    farthest = max(abs(span[0]), abs(span[1]))
    if farthest / cell_m > FARTHEST_CELL:
        raise ValueError(f"`cell_m` must be large enough to tell cells apart at {farthest:g} metres. Got {cell_m}.")
    low = math.floor(span[0] / cell_m)
    if low * cell_m > span[0]:
        low -= 1
    high = math.ceil(span[1] / cell_m)
    while high * cell_m < span[1] or (closed and high * cell_m <= span[1]):
        high += 1
    return low, high


def _positions(values: FloatArray, origin: float, cell_m: float, n_cells: int) -> IntArray:
    """Half-open position along one axis, -1 outside."""
    position = np.floor((values - origin) / cell_m)
    # A quotient just below a whole number can round up to it: compare with the edges themselves.
    position -= values < origin + position * cell_m
    position += values >= origin + (position + 1.0) * cell_m
    inside = (position >= 0) & (position < n_cells)
    return np.where(inside, position, -1.0).astype(np.int64)
