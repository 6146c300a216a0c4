"""Density of 1,000,000 events on 160,000 cells, beside scikit-learn and KDEpy.

Run: python benchmarks/bench_density.py [--quick]

First the answers are compared with the exact sum over all events (scikit-learn) on a sample of cells, then the times.
Each time is the best of several runs in this process; memory is the most that NumPy and Python held at once.
scikit-learn has no quartic kernel: its Epanechnikov kernel has the same reach and is run in full; its Gaussian takes
minutes and is run on a sample of cells, and the line says so.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from measuring import memory_mb, seconds

from lagesbild.stats import Grid, density, density_of_counts

Points = npt.NDArray[np.float64]
CELL_M, BANDWIDTH_M, SIDE = 100.0, 300.0, 400


def events(n: int) -> Points:
    """Clusters of 500 m round 300 centres in a city of 40 by 40 km."""
    rng = np.random.default_rng(1)
    centres = rng.uniform(2_000, 38_000, (300, 2))
    points = centres[rng.integers(0, 300, n)] + rng.normal(0, 500, (n, 2))
    return np.clip(points, CELL_M * 0.6, SIDE * CELL_M - CELL_M * 0.6)


def row(name: str, took_s: float, ours_s: float, memory: float | None = None, note: str = "") -> None:
    used = "        " if memory is None else f"{memory:6.0f} MB"
    print(f"  {name:<44} {took_s:9.3f} s {took_s / ours_s:9.1f} x {used}  {note}")


def compare_answers(points: Points, grid: Grid) -> None:
    from KDEpy import FFTKDE
    from sklearn.neighbors import KernelDensity

    cells = np.random.default_rng(2).choice(grid.n_cells, 300, replace=False)
    centres = np.column_stack([axis.ravel() for axis in grid.centres()])
    exact = KernelDensity(kernel="gaussian", bandwidth=BANDWIDTH_M, rtol=1e-6).fit(points)
    truth = np.exp(exact.score_samples(centres[cells])) * len(points) * 1e6
    ours = density(*points.T, grid=grid, kernel="gaussian", bandwidth_m=BANDWIDTH_M, edge_correction=False).per_km2
    theirs = FFTKDE(kernel="gaussian", bw=BANDWIDTH_M).fit(points).evaluate(kdepy_grid(grid))
    theirs = theirs.reshape(SIDE, SIDE).T * len(points) * 1e6
    print("Same answers? Largest difference from the exact sum, as a share of the highest density, 300 cells:")
    for name, found in (("ours", ours), ("KDEpy", theirs)):
        print(f"  {name:<44} {np.abs(found.ravel()[cells] - truth).max() / truth.max():9.4f}")


def kdepy_grid(grid: Grid) -> Points:
    east, north = grid.centres()
    return np.column_stack([east.T.ravel(), north.T.ravel()])


def compare_times(points: Points, grid: Grid, *, quick: bool) -> None:
    from KDEpy import FFTKDE
    from sklearn.neighbors import KernelDensity

    x, y = np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1])
    counts = grid.count(x, y)
    centres, at = np.column_stack([axis.ravel() for axis in grid.centres()]), kdepy_grid(grid)

    def ours(kernel: str) -> Callable[[], object]:
        return lambda: density(x, y, grid=grid, kernel=kernel, bandwidth_m=BANDWIDTH_M)  # type: ignore[arg-type]

    def kdepy(kernel: str, bw: float) -> Callable[[], object]:
        return lambda: FFTKDE(kernel=kernel, bw=bw).fit(points).evaluate(at)

    quartic, gaussian = (seconds(ours(kernel), repeats=5) for kernel in ("quartic", "gaussian"))
    print(f"\nQuartic, {len(points):,} events, {grid.n_cells:,} cells, edges corrected (ours only):")
    row("ours", quartic, quartic, memory_mb(ours("quartic")))
    from_counts = seconds(lambda: density_of_counts(counts, grid=grid, bandwidth_m=BANDWIDTH_M), repeats=5)
    row("ours, from counts per cell", from_counts, quartic)
    biweight = kdepy("biweight", BANDWIDTH_M / 7**0.5)
    row("KDEpy FFTKDE, biweight", seconds(biweight, repeats=3), quartic, memory_mb(biweight))
    compact = KernelDensity(kernel="epanechnikov", bandwidth=BANDWIDTH_M)
    share = 20 if quick else 1
    took = seconds(lambda: compact.fit(points).score_samples(centres[::share]), repeats=1) * share
    row("scikit-learn, epanechnikov", took, quartic, note="" if share == 1 else f"1 cell in {share}, multiplied")

    print("\nGaussian:")
    row("ours", gaussian, gaussian, memory_mb(ours("gaussian")))
    row("KDEpy FFTKDE", seconds(kdepy("gaussian", BANDWIDTH_M), repeats=3), gaussian)
    fitted = KernelDensity(kernel="gaussian", bandwidth=BANDWIDTH_M, rtol=1e-3).fit(points)
    took = seconds(lambda: fitted.score_samples(centres[::80]), repeats=1) * 80
    row("scikit-learn, rtol 1e-3", took, gaussian, note="1 cell in 80, multiplied by 80")


def growth(grid: Grid) -> None:
    print("\nGrowth (quartic, ours):")
    for n in (100_000, 1_000_000, 5_000_000):
        points = events(n)
        took = seconds(lambda p=points: density(*p.T, grid=grid, bandwidth_m=BANDWIDTH_M), repeats=3)  # type: ignore[misc]
        print(f"  {n:>9,} events {grid.n_cells:>11,} cells {took:9.3f} s")
    points = events(1_000_000)
    for factor in (2, 4):
        finer = Grid(0, 0, CELL_M / factor, SIDE * factor, SIDE * factor)
        took = seconds(lambda g=finer: density(*points.T, grid=g, bandwidth_m=BANDWIDTH_M), repeats=3)  # type: ignore[misc]
        print(f"  {1_000_000:>9,} events {finer.n_cells:>11,} cells {took:9.3f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="run slow peers on a sample of cells")
    arguments = parser.parse_args()
    grid, points = Grid(0, 0, CELL_M, SIDE, SIDE), events(1_000_000)
    compare_answers(points, grid)
    compare_times(points, grid, quick=arguments.quick)
    growth(grid)


if __name__ == "__main__":
    main()
