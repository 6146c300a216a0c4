"""The server process, and the worker that lives and dies with it."""

from __future__ import annotations

import multiprocessing
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from lagesbild.operate.orphans import PARENT

STARTS_PER_MINUTE = 6


class WorkerKeeper:
    """A worker process beside the server, started again if it dies."""

    def __init__(self) -> None:
        self.ending = threading.Event()
        self.process: subprocess.Popen[bytes] | None = None
        self.thread = threading.Thread(target=self._keep, name="worker keeper", daemon=True)

    def start(self) -> None:
        self.thread.start()

    def stop(self) -> None:
        """Ask the worker to end; after ten seconds end it (its job runs again at the next start)."""
        self.ending.set()
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.thread.join()

    def _keep(self) -> None:
        command = [sys.executable, "-m", "lagesbild", "worker", "--parent", str(os.getpid())]
        while not self.ending.is_set():
            self.process = subprocess.Popen(command)  # noqa: S603 - our own command
            code = self.process.wait()
            if not self.ending.wait(60 / STARTS_PER_MINUTE):
                print(f"The worker ended (exit code {code}); starting another.", file=sys.stderr)


def serve(*, host: str, port: int, processes: int, worker: bool, ready: Callable[[], None]) -> None:
    """Serve until stopped. ``ready`` is called once the port answers."""
    os.environ[PARENT] = str(os.getpid())
    keeper = WorkerKeeper() if worker else None
    if keeper:
        keeper.start()
    threading.Thread(target=_announce, args=(host, port, ready), daemon=True).start()
    # New processes, not copies of this one: what has read the incident store cannot do so again once it is copied.
    multiprocessing.set_start_method("spawn", force=True)
    try:
        Granian(
            "lagesbild.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=processes,
            blocking_threads=min(8, 2 * (os.cpu_count() or 1)),
            respawn_failed_workers=True,
            workers_kill_timeout=10,
            websockets=False,
            log_level=LogLevels.warning,
        ).serve()
    finally:
        if keeper:
            keeper.stop()


def refuse_taken_port(host: str, port: int) -> None:
    """Raise `OSError` now, with the operating system's words, rather than fail in a child process."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))


def _announce(host: str, port: int, ready: Callable[[], None]) -> None:
    address = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    for _ in range(600):
        try:
            socket.create_connection((address, port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            ready()
            return
