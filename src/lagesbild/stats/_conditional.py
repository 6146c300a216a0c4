"""Conditional permutation: a place keeps its value, and its neighbours get values of other places at random.

Here lives the drawing and counting that Gi* and local Moran's I share. Each replicate is one random sequence of places.
A place takes the first of them that are not itself, as many as it has neighbours: for that place alone an evenly random
choice without replacement. All places share the sequence, so each p-value is exact, but they lean on the same draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from lagesbild.stats._arrays import FloatArray, IntArray
from lagesbild.stats._replicates import Progress, Rng, UIntArray, blocks, seeds
from lagesbild.stats.gi_star import CsrMatrix, entries, row_sums

Alternative = Literal["two-sided", "greater", "less"]
BLOCK_SIZE = 128


@dataclass(frozen=True, eq=False)
class Neighbours:
    """How many neighbours each place has and the sum of their values; the weights, unless all of a row are equal.

    ``lag`` is Σ_j w_ij x_j over the neighbours, the place itself left out; with equal weights, the plain sum.
    """

    n_near: IntArray
    lag: FloatArray
    weight: FloatArray | None = None

    @property
    def n_most(self) -> int:
        """Neighbours of the place with most."""
        return int(self.n_near.max(initial=0))

    @property
    def start(self) -> IntArray:
        """Where the weights of each place begin."""
        return np.concatenate(([0], np.cumsum(self.n_near))).astype(np.int64)


def neighbours_of(x: FloatArray, weights: CsrMatrix) -> Neighbours:
    """The neighbours in a sparse matrix; its diagonal and zeros are left out."""
    data, row, col = entries(weights, len(x))
    keep = (row != col) & (data != 0)
    return linked(x, row[keep], col[keep], data[keep])


def linked(x: FloatArray, row: IntArray, col: IntArray, weight: FloatArray) -> Neighbours:
    """The neighbours in a list of links, row by row. Positive weights that are equal within a row are not needed."""
    m = len(x)
    n_near = np.bincount(row, minlength=m).astype(np.int64)
    if not len(row):
        return Neighbours(n_near, np.zeros(m))
    first = weight[np.searchsorted(row, np.arange(m)).clip(max=len(row) - 1)]
    if bool(np.all(weight == first[row])) and float(weight.min()) > 0:
        return Neighbours(n_near, row_sums(row, x[col], m))
    return Neighbours(n_near, row_sums(row, weight * x[col], m), weight)


def count_extremes(
    x: FloatArray,
    near: Neighbours,
    *,
    n_replicates: int,
    rng: Rng,
    threads: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> tuple[IntArray, IntArray]:
    """In how many replicates the sum of a place is at least, and at most, the observed one. Ties are in both."""
    if n_replicates < 1:
        raise ValueError(f"`n_replicates` must be 1 or more. Got {n_replicates}.")
    found = np.zeros((2, len(x)), dtype=np.int64)
    every = seeds(rng, n_replicates)
    done = 0
    data = (x, near, _slack(x, near))
    for part in blocks(_block, data, every, block_size=BLOCK_SIZE, threads=threads, scheduler=scheduler):
        found += part
        done = min(done + BLOCK_SIZE, n_replicates)
        if progress is not None:
            progress(done, n_replicates)
    return found[0], found[1]


def require_alternative(alternative: str) -> None:
    """Refuse what is no alternative, before any work is done."""
    if alternative not in get_args(Alternative):
        allowed = ", ".join(map(repr, get_args(Alternative)))
        raise ValueError(f"`alternative` must be one of {allowed}. Got {alternative!r}.")


def pvalues(
    at_least: IntArray, at_most: IntArray, *, n_replicates: int, alternative: str
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """For too much, for too little, and by the alternative. Two-sided is twice the smaller one, at most 1."""
    upper = np.asarray((at_least + 1) / (n_replicates + 1), dtype=np.float64)
    lower = np.asarray((at_most + 1) / (n_replicates + 1), dtype=np.float64)
    both = np.minimum(2 * np.minimum(upper, lower), 1.0)
    return upper, lower, {"greater": upper, "less": lower, "two-sided": both}[alternative]


def _slack(x: FloatArray, near: Neighbours) -> FloatArray:
    """How far apart two sums may be by rounding alone. Zero for whole numbers, whose sums are exact."""
    whole = bool(np.all(x == np.floor(x))) and float(np.abs(x).max(initial=0)) < 2**40
    if near.weight is None and whole:
        return np.zeros(len(x))
    if near.weight is None:
        size = near.n_near + 1.0
    else:
        size = row_sums(np.repeat(np.arange(len(x)), near.n_near), np.abs(near.weight), len(x))
    return np.asarray(1e-12 * float(np.abs(x).max(initial=0)) * size, dtype=np.float64)


def _block(x: FloatArray, near: Neighbours, slack: FloatArray, seeds_: UIntArray) -> IntArray:
    from lagesbild.stats._conditional_kernel import compare_sums, compare_weighted, draw_others

    if not len(x):
        return np.zeros((2, 0), dtype=np.int64)
    # One more than the neighbours, for places that are drawn themselves. No place has more neighbours than others.
    drawn = np.empty((near.n_most + 1, len(seeds_)), dtype=np.int64)
    draw_others(len(x), seeds_, drawn)
    if near.weight is None:
        sums = np.concatenate((np.zeros((1, len(seeds_))), np.cumsum(x[drawn], axis=0)))
        return compare_sums(x, near.n_near, near.lag, slack, drawn, sums, np.sort(sums, axis=1))
    return compare_weighted(x, near.start, near.weight, near.lag, slack, drawn)
