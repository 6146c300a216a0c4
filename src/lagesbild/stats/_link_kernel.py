"""The loops that find events near each other in both space and time. Imported only when there are events."""

from __future__ import annotations

import numpy as np

from lagesbild.stats._arrays import BoolArray, FloatArray, IntArray
from lagesbild.stats._jit import jit
from lagesbild.stats._knox_kernel import distance


@jit
def _root(parent: IntArray, i: int) -> int:
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


@jit
def link(
    x: FloatArray,
    y: FloatArray,
    row_end: IntArray,
    north_start: IntArray,
    north_end: IntArray,
    manhattan: bool,
    t: FloatArray,
    radius_m: float,
    window_days: float,
    wanted: BoolArray,
    n_links: IntArray,
    touched: BoolArray,
) -> IntArray:
    """One number for each set of events that hang together by links; exactly at the limits is near.

    Adds to n_links how many links each event has; marks in `touched` whoever has a link with a wanted event.
    """
    n = len(x)
    parent = np.arange(n)
    for i in range(n):
        for run in range(2):
            start = i + 1 if run == 0 else north_start[i]
            end = row_end[i] if run == 0 else north_end[i]
            for j in range(start, end):
                if abs(t[i] - t[j]) > window_days or distance(x[i] - x[j], y[i] - y[j], manhattan) > radius_m:
                    continue
                n_links[i] += 1
                n_links[j] += 1
                touched[i] |= wanted[j]
                touched[j] |= wanted[i]
                first, second = _root(parent, i), _root(parent, j)
                if first != second:
                    parent[max(first, second)] = min(first, second)
    for i in range(n):
        parent[i] = _root(parent, i)
    return parent
