"""Hour × weekday profile with aoristic weights: when do events happen, if only an interval is known?

Here lives the profile of the week. Months are in `season`. Time zones are the caller's: local wall-clock time comes in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from lagesbild.stats._arrays import ArrayLike, FloatArray, IntArray, as_vector
from lagesbild.stats._clock import DAY_S, HOUR_S, WEEK_S, clock
from lagesbild.stats._result import Result
from lagesbild.stats.notes import Note

N_HOURS, N_WEEKDAYS = 24, 7


@dataclass(frozen=True, eq=False, kw_only=True)
class HourWeekdayResult(Result):
    """Events per weekday (0 is Monday) and hour, and per weekday where the hour is not known."""

    method: ClassVar[str] = "hour_weekday_profile"
    version: ClassVar[str] = "1"

    hours: FloatArray
    hour_unknown: FloatArray
    n_events: float
    n_intervals: int

    @property
    def weekdays(self) -> FloatArray:
        """All events per weekday, shape (7,)."""
        total: FloatArray = self.hours.sum(axis=1) + self.hour_unknown
        return total


def hour_weekday_profile(
    t_from: ArrayLike,
    t_to: ArrayLike | None = None,
    *,
    time_known: ArrayLike | None = None,
    weights: ArrayLike | None = None,
) -> HourWeekdayResult:
    """At which hours of the week do events happen?

    Parameters
    ----------
    t_from : array of shape (n,), datetime64 or int64
        Earliest possible time, as the clock on the wall showed it. Whole numbers are seconds since 1970-01-01 00:00
        (a Thursday) on that same local clock, without zone.
    t_to : array of shape (n,), datetime64 or int64, optional
        Latest possible time, not included. NaT (the smallest int64) when there is none: the event happened at `t_from`.
    time_known : array of shape (n,), bool, optional
        False for events with a date only. They count in weekdays, spread over whole days, and not in hours.
    weights : array of shape (n,), float >= 0, optional
        How much each event counts; 1 when absent.

    Returns
    -------
    HourWeekdayResult
        ``hours`` of shape (7, 24), Monday first; ``hour_unknown`` of shape (7,); ``weekdays``, both together;
        ``n_events`` (sum of weights), ``n_intervals``, ``notes``.
        ``hours`` and ``hour_unknown`` add up to ``n_events``.

    Raises
    ------
    ValueError
        If arrays differ in length, a start is missing, or a weight is negative.

    Notes
    -----
    1. Each event shares its weight among the hours its interval covers, in proportion to the time in each: every moment
       is taken as equally likely ([1]_, [2]_). Seconds count; nothing is rounded to hours first.
    2. An interval of a week or more says nothing about the hour and is spread evenly over all of them, with a note.
    3. An end at or before the start makes a point. Before the start it is noted: a clock set back in autumn does that
       to short intervals, mistyped dates to others.
    4. The profile is an expected count, not a whole number. It smooths: wide intervals fill the hours between.

    Cost: O(n + hours covered) time, at most 168 per event, and O(n) memory.

    References
    ----------
    .. [1] Ratcliffe, J. H. and McCullagh, M. J. (1998). Aoristic crime analysis. International Journal of Geographical
       Information Science 12(7), 751-764. doi:10.1080/136588198241644.
    .. [2] Ratcliffe, J. H. (2000). Aoristic analysis: the spatial interpretation of unspecific temporal events.
       International Journal of Geographical Information Science 14(7), 669-679. doi:10.1080/136588100424963.
    """
    times = clock(t_from, t_to, time_known=time_known)
    n, known = len(times), times.known
    weight = np.ones(n) if weights is None else as_vector("weights", weights)
    if len(weight) != n:
        raise ValueError(f"`weights` must have the length of `t_from`, {n}. Got {len(weight)}.")
    if n and float(weight.min()) < 0:
        raise ValueError("`weights` must not be negative.")
    first, last = times.first, times.last
    return HourWeekdayResult(
        hours=_profile(first[known], last[known], weight[known], HOUR_S).reshape(N_WEEKDAYS, N_HOURS),
        hour_unknown=_profile(first[~known], last[~known], weight[~known], DAY_S),
        n_events=float(weight.sum()),
        n_intervals=int(np.count_nonzero(times.is_interval & known)),
        parameters={"intervals": "uniform"},
        notes=times.notes() if n else (Note("aoristic.no_events"),),
    )


def _profile(start: IntArray, end: IntArray, weight: FloatArray, cell_s: int) -> FloatArray:
    """Weight per cell of the week, for points, intervals and what is too long to tell."""
    n_cells = WEEK_S // cell_s
    point, long = end <= start, end - start >= WEEK_S
    cells = np.bincount(start[point] // cell_s % n_cells, weights=weight[point], minlength=n_cells)
    out = np.asarray(cells + float(weight[long].sum()) / n_cells, dtype=np.float64)
    some = ~point & ~long
    if bool(some.any()):
        from lagesbild.stats._aoristic_kernel import share_intervals

        share_intervals(start[some], end[some], weight[some], cell_s, n_cells, out)
    return out
