"""Fixtures for all tests: the database, fast passwords, a data folder per test, and the cast."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings as project_settings
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation
from pytest_django.fixtures import Settings as DjangoSettings  # type: ignore[attr-defined]

from lagesbild.core import clock, jobs
from lagesbild.core.models import Job, JobState
from tests import database
from tests.cast import Cast, make_cast
from tests.remembered import remembered

ROOT = Path(__file__).resolve().parent.parent


@remembered
def _cast() -> Cast:
    with clock.frozen(datetime(2020, 1, 1, tzinfo=UTC)):  # they have been there for long, whatever a test's day is
        return make_cast()


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: Any, worker_id: str
) -> None:
    """One migrated database for each process of the run, where nothing must survive a power cut."""
    TransactionTestCase._fixture_teardown = lambda _case: database.empty()  # type: ignore[method-assign]
    options = project_settings.DATABASES["default"].get("OPTIONS", {})
    if "init_command" in options:
        options["init_command"] = options["init_command"].replace("synchronous=NORMAL", "synchronous=OFF")
    with django_db_blocker.unblock():
        is_copied = database.use_copy(worker_id)
    if not is_copied:
        request.getfixturevalue("django_db_setup")  # pytest-django's own


@pytest.fixture(scope="session", autouse=True)
def _quick_clients() -> None:
    """Each client of a test reads the middleware anew: without a list of all static files, that is a tenth."""
    project_settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(autouse=True)
def _quick_passwords(settings: DjangoSettings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _nothing_left_over() -> None:
    """Rate limits count in the cache, and a request leaves its language active: neither is the next test's."""
    cache.clear()
    translation.deactivate()


@pytest.fixture
def data_dir(settings: DjangoSettings, tmp_path: Path) -> Path:
    """A data folder of the test's own; incident stores and uploads land in it."""
    settings.DATA_DIR = tmp_path
    settings.COLLECTED_DIR = tmp_path / "static"
    return tmp_path


@pytest.fixture
def cast(db: None, data_dir: Path) -> Cast:
    """Ekby and Sjövik, and the people in them."""
    return _cast()


@pytest.fixture
def other_process(transactional_db: None, tmp_path: Path) -> dict[str, str]:
    """The environment of a further process (worker, command) that works on this test's database and data folder.

    For tests that need real processes: what the test has committed, the other process sees.
    """
    folder = tmp_path / "data"
    folder.mkdir(exist_ok=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LAGESBILD_")}
    environment |= {"LAGESBILD_DATA_DIR": str(folder), "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        (folder / "lagesbild.sqlite3").symlink_to(database["NAME"])
    else:
        host = quote(database["HOST"], safe="")
        environment["LAGESBILD_DATABASE_URL"] = f"postgresql://{database['USER']}@{host}/{database['NAME']}"
    return environment


@pytest.fixture
def run_jobs() -> Callable[[], list[Job]]:
    """Do every job that waits, here and now; the jobs, as they ended."""

    def run() -> list[Job]:
        waiting = list(Job.objects.filter(state=JobState.QUEUED).order_by("created_at"))
        for job in waiting:
            jobs.run(str(job.pk))
            job.refresh_from_db()
        return waiting

    return run
