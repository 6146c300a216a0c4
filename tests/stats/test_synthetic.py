"""Synthetic worlds: what was planted is there, in the planted size, and nothing else."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from scipy import stats as scipy_stats

from lagesbild.stats import (
    PlantedCluster,
    PlantedHotSpot,
    PlantedMeasure,
    PlantedNearRepeats,
    ScanWindows,
    SyntheticWorldResult,
    compare_counts,
    knox,
    scan_permutation,
    synthetic_world,
)

pytestmark = pytest.mark.one_database

SPOT = PlantedHotSpot(x=700, y=300, sd_m=40, n_events=300)
REPEATS = PlantedNearRepeats(mean_repeats=0.4, sd_m=50, mean_days=4)
CLUSTER = PlantedCluster(x=1_000, y=1_000, radius_m=100, t_from=100, t_to=107, n_events=25)
MEASURE = PlantedMeasure(x=500, y=500, radius_m=300, t_from=180, rate_ratio=0.5, displaced_share=0.4, ring_m=500)


def world(**planted: Any) -> SyntheticWorldResult:
    usual: dict[str, Any] = {"width_m": 2_000, "height_m": 1_500, "days": 360, "n_background": 1_000, "rng": 1}
    return synthetic_world(**(usual | planted))


def test_the_background_is_even_over_area_and_time() -> None:
    made = world(n_background=20_000)
    assert abs(made.n_events - 20_000) < 5 * math.sqrt(20_000)
    cells = np.histogram2d(made.x, made.y, bins=10, range=[[0, 2_000], [0, 1_500]])[0]
    assert scipy_stats.chisquare(cells.ravel()).pvalue > 0.001
    assert scipy_stats.kstest(made.t / 360, "uniform").pvalue > 0.001
    assert bool((np.diff(made.t) >= 0).all())
    assert made.truth.of("background").all()


def test_the_background_follows_the_given_weights_in_place_and_time() -> None:
    made = world(n_background=8_000, background=[[1, 0], [0, 3]], time_weights=[3, 1])
    south_west = (made.x < 1_000) & (made.y < 750)
    north_east = (made.x >= 1_000) & (made.y >= 750)
    assert (south_west | north_east).all()
    assert north_east.mean() == pytest.approx(0.75, abs=0.03)
    assert (made.t < 180).mean() == pytest.approx(0.75, abs=0.03)


def test_numbers_of_events_vary_as_poisson_numbers_do() -> None:
    n = np.array([world(n_background=50, rng=seed).n_events for seed in range(300)])
    assert n.mean() == pytest.approx(50, abs=5 * math.sqrt(50 / 300))
    assert n.var() == pytest.approx(50, rel=0.35)


def test_hot_spots_lie_where_they_were_put() -> None:
    other = PlantedHotSpot(x=1_500, y=1_000, sd_m=10, n_events=100)
    made = world(hot_spots=[SPOT, other])
    mine = made.truth.hot_spot == 0
    assert np.count_nonzero(mine) == pytest.approx(300, abs=5 * math.sqrt(300))
    assert made.x[mine].mean() == pytest.approx(700, abs=12)
    assert made.x[mine].std() == pytest.approx(40, rel=0.2)
    assert set(made.truth.hot_spot.tolist()) == {-1, 0, 1}
    assert np.array_equal(made.truth.hot_spot >= 0, made.truth.of("hot_spot"))


def test_near_repeats_follow_their_parents_closely() -> None:
    made = world(n_background=3_000, near_repeats=REPEATS)
    repeats = np.flatnonzero(made.truth.parent >= 0)
    parents = made.truth.parent[repeats]
    assert made.truth.of("near_repeat")[repeats].all()
    # All in all m / (1 - m) for each event; some fall outside.
    assert np.count_nonzero(made.truth.of("near_repeat")) == pytest.approx(3_000 * 0.4 / 0.6, rel=0.1)
    delay = made.t[repeats] - made.t[parents]
    assert delay.min() >= 0
    assert delay.mean() == pytest.approx(4, rel=0.1)
    assert (made.x[repeats] - made.x[parents]).std() == pytest.approx(50, rel=0.1)


def test_knox_finds_planted_near_repeats_and_none_without() -> None:
    bands: dict[str, Any] = {"distance_bands": [0, 150, math.inf], "time_bands": [0, 10, math.inf], "rng": 1}
    with_, without = world(near_repeats=REPEATS, n_background=300), world(n_background=500)
    assert knox(with_.x, with_.y, with_.t, n_replicates=99, **bands).p[0, 0] == 0.01
    assert knox(without.x, without.y, without.t, n_replicates=99, **bands).p[0, 0] > 0.05


def test_the_scan_finds_a_planted_cluster() -> None:
    made = world(cluster=CLUSTER, n_background=400)
    planted = made.truth.of("cluster")
    assert np.hypot(made.x[planted] - 1_000, made.y[planted] - 1_000).max() <= 100
    assert made.t[planted].min() >= 100
    assert made.t[planted].max() < 107
    windows = ScanWindows(max_radius_m=250, max_days=14)
    top = scan_permutation(made.x, made.y, made.t, windows=windows, n_replicates=99, rng=1).clusters[0]
    assert top.p == 0.01
    assert planted[top.events].mean() > 0.8


def test_a_measure_prevents_and_displaces_as_much_as_it_should() -> None:
    made = world(n_background=40_000, measure=MEASURE)
    inside = np.hypot(made.x - 500, made.y - 500) <= 300
    before, after = (int(np.count_nonzero(inside & when)) for when in (made.t < 180, made.t >= 180))
    assert after / before == pytest.approx(0.5, abs=0.06)
    change = compare_counts(before, after)
    assert (change.low or 0) < 0.5 < (change.high or 0)
    truth = made.truth
    assert truth.n_prevented == pytest.approx(before / 2, rel=0.15)
    assert truth.n_displaced / truth.n_prevented == pytest.approx(0.4, abs=0.06)
    moved = truth.of("displaced")
    assert np.count_nonzero(moved) == truth.n_displaced
    apart = np.hypot(made.x[moved] - 500, made.y[moved] - 500)
    assert apart.min() >= 300
    assert apart.max() <= 500
    assert made.t[moved].min() >= 180


def test_a_measure_can_make_matters_worse() -> None:
    worse = PlantedMeasure(x=500, y=500, radius_m=300, t_from=180, rate_ratio=1.5)
    made = world(n_background=40_000, measure=worse)
    inside = np.hypot(made.x - 500, made.y - 500) <= 300
    assert np.count_nonzero(inside & (made.t >= 180)) / np.count_nonzero(inside & (made.t < 180)) == pytest.approx(
        1.5, abs=0.15
    )
    assert made.truth.n_added == np.count_nonzero(made.truth.of("added"))
    assert made.truth.n_prevented == 0


def test_everything_at_once_lies_within_area_and_period() -> None:
    edge = PlantedHotSpot(x=0, y=0, sd_m=100, n_events=200)
    made = world(hot_spots=[SPOT, edge], near_repeats=REPEATS, cluster=CLUSTER, measure=MEASURE, whole_days=True)
    assert made.x.min() >= 0
    assert made.x.max() < 2_000
    assert made.y.max() < 1_500
    assert made.t.max() < 360
    assert np.array_equal(made.t, np.floor(made.t))
    assert made.truth.parent.max() < made.n_events
    assert not bool((made.truth.parent == np.arange(made.n_events)).any())
    json.dumps(made.to_dict(), allow_nan=False)


def test_a_moved_origin_moves_everything() -> None:
    here = world()
    there = world(origin=(674_000, 6_580_000))
    np.testing.assert_allclose(there.x, here.x + 674_000)
    np.testing.assert_allclose(there.y, here.y + 6_580_000)
    assert np.array_equal(there.t, here.t)


def test_the_same_seed_gives_the_same_world() -> None:
    assert world().to_dict() == world().to_dict()
    assert world(rng=2).x[0] != world().x[0]
    rng = np.random.default_rng(1)
    assert world(rng=rng).n_events != world(rng=rng).n_events or world(rng=rng).x[0] != world(rng=rng).x[0]


def test_a_world_without_events_is_a_world() -> None:
    empty = world(n_background=0, near_repeats=REPEATS, measure=MEASURE)
    assert empty.n_events == 0
    assert [note.code for note in empty.notes] == ["synthetic.no_events"]
    assert empty.truth.parent.tolist() == []


def test_wrong_arguments_are_refused_with_one_wording() -> None:
    with pytest.raises(ValueError, match="`width_m` must be a positive number of metres"):
        world(width_m=0)
    with pytest.raises(ValueError, match="`n_background` must be a number of zero or more"):
        world(n_background=-1)
    with pytest.raises(ValueError, match="`background` must have 2 dimension"):
        world(background=[1, 2])
    with pytest.raises(ValueError, match="`time_weights` must have 1 dimension"):
        world(time_weights=[0, 0])
    with pytest.raises(ValueError, match="`mean_repeats` must be 0 or more and below 1"):
        PlantedNearRepeats(mean_repeats=1, sd_m=1, mean_days=1)
    with pytest.raises(ValueError, match="`ring_m` must be larger"):
        PlantedMeasure(x=0, y=0, radius_m=100, t_from=0, rate_ratio=0.5, displaced_share=0.2)
    with pytest.raises(ValueError, match="`t_to` must come after"):
        PlantedCluster(x=0, y=0, radius_m=1, t_from=3, t_to=3, n_events=1)
