"""Difference in differences: did events change more where the measure was than where it was not?

Here live the ratio of ratios, its test by random assignment, its interval from differences between areas, and the check
of trends beforehand. Long series of one place are in `interrupted_series`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from lagesbild.stats._arrays import ArrayLike, BoolArray, FloatArray, IntArray, as_counts, require_share
from lagesbild.stats._assignments import Assignments, Inversion, as_treated, require_alternative
from lagesbild.stats._replicates import Progress, Rng
from lagesbild.stats._result import Result
from lagesbild.stats.change import Alternative
from lagesbild.stats.effects._verdict import number, verdict_of
from lagesbild.stats.notes import Note

# Added to each sum inside the test only, so that no logarithm meets a zero.
HALF = 0.5
LARGEST_LOG = 700.0
FEW_AREAS = 5
FEW_EVENTS = 10
ATYPICAL = 2.0


@dataclass(frozen=True, eq=False, kw_only=True)
class DifferenceInDifferencesResult(Result):
    """Ratio of the change in treated areas to the change in the others. None where it has no value or no limit."""

    method: ClassVar[str] = "difference_in_differences"
    version: ClassVar[str] = "1"

    ratio: float | None
    low: float | None
    high: float | None
    pvalue: float
    verdict: Note
    cluster_low: float | None
    cluster_high: float | None
    cluster_p: float | None
    treated_before: int
    treated_after: int
    control_before: int
    control_after: int
    prevented: float | None
    pre_trend_ratio: float | None
    pre_trend_p: float | None
    n_treated: int
    n_control: int
    n_assignments: int
    all_assignments: bool


def difference_in_differences(
    counts: ArrayLike,
    *,
    treated: ArrayLike,
    start: int,
    phase_in: int = 0,
    block: ArrayLike | None = None,
    conf: float = 0.95,
    alternative: Alternative = "two-sided",
    n_replicates: int = 999,
    rng: Rng,
    threads: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> DifferenceInDifferencesResult:
    """Did events change more in the areas with the measure than in the areas without it?

    Null hypothesis of p: which areas (of each block) got the measure has nothing to do with their counts.

    Parameters
    ----------
    counts : array of shape (m, T), int >= 0
        Events in each area and period, in the order of time. The periods may differ in length, but not between areas.
    treated : array of shape (m,), bool
        Areas with the measure.
    start : int
        The first period with the measure (counted from 0).
    phase_in : int >= 0
        Periods from `start` on that are left out, while the measure comes into place.
    block : array of shape (m,), int or text, optional
        Areas are exchanged within their block only, as in a trial with blocks. Default: one block.
    conf : float in (0, 1)
        Level of the intervals.
    alternative : {"two-sided", "greater", "less"}
        "less": fewer events because of the measure. Decide before seeing the counts.
    n_replicates : int >= 1
        Random assignments. All are listed instead when there are 20,000 or fewer.
    rng : numpy.random.Generator or int
        Source of the random assignments.
    threads, scheduler, progress : optional
        As in `knox`. They do not change the answer.

    Returns
    -------
    DifferenceInDifferencesResult
        ``ratio`` = (treated after / before) / (others after / before); ``low``, ``high``, ``pvalue`` (0, 1] by random
        assignment; ``cluster_low``, ``cluster_high``, ``cluster_p`` from the differences between areas; the four sums;
        ``prevented`` events (negative: added); ``pre_trend_ratio`` and ``pre_trend_p``; ``verdict``; ``notes``.

    Raises
    ------
    ValueError
        If all areas or none are treated, or no period is left before or after.

    Notes
    -----
    1. Assumes that without the measure all areas would have changed by the same factor (parallel trends on the log
       scale), and that nothing moves from treated areas to the others (displacement makes the effect look larger).
    2. ``ratio`` is the estimate of the Poisson regression with a level for each area, one for each period, and
       treated x after: that model's likelihood equations are met by the sums, so nothing needs to be iterated.
    3. p: the log ratio, with 1/2 added to each sum, against that of all assignments ([2]_); with b of those drawn
       at least as extreme it is (b + 1) / (r + 1). It does not ask how counts vary, in time or between areas.
    4. ``low``, ``high``: ratios ρ that are not rejected when the treated counts after are divided by ρ. The statistic
       of each assignment crosses the observed one at one ρ, so the limits are two of these crossings.
    5. The cluster interval is that of the same model with errors that are independent between areas and free within
       them ([1]_), with n / (n - 1) in each group and Student's t with Satterthwaite's degrees of freedom. It needs two
       areas or more in each group.
    6. ``pre_trend_p``: does the mean time of the events before the start differ between the groups, by the same
       assignments? ``pre_trend_ratio`` is the growth of treated areas relative to the others for each period. A large p
       does not prove that trends were parallel.

    Cost: O(m T + r m) time, O(m + r) memory.

    References
    ----------
    .. [1] Bertrand, M., Duflo, E. and Mullainathan, S. (2004). How much should we trust differences-in-differences
       estimates? Quarterly Journal of Economics.
    .. [2] MacKinnon, J. G. and Webb, M. D. (2016). Randomization inference for difference-in-differences with few
       treated clusters. Queen's Economics Department Working Paper 1355.
    """
    events = as_counts("counts", counts)
    if events.ndim != 2:
        raise ValueError(f"`counts` must have two dimensions: areas and periods. Got {events.ndim}.")
    chosen = as_treated(treated, len(events))
    require_share("conf", conf)
    require_alternative(alternative)
    if n_replicates < 1:
        raise ValueError(f"`n_replicates` must be 1 or more. Got {n_replicates}.")
    after_from = _check(events.shape[1], chosen, start=start, phase_in=phase_in)
    before, after = events[:, :start].sum(axis=1), events[:, after_from:].sum(axis=1)
    early = events[:, :start] @ np.arange(start)
    assigned = Assignments.of(chosen, block)
    # Sums over the areas assigned: before; after, of areas that are and are not treated; times of events before.
    columns = np.column_stack([before, after * chosen, after * ~chosen, early])
    sums, listed = assigned.sums(
        columns, n_replicates=n_replicates, rng=rng, threads=threads, scheduler=scheduler, progress=progress
    )
    inversion = _inversion(sums, columns, chosen, listed=listed)
    totals = tuple(int(each) for each in (before[chosen].sum(), after[chosen].sum(), before.sum(), after.sum()))
    groups = totals[0], totals[1], totals[2] - totals[0], totals[3] - totals[1]
    ratio = _ratio(*groups)
    low, high = (number(math.exp(each)) if each < LARGEST_LOG else None for each in inversion.interval(conf))
    trend_p = _trend_p(sums, columns, chosen, listed=listed) if start > 1 else None
    parameters: dict[str, object] = {
        **{"start": start, "phase_in": phase_in, "conf": float(conf), "alternative": alternative},
        **{"n_replicates": n_replicates, "blocks": len(assigned.labels)},
        "rng": int(rng) if isinstance(rng, (int, np.integer)) else "generator",
    }
    cluster = _cluster(before.astype(np.float64), after.astype(np.float64), chosen, conf=conf)
    return DifferenceInDifferencesResult(
        ratio=ratio,
        low=low,
        high=high,
        pvalue=inversion.pvalue(0.0, alternative),
        verdict=verdict_of(ratio, low, high, conf=conf),
        cluster_low=cluster[0],
        cluster_high=cluster[1],
        cluster_p=cluster[2],
        treated_before=groups[0],
        treated_after=groups[1],
        control_before=groups[2],
        control_after=groups[3],
        prevented=None if not ratio else groups[1] / ratio - groups[1],
        pre_trend_ratio=_trend_ratio(events[:, :start], chosen),
        pre_trend_p=trend_p,
        n_treated=int(chosen.sum()),
        n_control=int((~chosen).sum()),
        n_assignments=len(sums),
        all_assignments=listed,
        parameters=parameters,
        notes=_notes(groups, chosen, n=inversion.n, conf=conf, trend_p=trend_p),
    )


def _check(n_periods: int, treated: BoolArray, *, start: int, phase_in: int) -> int:
    """The first period that counts as after."""
    if not 0 < start < n_periods:
        raise ValueError(f"`start` must leave periods before and after it, of {n_periods}. Got {start}.")
    if not 0 <= phase_in < n_periods - start:
        raise ValueError(f"`phase_in` must leave a period after it. Got {phase_in}.")
    if not bool(treated.any()) or bool(treated.all()):
        raise ValueError("`treated` must be true for some areas and false for others.")
    return start + phase_in


def _ratio(treated_before: int, treated_after: int, control_before: int, control_after: int) -> float | None:
    if not (treated_before and control_before and control_after):
        return None
    return treated_after / treated_before / (control_after / control_before)


def _inversion(sums: FloatArray, columns: FloatArray, treated: BoolArray, *, listed: bool) -> Inversion:
    """Log ratios at which each assignment's statistic meets the observed one.

    With x = 1 / ratio, the treated counts after are `ours` x. The statistic is the log of (areas assigned, after /
    before) over (the rest, after / before), and that of an assignment is at least the observed one where a quadratic
    in x is not positive. It is so from one x down to 0, or nowhere.
    """
    all_before, ours, others = columns[:, :3].sum(axis=0)
    observed_before = float(columns[treated, 0].sum())
    same = (sums[:, 0] == observed_before) & (sums[:, 1] == ours) & (sums[:, 2] == 0)
    before, drawn_ours, drawn_others = sums[~same, :3].T
    odds = (observed_before + HALF) / (all_before - observed_before + HALF) * (others + HALF)
    factor = odds * (all_before - before + HALF) / (before + HALF)
    square = ours * (ours - drawn_ours)
    linear = ours * (others - drawn_others + HALF) + HALF * (ours - drawn_ours) - factor * drawn_ours
    constant = HALF * (others - drawn_others + HALF) - factor * (drawn_others + HALF)
    root = np.sqrt(np.maximum(linear**2 - 4 * square * constant, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        x = np.where(linear < 0, (root - linear) / (2 * square), -2 * constant / (linear + root))
        crossings = np.where(constant > 0, np.inf, -np.log(x))
    always = (constant <= 0) & (square == 0) & (linear <= 0)
    return Inversion(np.where(always, -np.inf, crossings), n_same=int(same.sum()), extra=0 if listed else 1)


def _cluster(
    before: FloatArray, after: FloatArray, treated: BoolArray, *, conf: float
) -> tuple[float | None, float | None, float | None]:
    """Limits and p of the ratio from the differences between areas."""
    from scipy.stats import t as student

    parts, logs, freedom = [], [], []
    for group in (treated, ~treated):
        m, first, then = int(group.sum()), before[group], after[group]
        if m < 2 or not first.sum() or not then.sum():
            return None, None, None
        # An area's residual: what it has beyond its share of the group's change.
        residual = then - first * then.sum() / first.sum()
        parts.append(m / (m - 1) * float((residual**2).sum()) / float(then.sum()) ** 2)
        logs.append(math.log(then.sum() / first.sum()))
        freedom.append(m - 1)
    variance = sum(parts)
    if not variance > 0:
        return None, None, None
    df = variance**2 / sum(part**2 / each for part, each in zip(parts, freedom, strict=True))
    effect, se = logs[0] - logs[1], math.sqrt(variance)
    reach = float(student.ppf((1 + conf) / 2, df)) * se
    return math.exp(effect - reach), math.exp(effect + reach), float(2 * student.sf(abs(effect) / se, df))


def _trend_p(sums: FloatArray, columns: FloatArray, treated: BoolArray, *, listed: bool) -> float | None:
    """Difference in mean time of the events before the start, against all assignments; two-sided."""
    totals = columns.sum(axis=0)
    ours = columns[treated].sum(axis=0)

    def gap(rows: FloatArray) -> FloatArray:
        inside = rows[:, 3] / np.maximum(rows[:, 0], HALF)
        outside = (totals[3] - rows[:, 3]) / np.maximum(totals[0] - rows[:, 0], HALF)
        return np.asarray(np.abs(inside - outside))

    if not totals[0] > 0:
        return None
    extreme = int(np.count_nonzero(gap(sums) >= gap(ours[None, :])[0] * (1 - 1e-12)))
    extra = 0 if listed else 1
    return (extreme + extra) / (len(sums) + extra)


def _trend_ratio(early: IntArray, treated: BoolArray) -> float | None:
    """Growth by period of the treated areas relative to the others: slope of the log odds of their share."""
    ours, others = early[treated].sum(axis=0).astype(np.float64), early[~treated].sum(axis=0).astype(np.float64)
    n, t = ours + others, np.arange(len(ours), dtype=np.float64)
    if len(t) < 2 or not ours.sum() or not others.sum() or np.count_nonzero(n) < 2:
        return None
    t = t - t.mean()
    level, slope = math.log(ours.sum() / others.sum()), 0.0
    for _ in range(50):
        share = 1 / (1 + np.exp(-(level + slope * t)))
        weight = n * share * (1 - share)
        miss = ours - n * share
        a, b, c = weight.sum(), (weight * t).sum(), (weight * t * t).sum()
        det = a * c - b * b
        if not det > 1e-12 * a * c:
            return None
        up = np.clip(
            [(c * miss.sum() - b * (miss * t).sum()) / det, (a * (miss * t).sum() - b * miss.sum()) / det], -2, 2
        )
        level, slope = level + float(up[0]), slope + float(up[1])
        if float(np.abs(up).max()) < 1e-10:
            return math.exp(slope)
    return None


def _notes(
    groups: tuple[int, int, int, int], treated: BoolArray, *, n: int, conf: float, trend_p: float | None
) -> tuple[Note, ...]:
    notes = []
    smallest = min(groups)
    if smallest < FEW_EVENTS:
        notes.append(Note("effect.few_events", {"n": smallest}))
    m_treated = int(treated.sum())
    fewest = min(m_treated, len(treated) - m_treated)
    if fewest < FEW_AREAS:
        notes.append(Note("difference_in_differences.few_areas", {"n": fewest}))
    if 2.0 / n > 1.0 - conf:
        notes.append(Note("effect.few_assignments", {"n": n}))
    per_area = groups[0] / m_treated, groups[2] / (len(treated) - m_treated)
    if max(per_area) > ATYPICAL * min(per_area):
        notes.append(Note("difference_in_differences.unlike_areas"))
    if trend_p is None:
        notes.append(Note("difference_in_differences.trend_unknown"))
    elif trend_p < 0.1:
        notes.append(Note("difference_in_differences.trends_differ", {"p": round(trend_p, 3)}))
    return tuple(notes)
