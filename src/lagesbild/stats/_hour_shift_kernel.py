"""The loops behind the shift of the hour profile. Imported only when there are intervals to share out."""

from __future__ import annotations

import numpy as np

from lagesbild.stats._arrays import FloatArray, IntArray
from lagesbild.stats._jit import jit
from lagesbild.stats._random import stream, uniform


@jit
def count_pieces(start: IntArray, end: IntArray, cell_s: int) -> IntArray:
    """Where the pieces of each interval begin in the list of all, and where they end."""
    offsets = np.zeros(len(start) + 1, dtype=np.int64)
    for i in range(len(start)):
        offsets[i + 1] = offsets[i] + (end[i] - 1) // cell_s - start[i] // cell_s + 1
    return offsets


@jit
def cut(
    start: IntArray, end: IntArray, cell_s: int, n_cells: int, offsets: IntArray, cells: IntArray, shares: FloatArray
) -> None:
    """The cell of each piece, and its share of the interval."""
    for i in range(len(start)):
        at = start[i]
        length = end[i] - start[i]
        for piece in range(offsets[i], offsets[i + 1]):
            number = at // cell_s
            edge = (number + 1) * cell_s
            until = edge if edge < end[i] else end[i]
            cells[piece] = number % n_cells
            shares[piece] = (until - at) / length
            at = until


@jit
def add_some(
    offsets: IntArray, cells: IntArray, shares: FloatArray, n_wanted: int, seed: np.uint64, out: FloatArray
) -> None:
    """Add the pieces of so many intervals, chosen at random: each in turn with probability wanted / left."""
    state = stream(seed)
    n = len(offsets) - 1
    wanted = n_wanted
    for i in range(n):
        if uniform(state) * (n - i) < wanted:
            wanted -= 1
            for piece in range(offsets[i], offsets[i + 1]):
                out[cells[piece]] += shares[piece]
