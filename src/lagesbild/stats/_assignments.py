"""Random assignment of a measure to places within blocks, as a trial could have come out.

Here live the assignments themselves, all of them or many at random, and what follows from comparing with them: p-values
and an interval by inverting the test. Which number is compared is decided by each method.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lagesbild.stats._arrays import ArrayLike, BoolArray, FloatArray, IntArray
from lagesbild.stats._replicates import Progress, Rng, UIntArray, replicates

# Assignments are listed one and all up to this number; above it they are drawn.
MOST_LISTED = 20_000
BLOCK_SIZE = 64


@dataclass(frozen=True, eq=False)
class Assignments:
    """Places sorted by block: `order` of the rows, where each block starts, how many in it get the measure."""

    order: IntArray
    starts: IntArray
    n_treated: IntArray
    labels: tuple[object, ...]

    @classmethod
    def of(cls, treated: BoolArray, block: ArrayLike | None) -> Assignments:
        labels, number = block_numbers(block, len(treated))
        order = np.argsort(number, kind="stable").astype(np.int64)
        sizes = np.bincount(number, minlength=len(labels))
        return cls(
            order=order,
            starts=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
            n_treated=np.bincount(number[treated], minlength=len(labels)).astype(np.int64),
            labels=labels,
        )

    @property
    def sizes(self) -> IntArray:
        return np.diff(self.starts)

    @property
    def n_possible(self) -> int:
        """How many assignments there are in all."""
        pairs = zip(self.sizes.tolist(), self.n_treated.tolist(), strict=True)
        return math.prod(math.comb(size, drawn) for size, drawn in pairs)

    def sums(
        self,
        values: FloatArray,
        *,
        n_replicates: int,
        rng: Rng,
        threads: int | None,
        scheduler: str | None,
        progress: Progress | None,
    ) -> tuple[FloatArray, bool]:
        """Sums (r, k) of `values` (m, k) over the places assigned; and whether these are all assignments there are."""
        placed = np.ascontiguousarray(values[self.order], dtype=np.float64)
        if self.n_possible <= MOST_LISTED:
            return self._all(placed), True
        drawn = replicates(
            _block,
            (placed, self.starts, self.n_treated),
            n_replicates=n_replicates,
            rng=rng,
            block_size=BLOCK_SIZE,
            threads=threads,
            scheduler=scheduler,
            progress=progress,
        )
        return drawn, False

    def _all(self, placed: FloatArray) -> FloatArray:
        total = np.zeros((1, placed.shape[1]))
        for first, end, drawn in zip(self.starts[:-1], self.starts[1:], self.n_treated, strict=True):
            chosen = list(itertools.combinations(range(int(first), int(end)), int(drawn)))
            here = placed[np.array(chosen, dtype=np.int64).reshape(len(chosen), int(drawn))].sum(axis=1)
            total = (total[:, None, :] + here[None, :, :]).reshape(-1, placed.shape[1])
        return total


def _block(placed: FloatArray, starts: IntArray, n_treated: IntArray, seeds: UIntArray) -> FloatArray:
    from lagesbild.stats._assignment_kernel import assigned_sums

    return assigned_sums(placed, starts, n_treated, seeds)


def block_numbers(block: ArrayLike | None, n: int) -> tuple[tuple[object, ...], IntArray]:
    """The blocks' labels in order, and the number of each place's block. One block for all when none are given."""
    if block is None:
        return ("all",), np.zeros(n, dtype=np.int64)
    given = np.asarray(block)
    if given.ndim != 1 or len(given) != n:
        raise ValueError(f"`block` must have one value for each of the {n} places. Got the shape {given.shape}.")
    if given.dtype.kind not in "iuUbS":
        raise TypeError(f"`block` must hold whole numbers or texts. Got {given.dtype}.")
    labels, number = np.unique(given, return_inverse=True)
    return tuple(labels.tolist()), number.astype(np.int64)


def as_treated(treated: ArrayLike, n: int) -> BoolArray:
    """Which places got the measure: true or false for each, both kinds among them."""
    given = np.asarray(treated)
    if given.dtype != np.bool_:
        raise TypeError(f"`treated` must be a boolean array. Got {given.dtype}.")
    if given.shape != (n,):
        raise ValueError(f"`treated` must have one value for each of the {n} places. Got the shape {given.shape}.")
    return given


@dataclass(frozen=True, eq=False)
class Inversion:
    """Test of every size of effect at once.

    For each assignment, `crossings` has the effect from which on its statistic is at least the observed one; `n_same`
    assignments always tie with it, being the same. `extra` is 1 when the observed one is not among those drawn.
    """

    crossings: FloatArray
    n_same: int
    extra: int

    @property
    def n(self) -> int:
        return len(self.crossings) + self.n_same + self.extra

    def pvalue(self, effect: float, alternative: str) -> float:
        """p of the hypothesis that the effect is this; a difference in the last digits is a tie."""
        slack = 1e-10 * max(1.0, abs(effect))
        always = self.n_same + self.extra
        upper = (always + int(np.count_nonzero(self.crossings <= effect + slack))) / self.n
        lower = (always + int(np.count_nonzero(self.crossings >= effect - slack))) / self.n
        return {"greater": upper, "less": lower, "two-sided": min(1.0, 2.0 * min(upper, lower))}[alternative]

    def interval(self, conf: float) -> tuple[float, float]:
        """The effects that are not rejected at (1 - conf) / 2 on either side; infinite where none is."""
        # Effects below the k-th crossing leave k - 1 assignments or fewer at least as extreme.
        allowed = math.floor((1.0 - conf) / 2.0 * self.n + 1e-9)
        k = allowed - self.n_same - self.extra + 1
        ordered = np.sort(self.crossings)
        if k < 1:
            return -math.inf, math.inf
        return float(ordered[k - 1]), float(ordered[-k])


ALTERNATIVES: Sequence[str] = ("two-sided", "greater", "less")


def require_alternative(alternative: str) -> None:
    if alternative not in ALTERNATIVES:
        raise ValueError(f"`alternative` must be one of {', '.join(ALTERNATIVES)}. Got {alternative!r}.")
