"""Local Moran's I: which places are like their neighbours, and which are unlike them?

Here lives the statistic of each place. The one number for the whole map is in `moran`; places with many events, rather
than places like their neighbours, are found by `gi_star`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from lagesbild.stats._arrays import ArrayLike, BoolArray, FloatArray, as_vector
from lagesbild.stats._conditional import Alternative, count_extremes, linked, pvalues, require_alternative
from lagesbild.stats._replicates import Progress, Rng
from lagesbild.stats._result import Result
from lagesbild.stats.gi_star import CsrMatrix, row_sums, two_sided_p
from lagesbild.stats.moran import Links, links_of, remarks

Quadrant = Literal["high-high", "low-high", "low-low", "high-low", "none"]


@dataclass(frozen=True, eq=False, kw_only=True)
class LocalMoranResult(Result):
    """I, its mean and standard deviation, and p for each place; ``quadrant`` says what kind of place it is."""

    method: ClassVar[str] = "local_moran"
    version: ClassVar[str] = "1"

    moran_i: FloatArray
    expected: FloatArray
    sd: FloatArray
    z: FloatArray
    p_normal: FloatArray
    pvalue: FloatArray
    p_upper: FloatArray
    p_lower: FloatArray
    quadrant: tuple[Quadrant, ...]
    n_places: int
    n_replicates: int


def local_moran(
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
) -> LocalMoranResult:
    """Which places are more like their neighbours, or more unlike them, than chance makes them?

    Null hypothesis, for each place: given its own value, its neighbours are no different from any other places.

    Parameters
    ----------
    values, weights, row_standardise
        As for `moran`.
    alternative : "two-sided", "greater" or "less"
        Like or unlike, like only, unlike only. Chosen before the data is seen. It is that of `pvalue`.
    n_replicates, rng, threads, scheduler, progress
        As for `gi_star_permutation`.

    Returns
    -------
    LocalMoranResult
        Arrays of shape (m,): ``moran_i``; ``expected`` and ``sd`` over all draws of neighbours; ``z`` and
        two-sided ``p_normal`` from these; ``pvalue`` (0, 1] from the replicates, one-sided ``p_upper``, ``p_lower``.
        ``quadrant`` of each place: high or low itself, then its neighbours; ``n_places``, ``notes``.

    Raises
    ------
    ValueError
        As `moran`.

    Notes
    -----
    I_i = (m - 1) z_i Σ_j w_ij z_j / Σ_i z_i² ([1]_; the divisor as in esda). With rows that sum to 1 the mean of I_i
    is (m - 1) / m times Moran's I.

    1. Conditional permutation as in `gi_star_permutation`, with the same shared draws.
    2. ``expected`` and ``sd`` are exact: neighbours are a sample without replacement of the other places ([2]_).
    3. A place exactly at the mean has I = 0 always and p = 1, as has one without neighbours; their quadrant, and that
       of places whose neighbours are exactly average, is "none".
    4. m tests are made: correct with `benjamini_hochberg` over all of them.

    Cost: as `gi_star_permutation`.

    References
    ----------
    .. [1] Anselin, L. (1995). Local indicators of spatial association - LISA. Geographical Analysis 27(2), 93-115.
       doi:10.1111/j.1538-4632.1995.tb00338.x.
    .. [2] Sokal, R. R., Oden, N. L. and Thomson, B. A. (1998). Local spatial autocorrelation in a biological model.
       Geographical Analysis 30(4), 331-354. doi:10.1111/j.1538-4632.1998.tb00406.x.
    """
    x = as_vector("values", values)
    require_alternative(alternative)
    links = links_of(weights, len(x), row_standardise=row_standardise)
    unable, notes = remarks(x, links)
    z = np.zeros(len(x)) if unable else x - x.mean()
    lag = links.sums(z)
    testable, factor = _factor(z, links)
    mean, sd = _moments(z, links)
    at_least, at_most = count_extremes(
        z,
        linked(z, links.row, links.column, links.weight),
        n_replicates=n_replicates,
        rng=rng,
        threads=threads,
        scheduler=scheduler,
        progress=progress,
    )
    # Where the place itself is low, a high sum of neighbours makes a low I.
    turned = z < 0
    more, less = np.where(turned, at_most, at_least), np.where(turned, at_least, at_most)
    upper, lower, chosen = (
        np.where(testable, p, 1.0) for p in pvalues(more, less, n_replicates=n_replicates, alternative=alternative)
    )
    varies = testable & (sd > 0)
    score = np.where(varies, (lag - mean) / np.where(varies, sd, 1.0) * np.sign(z), 0.0)
    return LocalMoranResult(
        moran_i=factor * lag,
        expected=factor * mean,
        sd=np.abs(factor) * sd,
        z=score,
        p_normal=two_sided_p(score),
        pvalue=chosen,
        p_upper=upper,
        p_lower=lower,
        quadrant=_quadrants(z, lag),
        n_places=len(x),
        n_replicates=n_replicates,
        parameters={
            "row_standardise": row_standardise,
            "alternative": alternative,
            "n_replicates": n_replicates,
            "rng": int(rng) if isinstance(rng, (int, np.integer)) else "generator",
        },
        notes=notes,
    )


def _factor(z: FloatArray, links: Links) -> tuple[BoolArray, FloatArray]:
    """Where I can vary, and what the sum of the neighbours is multiplied by."""
    squares = float(z @ z)
    testable = (z != 0) & (np.bincount(links.row, minlength=len(z)) > 0)
    return np.asarray(testable), z * ((len(z) - 1) / squares if squares > 0 else 0.0)


def _moments(z: FloatArray, links: Links) -> tuple[FloatArray, FloatArray]:
    """Mean and standard deviation of the sum over neighbours drawn from the m - 1 other places."""
    others = max(len(z) - 1, 1)
    w_sum, w_squares = (row_sums(links.row, each, len(z)) for each in (links.weight, links.weight**2))
    mean = -z / others
    variance = (float(z @ z) - z * z) / others - mean * mean
    spread = np.maximum(w_squares - w_sum * w_sum / others, 0.0) * others / max(others - 1, 1)
    # A place with all others as neighbours, each alike, has no spread but what rounding leaves.
    spread = np.where(spread > 1e-12 * w_squares, spread, 0.0)
    return w_sum * mean, np.sqrt(np.maximum(variance, 0.0) * spread)


def _quadrants(z: FloatArray, lag: FloatArray) -> tuple[Quadrant, ...]:
    names: dict[tuple[int, int], Quadrant] = {
        (1, 1): "high-high",
        (-1, 1): "low-high",
        (-1, -1): "low-low",
        (1, -1): "high-low",
    }
    signs = zip(np.sign(z).astype(int).tolist(), np.sign(lag).astype(int).tolist(), strict=True)
    return tuple(names.get(pair, "none") for pair in signs)
