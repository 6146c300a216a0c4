"""The loops behind conditional permutation. Imported only when there are places to compare."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lagesbild.stats._arrays import FloatArray, IntArray
from lagesbild.stats._jit import jit
from lagesbild.stats._random import below, stream

UIntArray = npt.NDArray[np.uint64]


@jit
def draw_others(n_places: int, seeds: UIntArray, drawn: IntArray) -> None:
    """Column b of `drawn`: places in random order, none twice, as many as there are rows (the head of a shuffle)."""
    order = np.arange(n_places)
    swaps = np.empty(len(drawn), dtype=np.int64)
    for b in range(len(seeds)):
        state = stream(seeds[b])
        for q in range(len(drawn)):
            other = q + below(state, n_places - q)
            swaps[q] = other
            order[q], order[other] = order[other], order[q]
            drawn[q, b] = order[q]
        for q in range(len(drawn) - 1, -1, -1):
            order[q], order[swaps[q]] = order[swaps[q]], order[q]


@jit
def _first_at_least(ordered: FloatArray, value: float) -> int:
    low, high = 0, len(ordered)
    while low < high:
        middle = (low + high) // 2
        if ordered[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low


@jit
def _first_above(ordered: FloatArray, value: float) -> int:
    low, high = 0, len(ordered)
    while low < high:
        middle = (low + high) // 2
        if ordered[middle] <= value:
            low = middle + 1
        else:
            high = middle
    return low


@jit
def compare_sums(
    x: FloatArray,
    n_near: IntArray,
    lag: FloatArray,
    slack: FloatArray,
    drawn: IntArray,
    sums: FloatArray,
    ordered: FloatArray,
) -> IntArray:
    """How many columns give place i a sum of n_near[i] others of at least, and of at most, lag[i]. Shape (2, m).

    sums[k] are the sums of the first k drawn, and ordered[k] the same in rising order. A place gets the first of the
    drawn that are not itself. For all but the few that were drawn that is the same sum, so they are only looked up.
    """
    n_rows, n_columns = drawn.shape
    found = np.zeros((2, len(x)), dtype=np.int64)
    for i in range(len(x)):
        found[0, i] = n_columns - _first_at_least(ordered[n_near[i]], lag[i] - slack[i])
        found[1, i] = _first_above(ordered[n_near[i]], lag[i] + slack[i])
    for q in range(n_rows):
        for b in range(n_columns):
            i = drawn[q, b]
            if q < n_near[i]:
                with_it, without = sums[n_near[i], b], sums[n_near[i] + 1, b] - x[i]
                low, high = lag[i] - slack[i], lag[i] + slack[i]
                found[0, i] += np.int64(without >= low) - np.int64(with_it >= low)
                found[1, i] += np.int64(without <= high) - np.int64(with_it <= high)
    return found


@jit
def compare_weighted(
    x: FloatArray, start: IntArray, weight: FloatArray, lag: FloatArray, slack: FloatArray, drawn: IntArray
) -> IntArray:
    """As `compare_sums`, for weights weight[start[i]:start[i + 1]] of the neighbours of place i."""
    n_rows, n_columns = drawn.shape
    values = np.empty((n_rows, n_columns))
    for q in range(n_rows):
        for b in range(n_columns):
            values[q, b] = x[drawn[q, b]]
    found = np.zeros((2, len(x)), dtype=np.int64)
    total = np.empty(n_columns)
    for i in range(len(x)):
        total[:] = 0.0
        for q in range(start[i + 1] - start[i]):
            w = weight[start[i] + q]
            for b in range(n_columns):
                total[b] += w * values[q, b]
        for b in range(n_columns):
            found[0, i] += total[b] >= lag[i] - slack[i]
            found[1, i] += total[b] <= lag[i] + slack[i]
    for at in range(n_rows):
        for b in range(n_columns):
            i = drawn[at, b]
            if at >= start[i + 1] - start[i]:
                continue
            with_it, without = 0.0, 0.0
            for q in range(start[i + 1] - start[i]):
                w = weight[start[i] + q]
                with_it += w * values[q, b]
                without += w * values[q if q < at else q + 1, b]
            low, high = lag[i] - slack[i], lag[i] + slack[i]
            found[0, i] += np.int64(without >= low) - np.int64(with_it >= low)
            found[1, i] += np.int64(without <= high) - np.int64(with_it <= high)
    return found
