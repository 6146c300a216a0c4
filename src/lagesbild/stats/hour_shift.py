"""Shift of the hour profile: do events happen at other hours after than before?

Here lives the comparison of two profiles. One profile is in `aoristic`; whether there are more or fewer events is a
question for `change`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

import numpy as np
import numpy.typing as npt

from lagesbild.stats._arrays import ArrayLike, BoolArray, FloatArray, IntArray
from lagesbild.stats._clock import DAY_S, HOUR_S, WEEK_S, Clock, clock
from lagesbild.stats._replicates import Progress, Rng, UIntArray, replicates
from lagesbild.stats._result import Result
from lagesbild.stats.circular import clock_vectors, rayleigh_p
from lagesbild.stats.notes import Note

Cells = Literal["hours", "weekdays", "hours_of_week"]
# Length of a cell, and number of cells until it begins again.
CYCLES = {"hours": (HOUR_S, 24), "weekdays": (DAY_S, 7), "hours_of_week": (HOUR_S, 168)}
# Values that differ by rounding only count as equal.
SLACK = 1e-9
FEW_PER_CELL = 5.0
NOTHING = 1e-9
CHANCE = 0.05

Pieces = tuple[IntArray, IntArray, FloatArray]


@dataclass(frozen=True, eq=False, kw_only=True)
class HourShiftResult(Result):
    """Expected events per cell of the clock, before and after, and how much of the profile has moved."""

    method: ClassVar[str] = "hour_shift"
    version: ClassVar[str] = "1"

    before: FloatArray
    after: FloatArray
    n_before: int
    n_after: int
    difference_pct: FloatArray
    residual: FloatArray
    moved_pct: float | None
    mean_shift_hours: float | None
    chi_square: float
    p_chi_square: float
    watson_u2: float
    p_watson: float
    n_replicates: int


def hour_shift(
    t_from: ArrayLike,
    t_to: ArrayLike | None = None,
    *,
    is_after: ArrayLike,
    cells: Cells = "hours",
    time_known: ArrayLike | None = None,
    n_replicates: int = 999,
    rng: Rng,
    block_size: int = 64,
    threads: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> HourShiftResult:
    """Do events happen at other hours after than before?

    Null hypothesis: which events came before and which after says nothing of their hours.

    Parameters
    ----------
    t_from, t_to, time_known
        As in `hour_weekday_profile`: earliest and latest time on the local clock, and whether the hour is known.
        Events of both periods together.
    is_after : array of shape (n,), bool
        True for events of the second period, false for those of the first.
    cells : {"hours", "weekdays", "hours_of_week"}
        Compare the 24 hours of the day, the 7 days of the week, or its 168 hours.
    n_replicates : int >= 1
        Random divisions into before and after.
    rng : Generator or int
        Start of the random numbers.

    Returns
    -------
    HourShiftResult
        ``before`` and ``after``, expected events per cell; ``difference_pct``, share after minus share before in
        percentage points; ``residual``, that difference in standard errors; ``moved_pct``, the share of events that
        would have to change cell to undo it; ``mean_shift_hours``, how far the mean time moved, later is positive,
        None unless events gather round one time in both periods (Rayleigh test at 5 %);
        ``chi_square`` with ``p_chi_square``, ``watson_u2`` with ``p_watson``, both (0, 1]; ``notes``.

    Raises
    ------
    ValueError
        If arrays differ in length, a start is missing, or `n_replicates` is below 1.

    Notes
    -----
    1. Intervals are shared among cells as in `hour_weekday_profile`.
    2. χ² = Σ (A_k - q T_k)² / (q (1 - q) T_k) over cells with events, T_k both periods together, A_k after, q the share
       of events after. It notices any change of shape.
    3. U² = n₁ n₂ / N² Σ T_k (D_k - D̄)², D_k the difference of the two cumulative shares, D̄ = Σ T_k D_k / N ([1]_, with
       ties as in [2]_). It does not depend on where the cycle starts, and notices a drift to later or earlier better
       than χ² does.
    4. p = (b + 1) / (r + 1), b random divisions with a value at least as large. The division keeps both numbers of
       events; points are drawn cell by cell (hypergeometric), intervals one by one. Exact for intervals and for few
       events. Choose one of the two tests before looking, or halve the level.
    5. Events without an hour take part in weekdays only. Too few events on a side: p = 1 and a note.
    6. Events that come in bursts count as if each came by itself; p is then too small.

    Cost: O(n + r × cells) time for points, O(r × hours covered) for intervals; O(n + hours covered) memory.

    References
    ----------
    .. [1] Watson, G. S. (1962). Goodness-of-fit tests on a circle. II. Biometrika 49.
    .. [2] Zar, J. H. (1999). Biostatistical analysis, 4th ed., chapter 27. Prentice Hall.
    """
    if cells not in get_args(Cells):
        raise ValueError(f"`cells` must be one of {', '.join(get_args(Cells))}. Got {cells!r}.")
    if n_replicates < 1:
        raise ValueError(f"`n_replicates` must be 1 or more. Got {n_replicates}.")
    times = clock(t_from, t_to, time_known=time_known)
    late = _sides(is_after, len(times))
    cell_s, n_cells = CYCLES[cells]
    used = times.known | (cells == "weekdays")
    before, after = (_Side(times, used & side, cell_s, n_cells) for side in (~late, late))
    observed = _statistics(after.profile[None, :], before.profile + after.profile, after.n, before.n + after.n)
    rows = np.zeros((n_replicates, 2))
    enough = before.n > 0 and after.n > 0 and before.n + after.n > 2
    if enough:
        rows = replicates(
            shift_block,
            (before.points + after.points, _joined(before.pieces, after.pieces), after.n),
            n_replicates=n_replicates,
            rng=rng,
            block_size=block_size,
            threads=threads,
            scheduler=scheduler,
            progress=progress,
        )
    reached = (rows >= observed * (1 - SLACK) - SLACK).sum(axis=0)
    gap = after.profile / max(after.n, 1) - before.profile / max(before.n, 1)
    p_chi, p_watson = ((reached + 1) / (n_replicates + 1)).tolist() if enough else (1.0, 1.0)
    return HourShiftResult(
        before=before.profile,
        after=after.profile,
        n_before=before.n,
        n_after=after.n,
        difference_pct=100 * gap,
        residual=_residuals(gap, before, after),
        moved_pct=float(50 * np.abs(gap).sum()) if before.n and after.n else None,
        mean_shift_hours=_mean_shift(before, after, cell_s * n_cells / HOUR_S),
        chi_square=float(observed[0, 0]),
        p_chi_square=p_chi,
        watson_u2=float(observed[0, 1]),
        p_watson=p_watson,
        n_replicates=n_replicates,
        parameters={
            "cells": cells,
            "n_replicates": n_replicates,
            "rng": int(rng) if isinstance(rng, (int, np.integer)) else "generator",
        },
        notes=_notes(times, before, after, cells),
    )


def shift_block(points: IntArray, pieces: Pieces, n_after: int, seeds: UIntArray) -> FloatArray:
    """χ² and U² of random divisions: points by cell, intervals one by one."""
    offsets, cells, shares = pieces
    n_intervals = len(offsets) - 1
    drawn = np.zeros((len(seeds), len(points)))
    for b, seed in enumerate(seeds):
        chosen = np.random.Generator(np.random.PCG64(int(seed))).multivariate_hypergeometric(
            np.append(points, n_intervals), n_after, method="marginals"
        )
        drawn[b] = chosen[:-1]
        if n_intervals:
            from lagesbild.stats._hour_shift_kernel import add_some

            add_some(offsets, cells, shares, int(chosen[-1]), seed, drawn[b])
    both = (points + np.bincount(cells, weights=shares, minlength=len(points))).astype(np.float64)
    return _statistics(drawn, both, n_after, int(points.sum()) + n_intervals)


class _Side:
    """The events of one period by cell: points, pieces of intervals, and both together."""

    def __init__(self, times: Clock, chosen: BoolArray, cell_s: int, n_cells: int) -> None:
        # A date alone is a point among the days.
        first, last, known = times.first[chosen], times.last[chosen], times.known[chosen]
        is_point = last <= first
        numbers = first[is_point] // cell_s % n_cells
        self.points: IntArray = np.bincount(numbers, minlength=n_cells).astype(np.int64)
        self.pieces = _pieces(first[~is_point], last[~is_point], cell_s, n_cells)
        self.vectors = clock_vectors(
            first, np.where(known, last, np.maximum(last, first + DAY_S)), cycle_s=cell_s * n_cells
        )
        self.n = len(first)
        in_pieces = np.bincount(self.pieces[1], weights=self.pieces[2], minlength=n_cells)
        self.profile: FloatArray = (self.points + in_pieces).astype(np.float64)


def _pieces(start: IntArray, end: IntArray, cell_s: int, n_cells: int) -> Pieces:
    if not len(start):
        return np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0)
    from lagesbild.stats._hour_shift_kernel import count_pieces, cut

    # A week or more says nothing about the hour; once round is enough.
    start, end = np.where(end - start >= WEEK_S, 0, start), np.where(end - start >= WEEK_S, cell_s * n_cells, end)
    offsets = count_pieces(start, end, cell_s)
    cells, shares = np.empty(offsets[-1], dtype=np.int64), np.empty(offsets[-1])
    cut(start, end, cell_s, n_cells, offsets, cells, shares)
    return offsets, cells, shares


def _joined(first: Pieces, second: Pieces) -> Pieces:
    offsets = np.concatenate((first[0], second[0][1:] + first[0][-1]))
    return offsets, np.concatenate((first[1], second[1])), np.concatenate((first[2], second[2]))


def _sides(is_after: ArrayLike, n: int) -> BoolArray:
    given: npt.NDArray[np.generic] = np.asarray(is_after)
    if given.dtype != np.bool_ and given.size:
        raise TypeError(f"`is_after` must be a boolean array. Got {given.dtype}.")
    if given.shape != (n,):
        raise ValueError(f"`is_after` must have the length of `t_from`, {n}. Got {given.shape}.")
    return given.astype(np.bool_)


def _statistics(after: FloatArray, both: FloatArray, n_after: int, n: int) -> FloatArray:
    """χ² (Notes, 2) and U² (Notes, 3) for each row of profiles after; zeros when a side is empty."""
    out = np.zeros((len(after), 2))
    n_before = n - n_after
    if n_before == 0 or n_after == 0:
        return out
    some = both > NOTHING
    share = n_after / n
    gap = after[:, some] - share * both[some]
    out[:, 0] = (gap * gap / (share * (1 - share) * both[some])).sum(axis=1)
    # F after - F before = (A - q T) / (n q (1 - q)) in cumulative sums.
    steps = np.cumsum(gap, axis=1) / (n * share * (1 - share))
    centred = steps - (steps @ both[some] / n)[:, None]
    out[:, 1] = share * (1 - share) * (centred * centred) @ both[some]
    return out


def _residuals(gap: FloatArray, before: _Side, after: _Side) -> FloatArray:
    """The difference of two shares in standard errors, as if each event lay in one cell."""
    n_before, n_after = max(before.n, 1), max(after.n, 1)
    pooled = (before.profile + after.profile) / (n_before + n_after)
    variance = pooled * (1 - pooled) * (1 / n_before + 1 / n_after)
    return np.where(variance > 0, gap / np.sqrt(np.where(variance > 0, variance, 1.0)), 0.0)


def _mean_shift(before: _Side, after: _Side, hours: float) -> float | None:
    """From the mean time before to that after, the shorter way round. None where one of them may be chance."""
    angles = []
    for east, north in (before.vectors, after.vectors):
        c, s = float(east.sum()), float(north.sum())
        squares = float(east @ east + north @ north)
        lengths = float(np.hypot(east, north).sum())
        if squares <= NOTHING or rayleigh_p((c * c + s * s) / squares, lengths * lengths / squares) > CHANCE:
            return None
        angles.append(math.atan2(s, c) / (2 * math.pi) * hours)
    return (angles[1] - angles[0] + hours / 2) % hours - hours / 2


def _notes(times: Clock, before: _Side, after: _Side, cells: Cells) -> tuple[Note, ...]:
    notes = [each for each in times.notes() if cells != "weekdays" or each.code != "aoristic.hour_unknown"]
    fewest = min(before.n, after.n)
    if fewest == 0 or before.n + after.n <= 2:
        return (*notes, Note("hour_shift.one_side"))
    if fewest < FEW_PER_CELL * len(before.profile):
        notes.append(Note("hour_shift.few_events", {"n": fewest, "cells": len(before.profile)}))
    return tuple(notes)
