"""Fixtures for all tests: fast passwords, a data folder per test, and the cast."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings as DjangoSettings  # type: ignore[attr-defined]

from tests.cast import Cast, make_cast


@pytest.fixture(autouse=True)
def _quick_passwords(settings: DjangoSettings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def data_dir(settings: DjangoSettings, tmp_path: Path) -> Path:
    """A data folder of the test's own; incident stores and uploads land in it."""
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def cast(db: None, data_dir: Path) -> Cast:
    """Ekby and Sjövik, and the people in them."""
    return make_cast()
