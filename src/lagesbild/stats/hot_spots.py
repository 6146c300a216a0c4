"""Hot spots: cells that stand out after correction, gathered into connected clusters.

Here live the clusters and their figures. The test behind them is `gi_star`, the correction `multiple`,
and what became of a cluster since last time `hot_spot_change`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from lagesbild.stats._arrays import ArrayLike, BoolArray, FloatArray, IntArray, require_finite
from lagesbild.stats._result import Result
from lagesbild.stats.gi_star import GiStarResult
from lagesbild.stats.grid import Grid
from lagesbild.stats.multiple import benjamini_hochberg
from lagesbild.stats.notes import Note

Kind = Literal["hot", "cold"]


@dataclass(frozen=True, eq=False, kw_only=True)
class HotSpot:
    """One cluster of cells that touch along an edge or at a corner.

    ``label`` is its number in ``labels``; ``cells`` are cell numbers (``row * n_cols + col``). The centroid is
    weighted by events and may fall between the cells of a crooked cluster; the peak, the centre of the cell with most
    events (fewest for cold spots), never does. ``expected`` is what the cluster would hold at the mean of the
    study area. ``z_max`` is the z furthest from 0, negative for cold spots.
    """

    kind: Kind
    label: int
    cells: IntArray
    n_events: float
    expected: float
    area_m2: float
    centroid_x: float
    centroid_y: float
    peak_x: float
    peak_y: float
    peak_cell: int
    peak_events: float
    z_max: float
    p_adjusted_min: float


@dataclass(frozen=True, eq=False, kw_only=True)
class HotSpotsResult(Result):
    """Clusters, largest first. ``labels`` is 0 elsewhere, 1, 2 … in hot and -1, -2 … in cold spots."""

    method: ClassVar[str] = "hot_spots"
    version: ClassVar[str] = "1"

    hot: tuple[HotSpot, ...]
    cold: tuple[HotSpot, ...]
    labels: IntArray
    p_adjusted: FloatArray
    n_tests: int
    n_significant: int
    grid: Grid

    @property
    def hot_mask(self) -> BoolArray:
        """Cells of hot spots, shape (n_rows, n_cols)."""
        return np.asarray(self.labels > 0)

    @property
    def cold_mask(self) -> BoolArray:
        """Cells of cold spots, shape (n_rows, n_cols)."""
        return np.asarray(self.labels < 0)


def hot_spots(
    counts: ArrayLike,
    *,
    grid: Grid,
    gi: GiStarResult,
    alpha: float = 0.05,
    min_count: int = 5,
) -> HotSpotsResult:
    """Where do events gather more than chance allows, after correction for all the places looked at?

    Parameters
    ----------
    counts : array of shape (n_rows, n_cols), int or float
        Events in each cell, the same that `gi` was computed from.
    grid : Grid
        The cells.
    gi : GiStarResult
        From `gi_star_grid` on these counts.
    alpha : float in (0, 1)
        False discovery rate over all cells of the study area.
    min_count : int >= 0
        Hot clusters with fewer events are left out, with a note: two events next to an empty park are not a
        place to send people to, whatever the p-value. It does not apply to cold spots.

    Returns
    -------
    HotSpotsResult
        ``hot`` and ``cold`` clusters, ``labels`` and ``p_adjusted`` of shape (n_rows, n_cols), ``n_tests``,
        ``n_significant`` (cells), ``notes``.

    Raises
    ------
    ValueError
        If `counts`, `grid` and `gi` disagree about the shape.

    Notes
    -----
    1. A cell is significant together with its neighbours. A cluster can hold cells without events.
    2. Corrected over all cells of the study area, not only those with events ([1]_).
    3. Order: by number of events, then by the cell that comes first. Ties for the peak go to the higher z,
       then to the cell that comes first.

    Cost: O(m log m) time, O(m) memory.

    References
    ----------
    .. [1] Caldas de Castro, M. and Singer, B. H. (2006). Controlling the false discovery rate. Geographical
       Analysis 38(2), 180-208. doi:10.1111/j.0016-7363.2006.00682.x.
    """
    cells = np.asarray(counts, dtype=np.float64)
    require_finite("counts", cells)
    if not cells.shape == gi.z.shape == grid.shape:
        raise ValueError(f"`counts` must have the shape of `grid` and `gi`. Got {cells.shape} for {grid.shape}.")
    corrected = benjamini_hochberg(gi.pvalue[gi.inside], alpha=alpha)
    p_adjusted, significant = np.ones(grid.shape), np.zeros(grid.shape, dtype=np.bool_)
    p_adjusted[gi.inside], significant[gi.inside] = corrected.adjusted, corrected.rejected
    clusters = _Clusters(cells=cells, grid=grid, gi=gi, p_adjusted=p_adjusted)
    found = clusters.of(significant & (gi.z > 0), "hot")
    hot = tuple(cluster for cluster in found if cluster.n_events >= min_count)
    cold = clusters.of(significant & (gi.z < 0), "cold")
    return HotSpotsResult(
        hot=hot,
        cold=cold,
        labels=_labels(hot + cold, grid),
        p_adjusted=p_adjusted,
        n_tests=corrected.n_tests,
        n_significant=corrected.n_rejected,
        grid=grid,
        parameters={**gi.parameters, "alpha": float(alpha), "correction": corrected.method, "min_count": min_count},
        notes=gi.notes + _notes(left_out=len(found) - len(hot), found=len(hot) + len(cold), min_count=min_count),
    )


def connected(mask: BoolArray) -> tuple[IntArray, int]:
    """Number the connected parts of a mask; cells that share an edge or a corner belong together."""
    from scipy.ndimage import label

    parts, n_parts = label(mask, structure=np.ones((3, 3), dtype=np.int64))
    return np.asarray(parts, dtype=np.int64), int(n_parts)


@dataclass(frozen=True, eq=False)
class _Clusters:
    cells: FloatArray
    grid: Grid
    gi: GiStarResult
    p_adjusted: FloatArray

    def of(self, mask: BoolArray, kind: Kind) -> tuple[HotSpot, ...]:
        parts, n_parts = connected(mask)
        flat = parts.ravel()
        members = np.flatnonzero(flat)
        members = members[np.argsort(flat[members], kind="stable")]
        ends = np.cumsum(np.bincount(flat, minlength=n_parts + 1)[1:])
        groups = np.split(members, ends[:-1]) if n_parts else []
        totals = [float(self.cells.ravel()[group].sum()) for group in groups]
        order = sorted(range(n_parts), key=lambda part: (-totals[part], int(groups[part][0])))
        sign = 1 if kind == "hot" else -1
        return tuple(self._one(groups[part], kind, sign * number) for number, part in enumerate(order, start=1))

    def _one(self, cells: IntArray, kind: Kind, label: int) -> HotSpot:
        events, z = self.cells.ravel()[cells], self.gi.z.ravel()[cells]
        sign = 1 if kind == "hot" else -1
        peak = int(np.lexsort((cells, -sign * z, -sign * events))[0])
        row, col = np.divmod(cells, self.grid.n_cols)
        east, north = (
            origin + (at + 0.5) * self.grid.cell_m for origin, at in ((self.grid.x0, col), (self.grid.y0, row))
        )
        weights = events if float(events.sum()) > 0 else np.ones(len(cells))
        return HotSpot(
            kind=kind,
            label=label,
            cells=cells,
            n_events=float(events.sum()),
            expected=self.gi.mean * len(cells),
            area_m2=len(cells) * self.grid.cell_area_m2,
            centroid_x=float(np.average(east, weights=weights)),
            centroid_y=float(np.average(north, weights=weights)),
            peak_x=float(east[peak]),
            peak_y=float(north[peak]),
            peak_cell=int(cells[peak]),
            peak_events=float(events[peak]),
            z_max=float(z[np.argmax(np.abs(z))]),
            p_adjusted_min=float(self.p_adjusted.ravel()[cells].min()),
        )


def _labels(clusters: tuple[HotSpot, ...], grid: Grid) -> IntArray:
    labels = np.zeros(grid.n_cells, dtype=np.int64)
    for cluster in clusters:
        labels[cluster.cells] = cluster.label
    return labels.reshape(grid.shape)


def _notes(*, left_out: int, found: int, min_count: int) -> tuple[Note, ...]:
    notes = []
    if left_out:
        notes.append(Note("hot_spots.below_min_count", {"n": left_out, "min_count": min_count}))
    if not found:
        notes.append(Note("hot_spots.none"))
    return tuple(notes)
