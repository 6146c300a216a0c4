"""Points near each other, without ever listing them: the order and the ranges in which kernels look for pairs.

Points are sorted by square cells as wide as the radius, row by row. All that lie near point i and come after it are
then in two runs of that order: the rest of its own row up to the next cell, and three cells of the row to the north.
Memory is O(n) however many pairs there are. What is done with a pair lives with each statistic.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from lagesbild.stats._arrays import FloatArray, IntArray

Metric = Literal["euclidean", "manhattan"]
Places = tuple[FloatArray, FloatArray, IntArray, IntArray, IntArray]
# Room for rows and columns in one whole number, whatever the radius.
MOST_CELLS_A_SIDE = 2**20


@dataclass(frozen=True, eq=False)
class NearOrder:
    """Points in the order of their cells.

    ``order`` says which given point each is. Candidates for point i are i + 1 … row_end[i] - 1 and
    north_start[i] … north_end[i] - 1; each pair within the radius is met once.
    """

    order: IntArray
    x: FloatArray
    y: FloatArray
    row_end: IntArray
    north_start: IntArray
    north_end: IntArray

    @property
    def places(self) -> Places:
        """What kernels take."""
        return self.x, self.y, self.row_end, self.north_start, self.north_end


def near_order(x: FloatArray, y: FloatArray, *, radius_m: float) -> NearOrder:
    """Sort points so that all pairs at most `radius_m` apart, by either metric, are candidates. O(n log n)."""
    if not len(x):
        none = np.empty(0, dtype=np.int64)
        return NearOrder(none, x, y, none, none, none)
    extent = max(float(np.ptp(x)), float(np.ptp(y)))
    # The slack keeps a pair at exactly the radius in touching cells when the quotients are rounded.
    cell = max(radius_m * (1 + 1e-9), extent / MOST_CELLS_A_SIDE) or 1.0
    col, row = (np.floor((values - values.min()) / cell).astype(np.int64) for values in (x, y))
    width = int(col.max()) + 3
    key = row * width + col + 1
    order = np.argsort(key, kind="stable").astype(np.int64)
    key = key[order]
    return NearOrder(
        order=order,
        x=x[order],
        y=y[order],
        row_end=np.searchsorted(key, key + 1, side="right").astype(np.int64),
        north_start=np.searchsorted(key, key + width - 1, side="left").astype(np.int64),
        north_end=np.searchsorted(key, key + width + 1, side="right").astype(np.int64),
    )


def is_manhattan(metric: str) -> bool:
    """Whether distances add up along both axes; refuses what is no metric."""
    if metric not in get_args(Metric):
        raise ValueError(f"`metric` must be 'euclidean' or 'manhattan'. Got {metric!r}.")
    return metric == "manhattan"
