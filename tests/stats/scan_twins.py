"""A scan of every circle and every period, written from the formulas, for the fast one to be held against."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from lagesbild.stats._scan_windows import Intervals

Array = npt.NDArray[np.float64]
# Statistic, centre, radius, first and last interval, cases, size.
Window = tuple[float, int, float, int, int, int, float]


def poisson(c: float, mu: float, cases: float) -> float:
    """Kulldorff et al. (2005): log of (c/μ)^c ((C - c)/(C - μ))^(C - c)."""
    if c <= mu:
        return 0.0
    rest = (cases - c) * math.log((cases - c) / (cases - mu)) if cases > c else 0.0
    return c * math.log(c / mu) + rest


def bernoulli(c: float, n: float, cases: float, people: float) -> float:
    """Kulldorff (1997): log of the likelihood with two probabilities over that with one."""
    if n in (0, people) or c / n <= (cases - c) / (people - n):
        return 0.0

    def fit(k: float, m: float) -> float:
        return sum(a * math.log(a / m) for a in (k, m - k) if a > 0)

    return fit(c, n) + fit(cases - c, people - n) - fit(cases, people)


def best_windows(
    x: Array,
    y: Array,
    counts: Array,
    size: Array,
    *,
    at: Intervals,
    radius: float,
    most: float,
    people: float,
    fewest: int,
) -> list[Window]:
    """The best window of each centre. `counts` and `size` have shape (places, intervals)."""
    found = []
    for centre in range(len(x)):
        distance = np.hypot(x - x[centre], y - y[centre])
        best: Window = (0.0, centre, 0.0, 0, 0, 0, 0.0)
        for reach in np.unique(np.round(distance[distance <= radius], 6)):
            within = distance <= reach + 1e-6
            if size[within].sum() > most + 1e-9:
                break
            for a in range(len(at)):
                for b in range(a, int(at.last_end[a]) + 1):
                    if at.prospective and b < len(at) - 1:
                        continue
                    c = int(counts[within, a : b + 1].sum())
                    held = float(size[within, a : b + 1].sum())
                    cases = float(counts.sum())
                    if c < fewest or held <= 0:
                        continue
                    value = bernoulli(c, held, cases, people) if people else poisson(c, held, cases)
                    if value > best[0] + 1e-12:
                        best = (value, centre, float(reach), a, b, c, held)
        found.append(best)
    return found
