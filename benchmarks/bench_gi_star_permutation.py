"""Gi* by conditional permutation, 40,000 cells and 999 replicates, beside esda.

Run: python benchmarks/bench_gi_star_permutation.py [--quick]

Both are given the same counts and neighbours and must agree: z to nine places, and p within Monte Carlo error. esda
gives the smaller tail and lets rounding decide whether a sum that ties with the observed one counts, so its p must lie
between ours with and without ties. Its weights are built, and its kernels compiled, before the clock starts. Then
growth, and the correction by the largest statistic, which needs whole maps dealt out anew.
"""

from __future__ import annotations

import argparse
import time
import warnings

import numpy as np
import numpy.typing as npt
from measuring import seconds

from lagesbild.stats import GiStarPermutationResult, Window, gi_star_permutation, gi_star_permutation_grid

Counts = npt.NDArray[np.int64]
QUEEN = Window.queen(1)


def counts_of(side: int) -> Counts:
    return np.random.default_rng(1).negative_binomial(0.5, 0.1, (side, side)).astype(np.int64)


def compare(side: int, *, n_replicates: int) -> None:
    import esda
    import libpysal
    from scipy.sparse import csr_array, eye_array

    counts = counts_of(side)
    weights = libpysal.weights.lat2W(side, side, rook=False)
    matrix = csr_array(weights.sparse + eye_array(side * side))

    def theirs(values: Counts, w: object) -> object:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            y = values.ravel().astype(np.float64)
            return esda.G_Local(y, w, transform="B", star=True, permutations=n_replicates, seed=1, n_jobs=-1)

    def grid() -> GiStarPermutationResult:
        return gi_star_permutation_grid(counts, window=QUEEN, n_replicates=n_replicates, rng=1)

    def general() -> GiStarPermutationResult:
        return gi_star_permutation(counts.ravel(), weights=matrix, n_replicates=n_replicates, rng=1)

    ours = grid()
    general()
    theirs(counts_of(12), libpysal.weights.lat2W(12, 12, rook=False))
    start = time.perf_counter()
    found = theirs(counts, weights)
    their_time = time.perf_counter() - start
    took, took_general = seconds(grid, repeats=5), seconds(general, repeats=5)
    print(f"{side * side:,} cells, 9 neighbours, {n_replicates} replicates")
    print(f"  largest difference in z  {np.abs(ours.z.ravel() - found.Zs).max():10.1e}")  # type: ignore[attr-defined]
    print(f"  p between our bounds     {within(ours, found.p_sim, n_replicates):10.4%}")  # type: ignore[attr-defined]
    print(f"  esda                     {their_time:10.3f} s")
    print(f"  ours, on the grid        {took:10.3f} s {their_time / took:8.0f} x")
    print(f"  ours, any weights        {took_general:10.3f} s {their_time / took_general:8.0f} x\n")


def within(ours: GiStarPermutationResult, theirs: npt.ArrayLike, n_replicates: int) -> float:
    """Share of cells whose p by esda lies between ours with and without ties, give or take four standard errors."""
    p = np.asarray(theirs, dtype=np.float64)
    high = np.minimum(ours.p_upper, ours.p_lower).ravel()
    low = np.minimum(1 - ours.p_upper, 1 - ours.p_lower).ravel()
    noise = 4 * np.sqrt(2 * np.maximum(high * (1 - high), 0.001) / n_replicates)
    return float(np.mean((p < high + noise) & (p > low - noise)))


def growth(sides: tuple[int, ...]) -> None:
    print("Growth (ours, on the grid, 999 replicates; the last with the largest statistic):")
    for side in sides:
        counts = counts_of(side)
        took = [
            seconds(lambda c=counts, w=w: gi_star_permutation_grid(c, window=w, rng=1), repeats=2)  # type: ignore[misc]
            for w in (QUEEN, Window.queen(5))
        ]
        took.append(
            seconds(
                lambda c=counts: gi_star_permutation_grid(c, window=QUEEN, rng=1, largest=True),  # type: ignore[misc]
                repeats=1,
            )
        )
        print(f"  {side * side:>9,} cells {took[0]:8.3f} s, 121 neighbours {took[1]:8.3f} s, largest {took[2]:8.2f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="2,500 cells beside esda, growth to 10,000")
    quick = parser.parse_args().quick
    gi_star_permutation_grid(counts_of(12), window=QUEEN, rng=1, largest=True)
    compare(50 if quick else 200, n_replicates=999)
    growth((50, 100) if quick else (100, 200, 400))


if __name__ == "__main__":
    main()
