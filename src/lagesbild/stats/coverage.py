"""Coverage: is anybody on duty at the hours of the week when things happen?

Here live the gap between duty hours and the profile of events, and the search for the one shift whose move closes
most of it. The profile itself is made in `aoristic`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from lagesbild.stats._arrays import ArrayLike, BoolArray, FloatArray, IntArray, as_counts, require_finite, require_share
from lagesbild.stats._exact import binomial_limits
from lagesbild.stats._result import Result
from lagesbild.stats.notes import Note

WEEK = (7, 24)
N_HOURS = 168
FEW_EVENTS = 30
MOST_HOURS = 12


@dataclass(frozen=True, kw_only=True)
class GapHour:
    """One hour of the week without cover. Weekday 0 is Monday."""

    weekday: int
    hour: int
    events: float
    on_duty: int


@dataclass(frozen=True, kw_only=True)
class ShiftMove:
    """One stretch of duty hours at another time, and the events it then covers. Weekday 0 is Monday."""

    function: str
    from_weekday: int
    from_hour: int
    to_weekday: int
    to_hour: int
    covered_before: float
    covered_after: float
    n_equal: int


@dataclass(frozen=True, eq=False, kw_only=True)
class DutyCoverageResult(Result):
    """Arrays of shape (7, 24), Monday first; ``outside_by_function`` in the order of ``functions``."""

    method: ClassVar[str] = "duty_coverage"
    version: ClassVar[str] = "1"

    functions: tuple[str, ...]
    covered: BoolArray
    on_duty: IntArray
    gap: FloatArray
    outside: float | None
    outside_low: float | None
    outside_high: float | None
    outside_by_function: FloatArray
    hours: tuple[GapHour, ...]
    moves: tuple[ShiftMove, ...]
    n_events: float


def duty_coverage(
    events: ArrayLike,
    duty: Mapping[str, ArrayLike],
    *,
    needed: int = 1,
    shift_hours: int = 4,
    same_day: bool = False,
    conf: float = 0.95,
) -> DutyCoverageResult:
    """How many of the events come when nobody is on duty, and which shift had better be moved?

    Parameters
    ----------
    events : array of shape (7, 24), float >= 0
        Events by weekday (Monday first) and hour, such as ``hours`` of `hour_weekday_profile`.
    duty : mapping of name to array of shape (7, 24), int >= 0
        How many of each function are on duty at each hour of the week: police, guards, outreach workers.
    needed : int >= 1
        An hour is covered when at least so many are on duty, of whichever function.
    shift_hours : int in [1, 24]
        Length of the stretch of duty that may be moved as one. It may be part of a longer one.
    same_day : bool
        Whether it must begin on the same weekday as before.
    conf : float in (0, 1)
        Level of the interval.

    Returns
    -------
    DutyCoverageResult
        ``outside``, the share of events in hours without cover, with ``outside_low`` and ``outside_high``;
        ``outside_by_function``; ``gap``, the share of all events less the share of all duty, by hour; ``hours``, those
        without cover that hold most events; ``moves``, the best of each function of which some move helps;
        ``covered``, ``on_duty``, ``n_events``, ``notes``.

    Raises
    ------
    ValueError
        If an array has another shape than (7, 24), or a number is negative or not whole where it must be.

    Notes
    -----
    1. The week is a circle: a shift may run from Sunday into Monday.
    2. All moves are tried: each function, each hour at which a stretch of `shift_hours` of it begins, each hour it
       could begin at instead. The move that covers most events is the answer; of several, the one nearest in time, then
       the earliest. ``n_equal`` says how many cover as much.
    3. The interval is that of Clopper and Pearson, with the number of events as the number of trials.
    4. The best move is best for the events it was chosen by. Expect somewhat less from it the next period, and little
       where there are few events.
    5. That somebody is on duty says nothing of where they are, or of what their presence does.

    Cost: O(functions × 168²) time.
    """
    profile = np.asarray(events, dtype=np.float64)
    if profile.shape != WEEK:
        raise ValueError(f"`events` must have the shape (7, 24). Got {profile.shape}.")
    require_finite("events", profile)
    if float(profile.min()) < 0:
        raise ValueError("`events` must not be negative.")
    if needed < 1:
        raise ValueError(f"`needed` must be 1 or more. Got {needed}.")
    if not 1 <= shift_hours <= 24:
        raise ValueError(f"`shift_hours` must be from 1 to 24. Got {shift_hours}.")
    require_share("conf", conf)
    staff = {name: _week(name, values) for name, values in duty.items()}
    each = np.array(list(staff.values()), dtype=np.int64).reshape(len(staff), N_HOURS)
    on_duty, flat = each.sum(axis=0), profile.ravel()
    n_events = float(flat.sum())
    outside = float(flat[on_duty < needed].sum())
    low, high = binomial_limits(np.array([outside]), np.array([n_events]), conf=conf)
    found = [_best_move(name, own, on_duty, flat, needed, shift_hours, same_day) for name, own in staff.items()]
    moves = sorted((move for move in found if move is not None), key=lambda move: -move.covered_after)
    return DutyCoverageResult(
        functions=tuple(staff),
        covered=(on_duty >= needed).reshape(WEEK),
        on_duty=on_duty.reshape(WEEK),
        gap=(_shares(flat) - _shares(on_duty)).reshape(WEEK),
        outside=outside / n_events if n_events else None,
        outside_low=float(low[0]) if n_events else None,
        outside_high=float(high[0]) if n_events else None,
        outside_by_function=_shares_outside(flat, each, n_events),
        hours=_gap_hours(flat, on_duty, needed),
        moves=tuple(moves),
        n_events=n_events,
        parameters={
            "needed": needed,
            "shift_hours": shift_hours,
            "same_day": same_day,
            "conf": float(conf),
        },
        notes=_notes(n_events, on_duty, moves),
    )


def _week(name: str, values: ArrayLike) -> IntArray:
    week = as_counts("duty", values)
    if week.shape != WEEK:
        raise ValueError(f"`duty` must have the shape (7, 24) for each function. Got {week.shape} for {name!r}.")
    return week.ravel()


def _shares(values: ArrayLike) -> FloatArray:
    numbers = np.asarray(values, dtype=np.float64)
    total = float(numbers.sum())
    return numbers / total if total else np.zeros(len(numbers))


def _shares_outside(events: FloatArray, each: IntArray, n_events: float) -> FloatArray:
    missed: FloatArray = (each == 0) @ events
    return missed / n_events if n_events else np.full(len(each), np.nan)


def _gap_hours(events: FloatArray, on_duty: IntArray, needed: int) -> tuple[GapHour, ...]:
    open_hours = np.flatnonzero((on_duty < needed) & (events > 0))
    order = open_hours[np.argsort(-events[open_hours], kind="stable")][:MOST_HOURS]
    return tuple(
        GapHour(weekday=at // 24, hour=at % 24, events=float(events[at]), on_duty=int(on_duty[at]))
        for at in order.tolist()
    )


def _stretches(values: FloatArray, hours: int) -> FloatArray:
    """Sums over so many hours from each hour of the week on, round the week."""
    starts = np.arange(N_HOURS)[:, None] + np.arange(hours)
    return np.asarray(values[starts % N_HOURS].sum(axis=1))


def _best_move(
    name: str,
    own: IntArray,
    on_duty: IntArray,
    events: FloatArray,
    needed: int,
    hours: int,
    same_day: bool,
) -> ShiftMove | None:
    """The move of one function that covers most; None when no move covers more than now."""
    starts = np.flatnonzero(_stretches((own > 0).astype(np.float64), hours) == hours)
    if not len(starts):
        return None
    # Staff at each hour when the stretch from each start is taken away: (starts, 168).
    away = np.zeros((len(starts), N_HOURS), dtype=np.int64)
    away[np.arange(len(starts))[:, None], (starts[:, None] + np.arange(hours)) % N_HOURS] = 1
    left = on_duty - away
    still = (left >= needed) @ events
    # Hours that one more would cover.
    added = np.array([_stretches(events * (row == needed - 1), hours) for row in left])
    covered = still[:, None] + added
    if same_day:
        covered[starts[:, None] // 24 != np.arange(N_HOURS) // 24] = -np.inf
    now = float(events[on_duty >= needed].sum())
    best = float(covered.max())
    # Sums in another order differ in the last digits.
    hair = 1e-9 * float(events.sum())
    if best <= now + hair:
        return None
    row, to = np.nonzero(covered >= best - hair)
    apart = np.abs(starts[row] - to)
    first = np.lexsort((to, starts[row], np.minimum(apart, N_HOURS - apart)))[0]
    begin, end = int(starts[row[first]]), int(to[first])
    return ShiftMove(
        function=name,
        from_weekday=begin // 24,
        from_hour=begin % 24,
        to_weekday=end // 24,
        to_hour=end % 24,
        covered_before=now,
        covered_after=best,
        n_equal=len(row),
    )


def _notes(n_events: float, on_duty: IntArray, moves: list[ShiftMove]) -> tuple[Note, ...]:
    if not n_events:
        return (Note("coverage.no_events"),)
    if not on_duty.any():
        return (Note("coverage.nobody_on_duty"),)
    notes = []
    if n_events < FEW_EVENTS:
        notes.append(Note("coverage.few_events", {"limit": FEW_EVENTS}))
    if not moves:
        notes.append(Note("coverage.no_better_move"))
    return tuple(notes)
