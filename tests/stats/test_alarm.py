"""Alarm for a series: the bound, its rate of false alarms, and what it finds."""

from __future__ import annotations

import importlib

import numpy as np
import pytest
from scipy.stats import binom, nbinom, poisson

from lagesbild.stats import alarm
from lagesbild.stats._alarm_baseline import design, fitted, tail

pytestmark = pytest.mark.one_database


def world(
    rng: np.random.Generator, n: int, *, per_year: float, mean: float, phi: float, turn: float = 0.0
) -> np.ndarray:
    """Counts with a season and a trend of a tenth a year; at the usual level the variance is phi times the mean."""
    t = np.arange(n)
    level = mean * np.exp(0.4 * np.cos(2 * np.pi * t / per_year + turn) + 0.1 * t / per_year)
    shape = mean / (phi - 1) if phi > 1 else None
    return rng.poisson(level) if shape is None else rng.negative_binomial(shape, shape / (shape + level))


@pytest.mark.parametrize("phi", [1.0, 3.0])
def test_the_regression_is_that_of_statsmodels(phi: float) -> None:
    sm = importlib.import_module("statsmodels.api")
    counts = world(np.random.default_rng(2), 80, per_year=12, mean=15, phi=phi)
    exposure = np.tile([31.0, 28, 31, 30], 20)
    columns = design(80, 70, per_year=12, harmonics=2, trend=True)
    past = np.arange(80) < 70
    ours = fitted(counts.astype(float), exposure, columns, past, downweight=False)
    assert ours is not None
    family = sm.families.NegativeBinomial(alpha=ours.alpha) if ours.alpha > 1e-8 else sm.families.Poisson()
    theirs = sm.GLM(counts[:70], columns[:70], family=family, offset=np.log(exposure[:70])).fit(tol=1e-10, maxiter=200)
    at_end = theirs.get_prediction(columns[70:], offset=np.log(exposure[70:]), which="linear").summary_frame()
    assert ours.mean[:70].tolist() == pytest.approx(theirs.fittedvalues.tolist(), rel=1e-5)
    assert np.log(ours.mean[70:]).tolist() == pytest.approx(at_end.iloc[:, 0].tolist(), rel=1e-5)
    # GLM scales the errors of a negative binomial model by 1, as we do.
    assert ours.log_se[70:].tolist() == pytest.approx(at_end.iloc[:, 1].tolist(), rel=1e-4)
    assert theirs.pearson_chi2 == pytest.approx(70 - 6, rel=0.002)


def test_the_tail_is_that_of_the_distribution_and_holds_the_count_itself() -> None:
    ten = np.array([10.0])
    assert tail(ten, np.array([4.0]), 0)[0] == pytest.approx(1 - poisson.cdf(9, 4))
    # Variance 4 + 0.5 × 16 = 12.
    assert tail(ten, np.array([4.0]), 0.5)[0] == pytest.approx(1 - nbinom.cdf(9, 2, 1 / 3))


@pytest.mark.parametrize(
    ("per_year", "years", "mean", "phi"), [(52, 3, 8.0, 2.0), (12, 5, 30.0, 3.0), (52, 2, 20.0, 1.0)]
)
def test_false_alarms_are_no_more_than_stated(per_year: int, years: int, mean: float, phi: float) -> None:
    rng = np.random.default_rng(years)
    n_worlds, rate = 50, 0.05
    alarms = 0
    for _ in range(n_worlds):
        turn = 2 * np.pi * rng.random()
        counts = world(rng, per_year * years + 5, per_year=per_year, mean=mean, phi=phi, turn=turn)
        alarms += int(alarm(counts, periods_per_year=per_year, n_current=5, false_alarm_rate=rate).is_alarm.sum())
    # Five periods judged by one past are not quite independent, which the wide limit allows for.
    assert alarms <= binom.ppf(0.9999, 5 * n_worlds, rate)


def test_the_rate_of_a_constant_series_without_regression_is_that_of_the_binomial() -> None:
    rng = np.random.default_rng(3)
    n_worlds = 600
    alarms = 0
    for _ in range(n_worlds):
        alarms += bool(alarm(rng.poisson(0.5, 21), periods_per_year=52, false_alarm_rate=0.1).is_alarm[0])
    assert 0.01 * n_worlds < alarms <= binom.ppf(0.9995, n_worlds, 0.1)


def test_a_burst_twice_as_high_as_usual_is_found_in_the_season_it_comes_in() -> None:
    rng = np.random.default_rng(4)
    found = 0
    for _ in range(20):
        counts = world(rng, 52 * 4 + 1, per_year=52, mean=20, phi=1.5)
        counts[-1] = round(20 * np.exp(0.8) * 2)
        found += bool(alarm(counts, periods_per_year=52).is_alarm[0])
    assert found >= 18


def test_the_bound_follows_the_season() -> None:
    counts = world(np.random.default_rng(5), 52 * 5, per_year=52, mean=20, phi=1)
    winter = alarm(counts[: 52 * 4 + 1], periods_per_year=52)
    summer = alarm(counts[: 52 * 4 + 27], periods_per_year=52)
    assert winter.has_season
    assert winter.upper[0] > 1.5 * summer.upper[0]
    assert winter.expected[0] == pytest.approx(20 * np.exp(0.8), rel=0.15)


def test_the_bound_is_the_largest_count_that_is_no_alarm() -> None:
    counts = world(np.random.default_rng(6), 120, per_year=12, mean=15, phi=2)
    upper = int(alarm(counts, periods_per_year=12).upper[0])
    for newest, expected in ((upper, False), (upper + 1, True)):
        counts[-1] = newest
        again = alarm(counts, periods_per_year=12)
        assert again.upper[0] == upper
        assert bool(again.is_alarm[0]) is expected
        assert bool(again.pvalue[0] <= 0.01) is expected


def test_the_newest_counts_have_no_part_in_their_own_bound() -> None:
    counts = world(np.random.default_rng(7), 80, per_year=12, mean=15, phi=1)
    usual = alarm(counts, periods_per_year=12, n_current=3)
    counts[-3:] += 400
    unusual = alarm(counts, periods_per_year=12, n_current=3)
    assert usual.upper.tolist() == unusual.upper.tolist()
    assert unusual.is_alarm.all()


def test_an_earlier_outbreak_hardly_raises_the_bound_when_it_counts_less() -> None:
    calm = world(np.random.default_rng(8), 52 * 3 + 1, per_year=52, mean=15, phi=1)
    struck = calm.copy()
    struck[70:75] += 60
    plain, weighted, taken = (
        alarm(each, periods_per_year=52, downweight=less)
        for each, less in ((calm, True), (struck, True), (struck, False))
    )
    assert weighted.n_outbreaks >= 5
    assert weighted.weight[70:75].max() < 0.5
    assert taken.upper[0] > weighted.upper[0] + 5
    assert weighted.upper[0] - plain.upper[0] < 0.6 * (taken.upper[0] - plain.upper[0])


def test_more_variation_and_a_shorter_past_make_a_higher_bound() -> None:
    rng = np.random.default_rng(9)
    calm, bursty = (world(rng, 261, per_year=52, mean=20, phi=phi) for phi in (1, 5))
    assert alarm(bursty, periods_per_year=52).dispersion > alarm(calm, periods_per_year=52).dispersion + 0.05
    steady = np.tile([18, 22, 20, 19, 21], 30)
    long = alarm(steady, periods_per_year=12, harmonics=0, trend=False)
    short = alarm(steady[-10:], periods_per_year=12, harmonics=0, trend=False)
    assert short.upper[0] > long.upper[0]


def test_gaps_and_days_are_allowed_for() -> None:
    rng = np.random.default_rng(10)
    days = np.tile([31.0, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], 5)
    counts = rng.poisson(days)
    days[20:26] = 0
    counts[20:26] = 0
    result = alarm(counts, days, periods_per_year=12)
    assert result.n_baseline == 59 - 6
    assert np.isnan(result.baseline[20:26]).all()
    assert result.expected[0] == pytest.approx(31, rel=0.2)
    days[-1], counts[-1] = 0, 0
    blind = alarm(counts, days, periods_per_year=12)
    assert (np.isnan(blind.upper[0]), blind.pvalue[0], bool(blind.is_alarm[0])) == (True, 1.0, False)


def test_guarded_periods_take_no_part() -> None:
    counts = world(np.random.default_rng(11), 100, per_year=12, mean=15, phi=1)
    slow = counts.copy()
    slow[-5:-1] += 30
    guarded, open_ = (alarm(slow, periods_per_year=12, guard=k, downweight=False) for k in (4, 0))
    assert guarded.upper[0] == alarm(counts, periods_per_year=12, guard=4, downweight=False).upper[0]
    assert open_.upper[0] > guarded.upper[0]


def test_half_the_exposure_everywhere_changes_nothing_and_the_input_is_left_alone() -> None:
    counts = world(np.random.default_rng(12), 70, per_year=12, mean=15, phi=2)
    kept = counts.copy()
    one, half = alarm(counts, periods_per_year=12), alarm(counts, np.full(70, 0.5), periods_per_year=12)
    assert half.upper.tolist() == one.upper.tolist()
    assert half.pvalue[0] == pytest.approx(one.pvalue[0], rel=1e-6)
    assert np.array_equal(counts, kept)


def test_periods_that_hang_together_are_told_of() -> None:
    rng = np.random.default_rng(13)
    level = np.exp(np.convolve(rng.normal(0, 0.4, 220), np.ones(8) / 3, mode="valid"))
    result = alarm(rng.poisson(20 * level), periods_per_year=52)
    assert "alarm.autocorrelated" in [note.code for note in result.notes]
    calm = alarm(world(rng, 200, per_year=52, mean=20, phi=1), periods_per_year=52)
    assert "alarm.autocorrelated" not in [note.code for note in calm.notes]


@pytest.mark.parametrize(
    ("counts", "code"),
    [
        ([], "alarm.too_short"),
        ([3], "alarm.too_short"),
        ([3] * 8, "alarm.too_short"),
        ([0] * 30, "alarm.few_events"),
        ([1, 0] * 6, "alarm.few_events"),
        ([9] * 20, "alarm.no_season"),
    ],
)
def test_too_little_past_is_an_answer_with_a_note(counts: list[int], code: str) -> None:
    result = alarm(counts, periods_per_year=52)
    assert code in [note.code for note in result.notes]
    assert not result.is_alarm.any()
    assert np.isnan(result.upper).all() == (code == "alarm.too_short")


def test_three_after_a_long_time_of_nothing_is_an_alarm_and_one_is_not() -> None:
    nothing = [0] * 60
    # Three of three events in one of 61 periods: 61⁻³.
    assert alarm([*nothing, 3], periods_per_year=52).pvalue[0] == pytest.approx(61.0**-3)
    assert bool(alarm([*nothing, 3], periods_per_year=52).is_alarm[0])
    assert not bool(alarm([*nothing, 1], periods_per_year=52).is_alarm[0])


def test_what_is_wrong_is_refused() -> None:
    with pytest.raises(ValueError, match="`false_alarm_rate` must lie between"):
        alarm([1, 2], periods_per_year=12, false_alarm_rate=0)
    with pytest.raises(ValueError, match="`n_current` must be 1 or more"):
        alarm([1, 2], periods_per_year=12, n_current=0)
    with pytest.raises(ValueError, match="`periods_per_year` must be a positive number"):
        alarm([1, 2], periods_per_year=0)
