"""The loops behind the largest Gi* of a map whose values were put in random order."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lagesbild.stats._arrays import BoolArray, FloatArray, IntArray
from lagesbild.stats._jit import jit
from lagesbild.stats._random import shuffle, stream

UIntArray = npt.NDArray[np.uint64]


@jit
def _largest(
    sums: FloatArray, expected: FloatArray, scale: FloatArray, testable: BoolArray, up: bool, down: bool
) -> float:
    largest = -np.inf
    for i in range(len(sums)):
        if testable[i]:
            z = (sums[i] - expected[i]) / scale[i]
            if up and z > largest:
                largest = z
            if down and -z > largest:
                largest = -z
    return largest


@jit
def maxima_of_weights(
    x: FloatArray,
    start: IntArray,
    column: IntArray,
    weight: FloatArray,
    expected: FloatArray,
    scale: FloatArray,
    testable: BoolArray,
    up: bool,
    down: bool,
    seeds: UIntArray,
) -> FloatArray:
    """For each seed, the largest statistic after all values changed places."""
    m = len(x)
    maxima = np.empty(len(seeds))
    order, values, sums = np.empty(m, dtype=np.int64), np.empty(m), np.empty(m)
    for b in range(len(seeds)):
        for i in range(m):
            order[i] = i
        shuffle(order, stream(seeds[b]))
        for i in range(m):
            values[i] = x[order[i]]
        for i in range(m):
            total = 0.0
            for at in range(start[i], start[i + 1]):
                total += weight[at] * values[column[at]]
            sums[i] = total
        maxima[b] = _largest(sums, expected, scale, testable, up, down)
    return maxima


@jit
def maxima_of_window(
    x: FloatArray,
    cell: IntArray,
    n_rows: int,
    n_cols: int,
    half_widths: IntArray,
    expected: FloatArray,
    scale: FloatArray,
    testable: BoolArray,
    up: bool,
    down: bool,
    seeds: UIntArray,
) -> FloatArray:
    """The same on a grid: value i goes to a random one of the cells `cell`; sums from running totals, row by row."""
    m, reach = len(x), len(half_widths) // 2
    maxima = np.empty(len(seeds))
    order, sums = np.empty(m, dtype=np.int64), np.empty(m)
    running = np.zeros((n_rows, n_cols + 1))
    values = np.zeros(n_rows * n_cols)
    for b in range(len(seeds)):
        for i in range(m):
            order[i] = i
        shuffle(order, stream(seeds[b]))
        for i in range(m):
            values[cell[i]] = x[order[i]]
        for row in range(n_rows):
            for col in range(n_cols):
                running[row, col + 1] = running[row, col] + values[row * n_cols + col]
        for i in range(m):
            row, col = cell[i] // n_cols, cell[i] % n_cols
            total = 0.0
            for other in range(max(row - reach, 0), min(row + reach + 1, n_rows)):
                half = half_widths[other - row + reach]
                total += running[other, min(col + half + 1, n_cols)] - running[other, max(col - half, 0)]
            sums[i] = total
        maxima[b] = _largest(sums, expected, scale, testable, up, down)
    return maxima
