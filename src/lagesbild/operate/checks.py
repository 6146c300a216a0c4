"""What ``lagesbild check`` looks at."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from lagesbild.core.configuration import PREFIX, SETTINGS


@dataclass(frozen=True)
class Finding:
    """One thing looked at, and whether it is in order."""

    what: str
    in_order: bool
    note: str


def setting_rows() -> list[dict[str, Any]]:
    """Every setting with its value (secrets hidden) and where it comes from."""
    rows = []
    for setting in SETTINGS:
        name = PREFIX + setting.name
        value = settings.LAGESBILD[setting.name.lower()]
        text = ", ".join(value) if isinstance(value, tuple) else str(value)
        if setting.secret and text != setting.default:
            text = "(hidden)"
        given = "environment" if name in os.environ else "file" if f"{name}_FILE" in os.environ else "default"
        rows.append({"name": name, "value": text, "from": given, "help": setting.help})
    return rows


def pending_migrations() -> int:
    """How many steps the database lacks."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def findings() -> Iterator[Finding]:
    """Look at the data folder, the database, the front-end files and each incident store."""
    yield _data_folder()
    yield _database()
    vendor = settings.COLLECTED_DIR / "vendor"
    collected = vendor.is_dir() and any(vendor.iterdir())
    yield Finding("Front-end files", collected, str(vendor) if collected else "missing: run `lagesbild collect`")
    yield from _stores()


def _data_folder() -> Finding:
    try:
        with tempfile.NamedTemporaryFile(dir=settings.DATA_DIR):
            pass
    except OSError as error:
        return Finding("Data folder", False, f"cannot write to {settings.DATA_DIR}: {error.strerror}")
    return Finding("Data folder", True, str(settings.DATA_DIR))


def _database() -> Finding:
    try:
        pending = pending_migrations()
    except DatabaseError as error:
        return Finding("Database", False, str(error).strip())
    if pending:
        return Finding("Database", False, f"{pending} migrations are missing: run `lagesbild migrate`")
    return Finding("Database", True, f"{connection.vendor}, up to date")


def _stores() -> Iterator[Finding]:
    from lagesbild.observations.store import IncidentStore

    for folder in sorted((settings.DATA_DIR / "incidents").glob("*/_delta_log")):
        slug = folder.parent.name
        try:
            yield Finding(f"Incident store {slug}", True, f"version {IncidentStore(slug).version()}")
        except Exception as error:
            yield Finding(f"Incident store {slug}", False, str(error))
