"""The world of matters, with actions in it."""

from __future__ import annotations

import pytest

from tests.cast import Cast
from tests.cooperation.matters.world import World, make_world


@pytest.fixture
def world(cast: Cast) -> World:
    return make_world(cast)
