"""Before and after: did events come at another rate after than before, when counts vary more than by chance?

Here live the comparison of two periods of one place with unequal lengths and overdispersion, and its sentence. It knows
nothing of other places (`difference_in_differences`) and nothing of trend and season (`interrupted_series`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from lagesbild.stats._arrays import ArrayLike, FloatArray, as_counts, require_finite, require_share
from lagesbild.stats._result import Result
from lagesbild.stats.change import compare_counts
from lagesbild.stats.effects._regression import SMALLEST_P, NotFitted, fit_counts, safe_exp, serial_correlation
from lagesbild.stats.effects._verdict import number, verdict_of
from lagesbild.stats.notes import Note

Errors = Literal["exact", "quasi-poisson", "negative-binomial"]
ERRORS: Sequence[str] = ("exact", "quasi-poisson", "negative-binomial")
FEW_EVENTS, FEW_PERIODS = 10, 12


@dataclass(frozen=True, eq=False, kw_only=True)
class BeforeAfterResult(Result):
    """Ratio of the rate after to the rate before. None where it has no value or no limit."""

    method: ClassVar[str] = "before_after"
    version: ClassVar[str] = "1"

    ratio: float | None
    low: float | None
    high: float | None
    pvalue: float
    verdict: Note
    before: int
    after: int
    rate_before: float
    rate_after: float
    dispersion: float | None
    serial_correlation: float | None
    n_periods_before: int
    n_periods_after: int


def before_after(
    before: ArrayLike,
    after: ArrayLike,
    *,
    exposure_before: ArrayLike = 1.0,
    exposure_after: ArrayLike = 1.0,
    errors: Errors | None = None,
    conf: float = 0.95,
) -> BeforeAfterResult:
    """Did events come at another rate after than before?

    Null hypothesis: the same rate in all periods, before and after.

    Parameters
    ----------
    before, after : array of shape (n,) or one number, int >= 0
        Events in each period (week, month) before and after; or one sum for each.
    exposure_before, exposure_after : array of shape (n,) or one number, float > 0
        How much was observed in each period: days, or inhabitants times years. Same unit in both.
    errors : {"exact", "quasi-poisson", "negative-binomial"}, optional
        "exact": counts are Poisson. "quasi-poisson": the variance is proportional to the mean, by as much as the
        periods show, never below it. "negative-binomial": the variance also has a part that grows with the
        square of the mean. Default: quasi-poisson when there are three periods or more, exact otherwise.
    conf : float in (0, 1)
        Level of the interval.

    Returns
    -------
    BeforeAfterResult
        ``ratio``, ``low``, ``high``, two-sided ``pvalue`` (0, 1]; ``verdict``; sums and rates; ``dispersion`` (1: as
        Poisson counts; None when not estimated); ``serial_correlation`` of neighbouring periods; ``notes``.

    Raises
    ------
    ValueError
        If a count is negative or not whole, an exposure is not positive, or there are too few periods for `errors`.

    Notes
    -----
    1. The ratio is that of the rates, events by exposure. Quasi-Poisson: the variance of its logarithm is
       φ (1 / before + 1 / after), φ = Pearson's χ² / (n - 2), at least 1; Student's t with n - 2 degrees of freedom
       ([2]_). With periods of unequal exposure nothing changes but the expected counts.
    2. Negative binomial: regression with variance μ + α μ², α such that Pearson's χ² equals n - 2 ([1]_).
    3. Exact: as `compare_counts`. It is also used when all events lie on one side of the start, where the others
       have no interval.
    4. Periods are taken as independent. When neighbours are alike a note says so; take longer periods then.

    Cost: O(n) time and memory; with the negative binomial, some dozens of regressions.

    References
    ----------
    .. [1] Breslow, N. E. (1984). Extra-Poisson variation in log-linear models. Applied Statistics.
    .. [2] McCullagh, P. and Nelder, J. A. (1989). Generalized linear models, 2nd ed. Chapman and Hall.
    """
    require_share("conf", conf)
    counts = [np.atleast_1d(as_counts(name, each)) for name, each in (("before", before), ("after", after))]
    exposures = [
        _exposure(name, given, len(each))
        for name, given, each in (
            ("exposure_before", exposure_before, counts[0]),
            ("exposure_after", exposure_after, counts[1]),
        )
    ]
    if any(each.ndim != 1 or not len(each) for each in counts):
        raise ValueError("`before` and `after` must hold one count or more.")
    n = len(counts[0]) + len(counts[1])
    chosen = errors or ("quasi-poisson" if n > 2 else "exact")
    if chosen not in ERRORS:
        raise ValueError(f"`errors` must be one of {', '.join(ERRORS)}. Got {errors!r}.")
    if chosen != "exact" and n < 3:
        raise ValueError(f"`errors` must be exact with fewer than three periods. Got {chosen!r}.")
    sums, spans = [int(each.sum()) for each in counts], [float(each.sum()) for each in exposures]
    rates = [each / span for each, span in zip(sums, spans, strict=True)]
    residuals, dispersion = _spread(counts, exposures, rates) if n > 2 else (None, None)
    limits = None
    if chosen != "exact" and min(sums) > 0:
        limits = _approximate(counts, exposures, chosen, rates=rates, dispersion=dispersion or 1.0, conf=conf)
    if limits is None:
        exact = compare_counts(*sums, exposure_before=spans[0], exposure_after=spans[1], conf=conf)
        limits = exact.ratio, exact.low, exact.high, exact.pvalue
    correlation = None if residuals is None else serial_correlation(residuals)
    return BeforeAfterResult(
        ratio=limits[0],
        low=limits[1],
        high=limits[2],
        pvalue=limits[3],
        verdict=verdict_of(*limits[:3], conf=conf),
        before=sums[0],
        after=sums[1],
        rate_before=rates[0],
        rate_after=rates[1],
        dispersion=dispersion,
        serial_correlation=correlation,
        n_periods_before=len(counts[0]),
        n_periods_after=len(counts[1]),
        parameters={"errors": chosen, "conf": float(conf)},
        notes=_notes(sums, n=n, correlation=correlation),
    )


def _exposure(name: str, given: ArrayLike, n: int) -> FloatArray:
    exposure = np.asarray(given, dtype=np.float64)
    require_finite(name, exposure)
    if exposure.shape not in ((), (n,)):
        raise ValueError(f"`{name}` must be one number, or one for each period. Got the shape {exposure.shape}.")
    if bool(np.any(exposure <= 0)):
        raise ValueError(f"`{name}` must be a positive number of days or other exposure. Got {exposure.min():g}.")
    return np.broadcast_to(exposure, (n,)).astype(np.float64)


def _spread(
    counts: Sequence[ArrayLike], exposures: Sequence[FloatArray], rates: Sequence[float]
) -> tuple[FloatArray, float]:
    """Pearson residuals, and χ² by degree of freedom."""
    expected = np.concatenate([rate * each for rate, each in zip(rates, exposures, strict=True)])
    missed = np.concatenate([np.asarray(each, dtype=np.float64) for each in counts]) - expected
    residuals = missed / np.sqrt(np.where(expected > 0, expected, 1.0))
    return residuals, float((residuals**2).sum() / (len(residuals) - 2))


def _approximate(
    counts: Sequence[ArrayLike],
    exposures: Sequence[FloatArray],
    errors: str,
    *,
    rates: Sequence[float],
    dispersion: float,
    conf: float,
) -> tuple[float | None, float | None, float | None, float] | None:
    from scipy.stats import t as student

    y = np.concatenate([np.asarray(each, dtype=np.float64) for each in counts])
    is_after = np.arange(len(y)) >= len(exposures[0])
    if errors == "negative-binomial":
        design = np.column_stack([np.ones(len(y)), is_after])
        try:
            fit = fit_counts(y, design, offset=np.log(np.concatenate(exposures)), errors=errors, lags=0)
        except NotFitted:
            return None
        ratio, low, high, pvalue = fit.contrast(np.array([0.0, 1.0]), conf=conf)
        return ratio, number(low), number(high), pvalue
    df = len(y) - 2
    effect = math.log(rates[1] / rates[0])
    se = math.sqrt(max(dispersion, 1.0) * (1.0 / y[~is_after].sum() + 1.0 / y[is_after].sum()))
    reach = float(student.ppf((1.0 + conf) / 2.0, df)) * se
    pvalue = max(float(2 * student.sf(abs(effect) / se, df)), SMALLEST_P)
    return math.exp(effect), math.exp(effect - reach), number(safe_exp(effect + reach)), pvalue


def _notes(sums: Sequence[int], *, n: int, correlation: float | None) -> tuple[Note, ...]:
    notes = [Note("effect.no_comparison")]
    if min(sums) < FEW_EVENTS:
        notes.append(Note("effect.few_events", {"n": min(sums)}))
    if 2 < n < FEW_PERIODS:
        notes.append(Note("before_after.few_periods", {"n": n}))
    if correlation is not None and correlation * math.sqrt(n) > 2:
        notes.append(Note("before_after.autocorrelated", {"r": round(correlation, 2)}))
    return tuple(notes)
