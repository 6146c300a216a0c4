"""What rounded and hidden numbers together leave for a sum that none of them shows."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.stats import NarrowingResult, differencing, narrowing
from tests.stats.untimed import untimed

pytestmark = pytest.mark.one_database


def ends(found: NarrowingResult) -> list[tuple[int, int | None]]:
    return [(each.low, each.high) for each in found.ranges]


def test_the_difference_of_two_rounded_numbers_is_known_within_four() -> None:
    covers = [[True, True], [True, False]]
    assert ends(narrowing(covers, [163, 158], [167, 162], asked=[[False, True]])) == [(1, 9)]
    assert ends(narrowing(covers, [158, 158], [162, 162], asked=[[False, True]])) == [(0, 4)]


def test_exact_numbers_give_what_differencing_gives() -> None:
    covers = [[True, True], [False, True]]
    (risk,) = differencing([3, 200], covers).risks
    assert ends(narrowing(covers, [203, 200], [203, 200], asked=[[True, False]])) == [(risk.low, risk.high)]


def test_a_sum_that_nothing_limits_has_no_upper_end() -> None:
    assert ends(narrowing([[True, False]], [3], [7], asked=[[True, True], [False, True], [True, False]])) == [
        (3, None),
        (0, None),
        (3, 7),
    ]
    assert ends(narrowing([[True]], [3], [np.inf], asked=[[True]])) == [(3, None)]


def test_limits_that_no_table_meets_are_told() -> None:
    found = narrowing([[True], [True]], [3, 9], [4, 10], asked=[[True]])
    assert not found.consistent
    assert found.ranges == ()
    assert [note.code for note in found.notes] == ["narrowing.inconsistent"]
    assert not narrowing([[True], [True]], [3, 9], [4, 10], asked=np.zeros((0, 1), dtype=bool)).consistent


@pytest.mark.parametrize(
    ("low", "high"), [([-1], [3]), ([4], [3]), ([1.5], [3]), ([1, 2], [3, 4]), ([np.nan], [3]), ([np.inf], [np.inf])]
)
def test_limits_that_make_no_sense_are_refused(low: list[float], high: list[float]) -> None:
    with pytest.raises(ValueError, match=r"`(low|high)`"):
        narrowing([[True]], low, high, asked=[[True]])


@untimed
@given(
    counts=st.lists(st.integers(0, 6), min_size=2, max_size=3),
    covers=st.lists(st.lists(st.booleans(), min_size=3, max_size=3), min_size=1, max_size=3),
)
def test_the_range_is_that_of_all_tables_which_agree(counts: list[int], covers: list[list[bool]]) -> None:
    """Brute force: every table of counts up to a limit that gives the same rounded numbers."""
    k = len(counts)
    given = np.array([row[:k] for row in covers] + [[True] * k])
    values = given @ np.array(counts)
    low = np.where(values == 0, 0, np.where(values < 5, 1, (values + 2) // 5 * 5 - 2))
    high = np.where(values == 0, 0, np.where(values < 5, 4, (values + 2) // 5 * 5 + 2))
    tables = np.array(list(itertools.product(range(int(high[-1]) + 1), repeat=k)))
    sums = tables @ given.T
    agree = tables[((sums >= low) & (sums <= high)).all(axis=1)]
    found = ends(narrowing(given, low, high, asked=np.eye(k, dtype=bool)))
    assert found == [(int(agree[:, at].min()), int(agree[:, at].max())) for at in range(k)]


def test_the_order_of_numbers_makes_no_difference_and_nothing_given_is_changed() -> None:
    covers = np.array([[True, True, False], [False, True, True], [True, True, True]])
    low, high = np.array([8, 13, 18]), np.array([12, 17, 22])
    before = covers.copy(), low.copy(), high.copy()
    asked = np.eye(3, dtype=bool)
    turned = [2, 0, 1]
    assert ends(narrowing(covers, low, high, asked=asked)) == ends(
        narrowing(covers[turned], low[turned], high[turned], asked=asked)
    )
    assert all(np.array_equal(one, other) for one, other in zip(before, (covers, low, high), strict=True))
