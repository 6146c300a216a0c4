"""Runs a piece of Python in a process of its own, on the test's own database and data folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from django.db import connection

ROOT = Path(__file__).resolve().parents[2]

SET_UP = """
import os, sys
import django
from django.conf import settings
if os.environ.get("TEST_DATABASE_NAME"):
    settings.DATABASES["default"]["NAME"] = os.environ["TEST_DATABASE_NAME"]
django.setup()
"""


def start(
    script: str, *arguments: str, data_dir: Path, database: bool = False, stdout: int | None = None
) -> subprocess.Popen[str]:
    """A process with Django set up. With ``database`` it sees what the test has committed."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("LAGESBILD_")},
        "LAGESBILD_DATA_DIR": str(data_dir),
        "DJANGO_SETTINGS_MODULE": "lagesbild.settings",
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "POLARS_MAX_THREADS": "1",
    }
    if database:
        environment["TEST_DATABASE_NAME"] = str(connection.settings_dict["NAME"])
        if url := os.environ.get("LAGESBILD_DATABASE_URL"):
            environment["LAGESBILD_DATABASE_URL"] = url
    return subprocess.Popen(
        [sys.executable, "-c", SET_UP + script, *arguments],
        stdin=subprocess.PIPE,
        stdout=stdout,
        env=environment,
        text=True,
    )


FORKS = """
import json
from pathlib import Path
from lagesbild.core import jobs  # all that takes long to load is loaded before the forks
from lagesbild.observations import imports
from lagesbild.observations.importing import read_table
print("ready", flush=True)
for line in sys.stdin:
    order = json.loads(line)
    child = os.fork()
    if child == 0:
        sys.argv[1:] = order["arguments"]
        settings.DATA_DIR = Path(order["data_dir"])
        settings.DATABASES["default"]["NAME"] = order["database"]
        try:
            exec(order["script"], {**globals(), "__name__": "__main__"})
        except BaseException:
            import traceback
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Forks:
    """One prepared process whose forks run the pieces: starting Python anew for each takes seconds."""

    def __init__(self, data_dir: Path) -> None:
        self.process = start(FORKS, data_dir=data_dir, database=True, stdout=subprocess.PIPE)
        self._answer()

    def run(self, script: str, *arguments: str, data_dir: Path) -> int:
        """Exit code of the piece; negative if it was killed by a signal."""
        order = {
            "script": script,
            "arguments": arguments,
            "data_dir": str(data_dir),
            "database": str(connection.settings_dict["NAME"]),
        }
        assert self.process.stdin
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return int(self._answer())

    def close(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(timeout=60)

    def _answer(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()
