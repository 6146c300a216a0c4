"""Difference in differences: ratio, random assignment, intervals, trends beforehand."""

from __future__ import annotations

import itertools
import math

import numpy as np
import numpy.typing as npt
import pytest
import statsmodels.api as sm
from scipy import stats as scipy_stats
from scipy.stats import binomtest

from lagesbild.stats import (
    DifferenceInDifferencesResult,
    Grid,
    PlantedMeasure,
    difference_in_differences,
    synthetic_world,
)

pytestmark = pytest.mark.one_database

Ints = npt.NDArray[np.int64]
TWO = np.array([[10, 5], [20, 10], [10, 10], [20, 20]])
FIRST_TWO = np.array([True, True, False, False])


def panel(
    rng: np.random.Generator,
    *,
    m: int = 14,
    n_treated: int = 7,
    periods: int = 6,
    ratio: float = 1.0,
    mean: float = 8.0,
) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """Areas of unlike level whose levels also wander apart, so that counts vary more than Poisson's."""
    treated = rng.permutation(m) < n_treated
    level = mean * rng.gamma(5, 0.2, m)
    change = rng.lognormal(0, 0.15, m)
    rate = np.repeat(level[:, None], periods, axis=1)
    rate[:, periods // 2 :] *= change[:, None]
    rate[treated, periods // 2 :] *= ratio
    return rng.poisson(rate), treated


def twin(before: Ints, after: npt.NDArray[np.float64], treated: npt.NDArray[np.bool_]) -> list[float]:
    """The test statistic of every assignment, the observed one first; written from the definition."""

    def statistic(chosen: npt.NDArray[np.bool_]) -> float:
        logs = [math.log(each.sum() + 0.5) for each in (after[chosen], before[chosen], after[~chosen], before[~chosen])]
        return logs[0] - logs[1] - logs[2] + logs[3]

    m = len(treated)
    others = [np.isin(np.arange(m), each) for each in itertools.combinations(range(m), int(treated.sum()))]
    return [statistic(treated), *(statistic(each) for each in others)]


def two_sided(statistics: list[float]) -> float:
    observed, others = statistics[0], np.array(statistics[1:])
    tails = (others >= observed - 1e-9).mean(), (others <= observed + 1e-9).mean()
    return float(min(1, 2 * min(tails)))


def test_half_as_many_in_two_of_four_areas_by_hand() -> None:
    result = difference_in_differences(TWO, treated=FIRST_TWO, start=1, rng=1)
    assert result.ratio == pytest.approx(0.5)
    assert (result.treated_before, result.treated_after, result.control_before, result.control_after) == (
        30,
        15,
        30,
        30,
    )
    assert result.prevented == pytest.approx(15)
    # Of six ways to choose two areas none is as low as the true one; and none other as low: twice 1/6.
    assert result.pvalue == pytest.approx(2 / 6)
    assert (result.n_assignments, result.all_assignments) == (6, True)
    assert (result.low, result.high, result.verdict.code) == (0.0, None, "effect.unclear_open")


def test_the_ratio_and_its_error_are_those_of_a_poisson_regression_with_all_areas_and_periods() -> None:
    counts, treated = panel(np.random.default_rng(5), ratio=0.6)
    m, periods = counts.shape
    area, period = np.repeat(np.arange(m), periods), np.tile(np.arange(periods), m)
    columns = [area == each for each in range(m)] + [period == each for each in range(1, periods)]
    design = np.column_stack([*columns, treated[area] & (period >= 3)]).astype(float)
    fit = sm.GLM(counts.ravel(), design, family=sm.families.Poisson()).fit(
        cov_type="cluster", cov_kwds={"groups": area, "use_correction": False}
    )
    result = difference_in_differences(counts, treated=treated, start=3, rng=1)
    assert result.ratio == pytest.approx(math.exp(fit.params[-1]), rel=1e-9)
    se = fit.bse[-1] * math.sqrt(7 / 6)
    assert result.cluster_low is not None
    assert result.cluster_high is not None
    middle = math.sqrt(result.cluster_low * result.cluster_high)
    reach = math.log(result.cluster_high / middle)
    assert middle == pytest.approx(result.ratio)
    assert result.cluster_p is not None
    df = next(df for df in np.arange(6, 12.001, 0.001) if scipy_stats.t.ppf(0.975, df) * se <= reach * (1 + 1e-6))
    assert result.cluster_p == pytest.approx(2 * scipy_stats.t.sf(abs(fit.params[-1]) / se, df), rel=1e-2)


def test_p_and_limits_agree_with_listing_all_assignments() -> None:
    counts, treated = panel(np.random.default_rng(6), m=9, n_treated=4, ratio=0.5)
    before, after = counts[:, :3].sum(axis=1), counts[:, 3:].sum(axis=1).astype(float)
    result = difference_in_differences(counts, treated=treated, start=3, rng=1)
    assert result.pvalue == pytest.approx(two_sided(twin(before, after, treated)))
    assert result.low is not None
    assert result.high is not None
    for limit, inward in ((result.low, 1.0005), (result.high, 0.9995)):
        for ratio, kept in ((limit * inward, True), (limit / inward, False)):
            shrunk = np.where(treated, after / ratio, after)
            assert (two_sided(twin(before, shrunk, treated)) > 0.05) == kept


def test_drawn_assignments_agree_with_all_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    counts, treated = panel(np.random.default_rng(7), m=12, n_treated=5, ratio=0.8)
    every = difference_in_differences(counts, treated=treated, start=3, rng=1)
    monkeypatch.setattr("lagesbild.stats._assignments.MOST_LISTED", 0)
    drawn = difference_in_differences(counts, treated=treated, start=3, n_replicates=9999, rng=1)
    assert not drawn.all_assignments
    assert drawn.pvalue == pytest.approx(every.pvalue, abs=0.02)
    assert every.low is not None
    assert drawn.low == pytest.approx(every.low, rel=0.02)


def test_areas_are_exchanged_within_their_block_only() -> None:
    block = ["x", "y", "x", "y"]
    result = difference_in_differences(TWO, treated=FIRST_TWO, start=1, block=block, rng=1)
    assert result.n_assignments == 4
    assert result.pvalue == pytest.approx(2 / 4)


def test_periods_of_coming_into_place_are_left_out() -> None:
    counts = np.array([[10, 99, 5], [20, 99, 10], [10, 0, 10], [20, 0, 20]])
    result = difference_in_differences(counts, treated=FIRST_TWO, start=1, phase_in=1, rng=1)
    assert result.ratio == pytest.approx(0.5)


def test_order_threads_and_blocks_of_replicates_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    counts, treated = panel(np.random.default_rng(8), m=40, n_treated=15)
    kept = counts.copy()
    results = [
        difference_in_differences(counts, treated=treated, start=3, rng=9, threads=threads, n_replicates=199)
        for threads in (1, 2, 5)
    ]
    monkeypatch.setattr("lagesbild.stats._assignments.BLOCK_SIZE", 7)
    results.append(difference_in_differences(counts, treated=treated, start=3, rng=9, n_replicates=199))
    assert all(each.to_dict() == results[0].to_dict() for each in results)
    np.testing.assert_array_equal(counts, kept)
    order = np.random.default_rng(1).permutation(9)
    small, chosen = counts[:9], np.arange(9) < 4
    one = difference_in_differences(small, treated=chosen, start=3, rng=1)
    other = difference_in_differences(small[order], treated=chosen[order], start=3, rng=1)
    assert (one.ratio, one.pvalue, one.low) == pytest.approx((other.ratio, other.pvalue, other.low))


def studied(n: int, *, ratio: float, seed: int) -> list[DifferenceInDifferencesResult]:
    rng = np.random.default_rng(seed)
    found = []
    for at in range(n):
        counts, treated = panel(rng, m=10, n_treated=5, ratio=ratio)
        found.append(difference_in_differences(counts, treated=treated, start=3, n_replicates=199, rng=at))
    return found


def test_without_effect_p_is_below_five_per_cent_as_often_as_it_says() -> None:
    found = studied(300, ratio=1.0, seed=11)
    for values in ([each.pvalue for each in found], [each.pre_trend_p for each in found]):
        below = int(np.sum(np.array(values, dtype=float) <= 0.05))
        assert binomtest(below, len(found), 0.05, alternative="greater").pvalue > 0.001
        assert below >= 5
    clustered = int(np.sum(np.array([each.cluster_p for each in found], dtype=float) <= 0.05))
    assert binomtest(clustered, len(found), 0.05).pvalue > 0.001


def test_the_intervals_hold_the_true_ratio_as_often_as_they_say() -> None:
    found = studied(250, ratio=0.6, seed=12)
    held = sum((each.low or 0) <= 0.6 <= (each.high or math.inf) for each in found)
    clustered = sum((each.cluster_low or 0) <= 0.6 <= (each.cluster_high or math.inf) for each in found)
    assert binomtest(held, len(found), 0.95).pvalue > 0.001
    assert binomtest(clustered, len(found), 0.95).pvalue > 0.001
    assert np.mean([each.pvalue <= 0.05 for each in found]) > 0.3


def test_trends_that_differ_beforehand_are_told() -> None:
    rng = np.random.default_rng(13)
    treated = np.arange(30) < 12
    growth = np.where(treated[:, None], 1.08, 1.0) ** np.arange(16)
    result = difference_in_differences(rng.poisson(15 * growth), treated=treated, start=10, rng=1)
    assert result.pre_trend_ratio == pytest.approx(1.08, abs=0.02)
    assert (result.pre_trend_p or 1) < 0.01
    assert "difference_in_differences.trends_differ" in {note.code for note in result.notes}


def test_the_trend_beforehand_is_the_slope_of_a_logistic_regression() -> None:
    counts, treated = panel(np.random.default_rng(14), periods=12)
    ours, others = counts[treated, :6].sum(axis=0), counts[~treated, :6].sum(axis=0)
    design = sm.add_constant(np.arange(6.0))
    fit = sm.GLM(np.column_stack([ours, others]), design, family=sm.families.Binomial()).fit()
    result = difference_in_differences(counts, treated=treated, start=6, rng=1)
    assert result.pre_trend_ratio == pytest.approx(math.exp(fit.params[1]), rel=1e-8)


def test_a_measure_planted_in_a_made_up_town_is_found() -> None:
    measure = PlantedMeasure(x=1000, y=1000, radius_m=500, t_from=182, rate_ratio=0.6)
    world = synthetic_world(width_m=3000, height_m=3000, days=364, n_background=6000, measure=measure, rng=4)
    grid = Grid(0, 0, 250, n_cols=12, n_rows=12)
    cells = [
        grid.count(world.x[inside], world.y[inside]).ravel() for inside in (world.t // 14 == at for at in range(26))
    ]
    centre = np.arange(12) * 250 + 125
    near = np.hypot(centre[:, None] - 1000, centre[None, :] - 1000).ravel()
    kept = (near < 330) | (near > 700)
    counts, treated = np.array(cells).T[kept], (near < 330)[kept]
    result = difference_in_differences(counts, treated=treated, start=13, rng=1, alternative="less")
    assert result.pvalue <= 0.01
    assert result.verdict.code == "effect.fell"
    assert (result.low or 0) < 0.6 < (result.high or math.inf)


def test_one_treated_area_has_a_p_but_no_limits() -> None:
    counts = np.array([[20, 2], [20, 19], [20, 22], [20, 21], [20, 18]])
    result = difference_in_differences(counts, treated=np.arange(5) == 0, start=1, rng=1, alternative="less")
    assert result.pvalue == pytest.approx(1 / 5)
    assert (result.low, result.high, result.cluster_low) == (0.0, None, None)
    codes = {note.code for note in result.notes}
    assert {"effect.few_assignments", "effect.few_events", "difference_in_differences.few_areas"} <= codes


@pytest.mark.parametrize("counts", [np.zeros((6, 4), dtype=int), np.eye(6, 4, dtype=int)])
def test_no_events_or_nearly_none_are_an_answer(counts: Ints) -> None:
    result = difference_in_differences(counts, treated=np.arange(6) < 3, start=2, rng=1)
    assert 0 < result.pvalue <= 1
    assert "effect.few_events" in {note.code for note in result.notes}


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(ValueError, match="`treated` must be true for some areas and false for others"):
        difference_in_differences(TWO, treated=np.ones(4, dtype=bool), start=1, rng=1)
    with pytest.raises(ValueError, match="`start` must leave periods before and after"):
        difference_in_differences(TWO, treated=FIRST_TWO, start=2, rng=1)
    with pytest.raises(ValueError, match="`phase_in` must leave a period"):
        difference_in_differences(TWO, treated=FIRST_TWO, start=1, phase_in=1, rng=1)
    with pytest.raises(ValueError, match="two dimensions"):
        difference_in_differences([1, 2], treated=FIRST_TWO, start=1, rng=1)
    with pytest.raises(TypeError, match="`treated` must be a boolean array"):
        difference_in_differences(TWO, treated=[1, 1, 0, 0], start=1, rng=1)
