"""Scan statistics: known answers, calibrated p-values, and what is planted is found. Windows: `test_scan_windows`."""

from __future__ import annotations

import importlib
import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats as scipy_stats
from scipy.stats import binomtest

from lagesbild.stats import Population, ScanResult, ScanWindows, scan_bernoulli, scan_permutation, scan_poisson
from lagesbild.stats._scan_cases import Prepared
from lagesbild.stats._scan_kernel import log_ratio

pytestmark = pytest.mark.one_database

Array = npt.NDArray[np.float64]
NEAR = ScanWindows(max_radius_m=200, max_days=5)


def town(n: int, *, seed: int, side: float = 1_000.0, days: int = 30) -> tuple[Array, Array, Array]:
    """Places on a lattice of 100 m, so that many share one and many lie equally far, and whole days."""
    rng = np.random.default_rng(seed)
    x, y = (np.floor(rng.random(n) * side / 100) * 100 for _ in range(2))
    return x, y, rng.integers(0, days, n).astype(np.float64)


def scanned(x: Any, y: Any, t: Any, **options: Any) -> ScanResult:
    usual: dict[str, Any] = {"windows": NEAR, "n_replicates": 99, "rng": 1, "threads": 1}
    return scan_permutation(x, y, t, **(usual | options))


def people(seed: int, *, side: int = 6) -> Population:
    rng = np.random.default_rng(seed)
    x, y = (axis.ravel() * 100.0 for axis in np.meshgrid(np.arange(side), np.arange(side)))
    return Population(x, y, rng.integers(0, 50, (side * side, 2)), t=[0, 20])


def drawn_from(population: Population, n: int, *, seed: int, days: int = 20) -> tuple[Array, Array, Array]:
    """Cases that follow the population of its first time."""
    rng = np.random.default_rng(seed)
    weight = population.people.sum(axis=(1, 2)) + 0.0
    place = rng.choice(len(weight), n, p=weight / weight.sum())
    return population.x[place], population.y[place], rng.integers(0, days, n).astype(np.float64)


def test_the_statistic_of_a_known_window() -> None:
    # Twelve cases where four are expected, of 200: 12 log 3 + 188 log(188 / 196).
    assert log_ratio(12.0, 4.0, 200.0, 0.0) == pytest.approx(5.3489, abs=5e-5)
    assert log_ratio(3.0, 4.0, 200.0, 0.0) == 0


def test_six_cases_by_hand() -> None:
    # Place A has three cases, two of them on day 3; the day has two cases in all. Expected there: 3 x 2 / 6 = 1.
    result = scanned([0, 0, 0, 900, 900, 900], [0] * 6, [0, 3, 3, 1, 2, 4])
    top = result.clusters[0]
    assert (top.x, top.y, top.radius_m) == (0, 0, 0)
    assert (top.t_from, top.t_to) == (3, 4)
    assert (top.observed, top.expected) == (2, 1)
    assert top.statistic == pytest.approx(2 * math.log(2) + 4 * math.log(4 / 5))
    assert top.ratio == 2
    assert top.relative_risk == pytest.approx(2 / (4 / 5))
    assert top.events.tolist() == [1, 2]
    assert result.place_x[top.places].tolist() == [0]
    assert (result.t_from, result.t_to, result.n_intervals) == (0, 5, 5)


def test_a_place_at_exactly_the_radius_is_within() -> None:
    x, t = [0, 200, 900, 900, 900, 900, 900, 900], [3, 3, 0, 1, 2, 4, 5, 6]
    assert scanned(x, np.zeros(8), t).clusters[0].observed == 2
    just_short = ScanWindows(max_radius_m=199.9, max_days=5)
    assert scanned(x, np.zeros(8), t, windows=just_short).clusters == ()


def test_a_period_is_no_longer_than_allowed() -> None:
    x, t = [0, 0, 900, 900, 900, 900, 900, 900], [1, 5, 0, 2, 3, 4, 6, 7]
    found = scanned(x, np.zeros(8), t, windows=ScanWindows(max_days=5)).clusters[0]
    assert (found.t_from, found.t_to, found.observed) == (1, 6, 2)
    assert scanned(x, np.zeros(8), t, windows=ScanWindows(max_days=4)).clusters == ()


@pytest.mark.parametrize("room", [60, 500])
def test_circles_listed_piece_by_piece_give_the_same_answer(monkeypatch: pytest.MonkeyPatch, room: int) -> None:
    x, y, t = town(120, seed=5)
    expected = scanned(x, y, t).to_dict()
    monkeypatch.setattr(importlib.import_module("lagesbild.stats._scan_circles"), "ROOM", room)
    assert scanned(x, y, t).to_dict() == expected


@pytest.mark.parametrize(("threads", "block_size"), [(1, 1), (2, 7), (3, 1_000)])
@pytest.mark.parametrize("stop_after", [None, 5])
def test_threads_and_block_size_change_nothing(
    monkeypatch: pytest.MonkeyPatch, threads: int, block_size: int, stop_after: int | None
) -> None:
    x, y, t = town(120, seed=6)
    expected = scanned(x, y, t, stop_after=stop_after).to_dict()
    monkeypatch.setattr(importlib.import_module("lagesbild.stats._scan_clusters"), "BLOCK_SIZE", block_size)
    assert scanned(x, y, t, stop_after=stop_after, threads=threads).to_dict() == expected


def test_early_stopping_gives_the_sequential_pvalue() -> None:
    x, y, t = town(120, seed=6)
    whole, early = scanned(x, y, t), scanned(x, y, t, stop_after=5)
    at_least = whole.maxima >= whole.clusters[0].statistic - 1e-9
    drawn = int(np.flatnonzero(at_least)[4]) + 1
    assert early.stopped_early
    assert early.n_replicates == drawn
    assert early.clusters[0].p == pytest.approx(5 / drawn)
    assert early.notes[-1].values == {"n": drawn}
    assert early.clusters[0].p_gumbel != early.clusters[0].p


def test_order_shift_and_unit_do_not_matter() -> None:
    x, y, t = town(150, seed=7)
    here = scanned(x, y, t).clusters
    order = np.random.default_rng(1).permutation(150)
    moved = scanned(x[order] + 674_000, y[order] + 6_580_000, t[order] + 20_000).clusters
    small = ScanWindows(max_radius_m=200 / 1_024, max_days=5)
    for other in (moved, scanned(x / 1_024, y / 1_024, t, windows=small).clusters):
        assert [c.statistic for c in other] == pytest.approx([c.statistic for c in here])
        assert [c.observed for c in other] == [c.observed for c in here]
    assert sorted(order[moved[0].events].tolist()) == here[0].events.tolist()
    assert scanned(x + 674_000, y + 6_580_000, t + 20_000).clusters[0].p == here[0].p


def test_input_is_left_alone_and_asking_again_gives_the_same() -> None:
    cases = town(80, seed=8)
    before = [each.copy() for each in cases]
    first, second = scanned(*cases), scanned(*cases)
    assert json.dumps(first.to_dict(), allow_nan=False) == json.dumps(second.to_dict(), allow_nan=False)
    assert all(np.array_equal(a, b) for a, b in zip(cases, before, strict=True))
    assert scanned(*cases, rng=2).maxima.tolist() != first.maxima.tolist()


def test_pvalues_are_calibrated_when_nothing_goes_on() -> None:
    population = people(1)
    hits = {"permutation": 0, "poisson": 0, "bernoulli": 0}
    for seed in range(120):
        options: dict[str, Any] = {"windows": NEAR, "n_replicates": 19, "rng": seed, "threads": 1}
        x, y, t = drawn_from(population, 50, seed=seed)
        even = Population(population.x, population.y, population.people.sum(axis=(1, 2)))
        found = {
            "permutation": scan_permutation(x, y, t, **options),
            "poisson": scan_poisson(x, y, t, population=even, **options),
            "bernoulli": scan_bernoulli(x, y, t, is_case=np.arange(50) % 3 == 0, **options),
        }
        for name, result in found.items():
            hits[name] += bool(result.clusters and result.clusters[0].p <= 0.05)
    for name, hit in hits.items():
        # Ties make the test careful, never too bold.
        assert binomtest(hit, 120, 0.05, alternative="greater").pvalue > 0.001, name
        assert hit > 0, name


def test_a_planted_cluster_is_found_where_and_when_it_is() -> None:
    x, y, t = town(300, seed=9, side=3_000, days=90)
    x[:12], y[:12], t[:12] = 1_500, 1_500, np.arange(12) % 4 + 40
    top = scanned(x, y, t).clusters[0]
    assert top.p == 0.01
    assert math.hypot(top.x - 1_500, top.y - 1_500) <= 200
    assert (top.t_from, top.t_to) == (40, 44)
    assert set(range(12)) <= set(top.events.tolist())


def test_clusters_share_no_place_and_come_in_order() -> None:
    x, y, t = town(300, seed=10)
    result = scanned(x, y, t, max_clusters=5)
    assert len(result.clusters) == 5
    members = [set(cluster.places.tolist()) for cluster in result.clusters]
    assert sum(map(len, members)) == len(set.union(*members))
    statistics = [cluster.statistic for cluster in result.clusters]
    assert statistics == sorted(statistics, reverse=True)
    assert [cluster.p for cluster in result.clusters] == sorted(cluster.p for cluster in result.clusters)
    for cluster in result.clusters:
        assert len(cluster.events) == cluster.observed


def test_the_gumbel_pvalue_follows_its_mean_and_spread() -> None:
    x, y, t = town(300, seed=9, side=3_000, days=90)
    x[:12], y[:12], t[:12] = 1_500, 1_500, np.arange(12) % 4 + 40
    result = scanned(x, y, t, gumbel=True, n_replicates=199)
    scale = result.maxima.std(ddof=1) * math.sqrt(6) / math.pi
    at = scipy_stats.gumbel_r(result.maxima.mean() - np.euler_gamma * scale, scale)
    for cluster in result.clusters:
        assert cluster.p_gumbel == pytest.approx(at.sf(cluster.statistic), rel=1e-6)
    assert 0 < result.clusters[0].p_gumbel < 1e-4 < result.clusters[0].p
    assert math.isnan(scanned(x, y, t).clusters[0].p_gumbel)


def test_prospective_windows_reach_the_end_and_tell_how_often_one_would_see_them() -> None:
    x, y, t = town(200, seed=11)
    windows = ScanWindows(max_radius_m=200, max_days=5, prospective=True, period=(0, 30))
    result = scanned(x, y, t, windows=windows)
    assert result.clusters
    for cluster in result.clusters:
        assert cluster.t_to == 30
        assert cluster.recurrence_days == pytest.approx(1 / cluster.p)
    assert math.isnan(scanned(x, y, t).clusters[0].recurrence_days)


def test_intervals_are_laid_from_the_end_and_the_first_takes_the_rest() -> None:
    windows = ScanWindows(period=(0, 24), interval_days=7, max_days=14)
    scan = Prepared([0], [0], [9.5], design="space-time", windows=windows, places=None)
    assert scan.at.edges.tolist() == [0, 10, 17, 24]
    assert scan.interval.tolist() == [0]
    assert scan.at.last_end.tolist() == [1, 2, 2]
    assert scan.at.first_start.tolist() == [0, 0, 1]


def test_months_of_different_length_are_windows_if_they_fit() -> None:
    windows = ScanWindows(time_edges=[0, 31, 59, 90, 120], max_days=60)
    scan = Prepared([0], [0], [59], design="space-time", windows=windows, places=None)
    assert scan.interval.tolist() == [2]
    assert scan.at.last_end.tolist() == [1, 2, 2, 3]
    by_share = Prepared([0], [0], [59], design="space-time", windows=ScanWindows(time_edges=range(20)), places=None)
    assert by_share.at.last_end[0] == 8


def test_a_month_longer_than_allowed_is_no_window() -> None:
    months = ScanWindows(time_edges=[0, 31, 59, 90, 120], max_days=30, max_share=1)
    x, t = [0, 0, 500, 500, 0, 0], [5, 6, 40, 41, 100, 101]
    for prospective in (False, True):
        windows = replace(months, prospective=prospective)
        result = scanned(x, np.zeros(6), t, windows=windows)
        assert {cluster.t_from for cluster in result.clusters} <= {31, 90}
        assert result.clusters
    none = replace(months, max_days=20)
    assert [note.code for note in scanned(x, np.zeros(6), t, windows=none).notes] == ["scan.no_cluster"]


def test_people_between_two_counts_change_along_a_line() -> None:
    # From 10 people on day 0 to 30 on day 10: 10 + t on average in [0, t / 2 ...]; the second half has 25 of 40 parts.
    population = Population([0, 500], [0, 0], [[10, 30], [20, 20]], t=[0, 10])
    windows = ScanWindows(period=(0, 10), interval_days=5, max_share=1, min_cases=1)
    result = scan_poisson([0] * 8, [0] * 8, [7] * 8, population=population, windows=windows, n_replicates=9, rng=1)
    top = result.clusters[0]
    assert (top.t_from, top.t_to, top.places.tolist()) == (5, 10, [0])
    # Person-days: 5 x 25 of 10 x 20 + 10 x 20.
    assert top.expected == pytest.approx(8 * 125 / 400)


def test_categories_have_rates_of_their_own() -> None:
    # All cases are old; only the second place has old people, so nothing is out of the way.
    population = Population([0, 500], [0, 0], [[[100, 0]], [[50, 10]]])
    options: dict[str, Any] = {
        "population": population,
        "windows": ScanWindows(max_share=1),
        "design": "space",
        "n_replicates": 9,
        "rng": 1,
    }
    assert scan_poisson([500] * 6, [0] * 6, category=[1] * 6, **options).clusters == ()
    alike = scan_poisson([500] * 6, [0] * 6, category=[0] * 6, **options)
    assert alike.clusters[0].expected == pytest.approx(6 * 50 / 150)
    with pytest.raises(ValueError, match="`category` must be given"):
        scan_poisson([500], [0], **options)
    with pytest.raises(ValueError, match="must be below 2"):
        scan_poisson([500], [0], category=[2], **options)


def test_space_alone_and_time_alone() -> None:
    x, y, t = town(200, seed=12)
    x[:20], y[:20] = 300, 300
    t[:20] = 10
    is_case = np.random.default_rng(3).random(200) < 0.3
    is_case[:20] = True
    options: dict[str, Any] = {"is_case": is_case, "n_replicates": 99, "rng": 1, "threads": 1}
    space = scan_bernoulli(x, y, design="space", windows=NEAR, **options)
    assert (space.clusters[0].x, space.clusters[0].y, space.clusters[0].p) == (300, 300, 0.01)
    time = scan_bernoulli(x, y, t, design="time", windows=NEAR, **options)
    assert time.clusters[0].t_from <= 10 < time.clusters[0].t_to
    assert time.clusters[0].p == 0.01
    assert len(time.clusters) == 1
    assert len(time.clusters[0].places) == len(time.place_x)
    assert time.clusters[0].radius_m > 500


def test_distances_on_the_sphere_are_great_circles() -> None:
    # A degree along the equator of a sphere of 6,367 km.
    windows = ScanWindows(max_radius_m=120_000, lonlat=True)
    result = scanned([0, 1, 90, 90, 90, 90], [0, 0, 45, 45, 45, 45], [1, 1, 2, 3, 4, 5], windows=windows)
    assert result.clusters[0].observed == 2
    assert result.clusters[0].radius_m == pytest.approx(math.radians(1) * 6_367_000)
    short = ScanWindows(max_radius_m=111_000, lonlat=True)
    assert scanned([0, 1, 90, 90, 90, 90], [0, 0, 45, 45, 45, 45], [1, 1, 2, 3, 4, 5], windows=short).clusters == ()


@pytest.mark.parametrize("n", [0, 1])
def test_too_few_cases_are_an_answer(n: int) -> None:
    result = scanned(np.zeros(n), np.zeros(n), np.zeros(n))
    assert result.clusters == ()
    assert [note.code for note in result.notes] == ["scan.too_few_cases"]
    json.dumps(result.to_dict(), allow_nan=False)
    assert scan_bernoulli(np.zeros(n), np.zeros(n), is_case=np.zeros(n, bool), windows=NEAR, design="space", rng=1)


def test_cases_at_one_place_or_on_one_day_cannot_be_permuted_and_say_so() -> None:
    for x, t in ((np.zeros(9), np.arange(9.0)), (np.arange(9.0), np.zeros(9))):
        result = scanned(x, np.zeros(9), t)
        assert [note.code for note in result.notes] == ["scan.nothing_varies"]
    all_cases = scan_bernoulli([0, 1], [0, 0], [0, 1], is_case=[True, True], windows=NEAR, rng=1)
    assert [note.code for note in all_cases.notes] == ["scan.nothing_varies"]


def test_no_window_above_what_is_expected_is_noted() -> None:
    result = scanned([0, 0, 900, 900], [0] * 4, [1, 2, 1, 2], windows=ScanWindows(max_days=1, max_radius_m=10))
    assert [note.code for note in result.notes] == ["scan.no_cluster"]


def test_cases_outside_the_period_or_off_the_places_are_noted() -> None:
    windows = ScanWindows(max_radius_m=200, max_days=5, period=(0, 20))
    x, y, t = town(100, seed=13)
    result = scanned(x + 3, y, t, windows=windows, places=(x, y))
    values = {note.code: note.values["n"] for note in result.notes}
    outside = int((t >= 20).sum())
    assert values == {"scan.outside_period": outside, "scan.moved_to_place": 100 - outside}
    assert all((t[cluster.events] < 20).all() for cluster in result.clusters)


def test_wrong_arguments_are_refused_with_one_wording() -> None:
    for wrong, match in (
        ({"max_radius_m": -50}, "`max_radius_m` must be a positive number of metres. Got -50"),
        ({"max_share": 0}, "`max_share` must lie above 0"),
        ({"max_days": 1, "interval_days": 7}, "`max_days` must be at least `interval_days`"),
        ({"min_cases": 0}, "`min_cases` must be 1 or more"),
        ({"period": (3, 3)}, "`period` must end after it starts"),
    ):
        with pytest.raises(ValueError, match=match):
            ScanWindows(**wrong)
    with pytest.raises(ValueError, match="`x` and `t` must have the same length"):
        scanned([0, 1], [0, 1], [0])
    with pytest.raises(ValueError, match="`t` must be given"):
        scan_bernoulli([0], [0], is_case=[True], windows=NEAR, rng=1)
    with pytest.raises(ValueError, match="`n_replicates` must be 1 or more"):
        scanned([0, 1], [0, 1], [0, 1], n_replicates=0)
    with pytest.raises(TypeError, match="`is_case` must be a boolean array"):
        scan_bernoulli([0], [0], [0], is_case=[1], windows=NEAR, rng=1)
    with pytest.raises(ValueError, match="`time_edges` must hold two or more rising numbers"):
        scanned([0, 1], [0, 1], [0, 1], windows=ScanWindows(time_edges=[3, 2]))
    with pytest.raises(ValueError, match="`people` must"):
        Population([0], [0], [-1])
