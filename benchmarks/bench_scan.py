"""The space-time permutation scan: 999 replicates at 10,000 and 50,000 cases, growth, memory, threads.

Run: python benchmarks/bench_scan.py [--quick]

Cases lie in a town whose area grows with their number, so that circles of 300 m hold as many each time; a quarter
lies on street corners shared with others. Before timing, the fast scan is held against one that looks at every window.
Memory is the most that the whole process held.
"""

from __future__ import annotations

import argparse
import math
import resource
import time

import numpy as np
import numpy.typing as npt

from lagesbild.stats import ScanResult, ScanWindows, scan_permutation

Array = npt.NDArray[np.float64]
WINDOWS = ScanWindows(max_radius_m=300, max_days=14)
DAYS = 365


def town(n: int, *, per_km2: float = 100.0) -> tuple[Array, Array, Array]:
    """Cases of a year, a quarter of them on corners 100 m apart."""
    rng = np.random.default_rng(n)
    side = 1_000 * math.sqrt(n / per_km2)
    x, y = rng.random((2, n)) * side
    corner = rng.random(n) < 0.25
    x[corner], y[corner] = np.round(x[corner], -2), np.round(y[corner], -2)
    return x, y, rng.integers(0, DAYS, n).astype(np.float64)


def scan(n: int, *, n_replicates: int, threads: int | None = None, windows: ScanWindows = WINDOWS) -> ScanResult:
    return scan_permutation(*town(n), windows=windows, n_replicates=n_replicates, rng=1, threads=threads)


def every_window(n: int) -> float:
    """The largest statistic, by looking at all circles and periods."""
    x, y, t = town(n)
    by_day = np.bincount(t.astype(np.int64), minlength=DAYS)
    start, end = int(t.min()), int(t.max()) + 1
    best = 0.0
    for i in range(n):
        apart = np.hypot(x - x[i], y - y[i])
        for reach in np.unique(apart[apart <= 300]):
            within = apart <= reach + 1e-9
            held = np.bincount(t[within].astype(np.int64), minlength=DAYS)
            for a in range(start, end):
                for b in range(a, min(a + 14, end)):
                    c = int(held[a : b + 1].sum())
                    mu = within.sum() * by_day[a : b + 1].sum() / n
                    if c >= 2 and c > mu:
                        rest = (n - c) * math.log((n - c) / (n - mu)) if n > c else 0.0
                        best = max(best, c * math.log(c / mu) + rest)
    return best


def memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed(
    label: str, n: int, *, n_replicates: int, threads: int | None = None, windows: ScanWindows = WINDOWS
) -> float:
    start, busy = time.perf_counter(), time.process_time()
    result = scan(n, n_replicates=n_replicates, threads=threads, windows=windows)
    took, busy = time.perf_counter() - start, time.process_time() - busy
    print(
        f"  {label:<16} {n:>7,} cases {n_replicates:>5} replicates {took:9.2f} s, {busy:8.2f} s of processor"
        f" {memory_mb():6.0f} MB   p = {result.clusters[0].p:.3f}"
    )
    return busy


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="99 replicates, at most 10,000 cases")
    quick = parser.parse_args().quick
    fast, slow = scan(60, n_replicates=1).clusters[0].statistic, every_window(60)
    print(f"Largest statistic of 60 cases: {fast:.6f}; by looking at every window: {slow:.6f}")
    assert abs(fast - slow) < 1e-9
    n_replicates = 99 if quick else 999
    print("Growth, all threads:")
    sizes = (1_000, 2_500, 5_000, 10_000) if quick else (2_500, 5_000, 10_000, 25_000, 50_000)
    took = {n: timed("300 m, 14 days", n, n_replicates=n_replicates) for n in sizes}
    rate = math.log(took[sizes[-1]] / took[sizes[0]]) / math.log(sizes[-1] / sizes[0])
    print(f"  processor time grows as cases to the power of {rate:.2f}")
    print("Wider and longer windows:")
    wide = (
        ("600 m, 14 days", ScanWindows(max_radius_m=600, max_days=14)),
        ("300 m, 56 days", ScanWindows(max_radius_m=300, max_days=56)),
    )
    for label, windows in wide:
        timed(label, sizes[-2], n_replicates=99, windows=windows)
    print("Threads:")
    for threads in (1, 2):
        timed(f"{threads} thread(s)", sizes[-2], n_replicates=99, threads=threads)


if __name__ == "__main__":
    main()
