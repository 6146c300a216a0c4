"""A Dask scheduler and its workers as processes of their own on this machine, for as long as a test needs them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class Cluster:
    """One scheduler; workers are started when asked for."""

    def __init__(self, folder: Path) -> None:
        from distributed import Client

        self._folder = folder
        self._file = folder / "scheduler.json"
        self.workers: list[subprocess.Popen[bytes]] = []
        self._scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0")
        self._client: Any = Client(scheduler_file=str(self._file), timeout=60, set_as_default=False)
        self.address: str = self._client.scheduler.address

    def _start(self, role: str, *options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "dask", role, "--scheduler-file", str(self._file), "--no-dashboard", *options]
        return subprocess.Popen(command, cwd=self._folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def grow_to(self, n_workers: int) -> None:
        """Start workers until so many live; they have one thread each and nobody who starts them again."""
        while len(self.workers) < n_workers:
            self.workers.append(self._start("worker", "--nthreads", "1", "--no-nanny", "--host", "127.0.0.1"))
        self._client.wait_for_workers(n_workers, timeout=60)

    def kill_one(self) -> None:
        """As when its machine loses power."""
        worker = self.workers.pop(0)
        worker.kill()
        worker.wait()

    def n_alive(self) -> int:
        return len(self._client.scheduler_info()["workers"])

    def close(self) -> None:
        self._client.close()
        for process in [*self.workers, self._scheduler]:
            process.kill()
            process.wait()


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """The processes end with the block, whatever happens in it."""
    running = Cluster(folder)
    try:
        yield running
    finally:
        running.close()
