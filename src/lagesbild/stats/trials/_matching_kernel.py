"""Kernels: the best pairs of few places, and blocks improved by exchanging places until no exchange helps."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lagesbild.stats._jit import jit

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@jit
def distance(points: Floats, first: int, second: int) -> float:
    total = 0.0
    for column in range(points.shape[1]):
        gap = points[first, column] - points[second, column]
        total += gap * gap
    return float(np.sqrt(total))


@jit
def best_pairs(points: Floats) -> Ints:
    """Partner of each of an even number of places, with the least sum of distances; looks at all subsets once."""
    n = len(points)
    best = np.full(1 << n, np.inf)
    chosen = np.zeros(1 << n, dtype=np.int64)
    best[0] = 0.0
    for taken in range(1 << n):
        if best[taken] == np.inf:
            continue
        first = 0
        while first < n and taken >> first & 1:
            first += 1
        for second in range(first + 1, n):
            if not taken >> second & 1:
                then = taken | 1 << first | 1 << second
                cost = best[taken] + distance(points, first, second)
                if cost < best[then]:
                    best[then], chosen[then] = cost, first * n + second
    partner = np.empty(n, dtype=np.int64)
    left = (1 << n) - 1
    while left:
        first, second = chosen[left] // n, chosen[left] % n
        partner[first], partner[second] = second, first
        left ^= 1 << first | 1 << second
    return partner


@jit
def exchange(points: Floats, members: Ints, starts: Ints) -> None:
    """Exchange two places of different blocks while that lowers the sum of distances within blocks, in place.

    Block b has the places members[starts[b]] … members[starts[b + 1] - 1].
    """
    improved = True
    while improved:
        improved = False
        for a in range(len(starts) - 1):
            for b in range(a + 1, len(starts) - 1):
                for i in range(starts[a], starts[a + 1]):
                    for j in range(starts[b], starts[b + 1]):
                        gain = 0.0
                        for k in range(starts[a], starts[a + 1]):
                            if k != i:
                                gain += distance(points, members[i], members[k])
                                gain -= distance(points, members[j], members[k])
                        for k in range(starts[b], starts[b + 1]):
                            if k != j:
                                gain += distance(points, members[j], members[k])
                                gain -= distance(points, members[i], members[k])
                        if gain > 1e-9:
                            members[i], members[j] = members[j], members[i]
                            improved = True


@jit
def gather(points: Floats, sizes: Ints) -> Ints:
    """Members of blocks in turn: each begins with the place farthest out of those left, and takes its nearest."""
    n = len(points)
    left = np.ones(n, dtype=np.bool_)
    members = np.empty(n, dtype=np.int64)
    at = 0
    for size in sizes:
        first, farthest = -1, -1.0
        for place in range(n):
            if left[place]:
                out = 0.0
                for column in range(points.shape[1]):
                    out += points[place, column] * points[place, column]
                if out > farthest:
                    first, farthest = place, out
        for taken in range(size):
            nearest, reach = first, np.inf
            for place in range(n):
                if left[place] and taken > 0 and distance(points, first, place) < reach:
                    nearest, reach = place, distance(points, first, place)
            members[at] = nearest
            left[nearest] = False
            at += 1
    return members
