"""Mix of categories: did the make-up of events change between two periods or places?

Here lives the comparison of shares. Whether there were more or fewer events in all is in `change`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from lagesbild.stats._arrays import ArrayLike, BoolArray, FloatArray, IntArray, as_counts, require_share
from lagesbild.stats._replicates import Progress, Rng
from lagesbild.stats._result import Result
from lagesbild.stats._shares import chi_square, dealt_out, exact_p, residuals
from lagesbild.stats.multiple import benjamini_hochberg
from lagesbild.stats.notes import Note


@dataclass(frozen=True, eq=False, kw_only=True)
class CategoryMixResult(Result):
    """The shift as a whole, and each category's part in it. Shares are NaN in a period without events."""

    method: ClassVar[str] = "category_mix"
    version: ClassVar[str] = "1"

    names: tuple[str, ...]
    before: IntArray
    after: IntArray
    share_before: FloatArray
    share_after: FloatArray
    chi2: float
    degrees: int
    pvalue: float
    cramers_v: float | None
    moved_share: float | None
    residual: FloatArray
    p_category: FloatArray
    p_adjusted: FloatArray
    rejected: BoolArray
    n_tests: int
    n_replicates: int


def category_mix(
    before: ArrayLike,
    after: ArrayLike,
    *,
    names: Sequence[str] | None = None,
    alpha: float = 0.05,
    n_replicates: int = 9_999,
    rng: Rng,
    threads: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> CategoryMixResult:
    """Did the mix of categories change, by how much, and which categories drive it?

    Null hypothesis: each event has the same chance to be of each category in both periods.

    Parameters
    ----------
    before, after : array of shape (k,), int >= 0
        Events of each category.
    names : sequence of k str, optional
        What the categories are called. Default: their numbers from 0.
    alpha : float in (0, 1)
        False discovery rate over the categories.
    n_replicates : int >= 1
        Random deals. Take one for which (r + 1) α is whole.
    rng : numpy.random.Generator or int
        Source of the random deals.
    threads, scheduler, progress : optional
        As for `knox`. They do not change the answer.

    Returns
    -------
    CategoryMixResult
        ``chi2`` with ``degrees``, ``pvalue`` (0, 1] from the deals; ``cramers_v`` in [0, 1]; ``moved_share`` in [0, 1],
        the share of events that would have to be of another category for the mixes to be the same. Arrays of shape
        (k,): shares, ``residual`` (above 0: a larger share after), ``p_category``, ``p_adjusted``, ``rejected``;
        ``notes``.

    Raises
    ------
    ValueError
        If lengths differ, or counts are negative or not whole.

    Notes
    -----
    1. chi2 is Pearson's for the table of two rows. Its p-value comes from dealing all events out anew with both totals
       and those of the categories kept ([1]_), so that it holds in sparse tables too.
    2. residual = (observed - expected) / √(expected (1 - share of the row) (1 - share of the category)) ([2]_): near a
       standard normal value when nothing changed. ``p_category`` is Fisher's exact test of the category against
       all others, twice the smaller tail; corrected by Benjamini and Hochberg over the categories that occur.
    3. Cramér's V = √(chi2 / N) with two rows. Two random samples of one mix have some V and some ``moved_share`` too,
       the more the fewer events: read them only with the p-value.
    4. Shares hang together: when one category falls, the shares of the others rise. A residual says whose share
       changed, not whose number did; for that see `compare_counts_many`.
    5. Events that come in bursts are fewer than they seem, and p is then too small.

    Cost: O(r k) time, O(k) memory.

    References
    ----------
    .. [1] Patefield, W. M. (1981). Algorithm AS 159: an efficient method of generating random R x C tables with given
       row and column totals. Applied Statistics.
    .. [2] Haberman, S. J. (1973). The analysis of residuals in cross-classified tables. Biometrics.
    """
    old, new = as_counts("before", before), as_counts("after", after)
    if old.ndim != 1 or old.shape != new.shape:
        raise ValueError(f"`before` and `after` must have the same length. Got {old.shape} and {new.shape}.")
    if names is not None and len(names) != len(old):
        raise ValueError(f"`names` must have one name for each category. Got {len(names)} for {len(old)}.")
    if n_replicates < 1:
        raise ValueError(f"`n_replicates` must be 1 or more. Got {n_replicates}.")
    require_share("alpha", alpha)
    how = {"threads": threads, "scheduler": scheduler, "progress": progress}
    pvalue = dealt_out(old, new, n_replicates=n_replicates, rng=rng, **how)  # type: ignore[arg-type]
    used = old + new > 0
    p_category = np.where(used, exact_p(old, new), 1.0)
    corrected = benjamini_hochberg(p_category[used], alpha=alpha)
    p_adjusted, rejected = np.ones(len(old)), np.zeros(len(old), dtype=np.bool_)
    p_adjusted[used], rejected[used] = corrected.adjusted, corrected.rejected
    share_before, share_after = _shares(old), _shares(new)
    comparable = bool(old.any() and new.any())
    chi2 = chi_square(old, new)
    return CategoryMixResult(
        names=tuple(names) if names is not None else tuple(str(at) for at in range(len(old))),
        before=old,
        after=new,
        share_before=share_before,
        share_after=share_after,
        chi2=chi2,
        degrees=max(int(used.sum()) - 1, 0) if comparable else 0,
        pvalue=pvalue,
        cramers_v=min(math.sqrt(chi2 / float(old.sum() + new.sum())), 1.0) if comparable else None,
        moved_share=float(np.abs(share_after - share_before).sum() / 2) if comparable else None,
        residual=residuals(old, new),
        p_category=p_category,
        p_adjusted=p_adjusted,
        rejected=rejected,
        n_tests=corrected.n_tests,
        n_replicates=n_replicates,
        parameters={
            "alpha": float(alpha),
            "correction": corrected.method,
            "n_replicates": n_replicates,
            "rng": int(rng) if isinstance(rng, (int, np.integer)) else "generator",
        },
        notes=_notes(old, new, used),
    )


def _shares(counts: IntArray) -> FloatArray:
    total = int(counts.sum())
    return counts / total if total else np.full(len(counts), np.nan)


def _notes(before: IntArray, after: IntArray, used: BoolArray) -> tuple[Note, ...]:
    if not before.any() or not after.any():
        return (Note("category_mix.no_events"),)
    if int(used.sum()) < 2:
        return (Note("category_mix.one_category"),)
    if not bool(used.all()):
        return (Note("category_mix.empty_categories", {"n": int((~used).sum())}),)
    return ()
