"""Interrupted time series: did a series leave its course when the measure came?

Here lives segmented regression of one series of counts, with trend, season and perhaps a series to compare with.
When a series changed by itself is asked by other methods; this one is told when the measure came.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from lagesbild.stats._arrays import (
    ArrayLike,
    BoolArray,
    FloatArray,
    as_counts,
    require_positive,
    require_share,
)
from lagesbild.stats._result import Result
from lagesbild.stats.effects._regression import (
    ERRORS,
    Fit,
    NotFitted,
    default_lags,
    durbin_watson,
    fit_counts,
    fit_shares,
    ljung_box_p,
)
from lagesbild.stats.effects._verdict import number, verdict_of
from lagesbild.stats.notes import Note

Impact = Literal["level", "slope", "level-and-slope"]
Errors = Literal["quasi-poisson", "autoregressive", "newey-west", "negative-binomial"]
IMPACTS: Sequence[str] = ("level", "slope", "level-and-slope")
FEW_PERIODS, FEW_EVENTS, MOST_LAGS = 12, 10, 10


@dataclass(frozen=True, kw_only=True)
class RatioEstimate:
    """A ratio with its limits and p."""

    ratio: float
    low: float | None
    high: float | None
    pvalue: float


@dataclass(frozen=True, eq=False, kw_only=True)
class InterruptedSeriesResult(Result):
    """Estimates are None when the model cannot be fitted; `fitted` and `counterfactual` have NaN where left out."""

    method: ClassVar[str] = "interrupted_series"
    version: ClassVar[str] = "1"

    average: RatioEstimate | None
    level: RatioEstimate | None
    slope: RatioEstimate | None
    verdict: Note
    trend: RatioEstimate | None
    fitted: FloatArray
    counterfactual: FloatArray
    prevented: float | None
    dispersion: float | None
    durbin_watson: float | None
    ljung_box_p: float | None
    n_before: int
    n_after: int


def interrupted_series(
    counts: ArrayLike,
    *,
    start: int,
    impact: Impact = "level",
    phase_in: int = 0,
    exposure: ArrayLike = 1.0,
    season: ArrayLike | None = None,
    season_length: float | None = None,
    n_harmonics: int = 2,
    control: ArrayLike | None = None,
    errors: Errors = "autoregressive",
    lags: int | None = None,
    conf: float = 0.95,
) -> InterruptedSeriesResult:
    """Did a series leave its course when the measure came?

    Null hypothesis of each p: the ratio is 1; the series went on as its trend and season before said.

    Parameters
    ----------
    counts : array of shape (T,), int >= 0
        Events in each period, in the order of time, without gaps.
    start : int
        The first period with the measure (counted from 0).
    impact : {"level", "slope", "level-and-slope"}
        A jump, a bend, or both. Decide from what the measure should do, before seeing the series.
    phase_in : int >= 0
        Periods from `start` on that are left out, while the measure comes into place.
    exposure : array of shape (T,) or one number, float >= 0
        Days, or inhabitants, in each period. A period with 0 was not observed and is left out.
    season : array of shape (T,), int or text, optional
        Kind of each period, such as its month; each has a level of its own.
    season_length : float > 1, optional
        Periods in a year (12 months, 52.18 weeks): season as `n_harmonics` sine waves instead. Not with `season`.
    n_harmonics : int >= 1
        Number of waves.
    control : array of shape (T,), int >= 0, optional
        A series that the measure did not touch, in the same periods. The ratio is then that of the two series.
    errors : {"autoregressive", "quasi-poisson", "newey-west", "negative-binomial"}
        "autoregressive": counts vary by chance round a level that wanders, so that periods near each other are alike.
        "newey-west": alike in any way, for long series. The others take periods as independent, as in `before_after`.
    lags : int >= 0, optional
        For "newey-west": how far back periods may be alike. Default: 4 (T / 100)^(2/9), rounded down.
    conf : float in (0, 1)
        Level of the intervals.

    Returns
    -------
    InterruptedSeriesResult
        ``average``: ratio to what was to be expected, on average over the periods after; ``level``: the jump at the
        start; ``slope``: by how much each period's growth changed; ``trend``: growth by period before. Each has
        ``ratio``, ``low``, ``high``, ``pvalue``. ``fitted`` and ``counterfactual`` events (T,), ``prevented`` events;
        ``dispersion``, ``durbin_watson``, ``ljung_box_p``; ``verdict`` on the average; ``notes``.

    Raises
    ------
    ValueError
        If lengths differ, counts or exposures are no such, or an option is unknown.

    Notes
    -----
    1. log μ_t = b0 + b1 t + b2 X_t + b3 (t - t0) X_t + season + log(exposure); X_t is 1 from t0, the first period after
       the coming into place; b2 or b3 is left out as `impact` says ([1]_).
    2. With a control, events of both are taken together, and the share of the first series is put in a logistic
       regression with the same terms (those of season too). What happens to both alike, trend and season included,
       falls out. The ratios are ratios of ratios; there are no negative-binomial errors.
    3. ``average`` is the geometric mean of the ratio over the periods after: exp(b2 + b3 x mean of t - t0).
    4. Limits by Student's t with T minus the number of terms; fewer for "autoregressive". That is the model of [4]_: of
       the dispersion φ, 1 is chance and the rest is alike by ρ^k in periods k apart; φ and ρ are those with which
       residuals as large and as alike as these are to be expected, so that the terms fitted are allowed for.
    5. Coverage of 95 % intervals in simulations (jump, two harmonics; 36, 60 and 156 months of 12 to 22 events): 96, 98
       and 94 % with ρ = 0; 94, 94 and 95 % with ρ = 0.4; 88, 90 and 91 % with ρ = 0.7. Newey-West ([3]_, Bartlett
       weights, times T / (T - terms)) had 82, 86 and 91 % with ρ = 0.4, independent errors 90, 90 and 86 %.
    6. ``ljung_box_p`` ([2]_) tests Pearson residuals up to min(10, T / 5) lags; a small p means that errors of
       independent periods are too narrow.

    Cost: O(T p²) for p terms, times some dozens with the negative binomial.

    References
    ----------
    .. [1] Lopez Bernal, J., Cummins, S. and Gasparrini, A. (2017). Interrupted time series regression for the
       evaluation of public health interventions: a tutorial. International Journal of Epidemiology 46(1), 348-355.
       doi:10.1093/ije/dyw098.
    .. [2] Ljung, G. M. and Box, G. E. P. (1978). On a measure of lack of fit in time series models. Biometrika.
    .. [3] Newey, W. K. and West, K. D. (1987). A simple, positive semi-definite, heteroskedasticity and
       autocorrelation consistent covariance matrix. Econometrica.
    .. [4] Zeger, S. L. (1988). A regression model for time series of counts. Biometrika.
    """
    series = _Series.of(counts, start=start, phase_in=phase_in, exposure=exposure, control=control)
    _check(impact, errors, control=control is not None, conf=conf)
    terms = _Terms.of(series, impact, season, season_length, n_harmonics)
    reach = default_lags(len(series.counts)) if lags is None else lags
    if reach < 0:
        raise ValueError(f"`lags` must be zero or more. Got {lags}.")
    parameters: dict[str, object] = {
        **{"start": start, "impact": impact, "phase_in": phase_in, "errors": errors, "conf": float(conf)},
        **{"season": season is not None, "season_length": season_length, "n_harmonics": n_harmonics},
        **{"control": control is not None, "lags": reach},
    }
    try:
        fit = _fitted(series, terms, errors=errors, lags=reach)
        return _result(series, terms, fit, conf=conf, parameters=parameters)
    except NotFitted:
        nothing = np.full(len(series.counts), np.nan)
        return InterruptedSeriesResult(
            average=None,
            level=None,
            slope=None,
            trend=None,
            prevented=None,
            dispersion=None,
            durbin_watson=None,
            ljung_box_p=None,
            verdict=Note("effect.unknown"),
            fitted=nothing,
            counterfactual=nothing,
            n_before=series.n_before,
            n_after=series.n_after,
            parameters=parameters,
            notes=(Note("interrupted_series.not_fitted"),),
        )


def _check(impact: str, errors: str, *, control: bool, conf: float) -> None:
    require_share("conf", conf)
    if impact not in IMPACTS:
        raise ValueError(f"`impact` must be one of {', '.join(IMPACTS)}. Got {impact!r}.")
    if errors not in ERRORS:
        raise ValueError(f"`errors` must be one of {', '.join(ERRORS)}. Got {errors!r}.")
    if control and errors == "negative-binomial":
        raise ValueError("`errors` must not be negative-binomial when there is a control.")


@dataclass(frozen=True, eq=False)
class _Series:
    """Counts, and which periods take part."""

    counts: FloatArray
    control: FloatArray | None
    exposure: FloatArray
    kept: BoolArray
    first_after: int

    @classmethod
    def of(
        cls, counts: ArrayLike, *, start: int, phase_in: int, exposure: ArrayLike, control: ArrayLike | None
    ) -> _Series:
        events = as_counts("counts", counts).astype(np.float64)
        if events.ndim != 1:
            raise ValueError(f"`counts` must have one dimension. Got {events.ndim}.")
        n = len(events)
        if not 0 < start < n:
            raise ValueError(f"`start` must leave periods before and after it, of {n}. Got {start}.")
        if not 0 <= phase_in < n - start:
            raise ValueError(f"`phase_in` must leave a period after it. Got {phase_in}.")
        spans = np.asarray(exposure, dtype=np.float64)
        if spans.shape not in ((), (n,)) or not bool(np.all(np.isfinite(spans) & (spans >= 0))):
            raise ValueError(f"`exposure` must be zero or more: one number, or one for each of the {n} periods.")
        spans = np.broadcast_to(spans, (n,)).astype(np.float64)
        others = None if control is None else as_counts("control", control).astype(np.float64)
        if others is not None and others.shape != events.shape:
            raise ValueError(f"`control` must have one count for each of the {n} periods. Got {others.shape}.")
        kept = spans > 0
        kept[start : start + phase_in] = False
        if others is not None:
            kept = kept & (events + others > 0)
        return cls(events, others, spans, kept, start + phase_in)

    @property
    def is_after(self) -> BoolArray:
        return np.arange(len(self.counts)) >= self.first_after

    @property
    def n_before(self) -> int:
        return int((self.kept & ~self.is_after).sum())

    @property
    def n_after(self) -> int:
        return int((self.kept & self.is_after).sum())


@dataclass(frozen=True, eq=False)
class _Terms:
    """The columns of the model for all periods, and where the effect stands among them."""

    design: FloatArray
    level: int | None
    slope: int | None
    since: FloatArray

    @classmethod
    def of(
        cls, series: _Series, impact: str, season: ArrayLike | None, season_length: float | None, n_harmonics: int
    ) -> _Terms:
        n = len(series.counts)
        t = np.arange(n, dtype=np.float64)
        after = t >= series.first_after
        since = np.where(after, t - series.first_after, 0.0)
        columns = [np.ones(n), t - t.mean()]
        if impact != "slope":
            columns.append(after.astype(np.float64))
        if impact != "level":
            columns.append(since)
        slope = None if impact == "level" else len(columns) - 1
        columns += _season(t, series.kept, season, season_length, n_harmonics)
        return cls(np.column_stack(columns), None if impact == "slope" else 2, slope, since)

    def effect(self, periods: FloatArray) -> FloatArray:
        """Weights of the coefficients (k, p) in the log ratio so many periods after the start."""
        weights = np.zeros((len(periods), self.design.shape[1]))
        if self.level is not None:
            weights[:, self.level] = 1.0
        if self.slope is not None:
            weights[:, self.slope] = periods
        return weights


def _season(
    t: FloatArray, kept: BoolArray, season: ArrayLike | None, season_length: float | None, n_harmonics: int
) -> list[FloatArray]:
    if season is not None and season_length is not None:
        raise ValueError("Give `season` or `season_length`, not both.")
    if season is not None:
        kinds = np.asarray(season)
        if kinds.shape != t.shape:
            raise ValueError(f"`season` must have one value for each of the {len(t)} periods. Got {kinds.shape}.")
        return [(kinds == each).astype(np.float64) for each in np.unique(kinds[kept])[1:]]
    if season_length is None:
        return []
    require_positive("season_length", season_length, unit="periods")
    if not 1 <= n_harmonics < season_length / 2:
        raise ValueError(f"`n_harmonics` must be 1 or more, and less than half of `season_length`. Got {n_harmonics}.")
    angles = [2 * math.pi * wave * t / season_length for wave in range(1, n_harmonics + 1)]
    return [turned for angle in angles for turned in (np.sin(angle), np.cos(angle))]


def _fitted(series: _Series, terms: _Terms, *, errors: str, lags: int) -> Fit:
    kept = series.kept
    y, design = series.counts[kept], terms.design[kept]
    is_after = series.is_after[kept]
    if not y[is_after].sum() or not y[~is_after].sum():
        raise NotFitted
    if series.control is not None:
        others = series.control[kept]
        if not others[is_after].sum() or not others[~is_after].sum():
            raise NotFitted
        return fit_shares(y, y + others, design, errors=errors, lags=lags)
    return fit_counts(y, design, offset=np.log(series.exposure[kept]), errors=errors, lags=lags)


def _result(
    series: _Series,
    terms: _Terms,
    fit: Fit,
    *,
    conf: float,
    parameters: dict[str, object],
) -> InterruptedSeriesResult:
    after = series.kept & series.is_after
    since = terms.since[after]

    def estimate(weights: FloatArray) -> RatioEstimate:
        ratio, low, high, pvalue = fit.contrast(weights, conf=conf)
        return RatioEstimate(ratio=ratio, low=number(low), high=number(high), pvalue=pvalue)

    unit = np.eye(terms.design.shape[1])
    average = estimate(terms.effect(np.array([since.mean()]))[0])
    fitted = np.full(len(series.kept), np.nan)
    whole = 1.0 if series.control is None else (series.counts + series.control)[series.kept]
    fitted[series.kept] = fit.fitted * whole
    ratios = np.ones(len(series.kept))
    ratios[after] = np.exp(terms.effect(since) @ fit.coefficients)
    counterfactual = fitted / ratios
    lags = min(MOST_LAGS, len(fit.residuals) // 5)
    correlated = ljung_box_p(fit.residuals, lags)
    return InterruptedSeriesResult(
        average=average,
        level=None if terms.level is None else estimate(unit[terms.level]),
        slope=None if terms.slope is None else estimate(unit[terms.slope]),
        verdict=verdict_of(average.ratio, average.low, average.high, conf=conf),
        trend=estimate(unit[1]),
        fitted=fitted,
        counterfactual=counterfactual,
        prevented=float(np.nansum((counterfactual - fitted)[after])),
        dispersion=fit.dispersion,
        durbin_watson=durbin_watson(fit.residuals),
        ljung_box_p=correlated,
        n_before=series.n_before,
        n_after=series.n_after,
        parameters=parameters,
        notes=_notes(series, correlated=correlated, parameters=parameters),
    )


def _notes(series: _Series, *, correlated: float | None, parameters: dict[str, object]) -> tuple[Note, ...]:
    notes = []
    if not parameters["control"]:
        notes.append(Note("interrupted_series.no_control"))
    fewest = min(series.n_before, series.n_after)
    if fewest < FEW_PERIODS:
        notes.append(Note("interrupted_series.few_periods", {"n": fewest}))
    sums = [int(series.counts[part & series.kept].sum()) for part in (~series.is_after, series.is_after)]
    if min(sums) < FEW_EVENTS:
        notes.append(Note("effect.few_events", {"n": min(sums)}))
    if correlated is not None and correlated < 0.05 and parameters["errors"] in ("quasi-poisson", "negative-binomial"):
        notes.append(Note("interrupted_series.autocorrelated", {"p": round(correlated, 3)}))
    if not parameters["season"] and parameters["season_length"] is None and not parameters["control"]:
        notes.append(Note("interrupted_series.no_season"))
    return tuple(notes)
