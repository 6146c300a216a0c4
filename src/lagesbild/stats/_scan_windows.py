"""Which windows a scan looks at: how far circles reach, how long periods last, and into which intervals time is cut.

Here live the choices of the analyst and the arithmetic of intervals. No statistics.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lagesbild.stats._arrays import FloatArray, IntArray, require_positive

# Eleven years in hours. Work and memory grow with the intervals, and one date in the year 9999 makes millions of days.
MAX_INTERVALS = 100_000


@dataclass(frozen=True, kw_only=True)
class ScanWindows:
    """The windows of a scan: circles round places times periods of whole intervals.

    Parameters
    ----------
    max_radius_m : float > 0, optional
        Circles reach no farther than this, the edge included.
    max_share : float in (0, 1], default 0.5
        A circle holds at most this share of the cases (permutation), of the expected cases (Poisson) or of the people
        (Bernoulli).
    max_days : float > 0, optional
        Periods last no longer than this. Without it `max_time_share` rules.
    max_time_share : float in (0, 1], default 0.5
        Longest period as a share of the whole, counted in intervals.
    period : (float, float), optional
        Start and end of the whole period [days], half-open. Default: the whole days from the first case to the last.
    interval_days : float > 0, default 1
        Length of the intervals. They are laid from the end backwards; what is left over makes the first one longer.
    time_edges : sequence of float, optional
        Rising edges [days] of intervals of your own, such as months or years. They replace `period` and
        `interval_days`.
    prospective : bool, default False
        Only windows that reach the end of the period: what is going on now?
    min_cases : int >= 1, default 2
        A window with fewer cases is no cluster.
    lonlat : bool, default False
        Coordinates are longitude and latitude [degrees] and distances great circles on a sphere of 6,367 km.
    """

    max_radius_m: float | None = None
    max_share: float = 0.5
    max_days: float | None = None
    max_time_share: float = 0.5
    period: tuple[float, float] | None = None
    interval_days: float = 1.0
    time_edges: Sequence[float] | None = None
    prospective: bool = False
    min_cases: int = 2
    lonlat: bool = False

    def __post_init__(self) -> None:
        for name, unit in (("max_radius_m", "metres"), ("max_days", "days"), ("interval_days", "days")):
            value = getattr(self, name)
            if value is not None:
                require_positive(name, value, unit=unit)
        for name in ("max_share", "max_time_share"):
            if not 0 < getattr(self, name) <= 1:
                raise ValueError(f"`{name}` must lie above 0 and be at most 1. Got {getattr(self, name)}.")
        if self.min_cases < 1:
            raise ValueError(f"`min_cases` must be 1 or more. Got {self.min_cases}.")
        if self.max_days is not None and self.time_edges is None and self.max_days < self.interval_days:
            raise ValueError(f"`max_days` must be at least `interval_days`. Got {self.max_days}.")
        if self.period is not None and not self.period[0] < self.period[1]:
            raise ValueError(f"`period` must end after it starts. Got {self.period}.")

    def to_dict(self) -> dict[str, object]:
        """The choices as plain values."""
        return {
            "max_radius_m": self.max_radius_m,
            "max_share": self.max_share,
            "max_days": self.max_days,
            "max_time_share": self.max_time_share,
            "period": None if self.period is None else list(self.period),
            "interval_days": self.interval_days,
            "time_edges": None if self.time_edges is None else np.asarray(self.time_edges, dtype=np.float64).tolist(),
            "prospective": self.prospective,
            "min_cases": self.min_cases,
            "lonlat": self.lonlat,
        }


@dataclass(frozen=True, eq=False)
class Intervals:
    """Time cut in intervals. A window from interval a ends at last_end[a] at the latest; one that ends at b starts at
    first_start[b] at the earliest.
    """

    edges: FloatArray
    first_start: IntArray
    last_end: IntArray
    prospective: bool

    def __len__(self) -> int:
        return len(self.last_end)

    def of(self, t: FloatArray) -> IntArray:
        """The interval of each time; -1 outside the period."""
        found = np.searchsorted(self.edges, t, side="right") - 1
        return np.where((t >= self.edges[0]) & (t < self.edges[-1]), found, -1).astype(np.int64)


def whole(start: float, end: float) -> Intervals:
    """One interval: time does not matter."""
    one = np.zeros(1, dtype=np.int64)
    return Intervals(np.array([start, end]), one, one, prospective=False)


def intervals(t: FloatArray, windows: ScanWindows) -> Intervals:
    """The intervals of a scan of cases at these times."""
    if windows.time_edges is None:
        edges, longest = _even(t, windows)
    else:
        edges = np.array(windows.time_edges, dtype=np.float64)
        if edges.ndim != 1 or len(edges) < 2 or not bool(np.all(np.diff(edges) > 0)):
            raise ValueError("`time_edges` must hold two or more rising numbers.")
        longest = math.floor(len(edges[1:]) * windows.max_time_share)
        _require_few(len(edges) - 1)
    n = len(edges) - 1
    last = np.minimum(np.arange(n) + max(longest, 1) - 1, n - 1)
    if windows.time_edges is not None and windows.max_days is not None:
        # Intervals of different length, such as months: whichever fit in whole. One too long ends before it starts.
        reach = edges[:-1] + windows.max_days + 1e-9
        last = np.searchsorted(edges, reach, side="right") - 2
    first = np.searchsorted(last, np.arange(n), side="left")
    return Intervals(edges, first.astype(np.int64), last.astype(np.int64), windows.prospective)


def _even(t: FloatArray, windows: ScanWindows) -> tuple[FloatArray, int]:
    """Edges of equal intervals laid from the end, and the number of intervals in the longest window."""
    start, end = windows.period or period_of(t)
    step = windows.interval_days
    n = max(math.floor((end - start) / step + 1e-9), 1)
    _require_few(n)
    edges = np.concatenate(([start], end - step * np.arange(n - 1, -1, -1.0)))
    days = windows.max_days if windows.max_days is not None else math.floor((end - start) * windows.max_time_share)
    return edges, math.floor(days / step + 1e-9)


def _require_few(n: int) -> None:
    if n > MAX_INTERVALS:
        raise ValueError(
            f"Time must be cut into at most {MAX_INTERVALS} intervals. Got {n}: is a time far from all the others?"
        )


def period_of(t: FloatArray) -> tuple[float, float]:
    """The whole days from the first to the last time."""
    if not len(t):
        return 0.0, 1.0
    return math.floor(float(t.min())), math.floor(float(t.max())) + 1.0
