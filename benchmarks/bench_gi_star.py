"""Analytical Gi* on 160,000 cells, beside esda.

Run: python benchmarks/bench_gi_star.py [--quick]

First both are given the same counts and neighbours and must agree to nine places; then the times, with and without
building the weights that esda needs and we do not. Memory is the most that NumPy and Python held at once. esda runs
without permutations.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
import numpy.typing as npt
from measuring import memory_mb, seconds

from lagesbild.stats import Window, gi_star_grid

Counts = npt.NDArray[np.int64]
CELL_M = 100.0


def counts_of(side: int) -> Counts:
    return np.random.default_rng(1).negative_binomial(0.5, 0.1, (side, side)).astype(np.int64)


def esda_weights(side: int, radius_m: float | None) -> object:
    """Queen neighbours on a lattice, or all cells within a distance."""
    import libpysal

    if radius_m is None:
        return libpysal.weights.lat2W(side, side, rook=False)
    points = np.array([(col * CELL_M, row * CELL_M) for row in range(side) for col in range(side)])
    return libpysal.weights.DistanceBand(points, threshold=radius_m, binary=True, silence_warnings=True)


def esda_z(counts: Counts, weights: object) -> npt.NDArray[np.float64]:
    import esda

    values = counts.ravel().astype(np.float64)
    found = esda.G_Local(values, weights, transform="B", star=True, permutations=0)
    return np.asarray(found.Zs, dtype=np.float64)


def compare(name: str, side: int, window: Window, radius_m: float | None) -> None:
    counts = counts_of(side)

    def ours() -> npt.NDArray[np.float64]:
        return gi_star_grid(counts, window=window).z

    def theirs() -> npt.NDArray[np.float64]:
        return esda_z(counts, esda_weights(side, radius_m))

    ours()
    start = time.perf_counter()
    weights = esda_weights(side, radius_m)
    built = time.perf_counter() - start
    start = time.perf_counter()
    z = esda_z(counts, weights)
    computed = time.perf_counter() - start
    took = seconds(ours, repeats=5)
    print(f"{name}: {side * side:,} cells, {window.n_cells} neighbours")
    print(f"  largest difference in z        {np.abs(ours().ravel() - z).max():10.1e}")
    print(f"  ours                           {took:10.4f} s {memory_mb(ours):8.0f} MB")
    print(f"  esda, weights                  {built:10.4f} s")
    print(f"  esda, statistic                {computed:10.4f} s {computed / took:8.0f} x")
    both = built + computed
    # Measuring its memory makes esda several times slower; the small neighbourhood tells enough.
    memory = f"{memory_mb(theirs):8.0f} MB" if radius_m is None else ""
    print(f"  esda, both                     {both:10.4f} s {both / took:8.0f} x {memory}\n")


def growth() -> None:
    print("Growth (ours):")
    for side, radius_m in ((200, 200.0), (400, 200.0), (800, 200.0), (1_600, 200.0), (400, 1_000.0), (400, 5_000.0)):
        counts, window = counts_of(side), Window.disc(radius_m=radius_m, cell_m=CELL_M)
        took = seconds(lambda c=counts, w=window: gi_star_grid(c, window=w), repeats=3)  # type: ignore[misc]
        print(f"  {side * side:>10,} cells {window.n_cells:>6,} neighbours {took:10.4f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="10,000 cells instead of 160,000")
    side = 100 if parser.parse_args().quick else 400
    compare("Queen", side, Window.queen(1), None)
    compare("Disc of 300 m", side, Window.disc(radius_m=300, cell_m=CELL_M), 300.0)
    growth()


if __name__ == "__main__":
    main()
