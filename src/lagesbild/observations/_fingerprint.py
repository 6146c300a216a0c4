"""The kernel behind content hashes. Imported where one is made, because Numba takes a third of a second to load."""

from __future__ import annotations

import numba as nb
import numpy as np
from numpy.typing import NDArray

_FNV_OFFSET = np.uint64(0xCBF29CE484222325)
_FNV_PRIME = np.uint64(0x100000001B3)


@nb.njit(cache=True)
def fnv1a(content: NDArray[np.uint8], starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """FNV-1a over 64 bits, then the finaliser of MurmurHash3 so that every bit counts."""
    n = starts.size - 1
    hashes = np.empty(n, np.uint64)
    for i in range(n):
        state = _FNV_OFFSET
        for position in range(starts[i], starts[i + 1]):
            state = (state ^ np.uint64(content[position])) * _FNV_PRIME
        state ^= state >> np.uint64(33)
        state *= np.uint64(0xFF51AFD7ED558CCD)
        state ^= state >> np.uint64(33)
        state *= np.uint64(0xC4CEB9FE1A85EC53)
        state ^= state >> np.uint64(33)
        hashes[i] = state
    return hashes.view(np.int64)
