"""Periods, what they are compared with, and the steps of a series."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.picture.content import Period
from lagesbild.picture.periods import comparison_period, counted_days, months_earlier, overlap, steps, years_earlier

dates = st.dates(date(2000, 1, 1), date(2040, 1, 1))


def period(first: str, after: str) -> Period:
    return Period(from_on=date.fromisoformat(first), to_on=date.fromisoformat(after))


def test_last_year_is_the_same_calendar_days() -> None:
    assert comparison_period(period("2025-03-01", "2025-09-01"), "year") == period("2024-03-01", "2024-09-01")


def test_the_last_of_february_has_a_year_before_it() -> None:
    assert years_earlier(date(2024, 2, 29), 1) == date(2023, 2, 28)
    assert comparison_period(period("2024-02-01", "2024-03-01"), "year") == period("2023-02-01", "2023-03-01")


def test_a_period_longer_than_a_year_is_never_compared_with_itself() -> None:
    assert comparison_period(period("2023-01-01", "2025-01-01"), "year") == period("2021-01-01", "2023-01-01")


@given(dates, st.integers(1, 2000), st.sampled_from(["year", "previous"]))
def test_the_comparison_never_overlaps(first: date, days: int, comparison: str) -> None:
    asked = Period(from_on=first, to_on=first + timedelta(days=days))
    earlier = comparison_period(asked, comparison)  # type: ignore[arg-type]
    assert earlier is not None
    assert earlier.to_on <= asked.from_on
    assert abs(earlier.days - asked.days) <= 1


@given(dates, st.integers(1, 2000))
def test_steps_cover_the_period_once_and_the_comparison_once(first: date, days: int) -> None:
    asked = Period(from_on=first, to_on=first + timedelta(days=days))
    earlier = comparison_period(asked, "year")
    assert earlier is not None
    _unit, made = steps(asked, earlier)
    assert sum(step.part.days for step in made) == asked.days
    assert sum(step.before.days for step in made if step.before) == earlier.days
    assert all(one.whole.to_on == other.whole.from_on for one, other in pairwise(made))


@pytest.mark.parametrize(("days", "unit"), [(31, "day"), (32, "week"), (400, "week"), (401, "month")])
def test_the_step_follows_the_length(days: int, unit: str) -> None:
    first = date(2025, 1, 1)
    assert steps(Period(from_on=first, to_on=first + timedelta(days=days)), None)[0] == unit


def test_weeks_begin_on_monday() -> None:
    _unit, made = steps(period("2025-01-01", "2025-04-01"), None)
    assert {step.whole.from_on.isoweekday() for step in made} == {1}


def test_half_a_year_back_from_the_last_of_august_is_the_last_of_february() -> None:
    assert months_earlier(date(2025, 8, 31), 6) == date(2025, 2, 28)


def test_only_days_that_the_filters_let_through_are_counted() -> None:
    whole = period("2025-01-01", "2026-01-01")
    assert counted_days(whole) == 365
    assert counted_days(whole, months=(6, 7, 8)) == 92
    assert counted_days(whole, weekdays=(6, 7)) == 104
    assert counted_days(None) == 0


def test_periods_that_only_touch_do_not_overlap() -> None:
    assert overlap(period("2025-01-01", "2025-02-01"), period("2025-02-01", "2025-03-01")) is None
