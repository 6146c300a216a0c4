"""Correction for many tests at once: the Benjamini-Hochberg procedure.

Here lives the correction alone. The p-values come from the other modules.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from lagesbild.stats._arrays import ArrayLike, BoolArray, FloatArray, as_vector, require_share
from lagesbild.stats._result import Result


@dataclass(frozen=True, eq=False, kw_only=True)
class MultipleTestsResult(Result):
    """Which hypotheses are rejected, and p-values corrected for their number."""

    method: ClassVar[str] = "benjamini_hochberg"
    version: ClassVar[str] = "1"

    rejected: BoolArray
    adjusted: FloatArray
    n_tests: int
    n_rejected: int


def benjamini_hochberg(pvalues: ArrayLike, *, alpha: float) -> MultipleTestsResult:
    """Which of many tests stand when the share of false alarms among them is held at alpha?

    Parameters
    ----------
    pvalues : array of shape (m,), float in [0, 1]
        One p-value per test. Give all tests that were made, not only those that look interesting.
    alpha : float in (0, 1)
        The expected share of false rejections among all rejections (false discovery rate).

    Returns
    -------
    MultipleTestsResult
        ``rejected`` of shape (m,), ``adjusted`` p-values of shape (m,), ``n_tests``, ``n_rejected``.

    Raises
    ------
    ValueError
        If a p-value is NaN or outside [0, 1].

    Notes
    -----
    Assumption: tests are independent or positively dependent, as overlapping neighbourhoods are.
    Ties: equal p-values are rejected together. A p-value exactly on its line is rejected.
    Cost: O(m log m) time, O(m) memory.

    References
    ----------
    .. [1] Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate: a practical and
       powerful approach to multiple testing. Journal of the Royal Statistical Society B 57(1), 289-300.
       doi:10.1111/j.2517-6161.1995.tb02031.x.
    .. [2] Caldas de Castro, M. and Singer, B. H. (2006). Controlling the false discovery rate: a new
       application to account for multiple and dependent tests in local statistics of spatial association.
       Geographical Analysis 38(2), 180-208. doi:10.1111/j.0016-7363.2006.00682.x.
    """
    p = as_vector("pvalues", pvalues)
    require_share("alpha", alpha)
    if len(p) and (float(p.min()) < 0 or float(p.max()) > 1):
        raise ValueError("`pvalues` must lie between 0 and 1.")
    n_tests = len(p)
    order = np.argsort(p, kind="stable")
    rank = np.arange(1, n_tests + 1)
    # Step-up: reject the k smallest, k = max{i : p_(i) <= i alpha / m} (eq. 1 of [1]).
    below = p[order] <= rank / max(n_tests, 1) * alpha
    n_rejected = int(rank[below][-1]) if bool(below.any()) else 0
    rejected = np.zeros(n_tests, dtype=np.bool_)
    rejected[order[:n_rejected]] = True
    adjusted = np.empty(n_tests)
    scaled = p[order] * (n_tests / rank)
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return MultipleTestsResult(
        rejected=rejected,
        adjusted=adjusted,
        n_tests=n_tests,
        n_rejected=n_rejected,
        parameters={"alpha": float(alpha)},
    )
