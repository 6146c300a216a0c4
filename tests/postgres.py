"""A PostgreSQL server of the tests' own: made in a temporary folder, reached by a socket in it, gone afterwards.

It listens on no port, so it meets no other server and nobody outside reaches it. The machine's programs are used if
there; else those of the ``pgserver`` wheel. PostgreSQL refuses to run as root: it then runs as ``postgres`` or
``nobody``.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

QUICK = {  # nothing here must survive a power cut
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "128MB",
    "max_connections": "60",
    "timezone": "UTC",
}


class NoPostgres(Exception):
    """No PostgreSQL programs on this machine."""


@contextmanager
def running() -> Iterator[str]:
    """The address (for ``LAGESBILD_DATABASE_URL``) of a server that ends with the block."""
    folder = Path(tempfile.mkdtemp(prefix="lb-pg-"))  # short: a socket's path has at most 107 characters
    try:
        programs = _programs(folder)
        server = _Server(folder, programs)
        server.start()
        try:
            yield f"postgresql://lagesbild@{quote(str(folder), safe='')}/lagesbild"
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs(folder: Path) -> Path:
    """The folder with initdb and postgres."""
    found = shutil.which("pg_config")
    places = [_answer(found, "--bindir")] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    for place in places:
        if (place / "initdb").exists() and (place / "postgres").exists():
            return place
    spec = importlib.util.find_spec("pgserver")
    if spec is None or spec.origin is None:
        raise NoPostgres("Install PostgreSQL (Debian: apt-get install postgresql), or the Python package pgserver.")
    install = Path(spec.origin).parent / "pginstall"
    if os.geteuid() != 0:
        return install / "bin"
    shutil.copytree(install, folder / "pginstall", symlinks=True)  # the unprivileged user may not read ours
    return folder / "pginstall" / "bin"


def _answer(program: str, option: str) -> Path:
    return Path(subprocess.run([program, option], capture_output=True, text=True, check=True).stdout.strip())


class _Server:
    def __init__(self, folder: Path, programs: Path) -> None:
        self.folder, self.programs = folder, programs
        self.data, self.log = folder / "data", folder / "log"
        self.account = _unprivileged()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        if self.account:
            for path in (self.folder, *self.folder.rglob("*")):
                os.chown(path, self.account["user"], self.account["group"], follow_symlinks=False)
        options = ["--username=lagesbild", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"]
        made = subprocess.run(
            [self.programs / "initdb", f"--pgdata={self.data}", *options], capture_output=True, text=True, **self._as()
        )
        if made.returncode:
            raise RuntimeError(f"initdb failed:\n{made.stderr}")
        settings = [part for name, value in QUICK.items() for part in ("-c", f"{name}={value}")]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [self.programs / "postgres", "-D", self.data, "-k", self.folder, *settings],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True, **self._as(),
            )  # fmt: skip
        self._wait()

    def stop(self) -> None:
        """Fast shutdown of the process that we started, and of no other."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(2)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def _wait(self) -> None:
        import psycopg

        assert self.process
        for _ in range(300):
            if self.process.poll() is not None:
                break
            try:
                psycopg.connect(host=str(self.folder), user="lagesbild", dbname="postgres").close()
            except psycopg.OperationalError:
                time.sleep(0.1)
            else:
                return
        self.stop()
        raise RuntimeError(f"PostgreSQL did not start:\n{self.log.read_text(errors='replace')}")

    def _as(self) -> dict[str, Any]:
        return {**(self.account or {}), "cwd": self.folder, "env": {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}}


def _unprivileged() -> dict[str, Any] | None:
    """Whom to run as, when we are root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise NoPostgres("PostgreSQL refuses to run as root, and there is neither a user postgres nor nobody.")
