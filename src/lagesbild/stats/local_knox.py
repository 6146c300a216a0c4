"""Local Knox: which events, and which places, have more near repeats than chance gives?

Here lives the test of each event. Whether there are near repeats at all is tested by `knox`; series are linked by
`near_repeat_chains`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from lagesbild.stats._arrays import (
    ArrayLike,
    BoolArray,
    FloatArray,
    IntArray,
    as_points,
    as_vector,
    require_share,
)
from lagesbild.stats._neighbours import Metric, is_manhattan, near_order
from lagesbild.stats._result import Result
from lagesbild.stats.multiple import benjamini_hochberg
from lagesbild.stats.near_repeat_chains import Chain, linked_events, near_repeat_chains
from lagesbild.stats.notes import Note


@dataclass(frozen=True, eq=False, kw_only=True)
class LocalKnoxResult(Result):
    """Counts and p for each event; ``places`` are the chains round the events that stand out."""

    method: ClassVar[str] = "local_knox"
    version: ClassVar[str] = "1"

    observed: IntArray
    expected: FloatArray
    n_near_in_space: IntArray
    n_near_in_time: IntArray
    pvalue: FloatArray
    p_adjusted: FloatArray
    significant: BoolArray
    places: tuple[Chain, ...]
    n_events: int
    n_significant: int


def local_knox(
    x: ArrayLike,
    y: ArrayLike,
    t: ArrayLike,
    *,
    radius_m: float,
    window_days: float,
    metric: Metric = "euclidean",
    alpha: float = 0.05,
) -> LocalKnoxResult:
    """Which events have more others near them in both space and time than chance puts there?

    Null hypothesis, for each event: it happened where and when it did; the times of all others are exchangeable
    among the others' places.

    Parameters
    ----------
    x, y, t, radius_m, window_days, metric
        As for `near_repeat_chains`; exactly at the limits is near.
    alpha : float in (0, 1)
        False discovery rate over all events.

    Returns
    -------
    LocalKnoxResult
        Arrays of shape (n,): ``observed`` events near in both, ``expected``, ``n_near_in_space``,
        ``n_near_in_time``; one-sided ``pvalue`` (0, 1], ``p_adjusted``, ``significant``. ``places``: the significant
        events with all that are linked to them, as chains; their ``events`` are positions in x. ``n_significant``,
        ``notes``.

    Raises
    ------
    ValueError
        As `near_repeat_chains`; or if alpha is not between 0 and 1.

    Notes
    -----
    1. p is exact, the limit of ever more random orders: of the n - 1 other events, s are near in space and u in time.
       When times are dealt out anew, the number near in both is hypergeometric, like red balls among s drawn from
       n - 1 of which u are red.
    2. Corrected over all events by Benjamini and Hochberg. Events near each other share their neighbours, so
       their p-values lean the same way, as the procedure allows.
    3. With few events near by, p cannot be small: the test is careful.

    Cost: O(n log n + pairs within the radius) time, O(n) memory.

    References
    ----------
    .. [1] Rogerson, P. A. (2001). Monitoring point patterns for the development of space-time clusters. Journal of the
       Royal Statistical Society A 164(1), 87-96. doi:10.1111/1467-985X.00188.
    """
    east, north = as_points(x, y)
    days = as_vector("t", t)
    require_share("alpha", alpha)
    chains = near_repeat_chains(east, north, days, radius_m=radius_m, window_days=window_days, metric=metric)
    space = _near_in_space(east, north, radius_m, metric)
    time = _near_in_time(days, window_days)
    n, observed = len(east), chains.n_links
    pvalue = _upper_tail(observed, space, time, n)
    corrected = benjamini_hochberg(pvalue, alpha=alpha)
    limits = {"radius_m": float(radius_m), "window_days": float(window_days)}
    return LocalKnoxResult(
        observed=observed,
        expected=space * time / max(n - 1, 1),
        n_near_in_space=space,
        n_near_in_time=time,
        pvalue=pvalue,
        p_adjusted=corrected.adjusted,
        significant=corrected.rejected,
        places=_places(east, north, days, corrected.rejected, radius_m, window_days, metric),
        n_events=n,
        n_significant=corrected.n_rejected,
        parameters={**limits, "metric": metric, "alpha": float(alpha), "correction": corrected.method},
        notes=_notes(n, int(observed.sum()), corrected.n_rejected),
    )


def _near_in_space(x: FloatArray, y: FloatArray, radius_m: float, metric: str) -> IntArray:
    if len(x) < 2:
        return np.zeros(len(x), dtype=np.int64)
    from lagesbild.stats._knox_kernel import near_in_space

    near = near_order(x, y, radius_m=radius_m)
    # Below the next number after the limit is at most the limit.
    edge = np.array([math.nextafter(radius_m, math.inf)])
    counts = np.empty(len(x), dtype=np.int64)
    counts[near.order] = near_in_space(*near.places, is_manhattan(metric), edge)[:, 0]
    return counts


def _near_in_time(t: FloatArray, window_days: float) -> IntArray:
    if len(t) < 2:
        return np.zeros(len(t), dtype=np.int64)
    from lagesbild.stats._knox_kernel import near_in_time

    order = np.argsort(t, kind="stable")
    counts = np.empty(len(t), dtype=np.int64)
    counts[order] = near_in_time(t[order], math.nextafter(window_days, math.inf))
    return counts


def _upper_tail(observed: IntArray, space: IntArray, time: IntArray, n: int) -> FloatArray:
    """P(at least as many near in both), for times dealt out to the other places."""
    if n < 2:
        return np.ones(n)
    from scipy.stats import hypergeom

    tail = np.asarray(hypergeom.sf(observed - 1, n - 1, time, space), dtype=np.float64)
    return np.where(observed > 0, np.clip(tail, np.finfo(np.float64).tiny, 1.0), 1.0)


def _places(
    x: FloatArray,
    y: FloatArray,
    t: FloatArray,
    significant: BoolArray,
    radius_m: float,
    window_days: float,
    metric: Metric,
) -> tuple[Chain, ...]:
    """Chains of the events that stand out and those linked to them, with positions among all events."""
    if not bool(significant.any()):
        return ()
    limits = {"radius_m": radius_m, "window_days": window_days}
    touched = linked_events(x, y, t, **limits, metric=metric, wanted=significant)[2]
    members = np.flatnonzero(significant | touched)
    found = near_repeat_chains(x[members], y[members], t[members], **limits, metric=metric)
    return tuple(replace(chain, events=members[chain.events]) for chain in found.chains)


def _notes(n: int, n_links: int, n_significant: int) -> tuple[Note, ...]:
    if not n_links:
        return (Note("near_repeat_chains.none"),)
    if not n_significant:
        return (Note("local_knox.none", {"n": n}),)
    return ()
