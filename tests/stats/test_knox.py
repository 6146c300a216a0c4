"""Knox: more pairs near in space and time than chance puts there."""

from __future__ import annotations

import importlib
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
from scipy.stats import binomtest

from lagesbild.stats import KnoxResult, knox
from lagesbild.stats._neighbours import near_order
from tests.shared_data import shared_data
from tests.stats.twins import knox_table
from tests.stats.untimed import untimed

pytestmark = pytest.mark.one_database

Array = npt.NDArray[np.float64]
SPACE = [0.0, 1.0, 100.0, math.inf]
TIME = [0.0, 7.0, math.inf]


def town(n: int, *, seed: int, side: float = 1_000.0, days: int = 100) -> tuple[Array, Array, Array]:
    """Places on a lattice of 50 m, so that many share one, and whole days."""
    rng = np.random.default_rng(seed)
    x, y = (np.floor(rng.random(n) * side / 50) * 50 for _ in range(2))
    return x, y, rng.integers(0, days, n).astype(np.float64)


def table_of(x: Any, y: Any, t: Any, space: Any = SPACE, time: Any = TIME, **options: Any) -> KnoxResult:
    return knox(x, y, t, distance_bands=space, time_bands=time, **({"rng": 1, "n_replicates": 9} | options))


def test_four_events_by_hand() -> None:
    # Pairs: 0-1 same place, 3 days; 0-2 and 1-2 at 50 m, 8 and 5 days; 0-3, 1-3, 2-3 far, 10, 7 and 2 days.
    result = table_of([0, 0, 50, 900], [0, 0, 0, 0], [0, 3, 8, 10])
    assert result.observed.tolist() == [[1, 0], [1, 1], [1, 2]]
    assert result.distance_bands == ("[0, 1)", "[1, 100)", "[100, inf)")
    assert result.time_bands == ("[0, 7)", "[7, inf)")
    assert result.same_place_band
    assert (result.n_events, result.n_pairs) == (4, 6)
    # Row sums 1, 2, 3 and column sums 3, 3 over 6 pairs.
    assert result.expected_exact.tolist() == [[0.5, 0.5], [1, 1], [1.5, 1.5]]


def test_a_pair_on_an_edge_belongs_to_the_band_that_begins_there() -> None:
    result = table_of([0, 100], [0, 0], [0, 7])
    assert result.observed.tolist() == [[0, 0], [0, 0], [0, 1]]
    just_before = table_of([0, math.nextafter(100, 0)], [0, 0], [0, math.nextafter(7, 0)])
    assert just_before.observed.tolist() == [[0, 0], [1, 0], [0, 0]]


def test_edges_between_whole_days_split_whole_days_as_they_should() -> None:
    result = table_of([0, 0, 0], [0, 0, 0], [0, 2, 5], [0, 1], [0, 2.5, 3, 4.5])
    assert result.observed.tolist() == [[1, 0, 1]]
    assert table_of([0, 0, 0], [0, 0, 0], [0, 2, 5], [0, 1], [0, 3, 5]).observed.tolist() == [[1, 1]]


def test_pairs_outside_all_bands_are_in_no_cell() -> None:
    result = table_of([0, 0, 50, 900], [0, 0, 0, 0], [0, 3, 8, 10], [1, 100], [4, 8])
    assert result.observed.tolist() == [[1]]
    assert not result.same_place_band


def test_manhattan_distance_runs_along_the_axes() -> None:
    assert table_of([0, 60], [0, 60], [0, 1]).observed[1, 0] == 1
    assert table_of([0, 60], [0, 60], [0, 1], metric="manhattan").observed[2, 0] == 1


@untimed
@given(
    seed=st.integers(0, 10_000),
    n=st.integers(0, 40),
    space=st.lists(st.sampled_from([0.0, 1, 50, 100, 150, 400, math.inf]), min_size=2, max_size=6, unique=True),
    time=st.lists(st.sampled_from([0.0, 1, 2.5, 7, 30, math.inf]), min_size=2, max_size=5, unique=True),
    metric=st.sampled_from(["euclidean", "manhattan"]),
    whole=st.booleans(),
)
def test_the_table_agrees_with_looking_at_every_pair(
    seed: int, n: int, space: list[float], time: list[float], metric: Any, whole: bool
) -> None:
    x, y, t = town(n, seed=seed, side=500, days=40)
    t = t if whole else t + np.random.default_rng(seed).random(n)
    result = table_of(x, y, t, sorted(space), sorted(time), metric=metric, n_replicates=1)
    np.testing.assert_array_equal(result.observed, knox_table(x, y, t, sorted(space), sorted(time), metric))


@untimed
@given(seed=st.integers(0, 10_000), radius_m=st.sampled_from([0.3, 5.0, 40.0, 900.0]), n=st.integers(2, 60))
def test_every_pair_within_the_radius_is_a_candidate_once(seed: int, radius_m: float, n: int) -> None:
    x, y = np.random.default_rng(seed).normal(0, 60, (2, n)).round(1)
    near = near_order(x, y, radius_m=radius_m)
    met = [
        tuple(sorted((int(near.order[i]), int(near.order[j]))))
        for i in range(n)
        for j in [*range(i + 1, near.row_end[i]), *range(near.north_start[i], near.north_end[i])]
    ]
    assert len(met) == len(set(met))
    within = {
        (i, j) for i, j in itertools.combinations(range(n), 2) if math.hypot(x[i] - x[j], y[i] - y[j]) <= radius_m
    }
    assert within <= set(met)


def test_mean_and_variance_are_those_over_all_orders() -> None:
    x, y, t = np.array([0.0, 0, 30, 60, 500, 40]), np.zeros(6), np.array([0.0, 1, 2, 9, 9, 30])
    tables = np.array([knox_table(x, y, np.array(order), SPACE, TIME) for order in itertools.permutations(t)])
    result = table_of(x, y, t)
    np.testing.assert_allclose(result.expected_exact, tables.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(result.sd_exact, tables.std(axis=0), rtol=1e-9)
    np.testing.assert_allclose(
        result.residual, (result.observed - tables.mean(axis=0)) / tables.std(axis=0), rtol=1e-9, atol=1e-12
    )


def test_the_pvalue_nears_the_share_of_all_orders_with_as_many_pairs() -> None:
    x, y, t = np.array([0.0, 0, 30, 60, 500, 40]), np.zeros(6), np.array([0.0, 1, 2, 9, 9, 30])
    tables = np.array([knox_table(x, y, np.array(order), SPACE, TIME) for order in itertools.permutations(t)])
    result = table_of(x, y, t, n_replicates=9_999)
    exact = (tables >= result.observed).mean(axis=0)
    np.testing.assert_allclose(result.p, exact, atol=5 * 0.5 / 100)
    np.testing.assert_allclose(result.expected, result.expected_exact, atol=0.05)
    assert (result.p >= 1e-4).all()


def arson() -> tuple[Array, Array, Array, dict[str, Any]]:
    folder = shared_data("near-repeat-chicago-arson")
    frame = pl.read_csv(folder / "chicago_arson.csv", try_parse_dates=True)
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    days = frame["date"].cast(pl.Int32).to_numpy().astype(np.float64)
    return frame["x"].to_numpy(), frame["y"].to_numpy(), days, expected


def arson_table(x: Array, y: Array, t: Array, **options: Any) -> KnoxResult:
    bands = {"space": [0, 1, 200, 400, 600, math.inf], "time": [0, 1, 2, 3, math.inf]}
    return table_of(x, y, t, **bands, metric="manhattan", **options)


def calculators_table(**options: Any) -> tuple[KnoxResult, dict[str, Any]]:
    x, y, t, expected = arson()
    single = (x.astype(np.float32), y.astype(np.float32))
    bands = ([0, 1 / 64, 200, 400, 600, math.inf], [0, 1, 2, 3, math.inf])
    return table_of(*single, t, *bands, metric="manhattan", **options), expected


def test_the_exact_pairs_of_the_chicago_arsons() -> None:
    x, y, t, expected = arson()
    result = arson_table(x, y, t)
    assert result.observed.tolist() == expected["observed_exact"]
    assert result.distance_bands == ("[0, 1)", "[1, 200)", "[200, 400)", "[400, 600)", "[600, inf)")


def test_the_calculators_table_follows_from_its_rounding_to_the_last_pair() -> None:
    # Near Repeat Calculator 1.3 differs by one pair in four cells. Coordinates in single precision, in which northings
    # of 570 km come in steps of 6 cm, lift a pair from 399.96 m to 400 m; and same place means the very same point,
    # which a pair 0.56 m apart is not. With both, ours is its table.
    x, y, t, expected = arson()
    published = np.array(expected["observed_published"])
    assert int(np.abs(arson_table(x, y, t).observed - published).sum()) == 4
    assert calculators_table()[0].observed.tolist() == published.tolist()


def test_the_calculators_labels_are_one_unit_too_high() -> None:
    # Taken at its words ("0 to 1 days", "1 to 200 meters") the bands would hold other pairs than it printed.
    x, y, t, expected = arson()
    labelled = expected["observed_with_intervals_as_labelled"]
    result = table_of(
        x, y, t, [0, 1, 201, 401, 601, math.inf], [0, 2, 3, 4, math.inf], metric="manhattan", n_replicates=1
    )
    assert result.observed.tolist() == labelled["observed"]
    assert result.observed.tolist() != expected["observed_published"]


def test_ratios_and_pvalues_of_the_chicago_arsons_agree_with_the_published_ones() -> None:
    result, expected = calculators_table(n_replicates=1_999)
    # Its expected counts are means of 99 replicates; allow five standard errors, and the rounding of its ratios.
    ratio = np.array(expected["ratio_obs_over_mean_expected"])
    theirs = np.divide(result.observed, ratio, out=np.full(ratio.shape, np.nan), where=ratio > 0)
    allowed = 5 * result.sd_exact / math.sqrt(99) + 0.001 / np.maximum(ratio, 0.1) * theirs
    assert (np.abs(theirs - result.expected_exact) < allowed)[ratio > 0].all()
    noise = 5 * np.sqrt(result.p * (1 - result.p) / 99) + 0.02
    assert (np.abs(expected["p"] - result.p) < noise).all()
    assert (result.p[1:4, 0] < 0.01).all()


def test_burkitts_lymphoma_agrees_with_pointpats() -> None:
    # pointpats 2.5, Knox(s, t, delta=20, tau=5): at most 20 and at most 5; our bands end just above.
    folder = shared_data("reference-statistics")
    frame = pl.read_csv(folder / "burkitt.csv")
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["knox_burkitt"]
    bands = ([0, math.nextafter(20, 21), math.inf], [0, math.nextafter(5, 6), math.inf])
    result = table_of(frame["X"], frame["Y"], frame["T"], *bands, n_replicates=4_999)
    assert result.observed[0, 0] == expected["observed_close_in_both"] == 13
    assert result.observed.tolist() == expected["observed_table"]
    np.testing.assert_allclose(result.expected_exact, expected["expected_table"], rtol=1e-12)
    low, high = expected["p_sim_approx"]
    assert low - 0.02 < result.p[0, 0] < high + 0.02


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("block_size", [1, 10, 64, 1_000])
def test_threads_and_block_size_change_nothing(monkeypatch: pytest.MonkeyPatch, threads: int, block_size: int) -> None:
    x, y, t = town(200, seed=1)
    expected = table_of(x, y, t, n_replicates=99, threads=1).to_dict()
    monkeypatch.setattr(importlib.import_module("lagesbild.stats.knox"), "BLOCK_SIZE", block_size)
    assert table_of(x, y, t, n_replicates=99, threads=threads).to_dict() == expected


def test_whole_and_broken_days_are_counted_alike() -> None:
    x, y, t = town(150, seed=2)
    whole, broken = (table_of(x, y, t + shift, n_replicates=99) for shift in (0.0, 0.25))
    np.testing.assert_array_equal(whole.observed, broken.observed)
    np.testing.assert_array_equal(whole.p, broken.p)


def test_order_shift_and_unit_do_not_matter() -> None:
    x, y, t = town(150, seed=3)
    here = table_of(x, y, t)
    order = np.random.default_rng(1).permutation(150)
    assert np.array_equal(table_of(x[order], y[order], t[order]).observed, here.observed)
    moved = table_of(x + 674_000, y + 6_580_000, t + 20_000)
    assert np.array_equal(moved.observed, here.observed)
    assert np.array_equal(moved.p, here.p)
    in_km_and_hours = table_of(x / 1_024, y / 1_024, t * 24, [e / 1_024 for e in SPACE], [e * 24 for e in TIME])
    assert np.array_equal(in_km_and_hours.observed, here.observed)
    np.testing.assert_allclose(in_km_and_hours.residual, here.residual)


def test_input_is_left_alone_and_asking_again_gives_the_same() -> None:
    given_ = town(60, seed=4)
    before = [each.copy() for each in given_]
    first, second = table_of(*given_), table_of(*given_)
    assert first.to_dict() == second.to_dict()
    assert all(np.array_equal(a, b) for a, b in zip(given_, before, strict=True))
    assert table_of(*given_, rng=2).expected.tolist() != first.expected.tolist()


def test_pvalues_are_calibrated_when_time_and_place_have_nothing_to_do_with_each_other() -> None:
    hits = adjusted_hits = 0
    for seed in range(300):
        x, y, t = town(60, seed=seed, side=600, days=60)
        result = table_of(x, y, t, rng=seed, n_replicates=99, threads=1)
        hits += bool(result.p[1, 0] <= 0.05)
        adjusted_hits += bool((result.p_adjusted <= 0.05).any())
    # Ties make the test careful, never too bold.
    assert binomtest(hits, 300, 0.05, alternative="greater").pvalue > 0.001
    assert hits > 3
    assert binomtest(adjusted_hits, 300, 0.05, alternative="greater").pvalue > 0.001


def test_with_hardly_any_ties_the_pvalue_is_calibrated_on_both_sides() -> None:
    hits = 0
    for seed in range(300):
        rng = np.random.default_rng(seed)
        x, y, t = rng.random((3, 80))
        hits += bool(table_of(x, y, t, [0, 0.4, 2], [0, 0.4, 2], rng=seed, n_replicates=99, threads=1).p[0, 0] <= 0.05)
    assert binomtest(hits, 300, 0.05).pvalue > 0.001


def test_planted_near_repeats_are_found_in_their_band_alone() -> None:
    x, y, t = town(300, seed=6, side=5_000, days=365)
    x, y, t = np.append(x, x[:60] + 60), np.append(y, y[:60]), np.append(t, t[:60] + 3)
    result = table_of(x, y, t, n_replicates=199)
    assert result.p[1, 0] == 1 / 200
    assert result.p_adjusted[1, 0] <= 0.01
    assert result.ratio[1, 0] > 2
    assert result.p[2, 0] > 0.05


@pytest.mark.parametrize("n", [0, 1])
def test_too_few_events_are_an_answer(n: int) -> None:
    result = table_of(np.zeros(n), np.zeros(n), np.zeros(n))
    assert [note.code for note in result.notes] == ["knox.too_few_events"]
    assert not result.observed.any()
    assert (result.p == 1).all()


@pytest.mark.parametrize("same", ["place", "time"])
def test_events_that_share_one_place_or_time_cannot_be_tested_and_say_so(same: str) -> None:
    many, one = np.arange(12.0) * 20, np.zeros(12)
    result = table_of(one, one, many) if same == "place" else table_of(many, one, one)
    assert [note.code for note in result.notes] == ["knox.nothing_varies"]
    assert (result.p == 1).all()
    assert (result.p_adjusted == 1).all()
    assert result.observed.sum() == 66


def test_rare_bands_and_missing_ratios_are_noted() -> None:
    x, y, t = town(20, seed=7, side=3_000)
    codes = {note.code: note.values for note in table_of(x, y, t, [0, 1, 100, math.inf], [0, 1, math.inf]).notes}
    assert codes["knox.few_pairs"]["n"] > 0


@pytest.mark.parametrize("edges", [[], [0], [0, 5, 5], [5, 0], [-1, 5], [0, math.nan], [[0, 1]]])
def test_edges_that_do_not_rise_are_refused(edges: list[float]) -> None:
    with pytest.raises(ValueError, match="`distance_bands` must hold two or more rising edges"):
        table_of([0], [0], [0], edges)


def test_wrong_arguments_are_refused_with_one_wording() -> None:
    with pytest.raises(ValueError, match="`x` and `t` must have the same length"):
        table_of([0, 1], [0, 1], [0])
    with pytest.raises(ValueError, match="`t` must hold finite numbers"):
        table_of([0, 1], [0, 1], [0, math.nan])
    with pytest.raises(ValueError, match="`n_replicates` must be 1 or more"):
        table_of([0, 1], [0, 1], [0, 1], n_replicates=0)
    with pytest.raises(ValueError, match="`metric` must be"):
        table_of([0, 1], [0, 1], [0, 1], metric="network")


def test_counters_of_four_bytes_are_emptied_before_they_overflow(monkeypatch: pytest.MonkeyPatch) -> None:
    from lagesbild.stats import _knox_kernel

    n = 40
    near = near_order(np.zeros(n), np.zeros(n), radius_m=1.0)
    part, total = np.zeros((1, 1, 2), dtype=np.int32), np.zeros((1, 1, 2), dtype=np.int64)
    monkeypatch.setattr(_knox_kernel, "FULL", 5 * n)
    plain = getattr(_knox_kernel.count_pairs, "py_func", _knox_kernel.count_pairs)
    times, edges = np.zeros((n, 2), dtype=np.int32), np.array([1], dtype=np.int32)
    plain(*near.places, False, np.array([1.0]), times, edges, part, total)
    assert total.ravel().tolist() == [780, 780]
    assert part.max() < 5 * n
