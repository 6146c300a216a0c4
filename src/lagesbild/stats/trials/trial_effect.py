"""The effect in a randomised trial, analysed as it was randomised.

Here live the difference between places with and without the measure within blocks, its p over all draws that could have
been, and its interval by turning the test round. The same on the scale of ratios is `difference_in_differences`, given
the blocks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from lagesbild.stats._arrays import ArrayLike, BoolArray, FloatArray, as_vector, require_share
from lagesbild.stats._assignments import Assignments, Inversion, as_treated, require_alternative
from lagesbild.stats._replicates import Progress, Rng
from lagesbild.stats._result import Result
from lagesbild.stats.change import Alternative
from lagesbild.stats.effects._verdict import number
from lagesbild.stats.notes import Note
from lagesbild.stats.trials.balance import block_weights

FEW_PLACES = 12


@dataclass(frozen=True, kw_only=True)
class BlockEffect:
    """One block: its places and the difference between the means of those with and without. None without both."""

    label: object
    n_treated: int
    n_control: int
    difference: float | None


@dataclass(frozen=True, eq=False, kw_only=True)
class TrialEffectResult(Result):
    """Difference by place, treated minus control. None where it has no value or no limit."""

    method: ClassVar[str] = "trial_effect"
    version: ClassVar[str] = "1"

    difference: float | None
    low: float | None
    high: float | None
    pvalue: float
    verdict: Note
    mean_treated: float
    mean_control: float
    relative: float | None
    blocks: tuple[BlockEffect, ...]
    n_treated: int
    n_control: int
    n_assignments: int
    all_assignments: bool


def trial_effect(
    outcome: ArrayLike,
    *,
    treated: ArrayLike,
    block: ArrayLike | None = None,
    baseline: ArrayLike | None = None,
    conf: float = 0.95,
    alternative: Alternative = "two-sided",
    n_replicates: int = 9999,
    rng: Rng,
    threads: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> TrialEffectResult:
    """What did the measure do in a trial in which chance decided who got it?

    Null hypothesis of p: the measure changed nothing in any place.

    Parameters
    ----------
    outcome : array of shape (n,), float
        What was measured afterwards in each place: events, or events by day.
    treated : array of shape (n,), bool
        Places that were drawn to get the measure, whether or not they got all of it.
    block : array of shape (n,), int or text, optional
        The blocks that were drawn within. Default: one block.
    baseline : array of shape (n,), float, optional
        The same measured before, over as long a time. The outcome is then the change, afterwards minus before. Decide
        beforehand.
    conf : float in (0, 1)
        Level of the interval.
    alternative : {"two-sided", "greater", "less"}
        "less": fewer because of the measure. Decide beforehand.
    n_replicates : int >= 1
        Random draws to compare with. All are listed instead when there are 20,000 or fewer.
    rng : numpy.random.Generator or int
        Source of the random draws.
    threads, scheduler, progress : optional
        As in `knox`. They do not change the answer.

    Returns
    -------
    TrialEffectResult
        ``difference`` by place with ``low``, ``high`` and ``pvalue`` (0, 1]; ``mean_treated``, ``mean_control`` of the
        outcome; ``relative`` = difference / what treated places would have had afterwards; ``blocks``; ``verdict``;
        ``notes``.

    Raises
    ------
    ValueError
        If lengths differ, numbers are not finite, or all places or none are treated.

    Notes
    -----
    1. ``difference`` is the mean of the blocks' differences with weights n_t n_c / (n_t + n_c): the estimate of a
       regression with a level for each block. Blocks with only one kind say nothing.
    2. p compares it with every way the draw could have come out, given how many of each block were drawn ([1]_, [2]_).
       It assumes nothing of how outcomes vary, only that the draw was as told.
    3. The interval holds the effects, the same in every place, that are not rejected when taken away from the treated.
       With Y the outcomes and Z the draw, another draw's difference of Y - τ Z meets the observed one at
       τ = (T(Y) - t(Y)) / (1 - t(Z)); the limits are two of these values.
    4. Analyse as drawn: a place that never got the measure stays among the treated.

    Cost: O(r n) time, O(n + r) memory.

    References
    ----------
    .. [1] Fisher, R. A. (1935). The design of experiments. Oliver and Boyd.
    .. [2] Weisburd, D., Wilson, D. B. and Mazerolle, L. (2020). Analyzing block randomized studies: the example of the
       Jersey City drug market analysis experiment. Journal of Experimental Criminology.
       doi:10.1007/s11292-018-9349-z.
    .. [3] Weisburd, D. and Green, L. (1995). Policing drug hot spots: the Jersey City drug market analysis experiment.
       Justice Quarterly 12(4), 711-735.
    """
    after, chosen, value = _outcome(outcome, treated, baseline)
    require_share("conf", conf)
    require_alternative(alternative)
    if n_replicates < 1:
        raise ValueError(f"`n_replicates` must be 1 or more. Got {n_replicates}.")
    assigned = Assignments.of(chosen, block)
    weights = block_weights(assigned, chosen)
    parameters: dict[str, object] = {
        **{"conf": float(conf), "alternative": alternative, "n_replicates": n_replicates},
        **{"baseline": baseline is not None, "blocks": len(assigned.labels)},
        "rng": int(rng) if isinstance(rng, (int, np.integer)) else "generator",
    }
    difference = None if weights is None else float(weights @ value)
    inversion, listed, n = Inversion(np.empty(0), n_same=1, extra=0), True, 1
    if weights is not None:
        scale = _scale(assigned, weights, chosen)
        centred = value - _block_means(assigned, value)
        sums, listed = assigned.sums(
            np.column_stack([centred * scale, (chosen - _block_means(assigned, chosen.astype(np.float64))) * scale]),
            n_replicates=n_replicates,
            rng=rng,
            threads=threads,
            scheduler=scheduler,
            progress=progress,
        )
        inversion, n = _inversion(sums, float(weights @ value), listed=listed), len(sums)
    low, high = (number(each) for each in inversion.interval(conf))
    expected = float(after[chosen].mean()) - (difference or 0.0)
    return TrialEffectResult(
        difference=difference,
        low=low,
        high=high,
        pvalue=inversion.pvalue(0.0, alternative),
        verdict=_verdict(difference, low, high, conf=conf),
        mean_treated=float(value[chosen].mean()),
        mean_control=float(value[~chosen].mean()),
        relative=difference / expected if difference is not None and expected > 0 else None,
        blocks=_blocks(assigned, value, chosen),
        n_treated=int(chosen.sum()),
        n_control=int((~chosen).sum()),
        n_assignments=n,
        all_assignments=listed,
        parameters=parameters,
        notes=_notes(assigned, n=inversion.n, conf=conf),
    )


def _outcome(
    outcome: ArrayLike, treated: ArrayLike, baseline: ArrayLike | None
) -> tuple[FloatArray, BoolArray, FloatArray]:
    after = as_vector("outcome", outcome)
    chosen = as_treated(treated, len(after))
    if not bool(chosen.any()) or bool(chosen.all()):
        raise ValueError("`treated` must be true for some places and false for others.")
    if baseline is None:
        return after, chosen, after
    before = as_vector("baseline", baseline)
    if before.shape != after.shape:
        raise ValueError(f"`baseline` must have one value for each of the {len(after)} places. Got {len(before)}.")
    return after, chosen, after - before


def _block_means(assigned: Assignments, values: FloatArray) -> FloatArray:
    means = np.empty(len(values))
    for first, end in zip(assigned.starts[:-1], assigned.starts[1:], strict=True):
        rows = assigned.order[first:end]
        means[rows] = values[rows].mean()
    return means


def _scale(assigned: Assignments, weights: FloatArray, treated: BoolArray) -> FloatArray:
    """How much a place counts when it is drawn: in a centred block, the difference is the sum of those drawn, scaled.

    The mean of the rest is minus the drawn sum over their number, so 1 / n_t + 1 / n_c takes the place of 1 / n_t.
    """
    scale = np.zeros(len(weights))
    for first, end, drawn in zip(assigned.starts[:-1], assigned.starts[1:], assigned.n_treated, strict=True):
        rows = assigned.order[first:end]
        if 0 < drawn < end - first:
            share = float(weights[rows][treated[rows]][0]) * drawn
            scale[rows] = share * (1.0 / drawn + 1.0 / (end - first - drawn))
    return scale


def _inversion(sums: FloatArray, observed: float, *, listed: bool) -> Inversion:
    """The effect at which each draw's difference meets the observed one."""
    overlap = sums[:, 1]
    same = overlap > 1.0 - 1e-9
    crossings = (observed - sums[~same, 0]) / (1.0 - overlap[~same])
    return Inversion(np.asarray(crossings), n_same=int(same.sum()), extra=0 if listed else 1)


def _blocks(assigned: Assignments, value: FloatArray, treated: BoolArray) -> tuple[BlockEffect, ...]:
    found = []
    for label, first, end in zip(assigned.labels, assigned.starts[:-1], assigned.starts[1:], strict=True):
        rows = assigned.order[first:end]
        ours, others = value[rows][treated[rows]], value[rows][~treated[rows]]
        gap = float(ours.mean() - others.mean()) if len(ours) and len(others) else None
        found.append(BlockEffect(label=label, n_treated=len(ours), n_control=len(others), difference=gap))
    return tuple(found)


def _verdict(difference: float | None, low: float | None, high: float | None, *, conf: float) -> Note:
    if difference is None:
        return Note("trial.unknown")
    if low is None or high is None:
        return Note("trial.unclear_open", {"difference": round(difference, 2)})
    values = {"difference": round(difference, 2), "low": round(low, 2), "high": round(high, 2)}
    told: dict[str, int | float | str] = {**values, "conf": round(100 * conf, 1)}
    if high < 0:
        return Note("trial.fewer", told)
    return Note("trial.more" if low > 0 else "trial.unclear", told)


def _notes(assigned: Assignments, *, n: int, conf: float) -> tuple[Note, ...]:
    notes = []
    bare = int(np.count_nonzero((assigned.n_treated == 0) | (assigned.n_treated == assigned.sizes)))
    if bare:
        notes.append(Note("trial.blocks_without_comparison", {"n": bare}))
    if 2.0 / n > 1.0 - conf:
        notes.append(Note("effect.few_assignments", {"n": n}))
    if int(assigned.sizes.sum()) < FEW_PLACES:
        notes.append(Note("trial.few_places", {"n": int(assigned.sizes.sum())}))
    return tuple(notes)
