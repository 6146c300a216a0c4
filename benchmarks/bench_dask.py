"""Monte Carlo on a Dask cluster: speed-up and efficiency for one and two workers, and a worker killed in the middle.

Run: python benchmarks/bench_dask.py [--method scan|knox] [--quick]

The work is a space-time permutation scan of 10,000 cases, or a Knox table of 20,000 events with many replicates. A
scheduler and one-threaded workers are started as processes of their own. Every run must give the same answer. Speed-up
is the time on one thread of this process, without Dask, over the time on the workers; efficiency is that over their
number. With less than two idle cores both say nothing; then look at the processor time, which tells what Dask costs:
near that of one thread is good.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from lagesbild.stats import ScanWindows, knox, scan_permutation

# Events and replicates, so that one thread works for half a minute or so; and a tenth of it.
SIZES = {"scan": (10_000, 999), "knox": (20_000, 9_999)}


def work(method: str, n: int, n_replicates: int, **options: Any) -> Any:
    x, y, t = np.random.default_rng(1).random((3, n)) * [[20_000], [20_000], [730]]
    if method == "scan":
        # A dense town: corners 50 m apart, and whole days.
        windows = ScanWindows(max_radius_m=300, max_days=14)
        corners = (x // 200 * 50, y // 200 * 50, t // 1)
        return scan_permutation(*corners, windows=windows, n_replicates=n_replicates, rng=1, **options)
    bands: dict[str, Any] = {"distance_bands": [0, 200, 400], "time_bands": [0, 7, 14]}
    return knox(x, y, t, **bands, n_replicates=n_replicates, rng=1, **options)


def start(folder: Path, role: str, *options: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "dask", role, "--scheduler-file", "scheduler.json", "--no-dashboard", *options]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def cpu_seconds(processes: list[subprocess.Popen[bytes]]) -> float:
    """Processor time that the workers have used so far."""
    import psutil

    return sum(sum(psutil.Process(each.pid).cpu_times()[:2]) for each in processes)


def timed(method: str, n: int, n_replicates: int, **options: Any) -> tuple[float, dict[str, object]]:
    began = time.perf_counter()
    found = work(method, n, n_replicates, **options)
    return time.perf_counter() - began, found.to_dict()


def measure(folder: Path, method: str, n: int, n_replicates: int) -> None:
    from distributed import Client

    processes = [start(folder, "scheduler", "--host", "127.0.0.1", "--port", "0")]
    try:
        client = Client(scheduler_file=str(folder / "scheduler.json"), timeout=60, set_as_default=False)
        scheduler = client.scheduler.address
        work(method, 500, 9)
        own = time.process_time()
        alone, expected = timed(method, n, n_replicates, threads=1)
        own = time.process_time() - own
        print(f"{method}, {n:,} events, {n_replicates:,} replicates; load of this machine {os.getloadavg()[0]:.1f}")
        print(f"  one thread, no Dask     {alone:8.2f} s   processor {own:7.2f} s")
        for n_workers in (1, 2):
            processes.append(start(folder, "worker", "--nthreads", "1", "--no-nanny", "--host", "127.0.0.1"))
            client.wait_for_workers(n_workers, timeout=60)
            work(method, 500, 64 * 8, scheduler=scheduler)
            used = cpu_seconds(processes[1:])
            took, found = timed(method, n, n_replicates, scheduler=scheduler)
            used = cpu_seconds(processes[1:]) - used
            same = "same answer" if found == expected else "ANOTHER ANSWER"
            speed_up = alone / took
            print(
                f"  {n_workers} worker{'s' * (n_workers > 1):1}               {took:8.2f} s   "
                f"processor {used:7.2f} s   speed-up {speed_up:5.2f}   efficiency {speed_up / n_workers:6.1%}   {same}"
            )

        def kill_one(done: int, total: int) -> None:
            if done >= total // 2 and processes[1].poll() is None:
                processes[1].kill()
                processes[1].wait()

        took, found = timed(method, n, n_replicates, scheduler=scheduler, progress=kill_one)
        same = "same answer" if found == expected else "ANOTHER ANSWER"
        print(f"  2 workers, 1 killed     {took:8.2f} s   half-way{'':52}{same}")
        client.close()
    finally:
        for process in processes:
            process.kill()
            process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of the work")
    parser.add_argument("--method", choices=sorted(SIZES), default="scan")
    asked = parser.parse_args()
    n, n_replicates = SIZES[asked.method]
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), asked.method, n, n_replicates // 10 if asked.quick else n_replicates)


if __name__ == "__main__":
    main()
