"""Moran's I: are places near each other alike?

Here lives the one number for the whole map. Which places make it so is in `local_moran`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from lagesbild.stats._arrays import ArrayLike, FloatArray, IntArray, as_vector
from lagesbild.stats._conditional import Alternative, pvalues, require_alternative
from lagesbild.stats._replicates import Progress, Rng, replicates
from lagesbild.stats._result import Result
from lagesbild.stats.gi_star import CsrMatrix, entries, row_sums, two_sided_p
from lagesbild.stats.notes import Note

FEWEST_PLACES = 4
ROUGH_BELOW_PLACES = 30


@dataclass(frozen=True, eq=False, kw_only=True)
class MoranResult(Result):
    """I with its mean and two standard deviations: if values were normal, and over all orders of these values."""

    method: ClassVar[str] = "moran"
    version: ClassVar[str] = "1"

    moran_i: float
    expected: float
    sd_normal: float
    z_normal: float
    p_normal: float
    sd_random: float
    z_random: float
    p_random: float
    pvalue: float
    p_upper: float
    p_lower: float
    n_places: int
    n_links: int
    n_replicates: int


def moran(
    values: ArrayLike,
    *,
    weights: CsrMatrix,
    row_standardise: bool = False,
    alternative: Alternative = "two-sided",
    n_replicates: int = 999,
    rng: Rng,
    threads: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> MoranResult:
    """Are neighbouring places more alike, or more different, than chance makes them?

    Null hypothesis: the values are exchangeable among all places.

    Parameters
    ----------
    values : array of shape (m,), float
        Counts, rates or any measure of each place.
    weights : sparse matrix of shape (m, m) in compressed row form
        Row i holds the weights of the neighbours of place i. The diagonal is left out.
    row_standardise : bool
        Divide each row by its sum first, so that every place with neighbours counts alike.
    alternative : "two-sided", "greater" or "less"
        Alike or different, alike only, different only. Chosen before the data is seen. It is that of `pvalue`.
    n_replicates : int >= 1
        Random orders of the values.
    rng : numpy.random.Generator or int
        Source of the random orders.
    threads, scheduler, progress : optional
        As for `knox`. They do not change the answer.

    Returns
    -------
    MoranResult
        ``moran_i``; ``expected`` = -1 / (m - 1); ``sd_normal``, ``z_normal`` and two-sided ``p_normal`` for normal
        values; the same with ``_random`` over all orders; ``pvalue`` (0, 1] from the replicates by the
        alternative, one-sided ``p_upper``, ``p_lower``; ``n_places``, ``n_links``, ``n_replicates``, ``notes``.

    Raises
    ------
    ValueError
        If shapes disagree, or numbers are not finite, or a pair is listed twice, or no such alternative.

    Notes
    -----
    I = (m / S0) Σ_i Σ_j w_ij z_i z_j / Σ_i z_i², z the deviations from the mean; moments after [2]_.

    1. Places without neighbours stay in the mean, the variance and m. Some programs leave them out.
    2. p_upper = (b + 1) / (r + 1), b orders with at least this I; differences by rounding alone are ties.
       Two-sided is twice the smaller of both, at most 1.
    3. Unequal populations make rates of small places vary more, which the orders do not know.

    Cost: O(r x links) time, O(m + links) memory.

    References
    ----------
    .. [1] Moran, P. A. P. (1950). Notes on continuous stochastic phenomena. Biometrika 37, 17-23.
       doi:10.1093/biomet/37.1-2.17.
    .. [2] Cliff, A. D. and Ord, J. K. (1981). Spatial processes: models and applications. Pion.
    """
    x = as_vector("values", values)
    require_alternative(alternative)
    if n_replicates < 1:
        raise ValueError(f"`n_replicates` must be 1 or more. Got {n_replicates}.")
    links = links_of(weights, len(x), row_standardise=row_standardise)
    parameters: dict[str, object] = {
        "row_standardise": row_standardise,
        "alternative": alternative,
        "n_replicates": n_replicates,
        "rng": int(rng) if isinstance(rng, (int, np.integer)) else "generator",
    }
    unable, notes = remarks(x, links)
    z = x - (x.mean() if len(x) else 0.0)
    squares = float(z @ z)
    if unable:
        return _result(
            x, links, moran_i=math.nan, p=(1.0, 1.0, 1.0), n_replicates=n_replicates, parameters=parameters, notes=notes
        )
    scale = len(x) / (links.total * squares)
    observed = float(np.dot(z, links.sums(z)))
    simulated = replicates(
        _block,
        (z, links.start, links.column, links.weight),
        n_replicates=n_replicates,
        rng=rng,
        threads=threads,
        scheduler=scheduler,
        progress=progress,
    )
    slack = 1e-11 * float(np.abs(links.weight).sum()) * squares / len(x)
    # A negative sum of weights would turn "alike" round with the sign of the scale.
    signed, found = math.copysign(1.0, scale) * simulated, math.copysign(1.0, scale) * observed
    counts = np.array([np.sum(signed >= found - slack), np.sum(signed <= found + slack)], dtype=np.int64)
    upper, lower, chosen = pvalues(counts[0], counts[1], n_replicates=n_replicates, alternative=alternative)
    p = (float(chosen), float(upper), float(lower))
    return _result(
        x, links, moran_i=scale * observed, p=p, n_replicates=n_replicates, parameters=parameters, notes=notes
    )


@dataclass(frozen=True, eq=False)
class Links:
    """Weights of neighbours without the diagonal and zeros, row by row."""

    row: IntArray
    column: IntArray
    weight: FloatArray
    n_places: int
    n_own: int

    @property
    def start(self) -> IntArray:
        """Where the neighbours of each place begin."""
        counts = np.bincount(self.row, minlength=self.n_places)
        return np.concatenate(([0], np.cumsum(counts))).astype(np.int64)

    @property
    def total(self) -> float:
        """S0, the sum of all weights."""
        return float(self.weight.sum())

    def sums(self, values: FloatArray) -> FloatArray:
        """Σ_j w_ij values_j for each place."""
        return row_sums(self.row, self.weight * values[self.column], self.n_places)

    def both_ways(self) -> tuple[float, float]:
        """S1 = ½ ΣΣ (w_ij + w_ji)² and S2 = Σ (Σ_j w_ij + Σ_j w_ji)²."""
        from scipy.sparse import coo_array

        shape = (self.n_places, self.n_places)
        one_way = coo_array((self.weight, (self.row, self.column)), shape=shape).tocsr()
        sums = row_sums(self.row, self.weight, self.n_places) + row_sums(self.column, self.weight, self.n_places)
        return 0.5 * float(((one_way + one_way.T).tocsr().data ** 2).sum()), float(sums @ sums)


def links_of(weights: CsrMatrix, m: int, *, row_standardise: bool) -> Links:
    """The neighbours in a sparse matrix, each row divided by its sum if wanted."""
    data, row, column = entries(weights, m)
    keep = (row != column) & (data != 0)
    n_own = int(np.count_nonzero((row == column) & (data != 0)))
    data, row, column = data[keep], row[keep], column[keep]
    if row_standardise:
        if len(data) and float(data.min()) < 0:
            raise ValueError("`weights` must not be negative when rows are standardised.")
        data = np.asarray(data / row_sums(row, data, m)[row], dtype=np.float64)
    return Links(row, column, data, m, n_own)


def remarks(x: FloatArray, links: Links) -> tuple[bool, tuple[Note, ...]]:
    """Whether nothing can be computed, and what is to be said."""
    m = len(x)
    if m < FEWEST_PLACES or links.total == 0:
        return True, (Note("moran.too_few_places"),)
    if float(x.max()) == float(x.min()):
        return True, (Note("moran.zero_variance"),)
    alone = m - len(np.unique(links.row))
    notes = [Note("moran.no_neighbours", {"n": alone})] if alone else []
    if links.n_own:
        notes.append(Note("moran.self_left_out", {"n": links.n_own}))
    if m < ROUGH_BELOW_PLACES:
        notes.append(Note("moran.few_places", {"n": m}))
    return False, tuple(notes)


def _block(*data: Any) -> FloatArray:
    from lagesbild.stats._moran_kernel import products

    return products(*data)


def _result(
    x: FloatArray,
    links: Links,
    *,
    moran_i: float,
    p: tuple[float, float, float],
    n_replicates: int,
    parameters: dict[str, object],
    notes: tuple[Note, ...],
) -> MoranResult:
    m = len(x)
    known = not math.isnan(moran_i)
    expected = -1.0 / (m - 1) if m > 1 else math.nan
    normal, random = _variances(x, links) if known else (math.nan, math.nan)
    z = [(moran_i - expected) / math.sqrt(each) if each > 0 else 0.0 for each in (normal, random)]
    p_normal, p_random = two_sided_p(np.array(z)).tolist()
    return MoranResult(
        moran_i=moran_i,
        expected=expected,
        sd_normal=math.sqrt(max(normal, 0.0)) if known else math.nan,
        z_normal=z[0],
        p_normal=p_normal,
        sd_random=math.sqrt(max(random, 0.0)) if known else math.nan,
        z_random=z[1],
        p_random=p_random,
        pvalue=p[0],
        p_upper=p[1],
        p_lower=p[2],
        n_places=m,
        n_links=len(links.weight),
        n_replicates=n_replicates,
        parameters=parameters,
        notes=notes,
    )


def _variances(x: FloatArray, links: Links) -> tuple[float, float]:
    """Of I for normal values, and over all orders of these values (Cliff and Ord 1981, ch. 1)."""
    m, s0 = len(x), links.total
    s1, s2 = links.both_ways()
    z = x - x.mean()
    mean = -1.0 / (m - 1)
    normal = (m * m * s1 - m * s2 + 3 * s0 * s0) / ((m * m - 1) * s0 * s0) - mean * mean
    kurtosis = float(np.mean(z**4) / np.mean(z**2) ** 2)
    first = m * ((m * m - 3 * m + 3) * s1 - m * s2 + 3 * s0 * s0)
    second = kurtosis * ((m * m - m) * s1 - 2 * m * s2 + 6 * s0 * s0)
    random = (first - second) / ((m - 1) * (m - 2) * (m - 3) * s0 * s0) - mean * mean
    return normal, random
