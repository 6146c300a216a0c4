"""Getis-Ord Gi*: does a cell with its neighbours hold more, or fewer, events than the study area at large?

Here live the statistic for any sparse weights and its fast form on a grid; both end in the same formula.
Correction for many tests is in `multiple`, clusters of cells in `hot_spots`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np
import numpy.typing as npt

from lagesbild.stats._arrays import ArrayLike, BoolArray, FloatArray, IntArray, as_mask, as_vector, require_finite
from lagesbild.stats._result import Result
from lagesbild.stats.notes import Note
from lagesbild.stats.window import Window

SMALLEST_P = float(np.finfo(np.float64).tiny)
ROUGH_BELOW_CELLS = 30
ROUGH_BELOW_EVENTS = 5.0


class CsrMatrix(Protocol):
    """What is needed of a sparse matrix in compressed row form; SciPy's `csr_array` fits."""

    @property
    def indptr(self) -> npt.NDArray[np.integer]: ...
    @property
    def indices(self) -> npt.NDArray[np.integer]: ...
    @property
    def data(self) -> npt.NDArray[np.number]: ...
    @property
    def shape(self) -> tuple[int, ...]: ...


@dataclass(frozen=True, eq=False, kw_only=True)
class GiStarResult(Result):
    """z and p per cell. Cells outside the study area have z = 0 and p = 1 and are not among `n_cells`."""

    method: ClassVar[str] = "gi_star"
    version: ClassVar[str] = "1"

    z: FloatArray
    pvalue: FloatArray
    observed: FloatArray
    expected: FloatArray
    inside: BoolArray
    n_cells: int
    mean: float
    sd: float


def gi_star(values: ArrayLike, *, weights: CsrMatrix) -> GiStarResult:
    """Which places stand out together with their neighbours?

    Null hypothesis: the values are exchangeable among all places.

    Parameters
    ----------
    values : array of shape (m,), float
        Events, or any measure, of each place.
    weights : sparse matrix of shape (m, m) in compressed row form
        Row i holds the weights of the neighbours of place i **and of the place itself**; they are used as given.

    Returns
    -------
    GiStarResult
        ``z`` and two-sided ``pvalue`` (0, 1] of shape (m,); ``observed`` and ``expected`` weighted sums;
        ``mean``, ``sd``, ``n_cells``, ``notes``.

    Raises
    ------
    ValueError
        If shapes disagree, or numbers are not finite, or a pair is listed twice.

    Notes
    -----
    z_i = (Σ_j w_ij x_j - x̄ W_i) / (s √((m S_1i - W_i²) / (m - 1))), the standardised G* of [2]_, with W_i = Σ_j w_ij,
    S_1i = Σ_j w_ij² and s² the variance with divisor m.

    1. p = 2 (1 - Φ(|z|)) by the normal approximation: rough with few events per neighbourhood; a note says so.
       Never below 2.2e-308.
    2. Equal values everywhere, or fewer than two places: z = 0, p = 1 and a note.
    3. m tests are made: correct with `benjamini_hochberg` over all of them ([3]_).

    Cost: O(m + number of weights) time and memory, plus sorting to check for pairs listed twice.

    References
    ----------
    .. [1] Getis, A. and Ord, J. K. (1992). The analysis of spatial association by use of distance statistics.
       Geographical Analysis 24(3), 189-206. doi:10.1111/j.1538-4632.1992.tb00261.x.
    .. [2] Ord, J. K. and Getis, A. (1995). Local spatial autocorrelation statistics: distributional issues and
       an application. Geographical Analysis 27(4), 286-306. doi:10.1111/j.1538-4632.1995.tb00912.x.
    .. [3] Caldas de Castro, M. and Singer, B. H. (2006). doi:10.1111/j.0016-7363.2006.00682.x.
    """
    x = as_vector("values", values)
    m = len(x)
    data, row, col = entries(weights, m)
    missing = m - len(np.unique(row[(row == col) & (data != 0)]))
    return _result(
        x,
        weighted=row_sums(row, data * x[col], m),
        w_sum=row_sums(row, data, m),
        w_squares=row_sums(row, data * data, m),
        inside=np.ones(m, dtype=np.bool_),
        parameters={"weights": "given"},
        notes=(Note("gi_star.self_missing", {"n": missing}),) if missing else (),
    )


def gi_star_grid(counts: ArrayLike, *, window: Window, inside: ArrayLike | None = None) -> GiStarResult:
    """Which cells of a grid stand out together with their neighbours?

    The same statistic as `gi_star` with weight 1 for every cell of the window, without building weights.

    Parameters
    ----------
    counts : array of shape (n_rows, n_cols), int or float
        Events in each cell.
    window : Window
        The neighbourhood, the cell itself included.
    inside : array of shape (n_rows, n_cols), bool, optional
        Cells of the study area. Others take no part: not in the mean, the variance, the number of cells or
        the neighbours. Leave out water and everything where events cannot be.

    Returns
    -------
    GiStarResult
        As `gi_star`, with arrays of shape (n_rows, n_cols).

    Notes
    -----
    As `gi_star`. Sums over whole numbers are exact. Cost: O(m × rows of the window) time, O(m) memory.
    """
    given = np.asarray(counts)
    if given.ndim != 2:
        raise ValueError(f"`counts` must have two dimensions. Got {given.ndim}.")
    require_finite("counts", given)
    mask = as_mask("inside", inside, shape=given.shape)
    whole = given.dtype.kind in "iub"
    neighbours = window.sums(mask.astype(np.int64)).astype(np.float64)
    if whole:
        weighted = window.sums(np.where(mask, given, 0).astype(np.int64)).astype(np.float64)
    else:
        weighted = window.sums(np.where(mask, given, 0.0).astype(np.float64))
    return _result(
        given.astype(np.float64),
        weighted=weighted,
        w_sum=neighbours,
        w_squares=neighbours,
        inside=mask,
        parameters={"window": window.name, "window_cells": window.n_cells},
    )


def entries(weights: CsrMatrix, m: int) -> tuple[FloatArray, IntArray, IntArray]:
    """Weights with their rows and columns, checked."""
    if tuple(weights.shape) != (m, m):
        raise ValueError(f"`weights` must have the shape {(m, m)}. Got {tuple(weights.shape)}.")
    data = np.asarray(weights.data, dtype=np.float64)
    require_finite("weights", data)
    row = np.repeat(np.arange(m, dtype=np.int64), np.diff(weights.indptr))
    col = np.asarray(weights.indices, dtype=np.int64)
    place = row * m + col
    if bool(np.any(np.diff(place) <= 0)) and len(np.unique(place)) < len(place):
        raise ValueError("`weights` must list each pair once. Got a pair twice; use sum_duplicates() first.")
    return data, row, col


def row_sums(row: IntArray, values: FloatArray, m: int) -> FloatArray:
    return np.asarray(np.bincount(row, weights=values, minlength=m), dtype=np.float64)


def _result(
    x: FloatArray,
    *,
    weighted: FloatArray,
    w_sum: FloatArray,
    w_squares: FloatArray,
    inside: BoolArray,
    parameters: dict[str, object],
    notes: tuple[Note, ...] = (),
) -> GiStarResult:
    """The formula that both forms share."""
    within = x[inside]
    m = len(within)
    mean = float(within.mean()) if m else 0.0
    varies = m >= 2 and bool(within.max() > within.min())
    sd = math.sqrt(float(np.mean((within - mean) ** 2))) if varies else 0.0
    expected = np.where(inside, mean * w_sum, 0.0)
    observed = np.where(inside, weighted, 0.0)
    testable, scale = standard_error(w_sum, w_squares, m=m, sd=sd)
    testable &= inside
    z = np.divide(observed - expected, scale, out=np.zeros(x.shape), where=testable)
    return GiStarResult(
        z=z,
        pvalue=two_sided_p(z),
        observed=observed,
        expected=expected,
        inside=inside,
        n_cells=m,
        mean=mean,
        sd=sd,
        parameters=parameters,
        notes=notes + _notes(within, varies=varies, w_sum=w_sum[inside], testable=testable[inside]),
    )


def standard_error(w_sum: FloatArray, w_squares: FloatArray, *, m: int, sd: float) -> tuple[BoolArray, FloatArray]:
    """Where the standardised G* of Ord and Getis (1995) has a value, and its divisor (1 elsewhere).

    The spread is zero without neighbours, with all as neighbours, and when all values are equal.
    """
    spread = m * w_squares - w_sum * w_sum
    testable = np.asarray((spread > 1e-12 * m * w_squares) & (sd > 0))
    scale: FloatArray = np.where(testable, sd * np.sqrt(np.where(testable, spread, 1.0) / max(m - 1, 1)), 1.0)
    return testable, scale


def two_sided_p(z: FloatArray) -> FloatArray:
    """2 (1 - Φ(|z|)) without cancellation, never below the smallest normal number."""
    from scipy.special import erfc

    pvalue: FloatArray = np.maximum(erfc(np.abs(z) / math.sqrt(2.0)), SMALLEST_P)
    return pvalue


def _notes(within: FloatArray, *, varies: bool, w_sum: FloatArray, testable: BoolArray) -> tuple[Note, ...]:
    m = len(within)
    if m < 2:
        return (Note("gi_star.too_few_cells"),)
    if not varies:
        return (Note("gi_star.zero_variance"),)
    notes = []
    alone = int(np.count_nonzero(w_sum == 0))
    if alone:
        notes.append(Note("gi_star.no_neighbours", {"n": alone}))
    whole = int(np.count_nonzero(~testable)) - alone
    if whole > 0:
        notes.append(Note("gi_star.whole_area", {"n": whole}))
    if m < ROUGH_BELOW_CELLS:
        notes.append(Note("gi_star.few_cells", {"n": m}))
    expected = float(within.mean()) * float(np.median(w_sum))
    are_counts = bool(within.min() >= 0) and bool(np.all(within == np.floor(within)))
    if are_counts and expected < ROUGH_BELOW_EVENTS:
        notes.append(Note("gi_star.few_events", {"expected": round(expected, 2)}))
    return tuple(notes)
