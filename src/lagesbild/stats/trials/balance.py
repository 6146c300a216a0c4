"""Balance: how alike are the places with and without the measure in what was known beforehand?

Here live standardised differences. They describe one draw; whether chance drew fairly is not a question for a test.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from lagesbild.stats._arrays import ArrayLike, FloatArray, require_finite
from lagesbild.stats._assignments import Assignments, as_treated
from lagesbild.stats._result import Result
from lagesbild.stats.notes import Note

UNEVEN = 0.25


@dataclass(frozen=True, kw_only=True)
class MeasureBalance:
    """One measure in the two groups."""

    name: str
    mean_treated: float
    mean_control: float
    standardised: float | None
    within_blocks: float | None
    variance_ratio: float | None


@dataclass(frozen=True, eq=False, kw_only=True)
class BalanceResult(Result):
    """Each measure, in the order given. None where there is too little to tell."""

    method: ClassVar[str] = "covariate_balance"
    version: ClassVar[str] = "1"

    measures: tuple[MeasureBalance, ...]
    largest: float | None
    n_treated: int
    n_control: int


def covariate_balance(
    measures: ArrayLike,
    *,
    treated: ArrayLike,
    block: ArrayLike | None = None,
    names: Sequence[str] | None = None,
) -> BalanceResult:
    """How alike are the places with and without the measure in what was known beforehand?

    Parameters
    ----------
    measures : array of shape (n,) or (n, k), float
        What was known of each place: events before, residents, distance to the station.
    treated : array of shape (n,), bool
        Places with the measure.
    block : array of shape (n,), int or text, optional
        Blocks of the randomisation.
    names : sequence of k texts, optional
        What the measures are called. Default: their numbers.

    Returns
    -------
    BalanceResult
        For each of ``measures``: ``mean_treated``, ``mean_control``, ``standardised`` difference, the same
        ``within_blocks``, ``variance_ratio``; ``largest`` standardised difference without its sign; ``notes``.

    Raises
    ------
    ValueError
        If lengths differ, or numbers are not finite.

    Notes
    -----
    1. Standardised: (mean treated - mean control) / sqrt((s_t² + s_c²) / 2), s² with n - 1 ([1]_). It does not grow
       with the number of places, as a t-test does. A rule of thumb calls more than 0.25 uneven; with few places chance
       alone often gives that, and the blocks are the remedy, not another draw.
    2. Within blocks: the mean of the blocks' differences, each with weight n_t n_c / (n_t + n_c), over the same scale.

    Cost: O(n k) time and memory.

    References
    ----------
    .. [1] Austin, P. C. (2009). Balance diagnostics for comparing the distribution of baseline covariates between
       treatment groups in propensity-score matched samples. Statistics in Medicine 28(25), 3083-3107.
    """
    table = np.asarray(measures, dtype=np.float64)
    table = table[:, None] if table.ndim == 1 else table
    if table.ndim != 2:
        raise ValueError(f"`measures` must have one or two dimensions. Got {table.ndim}.")
    require_finite("measures", table)
    chosen = as_treated(treated, len(table))
    called = [str(at + 1) for at in range(table.shape[1])] if names is None else [str(each) for each in names]
    if len(called) != table.shape[1]:
        raise ValueError(f"`names` must have one text for each of the {table.shape[1]} measures. Got {len(called)}.")
    weights = block_weights(Assignments.of(chosen, block), chosen)
    found = tuple(
        _balance(name, column[chosen], column[~chosen], float(weights @ column) if weights is not None else None)
        for name, column in zip(called, table.T, strict=True)
    )
    sizes = [abs(each.standardised) for each in found if each.standardised is not None]
    return BalanceResult(
        measures=found,
        largest=max(sizes, default=None),
        n_treated=int(chosen.sum()),
        n_control=int((~chosen).sum()),
        parameters={"names": called, "blocks": block is not None},
        notes=_notes(sizes, n=min(int(chosen.sum()), int((~chosen).sum()))),
    )


def block_weights(assigned: Assignments, treated: ArrayLike) -> FloatArray | None:
    """Weight of each place in the mean of the blocks' differences; None when no block has both kinds."""
    chosen = np.asarray(treated, dtype=np.bool_)
    n_treated, n_control = assigned.n_treated, assigned.sizes - assigned.n_treated
    both = (n_treated > 0) & (n_control > 0)
    precision = np.where(both, n_treated * n_control / np.maximum(n_treated + n_control, 1), 0.0)
    if not precision.sum() > 0:
        return None
    share = precision / precision.sum()
    weights = np.zeros(len(chosen))
    for at in np.flatnonzero(both):
        rows = assigned.order[assigned.starts[at] : assigned.starts[at + 1]]
        weights[rows] = np.where(chosen[rows], share[at] / n_treated[at], -share[at] / n_control[at])
    return weights


def _balance(name: str, ours: FloatArray, others: FloatArray, within: float | None) -> MeasureBalance:
    enough = len(ours) > 1 and len(others) > 1
    variances = [float(each.var(ddof=1)) if enough else 0.0 for each in (ours, others)]
    scale = math.sqrt(sum(variances) / 2)
    means = [float(each.mean()) if len(each) else math.nan for each in (ours, others)]
    return MeasureBalance(
        name=name,
        mean_treated=means[0],
        mean_control=means[1],
        standardised=(means[0] - means[1]) / scale if scale > 0 else None,
        within_blocks=within / scale if scale > 0 and within is not None else None,
        variance_ratio=variances[0] / variances[1] if variances[1] > 0 else None,
    )


def _notes(sizes: Sequence[float], *, n: int) -> tuple[Note, ...]:
    if n < 2:
        return (Note("balance.one_group"),)
    uneven = sum(each > UNEVEN for each in sizes)
    return (Note("balance.uneven", {"n": uneven}),) if uneven else ()
