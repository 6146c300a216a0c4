"""Loaded before Django's settings: every test run has a data folder of its own, and no other settings of yours."""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import tempfile
from collections import Counter

import pytest
from hypothesis import settings

from tools.translations import compile_all

pytest_plugins = ["tests.slow"]
LONG = (  # few tests, but with browsers, processes or many simulations
    "tests/browser/",
    "tests/core/test_worker.py",
    "tests/operate/test_serving.py",
    "tests/stats/effects/",
    "tests/stats/test_dask.py",
    "tests/stats/test_displacement_events.py",
    "tests/stats/test_gi_star",
)
KEPT = {"LAGESBILD_DATABASE_URL", "LAGESBILD_SHARED_DATA"}

for name in [name for name in os.environ if name.startswith("LAGESBILD_") and name not in KEPT]:
    del os.environ[name]
DATA_DIR = tempfile.mkdtemp(prefix="lagesbild-test-")
os.environ["LAGESBILD_DATA_DIR"] = DATA_DIR
atexit.register(shutil.rmtree, DATA_DIR, ignore_errors=True)
compile_all()
# The same examples in every run; ``--hypothesis-profile=search`` looks for new ones.
settings.register_profile("same", derandomize=True, database=None)
settings.register_profile("search", derandomize=False)
settings.load_profile("same")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database-only", action="store_true", help="Run only tests that touch the database.")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On a second database engine the tests that never ask it anything say nothing new."""
    if hasattr(config, "workerinput"):
        _put_long_files_first(items)
    if not config.getoption("--database-only"):
        return
    config.hook.pytest_deselected(items=[item for item in items if not _touches_database(item)])
    items[:] = [item for item in items if _touches_database(item)]


def _put_long_files_first(items: list[pytest.Item]) -> None:
    """So that no process is left with one of them when the others have ended: these, then those with many tests."""
    tests = Counter(item.path for item in items)
    items.sort(key=lambda item: (not item.nodeid.startswith(LONG), -tests[item.path], item.path))


def pytest_collection_finish() -> None:
    """What is loaded by now stays: searching it for garbage again and again was a sixth of the time of page tests."""
    gc.freeze()
    gc.set_threshold(10_000)


def _touches_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("one_database") or item.get_closest_marker("browser"):
        return False
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(item.get_closest_marker("django_db") or fixtures & {"db", "transactional_db", "django_db_setup"})
