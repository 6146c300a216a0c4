"""Loaded before Django's settings: every test run has a data folder of its own, and no other settings of yours."""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import tempfile

import pytest

from tools.translations import compile_all

KEPT = {"LAGESBILD_DATABASE_URL", "LAGESBILD_SHARED_DATA"}

for name in [name for name in os.environ if name.startswith("LAGESBILD_") and name not in KEPT]:
    del os.environ[name]
DATA_DIR = tempfile.mkdtemp(prefix="lagesbild-test-")
os.environ["LAGESBILD_DATA_DIR"] = DATA_DIR
atexit.register(shutil.rmtree, DATA_DIR, ignore_errors=True)
compile_all()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database-only", action="store_true", help="Run only tests that touch the database.")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On a second database engine the tests that never ask it anything say nothing new."""
    if not config.getoption("--database-only"):
        return
    kept = [item for item in items if _touches_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


def pytest_collection_finish() -> None:
    """What is loaded by now stays: searching it for garbage again and again was a sixth of the time of page tests."""
    gc.freeze()
    gc.set_threshold(10_000)


def _touches_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("one_database") or item.get_closest_marker("browser"):
        return False
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(item.get_closest_marker("django_db") or fixtures & {"db", "transactional_db", "django_db_setup"})
