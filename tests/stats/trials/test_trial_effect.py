"""The effect in a trial: difference within blocks, p over all draws, interval by turning the test round."""

from __future__ import annotations

import itertools
import math

import numpy as np
import numpy.typing as npt
import pytest
import statsmodels.api as sm
from scipy.stats import binomtest

from lagesbild.stats import TrialEffectResult, randomise, trial_effect
from tests.stats.trials.jersey_city import hot_spots

pytestmark = pytest.mark.one_database

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


def difference(y: Floats, treated: Bools, block: npt.NDArray[np.int64]) -> float:
    """Mean of the blocks' differences with weights n_t n_c / (n_t + n_c); written from the definition."""
    total, weights = 0.0, 0.0
    for each in np.unique(block):
        ours, others = y[(block == each) & treated], y[(block == each) & ~treated]
        if len(ours) and len(others):
            weight = len(ours) * len(others) / (len(ours) + len(others))
            total, weights = total + weight * (ours.mean() - others.mean()), weights + weight
    return total / weights


def every_draw(treated: Bools, block: npt.NDArray[np.int64]) -> list[Bools]:
    choices = []
    for each in np.unique(block):
        rows = np.flatnonzero(block == each)
        choices.append([set(some) for some in itertools.combinations(rows, int(treated[rows].sum()))])
    return [np.isin(np.arange(len(block)), list(set.union(*some))) for some in itertools.product(*choices)]


def p_by_listing(
    y: Floats, treated: Bools, block: npt.NDArray[np.int64], *, effect: float = 0.0
) -> tuple[float, float]:
    """p of more and of fewer, when `effect` is taken away from the treated."""
    rest = y - effect * treated
    observed = difference(rest, treated, block)
    others = np.array([difference(rest, draw, block) for draw in every_draw(treated, block)])
    return float((others >= observed - 1e-9).mean()), float((others <= observed + 1e-9).mean())


def test_three_pairs_by_hand() -> None:
    treated = np.array([True, False, True, False, True, False])
    result = trial_effect([4, 7, 10, 12, 20, 21], treated=treated, block=[1, 1, 2, 2, 3, 3], rng=1, alternative="less")
    # Differences -3, -2, -1; of eight draws only the true one is as low.
    assert result.difference == pytest.approx(-2)
    assert [each.difference for each in result.blocks] == [-3, -2, -1]
    assert (result.pvalue, result.n_assignments, result.all_assignments) == (1 / 8, 8, True)
    assert (result.low, result.high, result.verdict.code) == (None, None, "trial.unclear_open")
    assert {note.code for note in result.notes} == {"effect.few_assignments", "trial.few_places"}


def test_the_difference_is_that_of_a_regression_with_a_level_for_each_block() -> None:
    rng = np.random.default_rng(2)
    block = np.repeat([0, 1, 2], [5, 7, 4])
    treated = np.array([1, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 0], dtype=bool)
    y = rng.normal(size=16) + block
    design = np.column_stack([treated, block == 0, block == 1, block == 2]).astype(float)
    result = trial_effect(y, treated=treated, block=block, rng=1)
    assert result.difference == pytest.approx(sm.OLS(y, design).fit().params[0])


def test_p_and_limits_agree_with_listing_every_draw() -> None:
    rng = np.random.default_rng(3)
    block = np.repeat([0, 1, 2], [4, 5, 2])
    treated = np.array([1, 1, 0, 0, 1, 1, 0, 0, 0, 1, 0], dtype=bool)
    y = rng.normal(0, 1, 11).round(1) - 1.5 * treated
    for alternative, at in (("greater", 0), ("less", 1)):
        result = trial_effect(y, treated=treated, block=block, rng=1, alternative=alternative)  # type: ignore[arg-type]
        assert result.n_assignments == 6 * 10 * 2
        assert result.pvalue == pytest.approx(p_by_listing(y, treated, block)[at])
    assert result.low is not None
    assert result.high is not None
    for limit, outward in ((result.low, -1e-4), (result.high, 1e-4)):
        assert min(p_by_listing(y, treated, block, effect=limit - outward)) > 0.025
        assert min(p_by_listing(y, treated, block, effect=limit + outward)) <= 0.025


def test_a_block_with_one_kind_only_says_nothing() -> None:
    treated = np.array([True, False, True, False, True, True])
    block = ["a", "a", "b", "b", "c", "c"]
    with_it = trial_effect([4, 7, 10, 12, 99, 0], treated=treated, block=block, rng=1)
    without = trial_effect([4, 7, 10, 12], treated=treated[:4], block=block[:4], rng=1)
    assert (with_it.difference, with_it.pvalue) == (without.difference, without.pvalue)
    assert with_it.blocks[2].difference is None
    assert "trial.blocks_without_comparison" in {note.code for note in with_it.notes}
    nothing = trial_effect([1, 2], treated=np.array([True, False]), block=["a", "b"], rng=1)
    assert (nothing.difference, nothing.pvalue, nothing.verdict.code) == (None, 1.0, "trial.unknown")


def test_with_a_baseline_the_change_is_compared() -> None:
    rng = np.random.default_rng(4)
    before, after, treated = rng.poisson(30, 20), rng.poisson(30, 20), np.arange(20) % 2 == 0
    one = trial_effect(after, treated=treated, baseline=before, rng=1, n_replicates=199)
    other = trial_effect(after - before, treated=treated, rng=1, n_replicates=199)
    assert (one.difference, one.low, one.pvalue) == (other.difference, other.low, other.pvalue)
    assert one.relative == pytest.approx(one.difference / (after[treated].mean() - one.difference))  # type: ignore[operator]


def jersey_city(seed: int, *, ratio: float) -> TrialEffectResult:
    """Blocks, draw and analysis as they would be done: 56 hot spots, seven months before and after."""
    rng = np.random.default_rng(seed)
    spots = hot_spots(rng)
    draw = randomise(spots.names, block=spots.block, seed=seed)
    after = spots.after(draw.treated, ratio=ratio, rng=rng)
    return trial_effect(
        after, treated=draw.treated, block=spots.block, baseline=spots.before, n_replicates=199, rng=seed
    )


def test_the_jersey_city_design_calls_nothing_an_effect_more_often_than_it_says() -> None:
    found = [jersey_city(seed, ratio=1.0) for seed in range(400)]
    below = sum(each.pvalue <= 0.05 for each in found)
    assert binomtest(below, len(found), 0.05).pvalue > 0.001
    held = sum((each.low or -math.inf) <= 0 <= (each.high or math.inf) for each in found)
    assert binomtest(held, len(found), 0.95).pvalue > 0.001


def test_the_jersey_city_design_finds_a_strong_effect() -> None:
    found = [jersey_city(seed, ratio=0.6) for seed in range(100)]
    assert np.mean([each.verdict.code == "trial.fewer" for each in found]) > 0.8
    assert not any(each.verdict.code == "trial.more" for each in found)
    assert np.mean([each.relative for each in found]) == pytest.approx(-0.4, abs=0.08)  # type: ignore[arg-type]


def test_the_interval_holds_an_effect_that_is_the_same_everywhere() -> None:
    rng = np.random.default_rng(6)
    held = 0
    for seed in range(300):
        draw = randomise([str(at) for at in range(16)], block=np.repeat(np.arange(4), 4), seed=seed).treated
        y = rng.exponential(5, 16) - 3.0 * draw
        result = trial_effect(y, treated=draw, block=np.repeat(np.arange(4), 4), rng=1)
        held += (result.low or -math.inf) <= -3.0 <= (result.high or math.inf)
    assert binomtest(held, 300, 0.95, alternative="less").pvalue > 0.001


def test_order_unit_shift_and_threads_change_nothing() -> None:
    rng = np.random.default_rng(7)
    y, treated, block = rng.normal(size=40), np.arange(40) % 2 == 0, np.repeat(np.arange(5), 8)
    kept = y.copy()
    one = trial_effect(y, treated=treated, block=block, n_replicates=499, rng=3, threads=1)
    assert trial_effect(y, treated=treated, block=block, n_replicates=499, rng=3, threads=3).to_dict() == one.to_dict()
    scaled = trial_effect(y * 8 + 100, treated=treated, block=block, n_replicates=499, rng=3)
    assert (scaled.difference, scaled.low) == pytest.approx((one.difference * 8, one.low * 8))  # type: ignore[operator]
    assert scaled.pvalue == one.pvalue
    small = np.arange(12)
    order = rng.permutation(12)
    listed = trial_effect(y[:12], treated=treated[:12], block=small // 4, rng=1)
    mixed = trial_effect(y[order], treated=treated[order], block=order // 4, rng=1)
    assert (mixed.difference, mixed.low, mixed.pvalue) == pytest.approx((listed.difference, listed.low, listed.pvalue))
    np.testing.assert_array_equal(y, kept)


def test_the_same_everywhere_is_no_effect() -> None:
    result = trial_effect(np.full(12, 3.0), treated=np.arange(12) % 2 == 0, rng=1)
    assert (result.difference, result.pvalue, result.low, result.high) == pytest.approx((0, 1, 0, 0))


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(ValueError, match="`treated` must be true for some places"):
        trial_effect([1, 2], treated=np.zeros(2, dtype=bool), rng=1)
    with pytest.raises(ValueError, match="`baseline` must have one value for each of the 2 places"):
        trial_effect([1, 2], treated=np.array([True, False]), baseline=[1], rng=1)
    with pytest.raises(ValueError, match="`outcome` must hold finite numbers"):
        trial_effect([1, math.nan], treated=np.array([True, False]), rng=1)
    with pytest.raises(ValueError, match="`alternative` must be one of two-sided"):
        trial_effect([1, 2], treated=np.array([True, False]), rng=1, alternative="smaller")  # type: ignore[arg-type]
