"""Loaded before Django's settings: every test run has a data folder of its own, and no other settings of yours."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

KEPT = {"LAGESBILD_DATABASE_URL", "LAGESBILD_SHARED_DATA"}

for name in [name for name in os.environ if name.startswith("LAGESBILD_") and name not in KEPT]:
    del os.environ[name]
DATA_DIR = tempfile.mkdtemp(prefix="lagesbild-test-")
os.environ["LAGESBILD_DATA_DIR"] = DATA_DIR
atexit.register(shutil.rmtree, DATA_DIR, ignore_errors=True)
