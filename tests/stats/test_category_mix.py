"""The mix of categories: does it change, by how much, and which categories drive it?"""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, chi2_contingency, fisher_exact, hypergeom

from lagesbild.stats import category_mix
from lagesbild.stats._shares import exact_p, normal_p
from tests.stats.untimed import untimed

pytestmark = pytest.mark.one_database

COUNTS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=6)


def test_two_by_two_by_hand() -> None:
    result = category_mix([3, 1], [1, 3], names=["a", "b"], n_replicates=3_999, rng=1)
    # X² = 8 (9 - 1)² / 4⁴; of the 70 ways to deal, 34 are as far apart: 2 (16 + 1).
    assert result.chi2 == pytest.approx(2)
    assert result.degrees == 1
    assert result.pvalue == pytest.approx(34 / 70, abs=0.03)
    assert result.cramers_v == pytest.approx(0.5)
    assert result.moved_share == pytest.approx(0.5)
    assert result.residual.tolist() == pytest.approx([-np.sqrt(2), np.sqrt(2)])
    assert result.p_category.tolist() == pytest.approx([34 / 70, 34 / 70])
    assert result.names == ("a", "b")


@untimed
@given(table=COUNTS)
def test_chi_square_and_v_agree_with_scipy(table: list[tuple[int, int]]) -> None:
    before, after = np.array(table).T
    result = category_mix(before, after, n_replicates=1, rng=1)
    used = before + after > 0
    if not before.any() or not after.any() or used.sum() < 2:
        assert (result.chi2, result.pvalue) == (pytest.approx(0, abs=1e-9), 1)
        return
    expected = chi2_contingency(np.array([before, after])[:, used], correction=False)
    assert result.chi2 == pytest.approx(expected.statistic, abs=1e-9)
    assert result.degrees == expected.dof
    assert result.cramers_v == pytest.approx(np.sqrt(expected.statistic / (before.sum() + after.sum())), abs=1e-6)


@untimed
@given(table=COUNTS)
def test_each_category_has_its_test_against_the_rest(table: list[tuple[int, int]]) -> None:
    before, after = np.array(table).T
    n, m = int(before.sum()), int(after.sum())
    if n == 0 or m == 0:
        return
    result = category_mix(before, after, n_replicates=1, rng=1)
    for at in range(len(before)):
        lower = hypergeom.cdf(after[at], n + m, before[at] + after[at], m)
        upper = hypergeom.sf(after[at] - 1, n + m, before[at] + after[at], m)
        assert result.p_category[at] == pytest.approx(min(1.0, 2 * min(lower, upper)), rel=1e-6)
        collapsed = np.array([[before[at], n - before[at]], [after[at], m - after[at]]])
        if collapsed.sum(axis=0).all():
            assert result.residual[at] ** 2 == pytest.approx(
                chi2_contingency(collapsed, correction=False).statistic, abs=1e-8
            )
            assert result.p_category[at] >= fisher_exact(collapsed).pvalue / 2 - 1e-9


def test_the_exact_test_holds_for_large_and_far_counts() -> None:
    before = np.array([500_000, 300, 0, 7])
    after = np.array([499_000, 420, 12, 400_000])
    total, m = int((before + after).sum()), int(after.sum())
    p = exact_p(before, after)
    below = hypergeom.cdf(after[1], total, before[1] + after[1], m)
    above = hypergeom.sf(after[2] - 1, total, before[2] + after[2], m)
    assert p[1:3].tolist() == pytest.approx([2 * below, 2 * above], rel=1e-5)
    assert 0 < p[3] < 1e-200
    assert normal_p(before, after)[1] == pytest.approx(p[1], rel=0.4)


@pytest.mark.parametrize("means", [[50, 30, 15, 5], [3, 1, 0.5, 0.5, 0.2]])
def test_when_the_mix_stays_p_is_below_five_per_cent_at_most_that_often(means: list[float]) -> None:
    rng = np.random.default_rng(1)
    small = category = 0
    for at in range(300):
        # Twice as many events, of the same mix.
        result = category_mix(rng.poisson(means), rng.poisson(np.array(means) * 2), n_replicates=59, rng=at)
        small += result.pvalue <= 0.05
        category += bool(result.rejected.any())
    assert binomtest(small, 300, 0.05, alternative="greater").pvalue > 0.001
    assert binomtest(category, 300, 0.05, alternative="greater").pvalue > 0.001
    if means[0] == 50:
        assert binomtest(small, 300, 0.05).pvalue > 0.001


def test_a_planted_shift_is_found_in_its_categories() -> None:
    rng = np.random.default_rng(3)
    before, after = rng.poisson([200, 150, 80, 40, 20]), rng.poisson([200, 150, 80, 5, 70])
    result = category_mix(before, after, n_replicates=999, rng=1)
    assert result.pvalue == 0.001
    assert result.rejected.tolist() == [False, False, False, True, True]
    assert result.residual[3] < -4
    assert result.residual[4] > 4
    assert result.moved_share == pytest.approx(85 / 1_000, abs=0.06)


def test_more_events_of_the_same_mix_are_no_shift() -> None:
    result = category_mix([10, 20, 30], [40, 80, 120], n_replicates=99, rng=1)
    assert (result.chi2, result.moved_share) == (pytest.approx(0, abs=1e-9), pytest.approx(0))
    assert result.pvalue == 1
    assert not result.rejected.any()


def test_the_order_of_categories_and_the_threads_do_not_matter() -> None:
    before, after = np.array([9, 4, 0, 7, 30]), np.array([2, 12, 3, 7, 22])
    first = category_mix(before, after, n_replicates=999, rng=4, threads=1)
    assert category_mix(before, after, n_replicates=999, rng=4, threads=3).to_dict() == first.to_dict()
    turned = category_mix(before[::-1], after[::-1], n_replicates=999, rng=4)
    assert turned.chi2 == pytest.approx(first.chi2)
    assert turned.pvalue == pytest.approx(first.pvalue, abs=0.05)
    assert turned.p_adjusted[::-1].tolist() == pytest.approx(first.p_adjusted.tolist())
    assert before.tolist() == [9, 4, 0, 7, 30]
    swapped = category_mix(after, before, n_replicates=99, rng=4)
    assert swapped.residual.tolist() == pytest.approx((-first.residual).tolist())


def test_categories_that_never_occur_are_left_out_of_the_tests() -> None:
    result = category_mix([5, 0, 9], [8, 0, 2], n_replicates=99, rng=1)
    bare = category_mix([5, 9], [8, 2], n_replicates=99, rng=1)
    assert (result.n_tests, result.degrees, result.pvalue) == (2, 1, bare.pvalue)
    assert (result.p_category[1], result.p_adjusted[1]) == (1, 1)
    assert [note.code for note in result.notes] == ["category_mix.empty_categories"]


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ([], [], "category_mix.no_events"),
        ([0, 0], [3, 4], "category_mix.no_events"),
        ([5, 0], [3, 0], "category_mix.one_category"),
    ],
)
def test_too_little_is_an_answer(before: list[int], after: list[int], code: str) -> None:
    result = category_mix(before, after, n_replicates=9, rng=1)
    assert (result.pvalue, result.chi2) == (1, 0)
    assert [note.code for note in result.notes] == [code]
    json.dumps(result.to_dict(), allow_nan=False)


def test_wrong_arguments_are_refused_with_what_is_allowed() -> None:
    with pytest.raises(ValueError, match="`before` and `after` must have the same length"):
        category_mix([1], [1, 2], rng=1)
    with pytest.raises(ValueError, match="`names` must have one name for each"):
        category_mix([1, 2], [1, 2], names=["a"], rng=1)
    with pytest.raises(ValueError, match="`before` must hold whole numbers"):
        category_mix([1.5, 2], [1, 2], rng=1)
    with pytest.raises(ValueError, match="`n_replicates` must be 1 or more"):
        category_mix([1, 2], [1, 2], n_replicates=0, rng=1)


def test_counts_too_large_to_be_added_or_dealt_out_are_refused() -> None:
    with pytest.raises(ValueError, match="whole numbers of at most 1000000000000"):
        category_mix([10**18, 1], [1, 1], rng=1)
    with pytest.raises(ValueError, match="At most 999999999 events can be dealt out"):
        category_mix([10**9, 1], [1, 0], rng=1)
