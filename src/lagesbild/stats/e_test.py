"""The e-test for two Poisson counts, a less cautious companion of the conditional test.

Here lives its p-value alone. `change.compare_counts` gives it with the ratio and the interval.
"""

from __future__ import annotations

import math

import numpy as np

from lagesbild.stats._arrays import FloatArray, as_counts, require_positive

# Values further from the mean than REACH_SD standard deviations are left out; they add less than SMALLEST_P.
REACH_SD = 9.0
SMALLEST_P = 1e-15


def e_test_p(before: int, after: int, *, exposure_before: float = 1.0, exposure_after: float = 1.0) -> float:
    """How often would two Poisson counts with one rate differ at least as much as these?

    Parameters
    ----------
    before, after : int >= 0
        Events in each period.
    exposure_before, exposure_after : float > 0
        How much was observed.

    Returns
    -------
    float in (0, 1]
        Two-sided p-value; 1 when there are no events. Smaller values are given as 1e-15.

    Notes
    -----
    The common rate is put to its estimate from both counts ([1]_ with d = 0), so the level holds nearly, not
    exactly. For each value of the first count, the values of the second that are at least as extreme lie in
    two tails, found by bisection. Cost: O(√N log N) time and memory for N events.

    References
    ----------
    .. [1] Krishnamoorthy, K. and Thomson, J. (2004). A more powerful test for comparing two Poisson means.
       Journal of Statistical Planning and Inference 119(1), 23-35. doi:10.1016/S0378-3758(02)00408-1.
    """
    k = as_counts("counts", [before, after])
    e1 = require_positive("exposure_before", exposure_before, unit="days or other exposure")
    e2 = require_positive("exposure_after", exposure_after, unit="days or other exposure")
    k1, k2 = int(k[0]), int(k[1])
    if k1 + k2 == 0 or math.isclose(k1 * e2, k2 * e1, rel_tol=1e-12):
        return 1.0
    rate = (k1 + k2) / (e1 + e2)
    # Values that tie with the observed one count as extreme; the slack covers rounding.
    observed = abs(_statistic(np.array([float(k1)]), np.array([float(k2)]), e1, e2)[0]) * (1 - 1e-12)
    first = _likely(rate * e1)
    low, high = _tails(first, observed, e1=e1, e2=e2, mean=rate * e2)
    return min(max(_probability(first, low, high, mean1=rate * e1, mean2=rate * e2), SMALLEST_P), 1.0)


def _statistic(x1: FloatArray, x2: FloatArray, e1: float, e2: float) -> FloatArray:
    """Difference of rates in standard errors; 0 for two zeros (Krishnamoorthy and Thomson 2004)."""
    variance = x1 / e1**2 + x2 / e2**2
    result: FloatArray = (x1 / e1 - x2 / e2) / np.sqrt(np.where(variance > 0, variance, 1.0))
    return result


def _likely(mean: float) -> FloatArray:
    """Counts that a Poisson variable takes with a probability worth adding."""
    reach = REACH_SD * math.sqrt(mean) + 30.0
    return np.arange(max(0.0, math.floor(mean - reach)), math.ceil(mean + reach) + 1.0)


def _tails(first: FloatArray, observed: float, *, e1: float, e2: float, mean: float) -> tuple[FloatArray, FloatArray]:
    """Largest second count with T > observed (-1 for none) and smallest with T <= -observed, per first count.

    T falls as the second count grows, so bisection finds both. The slack in `observed` makes ties clear.
    """
    top = float(_likely(mean)[-1]) + 1.0

    def last_above(bound: float) -> FloatArray:
        low, high = np.full(len(first), -1.0), np.full(len(first), top)
        while bool(np.any(high - low > 1)):
            middle = np.floor((low + high) / 2)
            above = _statistic(first, middle, e1, e2) > bound
            low, high = np.where(above, middle, low), np.where(above, high, middle)
        return low

    return last_above(observed), last_above(-observed) + 1.0


def _probability(first: FloatArray, low: FloatArray, high: FloatArray, *, mean1: float, mean2: float) -> float:
    from scipy.special import gammainc, gammaincc, gammaln, xlogy

    mass = np.exp(xlogy(first, mean1) - mean1 - gammaln(first + 1.0))
    below = np.where(low >= 0, gammaincc(np.maximum(low, 0.0) + 1.0, mean2), 0.0)
    above = np.where(high > 0, gammainc(np.maximum(high, 1.0), mean2), 1.0)
    return float(np.sum(mass * (below + above)))
