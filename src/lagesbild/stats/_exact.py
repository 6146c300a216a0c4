"""Exact limits and tails of the Poisson and binomial distributions, for whole arrays.

Here lives what `rates`, `season` and `change` share. No statistic of its own.
"""

from __future__ import annotations

import numpy as np

from lagesbild.stats._arrays import FloatArray, IntArray


def poisson_limits(counts: IntArray, *, conf: float) -> tuple[FloatArray, FloatArray]:
    """Central limits for the mean of a Poisson count (Garwood 1936): half of 1 - conf in each tail.

    The lower limit of 0 is 0.
    """
    from scipy.special import gammaincinv

    tail = (1.0 - conf) / 2.0
    k = counts.astype(np.float64)
    # χ²_q(2k)/2 is the q quantile of a gamma variable with shape k (Garwood 1936).
    low = np.where(k > 0, gammaincinv(np.maximum(k, 1.0), tail), 0.0)
    return low, np.asarray(gammaincinv(k + 1.0, 1.0 - tail), dtype=np.float64)


def binomial_limits(hits: FloatArray, trials: FloatArray, *, conf: float) -> tuple[FloatArray, FloatArray]:
    """Central limits for a binomial share (Clopper and Pearson 1934). No trials: 0 and 1."""
    from scipy.special import betaincinv

    tail = (1.0 - conf) / 2.0
    misses = trials - hits
    # Neither need be whole: events shared among hours, answers with weights.
    low = np.where(hits > 0, betaincinv(np.where(hits > 0, hits, 1.0), misses + 1.0, tail), 0.0)
    high = np.where(misses > 0, betaincinv(hits + 1.0, np.where(misses > 0, misses, 1.0), 1.0 - tail), 1.0)
    return low, high


def binomial_tails(hits: FloatArray, trials: FloatArray, *, share: float) -> tuple[FloatArray, FloatArray]:
    """P(X <= hits) and P(X >= hits); both include the observed value."""
    from scipy.special import betainc

    misses = trials - hits
    lower = np.where(misses > 0, betainc(np.maximum(misses, 1.0), hits + 1.0, 1.0 - share), 1.0)
    upper = np.where(hits > 0, betainc(np.maximum(hits, 1.0), misses + 1.0, share), 1.0)
    return lower, upper
