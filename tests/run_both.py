"""The whole suite on SQLite, then every test that touches the database on a real PostgreSQL.

    python -m tests.run_both [--only sqlite|postgresql] [anything pytest takes]

Exit code 0 only if both passed. Pure tests and browser tests run once, on SQLite.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from tests import database, postgres

ROOT = Path(__file__).resolve().parent.parent
MIGRATED = "migrated"  # the name of the database that each process copies
# Tests start many processes. Without bytecode each of them compiles its packages anew, for seconds.
NOT_HANDED_ON = {"LAGESBILD_DATABASE_URL", "PYTHONDONTWRITEBYTECODE"}
Engine = tuple[str, list[str], dict[str, str]]  # name, further arguments of pytest, environment


def main(arguments: list[str]) -> int:
    """Run both; the exit code of the first that failed."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server is stopped on the way out
    only, arguments = _only(arguments)
    with ExitStack() as stack:
        try:
            engines = _made_ready(stack, only)
        except postgres.NoPostgres as missing:
            print(f"The tests on PostgreSQL could not run. {missing}", file=sys.stderr)
            return 1
        codes = [_pytest(name, [*more, *arguments], environment) for name, more, environment in engines]
    return next((code for code in codes if code), 0)


def _made_ready(stack: ExitStack, only: str | None) -> list[Engine]:
    """Both databases, migrated at the same time: each takes half a minute of one core."""
    makers = []
    if only != "postgresql":
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="lagesbild-template-"))
        makers.append(lambda: _sqlite(Path(folder)))
    if only != "sqlite":
        url = stack.enter_context(postgres.running())
        makers.append(lambda: _postgresql(url))
    with ThreadPoolExecutor() as pool:
        return [each.result() for each in [pool.submit(make) for make in makers]]


def _sqlite(folder: Path) -> Engine:
    path = folder / f"{MIGRATED}.sqlite3"
    database.migrate_sqlite(path)
    return "SQLite", [], {database.FILE: str(path)}


def _postgresql(url: str) -> Engine:
    database.migrate_postgresql(f"{url.rpartition('/')[0]}/{MIGRATED}")
    return "PostgreSQL", ["--database-only"], {"LAGESBILD_DATABASE_URL": url, database.NAME: MIGRATED}


def _only(arguments: list[str]) -> tuple[str | None, list[str]]:
    if "--only" not in arguments:
        return None, arguments
    at = arguments.index("--only")
    return arguments[at + 1], arguments[:at] + arguments[at + 2 :]


def _pytest(name: str, arguments: list[str], environment: dict[str, str]) -> int:
    print(f"\n=== Tests on {name} ===", flush=True)
    began = time.monotonic()
    clean = {key: value for key, value in os.environ.items() if key not in NOT_HANDED_ON}
    # a process per core; a file's tests stay together, so that what they share is made once; long files come first
    dealt_out = ["-n", _processes(), "--dist", "loadfile", "--no-loadscope-reorder"]
    command = [sys.executable, "-m", "pytest", "-q", *dealt_out, *arguments]
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
