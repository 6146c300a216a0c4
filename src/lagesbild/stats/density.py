"""Kernel density of events on a grid: how many events per square kilometre, smoothed.

Here live the density, its kernels and the edge correction. Whether a high density is more than chance
is answered by `gi_star`, not here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

import numpy as np

from lagesbild.stats._arrays import (
    ArrayLike,
    BoolArray,
    FloatArray,
    as_mask,
    require_finite,
    require_positive,
)
from lagesbild.stats._result import Result
from lagesbild.stats.grid import Grid
from lagesbild.stats.notes import Note
from lagesbild.stats.window import Window, require_reach

Kernel = Literal["quartic", "gaussian"]

M2_PER_KM2 = 1_000_000.0
GAUSSIAN_REACH_SD = 5.0


@dataclass(frozen=True, eq=False, kw_only=True)
class DensityResult(Result):
    """Events per km² in each cell, 0 outside the study area."""

    method: ClassVar[str] = "density"
    version: ClassVar[str] = "1"

    per_km2: FloatArray
    inside: BoolArray
    grid: Grid
    n_events: float


def density(
    x: ArrayLike,
    y: ArrayLike,
    *,
    grid: Grid,
    kernel: Kernel = "quartic",
    bandwidth_m: float,
    weights: ArrayLike | None = None,
    inside: ArrayLike | None = None,
    edge_correction: bool = True,
) -> DensityResult:
    """How many events per square kilometre are there round each cell?

    Parameters
    ----------
    x, y : array of shape (n,), float
        Easting and northing [m, SWEREF 99 TM].
    grid : Grid
        The cells to fill.
    kernel : {"quartic", "gaussian"}
        Quartic: weight falls smoothly to nothing at the bandwidth. Gaussian: the bandwidth is the
        standard deviation.
    bandwidth_m : float > 0
        Reach (quartic) or standard deviation (Gaussian) of the smoothing [m].
    weights : array of shape (n,), float >= 0, optional
        How much each event counts; 1 when absent.
    inside : array of shape (n_rows, n_cols), bool, optional
        Cells of the study area; the whole grid when absent. Events in other cells are left out.
    edge_correction : bool
        Divide by the part of the kernel that lies inside the study area, so that places at its edge do not
        look emptier than they are.

    Returns
    -------
    DensityResult
        ``per_km2`` of shape (n_rows, n_cols), ``inside``, ``n_events`` (sum of weights used), ``notes``.

    Raises
    ------
    ValueError
        If arrays differ in length, hold NaN, or a weight is negative.

    Notes
    -----
    1. Every event counts as if it lay at the centre of its cell (simple binning). With a bandwidth of at
       least three cells the error is small beside the choice of bandwidth.
    2. The kernel is averaged over each cell and scaled so that its sum is one: without edge correction and
       far from the edge, density times area is exactly the number of events.
    3. Edge rule: f(c) = Σ K(c - x_i) / Σ_{u inside} K(c - u), the correction of [2]_ on cells.
    4. The Gaussian is cut at five standard deviations.

    Cost: O(n + m log m) time and O(m) memory, for n events and m cells.

    References
    ----------
    .. [1] Silverman, B. W. (1986). Density Estimation for Statistics and Data Analysis, ch. 4.
       doi:10.1201/9781315140919. The quartic kernel is its K2, eq. 4.5.
    .. [2] Diggle, P. (1985). A kernel method for smoothing point process data. Applied Statistics 34(2),
       138-147. doi:10.2307/2347366.
    .. [3] Silverman, B. W. (1982). Algorithm AS 176: Kernel density estimation using the fast Fourier
       transform. Applied Statistics 31(1), 93-99. doi:10.2307/2347084.
    """
    counts = grid.count(x, y).astype(np.float64) if weights is None else grid.count(x, y, weights)
    n_given = float(np.size(x)) if weights is None else float(np.sum(np.asarray(weights, dtype=np.float64)))
    if weights is not None and np.size(weights) and float(np.min(np.asarray(weights))) < 0:
        raise ValueError("`weights` must not be negative.")
    return _smooth(
        counts,
        grid=grid,
        kernel=kernel,
        bandwidth_m=bandwidth_m,
        inside=as_mask("inside", inside, shape=grid.shape),
        edge_correction=edge_correction,
        n_given=n_given,
    )


def density_of_counts(
    counts: ArrayLike,
    *,
    grid: Grid,
    kernel: Kernel = "quartic",
    bandwidth_m: float,
    inside: ArrayLike | None = None,
    edge_correction: bool = True,
) -> DensityResult:
    """The same as `density`, for events that are already counted per cell.

    Parameters
    ----------
    counts : array of shape (n_rows, n_cols), >= 0
        Events or sums of weights in each cell.
    grid, kernel, bandwidth_m, inside, edge_correction
        As in `density`.

    Returns
    -------
    DensityResult
    """
    cells = np.asarray(counts, dtype=np.float64)
    require_finite("counts", cells)
    if cells.shape != grid.shape:
        raise ValueError(f"`counts` must have the shape of the grid, {grid.shape}. Got {cells.shape}.")
    if float(cells.min()) < 0:
        raise ValueError("`counts` must not be negative.")
    return _smooth(
        cells,
        grid=grid,
        kernel=kernel,
        bandwidth_m=bandwidth_m,
        inside=as_mask("inside", inside, shape=grid.shape),
        edge_correction=edge_correction,
        n_given=float(cells.sum()),
    )


def _smooth(
    counts: FloatArray,
    *,
    grid: Grid,
    kernel: Kernel,
    bandwidth_m: float,
    inside: BoolArray,
    edge_correction: bool,
    n_given: float,
) -> DensityResult:
    if kernel not in get_args(Kernel):
        raise ValueError(f"`kernel` must be one of {', '.join(get_args(Kernel))}. Got {kernel!r}.")
    require_positive("bandwidth_m", bandwidth_m, unit="metres")
    require_reach("bandwidth_m", bandwidth_m / grid.cell_m)
    used = np.where(inside, counts, 0.0)
    n_events = float(used.sum())
    smooth = _gaussian if kernel == "gaussian" else _quartic
    per_cell = smooth(used, bandwidth_m / grid.cell_m)
    if edge_correction:
        share = smooth(inside.astype(np.float64), bandwidth_m / grid.cell_m)
        per_cell = np.divide(per_cell, share, out=np.zeros_like(per_cell), where=inside & (share > 0))
    return DensityResult(
        per_km2=np.where(inside, per_cell, 0.0) * (M2_PER_KM2 / grid.cell_area_m2),
        inside=inside,
        grid=grid,
        n_events=n_events,
        parameters={"kernel": kernel, "bandwidth_m": float(bandwidth_m), "edge_correction": edge_correction},
        notes=_notes(n_given=n_given, n_events=n_events, narrow=bandwidth_m < 2 * grid.cell_m),
    )


def _notes(*, n_given: float, n_events: float, narrow: bool) -> tuple[Note, ...]:
    notes = []
    outside = round(n_given - n_events, 6)
    if outside > 0:
        notes.append(Note("density.events_outside", {"n": int(outside) if outside.is_integer() else outside}))
    if n_events == 0:
        notes.append(Note("density.no_events"))
    if narrow:
        notes.append(Note("density.narrow_bandwidth"))
    return tuple(notes)


def quartic_cells(bandwidth_cells: float) -> FloatArray:
    """Weights of the quartic kernel on cells round an event in the middle one; they sum to one.

    K(u) = 3 / (π h²) (1 - u²)² for u < 1 (Silverman 1986, eq. 4.5), averaged over each cell on a fine lattice.
    """
    reach = math.ceil(bandwidth_cells + 0.5) - 1
    if reach == 0:
        return np.ones((1, 1))
    steps = max(3, 2 * math.ceil(16.0 / bandwidth_cells) + 1)
    offsets = (np.arange(steps) + 0.5) / steps - 0.5
    line = (np.arange(-reach, reach + 1)[:, None] + offsets[None, :]).ravel() / bandwidth_cells
    squared = line * line
    side = 2 * reach + 1
    weights = np.empty((side, side))
    for row in range(side):
        strip = squared[row * steps : (row + 1) * steps, None] + squared[None, :]
        rest = np.clip(1.0 - strip, 0.0, None)
        weights[row] = (rest * rest).reshape(steps, side, steps).sum(axis=(0, 2))
    normalised: FloatArray = weights / weights.sum()
    return normalised


def gaussian_cells(bandwidth_cells: float) -> FloatArray:
    """Weights of the Gaussian along one axis, integrated over each cell; they sum to one."""
    reach = math.ceil(GAUSSIAN_REACH_SD * bandwidth_cells)
    edges = (np.arange(-reach, reach + 2) - 0.5) / (bandwidth_cells * math.sqrt(2.0))
    below = np.array([math.erf(edge) for edge in edges])
    weights: FloatArray = np.diff(below)
    normalised: FloatArray = weights / weights.sum()
    return normalised


def _gaussian(cells: FloatArray, bandwidth_cells: float) -> FloatArray:
    from scipy.ndimage import convolve1d

    weights = gaussian_cells(bandwidth_cells)
    along_x = convolve1d(cells, weights, axis=1, mode="constant")
    smoothed: FloatArray = convolve1d(along_x, weights, axis=0, mode="constant")
    return smoothed


def _quartic(cells: FloatArray, bandwidth_cells: float) -> FloatArray:
    from scipy.fft import irfft2, next_fast_len, rfft2

    weights = quartic_cells(bandwidth_cells)
    reach = len(weights) // 2
    shape = tuple(next_fast_len(size + 2 * reach, real=True) for size in cells.shape)
    product = rfft2(cells, shape) * rfft2(weights, shape)
    smoothed: FloatArray = irfft2(product, shape)[reach:, reach:][: cells.shape[0], : cells.shape[1]]
    # The transform leaves noise where no event lies within reach; there the density is exactly zero.
    within_reach = _footprint(weights).sums((cells != 0).astype(np.int64)) > 0
    return np.where(within_reach, np.maximum(smoothed, 0.0), 0.0)


def _footprint(weights: FloatArray) -> Window:
    """The cells where a kernel is positive."""
    widths = np.count_nonzero(weights, axis=1)
    return Window(tuple(int(width) // 2 for width in widths[widths > 0]), "kernel")
