"""A child process that ends when its parent has died: nobody else would stop it, and it holds the port."""

from __future__ import annotations

import os
import threading
import time

PARENT = "SERVED_BY_PROCESS"
"""Environment variable with the process id of `lagesbild serve`; not a setting, so without our prefix."""


def end_with_parent() -> None:
    """Called in the server's child processes. Without the variable (another server runs us) nothing happens."""
    parent = os.environ.get(PARENT)
    if parent and os.getppid() == int(parent):
        threading.Thread(target=_watch, args=(int(parent),), name="parent watch", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
