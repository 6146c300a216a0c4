"""What the two methods for change points share: reading a series, how much it varies, and how surely a change is dated.

Here live checks and arithmetic. The search for several changes is in `change_points`, the test of one in
`change_point_test`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lagesbild.stats._arrays import ArrayLike, BoolArray, FloatArray, as_counts, as_vector
from lagesbild.stats.notes import Note


@dataclass(frozen=True, kw_only=True)
class ChangePoint:
    """A change of level. ``index`` is the first period of the new level, ``low`` to ``high`` where it may lie.

    ``ratio`` is the rate after divided by the rate before, None when there was none before.
    """

    index: int
    low: int
    high: int
    rate_before: float
    rate_after: float
    ratio: float | None


@dataclass(frozen=True, eq=False)
class Series:
    """Counts with their exposure, and the cumulative sums of both with a leading 0."""

    counts: FloatArray
    exposure: FloatArray

    def __len__(self) -> int:
        return len(self.counts)

    @property
    def sums(self) -> tuple[FloatArray, FloatArray]:
        return np.concatenate(([0.0], np.cumsum(self.counts))), np.concatenate(([0.0], np.cumsum(self.exposure)))

    def rate(self, start: int, end: int) -> float:
        """Events per unit of exposure."""
        observed = float(self.exposure[start:end].sum())
        return float(self.counts[start:end].sum()) / observed if observed > 0 else math.nan

    def known(self) -> BoolArray:
        return np.asarray(self.exposure > 0)


def series(counts: ArrayLike, exposure: ArrayLike | None, *, min_length: int) -> Series:
    """The arguments, checked."""
    given = as_counts("counts", counts)
    if given.ndim != 1:
        raise ValueError(f"`counts` must have one dimension. Got {given.ndim}.")
    observed = np.ones(len(given)) if exposure is None else as_vector("exposure", exposure)
    if len(observed) != len(given):
        raise ValueError(f"`exposure` must have the length of `counts`, {len(given)}. Got {len(observed)}.")
    if len(observed) and float(observed.min()) < 0:
        raise ValueError("`exposure` must not be negative.")
    if bool(np.any((observed == 0) & (given > 0))):
        raise ValueError("`counts` must be 0 where `exposure` is 0: nothing was observed there.")
    if min_length < 1:
        raise ValueError(f"`min_length` must be 1 or more. Got {min_length}.")
    return Series(given.astype(np.float64), observed)


def dispersion(found: Series, changes: Sequence[int] = ()) -> float:
    """How many times more than Poisson counts the series varies from period to period; 1 at least.

    Given the sum of two neighbours, the first is binomial when both have the same rate; the mean of their squared
    deviations in units of that variance is 1 for Poisson counts. Slow changes hardly matter, and pairs across a known
    change are left out.
    """
    first, second = found.exposure[:-1], found.exposure[1:]
    both, observed = found.counts[:-1] + found.counts[1:], first + second
    usable = (both > 0) & (first > 0) & (second > 0)
    usable[[each - 1 for each in changes]] = False
    if not bool(usable.any()):
        return 1.0
    share = second[usable] / observed[usable]
    gap = found.counts[1:][usable] - both[usable] * share
    return max(1.0, float(np.mean(gap * gap / (both[usable] * share * (1 - share)))))


def dated(found: Series, index: int, *, span: tuple[int, int], min_length: int, phi: float, conf: float) -> ChangePoint:
    """The change with its interval, when the levels on both sides reach from `span[0]` and to `span[1]`.

    Posterior probability of each date with equal prior probabilities, the two rates integrated out with the prior
    rate^(-1/2), counts and exposure divided by the dispersion; the interval leaves out at most half of 1 - conf on
    either side.
    """
    from scipy.special import gammaln

    start, end = span
    dates = np.arange(start + min_length, end - min_length + 1)
    sums, observed = (each / phi for each in found.sums)
    weight = np.zeros(len(dates))
    for x, e in (
        (sums[dates] - sums[start], observed[dates] - observed[start]),
        (sums[end] - sums[dates], observed[end] - observed[dates]),
    ):
        weight += np.where(e > 0, gammaln(x + 0.5) - (x + 0.5) * np.log(np.where(e > 0, e, 1.0)), -np.inf)
    probability = np.exp(weight - weight.max())
    reached = np.cumsum(probability) / probability.sum()
    tail = (1 - conf) / 2
    low = int(dates[np.searchsorted(reached, tail, side="right")])
    high = int(dates[np.minimum(np.searchsorted(reached, 1 - tail, side="left"), len(dates) - 1)])
    before, after = found.rate(start, index), found.rate(index, end)
    return ChangePoint(
        index=index,
        low=min(low, index),
        high=max(high, index),
        rate_before=before,
        rate_after=after,
        ratio=after / before if before > 0 else None,
    )


def too_little(found: Series, *, min_length: int) -> tuple[Note, ...]:
    """Why no change can be looked for; empty when one can."""
    if int(found.known().sum()) < 2 * min_length:
        return (Note("change_points.too_few_periods", {"n": len(found), "needed": 2 * min_length}),)
    if not found.counts.any():
        return (Note("change_points.no_events"),)
    return ()
