"""Alarm: is the newest count of a series higher than its own past lets one expect?

Here live the bound and the alarm. The regression behind them is in `_alarm_baseline`; where and when a cluster lies is
a question for `scan`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from lagesbild.stats._alarm_baseline import Baseline, design, fitted
from lagesbild.stats._arrays import ArrayLike, BoolArray, FloatArray, IntArray, require_positive, require_share
from lagesbild.stats._change_date import Series, series
from lagesbild.stats._result import Result
from lagesbild.stats.notes import Note

FEWEST_PERIODS = 8
FEWEST_EVENTS_PER_COLUMN = 10
# Less than two turns of the year, and season and trend cannot be told apart.
YEARS_NEEDED = 2.0


@dataclass(frozen=True, eq=False, kw_only=True)
class AlarmResult(Result):
    """The newest periods, oldest first: counts, what was to be expected, the bound, and whether it was passed."""

    method: ClassVar[str] = "alarm"
    version: ClassVar[str] = "1"

    observed: IntArray
    expected: FloatArray
    upper: FloatArray
    pvalue: FloatArray
    is_alarm: BoolArray
    baseline: FloatArray
    weight: FloatArray
    dispersion: float
    has_season: bool
    has_trend: bool
    n_baseline: int
    n_outbreaks: int
    false_alarms_expected: float


def alarm(
    counts: ArrayLike,
    exposure: ArrayLike | None = None,
    *,
    periods_per_year: float,
    false_alarm_rate: float = 0.01,
    n_current: int = 1,
    guard: int = 0,
    harmonics: int = 1,
    trend: bool = True,
    downweight: bool = True,
) -> AlarmResult:
    """Is the newest count higher than the past of the series lets one expect?

    Null hypothesis: the newest counts follow level, trend and season of the past.

    Parameters
    ----------
    counts : array of shape (n,), int >= 0
        Events of each period, in order of time, the newest last.
    exposure : array of shape (n,), float >= 0, optional
        How much was observed in each period, such as its days; 0 where nothing was. 1 when absent.
    periods_per_year : float > 0
        52.18 for weeks, 12 for months, 365.25 for days.
    false_alarm_rate : float in (0, 1)
        Most alarms to have in the long run when nothing is the matter, as a share of the periods looked at.
    n_current : int >= 1
        So many of the newest periods are judged, all by what came before the first of them.
    guard : int >= 0
        So many periods just before these are left out of the past, in case something has been going on already.
    harmonics : int >= 0
        Waves of the year in the season; 0 for none.
    trend : bool
        Let the level rise or fall steadily.
    downweight : bool
        Let earlier outbreaks count less, so that they do not raise the bound.

    Returns
    -------
    AlarmResult
        For the newest periods ``observed``, ``expected``, ``upper`` (the largest count that is no alarm), ``pvalue``
        (0, 1] and ``is_alarm``; for all periods ``baseline`` (expected events) and ``weight`` (how much each counted);
        ``dispersion`` (α, the variance being μ + α μ²), ``has_season``, ``has_trend``, ``n_baseline``, ``n_outbreaks``,
        ``false_alarms_expected``, ``notes``. NaN where there is no bound.

    Raises
    ------
    ValueError
        If a count is negative or not whole, or there are events where nothing was observed.

    Notes
    -----
    1. ln μ_t = level + trend + Σ waves of the year + ln exposure, counts negative binomial with variance μ + α μ². The
       idea is that of [1]_ and [2]_; the distribution of the next count is our own choice (4).
    2. α is where Σ w (x - μ)² / (μ + α μ²) equals Σ w less the number of columns, 0 at least.
    3. A count whose upper tail lies z > 2.58 out in standard normal terms has the weight (2.58 / z)² ([2]_ has this
       limit for its residuals), and the regression is made anew until nothing changes.
    4. p = P(X ≥ x), averaged over the normal distribution of ln μ with its standard error, so that a short past makes a
       high bound. Alarm when p ≤ `false_alarm_rate`. Simulated series that follow the model, 2-5 years of weeks or
       months with 5-100 events, have 0.7 to 1.1 times as many false alarms as stated; few events make fewer.
    5. Season and trend need two years of past; without them they are left out, with a note.
    6. Fewer than ten events for each column of the regression: the level is taken as constant and Poisson, and p is the
       binomial tail given past and newest events together, with a note. Fewer than eight known periods: no bound.

    Periods that hang together (a gang at work for weeks) give false alarms in clusters; a note says so when neighbours
    are alike. Reports that come in late make the newest count too low. Cost: tens of small regressions, a few
    milliseconds; O(n) memory.

    References
    ----------
    .. [1] Farrington, C. P., Andrews, N. J., Beale, A. D. and Catchpole, M. A. (1996). A statistical algorithm for the
       early detection of outbreaks of infectious disease. Journal of the Royal Statistical Society A 159.
    .. [2] Noufaily, A., Enki, D. G., Farrington, P., Garthwaite, P., Andrews, N. and Charlett, A. (2013). An improved
       algorithm for outbreak detection in multiple surveillance systems. Statistics in Medicine 32.
    """
    found = series(counts, exposure, min_length=1)
    require_positive("periods_per_year", periods_per_year, unit="periods")
    require_share("false_alarm_rate", false_alarm_rate)
    for name, value, least in (("n_current", n_current, 1), ("guard", guard, 0), ("harmonics", harmonics, 0)):
        if value < least:
            raise ValueError(f"`{name}` must be {least} or more. Got {value}.")
    first = max(len(found) - n_current, 0)
    past = found.known() & (np.arange(len(found)) < first - guard)
    n_past = int(past.sum())
    years = (int(np.flatnonzero(past)[-1]) - int(np.flatnonzero(past)[0]) + 1) / periods_per_year if n_past else 0.0
    has_season, has_trend = harmonics > 0 and years >= YEARS_NEEDED, trend and years >= YEARS_NEEDED
    columns = design(
        len(found),
        first,
        per_year=periods_per_year,
        harmonics=harmonics if has_season else 0,
        trend=has_trend,
    )
    enough = found.counts[past].sum() >= FEWEST_EVENTS_PER_COLUMN * columns.shape[1]
    model = None
    if n_past >= max(FEWEST_PERIODS, columns.shape[1] + 3) and enough:
        model = fitted(found.counts, np.maximum(found.exposure, 0.0), columns, past, downweight=downweight)
    notes = _notes(n_past, model, season=harmonics > 0 and not has_season, enough=bool(enough))
    judged = [_judged(found, model, past, at, false_alarm_rate) for at in range(first, len(found))]
    expected, upper, pvalue = (np.array([each[k] for each in judged], dtype=np.float64) for k in range(3))
    weight = np.zeros(len(found))
    weight[past] = 1.0 if model is None else model.weight
    return AlarmResult(
        observed=found.counts[first:].astype(np.int64),
        expected=expected,
        upper=upper,
        pvalue=pvalue,
        is_alarm=np.asarray((pvalue <= false_alarm_rate) & ~np.isnan(upper)),
        baseline=_line(found, model, past),
        weight=weight,
        dispersion=0.0 if model is None else model.alpha,
        has_season=has_season and model is not None,
        has_trend=has_trend and model is not None,
        n_baseline=n_past,
        n_outbreaks=int(np.count_nonzero(weight[past] < 1)),
        false_alarms_expected=float(np.count_nonzero(~np.isnan(upper))) * false_alarm_rate,
        parameters={
            "periods_per_year": float(periods_per_year),
            "false_alarm_rate": float(false_alarm_rate),
            "n_current": n_current,
            "guard": guard,
            "harmonics": harmonics,
            "trend": trend,
            "downweight": downweight,
        },
        notes=notes,
    )


def _judged(found: Series, model: Baseline | None, past: BoolArray, at: int, rate: float) -> tuple[float, float, float]:
    """Expected events, bound and p of one period."""
    if found.exposure[at] == 0 or int(past.sum()) < FEWEST_PERIODS:
        return math.nan, math.nan, 1.0
    expected = float(_line(found, model, past)[at])

    def chance(counts: FloatArray) -> FloatArray:
        return _binomial_tail(found, past, counts, at) if model is None else model.tail(counts, at)

    return expected, _bound(chance, expected, rate), float(chance(found.counts[at : at + 1])[0])


def _line(found: Series, model: Baseline | None, past: BoolArray) -> FloatArray:
    """Expected events of all periods; NaN where nothing was observed or too little is known."""
    if int(past.sum()) < FEWEST_PERIODS:
        return np.full(len(found), np.nan)
    level = found.counts[past].sum() / found.exposure[past].sum() * found.exposure if model is None else model.mean
    return np.where(found.known(), level, np.nan)


def _binomial_tail(found: Series, past: BoolArray, counts: FloatArray, at: int) -> FloatArray:
    """P of at least so many of all events falling in the newest period (Notes, 6)."""
    from scipy.special import betainc

    before, observed = float(found.counts[past].sum()), float(found.exposure[past].sum())
    share = found.exposure[at] / (observed + found.exposure[at])
    return np.where(counts > 0, betainc(np.maximum(counts, 1.0), before + 1, share), 1.0)


def _bound(chance: Callable[[FloatArray], FloatArray], expected: float, rate: float) -> float:
    """The largest count whose p is above the rate, by doubling and bisection."""
    low, high = 0, max(8, int(2 * expected) + 8)
    while float(chance(np.array([float(high)]))[0]) > rate:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        if float(chance(np.array([float(middle)]))[0]) > rate:
            low = middle
        else:
            high = middle
    return float(low)


def _notes(n_past: int, model: Baseline | None, *, season: bool, enough: bool) -> tuple[Note, ...]:
    if n_past < FEWEST_PERIODS:
        return (Note("alarm.too_short", {"n": n_past, "needed": FEWEST_PERIODS}),)
    notes = [Note("alarm.no_season")] if season else []
    if model is None:
        notes.append(Note("alarm.no_fit") if enough else Note("alarm.few_events"))
    elif model.autocorrelation > 2 / math.sqrt(n_past):
        notes.append(Note("alarm.autocorrelated", {"r": round(model.autocorrelation, 2)}))
    return tuple(notes)
