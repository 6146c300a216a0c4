"""Moran's I: are places near each other alike?"""

from __future__ import annotations

import itertools
import json
import math
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.stats import binomtest

from lagesbild.stats import MoranResult, moran
from tests.shared_data import shared_data
from tests.stats.twins import moran_i
from tests.stats.untimed import untimed

pytestmark = pytest.mark.one_database

Array = npt.NDArray[np.float64]
PATH = np.array([[0, 1, 0, 0, 0], [1, 0, 1, 0, 0], [0, 1, 0, 1, 0], [0, 0, 1, 0, 1], [0, 0, 0, 1, 0]], dtype=float)


def of(values: Any, weights: Any = PATH, **options: Any) -> MoranResult:
    return moran(values, weights=csr_array(weights), **({"n_replicates": 99, "rng": 1} | options))


def lattice(side: int) -> Array:
    """Queen neighbours of side x side places."""
    cells = list(np.ndindex(side, side))
    return np.array([[float(max(abs(a - c), abs(b - d)) == 1) for c, d in cells] for a, b in cells])


def test_five_places_on_a_line() -> None:
    # Deviations -2 -1 0 1 2: products of neighbours 2 + 0 + 0 + 2, each twice; I = 5/8 x 8/10.
    result = of([1, 2, 3, 4, 5])
    assert result.moran_i == pytest.approx(0.5)
    assert result.expected == -0.25
    assert (result.n_places, result.n_links) == (5, 8)
    assert of([1, 5, 1, 5, 1]).moran_i == pytest.approx(-1)


def test_rows_are_standardised_when_asked_for() -> None:
    # Rows sum to 1: z_i times the mean of its neighbours: 2 + 1 + 0 + 1 + 2 over 10.
    assert of([1, 2, 3, 4, 5], row_standardise=True).moran_i == pytest.approx(0.6)
    assert of([1, 2, 3, 4, 5], PATH * 7).moran_i == pytest.approx(0.5)


def test_homicides_round_saint_louis_agree_with_esda_and_its_documentation() -> None:
    folder = shared_data("reference-statistics")
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["moran_stl_HR8893"]
    rates = pl.read_csv(folder / "stl_homicides.csv")["HR8893"].to_numpy()
    pairs = pl.read_csv(folder / "stl_neighbors.csv").to_numpy() - 1
    weights = np.zeros((78, 78))
    weights[pairs[:, 0], pairs[:, 1]] = 1
    result = of(rates, weights, row_standardise=True, n_replicates=999)
    assert result.moran_i == pytest.approx(expected["I"], rel=1e-12)
    assert result.expected == pytest.approx(expected["EI"], rel=1e-12)
    assert result.z_normal == pytest.approx(expected["z_norm"], rel=1e-9)
    assert result.p_normal == pytest.approx(expected["p_norm_two_sided"], rel=1e-9)
    assert round(result.moran_i, 3) == expected["documented"]["I"]
    assert result.p_upper <= 0.005


def test_all_moments_agree_with_esda() -> None:
    libpysal, esda = pytest.importorskip("libpysal"), pytest.importorskip("esda")
    values = np.random.default_rng(1).gamma(2, 3, 42)
    w = libpysal.weights.lat2W(6, 7, rook=False)
    theirs = esda.Moran(values, w, transformation="b", permutations=0)
    ours = of(values, w.sparse.toarray())
    for name, other in (("moran_i", "I"), ("z_normal", "z_norm"), ("z_random", "z_rand"), ("p_random", "p_rand")):
        assert getattr(ours, name) == pytest.approx(getattr(theirs, other), rel=1e-9), name
    assert ours.sd_random == pytest.approx(theirs.seI_rand, rel=1e-9)


def test_over_all_orders_mean_variance_and_pvalue_are_as_given() -> None:
    x, weights = np.array([0.0, 1, 1, 4, 9, 2]), np.random.default_rng(2).integers(0, 3, (6, 6)).astype(float)
    np.fill_diagonal(weights, 0)
    every = np.array([moran_i(np.array(order), weights) for order in itertools.permutations(x)])
    result = of(x, weights, n_replicates=9_999)
    assert result.expected == pytest.approx(every.mean(), abs=1e-12)
    assert result.sd_random == pytest.approx(every.std(), rel=1e-9)
    assert result.p_upper == pytest.approx(np.mean(every >= result.moran_i - 1e-9), abs=0.025)
    assert result.p_lower == pytest.approx(np.mean(every <= result.moran_i + 1e-9), abs=0.025)


@untimed
@given(seed=st.integers(0, 10_000), m=st.integers(4, 15), standardise=st.booleans())
def test_any_weights_agree_with_the_formula_on_a_dense_matrix(seed: int, m: int, standardise: bool) -> None:
    rng = np.random.default_rng(seed)
    weights = rng.random((m, m)) * (rng.random((m, m)) < 0.6)
    weights[0, 1] = 1
    np.fill_diagonal(weights, 0)
    values = rng.normal(5, 2, m)
    sums = weights.sum(axis=1, keepdims=True)
    used = weights / np.where(sums > 0, sums, 1) if standardise else weights
    found = of(values, weights, row_standardise=standardise, n_replicates=1).moran_i
    assert found == pytest.approx(moran_i(values, used), rel=1e-9)


def test_the_alternative_is_the_callers() -> None:
    results = {each: of([1, 2, 4, 4, 5], alternative=each) for each in ("two-sided", "greater", "less")}
    assert results["greater"].pvalue == results["greater"].p_upper
    assert results["less"].pvalue == results["less"].p_lower
    both = results["two-sided"]
    assert both.pvalue == min(1, 2 * min(both.p_upper, both.p_lower))
    with pytest.raises(ValueError, match="`alternative` must be one of"):
        of([1, 2, 4, 4, 5], alternative="clustered")


def test_the_diagonal_is_left_out_with_a_note() -> None:
    result = of([1, 2, 3, 4, 5], PATH + np.eye(5))
    assert result.moran_i == pytest.approx(0.5)
    assert "moran.self_left_out" in [note.code for note in result.notes]


@pytest.mark.parametrize("m", [0, 1, 3])
def test_too_few_places_are_an_answer(m: int) -> None:
    result = of(np.arange(float(m)), np.ones((m, m)))
    assert [note.code for note in result.notes] == ["moran.too_few_places"]
    assert result.pvalue == 1
    assert result.to_dict()["moran_i"] is None


def test_equal_values_and_missing_neighbours_are_answers() -> None:
    assert [note.code for note in of([3, 3, 3, 3, 3]).notes] == ["moran.zero_variance"]
    assert [note.code for note in of([1, 2, 3, 4, 5], np.zeros((5, 5))).notes] == ["moran.too_few_places"]
    cut = PATH.copy()
    cut[4] = cut[:, 4] = 0
    codes = {note.code: note.values for note in of([1, 2, 3, 4, 5], cut).notes}
    assert codes["moran.no_neighbours"] == {"n": 1}
    assert "moran.few_places" in codes


def test_unit_level_and_order_do_not_matter_to_the_statistic() -> None:
    rng = np.random.default_rng(3)
    values, weights = rng.normal(size=36), lattice(6)
    here = of(values, weights)
    there = of(values * 12 + 5, weights)
    assert there.moran_i == pytest.approx(here.moran_i)
    assert there.pvalue == here.pvalue
    order = rng.permutation(36)
    turned = of(values[order], weights[np.ix_(order, order)])
    assert turned.z_random == pytest.approx(here.z_random)


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_threads_change_nothing(threads: int) -> None:
    values = np.random.default_rng(4).normal(size=36)
    assert of(values, lattice(6), threads=threads).to_dict() == of(values, lattice(6), threads=1).to_dict()


def test_input_is_left_alone() -> None:
    values, weights = np.arange(5.0), csr_array(PATH)
    moran(values, weights=weights, row_standardise=True, n_replicates=9, rng=1)
    assert values.tolist() == [0, 1, 2, 3, 4]
    assert (weights.toarray() == PATH).all()


def test_wrong_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="`weights` must have the shape"):
        of([1, 2, 3])
    with pytest.raises(ValueError, match="`weights` must not be negative when rows are standardised"):
        of([1, 2, 3, 4, 5], -PATH, row_standardise=True)
    with pytest.raises(ValueError, match="`n_replicates` must be 1 or more"):
        of([1, 2, 3, 4, 5], n_replicates=0)


def test_pvalues_are_calibrated_when_places_have_nothing_to_do_with_each_other() -> None:
    rng = np.random.default_rng(5)
    weights, hits, analytical = lattice(6), 0, 0
    for seed in range(500):
        result = of(rng.normal(size=36), weights, alternative="greater", rng=seed, threads=1)
        hits += result.pvalue <= 0.05
        analytical += result.p_random <= 0.05
    assert binomtest(hits, 500, 0.05).pvalue > 0.001
    assert binomtest(analytical, 500, 0.05).pvalue > 0.0001


def test_a_planted_slope_is_found() -> None:
    row, col = np.divmod(np.arange(100), 10)
    values = row + col + np.random.default_rng(6).normal(0, 4, 100)
    result = of(values, lattice(10), n_replicates=999)
    assert result.pvalue == 2 / 1_000
    assert result.moran_i > 0.2
    assert not math.isnan(result.z_random)
