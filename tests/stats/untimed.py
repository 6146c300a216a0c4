"""How property tests run here: a busy machine must not fail them."""

from __future__ import annotations

from hypothesis import settings

untimed = settings(deadline=None, max_examples=60)
