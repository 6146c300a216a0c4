"""Shift of the hour profile between two periods."""

from __future__ import annotations

import csv
import gzip
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, chi2_contingency

from lagesbild.stats import hour_shift, hour_weekday_profile
from lagesbild.stats.hour_shift import _statistics
from tests.shared_data import shared_data
from tests.stats.untimed import untimed

pytestmark = pytest.mark.one_database

HOUR, DAY = 3_600, 86_400
HOURS = st.lists(st.integers(0, 23), min_size=2, max_size=30)


def evenings(rng: np.random.Generator, n: int, *, at: float, width: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Events round an hour of the evening, each somewhere in an interval of random width."""
    true = rng.normal(at, 3, n) * HOUR + rng.integers(10, 100, n) * DAY
    widths = rng.random(n) * width * HOUR
    start = (true - rng.random(n) * widths).astype(np.int64)
    return start, start + widths.astype(np.int64)


def test_the_example_of_zar() -> None:
    # Zar (1999), two samples of orientations without ties, ten and eleven: U² = 0.1458 from rounded steps.
    first = [35, 45, 50, 55, 60, 70, 85, 95, 105, 120]
    second = [75, 80, 90, 100, 110, 130, 135, 140, 150, 160, 165]
    before, after = (np.bincount(each, minlength=360).astype(float) for each in (first, second))
    assert _statistics(after[None], before + after, 11, 21)[0, 1] == pytest.approx(0.1458, abs=1e-4)


@untimed
@given(before=HOURS, after=HOURS)
def test_chi_square_agrees_with_scipy(before: list[int], after: list[int]) -> None:
    hours = np.array(before + after) * HOUR
    late = np.arange(len(hours)) >= len(before)
    result = hour_shift(hours, is_after=late, n_replicates=1, rng=1)
    table = np.array([np.bincount(each, minlength=24) for each in (before, after)])
    table = table[:, table.sum(axis=0) > 0]
    assert result.chi_square == pytest.approx(chi2_contingency(table, correction=False).statistic, abs=1e-9)


@untimed
@given(before=HOURS, after=HOURS)
def test_u2_agrees_with_adding_up_event_by_event(before: list[int], after: list[int]) -> None:
    pooled = np.array(sorted(before + after))
    d = np.array([np.mean(np.array(before) <= each) - np.mean(np.array(after) <= each) for each in pooled])
    n1, n2 = len(before), len(after)
    expected = n1 * n2 / (n1 + n2) ** 2 * ((d**2).sum() - d.sum() ** 2 / (n1 + n2))
    late = np.arange(n1 + n2) >= n1
    result = hour_shift(np.array(before + after) * HOUR, is_after=late, n_replicates=1, rng=1)
    assert result.watson_u2 == pytest.approx(expected, abs=1e-9)


@untimed
@given(before=HOURS, after=HOURS, turn=st.integers(1, 23))
def test_where_the_day_begins_does_not_matter(before: list[int], after: list[int], turn: int) -> None:
    hours, late = np.array(before + after) * HOUR, np.arange(len(before + after)) >= len(before)
    here = hour_shift(hours, is_after=late, n_replicates=1, rng=1)
    there = hour_shift(hours + turn * HOUR, is_after=late, n_replicates=1, rng=1)
    assert there.watson_u2 == pytest.approx(here.watson_u2, abs=1e-9)
    assert there.chi_square == pytest.approx(here.chi_square, abs=1e-9)


def test_p_agrees_with_all_divisions_of_eight_events() -> None:
    hours = np.array([1, 1, 2, 3, 5, 9, 9, 14]) * HOUR
    late = np.array([False, False, False, False, False, True, True, True])
    result = hour_shift(hours, is_after=late, n_replicates=9_999, rng=3)
    reached = []
    for chosen in combinations(range(8), 3):
        other = np.isin(np.arange(8), chosen)
        each = hour_shift(hours, is_after=other, n_replicates=1, rng=1)
        reached.append((each.chi_square >= result.chi_square - 1e-9, each.watson_u2 >= result.watson_u2 - 1e-9))
    exact = np.mean(reached, axis=0)
    assert (result.p_chi_square, result.p_watson) == (
        pytest.approx(exact[0], abs=0.02),
        pytest.approx(exact[1], abs=0.02),
    )


def test_intervals_that_are_moments_give_the_p_of_moments() -> None:
    # An interval within one hour lies in one cell, as a moment does; only the way of drawing differs.
    rng = np.random.default_rng(11)
    start = rng.integers(0, 100, 60) * HOUR + rng.integers(0, 1_000, 60)
    late = rng.random(60) < 0.5
    start[late] += (rng.random(int(late.sum())) < 0.3) * 2 * HOUR
    points = hour_shift(start, is_after=late, n_replicates=4_999, rng=1)
    pieces = hour_shift(start, start + 600, is_after=late, n_replicates=4_999, rng=2)
    assert pieces.chi_square == pytest.approx(points.chi_square)
    assert pieces.p_chi_square == pytest.approx(points.p_chi_square, abs=0.03)
    assert pieces.p_watson == pytest.approx(points.p_watson, abs=0.03)


def test_profiles_are_those_of_the_week() -> None:
    rng = np.random.default_rng(12)
    start = rng.integers(0, 100 * DAY, 300)
    end = start + rng.integers(-HOUR, 9 * DAY, 300)
    known, late = rng.random(300) < 0.8, rng.random(300) < 0.4
    week = hour_weekday_profile(start[late], end[late], time_known=known[late])
    how = {"is_after": late, "time_known": known, "n_replicates": 1, "rng": 1}
    in_hours = hour_shift(start, end, **how).after  # type: ignore[arg-type]
    assert in_hours.tolist() == pytest.approx(week.hours.sum(axis=0).tolist())
    of_week = hour_shift(start, end, cells="hours_of_week", **how).after  # type: ignore[arg-type]
    assert of_week.tolist() == pytest.approx(week.hours.ravel().tolist())
    assert hour_shift(start, end, cells="weekdays", **how).n_after == int(late.sum())  # type: ignore[arg-type]


@pytest.mark.parametrize("width", [0.0, 6.0])
def test_both_tests_hold_their_level(width: float) -> None:
    rng = np.random.default_rng(int(width))
    n_worlds = 200
    reached = np.zeros(2)
    for world in range(n_worlds):
        start, end = evenings(rng, 50, at=21, width=width)
        late = rng.random(50) < 0.4
        result = hour_shift(start, end, is_after=late, n_replicates=99, rng=world, threads=1)
        reached += [result.p_chi_square <= 0.05, result.p_watson <= 0.05]
    assert reached.max() <= binom.ppf(0.9995, n_worlds, 0.05)
    assert reached.min() >= binom.ppf(0.0005, n_worlds, 0.05) - 5  # ties make the tests somewhat cautious


def test_two_hours_later_is_found_and_measured() -> None:
    rng = np.random.default_rng(13)
    first, second = evenings(rng, 300, at=20, width=3), evenings(rng, 200, at=22, width=3)
    start, end = (np.concatenate(pair) for pair in zip(first, second, strict=True))
    result = hour_shift(start, end, is_after=np.arange(500) >= 300, n_replicates=199, rng=1)
    assert (result.p_watson, result.p_chi_square) == (0.005, 0.005)
    assert result.mean_shift_hours == pytest.approx(2, abs=0.8)
    assert result.moved_pct is not None
    assert 10 < result.moved_pct < 45
    assert result.residual[15:20].sum() < -5
    assert result.residual[[22, 23, 0, 1, 2, 3]].sum() > 5


def test_a_drift_is_found_more_often_by_u2_than_by_chi_square() -> None:
    rng = np.random.default_rng(14)
    found = np.zeros(2)
    for world in range(60):
        first, second = evenings(rng, 60, at=20), evenings(rng, 60, at=21.8)
        result = hour_shift(
            np.concatenate((first[0], second[0])), is_after=np.arange(120) >= 60, n_replicates=99, rng=world, threads=1
        )
        found += [result.p_chi_square <= 0.05, result.p_watson <= 0.05]
    assert found[1] > found[0] + 5


def test_more_events_at_the_same_hours_are_no_shift() -> None:
    hours = np.tile(np.array([20, 21, 22]) * HOUR, 40)
    result = hour_shift(hours, is_after=np.arange(120) >= 30, n_replicates=99, rng=1)
    assert (result.chi_square, result.watson_u2, result.moved_pct) == (
        pytest.approx(0),
        pytest.approx(0),
        pytest.approx(0),
    )
    assert (result.p_chi_square, result.p_watson) == (1.0, 1.0)


def test_before_and_after_changed_round_turns_the_difference() -> None:
    rng = np.random.default_rng(15)
    start, end = evenings(rng, 80, at=20, width=4)
    late = rng.random(80) < 0.3
    there, back = (hour_shift(start, end, is_after=each, n_replicates=9, rng=1) for each in (late, ~late))
    assert back.difference_pct.tolist() == pytest.approx((-there.difference_pct).tolist())
    assert back.watson_u2 == pytest.approx(there.watson_u2)
    assert back.mean_shift_hours == pytest.approx(-(there.mean_shift_hours or 0))


def test_the_answer_depends_on_the_seed_and_on_nothing_else() -> None:
    rng = np.random.default_rng(16)
    start, end = evenings(rng, 200, at=20, width=4)
    kept = start.copy(), end.copy()
    late = rng.random(200) < 0.5
    one = hour_shift(start, end, is_after=late, n_replicates=99, rng=5, threads=1, block_size=7)
    two = hour_shift(start, end, is_after=late, n_replicates=99, rng=5, threads=2, block_size=64)
    assert one.to_dict() == two.to_dict()
    order = rng.permutation(200)
    moved = hour_shift(start[order], end[order], is_after=late[order], n_replicates=99, rng=5)
    assert moved.chi_square == pytest.approx(one.chi_square)
    assert np.array_equal(start, kept[0])
    assert np.array_equal(end, kept[1])


@pytest.mark.parametrize(
    ("times", "late"), [([], []), ([5], [True]), ([5, 6, 7], [True, True, True]), ([5, 6], [True, False])]
)
def test_too_little_to_compare_is_an_answer(times: list[int], late: list[bool]) -> None:
    result = hour_shift(times, is_after=np.array(late, dtype=bool), n_replicates=9, rng=1)
    assert (result.p_chi_square, result.p_watson) == (1.0, 1.0)
    assert "hour_shift.one_side" in [note.code for note in result.notes]
    assert result.to_dict()["n_after"] == sum(late)


def test_all_at_one_time_is_no_shift() -> None:
    result = hour_shift([7 * HOUR] * 20, is_after=np.arange(20) > 9, n_replicates=19, rng=1)
    assert (result.p_chi_square, result.p_watson, result.moved_pct) == (1.0, 1.0, 0)
    assert result.mean_shift_hours == pytest.approx(0)


def test_what_is_wrong_is_refused() -> None:
    with pytest.raises(TypeError, match="`is_after` must be a boolean array"):
        hour_shift([0, 1], is_after=[0, 1], rng=1)
    with pytest.raises(ValueError, match="`is_after` must have the length of `t_from`, 2"):
        hour_shift([0, 1], is_after=[True], rng=1)
    with pytest.raises(ValueError, match="`cells` must be one of hours, weekdays, hours_of_week"):
        hour_shift([0, 1], is_after=[True, False], cells="months", rng=1)  # type: ignore[arg-type]


def test_weekdays_and_weekends_of_real_robberies_differ_in_their_hours() -> None:
    with gzip.open(shared_data("memphis-robberies-2019") / "robberies.csv.gz", "rt") as file:
        rows = list(csv.DictReader(file))
    moments = np.array([row["date"] for row in rows], dtype="datetime64[s]").astype(np.int64)
    weekend = (moments // DAY + 3) % 7 >= 5
    result = hour_shift(moments, is_after=weekend, n_replicates=199, rng=1)
    halves = hour_shift(moments, is_after=np.arange(len(moments)) % 2 == 1, n_replicates=199, rng=1)
    assert result.p_watson <= 0.05
    assert halves.p_watson > 0.05
