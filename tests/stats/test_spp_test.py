"""The spatial point pattern test: the S-index as published, and tests that know of chance in both patterns."""

from __future__ import annotations

import json
import math
import sys
from typing import Any

import numpy as np
import pytest
from scipy.stats import binomtest, chi2_contingency, hypergeom, norm

from lagesbild.stats import SppTestResult, benjamini_hochberg, spp_test
from lagesbild.stats._replicates import seeds
from lagesbild.stats._shares import EVENTS_PER_COLUMN, drawn, exact_p
from lagesbild.stats.spp_test import _Sampling

pytestmark = pytest.mark.one_database

# Six areas, as in the documentation of the R package sppt 0.2.3.
BASE, TEST = [2, 2, 2, 1, 0, 1], [2, 1, 2, 2, 1, 1]


def test_the_documented_example_of_the_r_package_sppt() -> None:
    # README.md: sppt(points1.sp, points2.sp, areas.sp) with set.seed(93255). Eight of nine test points are drawn.
    result = spp_test(BASE, TEST, rng=1)
    assert (result.share_base * 100).tolist() == [25, 25, 25, 12.5, 0, 12.5]
    assert (result.low * 100).tolist() == [12.5, 0, 12.5, 12.5, 0, 0]
    assert (result.high * 100).tolist() == [25, 12.5, 25, 25, 12.5, 12.5]
    assert result.change.tolist() == [0, -1, 0, 0, 0, 0]
    assert result.s_index == pytest.approx(0.8333333, abs=1e-7)
    assert result.s_robust == pytest.approx(0.8333333, abs=1e-7)


def test_an_area_without_events_counts_in_s_but_not_in_the_robust_s() -> None:
    result = spp_test([*BASE, 0, 0], [*TEST, 0, 0], rng=1)
    assert result.s_index == pytest.approx(7 / 8)
    assert result.s_robust == pytest.approx(5 / 6)
    assert (result.n_areas, result.n_used) == (8, 6)
    assert "spp_test.empty_areas" in [note.code for note in result.notes]


def test_the_generalised_s_asks_for_no_more_areas_than_there_are_events() -> None:
    base, test = np.zeros(10, dtype=int), np.ones(10, dtype=int)
    base[:4] = 1
    result = spp_test(base, test, rng=1)
    similar = int(np.count_nonzero(result.change == 0))
    assert result.s_generalised == pytest.approx(similar / 4)
    assert result.s_robust == pytest.approx(similar / 10)


def ends(counts: np.ndarray, size: int, n_samples: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """The interval by drawing the events themselves, one sample after the other."""
    events = np.repeat(np.arange(len(counts)), counts)
    shares = np.array(
        [np.bincount(rng.choice(events, size, replace=False), minlength=len(counts)) / size for _ in range(n_samples)]
    )
    ordered = np.sort(shares, axis=0)
    beyond = int(n_samples * 0.025)
    return ordered[beyond], ordered[n_samples - 1 - beyond]


def test_the_intervals_agree_with_drawing_events_one_by_one() -> None:
    rng = np.random.default_rng(1)
    base, test = rng.poisson(12, 15), rng.poisson(12, 15)
    test[3] = 0
    size = round(0.85 * test.sum())
    low, high = ends(test, size, 2_000, rng)
    result = spp_test(base, test, n_samples=2_000, n_replicates=1, rng=3)
    assert (result.low * size).tolist() == pytest.approx((low * size).tolist(), abs=1.01)
    assert (result.high * size).tolist() == pytest.approx((high * size).tolist(), abs=1.01)
    assert (result.low[3], result.high[3]) == (0, 0)
    expected = np.where(result.share_base < result.low, 1, np.where(result.share_base > result.high, -1, 0))
    assert result.change.tolist() == expected.tolist()


@pytest.mark.parametrize(
    ("n_samples", "conf", "ends_at"),
    [(200, 0.95, (6, 195)), (100, 0.95, (3, 98)), (999, 0.95, (25, 975)), (39, 0.95, (1, 39)), (200, 0.9, (11, 190))],
)
def test_the_ends_are_the_sixth_and_the_one_hundred_and_ninety_fifth_of_two_hundred(
    n_samples: int, conf: float, ends_at: tuple[int, int]
) -> None:
    rows = np.random.default_rng(4).permutation(np.arange(1, n_samples + 1))[:, None]
    sampling = _Sampling(np.array([1]), np.array([10_000]), "bootstrap", 0.85, conf)
    low, high, _ = sampling.compared(iter(np.array_split(rows, 7)), n_samples)
    assert (low[0] * 10_000, high[0] * 10_000) == (pytest.approx(ends_at[0]), pytest.approx(ends_at[1]))


@pytest.mark.parametrize("scale", [1, 40])
def test_events_are_drawn_as_without_replacement_however_many_there_are(scale: int) -> None:
    counts = np.array([3, 1, 6, 10], dtype=np.int64) * scale
    assert (counts.sum() < EVENTS_PER_COLUMN * len(counts)) == (scale == 1)
    size = 17 * scale
    rows = drawn(counts, size, seeds(1, 4_000))
    assert (rows.sum(axis=1) == size).all()
    for at, count in enumerate(counts):
        theory = hypergeom(int(counts.sum()), count, size)
        assert rows[:, at].mean() == pytest.approx(theory.mean(), abs=4.5 * theory.std() / math.sqrt(4_000))
        assert rows[:, at].std() == pytest.approx(theory.std(), rel=0.06)
    assert np.corrcoef(rows[:, 2], rows[:, 3])[0, 1] < -0.4
    assert drawn(counts, 0, seeds(1, 2)).sum() == 0
    assert drawn(counts, int(counts.sum()), seeds(1, 2)).tolist() == [counts.tolist()] * 2


def test_the_p_value_is_that_of_chi_square_when_events_are_many() -> None:
    rng = np.random.default_rng(6)
    base, test = rng.poisson(60, 10), rng.poisson(60, 10)
    test[0] += 20
    expected = chi2_contingency([base, test], correction=False)
    result = spp_test(base, test, n_replicates=3_999, n_samples=1, rng=1)
    assert result.chi2 == pytest.approx(expected.statistic)
    assert result.pvalue == pytest.approx(expected.pvalue, abs=0.03)


def test_the_areas_have_the_n_minus_one_chi_square_or_fishers_test() -> None:
    base, test = np.array([30, 10, 25, 0]), np.array([12, 14, 40, 3])
    n, m = base.sum(), test.sum()
    exact = spp_test(base, test, n_replicates=1, rng=1)
    normal = spp_test(base, test, area_test="chi2", n_replicates=1, rng=1)
    for at in range(4):
        table = [[base[at], n - base[at]], [test[at], m - test[at]]]
        statistic = chi2_contingency(table, correction=False).statistic * (n + m - 1) / (n + m)
        assert normal.p_area[at] == pytest.approx(2 * norm.sf(math.sqrt(statistic)))
        tails = (
            hypergeom.cdf(test[at], n + m, base[at] + test[at], m),
            hypergeom.sf(test[at] - 1, n + m, base[at] + test[at], m),
        )
        assert exact.p_area[at] == pytest.approx(min(1, 2 * min(tails)))
    corrected = benjamini_hochberg(exact.p_area, alpha=0.05)
    assert exact.p_adjusted.tolist() == corrected.adjusted.tolist()
    assert exact.differs.tolist() == corrected.rejected.tolist()


def null(rng: np.random.Generator, mean: float, m: int = 30) -> tuple[np.ndarray, np.ndarray]:
    """Two years of one process; the second has a third more events."""
    level = rng.gamma(2, mean / 2, m)
    return rng.poisson(level), rng.poisson(level * 4 / 3)


@pytest.mark.parametrize("mean", [3, 60])
def test_when_nothing_changed_the_p_values_are_small_at_most_as_often_as_they_say(mean: float) -> None:
    rng = np.random.default_rng(7)
    whole = any_area = 0
    for at in range(250):
        result = spp_test(*null(rng, mean), n_samples=1, n_replicates=59, rng=at)
        whole += result.pvalue <= 0.05
        any_area += bool(result.differs.any())
    assert binomtest(whole, 250, 0.05).pvalue > 0.001
    assert binomtest(any_area, 250, 0.05, alternative="greater").pvalue > 0.001


def test_the_chi_square_of_an_area_is_below_five_per_cent_that_often() -> None:
    rng = np.random.default_rng(8)
    small = n = 0
    for _ in range(60):
        base, test = null(rng, 60)
        p = spp_test(base, test, area_test="chi2", n_samples=1, n_replicates=1, rng=1).p_area
        small, n = small + int((p < 0.05).sum()), n + len(p)
    assert small / n == pytest.approx(0.05, abs=0.02)
    assert float(np.mean(exact_p(base, test) < 0.05)) <= 0.2


def test_s_is_far_below_095_for_two_patterns_of_one_process_and_resampling_both_mends_that() -> None:
    rng = np.random.default_rng(9)
    level = rng.gamma(2, 100, 400)
    base, test = rng.poisson(level), rng.poisson(level)
    described = spp_test(base, test, n_replicates=99, rng=1)
    assert described.s_robust == pytest.approx(0.44, abs=0.08)  # as the documentation says
    assert described.pvalue > 0.01
    both = spp_test(base, test, resample="both", n_samples=400, n_replicates=1, rng=1)
    assert both.s_robust == pytest.approx(0.95, abs=0.04)


def test_resampling_both_does_not_care_which_is_the_base() -> None:
    rng = np.random.default_rng(10)
    base, test = rng.poisson(30, 40), rng.poisson(60, 40)
    base[0], test[1] = 80, 150
    there = spp_test(base, test, resample="both", n_samples=400, n_replicates=1, rng=1)
    back = spp_test(test, base, resample="both", n_samples=400, n_replicates=1, rng=1)
    assert (there.change == -back.change).mean() > 0.9
    assert (there.change[0], there.change[1]) == (-1, 1)
    assert there.low[2] < there.share_test[2] - there.share_base[2] < there.high[2]


@pytest.mark.parametrize("resample", ["subsample", "bootstrap", "both"])
def test_a_planted_move_between_two_areas_is_found(resample: Any) -> None:
    rng = np.random.default_rng(11)
    base, test = rng.poisson(50, 30), rng.poisson(50, 30)
    test[4], test[9] = 5, 120
    result = spp_test(base, test, resample=resample, n_replicates=99, rng=2)
    assert (result.change[4], result.change[9]) == (-1, 1)
    assert result.differs[[4, 9]].all()
    assert result.differs.sum() <= 4
    assert result.pvalue == 0.01


def test_twice_as_many_events_everywhere_are_the_same_pattern() -> None:
    base = np.array([10, 40, 0, 7, 90])
    result = spp_test(base, 2 * base, n_replicates=99, rng=1)
    assert (result.s_index, result.pvalue) == (1, 1)
    assert not result.differs.any()


def test_threads_blocks_and_generators_give_the_same_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(12)
    base, test = rng.poisson(5, 50), rng.poisson(5, 50)
    kept = base.copy(), test.copy()
    first = spp_test(base, test, rng=5, threads=1)
    assert spp_test(base, test, rng=5, threads=4).to_dict() == first.to_dict()
    monkeypatch.setattr(sys.modules["lagesbild.stats.spp_test"], "BLOCK_SIZE", 7)
    assert spp_test(base, test, rng=5).to_dict() == first.to_dict()
    assert np.array_equal(base, kept[0])
    assert np.array_equal(test, kept[1])
    assert spp_test(base, test, rng=6).low.tolist() != first.low.tolist()
    source = np.random.default_rng(1)
    assert spp_test(base, test, rng=source).low.tolist() != spp_test(base, test, rng=source).low.tolist()


def test_the_order_of_areas_does_not_matter() -> None:
    rng = np.random.default_rng(13)
    base, test = rng.poisson(20, 30), rng.poisson(20, 30)
    test[3] = 70
    order = rng.permutation(30)
    first = spp_test(base, test, n_samples=2_000, n_replicates=99, rng=1)
    turned = spp_test(base[order], test[order], n_samples=2_000, n_replicates=99, rng=1)
    assert turned.p_area.tolist() == first.p_area[order].tolist()
    assert (turned.change == first.change[order]).mean() > 0.9


@pytest.mark.parametrize(("base", "test"), [([], []), ([0, 0], [1, 2]), ([1, 2], [0, 0]), ([0], [0])])
def test_a_pattern_without_events_is_an_answer(base: list[int], test: list[int]) -> None:
    result = spp_test(base, test, rng=1)
    assert (result.s_index, result.s_robust, result.pvalue) == (None, None, 1)
    assert [note.code for note in result.notes] == ["spp_test.no_events"]
    json.dumps(result.to_dict(), allow_nan=False)


def test_one_event_and_one_area_are_answers() -> None:
    one: SppTestResult = spp_test([1], [1], rng=1)
    assert (one.s_index, one.pvalue) == (1, 1)
    assert spp_test([1, 0], [0, 1], rng=1, n_replicates=9).pvalue == 1
    gone = spp_test([5, 3], [0, 9], rng=1, n_replicates=9)
    assert gone.change.tolist() == [-1, 1]
    assert "spp_test.without_test_events" in [note.code for note in gone.notes]


def test_wrong_arguments_are_refused_with_what_is_allowed() -> None:
    with pytest.raises(ValueError, match="`base` and `test` must have the same length"):
        spp_test([1, 2], [1], rng=1)
    with pytest.raises(ValueError, match="`resample` must be one of subsample, bootstrap, both"):
        spp_test([1], [1], resample="jackknife", rng=1)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="`area_test` must be one of exact, chi2"):
        spp_test([1], [1], area_test="z", rng=1)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="`sample_share` must lie between 0 and 1"):
        spp_test([1], [1], sample_share=1, rng=1)
    with pytest.raises(ValueError, match="`n_samples` must be 1 or more"):
        spp_test([1], [1], n_samples=0, rng=1)
    with pytest.raises(TypeError, match="`rng` must be"):
        spp_test([1], [1], rng=None)  # type: ignore[arg-type]
