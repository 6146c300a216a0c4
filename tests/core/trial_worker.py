"""Worker processes that know the trial jobs and end when the queue is empty: forks of one that has loaded everything.

To start Python and Django anew takes seconds for each. A keeper beside each worker waits for it and writes its exit
code, so that also a killed one leaves its word.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.observations import processes


class TrialWorker:
    """One fork, with what a ``Popen`` has."""

    def __init__(self, prepared: subprocess.Popen[str], ended: Path) -> None:
        assert prepared.stdin
        assert prepared.stdout
        prepared.stdin.write(f"{ended}\n")
        prepared.stdin.flush()
        self.pid, self.ended = int(prepared.stdout.readline()), ended

    def poll(self) -> int | None:
        return int(self.ended.read_text()) if self.ended.exists() else None

    def wait(self, timeout_s: float = 300) -> int:
        until = time.monotonic() + timeout_s
        while (code := self.poll()) is None:
            if time.monotonic() > until:
                raise TimeoutError(f"The worker {self.pid} still runs.")
            time.sleep(0.01)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def prepare(folder: Path) -> subprocess.Popen[str]:
    """The process that forks, on the test's database."""
    script = "from tests.core.trial_worker import fork_on_order; fork_on_order()"
    return processes.start(script, data_dir=folder, database=True, stdout=subprocess.PIPE)


def fork_on_order() -> None:
    """In that process: a worker for each line, which names the file for its exit code."""
    from lagesbild.operate.working import Worker
    from tests.core import trial_jobs

    trial_jobs.register()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks for the keepers
    for line in sys.stdin:
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            worker = os.fork()
            if worker == 0:
                _work(Worker(interval_s=0.05))
            print(worker, flush=True)
            _keep(worker, Path(line.strip()))


def _work(worker: object) -> None:
    code = 1
    try:
        worker.stop_on_signals()  # type: ignore[attr-defined]
        worker.run(until_empty=True)  # type: ignore[attr-defined]
        code = 0
    finally:
        os._exit(code)


def _keep(worker: int, ended: Path) -> None:
    code = os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1])
    writing = ended.with_suffix(".writing")
    writing.write_text(str(code))
    writing.rename(ended)
    os._exit(0)
