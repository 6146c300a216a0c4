"""How the benchmarks measure time and memory of a piece of work."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable


def seconds(work: Callable[[], object], *, repeats: int) -> float:
    """The shortest wall time of so many runs."""
    best = float("inf")
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def memory_mb(work: Callable[[], object]) -> float:
    """Most memory that NumPy and Python held at once while the work was done."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 2**20
