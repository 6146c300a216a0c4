"""Getis-Ord Gi*: places that stand out together with their neighbours."""

from __future__ import annotations

import itertools
import math

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.stats import binomtest

from lagesbild.stats import GiStarResult, Window, benjamini_hochberg, gi_star, gi_star_grid
from tests.stats.twins import disc_offsets, gi_star_z
from tests.stats.untimed import untimed

pytestmark = pytest.mark.one_database

LINE = csr_array(
    np.array([[1, 1, 0, 0, 0], [1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 0, 1, 1]], dtype=np.float64)
)


def codes(result: GiStarResult) -> list[str]:
    return [note.code for note in result.notes]


def window_matrix(shape: tuple[int, int], offsets: list[tuple[int, int]]) -> npt.NDArray[np.float64]:
    cells = list(np.ndindex(*shape))
    near = set(offsets)
    return np.array([[float((c - a, d - b) in near) for c, d in cells] for a, b in cells])


def test_five_places_on_a_line() -> None:
    result = gi_star([0, 0, 10, 2, 0], weights=LINE)
    assert result.z.round(4).tolist() == [-1.0106, 0.5895, 1.0106, 1.0106, -0.5895]
    assert result.observed.tolist() == [0, 10, 12, 12, 2]
    assert (result.n_cells, result.mean) == (5, 2.4)


def test_the_documented_example_of_esda() -> None:
    # esda 2.9.0, G_Local(y, DistanceBand(points, threshold=15), transform="B", star=True).Zs
    points = np.array([(10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30)], dtype=np.float64)
    near = np.hypot(*(points[:, None] - points[None]).T) <= 15
    result = gi_star([2, 3, 3.2, 5, 8, 7], weights=csr_array(near.astype(np.float64)))
    expected = [-1.39727626, -0.28917762, 0.65064964, -0.28917762, 1.23452088, 2.02424331]
    assert result.z.tolist() == pytest.approx(expected, abs=1e-8)


def test_the_pvalue_is_both_tails_of_the_normal_distribution() -> None:
    result = gi_star([0, 0, 10, 2, 0], weights=LINE)
    assert result.pvalue[0] == pytest.approx(math.erfc(abs(result.z[0]) / math.sqrt(2)))
    assert result.pvalue[0] == pytest.approx(0.31221639, abs=1e-8)


def test_over_all_orders_of_the_values_z_has_mean_zero_and_variance_one() -> None:
    # The null hypothesis itself: the moments of the formula are those over all 720 orders.
    rng = np.random.default_rng(7)
    weights = rng.random((6, 6))
    orders = itertools.permutations([0.0, 1, 1, 4, 9, 2])
    z = np.array([gi_star(list(order), weights=csr_array(weights)).z for order in orders])
    np.testing.assert_allclose(z.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose((z**2).mean(axis=0), 1, rtol=1e-12)


@untimed
@given(seed=st.integers(0, 10_000), m=st.integers(3, 15))
def test_any_weights_agree_with_the_formula_on_a_dense_matrix(seed: int, m: int) -> None:
    rng = np.random.default_rng(seed)
    weights = rng.random((m, m)) * (rng.random((m, m)) < 0.6) + np.diag(rng.random(m) + 0.1)
    values = rng.normal(5, 2, m)
    np.testing.assert_allclose(
        gi_star(values, weights=csr_array(weights)).z, gi_star_z(values, weights), rtol=1e-7, atol=1e-9
    )


@untimed
@given(
    shape=st.tuples(st.integers(3, 7), st.integers(3, 7)),
    radius_m=st.sampled_from([100.0, 150.0, 200.0, 250.0]),
    seed=st.integers(0, 10_000),
)
def test_the_grid_form_agrees_with_the_general_form_also_around_holes(
    shape: tuple[int, int], radius_m: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    counts, inside = rng.poisson(3, shape), rng.random(shape) < 0.8
    inside[:2, :2] = True
    keep = inside.ravel()
    weights = window_matrix(shape, disc_offsets(radius_m, 100))[np.ix_(keep, keep)]
    general = gi_star(counts[inside], weights=csr_array(weights))
    grid = gi_star_grid(counts, window=Window.disc(radius_m=radius_m, cell_m=100), inside=inside)
    np.testing.assert_allclose(grid.z[inside], general.z, rtol=1e-10, atol=1e-12)
    assert not grid.z[~inside].any()
    assert (grid.pvalue[~inside] == 1).all()
    assert grid.n_cells == general.n_cells == keep.sum()


@pytest.mark.parametrize(("radius_m", "threshold"), [(150.0, 150.0), (300.0, 300.0)])
def test_the_grid_form_agrees_with_esda_to_nine_places(radius_m: float, threshold: float) -> None:
    libpysal = pytest.importorskip("libpysal")
    esda = pytest.importorskip("esda")
    counts = np.random.default_rng(8).negative_binomial(1, 0.2, (20, 30))
    points = np.array([(col * 100.0, row * 100.0) for row in range(20) for col in range(30)])
    weights = libpysal.weights.DistanceBand(points, threshold=threshold, binary=True, silence_warnings=True)
    theirs = esda.G_Local(counts.ravel().astype(float), weights, transform="B", star=True, permutations=0)
    ours = gi_star_grid(counts, window=Window.disc(radius_m=radius_m, cell_m=100))
    np.testing.assert_allclose(ours.z.ravel(), theirs.Zs, atol=1e-9, rtol=0)


def test_the_general_form_agrees_with_esda_on_queen_neighbours() -> None:
    libpysal = pytest.importorskip("libpysal")
    esda = pytest.importorskip("esda")
    values = np.random.default_rng(9).gamma(2, 3, 15 * 12)
    weights = libpysal.weights.lat2W(15, 12, rook=False)
    theirs = esda.G_Local(values, weights, transform="B", star=True, permutations=0)
    with_self = csr_array(weights.sparse + np.eye(180))
    np.testing.assert_allclose(gi_star(values, weights=with_self).z, theirs.Zs, atol=1e-9, rtol=0)


def test_equal_counts_everywhere_stand_out_nowhere() -> None:
    result = gi_star_grid(np.full((6, 6), 4), window=Window.queen())
    assert not result.z.any()
    assert (result.pvalue == 1).all()
    assert codes(result) == ["gi_star.zero_variance"]


@pytest.mark.parametrize("shape", [(0, 0), (1, 1)])
def test_too_few_cells_are_an_answer(shape: tuple[int, int]) -> None:
    result = gi_star_grid(np.ones(shape, dtype=int), window=Window.queen())
    assert codes(result) == ["gi_star.too_few_cells"]
    assert result.pvalue.tolist() == np.ones(shape).tolist()


def test_no_places_are_an_answer() -> None:
    assert codes(gi_star([], weights=csr_array((0, 0)))) == ["gi_star.too_few_cells"]


def test_a_window_over_the_whole_area_cannot_stand_out_and_says_so() -> None:
    result = gi_star_grid(np.array([[1, 2], [3, 9]]), window=Window.queen(3))
    assert not result.z.any()
    assert "gi_star.whole_area" in codes(result)


def test_a_place_without_neighbours_is_not_tested() -> None:
    weights = csr_array(np.array([[1, 1, 0], [1, 1, 0], [0, 0, 0]], dtype=np.float64))
    result = gi_star([5.0, 1, 0], weights=weights)
    assert result.z[2] == 0
    assert {"gi_star.no_neighbours", "gi_star.self_missing"} <= set(codes(result))


def test_rare_events_are_warned_of() -> None:
    counts = np.zeros((40, 40), dtype=int)
    counts[3, 3] = counts[20, 20] = 1
    assert "gi_star.few_events" in codes(gi_star_grid(counts, window=Window.queen()))
    assert codes(gi_star_grid(counts + np.eye(40, dtype=int) * 3 + 2, window=Window.queen())) == []


def test_a_pair_listed_twice_is_refused() -> None:
    twice = csr_array((np.ones(4), np.array([0, 1, 0, 0]), np.array([0, 2, 4])), shape=(2, 2))
    with pytest.raises(ValueError, match="`weights` must list each pair once"):
        gi_star([1, 2], weights=twice)


def test_weights_of_another_size_are_refused() -> None:
    with pytest.raises(ValueError, match="`weights` must have the shape"):
        gi_star([1, 2, 3], weights=LINE)


def test_missing_values_are_refused() -> None:
    with pytest.raises(ValueError, match="`counts` must hold finite numbers"):
        gi_star_grid(np.array([[1.0, np.nan]]), window=Window.queen())


def test_the_pvalue_of_an_extreme_cell_is_never_zero() -> None:
    counts = np.zeros((120, 120), dtype=int)
    counts[60, 60] = 1_000_000
    result = gi_star_grid(counts, window=Window.queen(0))
    assert result.z.max() > 100
    assert result.pvalue.min() > 0


@untimed
@given(scale=st.floats(0.01, 1_000), shift=st.floats(-50, 50), seed=st.integers(0, 1_000))
def test_unit_and_level_do_not_matter(scale: float, shift: float, seed: int) -> None:
    values = np.random.default_rng(seed).normal(size=(8, 9))
    here = gi_star_grid(values, window=Window.queen())
    there = gi_star_grid(values * scale + shift, window=Window.queen())
    np.testing.assert_allclose(there.z, here.z, atol=1e-6)


def test_turning_the_map_turns_the_answer() -> None:
    counts = np.random.default_rng(10).poisson(3, (9, 14))
    window = Window.disc(radius_m=250, cell_m=100)
    here, turned = gi_star_grid(counts, window=window), gi_star_grid(np.rot90(counts), window=window)
    np.testing.assert_allclose(turned.z, np.rot90(here.z), atol=1e-12)


def test_input_is_left_alone_and_asking_again_gives_the_same() -> None:
    counts, inside = np.arange(36).reshape(6, 6), np.ones((6, 6), dtype=bool)
    first = gi_star_grid(counts, window=Window.queen(), inside=inside)
    second = gi_star_grid(counts, window=Window.queen(), inside=inside)
    assert np.array_equal(first.z, second.z)
    assert counts.ravel().tolist() == list(range(36))
    assert inside.flags.writeable


def test_pvalues_are_calibrated_when_nothing_stands_out() -> None:
    rng = np.random.default_rng(11)
    window = Window.queen(2)
    hits = sum(bool(gi_star_grid(rng.poisson(4, (15, 15)), window=window).pvalue[7, 7] < 0.05) for _ in range(2_000))
    assert binomtest(hits, 2_000, 0.05).pvalue > 0.001


def test_after_correction_nothing_is_found_in_nearly_all_cases_where_nothing_is() -> None:
    rng = np.random.default_rng(12)
    window = Window.queen(1)
    found = 0
    for _ in range(400):
        result = gi_star_grid(rng.poisson(10, (20, 20)), window=window)
        found += benjamini_hochberg(result.pvalue.ravel(), alpha=0.05).n_rejected > 0
    assert binomtest(found, 400, 0.05, alternative="greater").pvalue > 0.001


def test_a_planted_hot_place_is_found() -> None:
    rng = np.random.default_rng(13)
    counts = rng.poisson(2, (40, 40))
    counts[10:13, 20:23] += rng.poisson(8, (3, 3))
    result = gi_star_grid(counts, window=Window.queen(1))
    rejected = benjamini_hochberg(result.pvalue.ravel(), alpha=0.05).rejected.reshape(40, 40)
    assert rejected[10:13, 20:23].all()
    assert np.unravel_index(result.z.argmax(), result.z.shape) == (11, 21)


def test_beside_planted_hot_and_cold_places_the_share_of_false_finds_is_held() -> None:
    rng = np.random.default_rng(23)
    window = Window.queen(1)
    rates = np.full((30, 30), 8.0)
    rates[5:9, 5:9], rates[20:25, 18:23] = 20, 1
    untouched = window.sums((rates != 8).astype(np.int64)) == 0
    shares = []
    for _ in range(200):
        result = gi_star_grid(rng.poisson(rates), window=window)
        rejected = benjamini_hochberg(result.pvalue.ravel(), alpha=0.05).rejected.reshape(30, 30)
        assert rejected[6:8, 6:8].all()
        assert rejected[21:24, 19:22].all()
        shares.append((rejected & untouched).sum() / rejected.sum())
    assert np.mean(shares) < 0.05
