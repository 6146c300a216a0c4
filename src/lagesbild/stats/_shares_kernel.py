"""The loops behind shares: Fisher's exact test of many columns, and drawing events without replacement.

Imported only when there are columns to test or events to draw.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from lagesbild.stats._arrays import FloatArray, IntArray
from lagesbild.stats._jit import jit
from lagesbild.stats._random import stream, uniform


@jit
def draw_events(counts: IntArray, size: int, seeds: npt.NDArray[np.uint64], rows: IntArray) -> None:
    """Row b of `rows`: how many of `size` events drawn without replacement lie in each column.

    Selection sampling (Knuth's algorithm S): each event in turn is taken with the chance that is left for it.
    """
    total = counts.sum()
    for b in range(len(seeds)):
        state = stream(seeds[b])
        left, wanted = total, size
        for column in range(len(counts)):
            taken = 0
            for _ in range(counts[column]):
                if uniform(state) * left < wanted or wanted == left:
                    taken += 1
                    wanted -= 1
                left -= 1
            rows[b, column] = taken


@jit
def _log_choose(n: float, k: float) -> float:
    return math.lgamma(n + 1.0) - math.lgamma(k + 1.0) - math.lgamma(n - k + 1.0)


@jit
def fisher(column: IntArray, drawn: IntArray, total: int, m: int, pvalue: FloatArray) -> None:
    """Twice the smaller tail of a hypergeometric count, at most 1: `drawn` of `column` among m of `total` events.

    The tail on the side of the observed count is added up term by term, each from the one before; the other tail is
    what is left, the observed count in both.
    """
    for at in range(len(column)):
        k, x = float(column[at]), float(drawn[at])
        others = float(total) - k
        point = math.exp(_log_choose(k, x) + _log_choose(others, m - x) - _log_choose(float(total), float(m)))
        tail, term, step = point, point, x
        if x * total <= k * m:
            while step > 0 and term > tail * 1e-17:
                term *= step * (others - m + step) / ((k - step + 1.0) * (m - step + 1.0))
                step -= 1.0
                tail += term
        else:
            while step < min(k, float(m)) and term > tail * 1e-17:
                term *= (k - step) * (m - step) / ((step + 1.0) * (others - m + step + 1.0))
                step += 1.0
                tail += term
        pvalue[at] = min(1.0, 2.0 * min(tail, 1.0 + point - tail))
