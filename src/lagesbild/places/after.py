"""What later subjects do once boundaries have changed, such as finding anew which areas incidents lie in.

A later subject registers a function in its ``apps.py``; places knows none of them.
"""

from __future__ import annotations

from collections.abc import Callable

from lagesbild.places.models import AreaSetVersion

_listeners: dict[str, Callable[[AreaSetVersion], None]] = {}


def when_areas_change(name: str, listener: Callable[[AreaSetVersion], None]) -> None:
    """Call ``listener`` after each new version of an area set is committed. It must only start work, not do it."""
    _listeners[name] = listener


def areas_changed(version: AreaSetVersion) -> None:
    """Tell everyone, in order of name."""
    for _name, listener in sorted(_listeners.items()):
        listener(version)
