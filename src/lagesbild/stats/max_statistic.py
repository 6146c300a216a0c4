"""Correction for many tests at once by the largest statistic of each replicate (Westfall and Young, single step).

Here lives the correction alone; the replicates come from the statistic that was tested. It holds the chance of a single
false alarm anywhere, where `multiple` holds the share of false alarms.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from lagesbild.stats._arrays import ArrayLike, BoolArray, FloatArray, require_finite, require_share
from lagesbild.stats._result import Result


@dataclass(frozen=True, eq=False, kw_only=True)
class MaxStatisticResult(Result):
    """Which of many statistics are too large for chance, wherever one looks."""

    method: ClassVar[str] = "max_statistic"
    version: ClassVar[str] = "1"

    rejected: BoolArray
    adjusted: FloatArray
    n_tests: int
    n_rejected: int
    n_replicates: int


def max_statistic(observed: ArrayLike, maxima: ArrayLike, *, alpha: float) -> MaxStatisticResult:
    """Which of many tests stand when even one false alarm among them must be unlikely?

    Parameters
    ----------
    observed : array of any shape, float
        The statistics; large is extreme. Bring them to one scale first (z, residuals), or the widest one decides alone.
    maxima : array of shape (r,), float
        The largest statistic of each replicate, over all the tests.
    alpha : float in (0, 1)
        The greatest chance of one or more false rejections (family-wise error rate).

    Returns
    -------
    MaxStatisticResult
        ``rejected`` and ``adjusted`` p-values in the shape of `observed`; ``n_tests``, ``n_rejected``,
        ``n_replicates``.

    Raises
    ------
    ValueError
        If numbers are not finite, or there is no replicate.

    Notes
    -----
    adjusted_i = (1 + #{replicates with maximum >= observed_i}) / (r + 1). The statistics are kept together as they vary
    together, so overlapping neighbourhoods cost little. The level is exact when nothing at all is going on; next to a
    strong effect it holds as far as the rest behaves as in the replicates. Maxima may be -inf.
    Cost: O((m + r) log r) time, O(m + r) memory.

    References
    ----------
    .. [1] Westfall, P. H. and Young, S. S. (1993). Resampling-based multiple testing. Wiley.
    """
    statistics = np.asarray(observed, dtype=np.float64)
    largest = np.asarray(maxima, dtype=np.float64)
    require_finite("observed", statistics)
    if largest.ndim != 1 or not len(largest) or bool(np.isnan(largest).any()):
        raise ValueError("`maxima` must hold one number or more, one for each replicate.")
    require_share("alpha", alpha)
    adjusted = adjusted_p(statistics, largest)
    rejected = np.asarray(adjusted <= alpha)
    return MaxStatisticResult(
        rejected=rejected,
        adjusted=adjusted,
        n_tests=statistics.size,
        n_rejected=int(np.count_nonzero(rejected)),
        n_replicates=len(largest),
        parameters={"alpha": float(alpha)},
    )


def adjusted_p(statistics: FloatArray, maxima: FloatArray) -> FloatArray:
    """(1 + number of maxima at least as large) / (r + 1). A difference in the last digits is a tie."""
    slack = 1e-12 * np.abs(statistics)
    below = np.searchsorted(np.sort(maxima), statistics - slack, side="left")
    return np.asarray((len(maxima) - below + 1.0) / (len(maxima) + 1.0), dtype=np.float64)
