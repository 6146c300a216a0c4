"""The loop behind Moran's I under random orders. Imported only when there are places to compare."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lagesbild.stats._arrays import FloatArray, IntArray
from lagesbild.stats._jit import jit
from lagesbild.stats._random import shuffle, stream

UIntArray = npt.NDArray[np.uint64]


@jit
def products(
    deviation: FloatArray, start: IntArray, column: IntArray, weight: FloatArray, seeds: UIntArray
) -> FloatArray:
    """For each seed, the sum of weight times product over neighbours, after all values changed places."""
    m = len(deviation)
    found = np.empty(len(seeds))
    order, z = np.empty(m, dtype=np.int64), np.empty(m)
    for b in range(len(seeds)):
        for i in range(m):
            order[i] = i
        shuffle(order, stream(seeds[b]))
        for i in range(m):
            z[i] = deviation[order[i]]
        total = 0.0
        for i in range(m):
            lag = 0.0
            for at in range(start[i], start[i + 1]):
                lag += weight[at] * z[column[at]]
            total += z[i] * lag
        found[b] = total
    return found
