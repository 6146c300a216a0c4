"""The Mann-Kendall test for a trend, for many series at once.

Here lives the test alone; `emerging_hot_spots` uses it on the z of each cell.
"""

from __future__ import annotations

import functools
import math

import numpy as np

from lagesbild.stats._arrays import FloatArray

# Beyond so many periods the normal distribution is as good as the exact one.
EXACT_UP_TO = 30


def kendall(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Kendall's τ with time, and two-sided p, for each column of (periods, series).

    S counts rising less falling pairs; τ = S / (T (T - 1) / 2). Without ties, and with few periods, p comes from the
    exact distribution of S over all orders; otherwise from the normal distribution with the variance corrected for
    ties and S moved by 1 towards 0.
    """
    n_periods, n_series = values.shape
    if n_periods < 2:
        return np.zeros(n_series), np.ones(n_series)
    s = np.zeros(n_series)
    for i in range(n_periods - 1):
        s += np.sign(values[i + 1 :] - values[i]).sum(axis=0)
    tau = s / (n_periods * (n_periods - 1) / 2)
    ordered = np.sort(values, axis=0)
    tied = (ordered[1:] == ordered[:-1]).any(axis=0)
    pvalue = _normal_p(s, _variance(ordered))
    if n_periods <= EXACT_UP_TO:
        pvalue = np.where(tied, pvalue, _exact_p(n_periods)[np.abs(s).astype(np.int64)])
    return tau, pvalue


def _variance(ordered: FloatArray) -> FloatArray:
    """[T (T - 1) (2T + 5) - Σ t (t - 1) (2t + 5)] / 18, t the sizes of groups of ties."""
    n_periods, n_series = ordered.shape
    correction, size = np.zeros(n_series), np.ones(n_series)
    for i in range(1, n_periods + 1):
        same = (ordered[i] == ordered[i - 1]) if i < n_periods else np.zeros(n_series, dtype=np.bool_)
        correction += np.where(same, 0.0, size * (size - 1) * (2 * size + 5))
        size = np.where(same, size + 1, 1.0)
    return np.asarray((n_periods * (n_periods - 1) * (2 * n_periods + 5) - correction) / 18.0)


def _normal_p(s: FloatArray, variance: FloatArray) -> FloatArray:
    from scipy.special import erfc

    z = np.maximum(np.abs(s) - 1, 0) / np.sqrt(np.where(variance > 0, variance, 1.0))
    return np.asarray(erfc(z / math.sqrt(2)), dtype=np.float64)


@functools.cache
def _exact_p(n_periods: int) -> FloatArray:
    """P(|S| ≥ s) for s = 0, 1, …: orders counted by their inversions, one period after the other."""
    orders = np.ones(1)
    for n in range(2, n_periods + 1):
        orders = np.convolve(orders, np.ones(n)) / n
    n_pairs = n_periods * (n_periods - 1) // 2
    size = np.abs(n_pairs - 2 * np.arange(n_pairs + 1))
    mass = np.bincount(size, weights=orders, minlength=n_pairs + 1)
    return np.minimum(np.cumsum(mass[::-1])[::-1], 1.0)
