"""Gi* by permutation: p-values that do not lean on the normal distribution."""

from __future__ import annotations

import importlib
import itertools
import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.stats import binomtest

from lagesbild.stats import (
    GiStarPermutationResult,
    Window,
    benjamini_hochberg,
    gi_star,
    gi_star_grid,
    gi_star_permutation,
    gi_star_permutation_grid,
)
from tests.stats.test_gi_star import LINE, window_matrix
from tests.stats.twins import disc_offsets
from tests.stats.untimed import untimed

pytestmark = pytest.mark.one_database

Array = npt.NDArray[np.float64]
QUEEN = Window.queen()


def on_grid(counts: Any, **options: Any) -> GiStarPermutationResult:
    return gi_star_permutation_grid(counts, **({"window": QUEEN, "rng": 1} | options))


def exact_p_upper(x: Array, weights: Array) -> Array:
    """The share of all ways to deal the other values out to the neighbours, the place's own staying."""
    p = np.empty(len(x))
    for i in range(len(x)):
        others = np.delete(x, i)
        w = np.delete(weights[i], i)
        sums = np.array([np.dot(w, order) for order in itertools.permutations(others)])
        p[i] = np.mean(sums >= np.dot(w, others) - 1e-9)
    return p


@pytest.mark.parametrize("kind", ["equal", "unequal", "negative"])
def test_the_pvalue_nears_the_share_of_all_ways_to_deal_out_the_values(kind: str) -> None:
    rng = np.random.default_rng(3)
    x = np.array([0.0, 1, 1, 4, 9, 2, 2])
    weights = (rng.random((7, 7)) < 0.5).astype(float)
    np.fill_diagonal(weights, 1)
    if kind != "equal":
        weights *= rng.integers(1, 4, (7, 7)) * (1 if kind == "unequal" else rng.choice([-1, 1], (7, 7)))
    result = gi_star_permutation(x, weights=csr_array(weights), n_replicates=19_999, rng=1)
    np.testing.assert_allclose(result.p_upper, exact_p_upper(x, weights), atol=5 * 0.5 / math.sqrt(19_999))


@untimed
@given(seed=st.integers(0, 10_000), m=st.integers(3, 12))
def test_places_that_were_drawn_themselves_are_passed_over(seed: int, m: int) -> None:
    # The twin deals out the same sequences place by place.
    kernel = importlib.import_module("lagesbild.stats._conditional_kernel")
    from lagesbild.stats._replicates import seeds

    rng = np.random.default_rng(seed)
    x = rng.integers(0, 5, m).astype(float)
    weights = (rng.random((m, m)) < 0.6).astype(float)
    most = int((weights - np.diag(np.diag(weights)) > 0).sum(axis=1).max())
    drawn = np.empty((most + 1, 50), dtype=np.int64)
    kernel.draw_others(m, seeds(9, 50), drawn)
    for b in range(50):
        assert len(set(drawn[:, b].tolist())) == most + 1
    result = gi_star_permutation(x, weights=csr_array(weights), n_replicates=50, rng=9)
    unequal = gi_star_permutation(x, weights=csr_array(weights * (1 + np.arange(m))[None, :]), n_replicates=50, rng=9)
    for i in range(m):
        near = [j for j in range(m) if j != i and weights[i, j]]
        at_least = weighted = 0
        for b in range(50):
            others = [j for j in drawn[:, b] if j != i][: len(near)]
            at_least += sum(x[others]) >= sum(x[near])
            scale = [1 + j for j in near]
            weighted += np.dot(scale, x[others]) >= np.dot(scale, x[near])
        assert result.p_upper[i] == (at_least + 1) / 51
        assert unequal.p_upper[i] == pytest.approx((weighted + 1) / 51)


def test_the_draws_are_the_same_from_the_grid_and_from_weights_also_around_holes() -> None:
    rng = np.random.default_rng(4)
    counts, inside = rng.poisson(3, (7, 9)), rng.random((7, 9)) < 0.8
    keep = inside.ravel()
    weights = csr_array(window_matrix((7, 9), disc_offsets(200, 100))[np.ix_(keep, keep)])
    options: dict[str, Any] = {"n_replicates": 199, "rng": 2, "largest": True}
    general = gi_star_permutation(counts[inside], weights=weights, **options)
    grid = on_grid(counts, window=Window.disc(radius_m=200, cell_m=100), inside=inside, **options)
    for name in ("pvalue", "p_upper", "p_lower", "p_max", "z"):
        np.testing.assert_allclose(getattr(grid, name)[inside], getattr(general, name), rtol=1e-9)
    assert (grid.pvalue[~inside] == 1).all()
    assert grid.p_max is not None
    assert (grid.p_max[~inside] == 1).all()


# esda 2.9.0, G_Local(counts, libpysal.weights.lat2W(5, 6, rook=False), transform="B", star=True,
# permutations=99_999, seed=3).p_sim, to four places. It takes hundreds of thousands of draws and a minute to compile.
ESDA_COUNTS = [[4, 3, 0, 3, 3, 0], [3, 3, 3, 8, 8, 1], [1, 1, 4, 0, 0, 0], [8, 10, 3, 1, 23, 6], [0, 4, 2, 0, 6, 21]]
# fmt: off
ESDA_P = [
    0.3868, 0.2354, 0.4967, 0.4234, 0.4507, 0.4578, 0.1943, 0.11, 0.1834, 0.1944,
    0.0714, 0.141, 0.3646, 0.4951, 0.3849, 0.1561, 0.2154, 0.0946, 0.4111, 0.2718,
    0.1838, 0.4301, 0.3225, 0.0195, 0.2009, 0.3742, 0.4405, 0.1703, 0.0168, 0.0096,
]
# fmt: on


def test_esda_draws_alike_but_lets_rounding_decide_ties() -> None:
    # It gives the smaller tail, where sums that tie with the observed one are counted or not as rounding has it. Ours
    # counts them all; so esda lies between ours and ours without ties.
    ours = on_grid(np.array(ESDA_COUNTS), n_replicates=49_999)
    with_ties = np.minimum(ours.p_upper, ours.p_lower).ravel()
    without = np.minimum(1 - ours.p_upper, 1 - ours.p_lower).ravel() + 1 / 50_000
    noise = 5 * np.sqrt(np.maximum(with_ties * (1 - with_ties), 0.001) / 33_000)
    assert (np.array(ESDA_P) < with_ties + noise).all()
    assert (np.array(ESDA_P) > without - noise).all()


def test_z_observed_and_expected_are_those_of_the_analytical_form() -> None:
    counts = np.random.default_rng(5).poisson(3, (6, 7))
    result, gi = on_grid(counts), gi_star_grid(counts, window=QUEEN)
    for name in ("z", "observed", "expected"):
        np.testing.assert_array_equal(getattr(result, name), getattr(gi, name))


def test_the_alternative_is_the_callers() -> None:
    counts = np.random.default_rng(5).poisson(3, (6, 7))
    both, more, less = (on_grid(counts, alternative=each) for each in ("two-sided", "greater", "less"))
    np.testing.assert_array_equal(more.pvalue, both.p_upper)
    np.testing.assert_array_equal(less.pvalue, both.p_lower)
    np.testing.assert_array_equal(both.pvalue, np.minimum(2 * np.minimum(both.p_upper, both.p_lower), 1))


def test_the_largest_statistic_is_compared_with_that_of_maps_dealt_out_anew() -> None:
    # All 720 orders of six values on a ring.
    x = np.array([0.0, 1, 1, 4, 9, 2])
    ring = csr_array(np.array([[float((i - j) % 6 in (0, 1, 5)) for j in range(6)] for i in range(6)]))
    for alternative, sign in (("greater", 1), ("less", -1)):
        maxima = [(sign * gi_star(order, weights=ring).z).max() for order in itertools.permutations(x.tolist())]
        exact = [np.mean(np.array(maxima) >= z - 1e-9) for z in sign * gi_star(x, weights=ring).z]
        result = gi_star_permutation(
            x,
            weights=ring,
            largest=True,
            alternative=alternative,
            n_replicates=4_999,
            rng=1,  # type: ignore[arg-type]
        )
        assert result.p_max is not None
        np.testing.assert_allclose(result.p_max, exact, atol=0.035)


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("block_size", [1, 50, 1_000])
def test_threads_and_block_size_change_nothing(monkeypatch: pytest.MonkeyPatch, threads: int, block_size: int) -> None:
    counts = np.random.default_rng(6).poisson(3, (10, 10))
    expected = on_grid(counts, n_replicates=99, largest=True, threads=1).to_dict()
    monkeypatch.setattr(importlib.import_module("lagesbild.stats._conditional"), "BLOCK_SIZE", block_size)
    assert on_grid(counts, n_replicates=99, largest=True, threads=threads).to_dict() == expected


def test_progress_is_told_to_the_end() -> None:
    told: list[tuple[int, int]] = []
    on_grid(np.eye(5), n_replicates=300, progress=lambda done, total: told.append((done, total)))
    assert told == [(128, 300), (256, 300), (300, 300)]


def test_unit_and_level_do_not_matter() -> None:
    values = np.random.default_rng(7).normal(size=(8, 9))
    here, there = on_grid(values, largest=True), on_grid(values * 0.037 + 12.3, largest=True)
    np.testing.assert_array_equal(here.pvalue, there.pvalue)
    np.testing.assert_allclose(np.asarray(here.p_max), np.asarray(there.p_max), atol=1e-12)


def test_sums_that_differ_by_rounding_alone_are_ties() -> None:
    # Tenths cannot be written exactly; counts can. The same map in both units has the same ties.
    counts = np.random.default_rng(8).poisson(1, (9, 9))
    np.testing.assert_array_equal(on_grid(counts).p_upper, on_grid(counts / 10).p_upper)


def test_input_is_left_alone_and_asking_again_gives_the_same() -> None:
    counts = np.arange(36).reshape(6, 6)
    assert on_grid(counts, largest=True).to_dict() == on_grid(counts, largest=True).to_dict()
    assert counts.ravel().tolist() == list(range(36))
    assert on_grid(counts, rng=2).pvalue.tolist() != on_grid(counts).pvalue.tolist()


@pytest.mark.parametrize("shape", [(0, 0), (1, 1)])
def test_too_few_cells_are_an_answer(shape: tuple[int, int]) -> None:
    result = on_grid(np.ones(shape, dtype=int), largest=True)
    assert [note.code for note in result.notes] == ["gi_star.too_few_cells"]
    assert result.pvalue.tolist() == np.ones(shape).tolist()
    assert np.asarray(result.p_max).tolist() == np.ones(shape).tolist()


def test_equal_counts_everywhere_stand_out_nowhere() -> None:
    result = on_grid(np.full((6, 6), 4), largest=True)
    assert (result.pvalue == 1).all()
    assert (np.asarray(result.p_max) == 1).all()
    assert [note.code for note in result.notes] == ["gi_star.zero_variance"]


def test_a_window_over_the_whole_area_and_a_place_alone_have_nothing_to_draw() -> None:
    assert (on_grid(np.array([[1, 2], [3, 9]]), window=Window.queen(3), largest=True).pvalue == 1).all()
    alone = gi_star_permutation([5.0, 1, 0, 2], weights=csr_array(np.eye(4)), rng=1)
    assert (alone.pvalue == 1).all()


def test_few_replicates_for_many_cells_are_noted() -> None:
    counts = np.random.default_rng(9).poisson(3, (40, 40))
    codes = [note.code for note in on_grid(counts).notes]
    assert codes == ["gi_star_permutation.coarse"]
    assert not on_grid(counts, n_replicates=1_999).notes


def test_wrong_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="`alternative` must be one of"):
        on_grid(np.eye(3), alternative="larger")
    with pytest.raises(ValueError, match="`n_replicates` must be 1 or more"):
        gi_star_permutation([1, 2, 3, 4, 5], weights=LINE, n_replicates=0, rng=1)


def test_pvalues_are_calibrated_also_where_the_normal_distribution_is_not() -> None:
    # Rare events: two cells in three are empty. The analytical p-value of such a map is too small.
    rng = np.random.default_rng(11)
    hits = analytical = 0
    for seed in range(500):
        counts = rng.negative_binomial(0.15, 0.3, (10, 10))
        if counts.max() == 0:
            continue
        result = on_grid(counts, alternative="greater", n_replicates=99, rng=seed, threads=1)
        hits += bool(result.pvalue[5, 5] <= 0.05)
        analytical += bool(result.z[5, 5] > 1.645)
    assert binomtest(hits, 500, 0.05, alternative="greater").pvalue > 0.001
    assert hits > 10
    assert analytical > hits


def test_with_hardly_any_ties_the_pvalue_is_calibrated_on_both_sides() -> None:
    rng = np.random.default_rng(12)
    hits = sum(
        bool(on_grid(rng.normal(size=(8, 8)), n_replicates=99, rng=seed, threads=1).pvalue[4, 4] <= 0.05)
        for seed in range(500)
    )
    # Twice the smaller of two p-values: 0.02 and 0.04 are the levels below 0.05.
    assert binomtest(hits, 500, 0.04).pvalue > 0.001


def test_the_chance_of_any_false_alarm_is_held_by_the_largest_statistic() -> None:
    rng = np.random.default_rng(13)
    found = 0
    for seed in range(300):
        result = on_grid(rng.negative_binomial(1, 0.3, (10, 10)), largest=True, n_replicates=99, rng=seed, threads=1)
        found += bool((np.asarray(result.p_max) <= 0.05).any())
    assert binomtest(found, 300, 0.05).pvalue > 0.001


def test_where_nothing_is_hot_correction_over_all_cells_seldom_finds_anything() -> None:
    rng = np.random.default_rng(15)
    found = 0
    for seed in range(120):
        result = on_grid(
            rng.negative_binomial(1, 0.4, (12, 12)), alternative="greater", n_replicates=2_999, rng=seed, threads=1
        )
        found += benjamini_hochberg(result.pvalue.ravel(), alpha=0.05).n_rejected > 0
    assert binomtest(found, 120, 0.05, alternative="greater").pvalue > 0.001


def test_beside_planted_hot_places_the_share_of_false_finds_is_held() -> None:
    rng = np.random.default_rng(16)
    rates = np.full((25, 25), 0.4)
    rates[5:9, 5:9] = 3
    untouched = QUEEN.sums((rates > 1).astype(np.int64)) == 0
    shares, missed = [], 0
    for seed in range(40):
        result = on_grid(rng.poisson(rates), alternative="greater", n_replicates=4_999, rng=seed, threads=1)
        rejected = benjamini_hochberg(result.pvalue.ravel(), alpha=0.05).rejected.reshape(25, 25)
        shares.append((rejected & untouched).sum() / max(rejected.sum(), 1))
        missed += not rejected[6:8, 6:8].all()
    assert np.mean(shares) < 0.05
    assert missed < 5


def test_a_planted_hot_place_is_found_by_both_corrections() -> None:
    rng = np.random.default_rng(14)
    counts = rng.poisson(2, (30, 30))
    counts[10:13, 20:23] += rng.poisson(8, (3, 3))
    result = on_grid(counts, n_replicates=9_999, largest=True, alternative="greater")
    rejected = benjamini_hochberg(result.pvalue.ravel(), alpha=0.05).rejected.reshape(30, 30)
    assert rejected[10:13, 20:23].sum() >= 8
    assert np.asarray(result.p_max)[11, 21] < 0.001
    far = np.ones((30, 30), dtype=bool)
    far[8:15, 18:25] = False
    assert rejected[far].mean() < 0.01
