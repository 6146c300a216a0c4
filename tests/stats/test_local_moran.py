"""Local Moran's I: which places are like their neighbours."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy.sparse import csr_array
from scipy.stats import binomtest

from lagesbild.stats import LocalMoranResult, benjamini_hochberg, local_moran, moran
from tests.stats.test_gi_star_permutation import ESDA_COUNTS
from tests.stats.test_moran import PATH, lattice

pytestmark = pytest.mark.one_database

Array = npt.NDArray[np.float64]
# fmt: off
ESDA_I = [
    0.01259045, 0.07134588, 0.04164533, -0.00419682, 0.01259045, 0.04164533,
    0.07973951, 0.08078871, 0.06505065, -0.20007514, -0.28966103, 0.22372259,
    -0.0745742, -0.00799009, 0.00653735, -0.27069465, -0.21863798, -0.45809863,
    -0.13139263, -0.26222031, 0.06505065, -0.04794055, -0.03018479, 0.31282422,
    -0.42108056, -0.00290549, 0.05197595, -0.37480797, 0.32380051, 3.97158707,
]
# fmt: on
ESDA_QUADRANT = [3, 3, 3, 2, 3, 3, 3, 3, 3, 4, 4, 3, 2, 2, 3, 2, 2, 2, 4, 4, 3, 2, 4, 1, 2, 2, 3, 2, 1, 1]


def of(values: Any, weights: Any = PATH, **options: Any) -> LocalMoranResult:
    return local_moran(values, weights=csr_array(weights), **({"n_replicates": 99, "rng": 1} | options))


def test_five_places_on_a_line() -> None:
    # Deviations -2 -1 0 1 2, sums of neighbours -1 -2 0 2 1, divided by 10 / 4.
    result = of([1, 2, 3, 4, 5])
    assert result.moran_i.round(6).tolist() == [0.8, 0.8, 0, 0.8, 0.8]
    assert result.quadrant == ("low-low", "low-low", "none", "high-high", "high-high")
    assert of([9, 0, 0, 0, 0]).quadrant[:2] == ("high-low", "low-high")


def test_with_rows_that_sum_to_one_the_mean_is_the_global_one() -> None:
    values, weights = np.random.default_rng(1).gamma(2, 3, 36), lattice(6)
    whole = moran(values, weights=csr_array(weights), row_standardise=True, n_replicates=1, rng=1)
    assert of(values, weights, row_standardise=True).moran_i.mean() * 36 / 35 == pytest.approx(whole.moran_i)


@pytest.mark.parametrize("kind", ["equal", "unequal"])
def test_mean_spread_and_pvalues_are_those_over_all_ways_to_deal_out_the_values(kind: str) -> None:
    rng = np.random.default_rng(2)
    x = np.array([0.0, 1, 1, 4, 9, 2, 4])
    weights = (rng.random((7, 7)) < 0.6) * (1.0 if kind == "equal" else rng.integers(1, 4, (7, 7)))
    np.fill_diagonal(weights, 0)
    result = of(x, weights, n_replicates=9_999)
    z = x - x.mean()
    for i in range(7):
        others, w = np.delete(z, i), np.delete(weights[i], i)
        every = np.array([6 * z[i] * np.dot(w, order) / (z @ z) for order in itertools.permutations(others)])
        assert result.moran_i[i] == pytest.approx(6 * z[i] * np.dot(w, others) / (z @ z))
        assert result.expected[i] == pytest.approx(every.mean(), abs=1e-12)
        assert result.sd[i] == pytest.approx(every.std(), rel=1e-9)
        assert result.p_upper[i] == pytest.approx(np.mean(every >= result.moran_i[i] - 1e-9), abs=0.025)
        assert result.p_lower[i] == pytest.approx(np.mean(every <= result.moran_i[i] + 1e-9), abs=0.025)


def test_statistic_and_quadrants_agree_with_esda() -> None:
    # esda 2.9.0, Moran_Local(counts, libpysal.weights.lat2W(5, 6, rook=False), transformation="r"): Is and q.
    counts = np.array(ESDA_COUNTS).ravel()
    cells = list(np.ndindex(5, 6))
    weights = np.array([[float(max(abs(a - c), abs(b - d)) == 1) for c, d in cells] for a, b in cells])
    result = of(counts, weights, row_standardise=True)
    np.testing.assert_allclose(result.moran_i, ESDA_I, atol=1e-8)
    numbers = {"high-high": 1, "low-high": 2, "low-low": 3, "high-low": 4}
    assert [numbers[each] for each in result.quadrant] == ESDA_QUADRANT


def test_a_place_at_the_mean_and_one_without_neighbours_are_not_tested() -> None:
    cut = PATH.copy()
    cut[4] = 0
    result = of([1, 2, 3, 4, 5], cut)
    assert result.pvalue[2] == result.pvalue[4] == 1
    assert result.p_normal[2] == result.p_normal[4] == 1
    assert result.quadrant[4] == "none"


def test_a_place_with_all_others_as_neighbours_has_nothing_to_draw() -> None:
    weights = np.ones((6, 6)) - np.eye(6)
    result = of([0.1, 0.2, 0.7, 1.1, 0.3, 9.1], weights)
    assert (result.pvalue == 1).all()
    assert not result.z.any()


@pytest.mark.parametrize("m", [0, 1, 3])
def test_too_few_places_are_an_answer(m: int) -> None:
    result = of(np.arange(float(m)), np.ones((m, m)))
    assert [note.code for note in result.notes] == ["moran.too_few_places"]
    assert (result.pvalue == 1).all()


def test_equal_values_are_an_answer() -> None:
    result = of([3, 3, 3, 3, 3])
    assert [note.code for note in result.notes] == ["moran.zero_variance"]
    assert not result.moran_i.any()
    assert (result.pvalue == 1).all()


@pytest.mark.parametrize("threads", [1, 2])
def test_unit_level_and_threads_do_not_matter(threads: int) -> None:
    values = np.random.default_rng(3).normal(size=36)
    here, there = of(values, lattice(6), threads=1), of(values * 10 + 3, lattice(6), threads=threads)
    np.testing.assert_allclose(here.moran_i, there.moran_i)
    np.testing.assert_array_equal(here.pvalue, there.pvalue)


def test_the_alternative_is_the_callers() -> None:
    values = np.random.default_rng(4).normal(size=36)
    assert (of(values, lattice(6), alternative="greater").pvalue == of(values, lattice(6)).p_upper).all()
    assert (of(values, lattice(6), alternative="less").pvalue == of(values, lattice(6)).p_lower).all()
    with pytest.raises(ValueError, match="`alternative` must be one of"):
        of(values, lattice(6), alternative="hot")


def test_input_is_left_alone_and_asking_again_gives_the_same() -> None:
    values = np.random.default_rng(5).normal(size=36)
    kept = values.copy()
    assert of(values, lattice(6)).to_dict() == of(values, lattice(6)).to_dict()
    assert (values == kept).all()


def test_pvalues_are_calibrated_when_places_have_nothing_to_do_with_each_other() -> None:
    rng = np.random.default_rng(6)
    weights = csr_array(lattice(6))
    hits = 0
    for seed in range(500):
        result = local_moran(
            rng.normal(size=36), weights=weights, alternative="greater", n_replicates=99, rng=seed, threads=1
        )
        hits += bool(result.pvalue[14] <= 0.05)
    assert binomtest(hits, 500, 0.05).pvalue > 0.001


def test_a_planted_cluster_and_an_odd_place_are_found() -> None:
    rng = np.random.default_rng(7)
    values = rng.normal(size=(12, 12))
    values[2:5, 2:5] += 5
    values[3, 3] = -5
    values[7:10, 7:10] += 5
    result = of(values.ravel(), lattice(12), n_replicates=9_999)
    rejected = benjamini_hochberg(result.pvalue, alpha=0.05).rejected
    odd = 3 * 12 + 3
    assert rejected[odd]
    assert result.quadrant[odd] == "low-high"
    assert result.moran_i[odd] < 0
    assert {result.quadrant[place] for place in np.flatnonzero(rejected) if place != odd} <= {"high-high", "low-high"}
    centre = 8 * 12 + 8
    assert rejected[centre]
    assert result.quadrant[centre] == "high-high"
