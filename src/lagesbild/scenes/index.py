"""An index 0–100 for one indicator, out of figures: formula, uncertainty, what is missing, how much the weights matter.

Pure. Stands beside what people judge and never decides it. `agreement` tells how well index and judgement go together.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import stats as sps

VERSION: Final = "1"
LEAST_KNOWN_WEIGHT: Final = 0.5
WEIGHT_FACTOR: Final = 2.0
FEW_PLACES: Final = 10
FEWEST_PLACES: Final = 4
MOST_PARTS: Final = 12  # every weight is tried at both ends: 2 to the power of this
Z95: Final = 1.959963984540054


@dataclass(frozen=True)
class Part:
    """One figure of an index. ``zero_at`` and ``hundred_at`` are the values that score 0 and 100, in either order.

    ``low`` and ``high`` are the ends of its 95 % interval; without them it is taken as exact, and the result says so.
    """

    title: str
    weight: float
    zero_at: float
    hundred_at: float
    value: float | None = None
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        if not self.weight > 0 or not math.isfinite(self.weight):
            raise ValueError(f"`weight` must be a positive number. Got {self.weight!r}.")
        if self.zero_at == self.hundred_at or not math.isfinite(self.zero_at) or not math.isfinite(self.hundred_at):
            raise ValueError(f"`zero_at` and `hundred_at` must differ. Got {self.zero_at!r} and {self.hundred_at!r}.")

    def score(self, value: float) -> float:
        """The value on the scale 0–100, cut at its ends."""
        return min(100.0, max(0.0, 100.0 * (value - self.zero_at) / (self.hundred_at - self.zero_at)))


@dataclass(frozen=True)
class IndexResult:
    """The index with everything one must know to read it. ``value`` is None where too much is missing.

    ``interval`` comes from the intervals of the figures, ``if_missing`` is the index with what is missing at 0 and at
    100, ``by_weights`` the range when each weight may be halved or doubled, ``without`` the index without each figure.
    """

    value: float | None
    interval: tuple[float, float] | None
    if_missing: tuple[float, float]
    by_weights: tuple[float, float] | None
    without: tuple[tuple[str, float], ...]
    known_weight: float
    missing: tuple[str, ...]
    taken_as_exact: tuple[str, ...]


def index(parts: Sequence[Part]) -> IndexResult:
    """The index of one indicator.

    Notes
    -----
    1. ``I = Σ wᵢ sᵢ / Σ wᵢ`` over the figures that are known, ``sᵢ = 100 (xᵢ - zeroᵢ) / (hundredᵢ - zeroᵢ)`` cut to
       [0, 100].
    2. Figures that hold less than half of the weight give no index.
    3. Interval: the half widths of the scores, upwards and downwards each, are added as independent:
       ``√Σ (wᵢ hᵢ)² / Σ wᵢ``. A figure without interval adds nothing, so the interval is then too narrow.
    4. In each weight the index is monotone, so the range over halved to doubled weights is reached at its corners.

    Raises
    ------
    ValueError
        If there are no parts, or more than `MOST_PARTS`.
    """
    if not 1 <= len(parts) <= MOST_PARTS:
        raise ValueError(f"`parts` must be 1 to {MOST_PARTS}. Got {len(parts)}.")
    known = [part for part in parts if part.value is not None]
    total = sum(part.weight for part in parts)
    weight = sum(part.weight for part in known)
    summed = sum(part.weight * _score(part) for part in known)
    enough = bool(known) and weight >= LEAST_KNOWN_WEIGHT * total
    value = summed / weight if enough else None
    return IndexResult(
        value=value,
        interval=_interval(known, weight, value) if value is not None else None,
        if_missing=(summed / total, (summed + 100.0 * (total - weight)) / total),
        by_weights=_by_weights(known) if value is not None else None,
        without=tuple((part.title, _mean([each for each in known if each is not part])) for part in known)
        if value is not None and len(known) > 1
        else (),
        known_weight=weight / total,
        missing=tuple(part.title for part in parts if part.value is None),
        taken_as_exact=tuple(part.title for part in known if part.low is None or part.high is None),
    )


def count_interval(n: float) -> tuple[float, float]:
    """The exact 95 % interval of a count, as that of a Poisson mean (Garwood 1936)."""
    low = float(sps.chi2.ppf(0.025, 2 * n) / 2) if n > 0 else 0.0
    return low, float(sps.chi2.ppf(0.975, 2 * n + 2) / 2)


def share_interval(share_pct: float, n: int) -> tuple[float, float]:
    """The 95 % interval of a share in per cent among ``n`` (Wilson 1927)."""
    p, z2 = share_pct / 100.0, Z95**2
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return 100.0 * max(0.0, middle - half), 100.0 * min(1.0, middle + half)


def density_ratio(
    inside: int, outside: int, *, inside_m2: float, outside_m2: float
) -> tuple[float, float, float] | None:
    """How many times as dense ``inside`` lies as ``outside``, with its exact 95 % interval; None if nothing is outside.

    Given their sum, a count of two Poisson counts is binomial (Przyborowski & Wilenski 1940); the interval is that of
    Clopper and Pearson (1934), carried over.
    """
    if outside <= 0 or inside_m2 <= 0 or outside_m2 <= 0:
        return None
    times = outside_m2 / inside_m2
    low = float(sps.beta.ppf(0.025, inside, outside + 1)) if inside else 0.0
    high = float(sps.beta.ppf(0.975, inside + 1, outside))
    return inside / outside * times, low / (1 - low) * times, high / (1 - high) * times


@dataclass(frozen=True)
class Agreement:
    """How index and judgement go together over places: Spearman's rank correlation with its 95 % interval."""

    n: int
    rho: float | None
    interval: tuple[float, float] | None
    is_few: bool


def agreement(indices: Sequence[float], judged: Sequence[float]) -> Agreement:
    """Do places with a higher index also have a higher judgement?

    Notes
    -----
    Ties share ranks. Interval by Fisher's transformation with the standard error of [1]_, ``√((1 + ρ²/2) / (n - 3))``;
    none below four places or where all judgements, or all indices, are the same. Below ten places it says little.

    References
    ----------
    .. [1] Bonett, D. G. & Wright, T. A. (2000). Sample size requirements for estimating Pearson, Kendall and Spearman
       correlations. Psychometrika 65, 23-28. doi:10.1007/BF02294183.

    Raises
    ------
    ValueError
        If the lengths differ.
    """
    if len(indices) != len(judged):
        raise ValueError(f"`indices` and `judged` must be of one length. Got {len(indices)} and {len(judged)}.")
    n = len(indices)
    few = n < FEW_PLACES
    if n < FEWEST_PLACES or len(set(indices)) == 1 or len(set(judged)) == 1:
        return Agreement(n, None, None, few)
    rho = float(np.corrcoef(sps.rankdata(indices), sps.rankdata(judged))[0, 1])
    if abs(rho) >= 1.0 - 1e-12:
        return Agreement(n, math.copysign(1.0, rho), None, few)
    half = Z95 * math.sqrt((1 + rho**2 / 2) / (n - 3))
    middle = math.atanh(rho)
    return Agreement(n, rho, (math.tanh(middle - half), math.tanh(middle + half)), few)


def _score(part: Part) -> float:
    return part.score(part.value) if part.value is not None else 0.0


def _mean(parts: Sequence[Part], weights: Sequence[float] | None = None) -> float:
    used = weights or [part.weight for part in parts]
    return sum(weight * _score(part) for weight, part in zip(used, parts, strict=True)) / sum(used)


def _interval(known: Sequence[Part], weight: float, value: float) -> tuple[float, float] | None:
    """None where no figure has an interval: an interval without width would claim that the index is exact."""
    if all(part.low is None or part.high is None for part in known):
        return None
    down = up = 0.0
    for part in known:
        if part.low is not None and part.high is not None:
            ends = sorted((part.score(part.low), part.score(part.high)))
            down += (part.weight * max(0.0, _score(part) - ends[0])) ** 2
            up += (part.weight * max(0.0, ends[1] - _score(part))) ** 2
    return max(0.0, value - math.sqrt(down) / weight), min(100.0, value + math.sqrt(up) / weight)


def _by_weights(known: Sequence[Part]) -> tuple[float, float]:
    ends = [(part.weight / WEIGHT_FACTOR, part.weight * WEIGHT_FACTOR) for part in known]
    found = [_mean(known, corner) for corner in itertools.product(*ends)]
    return min(found), max(found)
