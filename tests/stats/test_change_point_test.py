"""The test of a single change of level."""

from __future__ import annotations

import math
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from lagesbild.stats import change_point_test
from tests.stats.coal import DISASTERS, FIRST_YEAR
from tests.stats.untimed import untimed

pytestmark = pytest.mark.one_database


def largest(counts: list[int], min_length: int = 1) -> float:
    """The statistic by its definition."""
    n, total = len(counts), sum(counts)

    def part(x: int, e: int) -> float:
        return x * math.log(x / e) if x else 0.0

    return max(
        2 * (part(sum(counts[:k]), k) + part(total - sum(counts[:k]), n - k) - part(total, n))
        for k in range(min_length, n - min_length + 1)
    )


@untimed
@given(st.lists(st.integers(0, 20), min_size=2, max_size=20).filter(any))
def test_the_statistic_agrees_with_its_definition(counts: list[int]) -> None:
    result = change_point_test(counts, min_length=1, n_replicates=1, rng=1)
    assert result.statistic == pytest.approx(max(largest(counts), 0), abs=1e-9)


def test_p_agrees_with_all_orders_of_six_counts() -> None:
    counts = [1, 0, 2, 7, 5, 8]
    observed = largest(counts)
    exact = np.mean([largest(list(order)) >= observed - 1e-9 for order in permutations(counts)])
    result = change_point_test(counts, min_length=1, n_replicates=9_999, rng=2)
    assert result.pvalue == pytest.approx(exact, abs=0.012)


def test_p_agrees_with_all_ways_to_deal_five_events_to_three_periods() -> None:
    counts, days = [4, 1, 0], [2.0, 1.0, 1.0]

    def statistic(x: tuple[int, ...]) -> float:
        parts = []
        for k in (1, 2):
            sides = ((sum(x[:k]), sum(days[:k])), (sum(x[k:]), sum(days[k:])), (5, 4.0))
            before, after, all_ = (n * math.log(n / e) if n else 0.0 for n, e in sides)
            parts.append(2 * (before + after - all_))
        return max(parts)

    exact = 0.0
    for a in range(6):
        for b in range(6 - a):
            x = (a, b, 5 - a - b)
            ways = math.factorial(5) / math.prod(math.factorial(each) for each in x)
            exact += ways * 0.5**a * 0.25 ** (5 - a) * (statistic(x) >= statistic((4, 1, 0)) - 1e-9)
    result = change_point_test(counts, days, null="poisson", min_length=1, n_replicates=9_999, rng=3)
    assert result.statistic == pytest.approx(statistic((4, 1, 0)))
    assert result.pvalue == pytest.approx(exact, abs=0.02)


@pytest.mark.parametrize("null", ["exchangeable", "poisson"])
def test_the_coal_mines_changed_in_1891_or_near(null: str) -> None:
    result = change_point_test(DISASTERS, null=null, n_replicates=199, rng=1)  # type: ignore[arg-type]
    assert result.pvalue == 0.005
    assert result.change is not None
    assert FIRST_YEAR + result.change.index - 1 == 1891


@pytest.mark.parametrize("null", ["exchangeable", "poisson"])
def test_the_test_holds_its_level(null: str) -> None:
    rng = np.random.default_rng(4)
    n_worlds, reached = 250, 0
    for world in range(n_worlds):
        counts = rng.poisson(4, 20) if null == "poisson" else rng.negative_binomial(5, 0.2, 20)
        found = change_point_test(counts, null=null, n_replicates=99, rng=world, threads=1)  # type: ignore[arg-type]
        reached += found.pvalue <= 0.05
    assert binom.ppf(0.0005, n_worlds, 0.05) - 3 <= reached <= binom.ppf(0.9995, n_worlds, 0.05)


def test_bursts_do_not_deceive_the_exchangeable_test_as_they_do_the_other() -> None:
    rng = np.random.default_rng(5)
    reached = np.zeros(2)
    for world in range(80):
        counts = rng.negative_binomial(2, 0.1, 30)
        for at, null in enumerate(("exchangeable", "poisson")):
            found = change_point_test(counts, null=null, n_replicates=39, rng=world, threads=1)  # type: ignore[arg-type]
            reached[at] += found.pvalue <= 0.05
    assert reached[0] <= binom.ppf(0.999, 80, 0.05)
    assert reached[1] > 60


def test_a_planted_change_is_found_and_dated() -> None:
    rng = np.random.default_rng(6)
    found = 0
    for world in range(40):
        counts = rng.negative_binomial(np.repeat([15.0, 40.0], [35, 17]), 0.5)
        result = change_point_test(counts, n_replicates=99, rng=world, threads=1)
        assert result.change is not None
        found += result.pvalue <= 0.05 and result.change.low <= 35 <= result.change.high
    assert found >= 34


def test_gaps_are_left_out_and_dates_counted_in_all_periods() -> None:
    counts = np.array([2, 2, 0, 0, 2, 2, 9, 9, 0, 9, 9])
    exposure = np.array([1, 1, 0, 0, 1, 1, 1, 1, 0, 1, 1.0])
    result = change_point_test(counts, exposure, n_replicates=99, rng=1)
    assert result.change is not None
    assert (result.change.index, result.change.ratio) == (6, 4.5)
    assert result.n_periods == 11


def test_the_answer_depends_on_the_seed_and_on_nothing_else() -> None:
    counts = np.random.default_rng(7).poisson(6, 40)
    kept = counts.copy()
    one = change_point_test(counts, n_replicates=199, rng=5, threads=1, block_size=7)
    two = change_point_test(counts, n_replicates=199, rng=5, threads=2, block_size=64)
    assert one.to_dict() == two.to_dict()
    assert change_point_test(counts, n_replicates=199, rng=6).pvalue != one.pvalue
    assert np.array_equal(counts, kept)


@pytest.mark.parametrize("counts", [[], [3], [0, 0, 0, 0, 0]])
def test_too_little_is_an_answer(counts: list[int]) -> None:
    result = change_point_test(counts, n_replicates=9, rng=1)
    assert (result.change, result.pvalue, result.statistic) == (None, 1.0, 0.0)
    assert len(result.notes) == 1


def test_equal_counts_are_no_change() -> None:
    result = change_point_test([5] * 12, n_replicates=19, rng=1)
    assert (result.statistic, result.pvalue) == (pytest.approx(0, abs=1e-9), 1.0)


def test_what_is_wrong_is_refused() -> None:
    with pytest.raises(ValueError, match="`null` must be poisson when exposures differ"):
        change_point_test([1, 2, 3, 4], [1, 1, 1, 2], rng=1)
    with pytest.raises(ValueError, match="`null` must be one of exchangeable, poisson"):
        change_point_test([1, 2], null="normal", rng=1)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="`n_replicates` must be 1 or more"):
        change_point_test([1, 2], n_replicates=0, rng=1)
