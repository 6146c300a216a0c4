"""The loops behind the Knox table. Imported only when there are events to count."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lagesbild.stats._arrays import FloatArray, IntArray
from lagesbild.stats._jit import jit
from lagesbild.stats._random import shuffle, stream

UIntArray = npt.NDArray[np.uint64]
Times = npt.NDArray[np.float64] | npt.NDArray[np.int32]
Counters = npt.NDArray[np.int64] | npt.NDArray[np.int32]
# Counters as wide as the times keep the registers full; narrow ones are emptied before they can overflow.
FULL = 2**30


@jit
def distance(dx: float, dy: float, manhattan: bool) -> float:
    """Between two points, rounded as every other program does."""
    return abs(dx) + abs(dy) if manhattan else np.sqrt(dx * dx + dy * dy)


@jit
def shuffled(times: Times, seeds: UIntArray, out: Times) -> None:
    """Column b of `out`: the times in the order that seed b gives."""
    n = len(times)
    order = np.empty(n, dtype=np.int64)
    for b in range(len(seeds)):
        for i in range(n):
            order[i] = i
        shuffle(order, stream(seeds[b]))
        for i in range(n):
            out[i, b] = times[order[i]]


@jit
def count_pairs(
    x: FloatArray,
    y: FloatArray,
    row_end: IntArray,
    north_start: IntArray,
    north_end: IntArray,
    manhattan: bool,
    distance_edges: FloatArray,
    times: Times,
    time_edges: Times,
    part: Counters,
    total: IntArray,
) -> None:
    """Add to total[k, l, b] the pairs in distance band k that are closer in time than edge l, for column b of times.

    Band k reaches up to distance_edges[k]. A pair is found once and counted for all columns, side by side in memory.
    `part` is room of the same shape.
    """
    n, n_columns = times.shape
    gap = np.empty(n_columns, times.dtype)
    part[:] = 0
    filled = 0
    for i in range(n):
        if filled > FULL - n:
            total += part
            part[:] = 0
            filled = 0
        for run in range(2):
            start = i + 1 if run == 0 else north_start[i]
            end = row_end[i] if run == 0 else north_end[i]
            for j in range(start, end):
                apart = distance(x[i] - x[j], y[i] - y[j], manhattan)
                if apart >= distance_edges[-1]:
                    continue
                k = 0
                while apart >= distance_edges[k]:
                    k += 1
                filled += 1
                for b in range(n_columns):
                    gap[b] = abs(times[i, b] - times[j, b])
                for edge in range(len(time_edges)):
                    limit, counter = time_edges[edge], part[k, edge]
                    for b in range(n_columns):
                        counter[b] += gap[b] < limit
    total += part


@jit
def near_in_space(
    x: FloatArray,
    y: FloatArray,
    row_end: IntArray,
    north_start: IntArray,
    north_end: IntArray,
    manhattan: bool,
    distance_edges: FloatArray,
) -> IntArray:
    """For each point and edge, how many others are closer than the edge. Shape (n, number of edges)."""
    near = np.zeros((len(x), len(distance_edges)), dtype=np.int64)
    for i in range(len(x)):
        for run in range(2):
            start = i + 1 if run == 0 else north_start[i]
            end = row_end[i] if run == 0 else north_end[i]
            for j in range(start, end):
                apart = distance(x[i] - x[j], y[i] - y[j], manhattan)
                for k in range(len(distance_edges) - 1, -1, -1):
                    if apart >= distance_edges[k]:
                        break
                    near[i, k] += 1
                    near[j, k] += 1
    return near


@jit
def near_in_time(ordered: FloatArray, edge: float) -> IntArray:
    """For each of the times, in rising order, how many others are less than `edge` away."""
    n = len(ordered)
    near = np.zeros(n, dtype=np.int64)
    first, end = 0, 0
    for i in range(n):
        while ordered[i] - ordered[first] >= edge and first < i:
            first += 1
        end = max(end, i + 1)
        while end < n and ordered[end] - ordered[i] < edge:
            end += 1
        near[i] = end - first - 1
    return near
