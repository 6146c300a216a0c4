"""The database of a test process: a copy of one that was migrated, and emptied after a test that committed.

To migrate takes half a minute of a core. ``tests/run_both.py`` does it once in each run and for each engine, both at
the same time, with the command that its users run. A plain ``pytest`` does it once for as long as no migration changes,
and keeps the file in ``.pytest_cache``. PostgreSQL started by nobody of ours is migrated by every process, as always.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
FILE, NAME = "TESTS_MIGRATED_FILE", "TESTS_MIGRATED_NAME"  # variables: what to copy on SQLite and on PostgreSQL
NEVER_EMPTIED = {"django_migrations", "django_content_type", "auth_permission"}  # what `migrate` itself puts there


def migrate_sqlite(path: Path) -> None:
    """A migrated database at ``path``."""
    with tempfile.TemporaryDirectory(prefix="lagesbild-migrated-") as folder:
        _migrate({"LAGESBILD_DATA_DIR": folder})
        shutil.copyfile(Path(folder) / "lagesbild.sqlite3", path)


def migrate_postgresql(url: str) -> None:
    """A migrated database at ``url``, which is not there yet."""
    address = urlsplit(url)
    _on_server(url, f'CREATE DATABASE "{address.path[1:]}"')
    with tempfile.TemporaryDirectory(prefix="lagesbild-migrated-") as folder:
        _migrate({"LAGESBILD_DATA_DIR": folder, "LAGESBILD_DATABASE_URL": url})


def copy_sqlite(path: Path) -> None:
    """A copy of the migrated file."""
    shutil.copyfile(os.environ.get(FILE) or _kept_sqlite(), path)


def use_copy(process: str) -> bool:
    """Let Django use a copy of the migrated database. False if there is none to copy."""
    from django.db import connection

    if connection.vendor == "sqlite":
        name = Path(os.environ["LAGESBILD_DATA_DIR"]) / f"test-{process}.sqlite3"
        copy_sqlite(name)
    elif template := os.environ.get(NAME):
        name = Path(f"test_{process}")
        _on_server(os.environ["LAGESBILD_DATABASE_URL"], f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    else:
        return False
    connection.close()
    connection.settings_dict["NAME"] = str(name)
    return True


def empty() -> None:
    """Take away every row that a test committed.

    Django's own way makes the rights of every model anew each time; on PostgreSQL it truncates, a file for each table.
    """
    from django.db import connection, transaction

    statements = [f"DELETE FROM {connection.ops.quote_name(table)}" for table in _tables()]
    with transaction.atomic(), connection.cursor() as cursor:  # references are looked at when it is committed
        if connection.vendor == "sqlite":
            for statement in statements:
                cursor.execute(statement)
        else:
            cursor.execute("; ".join(statements))


@cache
def _tables() -> list[str]:
    from django.db import connection

    tables: list[str] = connection.introspection.django_table_names(only_existing=True)
    return sorted(set(tables) - NEVER_EMPTIED)


def _kept_sqlite() -> Path:
    folder = ROOT / ".pytest_cache" / "migrated"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{_digest()}.sqlite3"
    with (folder / "lock").open("w") as lock:  # two processes of one run ask at the same time
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            for old in folder.glob("*.sqlite3*"):
                old.unlink()
            making = path.with_suffix(".sqlite3-made")
            migrate_sqlite(making)
            making.rename(path)
    return path


def _digest() -> str:
    """Of everything that says what `migrate` makes: every migration of every app, and the version of Django."""
    import django
    from django.db.migrations.loader import MigrationLoader

    digest = hashlib.sha256(django.__version__.encode())
    for key, migration in sorted(MigrationLoader(None).disk_migrations.items()):
        module: Any = sys.modules[migration.__module__]
        digest.update(repr(key).encode() + Path(module.__file__).read_bytes())
    return digest.hexdigest()[:16]


def _migrate(settings: dict[str, str]) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LAGESBILD_")}
    subprocess.run(
        [sys.executable, "-m", "lagesbild", "migrate"],
        env={**clean, **settings, "PYTHONPATH": str(ROOT / "src")}, stdout=subprocess.DEVNULL, check=True,
    )  # fmt: skip


def _on_server(url: str, statement: str) -> None:
    import psycopg

    address = urlsplit(url)
    with psycopg.connect(url.removesuffix(address.path) + "/postgres", autocommit=True) as server:
        server.execute(statement)  # type: ignore[call-overload]
