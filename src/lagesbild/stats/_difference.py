"""A sum and difference of counts in several places and two periods, with its uncertainty.

Here lives the arithmetic of the weighted displacement difference. What is added and what is taken away, and how the
answer is read, is in `displacement`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from lagesbild.stats._arrays import ArrayLike, IntArray, as_counts, require_positive

Direction = Literal["fewer", "more", "unclear"]
FEWEST_SLICES = 4


@dataclass(frozen=True, kw_only=True)
class SliceSpread:
    """The same estimate, with an interval from how the slices of each period vary instead of from Poisson counts.

    ``dispersion`` is its variance over that of Poisson counts.
    """

    n_before: int
    n_after: int
    dispersion: float | None
    se: float
    degrees: float
    pvalue: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class WeightedDifference:
    """Events more (positive) or fewer (negative) than in the control, with interval and two-sided p-value.

    ``direction`` is "unclear" when the interval holds 0. ``slices`` is None unless counts came in slices.
    """

    estimate: float
    se: float
    z: float
    pvalue: float
    low: float
    high: float
    direction: Direction
    slices: SliceSpread | None = None


@dataclass(frozen=True, eq=False)
class Counted:
    """Counts of one place before and after, each in slices of equal length or as one number."""

    before: IntArray
    after: IntArray
    size: float = 1.0

    @property
    def n_before(self) -> int:
        return int(self.before.sum())

    @property
    def n_after(self) -> int:
        return int(self.after.sum())


@dataclass(frozen=True)
class Terms:
    """What all differences of one question share: how much was observed in each period, and the level."""

    exposure_before: float
    exposure_after: float
    conf: float

    def difference(self, added: Sequence[Counted], taken: Sequence[Counted]) -> WeightedDifference:
        """Σ (after - before) of what is added, minus the same of what is taken away."""
        signed = [(1.0, each) for each in added] + [(-1.0, each) for each in taken]
        estimate = variance = 0.0
        for sign, each in signed:
            after, before = self.exposure_after * each.size, self.exposure_before * each.size
            estimate += sign * (each.n_after / after - each.n_before / before)
            variance += each.n_after / after**2 + each.n_before / before**2
        return _with_interval(estimate, variance, conf=self.conf, slices=self._slices(estimate, variance, signed))

    def _slices(self, estimate: float, variance: float, signed: Sequence[tuple[float, Counted]]) -> SliceSpread | None:
        """Welch's interval for the difference of two means, here of sums: slices are taken as independent."""
        n_before, n_after = (len(part) for part in (signed[0][1].before, signed[0][1].after))
        if min(n_before, n_after) < FEWEST_SLICES:
            return None
        parts = []
        for n, exposure, series in (
            (n_before, self.exposure_before, [sign / each.size * each.before for sign, each in signed]),
            (n_after, self.exposure_after, [sign / each.size * each.after for sign, each in signed]),
        ):
            parts.append(n * float(np.var(np.sum(series, axis=0), ddof=1)) / exposure**2)
        total = sum(parts)
        if total <= 0:
            return None
        degrees = total**2 / (parts[0] ** 2 / (n_before - 1) + parts[1] ** 2 / (n_after - 1))
        pvalue, reach = _student(estimate / math.sqrt(total), degrees, conf=self.conf)
        half = reach * math.sqrt(total)
        return SliceSpread(
            n_before=n_before,
            n_after=n_after,
            dispersion=total / variance if variance > 0 else None,
            se=math.sqrt(total),
            degrees=degrees,
            pvalue=pvalue,
            low=estimate - half,
            high=estimate + half,
        )


def counted(name: str, pair: Sequence[ArrayLike], *, size: float) -> Counted:
    """A pair (before, after) of counts, or of arrays of counts in slices."""
    if len(pair) != 2:
        raise ValueError(f"`{name}` must be a pair of counts, before and after. Got {len(pair)}.")
    before, after = (np.atleast_1d(as_counts(name, each)) for each in pair)
    if before.ndim != 1 or after.ndim != 1 or not (len(before) and len(after)):
        raise ValueError(f"`{name}` must hold a count, or one row of counts in slices, for each period.")
    return Counted(before, after, require_positive("sizes", size, unit="units of size"))


def weighted_sum(parts: Sequence[WeightedDifference], weights: Sequence[float], *, conf: float) -> WeightedDifference:
    """Σ w_i times estimate i, of independent parts."""
    estimate = sum(weight * each.estimate for weight, each in zip(weights, parts, strict=True))
    variance = sum((weight * each.se) ** 2 for weight, each in zip(weights, parts, strict=True))
    return _with_interval(estimate, variance, conf=conf, slices=None)


def _with_interval(estimate: float, variance: float, *, conf: float, slices: SliceSpread | None) -> WeightedDifference:
    from scipy.special import ndtri

    se = math.sqrt(variance)
    z = estimate / se if se > 0 else 0.0
    half = float(ndtri(0.5 + conf / 2)) * se
    low, high = estimate - half, estimate + half
    direction: Direction = "more" if low > 0 else "fewer" if high < 0 else "unclear"
    return WeightedDifference(
        estimate=estimate,
        se=se,
        z=z,
        pvalue=max(math.erfc(abs(z) / math.sqrt(2)), float(np.finfo(np.float64).tiny)),
        low=low,
        high=high,
        direction=direction,
        slices=slices,
    )


def _student(value: float, degrees: float, *, conf: float) -> tuple[float, float]:
    """Two-sided p-value of Student's t, and the quantile that bounds the interval."""
    from scipy.special import stdtr, stdtrit

    pvalue = max(2.0 * float(stdtr(degrees, -abs(value))), float(np.finfo(np.float64).tiny))
    return pvalue, float(stdtrit(degrees, 0.5 + conf / 2))
