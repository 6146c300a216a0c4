"""The planted world, for whoever asks for it."""

from __future__ import annotations

import pytest

from tests.cast import Cast
from tests.picture.world import World, planted


@pytest.fixture
def world(cast: Cast) -> World:
    """Ekby with its planted hot spots; the municipality owns the data."""
    return planted(cast)
