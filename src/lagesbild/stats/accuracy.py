"""Accuracy of a forecast of places: how many of the later events fell in the cells that were pointed out?

Here live the indices (PAI, PEI, RRI) and their two measuring sticks: the cells that were worst last period, and the
best choice that was possible. How a forecast is made is not a question for this module.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from lagesbild.stats._arrays import (
    ArrayLike,
    BoolArray,
    FloatArray,
    as_counts,
    as_mask,
    as_vector,
    require_share,
)
from lagesbild.stats._exact import binomial_limits
from lagesbild.stats._result import Result
from lagesbild.stats.notes import Note

FEW_EVENTS = 20


@dataclass(frozen=True, kw_only=True)
class CellChoice:
    """What one choice of cells caught. None where an index has no value."""

    hits: float
    hit_share: float | None
    area_share: float
    pai: float | None
    pei: float | None
    rri: float | None


@dataclass(frozen=True, eq=False, kw_only=True)
class ForecastAccuracyResult(Result):
    """The forecast beside the same area of last period's worst cells, and beside the best possible.

    ``difference`` is the hits of the forecast less those of last period's cells. None without an earlier period.
    """

    method: ClassVar[str] = "forecast_accuracy"
    version: ClassVar[str] = "1"

    forecast: CellChoice
    hit_share_low: float
    hit_share_high: float
    last_period: CellChoice | None
    best: CellChoice
    difference: float | None
    difference_low: float | None
    difference_high: float | None
    n_events: int
    n_cells: int
    n_chosen: int


def forecast_accuracy(
    chosen: ArrayLike,
    counts: ArrayLike,
    *,
    counts_before: ArrayLike | None = None,
    areas: ArrayLike | None = None,
    conf: float = 0.95,
) -> ForecastAccuracyResult:
    """Did the later events fall in the cells that were pointed out, and more so than in last period's worst cells?

    Parameters
    ----------
    chosen : array of shape (m,), bool
        Cells that the forecast pointed out, before the events.
    counts : array of shape (m,), int >= 0
        Events in each cell in the period forecast.
    counts_before : array of shape (m,), int >= 0, optional
        Events in each cell in the period before. Without them there is neither RRI nor a comparison with last period.
    areas : array of shape (m,), float > 0, optional
        Area, or length of street, of each cell; all alike when absent. Choose where events can happen at all.
    conf : float in (0, 1)
        Level of the intervals.

    Returns
    -------
    ForecastAccuracyResult
        ``forecast``, ``last_period`` and ``best``, each with ``hits``, ``hit_share``, ``area_share``, ``pai``, ``pei``,
        ``rri``; ``hit_share_low`` and ``hit_share_high``; ``difference`` [events] with its interval; ``n_events``,
        ``n_cells``, ``n_chosen``, ``notes``.

    Raises
    ------
    ValueError
        If arrays differ in length, a count is negative or not whole, or an area is not positive.

    Notes
    -----
    With n of N events in the chosen cells, whose area is a of A:

    1. PAI = (n / N) / (a / A) ([1]_). 1 is chance. It grows as the chosen area shrinks: compare at one area only.
    2. PEI = n / n*, with n* the most events that any cells of the same area hold. It lies from 0 to 1.
    3. RRI = (n₂ / n₁) / (N₂ / N₁), events now and before ([2]_). Below 1 the chosen cells lost more than the whole:
       places chosen at their worst get better by themselves.
    4. ``last_period`` takes the cells with most events per area before, up to the same area. Of cells that tie at the
       edge, and of one that goes beyond it, the same part is taken of each: what a random choice among them catches on
       average. ``best`` does so with the later events; with cells of different size that is an upper limit of n*, and
       PEI a lower one.
    5. The interval of the hit share is that of Clopper and Pearson. The interval of the difference takes counts as
       Poisson and is normal: rough below 20 events in the cells that only one of the two chose. Events in bursts make
       both too narrow.

    Cost: O(m log m) time, O(m) memory.

    References
    ----------
    .. [1] Chainey, S., Tompson, L. and Uhlig, S. (2008). The utility of hotspot mapping for predicting spatial patterns
       of crime. Security Journal 21, 4-28.
    .. [2] Levine, N. (2008). The "hottest" part of a hotspot: comments on "The utility of hotspot mapping for
       predicting spatial patterns of crime". Security Journal 21(4), 295-302. doi:10.1057/sj.2008.5.
    """
    after = as_counts("counts", counts)
    if after.ndim != 1:
        raise ValueError(f"`counts` must have one dimension. Got {after.ndim}.")
    picked = as_mask("chosen", chosen, shape=after.shape).astype(np.float64)
    size = _areas(areas, len(after))
    before = None if counts_before is None else as_counts("counts_before", counts_before)
    if before is not None and before.shape != after.shape:
        raise ValueError(f"`counts_before` must have the length of `counts`, {len(after)}. Got {before.shape}.")
    require_share("conf", conf)
    budget = float(picked @ size)
    best = _highest(after, size, budget)
    n_best = float(best @ after)

    def caught(part: FloatArray) -> CellChoice:
        return _caught(part, after, before, size, n_best)

    last = None if before is None else _highest(before, size, budget)
    low, high = binomial_limits(np.array([picked @ after]), np.array([float(after.sum())]), conf=conf)
    gap = (None, None, None) if last is None else _difference(picked - last, after, conf)
    return ForecastAccuracyResult(
        forecast=caught(picked),
        hit_share_low=float(low[0]),
        hit_share_high=float(high[0]),
        last_period=None if last is None else caught(last),
        best=caught(best),
        difference=gap[0],
        difference_low=gap[1],
        difference_high=gap[2],
        n_events=int(after.sum()),
        n_cells=len(after),
        n_chosen=int(picked.sum()),
        parameters={"conf": float(conf), "areas": "equal" if areas is None else "given"},
        notes=_notes(picked, last, after, size),
    )


def top_cells(scores: ArrayLike, *, area_share: float, areas: ArrayLike | None = None) -> BoolArray:
    """Which cells have the highest scores, within a share of the whole area?

    Parameters
    ----------
    scores : array of shape (m,), float
        Expected events, density or any other ranking, per unit of area.
    area_share : float in (0, 1)
        At most this share of the whole area is chosen.
    areas : array of shape (m,), float > 0, optional
        Area of each cell; all alike when absent.

    Returns
    -------
    array of shape (m,), bool

    Notes
    -----
    Cells with equal scores are chosen all or none, so that their order does not matter; cells with a score of 0 or less
    never. Cost: O(m log m) time, O(m) memory.
    """
    values = as_vector("scores", scores)
    require_share("area_share", area_share)
    size = _areas(areas, len(values))
    levels, group = np.unique(-values, return_inverse=True)
    # A hair of room, for shares such as 0.1 of 10 cells.
    fits = np.cumsum(np.bincount(group, weights=size)) <= area_share * float(size.sum()) * (1 + 1e-12)
    chosen: BoolArray = (fits & (levels < 0))[group]
    return chosen


def _areas(areas: ArrayLike | None, m: int) -> FloatArray:
    if areas is None:
        return np.ones(m)
    size = as_vector("areas", areas)
    if len(size) != m:
        raise ValueError(f"`areas` must have one number for each of {m} cells. Got {len(size)}.")
    if m and float(size.min()) <= 0:
        raise ValueError(f"`areas` must be positive. Got {size.min()}.")
    return size


def _highest(counts: ArrayLike, size: FloatArray, budget: float) -> FloatArray:
    """How much of each cell is taken, 0 to 1, when the densest come first up to an area; equal ones alike."""
    levels, group = np.unique(-np.asarray(counts) / size, return_inverse=True)
    of_level = np.bincount(group, weights=size, minlength=len(levels))
    room = budget - (np.cumsum(of_level) - of_level)
    part = np.clip(room / of_level, 0.0, 1.0)
    # Sums of areas in another order differ in the last digit; that is not a part of a cell.
    part = np.where(np.abs(part - np.round(part)) < 1e-9, np.round(part), part)
    return np.asarray(part[group], dtype=np.float64)


def _caught(
    part: FloatArray, after: ArrayLike, before: ArrayLike | None, size: FloatArray, n_best: float
) -> CellChoice:
    now = np.asarray(after, dtype=np.float64)
    hits, n = float(part @ now), float(now.sum())
    area_share = _ratio(float(part @ size), float(size.sum())) or 0.0
    hit_share = _ratio(hits, n)
    rri = None
    if before is not None:
        then = np.asarray(before, dtype=np.float64)
        here, everywhere = _ratio(hits, float(part @ then)), _ratio(n, float(then.sum()))
        rri = None if here is None or everywhere is None else _ratio(here, everywhere)
    return CellChoice(
        hits=hits,
        hit_share=hit_share,
        area_share=area_share,
        pai=None if hit_share is None else _ratio(hit_share, area_share),
        pei=_ratio(hits, n_best),
        rri=rri,
    )


def _ratio(above: float, below: float) -> float | None:
    return above / below if below > 0 else None


def _difference(apart: FloatArray, after: ArrayLike, conf: float) -> tuple[float, float, float]:
    """Hits of one choice less those of another, with the variance of Poisson counts, each estimated by itself."""
    from scipy.special import ndtri

    now = np.asarray(after, dtype=np.float64)
    difference, reach = float(apart @ now), float(ndtri((1 + conf) / 2)) * math.sqrt(float(apart**2 @ now))
    return difference, difference - reach, difference + reach


def _notes(picked: FloatArray, last: FloatArray | None, after: ArrayLike, size: FloatArray) -> tuple[Note, ...]:
    now = np.asarray(after, dtype=np.float64)
    if not now.any():
        return (Note("accuracy.no_events"),)
    if not picked.any():
        return (Note("accuracy.nothing_chosen"),)
    notes = []
    if len(np.unique(size)) > 1:
        notes.append(Note("accuracy.areas_differ"))
    if last is not None:
        parted = int(np.count_nonzero((last > 0) & (last < 1)))
        if parted:
            notes.append(Note("accuracy.ties", {"n": parted}))
        if float(np.abs(picked - last) @ now) < FEW_EVENTS:
            notes.append(Note("accuracy.few_events", {"limit": FEW_EVENTS}))
    return tuple(notes)
