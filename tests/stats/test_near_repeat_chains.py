"""Near-repeat chains: events linked into series."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.stats import NearRepeatChainsResult, near_repeat_chains
from tests.shared_data import shared_data
from tests.stats.twins import chains_by_walking
from tests.stats.untimed import untimed

pytestmark = pytest.mark.one_database


def of(x: Any, y: Any, t: Any, **options: Any) -> NearRepeatChainsResult:
    return near_repeat_chains(x, y, t, **({"radius_m": 100, "window_days": 7} | options))


def test_six_events_by_hand() -> None:
    # 0-1 and 1-2 are near, 0-2 (160 m) are not: one chain. 3 is near in place only; 4 and 5 began before.
    result = of([0, 80, 160, 80, 900, 900], [0, 0, 0, 0, 0, 0], [10, 12, 15, 90, 1, 3])
    assert result.chain.tolist() == [2, 2, 2, 0, 1, 1]
    assert result.n_links.tolist() == [1, 2, 1, 0, 1, 1]
    pair, series = result.chains
    assert series.events.tolist() == [0, 1, 2]
    assert (series.n_events, series.n_links, series.first, series.last, series.length_days) == (3, 2, 10, 15, 5)
    assert (series.x, series.y, series.reach_m) == (80, 0, 80)
    assert (pair.number, pair.events.tolist()) == (1, [4, 5])
    assert (result.n_events, result.n_in_chains) == (6, 5)


def test_exactly_at_both_limits_is_near_and_just_beyond_is_not() -> None:
    assert of([0, 100], [0, 0], [0, 7]).n_in_chains == 2
    assert of([0, math.nextafter(100, 101)], [0, 0], [0, 7]).n_in_chains == 0
    assert of([0, 100], [0, 0], [0, math.nextafter(7, 8)]).n_in_chains == 0


def test_manhattan_distance_runs_along_the_axes() -> None:
    assert of([0, 60], [0, 60], [0, 1]).n_in_chains == 2
    assert of([0, 60], [0, 60], [0, 1], metric="manhattan").n_in_chains == 0


@pytest.mark.parametrize("number", [0, 1])
def test_the_documented_strings_of_ptools(number: int) -> None:
    folder = shared_data("reference-statistics")
    case = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["near_repeat_strings"]["cases"][number]
    result = of(case["x"], case["y"], case["t"], radius_m=case["dist_threshold"], window_days=case["time_threshold"])
    assert result.chain.tolist() == case["component"]


@untimed
@given(seed=st.integers(0, 10_000), n=st.integers(0, 60), metric=st.sampled_from(["euclidean", "manhattan"]))
def test_chains_are_those_found_by_walking_from_event_to_event(seed: int, n: int, metric: Any) -> None:
    rng = np.random.default_rng(seed)
    x, y, t = rng.integers(0, 20, n) * 40.0, rng.integers(0, 20, n) * 40.0, rng.integers(0, 60, n).astype(float)
    result = of(x, y, t, metric=metric)
    assert result.chain.tolist() == chains_by_walking(x, y, t, 100, 7, metric)
    assert sum(chain.n_links for chain in result.chains) * 2 == result.n_links.sum()


def test_order_shift_and_unit_do_not_matter() -> None:
    rng = np.random.default_rng(1)
    x, y, t = rng.random(80) * 800, rng.random(80) * 800, rng.random(80) * 60
    here = of(x, y, t)
    order = rng.permutation(80)
    there = of(x[order] * 4 + 1_024, y[order] * 4, t[order] * 2, radius_m=400, window_days=14)
    np.testing.assert_array_equal(there.chain, here.chain[order])


def test_events_at_one_place_and_time_are_one_chain() -> None:
    result = of(np.zeros(50), np.zeros(50), np.zeros(50))
    assert len(result.chains) == 1
    assert result.chains[0].n_links == 50 * 49 // 2
    assert result.chains[0].length_days == 0


@pytest.mark.parametrize("n", [0, 1])
def test_too_few_events_are_an_answer(n: int) -> None:
    result = of(np.zeros(n), np.zeros(n), np.zeros(n))
    assert result.chains == ()
    assert [note.code for note in result.notes] == ["near_repeat_chains.none"]


def test_input_is_left_alone_and_asking_again_gives_the_same() -> None:
    x, y, t = np.arange(9.0) * 70, np.zeros(9), np.arange(9.0)[::-1].copy()
    assert of(x, y, t).to_dict() == of(x, y, t).to_dict()
    assert t.tolist() == list(range(8, -1, -1))


def test_wrong_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="`radius_m` must be a positive number of metres"):
        of([0], [0], [0], radius_m=0)
    with pytest.raises(ValueError, match="`window_days` must be a positive number of days"):
        of([0], [0], [0], window_days=-1)
    with pytest.raises(ValueError, match="`x` and `t` must have the same length"):
        of([0], [0], [0, 1])
    with pytest.raises(ValueError, match="`metric` must be"):
        of([0], [0], [0], metric="street")
