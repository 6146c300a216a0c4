"""Seasonal profile: which months of the year hold more events than an average month?

Here live the profile and the count of observed days. Hours and weekdays are in `aoristic`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import numpy as np

from lagesbild.stats._arrays import ArrayLike, FloatArray, IntArray, as_counts, as_vector, require_share
from lagesbild.stats._exact import poisson_limits
from lagesbild.stats._result import Result
from lagesbild.stats.notes import Note

N_MONTHS = 12
# Fewer events than one per month say nothing about months.
FEW_EVENTS = 12


@dataclass(frozen=True, kw_only=True)
class MonthIndex:
    """One calendar month: 1.0 is an average month. None where nothing was observed."""

    month: int
    count: int | None
    exposure_days: float
    per_day: float | None
    index: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, eq=False, kw_only=True)
class SeasonResult(Result):
    """Twelve months from January."""

    method: ClassVar[str] = "seasonal_profile"
    version: ClassVar[str] = "1"

    months: tuple[MonthIndex, ...]
    n_events: int
    average_per_day: float | None


def observed_days(start: date | np.datetime64, end: date | np.datetime64) -> FloatArray:
    """Days per calendar month in the half-open period from `start` to `end` (local dates). Shape (12,)."""
    first, after = np.array([start, end], dtype="datetime64[D]")
    if not first <= after:
        raise ValueError(f"`end` must not come before `start`. Got {start} and {end}.")
    days = np.arange(first, after, dtype="datetime64[D]")
    months = days.astype("datetime64[M]").astype(np.int64) % N_MONTHS
    return np.asarray(np.bincount(months, minlength=N_MONTHS), dtype=np.float64)


def seasonal_profile(months: ArrayLike, *, exposure_days: ArrayLike, conf: float = 0.95) -> SeasonResult:
    """Which months hold more events than an average month, counted per day observed?

    Parameters
    ----------
    months : array of shape (n,), int from 1 to 12
        Calendar month of each event, local date.
    exposure_days : array of shape (12,), float >= 0
        Days observed in each calendar month over the whole period; 0 for months without data. `observed_days` counts
        them.
    conf : float in (0, 1)
        Level of the intervals.

    Returns
    -------
    SeasonResult
        ``months``: twelve `MonthIndex` with ``count``, ``index``, ``low``, ``high``; ``n_events``,
        ``average_per_day``, ``notes``.

    Raises
    ------
    ValueError
        If a month is not 1 to 12, or an event lies in a month without observed days.

    Notes
    -----
    1. index = (events / days observed in the month) / (mean of that over the observed months). Every month
       weighs the same in the average, so a summer observed twice does not raise it.
    2. A month that was not observed is None, never 0.
    3. The limits are those of the month's count (Garwood 1936, [1]_); the average is taken as known, which makes them a
       little too wide. Twelve intervals are looked at: some will leave out 1 by chance.
    4. Several years are added up. A trend through the years leaks into the index when years are not whole.

    References
    ----------
    .. [1] Garwood, F. (1936). Fiducial limits for the Poisson distribution. Biometrika 28(3-4), 437-442.
       doi:10.1093/biomet/28.3-4.437.
    """
    given = as_counts("months", months)
    if given.ndim != 1:
        raise ValueError(f"`months` must have one dimension. Got {given.ndim}.")
    if len(given) and not (int(given.min()) >= 1 and int(given.max()) <= N_MONTHS):
        raise ValueError(f"`months` must be from 1 to 12. Got {given.min()} to {given.max()}.")
    counts = np.bincount(given - 1, minlength=N_MONTHS) if len(given) else np.zeros(N_MONTHS, dtype=np.int64)
    return seasonal_profile_of_counts(counts, exposure_days=exposure_days, conf=conf)


def seasonal_profile_of_counts(counts: ArrayLike, *, exposure_days: ArrayLike, conf: float = 0.95) -> SeasonResult:
    """The same as `seasonal_profile`, for events already counted per calendar month, shape (12,)."""
    count, days = as_counts("counts", counts), as_vector("exposure_days", exposure_days)
    if count.shape != (N_MONTHS,) or days.shape != (N_MONTHS,):
        raise ValueError(f"`counts` and `exposure_days` must have 12 values. Got {count.shape} and {days.shape}.")
    if float(days.min()) < 0 or bool(np.any((days == 0) & (count > 0))):
        raise ValueError("`exposure_days` must be positive in every month with events.")
    require_share("conf", conf)
    seen = days > 0
    per_day = count[seen] / days[seen]
    average = float(per_day.mean()) if bool(seen.any()) else None
    return SeasonResult(
        months=_months(count, days, average or None, conf=conf),
        n_events=int(count.sum()),
        average_per_day=average,
        parameters={"conf": float(conf)},
        notes=_notes(int(count.sum()), int(seen.sum())),
    )


def _months(count: IntArray, days: FloatArray, average: float | None, *, conf: float) -> tuple[MonthIndex, ...]:
    low, high = poisson_limits(count, conf=conf)

    def index(value: np.float64 | np.int64, exposure: float) -> float | None:
        return float(value) / exposure / average if exposure and average else None

    return tuple(
        MonthIndex(
            month=at + 1,
            count=int(count[at]) if exposure else None,
            exposure_days=exposure,
            per_day=int(count[at]) / exposure if exposure else None,
            index=index(count[at], exposure),
            low=index(low[at], exposure),
            high=index(high[at], exposure),
        )
        for at, exposure in enumerate(days.tolist())
    )


def _notes(n_events: int, n_months: int) -> tuple[Note, ...]:
    notes = []
    if n_months < N_MONTHS:
        notes.append(Note("season.partial_year", {"n": n_months}))
    if n_events == 0:
        notes.append(Note("season.no_events"))
    elif n_events < FEW_EVENTS:
        notes.append(Note("season.few_events", {"n": n_events}))
    return tuple(notes)
