"""Hour × weekday profile with aoristic weights: when do events happen, if only an interval is known?

Here lives the profile of the week. Months are in `season`. Time zones are the caller's: local wall-clock time comes in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from lagesbild.stats._arrays import ArrayLike, BoolArray, FloatArray, IntArray, as_mask, as_vector
from lagesbild.stats._result import Result
from lagesbild.stats.notes import Note

HOUR_S, DAY_S, WEEK_S = 3_600, 86_400, 604_800
N_HOURS, N_WEEKDAYS = 24, 7
# 1970-01-01, second 0, was a Thursday: three days after a Monday.
MONDAY_OFFSET_S = 3 * DAY_S
UNKNOWN = np.iinfo(np.int64).min


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
    start = _seconds("t_from", t_from)
    n = len(start)
    if bool(np.any(start == UNKNOWN)):
        raise ValueError("`t_from` must have a time for every event. Got NaT.")
    end = np.full(n, UNKNOWN) if t_to is None else _seconds("t_to", t_to)
    known = as_mask("time_known", time_known, shape=(n,))
    weight = np.ones(n) if weights is None else as_vector("weights", weights)
    if not len(end) == len(weight) == n:
        raise ValueError(f"`t_to` and `weights` must have the length of `t_from`, {n}. Got {len(end)}, {len(weight)}.")
    if n and float(weight.min()) < 0:
        raise ValueError("`weights` must not be negative.")
    backwards = (end != UNKNOWN) & (end < start)
    is_interval = (end != UNKNOWN) & (end > start)
    # Dates are moved to midnight, so that a day counts as a whole.
    first = np.where(known, start, start - start % DAY_S) + MONDAY_OFFSET_S
    last = np.where(known | (end % DAY_S == 0), end, end - end % DAY_S + DAY_S) + MONDAY_OFFSET_S
    last = np.where(is_interval, last, first)
    return HourWeekdayResult(
        hours=_profile(first[known], last[known], weight[known], HOUR_S).reshape(N_WEEKDAYS, N_HOURS),
        hour_unknown=_profile(first[~known], last[~known], weight[~known], DAY_S),
        n_events=float(weight.sum()),
        n_intervals=int(np.count_nonzero(is_interval & known)),
        parameters={"intervals": "uniform"},
        notes=_notes(n, backwards=backwards, long=last - first >= WEEK_S, known=known),
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


def _seconds(name: str, values: ArrayLike) -> IntArray:
    """Whole seconds on the wall clock; NaT becomes the smallest int64."""
    given: npt.NDArray[np.generic] = np.asarray(values)
    if given.ndim != 1:
        raise ValueError(f"`{name}` must have one dimension. Got {given.ndim}.")
    if given.size == 0:
        return np.zeros(0, dtype=np.int64)
    if given.dtype.kind == "M":
        return given.astype("datetime64[s]").astype(np.int64)
    if given.dtype.kind not in "iu":
        raise TypeError(f"`{name}` must hold datetime64 or whole seconds. Got {given.dtype}.")
    return given.astype(np.int64)


def _notes(n: int, *, backwards: BoolArray, long: BoolArray, known: BoolArray) -> tuple[Note, ...]:
    if n == 0:
        return (Note("aoristic.no_events"),)
    found = {
        "aoristic.end_before_start": int(np.count_nonzero(backwards)),
        "aoristic.long_interval": int(np.count_nonzero(long)),
        "aoristic.hour_unknown": int(np.count_nonzero(~known)),
    }
    return tuple(Note(code, {"n": count}) for code, count in found.items() if count)
