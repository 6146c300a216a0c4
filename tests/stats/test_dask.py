"""Monte Carlo on a Dask cluster of real processes: the same answers as on threads, whatever happens to the workers."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lagesbild.stats import (
    ScanWindows,
    Window,
    change_point_test,
    gi_star_permutation_grid,
    hour_shift,
    knox,
    local_moran,
    moran,
    scan_permutation,
    spp_test,
)
from lagesbild.stats._result import Result
from tests.statistics.command import answer, csv, refusal
from tests.stats.dask_cluster import Cluster, cluster
from tests.stats.test_results import RING

pytestmark = pytest.mark.one_database


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster(tmp_path_factory.mktemp("dask")) as running:
        running.grow_to(1)
        yield running


def near_repeats(n: int, **options: Any) -> Result:
    x, y, t = np.random.default_rng(1).random((3, n)) * [[3_000], [3_000], [365]]
    return knox(x, y, t, distance_bands=[0, 100, 300], time_bands=[0, 7, 14], rng=1, **options)


def hot_cells(**options: Any) -> Result:
    counts = np.random.default_rng(2).poisson(1, (20, 20))
    return gi_star_permutation_grid(
        counts, window=Window.queen(), largest=True, n_replicates=399, rng=np.random.default_rng(3), **options
    )


def likeness(**options: Any) -> Result:
    return moran([1, 2, 4, 8], weights=RING, n_replicates=399, rng=4, **options)


def pattern(**options: Any) -> Result:
    base, test = np.random.default_rng(6).poisson(3, (2, 60))
    return spp_test(base, test, n_replicates=399, rng=5, **options)


def later_hours(**options: Any) -> Result:
    start = np.random.default_rng(7).integers(0, 864_000, 90)
    end = np.where(start % 2, start, start + 9_000)
    return hour_shift(start, end, is_after=start % 3 == 0, n_replicates=399, rng=8, **options)


def new_level(**options: Any) -> Result:
    return change_point_test([3, 1, 4, 1, 5, 9, 2, 6, 5], n_replicates=399, rng=9, **options)


def local_likeness(**options: Any) -> Result:
    return local_moran([1, 2, 4, 8], weights=RING, n_replicates=399, rng=4, **options)


def clusters(n: int = 300, *, n_replicates: int = 399, **options: Any) -> Result:
    x, y, t = np.random.default_rng(5).integers(0, [[2_000], [2_000], [60]], (3, n))
    windows = ScanWindows(max_radius_m=300, max_days=7)
    return scan_permutation(x, y, t, windows=windows, n_replicates=n_replicates, rng=6, **options)


WORK: list[Callable[..., Result]] = [
    lambda **options: near_repeats(2_000, n_replicates=399, **options),
    hot_cells,
    likeness,
    local_likeness,
    clusters,
    lambda **options: clusters(stop_after=500, **options),
    pattern,
    later_hours,
    new_level,
]


@pytest.mark.parametrize("n_workers", [1, 2])
def test_threads_and_workers_give_the_same(dask: Cluster, n_workers: int) -> None:
    dask.grow_to(n_workers)
    told: list[tuple[int, int]] = []
    for work in WORK:
        on_workers = work(scheduler=dask.address, progress=lambda done, total: told.append((done, total)))
        assert on_workers.to_dict() == work(threads=1).to_dict()
        assert told[-1] == (399, 399)


@pytest.mark.parametrize(
    "work",
    [
        lambda **options: near_repeats(6_000, n_replicates=64 * 12 - 1, **options),
        lambda **options: clusters(500, n_replicates=64 * 6 - 1, **options),
    ],
    ids=["knox", "scan"],
)
def test_a_worker_killed_in_the_middle_changes_nothing(dask: Cluster, work: Callable[..., Result]) -> None:
    dask.grow_to(2)
    killed_at: list[int] = []

    def kill_one(done: int, total: int) -> None:
        if not killed_at:
            assert dask.n_alive() == 2
            dask.kill_one()
            killed_at.append(done)

    found = work(scheduler=dask.address, progress=kill_one)
    assert found.to_dict() == work().to_dict()
    assert 0 < killed_at[0] < found.to_dict()["parameters"]["n_replicates"]  # type: ignore[index]
    assert dask.n_alive() == 1


@pytest.fixture
def events(tmp_path: Path) -> Path:
    rows = np.random.default_rng(7).integers(0, [[900], [900], [40]], (3, 120))
    return csv(tmp_path / "events.csv", "x,y,t", rows.T.tolist())


@pytest.mark.parametrize(
    "command",
    [
        ("knox", "--distance-bands", "0,100,inf", "--time-bands", "0,7,inf"),
        ("scan", "--max-radius", "200", "--max-days", "7"),
        ("moran", "--cell", "100"),
        ("gistar", "--cell", "100"),
    ],
    ids=lambda command: command[0],
)
def test_the_command_gives_the_same_with_a_scheduler(dask: Cluster, events: Path, command: tuple[str, ...]) -> None:
    dask.grow_to(2)
    name, *options = command
    asked = (name, events, *options, "--replicates", 199, "--seed", 8)
    assert answer(*asked, "--scheduler", dask.address) == answer(*asked)


def test_without_dask_the_command_says_what_to_install(events: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    said = refusal(
        *("knox", events, "--distance-bands", "0,100", "--time-bands", "0,7", "--scheduler", "tcp://127.0.0.1:8786")
    )
    assert "Dask is not installed. Install lagesbild[cluster]." in said
