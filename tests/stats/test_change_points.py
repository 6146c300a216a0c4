"""Change points of a series: the search for any number, and the dating of each."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, poisson

from lagesbild.stats import change_points
from lagesbild.stats._change_date import dispersion, series
from tests.stats.coal import DISASTERS, FIRST_YEAR
from tests.stats.untimed import untimed

pytestmark = pytest.mark.one_database

SHORT = st.lists(st.integers(0, 9), min_size=2, max_size=9)


def bursts(rng: np.random.Generator, mean: np.ndarray, phi: float) -> np.ndarray:
    """Negative binomial counts with this mean and a variance phi times as large."""
    return rng.poisson(mean) if phi == 1 else rng.negative_binomial(mean / (phi - 1), 1 / phi)


def test_a_step_is_found_where_it_is() -> None:
    result = change_points([2, 2, 2, 2, 2, 2, 9, 9, 9, 9, 9, 9])
    (change,) = result.changes
    assert (change.index, change.rate_before, change.rate_after, change.ratio) == (6, 2, 9, 4.5)
    assert change.low <= 6 <= change.high
    assert result.level.tolist() == [2] * 6 + [9] * 6


def test_the_coal_mines_of_the_textbooks() -> None:
    # Carlin, Gelfand and Smith (1992): one change after 41 years, from about 3.1 disasters a year to 0.9.
    result = change_points(DISASTERS)
    (change,) = result.changes
    assert FIRST_YEAR + change.index - 1 == 1891
    assert (change.rate_before, change.rate_after) == (pytest.approx(3.1, abs=0.02), pytest.approx(0.9, abs=0.02))
    assert 1885 <= FIRST_YEAR + change.low <= 1889
    assert 1894 <= FIRST_YEAR + change.high <= 1898


@untimed
@given(counts=SHORT, penalty=st.sampled_from([0.5, 2.0, 6.0]), min_length=st.integers(1, 3))
def test_the_cut_is_the_cheapest_of_all(counts: list[int], penalty: float, min_length: int) -> None:
    n = len(counts)

    def price(where: tuple[int, ...], phi: float) -> float:
        total = penalty * phi * len(where)
        for start, end in zip((0, *where), (*where, n), strict=True):
            if end - start < min_length:
                return math.inf
            x = sum(counts[start:end])
            total -= 2 * x * math.log(x / (end - start)) if x else 0
        return total

    result = change_points(counts, penalty=penalty, min_length=min_length)
    ours = tuple(each.index for each in result.changes)
    if n < 2 * min_length or not any(counts):
        assert ours == ()
        return
    every = [where for k in range(n) for where in combinations(range(1, n), k)]
    assert price(ours, result.dispersion) <= min(price(each, result.dispersion) for each in every) + 1e-9


def test_a_long_series_is_cut_as_without_giving_up_beginnings() -> None:
    rng = np.random.default_rng(3)
    counts = rng.poisson(np.repeat(rng.uniform(1, 9, 12), rng.integers(3, 30, 12)))
    n, total = len(counts), np.concatenate(([0], np.cumsum(counts)))
    for min_length in (1, 2, 5):
        result = change_points(counts, penalty=6.0, min_length=min_length)
        best, begin = np.full(n + 1, np.inf), np.zeros(n + 1, dtype=int)
        best[0] = -6.0 * result.dispersion
        for t in range(min_length, n + 1):
            s = np.arange(t - min_length + 1)
            x = total[t] - total[s]
            costs = best[s] - 2 * x * np.log(np.where(x > 0, x, 1) / (t - s)) + 6.0 * result.dispersion
            best[t], begin[t] = costs.min(), int(np.argmin(costs))
        where, at = [], n
        while at > 0:
            at = int(begin[at])
            where.append(at)
        assert [each.index for each in result.changes] == where[-2::-1]


@pytest.mark.parametrize(("n", "mean", "phi"), [(52, 4.0, 1.0), (52, 20.0, 3.0), (120, 20.0, 1.5)])
def test_a_series_without_a_change_is_seldom_cut(n: int, mean: float, phi: float) -> None:
    rng = np.random.default_rng(n)
    n_worlds = 300
    cut = sum(bool(change_points(bursts(rng, np.full(n, mean), phi)).changes) for _ in range(n_worlds))
    assert cut <= binom.ppf(0.9995, n_worlds, 0.06)


def test_two_planted_changes_are_found_in_most_bursty_series() -> None:
    rng = np.random.default_rng(5)
    mean = np.repeat([15.0, 35.0, 15.0], 30)
    found = 0
    for _ in range(60):
        where = [each.index for each in change_points(bursts(rng, mean, 2)).changes]
        found += len(where) == 2 and abs(where[0] - 30) <= 3 and abs(where[1] - 60) <= 3
    assert found >= 45


@pytest.mark.parametrize("phi", [1.0, 3.0])
def test_the_interval_holds_the_true_date_as_often_as_it_says(phi: float) -> None:
    rng = np.random.default_rng(int(phi))
    held = n = 0
    for _ in range(300):
        true = int(rng.integers(12, 49))
        changes = change_points(bursts(rng, np.where(np.arange(60) < true, 20.0, 40.0), phi)).changes
        if len(changes) == 1:
            n += 1
            held += changes[0].low <= true <= changes[0].high
    assert n > 200
    assert held >= binom.ppf(0.0005, n, 0.95)


def test_the_dispersion_is_that_of_the_counts_and_not_of_the_change() -> None:
    rng = np.random.default_rng(7)
    level = np.repeat([20.0, 60.0], 1_500)
    assert dispersion(series(rng.poisson(level), None, min_length=1)) == pytest.approx(1, abs=0.1)
    assert dispersion(series(bursts(rng, level, 3), None, min_length=1)) == pytest.approx(3, rel=0.12)


def test_exposure_takes_short_months_and_gaps_out() -> None:
    days = np.tile([31, 28, 31, 30, 31, 30], 6)
    exposure = days.astype(float)
    exposure[10:13] = 0
    counts = np.where(exposure > 0, days, 0)
    counts[20:] *= 2
    result = change_points(counts, exposure)
    (change,) = result.changes
    assert (change.index, change.rate_before, change.rate_after) == (20, pytest.approx(1), pytest.approx(2))
    assert np.isnan(result.level[10:13]).all()
    assert result.level[0] == pytest.approx(1)
    # Without exposure the gap looks like a change.
    assert len(change_points(counts).changes) > 1


def test_unit_of_exposure_does_not_matter_and_order_turned_round_turns_the_changes() -> None:
    rng = np.random.default_rng(8)
    counts = rng.poisson(np.repeat([4.0, 12.0, 6.0], 20))
    one, many = change_points(counts), change_points(counts, np.full(60, 7.0))
    assert [(each.index, each.low, each.high) for each in one.changes] == [
        (each.index, each.low, each.high) for each in many.changes
    ]
    back = change_points(counts[::-1])
    assert sorted(60 - each.index for each in back.changes) == [each.index for each in one.changes]


def test_from_none_to_some_has_no_ratio() -> None:
    (change,) = change_points([0] * 15 + [6] * 15).changes
    assert (change.index, change.rate_before, change.ratio) == (15, 0, None)


@pytest.mark.parametrize(
    ("counts", "code"),
    [
        ([], "change_points.too_few_periods"),
        ([5], "change_points.too_few_periods"),
        ([0] * 30, "change_points.no_events"),
        ([4] * 30, "change_points.none"),
        ([1, 9, 1, 9], "change_points.few_periods"),
    ],
)
def test_too_little_or_nothing_to_find_is_an_answer(counts: list[int], code: str) -> None:
    result = change_points(counts)
    assert result.changes == ()
    assert code in [note.code for note in result.notes]


def test_what_is_wrong_is_refused_and_the_input_is_left_alone() -> None:
    with pytest.raises(ValueError, match="`counts` must hold whole numbers"):
        change_points([1.5, 2])
    with pytest.raises(ValueError, match="`counts` must be 0 where `exposure` is 0"):
        change_points([1, 2], [0, 1])
    with pytest.raises(ValueError, match="`exposure` must have the length"):
        change_points([1, 2], [1])
    with pytest.raises(ValueError, match="`min_length` must be 1 or more"):
        change_points([1, 2], min_length=0)
    with pytest.raises(ValueError, match="`penalty` must be a positive number"):
        change_points([1, 2], penalty=0)
    counts = np.array(poisson.rvs(5, size=30, random_state=1))
    kept = counts.copy()
    change_points(counts)
    assert np.array_equal(counts, kept)
