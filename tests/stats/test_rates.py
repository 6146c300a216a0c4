"""Events per inhabitant."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, poisson

from lagesbild.stats import present_on_average, rate
from tests.stats.untimed import untimed

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(
    ("count", "low", "high"), [(0, 0, 3.689), (1, 0.0253, 5.572), (5, 1.623, 11.668), (10, 4.795, 18.390)]
)
def test_the_published_limits_of_small_counts(count: int, low: float, high: float) -> None:
    # Exact 95 % limits of a Poisson count, as in the tables that follow Garwood (1936).
    result = rate(count, 1_000, per=1_000)
    assert result.value == count
    assert result.low == pytest.approx(low, abs=5e-4)
    assert result.high == pytest.approx(high, abs=5e-4)


def test_a_rate_is_per_hundred_thousand_and_year_unless_said_otherwise() -> None:
    assert rate(50, 25_000).value == 200
    assert rate(50, 25_000, years=0.5).value == 400
    assert rate(50, 25_000, per=1_000).value == 2


def test_as_many_are_present_as_come_in_an_hour_times_the_hours_they_stay() -> None:
    assert present_on_average(240, stay_hours=1) == 10
    assert present_on_average(100_000, stay_hours=0.1) == pytest.approx(416.67, abs=0.01)
    assert present_on_average(0, stay_hours=2) == 0
    # Brute force: people who come at random moments of a year and stay for random times.
    rng = np.random.default_rng(23)
    come, stay = rng.random(40_000) * 8_760, rng.exponential(1.5, 40_000)
    moments = np.arange(24, 8_760, 7.3)
    there = np.mean([np.count_nonzero((come <= moment) & (moment < come + stay)) for moment in moments])
    assert there == pytest.approx(present_on_average(40_000 / 365, stay_hours=1.5), rel=0.05)
    with pytest.raises(ValueError, match="`people_per_day` must be zero or a positive"):
        present_on_average(-1, stay_hours=1)
    with pytest.raises(ValueError, match="`stay_hours` must be a positive number of hours"):
        present_on_average(1, stay_hours=0)


@pytest.mark.parametrize("population", [None, 0, float("nan")])
def test_an_unknown_population_gives_no_rate_and_says_so(population: float | None) -> None:
    result = rate(7, population)
    assert (result.count, result.value, result.low, result.high) == (7, None, None, None)
    assert [note.code for note in result.notes] == ["rate.population_unknown"]


def test_no_events_have_an_upper_limit() -> None:
    result = rate(0, 1_800)
    assert (result.value, result.low) == (0, 0)
    assert result.high == pytest.approx(-np.log(0.025) / 1_800 * 100_000)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"count": -1, "population": 5}, "`count` must hold whole numbers"),
        ({"count": 1, "population": -5}, "`population` must be zero or a positive number"),
        ({"count": 1, "population": 5, "per": 0}, "`per` must be a positive number"),
        ({"count": 1, "population": 5, "years": -1}, "`years` must be a positive number"),
        ({"count": 1, "population": 5, "conf": 95}, "`conf` must lie between 0 and 1"),
    ],
)
def test_other_arguments_are_refused(arguments: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        rate(**arguments)  # type: ignore[arg-type]


@untimed
@given(count=st.integers(1, 5_000), conf=st.sampled_from([0.8, 0.95, 0.99]))
def test_each_limit_leaves_half_of_the_rest_in_its_tail(count: int, conf: float) -> None:
    result = rate(count, 1, per=1, conf=conf)
    assert poisson.sf(count - 1, result.low) == pytest.approx((1 - conf) / 2, rel=1e-6)
    assert poisson.cdf(count, result.high) == pytest.approx((1 - conf) / 2, rel=1e-6)


def test_the_interval_holds_the_true_rate_at_least_as_often_as_it_says() -> None:
    counts = np.random.default_rng(20).poisson(6.5, 2_000)
    limits = {int(count): rate(int(count), 1, per=1) for count in np.unique(counts)}
    held = sum((limits[int(c)].low or 0) <= 6.5 <= (limits[int(c)].high or 0) for c in counts)
    assert binomtest(held, 2_000, 0.95, alternative="less").pvalue > 0.001
