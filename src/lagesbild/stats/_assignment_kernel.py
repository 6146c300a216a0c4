"""Kernel: sums over the places that get the measure, for random assignments within blocks."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lagesbild.stats._jit import jit
from lagesbild.stats._random import below, stream

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@jit
def assigned_sums(values: Floats, starts: Ints, n_treated: Ints, seeds: npt.NDArray[np.uint64]) -> Floats:
    """Sums (r, k) of the rows of `values` (m, k) drawn in each block; block b is rows starts[b] … starts[b + 1] - 1.

    A partial shuffle draws `n_treated[b]` of them, or leaves out the others where those are fewer.
    """
    m, k = values.shape
    order = np.empty(m, dtype=np.int64)
    result = np.zeros((len(seeds), k))
    whole = np.zeros((len(n_treated), k))
    for block in range(len(n_treated)):
        for row in range(starts[block], starts[block + 1]):
            for column in range(k):
                whole[block, column] += values[row, column]
    for replicate in range(len(seeds)):
        state = stream(seeds[replicate])
        for block in range(len(n_treated)):
            first, size = starts[block], starts[block + 1] - starts[block]
            drawn, complement = n_treated[block], 2 * n_treated[block] > size
            if complement:
                drawn = size - drawn
            for at in range(size):
                order[at] = first + at
            for at in range(drawn):
                other = at + below(state, size - at)
                order[at], order[other] = order[other], order[at]
            for column in range(k):
                total = 0.0
                for at in range(drawn):
                    total += values[order[at], column]
                result[replicate, column] += whole[block, column] - total if complement else total
    return result
