"""What each subject puts right after a crash: run when a worker starts, and by ``lagesbild check --repair``.

A subject registers its repair in its ``jobs.py``. A repair must be safe to run at any time, by several at once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.utils.module_loading import autodiscover_modules

logger = logging.getLogger(__name__)

Repair = Callable[[], object]
_repairs: dict[str, Repair] = {}


def register(name: str) -> Callable[[Repair], Repair]:
    """Have the decorated function called after a crash."""

    def add(function: Repair) -> Repair:
        _repairs[name] = function
        return function

    return add


def run_all() -> list[str]:
    """Run every repair; names of those that failed. One failing repair does not keep the others from running."""
    autodiscover_modules("jobs")
    failed = []
    for name, repair in sorted(_repairs.items()):
        try:
            repair()
        except Exception:
            logger.exception("The repair %r failed", name)
            failed.append(name)
    return failed
