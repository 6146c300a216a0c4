"""Knox, 999 replicates, beside pointpats; then growth to 100,000 events.

Run: python benchmarks/bench_knox.py [--quick]

Both are given the same events and must find the same number of pairs near in space and time, and p-values within
Monte Carlo error; then the times. pointpats lists its pairs once and looks at each of them again for every replicate.
Without pointpats only our own times are shown. Memory is the most that NumPy and Python held at once, on one thread.
"""

from __future__ import annotations

import argparse
import importlib.util
import math
import time

import numpy as np
import numpy.typing as npt
from measuring import memory_mb, seconds

from lagesbild.stats import KnoxResult, knox

Array = npt.NDArray[np.float64]
RADIUS_M, DAYS = 400.0, 14.0


def events(n: int) -> tuple[Array, Array, Array]:
    """Clustered places in a town that grows with the number of events, two years of whole days."""
    rng = np.random.default_rng(1)
    side = 10_000 * math.sqrt(n / 5_000)
    parents = rng.random((n // 50 + 1, 2)) * side
    x, y = (parents[rng.integers(0, len(parents), n)] + rng.normal(0, 300, (n, 2))).round(1).T
    return x, y, rng.integers(0, 730, n).astype(np.float64)


def ours(n: int, *, n_replicates: int = 999, threads: int | None = None, whole: bool = True) -> KnoxResult:
    x, y, t = events(n)
    # Just above both limits, as pointpats counts pairs that lie exactly on them.
    space, days = [0, math.nextafter(RADIUS_M, 1e9), math.inf], [0, math.nextafter(DAYS, 99), math.inf]
    days_t = t if whole else t + 0.25
    return knox(x, y, days_t, distance_bands=space, time_bands=days, n_replicates=n_replicates, rng=1, threads=threads)


def compare(n: int, *, n_replicates: int) -> None:
    found = ours(n, n_replicates=n_replicates)
    took = seconds(lambda: ours(n, n_replicates=n_replicates), repeats=5)
    print(f"{n:,} events, {n_replicates} replicates, {found.observed[0].sum():,} pairs within {RADIUS_M:g} m")
    print(f"  ours                {took:10.3f} s   pairs {found.observed[0, 0]:,}   p {found.p[0, 0]:.3f}")
    if importlib.util.find_spec("pointpats") is None:
        print("  pointpats is not installed\n")
        return
    from pointpats import Knox

    x, y, t = events(n)
    np.random.seed(1)
    start = time.perf_counter()
    theirs = Knox(np.column_stack([x, y]), t[:, None], delta=RADIUS_M, tau=DAYS, permutations=n_replicates)
    their_time = time.perf_counter() - start
    print(f"  pointpats           {their_time:10.3f} s   pairs {int(theirs.statistic_):,}   p {theirs.p_sim:.3f}")
    error = 4 * math.sqrt(2 * max(theirs.p_sim * (1 - theirs.p_sim), 0.01) / n_replicates)
    same = int(theirs.statistic_) == found.observed[0, 0] and abs(theirs.p_sim - found.p[0, 0]) < error
    print(f"  same answer         {'yes' if same else 'NO'}")
    print(f"  times faster        {their_time / took:10.0f}\n")


def growth(sizes: tuple[int, ...]) -> None:
    print("Growth (ours, 999 replicates):")
    for n in sizes:
        found = ours(n, n_replicates=9)
        took = seconds(lambda n=n: ours(n), repeats=1)  # type: ignore[misc]
        broken = seconds(lambda n=n: ours(n, whole=False), repeats=1)  # type: ignore[misc]
        memory = memory_mb(lambda n=n: ours(n, n_replicates=64, threads=1))  # type: ignore[misc]
        print(
            f"  {n:>8,} events {found.observed[0].sum():>12,} near pairs {took:9.2f} s whole days "
            f"{broken:9.2f} s broken days {memory:7.0f} MB"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="1,000 events beside pointpats, growth to 20,000")
    quick = parser.parse_args().quick
    ours(200, n_replicates=9)
    ours(200, n_replicates=9, whole=False)
    compare(1_000 if quick else 5_000, n_replicates=999)
    growth((5_000, 20_000) if quick else (5_000, 10_000, 20_000, 50_000, 100_000, 200_000))


if __name__ == "__main__":
    main()
