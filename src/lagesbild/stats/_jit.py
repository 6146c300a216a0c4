"""The door to Numba: a typed wrapper, so that kernels stay typed and nobody picks other settings.

Modules with kernels are imported inside the functions that use them, because Numba takes a third of a
second to load and most commands never need it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

Kernel = TypeVar("Kernel", bound=Callable[..., object])


def jit(kernel: Kernel) -> Kernel:
    """Compile once, keep the machine code on disk, let other threads run. IEEE arithmetic: no fast-math."""
    try:
        compiled = njit(cache=True, fastmath=False, nogil=True)(kernel)
    except RuntimeError:
        # No folder for the machine code: a read-only installation run by a user without a home. Compile each time.
        compiled = njit(fastmath=False, nogil=True)(kernel)
    return cast("Kernel", compiled)
