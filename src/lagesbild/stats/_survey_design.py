"""What the answers of a sample tell of all people: weighted mean, its linearised variance, limits of shares.

Here lives what `surveys` and `survey_waves` share. No statistic of its own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Literal

import numpy as np

from lagesbild.stats._arrays import ArrayLike, FloatArray, IntArray, as_vector
from lagesbild.stats._exact import binomial_limits
from lagesbild.stats.notes import Note

Interval = Literal["wilson", "korn-graubard"]


class Design:
    """Answers with their weights and strata."""

    def __init__(
        self, y: FloatArray, weights: ArrayLike | None, strata: ArrayLike | None, sizes: Mapping[Any, int] | None
    ) -> None:
        if y.ndim != 1:
            raise ValueError(f"The answers must have one dimension. Got {y.ndim}.")
        self.y, self.n = y, len(y)
        names, self.stratum = _strata(strata, self.n)
        self.n_in: IntArray = np.bincount(self.stratum, minlength=len(names))
        self.size = None if sizes is None else _sizes(sizes, names, self.n_in)
        self.w = self._weights(weights)

    def _weights(self, weights: ArrayLike | None) -> FloatArray:
        if weights is None:
            each = np.ones(len(self.n_in)) if self.size is None else self.size / np.maximum(self.n_in, 1)
            return np.asarray(each[self.stratum], dtype=np.float64)
        w = as_vector("weights", weights)
        if len(w) != self.n:
            raise ValueError(f"`weights` must have one number for each of {self.n} answers. Got {len(w)}.")
        if self.n and float(w.min()) <= 0:
            raise ValueError("`weights` must be positive. Leave out those who do not count.")
        return w

    @cached_property
    def mean(self) -> float:
        return float(self.w @ self.y / self.w.sum())

    @cached_property
    def kish(self) -> float:
        """(Σw)² / Σw² (Kish 1965)."""
        return float(self.w.sum() ** 2 / (self.w @ self.w))

    @cached_property
    def spread(self) -> float:
        """Variance of the answers among all people."""
        n = self.n
        return float(self.w @ (self.y - self.mean) ** 2 / self.w.sum()) * n / (n - 1) if n > 1 else 0.0

    @cached_property
    def df(self) -> float:
        return float(self.n - np.count_nonzero(self.n_in))

    @cached_property
    def variance(self) -> float:
        """Of the mean: Σ_h (1 - f_h) n_h / (n_h - 1) Σ (z - z̄_h)², z = w (y - mean) / Σw (Lumley 2010)."""
        z = self.w * (self.y - self.mean) / self.w.sum()
        middle = np.bincount(self.stratum, weights=z, minlength=len(self.n_in)) / np.maximum(self.n_in, 1)
        # A stratum with one answer is held against the mean of all, which for z is 0.
        middle[self.n_in < 2] = 0.0
        square = np.bincount(self.stratum, weights=(z - middle[self.stratum]) ** 2, minlength=len(self.n_in))
        left = 1.0 if self.size is None else 1.0 - self.n_in / self.size
        return float(np.sum(left * square * self.n_in / np.maximum(self.n_in - 1, 1)))

    @cached_property
    def n_effective(self) -> float:
        """How many answers drawn at random would be as sure; never more than there are."""
        return min(self.spread / self.variance, float(self.n)) if self.variance > 0 and self.spread > 0 else self.kish

    def few_df(self, conf: float) -> float:
        """What is left of an effective number when there are few degrees of freedom (Korn and Graubard 1998)."""
        from scipy.special import stdtrit

        if self.df < 1:
            return 1.0
        q = (1 + conf) / 2
        return float((stdtrit(self.n - 1, q) / stdtrit(self.df, q)) ** 2)

    @property
    def notes(self) -> tuple[Note, ...]:
        alone = int(np.count_nonzero(self.n_in == 1)) if len(self.n_in) > 1 else 0
        return (Note("survey.lonely_strata", {"n": alone}),) if alone else ()


def _strata(strata: ArrayLike | None, n: int) -> tuple[list[Any], IntArray]:
    if strata is None:
        return [None], np.zeros(n, dtype=np.int64)
    given = np.asarray(strata)
    if given.shape != (n,):
        raise ValueError(f"`strata` must have one name for each of {n} answers. Got {given.shape}.")
    names, number = np.unique(given, return_inverse=True)
    return names.tolist(), number.ravel().astype(np.int64)


def _sizes(sizes: Mapping[Any, int], names: list[Any], n_in: IntArray) -> FloatArray:
    if names == [None]:
        raise ValueError("`stratum_sizes` needs `strata`.")
    missing = [name for name in names if name not in sizes]
    if missing:
        raise ValueError(f"`stratum_sizes` must have a size for each stratum. Missing: {missing[0]!r}.")
    size = np.array([sizes[name] for name in names], dtype=np.float64)
    if bool(np.any(size < n_in)):
        raise ValueError("`stratum_sizes` must not be smaller than the number of answers.")
    return size


def share_limits(p: float, n: float, *, z: float | None = None, conf: float, interval: Interval) -> tuple[float, float]:
    """Of a share of n answers drawn at random; n need not be whole."""
    from scipy.special import ndtri

    if interval == "korn-graubard":
        low, high = binomial_limits(np.array([p * n]), np.array([n]), conf=conf)
        return float(low[0]), float(high[0])
    return wilson(p, n, float(ndtri((1 + conf) / 2)) if z is None else z)


def wilson(p: float, n: float, z: float) -> tuple[float, float]:
    """Wilson's limits (1927) at z standard errors."""
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    reach = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(middle - reach, 0.0) if p > 0 else 0.0, min(middle + reach, 1.0) if p < 1 else 1.0
