"""Mean time of day and week, its limits, and the Rayleigh test."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, circmean

from lagesbild.stats import CircularResult, hour_weekday_profile, mean_time
from tests.stats.untimed import untimed

pytestmark = pytest.mark.one_database

HOUR = 3_600
MONDAY_S = 4 * 86_400


def of_degrees(*degrees: float) -> CircularResult:
    """Angles as times of day: one degree is four minutes."""
    return mean_time([round(each * 240) for each in degrees])


def test_an_hour_before_and_an_hour_after_midnight_meet_at_midnight() -> None:
    result = mean_time([23 * HOUR, 24 * HOUR + HOUR])
    assert result.mean_hour == pytest.approx(0, abs=1e-9)
    assert result.resultant_length == pytest.approx(math.cos(math.pi / 12))


def test_the_mean_of_the_week_is_counted_from_monday() -> None:
    result = mean_time([MONDAY_S + 24 * HOUR, MONDAY_S + 26 * HOUR], cycle="week")
    assert result.mean_hour == pytest.approx(25)
    assert mean_time([MONDAY_S - HOUR, MONDAY_S + HOUR], cycle="week").mean_hour == pytest.approx(0, abs=1e-9)


def test_the_roulette_wheel_of_the_textbooks() -> None:
    # Mardia, K. V. (1972), nine stops of a roulette wheel: mean 51 degrees, resultant length 0.711.
    result = of_degrees(43, 45, 52, 61, 75, 88, 88, 279, 357)
    assert (result.mean_hour or 0) * 15 == pytest.approx(51, abs=0.1)
    assert result.resultant_length == pytest.approx(0.711, abs=5e-4)


def test_the_documented_mean_and_variance_of_astropy() -> None:
    # astropy 6, docstrings of circmean and circvar: 48.62718088722989 degrees and 0.16356352748437508.
    result = of_degrees(51, 67, 40, 109, 31, 358)
    assert (result.mean_hour or 0) * 15 == pytest.approx(48.62718088722989)
    assert 1 - result.resultant_length == pytest.approx(0.16356352748437508)


def test_the_rayleigh_test_agrees_with_the_series_of_astropy() -> None:
    # astropy 6, docstring of rayleightest for 130, 90, 0 and 145 degrees: 0.2563487733797317, by another approximation.
    assert of_degrees(130, 90, 0, 145).pvalue == pytest.approx(0.2563487733797317, abs=0.003)


@untimed
@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=40))
def test_the_mean_agrees_with_scipy(seconds: list[int]) -> None:
    result = mean_time(seconds)
    if result.resultant_length > 1e-3 and result.mean_hour is not None:
        gap = result.mean_hour - circmean(np.array(seconds) % 86_400, high=86_400) / HOUR
        assert (gap + 12) % 24 - 12 == pytest.approx(0, abs=1e-6)


@untimed
@given(start=st.integers(0, 10**6), length=st.integers(1, 86_400 * 3))
def test_an_interval_is_the_mean_of_its_moments(start: int, length: int) -> None:
    moments = np.exp(2j * np.pi * (start + (np.arange(2_000) + 0.5) / 2_000 * length) / 86_400).mean()
    # 1970-01-01 00:00 is midnight, whatever the weekday.
    result = mean_time([start], [start + length])
    assert result.resultant_length == pytest.approx(abs(moments), abs=1e-5)


def test_intervals_agree_with_the_profile_they_make() -> None:
    rng = np.random.default_rng(4)
    start = rng.normal(20 * HOUR, 3 * HOUR, 400).astype(int) + 86_400 * 30
    end = start + rng.integers(0, 9 * HOUR, 400)
    hours = hour_weekday_profile(start, end).hours.sum(axis=0)
    vector = (hours * np.exp(2j * np.pi * (np.arange(24) + 0.5) / 24)).sum() / hours.sum()
    result = mean_time(start, end)
    assert result.mean_hour == pytest.approx(np.angle(vector) / (2 * np.pi) * 24 % 24, abs=0.02)
    assert result.resultant_length == pytest.approx(abs(vector), rel=0.01)


def test_a_day_turned_by_three_hours_turns_the_answer_and_nothing_else() -> None:
    rng = np.random.default_rng(5)
    start = rng.normal(22 * HOUR, 2 * HOUR, 60).astype(int) + 86_400
    end = start + rng.integers(0, 4 * HOUR, 60)
    here, there = mean_time(start, end), mean_time(start + 3 * HOUR, end + 3 * HOUR)
    shuffled = rng.permutation(60)
    again = mean_time(start[shuffled], end[shuffled])
    assert here.mean_hour is not None
    assert there.mean_hour == pytest.approx((here.mean_hour + 3) % 24)
    assert (there.pvalue, there.resultant_length) == (pytest.approx(here.pvalue), pytest.approx(here.resultant_length))
    assert again.mean_hour == pytest.approx(here.mean_hour)


def test_weights_count_an_event_as_often() -> None:
    twice, once = mean_time([0, 6 * HOUR], weights=[2, 1]), mean_time([0, 0, 6 * HOUR])
    assert (twice.mean_hour, twice.resultant_length) == (
        pytest.approx(once.mean_hour),
        pytest.approx(once.resultant_length),
    )
    # Two events with the weight 2 and 1 tell less than three.
    assert twice.n_effective == pytest.approx(9 / 5)


def test_very_many_moments_give_what_intervals_of_no_length_give() -> None:
    rng = np.random.default_rng(3)
    start, weights = (rng.normal(20, 5, 90_000) * HOUR).astype(int), rng.random(90_000)
    # One true interval among them, and the moments are no longer gathered by second.
    many = mean_time(start, weights=weights)
    single = mean_time(np.append(start, 0), np.append(start, 86_400), weights=np.append(weights, 0))
    for name in ("mean_hour", "low", "high", "resultant_length", "rayleigh", "n_effective"):
        assert getattr(many, name) == pytest.approx(getattr(single, name), rel=1e-9), name


@pytest.mark.parametrize("width", [0, 6, 30])
def test_the_rayleigh_test_holds_its_level_with_and_without_intervals(width: int) -> None:
    rng = np.random.default_rng(width)
    n_worlds = 1_000
    below = 0
    for _ in range(n_worlds):
        start = rng.integers(0, 864_000, 25)
        below += mean_time(start, start + (rng.random(25) * width * HOUR).astype(int)).pvalue < 0.05
    assert binom.ppf(0.0005, n_worlds, 0.05) <= below <= binom.ppf(0.9995, n_worlds, 0.05)


def test_the_limits_hold_the_true_mean_as_often_as_they_say() -> None:
    rng = np.random.default_rng(8)
    n_worlds, held = 600, 0
    for _ in range(n_worlds):
        true = rng.vonmises(0, 1, 60) / (2 * np.pi) * 86_400
        width = rng.random(60) * 6 * HOUR
        start = (true - rng.random(60) * width).astype(int)
        result = mean_time(start, start + width.astype(int))
        low, high = ((each + 12) % 24 - 12 for each in (result.low or -12, result.high or 12))
        held += low <= 0 <= high
    assert binom.ppf(0.0005, n_worlds, 0.95) <= held <= binom.ppf(0.9995, n_worlds, 0.95)


def test_a_weak_evening_peak_is_found_through_wide_intervals() -> None:
    rng = np.random.default_rng(9)
    true = rng.vonmises(0, 0.8, 300) / (2 * np.pi) * 86_400 + 21 * HOUR
    width = rng.random(300) * 8 * HOUR
    start = (true - rng.random(300) * width).astype(int)
    result = mean_time(start, start + width.astype(int))
    assert result.pvalue < 0.001
    assert result.mean_hour == pytest.approx(21, abs=1.5)


def test_a_date_without_hour_takes_no_part_in_the_day_and_is_a_day_of_the_week() -> None:
    noon = MONDAY_S + 12 * HOUR
    day = mean_time([noon, MONDAY_S], time_known=[True, False])
    assert (day.mean_hour, day.n_events) == (pytest.approx(12), 1)
    assert "aoristic.hour_unknown" in [note.code for note in day.notes]
    week = mean_time([MONDAY_S], time_known=[False], cycle="week")
    assert week.mean_hour == pytest.approx(12)


def test_whole_days_say_nothing_of_the_hour() -> None:
    result = mean_time([0, 5 * HOUR], [86_400, 5 * HOUR + 86_400])
    assert (result.mean_hour, result.low, result.pvalue, result.rayleigh) == (None, None, 1.0, 0.0)
    assert "circular.no_direction" in [note.code for note in result.notes]


@pytest.mark.parametrize("times", [[0, 12 * HOUR], [0, 6 * HOUR, 12 * HOUR, 18 * HOUR]])
def test_times_that_balance_have_no_mean(times: list[int]) -> None:
    result = mean_time(times)
    assert (result.mean_hour, result.circular_sd_hours) == (None, None)
    assert result.resultant_length == pytest.approx(0, abs=1e-9)


def test_none_one_and_all_at_once_are_answers() -> None:
    none = mean_time([])
    assert (none.mean_hour, none.pvalue, none.n_events) == (None, 1.0, 0)
    assert [note.code for note in none.notes] == ["aoristic.no_events"]
    one = mean_time([5 * HOUR])
    assert (one.mean_hour, one.resultant_length) == (pytest.approx(5), pytest.approx(1))
    # By chance two directions are always somewhere: one event proves nothing.
    assert one.pvalue > 0.3
    same = mean_time([5 * HOUR] * 1_000)
    assert (same.low, same.high) == (pytest.approx(5), pytest.approx(5))
    assert 0 < same.pvalue < 1e-300


def test_what_is_wrong_is_refused() -> None:
    with pytest.raises(ValueError, match="`cycle` must be one of day, week"):
        mean_time([0], cycle="month")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="`weights` must not be negative"):
        mean_time([0], weights=[-1])
    with pytest.raises(ValueError, match="`conf` must lie between"):
        mean_time([0], conf=1)


def test_inputs_are_left_as_they_were() -> None:
    start, end = np.array([10, 20]), np.array([30, 15])
    mean_time(start, end, weights=np.array([1.0, 2.0]))
    assert (start.tolist(), end.tolist()) == ([10, 20], [30, 15])
