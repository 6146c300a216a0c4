"""Getis-Ord Gi* by permutation: p-values that do not lean on the normal distribution.

Here live the conditional p-value of each place and the correction by the largest statistic. The statistic itself and
its analytical p-value are in `gi_star`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from lagesbild.stats._arrays import ArrayLike, BoolArray, FloatArray, IntArray, as_mask, as_vector
from lagesbild.stats._conditional import (
    Alternative,
    Neighbours,
    count_extremes,
    neighbours_of,
    pvalues,
    require_alternative,
)
from lagesbild.stats._replicates import Progress, Rng, replicates
from lagesbild.stats._result import Result
from lagesbild.stats.gi_star import CsrMatrix, GiStarResult, entries, gi_star, gi_star_grid, row_sums, standard_error
from lagesbild.stats.max_statistic import adjusted_p
from lagesbild.stats.notes import Note
from lagesbild.stats.window import Window

# What these remarks warn of, the normal distribution, is not used here.
OF_THE_NORMAL = ("gi_star.few_cells", "gi_star.few_events")


@dataclass(frozen=True, eq=False, kw_only=True)
class GiStarPermutationResult(Result):
    """p per place. Places outside the study area have z = 0 and p = 1 and are not among `n_cells`."""

    method: ClassVar[str] = "gi_star_permutation"
    version: ClassVar[str] = "1"

    z: FloatArray
    pvalue: FloatArray
    p_upper: FloatArray
    p_lower: FloatArray
    p_max: FloatArray | None
    observed: FloatArray
    expected: FloatArray
    inside: BoolArray
    n_cells: int
    n_replicates: int


def gi_star_permutation(
    values: ArrayLike,
    *,
    weights: CsrMatrix,
    alternative: Alternative = "two-sided",
    largest: bool = False,
    n_replicates: int = 999,
    rng: Rng,
    threads: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> GiStarPermutationResult:
    """Which places stand out together with their neighbours, judged by dealing out the values anew?

    Null hypothesis, for each place: given its own value, its neighbours are no different from any other places.

    Parameters
    ----------
    values : array of shape (m,), float
        Events, or any measure, of each place.
    weights : sparse matrix of shape (m, m) in compressed row form
        As for `gi_star`: row i holds the weights of the neighbours of place i and of the place itself.
    alternative : "two-sided", "greater" or "less"
        Hot or cold, hot only, cold only. Chosen before the data is seen.
    largest : bool
        Also correct for having looked at all places, by the largest statistic of maps that are dealt out anew.
    n_replicates : int >= 1
        Random draws for each place (and maps, if asked for). Take one for which (r + 1) α is whole.
    rng : numpy.random.Generator or int
        Source of the draws.
    threads, scheduler, progress : optional
        As for `knox`. They do not change the answer.

    Returns
    -------
    GiStarPermutationResult
        Arrays of shape (m,): ``pvalue`` (0, 1] by the alternative, one-sided ``p_upper`` and ``p_lower``, ``p_max``
        (None unless `largest`), and ``z``, ``observed``, ``expected`` of `gi_star`; ``n_cells``, ``n_replicates``,
        ``notes``.

    Raises
    ------
    ValueError
        As `gi_star`; or if there is no replicate, or no such alternative.

    Notes
    -----
    1. Conditional permutation ([1]_): the value of place i stays, and its k_i neighbours get values drawn from
       the m - 1 other places without replacement. p_upper = (1 + #{drawn sum >= observed sum}) / (r + 1).
    2. The draws of one replicate are shared: a random sequence of places, from which each place takes the first
       k_i that are not itself. Each p-value is exact; across places they share the luck of the draws.
    3. Two-sided is twice the smaller p-value, at most 1. Sums that differ by rounding alone are ties.
    4. `p_max` is another null hypothesis, that all values are exchangeable, one's own included:
       (1 + #{maps whose largest z >= z_i}) / (r + 1); the largest of |z| when two-sided, of -z for "less".
    5. m tests are made: correct `pvalue` with `benjamini_hochberg`. That needs r far above m / α times the share of
       places that stand out; a note says when few can.

    Cost: for equal weights O(r k + m r / 128 log 128) time, for others O(r x weights), k the most neighbours; with
    `largest` O(r x weights) or, on a grid, O(r m x rows of the window). Memory O(m + weights + 128 k) for each thread.

    References
    ----------
    .. [1] Anselin, L. (1995). Local indicators of spatial association - LISA. Geographical Analysis 27(2), 93-115.
       doi:10.1111/j.1538-4632.1995.tb00338.x.
    .. [2] Westfall, P. H. and Young, S. S. (1993). Resampling-based multiple testing. Wiley.
    """
    x = as_vector("values", values)
    data, row, col = entries(weights, len(x))
    w_sum, w_squares = row_sums(row, data, len(x)), row_sums(row, data * data, len(x))
    start = np.concatenate(([0], np.cumsum(np.bincount(row, minlength=len(x))))).astype(np.int64)
    task = _Task(
        gi_star(x, weights=weights),
        x,
        neighbours_of(x, weights),
        w_sum,
        w_squares,
        _maxima_of_weights,
        (start, col, data),
    )
    how = {"n_replicates": n_replicates, "threads": threads, "scheduler": scheduler, "progress": progress}
    return task.result(alternative, rng=rng, largest=largest, **how)


def gi_star_permutation_grid(
    counts: ArrayLike,
    *,
    window: Window,
    inside: ArrayLike | None = None,
    alternative: Alternative = "two-sided",
    largest: bool = False,
    n_replicates: int = 999,
    rng: Rng,
    threads: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> GiStarPermutationResult:
    """Which cells of a grid stand out together with their neighbours, judged by dealing out the values anew?

    As `gi_star_permutation` with weight 1 for every cell of the window, without building weights.

    Parameters
    ----------
    counts, window, inside
        As for `gi_star_grid`.
    alternative, largest, n_replicates, rng, threads, scheduler, progress
        As for `gi_star_permutation`.

    Returns
    -------
    GiStarPermutationResult
        With arrays of shape (n_rows, n_cols).

    Notes
    -----
    As `gi_star_permutation`. Time hardly depends on the width of the window, unless `largest` is asked for.
    """
    gi = gi_star_grid(counts, window=window, inside=inside)
    given = np.asarray(counts)
    mask = as_mask("inside", inside, shape=given.shape)
    x = given[mask].astype(np.float64)
    n_near = window.sums(mask.astype(np.int64))[mask] - 1
    cells = np.flatnonzero(mask.ravel()).astype(np.int64)
    half_widths = np.array(window.half_widths, dtype=np.int64)
    w_sum = np.asarray(n_near + 1.0, dtype=np.float64)
    near = Neighbours(n_near.astype(np.int64), gi.observed[mask] - x)
    task = _Task(gi, x, near, w_sum, w_sum, _maxima_of_window, (cells, *given.shape, half_widths))
    how = {"n_replicates": n_replicates, "threads": threads, "scheduler": scheduler, "progress": progress}
    return task.result(alternative, rng=rng, largest=largest, **how)


@dataclass(frozen=True, eq=False)
class _Task:
    """What both forms share once neighbours are known."""

    gi: GiStarResult
    x: FloatArray
    near: Neighbours
    w_sum: FloatArray
    w_squares: FloatArray
    maxima: Any
    shape: tuple[Any, ...]

    def result(self, alternative: str, *, rng: Rng, largest: bool, **how: Any) -> GiStarPermutationResult:
        inside, r = self.gi.inside, how["n_replicates"]
        require_alternative(alternative)
        source = np.random.default_rng(rng) if not isinstance(rng, np.random.Generator) else rng
        counted = count_extremes(self.x, self.near, rng=rng, **how)
        upper, lower, chosen = pvalues(*counted, n_replicates=r, alternative=alternative)
        p_max = self._p_max(alternative, rng=source, **how) if largest else None
        return GiStarPermutationResult(
            z=self.gi.z,
            pvalue=_spread_out(chosen, inside),
            p_upper=_spread_out(upper, inside),
            p_lower=_spread_out(lower, inside),
            p_max=None if p_max is None else _spread_out(p_max, inside),
            observed=self.gi.observed,
            expected=self.gi.expected,
            inside=inside,
            n_cells=self.gi.n_cells,
            n_replicates=r,
            parameters={
                **self.gi.parameters,
                "alternative": alternative,
                "largest": largest,
                "n_replicates": r,
                "rng": int(rng) if isinstance(rng, (int, np.integer)) else "generator",
            },
            notes=self._notes(r),
        )

    def _p_max(self, alternative: str, *, rng: Rng, **how: Any) -> FloatArray:
        gi = self.gi
        testable, scale = standard_error(self.w_sum, self.w_squares, m=gi.n_cells, sd=gi.sd)
        up, down = alternative != "less", alternative != "greater"
        data = (self.x, *self.shape, gi.mean * self.w_sum, scale, testable, up, down)
        z = gi.z[gi.inside]
        if not len(z):
            return z
        maxima = replicates(self.maxima, data, rng=rng, **how)
        statistic = np.maximum(z if up else -np.inf, -z if down else -np.inf)
        return np.where(testable, adjusted_p(statistic, maxima), 1.0)

    def _notes(self, r: int) -> tuple[Note, ...]:
        notes = tuple(note for note in self.gi.notes if note.code not in OF_THE_NORMAL)
        if r + 1 < self.gi.n_cells:
            values = {"n": self.gi.n_cells, "n_replicates": r, "least": round(1 / (r + 1), 6)}
            notes += (Note("gi_star_permutation.coarse", values),)
        return notes


def _spread_out(p: FloatArray, inside: BoolArray) -> FloatArray:
    whole = np.ones(inside.shape)
    whole[inside] = p
    return whole


def _maxima_of_weights(*data: Any) -> FloatArray:
    from lagesbild.stats._gi_star_kernel import maxima_of_weights

    return maxima_of_weights(*data)


def _maxima_of_window(
    x: FloatArray, cells: IntArray, n_rows: int, n_cols: int, half_widths: IntArray, *rest: Any
) -> FloatArray:
    from lagesbild.stats._gi_star_kernel import maxima_of_window

    return maxima_of_window(x, cells, n_rows, n_cols, half_widths, *rest)
