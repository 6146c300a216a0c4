"""Two counts, two periods: ratio, interval and p-value."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, poisson, poisson_means_test

from lagesbild.stats import benjamini_hochberg, compare_counts, compare_counts_many
from tests.stats.untimed import untimed

pytestmark = pytest.mark.one_database

COUNT = st.integers(0, 400)
EXPOSURE = st.sampled_from([0.5, 1.0, 3.0, 365.0])


def test_one_before_and_three_after_by_hand() -> None:
    result = compare_counts(1, 3)
    # Three or four heads in four throws: 5/16, twice.
    assert result.pvalue == pytest.approx(10 / 16)
    assert result.ratio == 3
    assert result.change_pct == pytest.approx(200)


def test_the_documented_interval_of_r() -> None:
    # R 4.3, poisson.test(c(11, 6+8+7), c(800, 1083+1050+878)): estimate 1.971488, interval 0.8584264 4.2772659.
    result = compare_counts(21, 11, exposure_before=3_011, exposure_after=800)
    assert result.ratio == pytest.approx(1.971488, abs=1e-6)
    assert result.low == pytest.approx(0.8584264, abs=1e-7)
    assert result.high == pytest.approx(4.2772659, abs=1e-7)


@pytest.mark.parametrize(("before", "after", "pvalue"), [(0, 3, 0.0884), (6, 2, 0.1749)])
def test_the_published_pvalues_of_the_e_test(before: int, after: int, pvalue: float) -> None:
    # Krishnamoorthy and Thomson (2004), as checked by the R package ptools.
    assert compare_counts(before, after, test="e-test").pvalue == pytest.approx(pvalue, abs=5e-5)


@untimed
@given(before=st.integers(0, 120), after=st.integers(0, 120), e1=st.integers(1, 4), e2=st.integers(1, 4))
def test_the_e_test_agrees_with_adding_up_all_outcomes(before: int, after: int, e1: int, e2: int) -> None:
    rate = (before + after) / (e1 + e2)
    counts = np.arange(int(4 * rate + 12 * math.sqrt(4 * rate) + 30))
    first, second = counts[:, None], counts[None, :]
    # Whole numbers only, so that ties are ties: T² >= t² with both sides multiplied out, T = 0 without events.
    gap, spread = (e2 * before - e1 * after) ** 2, e2**2 * before + e1**2 * after
    extreme = (e2 * first - e1 * second) ** 2 * spread >= gap * (e2**2 * first + e1**2 * second)
    extreme[0, 0] = gap == 0
    mass = poisson.pmf(first, rate * e1) * poisson.pmf(second, rate * e2)
    # The exposures in thirds, which no binary number is.
    result = compare_counts(before, after, exposure_before=e1 / 3, exposure_after=e2 / 3, test="e-test")
    assert result.pvalue == pytest.approx(float(mass[extreme].sum()), rel=1e-6, abs=1e-12)


@pytest.mark.parametrize("counts", [(6, 2), (12, 30), (80, 61)])
def test_the_e_test_agrees_with_scipy_where_no_outcomes_tie(counts: tuple[int, int]) -> None:
    ours = compare_counts(*counts, exposure_before=2, exposure_after=3, test="e-test").pvalue
    assert ours == pytest.approx(poisson_means_test(counts[0], 2, counts[1], 3).pvalue, rel=1e-6)


@untimed
@given(before=COUNT, after=COUNT)
def test_the_conditional_test_agrees_with_binomial_tails(before: int, after: int) -> None:
    if before + after == 0:
        return
    lower = binomtest(after, before + after, 0.25, alternative="less").pvalue
    upper = binomtest(after, before + after, 0.25, alternative="greater").pvalue
    three_to_one = {"exposure_before": 3.0, "exposure_after": 1.0}
    assert compare_counts(before, after, **three_to_one, alternative="less").pvalue == pytest.approx(lower, rel=1e-9)
    assert compare_counts(before, after, **three_to_one, alternative="greater").pvalue == pytest.approx(upper, rel=1e-9)
    assert compare_counts(before, after, **three_to_one).pvalue == pytest.approx(
        min(1.0, 2 * min(lower, upper)), rel=1e-9
    )


@untimed
@given(before=st.integers(1, 300), after=st.integers(1, 300), conf=st.sampled_from([0.8, 0.95, 0.99]))
def test_the_interval_agrees_with_clopper_and_pearson(before: int, after: int, conf: float) -> None:
    share = binomtest(after, before + after).proportion_ci(confidence_level=conf, method="exact")
    result = compare_counts(before, after, conf=conf)
    assert result.low == pytest.approx(share.low / (1 - share.low), rel=1e-6)
    assert result.high == pytest.approx(share.high / (1 - share.high), rel=1e-6)


@untimed
@given(before=COUNT, after=COUNT, e1=EXPOSURE, e2=EXPOSURE)
def test_p_is_below_five_per_cent_exactly_when_the_interval_leaves_out_one(
    before: int, after: int, e1: float, e2: float
) -> None:
    result = compare_counts(before, after, exposure_before=e1, exposure_after=e2)
    low, high = result.low or 0.0, math.inf if result.high is None else result.high
    if abs(result.pvalue - 0.05) > 1e-9:
        assert (result.pvalue < 0.05) == (not low <= 1 <= high)


@untimed
@given(before=st.integers(1, 400), after=st.integers(1, 400), e1=EXPOSURE, e2=EXPOSURE)
def test_time_reversed_the_ratio_is_turned_over(before: int, after: int, e1: float, e2: float) -> None:
    there = compare_counts(before, after, exposure_before=e1, exposure_after=e2)
    back = compare_counts(after, before, exposure_before=e2, exposure_after=e1)
    assert there.ratio is not None
    assert there.low is not None
    assert there.ratio * (back.ratio or 0) == pytest.approx(1)
    assert there.low * (back.high or 0) == pytest.approx(1, rel=1e-6)
    assert there.pvalue == pytest.approx(back.pvalue, rel=1e-9)


def test_none_before_has_no_ratio_but_a_lower_limit() -> None:
    result = compare_counts(0, 6)
    assert (result.ratio, result.high, result.change_pct) == (None, None, None)
    # The share is at least 0.025^(1/6).
    share = 0.025 ** (1 / 6)
    assert result.low == pytest.approx(share / (1 - share))
    assert result.pvalue == pytest.approx(2 * 0.5**6)
    assert [note.code for note in result.notes] == ["change.before_zero"]


def test_none_after_is_a_ratio_of_zero_with_an_upper_limit() -> None:
    result = compare_counts(6, 0)
    share = 1 - 0.025 ** (1 / 6)
    assert (result.ratio, result.low) == (0.0, 0.0)
    assert result.high == pytest.approx(share / (1 - share))
    assert result.change_pct == -100


@pytest.mark.parametrize("test", ["conditional", "e-test"])
def test_none_at_all_is_an_answer(test: str) -> None:
    result = compare_counts(0, 0, test=test)  # type: ignore[arg-type]
    assert (result.ratio, result.high, result.pvalue) == (None, None, 1.0)
    assert [note.code for note in result.notes] == ["change.both_zero"]


def test_large_counts_stay_exact_and_p_never_reaches_zero() -> None:
    result = compare_counts(10_000_000, 20_000_000)
    assert result.low == pytest.approx(1.9985, abs=1e-3)
    assert 0 < result.pvalue < 1e-200
    assert compare_counts(10_000, 20_000, test="e-test").pvalue == 1e-15


@pytest.mark.parametrize(("before", "after"), [(-1, 3), (1.5, 3)])
def test_counts_that_are_none_are_refused(before: float, after: int) -> None:
    with pytest.raises(ValueError, match="`before` must hold whole numbers"):
        compare_counts(before, after)  # type: ignore[arg-type]


def test_other_arguments_are_refused_with_what_is_allowed() -> None:
    with pytest.raises(ValueError, match="`exposure_after` must be a positive number"):
        compare_counts(1, 2, exposure_after=0)
    with pytest.raises(ValueError, match="`alternative` must be two-sided for the e-test"):
        compare_counts(1, 2, alternative="less", test="e-test")
    with pytest.raises(ValueError, match="two-sided, greater, less"):
        compare_counts(1, 2, alternative="both")  # type: ignore[arg-type]


def test_when_nothing_changed_p_is_below_five_per_cent_at_most_that_often() -> None:
    rng = np.random.default_rng(14)
    before, after = rng.poisson(12, 4_000), rng.poisson(24, 4_000)
    conditional = compare_counts_many(before, after, exposure_after=2.0).pvalue
    assert binomtest(int((conditional < 0.05).sum()), 4_000, 0.05, alternative="greater").pvalue > 0.001
    e_test = [
        compare_counts(int(b), int(a), exposure_after=2.0, test="e-test").pvalue
        for b, a in zip(before[:1_500], after[:1_500], strict=True)
    ]
    assert binomtest(int(np.sum(np.array(e_test) < 0.05)), 1_500, 0.05).pvalue > 0.001


def test_the_interval_holds_the_true_ratio_at_least_as_often_as_it_says() -> None:
    rng = np.random.default_rng(15)
    result = compare_counts_many(rng.poisson(9, 4_000), rng.poisson(27, 4_000))
    held = int(((result.low <= 3) & (result.high >= 3)).sum())
    assert binomtest(held, 4_000, 0.95, alternative="less").pvalue > 0.001


def test_many_areas_have_the_numbers_of_each_one() -> None:
    before, after = np.array([0, 4, 10, 0, 7]), np.array([0, 9, 3, 5, 0])
    many = compare_counts_many(before, after, exposure_before=30, exposure_after=31)
    for at, (b, a) in enumerate(zip(before, after, strict=True)):
        one = compare_counts(int(b), int(a), exposure_before=30, exposure_after=31)
        assert many.pvalue[at] == one.pvalue
        assert (many.low[at], many.to_dict()["ratio"][at]) == (one.low, one.ratio)  # type: ignore[index]


def test_only_areas_with_events_are_tested_and_corrected_for() -> None:
    before, after = np.array([0, 4, 40, 0, 7]), np.array([0, 9, 9, 5, 0])
    result = compare_counts_many(before, after)
    expected = benjamini_hochberg(result.pvalue[1:], alpha=0.05)
    assert result.n_tests == 4
    assert result.p_adjusted[1:].tolist() == expected.adjusted.tolist()
    assert result.rejected[1:].tolist() == expected.rejected.tolist()
    assert (result.p_adjusted[0], bool(result.tested[0])) == (1.0, False)
    assert [note.code for note in result.notes] == ["change.many_tests", "change.areas_without_events"]


def test_a_planted_change_is_found_among_many_areas() -> None:
    rng = np.random.default_rng(16)
    before, after = rng.poisson(20, 300), rng.poisson(20, 300)
    after[7], after[9] = 70, 0
    result = compare_counts_many(before, after)
    assert result.rejected[[7, 9]].all()
    assert result.rejected.sum() <= 4


def test_no_areas_are_an_answer() -> None:
    assert compare_counts_many([], []).n_tests == 0
