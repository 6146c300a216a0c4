"""Monte Carlo on a Dask cluster of real processes: the same answers as on threads, whatever happens to the workers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from lagesbild.stats import Window, gi_star_permutation_grid, knox, moran, spp_test
from lagesbild.stats._result import Result
from tests.stats.test_results import RING

pytest.importorskip("distributed", reason="Dask is an optional dependency")

from tests.stats.dask_cluster import Cluster, cluster

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


WORK: list[Callable[..., Result]] = [
    lambda **options: near_repeats(2_000, n_replicates=399, **options),
    hot_cells,
    likeness,
    pattern,
]


@pytest.mark.parametrize("n_workers", [1, 2])
def test_threads_and_workers_give_the_same(dask: Cluster, n_workers: int) -> None:
    dask.grow_to(n_workers)
    told: list[tuple[int, int]] = []
    for work in WORK:
        on_workers = work(scheduler=dask.address, progress=lambda done, total: told.append((done, total)))
        assert on_workers.to_dict() == work(threads=1).to_dict()
        assert told[-1] == (399, 399)


def test_a_worker_killed_in_the_middle_changes_nothing(dask: Cluster) -> None:
    dask.grow_to(2)
    killed_at: list[int] = []

    def kill_one(done: int, total: int) -> None:
        if not killed_at:
            assert dask.n_alive() == 2
            dask.workers[0].kill()
            dask.workers[0].wait()
            killed_at.append(done)

    found = near_repeats(10_000, n_replicates=64 * 30 - 1, scheduler=dask.address, progress=kill_one)
    assert found.to_dict() == near_repeats(10_000, n_replicates=64 * 30 - 1).to_dict()
    assert killed_at == [64]
    assert dask.n_alive() == 1
