"""Displacement (WDQ and WDD) and the S-index at a million events, beside plain geopandas and pandas.

Run: python benchmarks/bench_displacement.py [--quick]

The peer is what an analyst writes: distances of all points with geopandas and counts with pandas; and, for the S-index,
200 samples of 85 % with `DataFrame.sample` and `value_counts`, as the R package sppt does. Counts and WDD must be the
same to the last digit, and nearly all areas must have the same local result: those at the edge of their interval
follow the luck of the samples.
"""

from __future__ import annotations

import argparse
import importlib.util
import math
from typing import Any

import numpy as np
import numpy.typing as npt
from measuring import memory_mb, seconds

from lagesbild.stats import Circle, DisplacementResult, Grid, displacement_of_events, spp_test

Array = npt.NDArray[np.float64]
SIDE_M, DAYS = 20_000.0, 730.0
TARGET, CONTROL = (6_000.0, 10_000.0), (14_000.0, 10_000.0)
EDGES = (0.0, 500.0, 1_000.0, 1_500.0)


def events(n: int) -> tuple[Array, Array, Array]:
    """Clustered places in a town, two years."""
    rng = np.random.default_rng(1)
    parents = rng.random((2_000, 2)) * SIDE_M
    x, y = (parents[rng.integers(0, len(parents), n)] + rng.normal(0, 300, (n, 2))).T
    return np.ascontiguousarray(x), np.ascontiguousarray(y), rng.random(n) * DAYS


def ours(x: Array, y: Array, t: Array, *, slice_days: float | None = None) -> DisplacementResult:
    return displacement_of_events(
        x,
        y,
        t,
        target=Circle(x=TARGET[0], y=TARGET[1], radius_m=EDGES[1]),
        control=Circle(x=CONTROL[0], y=CONTROL[1], radius_m=EDGES[1]),
        rings_m=[edge - EDGES[1] for edge in EDGES[2:]],
        before=(0, DAYS / 2),
        after=(DAYS / 2, DAYS),
        slice_days=slice_days,
    )


def theirs(points: Any, t: Array) -> tuple[list[list[int]], float]:
    """Counts of target, rings and control before and after; WDD of the target with all rings."""
    import pandas as pd
    from shapely.geometry import Point

    zone = pd.Series("elsewhere", index=points.index)
    for name, centre, edges in (("target", TARGET, EDGES), ("control", CONTROL, EDGES[:2])):
        distance = points.distance(Point(*centre))
        part = pd.cut(
            distance, list(edges), include_lowest=True, labels=[f"{name}{at}" for at in range(len(edges) - 1)]
        )
        zone = zone.where(part.isna(), part.astype(object))
    counts = pd.crosstab(zone, t < DAYS / 2)
    table = [[int(counts.loc[name, when]) for when in (True, False)] for name in counts.index if name != "elsewhere"]
    control, *treated = table
    return table, sum(after - before for before, after in treated) - (control[1] - control[0])


def compare_displacement(n: int) -> None:
    x, y, t = events(n)
    found = ours(x, y, t)
    took = seconds(lambda: ours(x, y, t), repeats=5)
    cut = seconds(lambda: ours(x, y, t, slice_days=28), repeats=5)
    assert found.together is not None
    counts = [[found.control_before, found.control_after], [found.treated_before, found.treated_after]]
    counts += [[each.before, each.after] for each in found.catchments]
    print(f"Displacement, {n:,} events, target, two rings and control: WDD {found.together.total.estimate:g}")
    print(f"  ours                {took:9.4f} s   with slices {cut:.4f} s   {memory_mb(lambda: ours(x, y, t)):5.0f} MB")
    if importlib.util.find_spec("geopandas") is None:
        print("  geopandas is not installed\n")
        return
    import geopandas

    points = geopandas.GeoSeries(geopandas.points_from_xy(x, y))
    table, wdd = theirs(points, t)
    peer = seconds(lambda: theirs(points, t), repeats=3)
    same = table == counts and math.isclose(wdd, found.together.total.estimate)
    print(f"  geopandas, pandas   {peer:9.4f} s   (points made beforehand)")
    print(f"  same answer         {'yes' if same else 'NO'}")
    print(f"  times faster        {peer / took:9.1f}\n")


def s_index(x: Array, y: Array, t: Array, grid: Grid) -> Any:
    early = t < DAYS / 2
    base, test = grid.count(x[early], y[early]).ravel(), grid.count(x[~early], y[~early]).ravel()
    return spp_test(base, test, n_replicates=199, rng=1)


def s_index_of_samples(area: npt.NDArray[np.int64], early: npt.NDArray[np.bool_], m: int) -> npt.NDArray[np.int64]:
    """-1, 0 or 1 for each area, from samples of the events themselves."""
    import pandas as pd

    base = np.bincount(area[early], minlength=m) / early.sum()
    test = pd.DataFrame({"area": area[~early]})
    size = round(0.85 * len(test))
    shares = np.empty((200, m))
    for at in range(200):
        drawn = test.sample(size, random_state=at)["area"].value_counts()
        shares[at] = drawn.reindex(range(m), fill_value=0).to_numpy() / size
    ordered = np.sort(shares, axis=0)
    return np.where(base < ordered[5], 1, np.where(base > ordered[194], -1, 0))


def compare_s_index(n: int, *, cell_m: float) -> None:
    x, y, t = events(n)
    grid = Grid(-2_000, -2_000, cell_m, n_cols=int(24_000 / cell_m), n_rows=int(24_000 / cell_m))
    found = s_index(x, y, t, grid)
    took = seconds(lambda: s_index(x, y, t, grid), repeats=3)
    memory = memory_mb(lambda: s_index(x, y, t, grid))
    print(f"S-index, {n:,} events, {found.n_areas:,} cells, 200 samples: robust S {found.s_robust:.3f}")
    print(f"  ours                {took:9.3f} s   {memory:5.0f} MB   with p for the whole (199 deals) and each cell")
    if importlib.util.find_spec("pandas") is None:
        print("  pandas is not installed\n")
        return
    row, col = np.floor((y + 2_000) / cell_m).astype(int), np.floor((x + 2_000) / cell_m).astype(int)
    area, early = row * grid.n_cols + col, t < DAYS / 2
    change = s_index_of_samples(area, early, found.n_areas)
    peer = seconds(lambda: s_index_of_samples(area, early, found.n_areas), repeats=1)
    agree = float(np.mean(change[found.used] == found.change[found.used]))
    print(f"  pandas              {peer:9.3f} s   (S alone; areas known beforehand)")
    print(f"  same local result   {agree:.1%} of cells with events; S {np.mean(change[found.used] == 0):.3f}")
    print(f"  times faster        {peer / took:9.1f}\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="100,000 events instead of a million")
    n = 100_000 if parser.parse_args().quick else 1_000_000
    compare_displacement(1_000)
    compare_displacement(n)
    compare_s_index(n, cell_m=1_000)
    compare_s_index(n, cell_m=120)


if __name__ == "__main__":
    main()
