"""The loop behind the change points: the cheapest way to cut a series into parts of constant rate."""

from __future__ import annotations

import math

import numpy as np

from lagesbild.stats._arrays import FloatArray, IntArray
from lagesbild.stats._jit import jit


@jit
def cost(count: float, exposure: float) -> float:
    """Minus twice the Poisson log-likelihood of a part with its own rate, but for what all cuts share."""
    if count <= 0.0:
        return 0.0
    return -2.0 * count * math.log(count / exposure)


@jit
def cheapest_cut(counts: FloatArray, exposure: FloatArray, penalty: float, min_length: int) -> IntArray:
    """For each end t = 0 … n, where the last part of the cheapest cut of the first t periods begins.

    `counts` and `exposure` are cumulative sums with a leading 0. A beginning s is given up when even the part s … t
    without penalty costs more than the best cut of the first t: any later part does better to begin at t. That holds
    for ends at least one part away, so it stays in play until then.
    """
    n = len(counts) - 1
    best = np.full(n + 1, np.inf)
    best[0] = -penalty
    begin = np.zeros(n + 1, dtype=np.int64)
    gone_from = np.full(n + 1, n + 1, dtype=np.int64)
    alive = np.empty(n + 1, dtype=np.int64)
    n_alive = 0
    for t in range(min_length, n + 1):
        alive[n_alive] = t - min_length
        n_alive += 1
        for k in range(n_alive):
            s = alive[k]
            total = best[s] + cost(counts[t] - counts[s], exposure[t] - exposure[s]) + penalty
            if total < best[t]:
                best[t] = total
                begin[t] = s
        kept = 0
        for k in range(n_alive):
            s = alive[k]
            without = best[s] + cost(counts[t] - counts[s], exposure[t] - exposure[s])
            if without >= best[t] and gone_from[s] > t + min_length:
                gone_from[s] = t + min_length
            if gone_from[s] > t + 1:
                alive[kept] = s
                kept += 1
        n_alive = kept
    return begin
