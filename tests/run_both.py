"""The whole suite on SQLite, then every test that touches the database on a real PostgreSQL.

    python -m tests.run_both [--only sqlite|postgresql] [anything pytest takes]

Exit code 0 only if both passed. Pure tests and browser tests run once, on SQLite.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests import postgres

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str]) -> int:
    """Run both; the exit code of the first that failed."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server is stopped on the way out
    only, arguments = _only(arguments)
    codes = []
    if only != "postgresql":
        codes.append(_pytest("SQLite", arguments, {}))
    if only != "sqlite":
        codes.append(_on_postgresql(arguments))
    return next((code for code in codes if code), 0)


def _on_postgresql(arguments: list[str]) -> int:
    try:
        with postgres.running() as url:
            return _pytest("PostgreSQL", ["--database-only", *arguments], {"LAGESBILD_DATABASE_URL": url})
    except postgres.NoPostgres as missing:
        print(f"The tests on PostgreSQL could not run. {missing}", file=sys.stderr)
        return 1


def _only(arguments: list[str]) -> tuple[str | None, list[str]]:
    if "--only" not in arguments:
        return None, arguments
    at = arguments.index("--only")
    return arguments[at + 1], arguments[:at] + arguments[at + 2 :]


def _pytest(name: str, arguments: list[str], environment: dict[str, str]) -> int:
    print(f"\n=== Tests on {name} ===", flush=True)
    began = time.monotonic()
    clean = {key: value for key, value in os.environ.items() if key != "LAGESBILD_DATABASE_URL"}
    # a process per core; a file's tests stay together, so that what they share is made once
    command = [sys.executable, "-m", "pytest", "-q", "-n", _processes(), "--dist", "loadfile", *arguments]
    code = subprocess.run(
        command, cwd=ROOT, env={**clean, **environment}, stdin=subprocess.DEVNULL, check=False
    ).returncode
    print(
        f"=== {name}: {'passed' if code == 0 else f'FAILED ({code})'} in {time.monotonic() - began:.0f} s ===",
        flush=True,
    )
    return code


def _processes() -> str:
    return str(
        max(1, min(8, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1))
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
