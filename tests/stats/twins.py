"""Slow, plain versions of the statistics, written from the formulas, for the fast ones to be held against."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def window_sum(values: Array, offsets: Sequence[tuple[int, int]]) -> Array:
    out = np.zeros(values.shape)
    for row in range(values.shape[0]):
        for col in range(values.shape[1]):
            for down, right in offsets:
                if 0 <= row + down < values.shape[0] and 0 <= col + right < values.shape[1]:
                    out[row, col] += values[row + down, col + right]
    return out


def disc_offsets(radius_m: float, cell_m: float) -> list[tuple[int, int]]:
    reach = int(radius_m // cell_m) + 1
    steps = range(-reach, reach + 1)
    return [(a, b) for a in steps for b in steps if math.hypot(a * cell_m, b * cell_m) <= radius_m]


def gi_star_z(x: Array, w: Array) -> Array:
    """The standardised G* of Ord and Getis (1995) on a dense matrix."""
    n = len(x)
    mean = x.sum() / n
    s = math.sqrt((x**2).sum() / n - mean**2)
    z = np.empty(n)
    for i in range(n):
        w_i, s_1i = w[i].sum(), (w[i] ** 2).sum()
        z[i] = ((w[i] * x).sum() - mean * w_i) / (s * math.sqrt((n * s_1i - w_i**2) / (n - 1)))
    return z


def quartic(distance_m: Array, bandwidth_m: float) -> Array:
    """Silverman (1986), eq. 4.5 [per m²]."""
    u = distance_m / bandwidth_m
    return np.where(u < 1, 3 / (math.pi * bandwidth_m**2) * (1 - u**2) ** 2, 0.0)


def gaussian(distance_m: Array, bandwidth_m: float) -> Array:
    return np.exp(-((distance_m / bandwidth_m) ** 2) / 2) / (2 * math.pi * bandwidth_m**2)


def benjamini_hochberg(pvalues: Sequence[float], alpha: float) -> list[bool]:
    m = len(pvalues)
    ordered = sorted(pvalues)
    passed = [p for i, p in enumerate(ordered, start=1) if p <= i / m * alpha]
    limit = max(passed, default=-1.0)
    return [p <= limit for p in pvalues]


def aoristic_by_second(start: int, end: int, cell_s: int, n_cells: int) -> Array:
    """Seconds since a Monday; every second of the interval weighs the same."""
    seconds = np.arange(start, end) if end > start else np.array([start])
    cells = np.bincount(seconds // cell_s % n_cells, minlength=n_cells)
    return cells / len(seconds)


def knox_table(
    x: Array, y: Array, t: Array, space: Sequence[float], time: Sequence[float], metric: str = "euclidean"
) -> npt.NDArray[np.int64]:
    """Every pair of events, one by one, in its band of distance and time."""
    table = np.zeros((len(space) - 1, len(time) - 1), dtype=np.int64)
    for i in range(len(x)):
        for j in range(i):
            dx, dy, days = abs(x[i] - x[j]), abs(y[i] - y[j]), abs(t[i] - t[j])
            metres = dx + dy if metric == "manhattan" else math.sqrt(dx * dx + dy * dy)
            for k in range(len(space) - 1):
                for m in range(len(time) - 1):
                    table[k, m] += space[k] <= metres < space[k + 1] and time[m] <= days < time[m + 1]
    return table


def moran_i(x: Array, w: Array) -> float:
    """Moran's I on a dense matrix, term by term."""
    z = x - x.mean()
    products = sum(w[i, j] * z[i] * z[j] for i in range(len(x)) for j in range(len(x)))
    return float(len(x) / w.sum() * products / (z**2).sum())


def chains_by_walking(
    x: Array, y: Array, t: Array, radius_m: float, window_days: float, metric: str = "euclidean"
) -> list[int]:
    """Number of the chain of each event, 0 for none, by visiting all that can be reached; the first event first."""

    def near(i: int, j: int) -> bool:
        dx, dy = abs(x[i] - x[j]), abs(y[i] - y[j])
        metres = dx + dy if metric == "manhattan" else math.sqrt(dx * dx + dy * dy)
        return i != j and bool(metres <= radius_m and abs(t[i] - t[j]) <= window_days)

    chain = [0] * len(x)
    number = 0
    for first in sorted(range(len(x)), key=lambda i: (t[i], i)):
        if chain[first] or not any(near(first, j) for j in range(len(x))):
            continue
        number += 1
        waiting = [first]
        while waiting:
            i = waiting.pop()
            if not chain[i]:
                chain[i] = number
                waiting += [j for j in range(len(x)) if near(i, j)]
    return chain
