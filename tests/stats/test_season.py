"""Seasonal profile: months against an average month."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from lagesbild.stats import observed_days, seasonal_profile, seasonal_profile_of_counts
from tests.stats.untimed import untimed

pytestmark = pytest.mark.one_database

YEAR_2025 = observed_days(date(2025, 1, 1), date(2026, 1, 1))


def test_days_are_counted_per_calendar_month_with_leap_days() -> None:
    assert YEAR_2025.tolist() == [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    assert observed_days(date(2024, 2, 1), date(2024, 3, 1)).tolist() == [0, 29] + [0] * 10
    assert observed_days(np.datetime64("2024-12-31"), np.datetime64("2025-01-02")).tolist() == [1] + [0] * 10 + [1]


def test_the_last_day_is_not_in_the_period() -> None:
    assert observed_days(date(2025, 5, 1), date(2025, 5, 1)).sum() == 0
    with pytest.raises(ValueError, match="`end` must not come before `start`"):
        observed_days(date(2025, 5, 2), date(2025, 5, 1))


def test_a_short_month_with_its_share_of_events_is_average() -> None:
    counts = YEAR_2025.astype(int) * 2
    result = seasonal_profile_of_counts(counts, exposure_days=YEAR_2025)
    assert [month.index for month in result.months] == pytest.approx([1.0] * 12)
    assert result.average_per_day == pytest.approx(2)
    assert result.notes == ()


def test_a_month_with_twice_the_events_per_day_by_hand() -> None:
    exposure = [30.0] * 12
    result = seasonal_profile_of_counts([30] * 11 + [60], exposure_days=exposure)
    # Average 13/12 a day, December 2 a day.
    assert result.months[11].index == pytest.approx(2 / (13 / 12))
    assert result.months[11].per_day == 2
    # Garwood's limits for 60 are 45.786 and 77.232.
    assert result.months[11].low == pytest.approx(45.786 / 30 / (13 / 12), abs=1e-4)
    assert result.months[11].high == pytest.approx(77.232 / 30 / (13 / 12), abs=1e-4)


def test_a_month_that_was_not_observed_is_none_and_not_zero() -> None:
    exposure = YEAR_2025.copy()
    exposure[6] = 0
    counts = YEAR_2025.astype(int)
    counts[6] = 0
    counts[1] = 0
    result = seasonal_profile_of_counts(counts, exposure_days=exposure)
    july, february = result.months[6], result.months[1]
    assert (july.count, july.per_day, july.index, july.low, july.high) == (None, None, None, None, None)
    assert (february.count, february.index, february.low) == (0, 0.0, 0.0)
    assert [(note.code, note.values) for note in result.notes] == [("season.partial_year", {"n": 11})]


def test_a_summer_observed_twice_does_not_raise_the_average() -> None:
    twice = observed_days(date(2024, 6, 1), date(2025, 9, 1))
    rate = np.where(np.isin(np.arange(12), [5, 6, 7]), 4.0, 1.0)
    result = seasonal_profile_of_counts((twice * rate).astype(int), exposure_days=twice)
    assert result.average_per_day == pytest.approx((3 * 4 + 9 * 1) / 12)
    assert result.months[6].index == pytest.approx(4 / 1.75)


def test_events_and_their_counts_give_the_same() -> None:
    months = np.random.default_rng(18).integers(1, 13, 500)
    counts = np.bincount(months - 1, minlength=12)
    one = seasonal_profile(months, exposure_days=YEAR_2025)
    other = seasonal_profile_of_counts(counts, exposure_days=YEAR_2025)
    assert one.months == other.months
    assert one.n_events == 500


def test_no_events_are_an_answer() -> None:
    result = seasonal_profile([], exposure_days=YEAR_2025)
    assert [month.count for month in result.months] == [0] * 12
    assert [month.index for month in result.months] == [None] * 12
    assert [note.code for note in result.notes] == ["season.no_events"]
    nothing_observed = seasonal_profile([], exposure_days=np.zeros(12))
    assert nothing_observed.average_per_day is None


def test_a_handful_of_events_is_remarked() -> None:
    assert [n.code for n in seasonal_profile([1] * 11, exposure_days=YEAR_2025).notes] == ["season.few_events"]
    assert seasonal_profile([1] * 12, exposure_days=YEAR_2025).notes == ()


def test_events_in_a_month_that_was_not_observed_are_refused() -> None:
    with pytest.raises(ValueError, match="`exposure_days` must be positive in every month with events"):
        seasonal_profile([7], exposure_days=[31] * 6 + [0] + [30] * 5)


@pytest.mark.parametrize("month", [0, 13])
def test_months_go_from_one_to_twelve(month: int) -> None:
    with pytest.raises(ValueError, match="`months` must be from 1 to 12"):
        seasonal_profile([month], exposure_days=YEAR_2025)


def test_intervals_hold_an_average_month_as_often_as_they_say() -> None:
    rng = np.random.default_rng(19)
    held = total = 0
    for _ in range(300):
        result = seasonal_profile_of_counts(rng.poisson(YEAR_2025), exposure_days=YEAR_2025)
        held += sum((month.low or 0) <= 1 <= (month.high or 0) for month in result.months)
        total += 12
    assert binomtest(held, total, 0.95, alternative="less").pvalue > 0.001


@untimed
@given(st.lists(st.integers(0, 500), min_size=12, max_size=12), st.integers(1, 9))
def test_the_average_index_is_one_and_the_unit_of_exposure_does_not_matter(counts: list[int], factor: int) -> None:
    if sum(counts) == 0:
        return
    here = seasonal_profile_of_counts(counts, exposure_days=YEAR_2025)
    there = seasonal_profile_of_counts(counts, exposure_days=YEAR_2025 * factor)
    index = [month.index for month in here.months]
    assert np.mean([value for value in index if value is not None]) == pytest.approx(1)
    assert [month.index for month in there.months] == pytest.approx(index)
