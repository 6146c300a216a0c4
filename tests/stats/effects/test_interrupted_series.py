"""Interrupted time series: jump, bend, season, likeness of neighbours, a series to compare with."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest
import statsmodels.api as sm
from scipy import stats as scipy_stats
from scipy.stats import binomtest
from statsmodels.stats.diagnostic import acorr_ljungbox
from statsmodels.stats.stattools import durbin_watson

from lagesbild.stats import InterruptedSeriesResult, interrupted_series
from lagesbild.stats.effects._regression import _Alike, _autoregressive

pytestmark = pytest.mark.one_database

Floats = npt.NDArray[np.float64]
T = np.arange(60)
COURSE = np.exp(2.6 + 0.004 * T + 0.3 * np.sin(2 * np.pi * T / 12))
AFTER = T >= 36


def wandering(rng: np.random.Generator, *, rho: float, sd: float = 0.25, n: int = 60) -> Floats:
    steps = rng.normal(0, sd * math.sqrt(1 - rho**2), n)
    steps[0] = rng.normal(0, sd)
    for at in range(1, n):
        steps[at] += rho * steps[at - 1]
    return np.asarray(np.exp(steps))


def codes(result: InterruptedSeriesResult) -> set[str]:
    return {note.code for note in result.notes}


def held(found: list[InterruptedSeriesResult], truth: float) -> int:
    return sum((each.average.low or 0) <= truth <= (each.average.high or math.inf) for each in found if each.average)


def test_a_course_without_chance_gives_back_what_was_put_in() -> None:
    counts = np.round(1000 * np.exp(0.01 * T - 0.5 * AFTER + 0.02 * (T - 36) * AFTER))
    result = interrupted_series(counts, start=36, impact="level-and-slope")
    assert result.level is not None
    assert result.slope is not None
    assert result.trend is not None
    assert result.average is not None
    assert result.trend.ratio == pytest.approx(math.exp(0.01), rel=1e-4)
    assert result.level.ratio == pytest.approx(math.exp(-0.5), rel=1e-3)
    assert result.slope.ratio == pytest.approx(math.exp(0.02), rel=1e-4)
    assert result.average.ratio == pytest.approx(math.exp(-0.5 + 0.02 * 11.5), rel=1e-3)
    np.testing.assert_allclose(result.fitted, counts, rtol=2e-3)
    np.testing.assert_allclose(result.counterfactual, 1000 * np.exp(0.01 * T), rtol=2e-3)
    assert result.prevented == pytest.approx((1000 * np.exp(0.01 * T) - counts)[AFTER].sum(), rel=1e-2)


@pytest.mark.parametrize("errors", ["quasi-poisson", "newey-west"])
def test_the_numbers_are_those_of_statsmodels(errors: str) -> None:
    rng = np.random.default_rng(3)
    days = rng.integers(28, 32, 60)
    counts = rng.poisson(COURSE * days / 30 * wandering(rng, rho=0.5) * np.where(AFTER, 0.8, 1))
    month = T % 12
    result = interrupted_series(
        counts,
        start=36,
        impact="level-and-slope",
        exposure=days,
        season=month,
        errors=errors,
        lags=4,  # type: ignore[arg-type]
    )
    columns = [np.ones(60), T, AFTER, (T - 36) * AFTER] + [month == each for each in range(1, 12)]
    model = sm.GLM(counts, np.column_stack(columns).astype(float), family=sm.families.Poisson(), exposure=days)
    options = {"scale": "X2"}
    if errors == "newey-west":
        options = {"cov_type": "HAC", "cov_kwds": {"maxlags": 4, "use_correction": True}}  # type: ignore[dict-item]
    fit = model.fit(**options)
    assert result.level is not None
    assert result.slope is not None
    for ours, at in ((result.level, 2), (result.slope, 3)):
        reach = scipy_stats.t.ppf(0.975, 45) * fit.bse[at]
        assert ours.ratio == pytest.approx(math.exp(fit.params[at]), rel=1e-6)
        assert ours.high == pytest.approx(math.exp(fit.params[at] + reach), rel=1e-5)
    residuals = model.fit().resid_pearson
    assert result.dispersion == pytest.approx((residuals**2).sum() / 45)
    assert result.durbin_watson == pytest.approx(durbin_watson(residuals))
    # Pearson residuals add up to nearly nothing; statsmodels takes their mean away first.
    expected = acorr_ljungbox(residuals, lags=[10])["lb_pvalue"].iloc[0]
    assert result.ljung_box_p == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("errors", ["quasi-poisson", "autoregressive"])
def test_a_series_smoother_than_chance_is_not_trusted_more_than_chance_allows(errors: str) -> None:
    counts = np.round(20 * np.exp(0.01 * T))
    result = interrupted_series(counts, start=36, errors=errors)  # type: ignore[arg-type]
    design = np.column_stack([np.ones(60), T, AFTER]).astype(float)
    fit = sm.GLM(counts, design, family=sm.families.Poisson()).fit()
    assert (result.dispersion or 1) < 0.1
    assert result.level is not None
    assert result.level.high is not None
    reach = scipy_stats.t.ppf(0.975, 57) * fit.bse[2]
    assert result.level.high == pytest.approx(math.exp(fit.params[2] + reach), rel=1e-6)


def test_harmonics_stand_for_the_season() -> None:
    rng = np.random.default_rng(4)
    counts = rng.poisson(40 * np.exp(0.5 * np.sin(2 * np.pi * T / 12)))
    plain = interrupted_series(counts, start=33)
    waves = interrupted_series(counts, start=33, season_length=12)
    assert (plain.dispersion or 0) > 3
    assert (waves.dispersion or 9) < 1.6
    assert "interrupted_series.no_season" in codes(plain)
    assert "interrupted_series.no_season" not in codes(waves)
    angle = 2 * np.pi * T / 12
    design = np.column_stack([np.ones(60), T, T >= 33, *(f(k * angle) for k in (1, 2) for f in (np.sin, np.cos))])
    fit = sm.GLM(counts, design, family=sm.families.Poisson()).fit()
    assert waves.level is not None
    assert waves.level.ratio == pytest.approx(math.exp(fit.params[2]), rel=1e-6)


def test_a_control_takes_away_what_happens_to_both() -> None:
    rng = np.random.default_rng(5)
    found = []
    for _ in range(100):
        shared = COURSE * np.exp(rng.normal(0, 0.4, 60)) * np.where(AFTER, 0.5, 1)
        ours, others = rng.poisson(shared * np.where(AFTER, 0.7, 1)), rng.poisson(3 * shared)
        found.append(interrupted_series(ours, start=36, control=others))
    assert binomtest(held(found, 0.7), len(found), 0.95).pvalue > 0.001
    alone = interrupted_series(ours, start=36)
    assert alone.average is not None
    assert alone.average.ratio < 0.55
    assert "interrupted_series.no_control" in codes(alone)
    assert not codes(found[-1])


def test_the_share_beside_a_control_is_a_logistic_regression() -> None:
    rng = np.random.default_rng(6)
    ours, others = rng.poisson(COURSE), rng.poisson(2 * COURSE)
    result = interrupted_series(ours, start=36, control=others, errors="quasi-poisson")
    design = np.column_stack([np.ones(60), T, AFTER]).astype(float)
    fit = sm.GLM(np.column_stack([ours, others]), design, family=sm.families.Binomial()).fit()
    n, share = ours + others, fit.fittedvalues
    spread = ((ours - n * share) ** 2 / (n * share * (1 - share))).sum() / 57
    assert result.dispersion == pytest.approx(spread)
    assert result.level is not None
    reach = scipy_stats.t.ppf(0.975, 57) * fit.bse[2] * math.sqrt(max(spread, 1))
    assert result.level.low == pytest.approx(math.exp(fit.params[2] - reach), rel=1e-6)
    assert result.fitted.sum() == pytest.approx(ours.sum())


def test_the_matrix_that_is_never_made_is_the_right_one() -> None:
    columns = np.random.default_rng(7).normal(size=(30, 3))
    apart = np.abs(np.arange(30)[:, None] - np.arange(30))
    matrix = np.where(apart == 0, 1.0, 0.6 * 0.8**apart)
    alike = _Alike(0.6, 0.8)
    np.testing.assert_allclose(alike.times(columns), matrix @ columns)
    assert alike.within(columns) == pytest.approx(np.trace(columns.T @ matrix @ columns))
    assert alike.sum_of_squares(30) == pytest.approx((matrix**2).sum())


def test_likeness_and_size_of_errors_are_found_through_the_residuals() -> None:
    rng = np.random.default_rng(8)
    n, share, rho, size = 60, 0.75, 0.6, 4.0
    apart = np.abs(np.arange(n)[:, None] - np.arange(n))
    root = np.linalg.cholesky(np.where(apart == 0, 1.0, share * rho**apart) * size)
    design = np.column_stack([np.ones(n), np.arange(n) - 30, np.arange(n) >= 36]).astype(float)
    naive = np.linalg.inv(design.T @ design)
    maker = np.eye(n) - design @ naive @ design.T
    true = naive @ design.T @ root @ root.T @ design @ naive
    found = [_autoregressive(design, maker @ root @ rng.normal(size=n), naive) for _ in range(120)]
    variances = np.array([covariance[2, 2] for covariance, _ in found])
    assert np.median(variances) == pytest.approx(true[2, 2], rel=0.3)
    assert all(5 < df < 58 for _, df in found)


@pytest.mark.parametrize(("rho", "least"), [(0.0, 0.93), (0.4, 0.91)])
def test_intervals_hold_the_truth_also_when_neighbours_are_alike(rho: float, least: float) -> None:
    rng = np.random.default_rng(9)
    found = [
        interrupted_series(
            rng.poisson(COURSE * wandering(rng, rho=rho) * np.where(AFTER, 0.7, 1)), start=36, season_length=12
        )
        for _ in range(120)
    ]
    assert binomtest(held(found, 0.7), 120, least, alternative="less").pvalue > 0.01


def test_errors_of_independent_periods_are_too_narrow_then_and_say_so() -> None:
    rng = np.random.default_rng(10)
    found = [
        interrupted_series(
            rng.poisson(4 * COURSE * wandering(rng, rho=0.7)), start=36, season_length=12, errors="quasi-poisson"
        )
        for _ in range(60)
    ]
    assert held(found, 1.0) < 0.85 * 60
    assert np.mean(["interrupted_series.autocorrelated" in codes(each) for each in found]) > 0.5


def test_without_effect_p_is_below_five_per_cent_as_often_as_it_says() -> None:
    rng = np.random.default_rng(11)
    found = [
        interrupted_series(rng.poisson(COURSE * wandering(rng, rho=0, sd=0.2)), start=36, season_length=12)
        for _ in range(120)
    ]
    below = sum(each.level is not None and each.level.pvalue < 0.05 for each in found)
    assert binomtest(below, 120, 0.05).pvalue > 0.001


def test_a_jump_planted_is_found_and_negative_binomial_errors_agree() -> None:
    counts = np.random.default_rng(12).poisson(3 * COURSE * np.where(AFTER, 0.6, 1))
    for errors in ("autoregressive", "negative-binomial"):
        result = interrupted_series(counts, start=36, season_length=12, errors=errors)  # type: ignore[arg-type]
        assert result.verdict.code == "effect.fell"
        assert result.level is not None
        assert result.level.ratio == pytest.approx(0.6, abs=0.12)


def test_periods_of_coming_into_place_and_those_not_observed_do_not_count() -> None:
    counts = np.random.default_rng(13).poisson(2 * COURSE)
    spoilt = counts.copy()
    spoilt[36:39], spoilt[5] = 9999, 9999
    exposure = np.where(T == 5, 0.0, 30.0)
    one = interrupted_series(counts, start=36, phase_in=3, exposure=exposure)
    other = interrupted_series(spoilt, start=36, phase_in=3, exposure=exposure)
    assert one.average is not None
    assert other.average is not None
    assert one.average.ratio == pytest.approx(other.average.ratio)
    assert (one.n_before, one.n_after) == (35, 21)
    assert np.isnan(one.fitted[[5, 36, 37, 38]]).all()
    assert np.isfinite(one.fitted).sum() == 56


def test_the_unit_of_exposure_does_not_matter_and_input_is_untouched() -> None:
    counts = np.random.default_rng(14).poisson(COURSE)
    kept = counts.copy()
    one = interrupted_series(counts, start=36, exposure=np.full(60, 30.0))
    other = interrupted_series(counts, start=36)
    assert one.average is not None
    assert other.average is not None
    assert one.average.low == pytest.approx(other.average.low)
    np.testing.assert_array_equal(counts, kept)


@pytest.mark.parametrize(
    ("counts", "start"), [(np.zeros(20, dtype=int), 10), ([5, 6, 0, 0], 2), ([5, 4], 1), ([3, 4, 5, 3], 3)]
)
def test_too_little_to_fit_is_an_answer(counts: object, start: int) -> None:
    result = interrupted_series(counts, start=start, impact="level-and-slope")  # type: ignore[arg-type]
    assert (result.average, result.verdict.code) == (None, "effect.unknown")
    assert codes(result) == {"interrupted_series.not_fitted"}
    assert result.to_dict()["fitted"] == [None] * len(np.asarray(counts))


def test_what_cannot_be_understood_is_refused() -> None:
    with pytest.raises(ValueError, match="`start` must leave periods"):
        interrupted_series([1, 2, 3], start=3)
    with pytest.raises(ValueError, match="`impact` must be one of level"):
        interrupted_series([1, 2, 3], start=1, impact="jump")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="Give `season` or `season_length`"):
        interrupted_series([1, 2, 3], start=1, season=[1, 2, 3], season_length=12)
    with pytest.raises(ValueError, match="`n_harmonics` must be 1 or more"):
        interrupted_series([1, 2, 3], start=1, season_length=12, n_harmonics=6)
    with pytest.raises(ValueError, match="must not be negative-binomial when there is a control"):
        interrupted_series([1, 2, 3], start=1, control=[1, 2, 3], errors="negative-binomial")
    with pytest.raises(ValueError, match="`control` must have one count for each"):
        interrupted_series([1, 2, 3], start=1, control=[1, 2])
