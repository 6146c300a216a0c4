"""Moments and intervals on the wall clock, as seconds since a Monday at midnight.

Here lives the reading of times. What is counted per hour is in `aoristic`, mean times in `circular`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lagesbild.stats._arrays import ArrayLike, BoolArray, IntArray, as_mask
from lagesbild.stats.notes import Note

HOUR_S, DAY_S, WEEK_S = 3_600, 86_400, 604_800
# 1970-01-01, second 0, was a Thursday: three days after a Monday.
MONDAY_OFFSET_S = 3 * DAY_S
UNKNOWN = np.iinfo(np.int64).min


@dataclass(frozen=True, eq=False)
class Clock:
    """From the first possible second up to the last, which is not included; both the same for a point.

    An event without a time of day (`known` is false) starts at midnight and, if it is an interval, ends at one.
    """

    first: IntArray
    last: IntArray
    known: BoolArray
    is_interval: BoolArray
    backwards: BoolArray

    def __len__(self) -> int:
        return len(self.first)

    @property
    def long(self) -> BoolArray:
        """Intervals of a week or more, which say nothing about the hour."""
        return np.asarray(self.last - self.first >= WEEK_S)

    def notes(self) -> tuple[Note, ...]:
        """What was odd about the times."""
        found = {
            "aoristic.end_before_start": int(np.count_nonzero(self.backwards)),
            "aoristic.long_interval": int(np.count_nonzero(self.long)),
            "aoristic.hour_unknown": int(np.count_nonzero(~self.known)),
        }
        return tuple(Note(code, {"n": count}) for code, count in found.items() if count)


def clock(t_from: ArrayLike, t_to: ArrayLike | None, *, time_known: ArrayLike | None) -> Clock:
    """Times as given by the caller, checked; see `hour_weekday_profile` for what they mean."""
    start = _seconds("t_from", t_from)
    n = len(start)
    if bool(np.any(start == UNKNOWN)):
        raise ValueError("`t_from` must have a time for every event. Got NaT.")
    known = as_mask("time_known", time_known, shape=(n,))
    if t_to is None and time_known is None:
        nowhere = np.zeros(n, dtype=np.bool_)
        first = start + MONDAY_OFFSET_S
        return Clock(first=first, last=first, known=known, is_interval=nowhere, backwards=nowhere)
    end = np.full(n, UNKNOWN) if t_to is None else _seconds("t_to", t_to)
    if len(end) != n:
        raise ValueError(f"`t_to` must have the length of `t_from`, {n}. Got {len(end)}.")
    is_interval = (end != UNKNOWN) & (end > start)
    # Dates are moved to midnight, so that a day counts as a whole.
    first = np.where(known, start, start - start % DAY_S) + MONDAY_OFFSET_S
    last = np.where(known | (end % DAY_S == 0), end, end - end % DAY_S + DAY_S) + MONDAY_OFFSET_S
    return Clock(
        first=first,
        last=np.where(is_interval, last, first),
        known=known,
        is_interval=is_interval,
        backwards=(end != UNKNOWN) & (end < start),
    )


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
