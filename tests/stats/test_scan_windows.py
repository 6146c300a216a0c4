"""Every window of a scan is looked at, and its replicates are fair: the fast loops beside slow ones and theory."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as scipy_stats

from lagesbild.stats import ScanWindows
from lagesbild.stats._replicates import seeds
from lagesbild.stats._scan_cases import Prepared
from lagesbild.stats._scan_model import (
    Model,
    bernoulli_model,
    best_of_each,
    maxima,
    permutation_model,
    poisson_model,
    simulated,
)
from tests.stats.scan_twins import best_windows
from tests.stats.test_scan import NEAR, town

pytestmark = pytest.mark.one_database

Array = npt.NDArray[np.float64]


def table(model: Model, starts: Any, times: Any) -> Array:
    counts = np.zeros((len(model.weights), len(model.intervals)))
    place = np.repeat(np.arange(len(model.weights)), np.diff(starts))
    np.add.at(counts, (place, times), 1)
    return counts


def size_of(model: Model) -> Array:
    if model.kind == "bernoulli":
        return table(model, model.people.starts, model.people.times)
    return np.asarray(model.scale * (model.weights @ np.diff(model.profile, axis=1)))


def model_of(kind: str, seed: int, windows: ScanWindows) -> tuple[Prepared, Model]:
    x, y, t = town(40, seed=seed, side=700, days=12)
    scan = Prepared(x, y, t, design="space-time", windows=windows, places=None)
    m = len(scan.places)
    options: dict[str, Any] = {"at": scan.at, "min_cases": windows.min_cases}
    if kind == "permutation":
        return scan, permutation_model(scan.place, scan.interval, m, **options)
    if kind == "bernoulli":
        is_case = np.random.default_rng(seed).random(40) < 0.4
        return scan, bernoulli_model(scan.place, scan.interval, is_case, m, **options)
    rng = np.random.default_rng(seed)
    weights: Array = rng.integers(0, 5, (m, 2)).astype(np.float64) + 0.25
    steps = rng.random((2, len(scan.at)))
    profile = np.concatenate((np.zeros((2, 1)), np.cumsum(steps, axis=1)), axis=1)
    weights *= 40 / float((weights @ profile[:, -1]).sum())
    return scan, poisson_model(scan.place, scan.interval, weights=weights, profile=profile, **options)


@settings(deadline=None, max_examples=20)
@given(
    kind=st.sampled_from(["permutation", "poisson", "bernoulli"]),
    seed=st.integers(0, 10_000),
    radius_m=st.sampled_from([None, 100.0, 250.0]),
    max_days=st.sampled_from([None, 1.0, 4.0]),
    interval_days=st.sampled_from([1.0, 3.0]),
    prospective=st.booleans(),
    min_cases=st.sampled_from([1, 2, 3]),
    max_share=st.sampled_from([0.2, 0.5, 1.0]),
)
def test_nothing_is_missed_beside_looking_at_every_window(
    kind: str,
    seed: int,
    radius_m: float | None,
    max_days: float | None,
    interval_days: float,
    prospective: bool,
    min_cases: int,
    max_share: float,
) -> None:
    windows = ScanWindows(
        max_radius_m=radius_m,
        max_days=max_days if max_days is None else max(max_days, interval_days),
        interval_days=interval_days,
        prospective=prospective,
        min_cases=min_cases,
        max_share=max_share,
    )
    scan, model = model_of(kind, seed, windows)
    circles, size = scan.circles(model), size_of(model)

    def slow(counts: Array) -> Array:
        rows = best_windows(
            scan.x,
            scan.y,
            counts,
            size,
            at=scan.at,
            radius=circles.radius,
            most=max_share * size.sum(),
            people=model.n_people,
            fewest=min_cases,
        )
        return np.array(rows)

    expected = slow(table(model, model.cases.starts, model.cases.times))
    best = best_of_each(circles, model)
    np.testing.assert_allclose(best.statistic, expected[:, 0], rtol=1e-9, atol=1e-11)
    found = best.statistic > 1e-9
    np.testing.assert_allclose(best.size[found], expected[found, 6], rtol=1e-9)
    np.testing.assert_array_equal(best.window[found][:, 3], expected[found, 5])
    two = seeds(seed, 2)
    starts, times = simulated(model, two)
    by_hand = [slow(table(model, starts[b], times[b]))[:, 0].max() for b in range(2)]
    np.testing.assert_allclose(maxima(circles, model, two), by_hand, rtol=1e-9, atol=1e-11)


def test_permuted_replicates_keep_places_and_days() -> None:
    _, model = model_of("permutation", 1, NEAR)
    starts, times = simulated(model, seeds(1, 20))
    assert all(np.array_equal(row, model.cases.starts) for row in starts)
    assert all(np.array_equal(np.sort(row), np.sort(model.cases.times)) for row in times)
    assert len({row.tobytes() for row in times}) == 20


def test_poisson_replicates_follow_what_is_expected() -> None:
    _, model = model_of("poisson", 2, NEAR)
    starts, times = simulated(model, seeds(3, 2_000))
    total = np.sum([table(model, starts[b], times[b]) for b in range(2_000)], axis=0)
    assert total.sum() == 2_000 * 40
    assert scipy_stats.chisquare(total.ravel(), 2_000 * size_of(model).ravel()).pvalue > 0.001


def test_bernoulli_replicates_choose_everybody_as_often() -> None:
    _, model = model_of("bernoulli", 4, NEAR)
    starts, times = simulated(model, seeds(3, 4_000))
    total = np.sum([table(model, starts[b], times[b]) for b in range(4_000)], axis=0)
    held = size_of(model)
    share = model.n_cases / model.n_people
    z = (total - 4_000 * share * held)[held > 0] / np.sqrt(4_000 * share * (1 - share) * held[held > 0])
    assert np.abs(z).max() < 5
    assert all(len(row) == model.n_cases for row in times)


@pytest.mark.parametrize("kind", ["permutation", "poisson", "bernoulli"])
def test_what_a_worker_elsewhere_is_sent_gives_the_same_there(kind: str) -> None:
    scan, model = model_of(kind, 5, NEAR)
    circles = scan.circles(model).keeping()
    circles_there, model_there = pickle.loads(pickle.dumps((circles, model)))
    np.testing.assert_array_equal(maxima(circles_there, model_there, seeds(1, 5)), maxima(circles, model, seeds(1, 5)))
