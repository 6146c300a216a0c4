"""Random numbers inside kernels: xoshiro256++ seeded by splitmix64, one stream for each replicate.

A replicate's numbers depend on its own seed only, so results are the same for any block size, number of threads or
machines. Nothing is global. Source: Blackman, D. and Vigna, S. (2021), Scrambled linear pseudorandom number generators,
ACM Trans. Math. Softw. 47(4), doi:10.1145/3460772; bounded numbers after Lemire, D. (2019), doi:10.1145/3230636.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lagesbild.stats._jit import jit

UIntArray = npt.NDArray[np.uint64]


@jit
def stream(seed: np.uint64) -> UIntArray:
    """The state of a new stream."""
    state = np.empty(4, dtype=np.uint64)
    z = np.uint64(seed)
    for number in range(4):
        z = z + np.uint64(0x9E3779B97F4A7C15)
        mixed = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        state[number] = mixed ^ (mixed >> np.uint64(31))
    return state


@jit
def draw(state: UIntArray) -> np.uint64:
    """The next 64 random bits; moves the stream on."""
    total = state[0] + state[3]
    result: np.uint64 = ((total << np.uint64(23)) | (total >> np.uint64(41))) + state[0]
    shifted = state[1] << np.uint64(17)
    state[2] ^= state[0]
    state[3] ^= state[1]
    state[1] ^= state[2]
    state[0] ^= state[3]
    state[2] ^= shifted
    state[3] = (state[3] << np.uint64(45)) | (state[3] >> np.uint64(19))
    return result


@jit
def below(state: UIntArray, n: int) -> int:
    """A whole number in 0 … n - 1 for n up to 2³², without bias (Lemire's rejection on 32 bits)."""
    bound = np.uint64(n)
    low_bits = np.uint64(0xFFFFFFFF)
    product = (draw(state) >> np.uint64(32)) * bound
    low = product & low_bits
    if low < bound:
        threshold = (np.uint64(0x100000000) - bound) % bound
        while low < threshold:
            product = (draw(state) >> np.uint64(32)) * bound
            low = product & low_bits
    return np.int64(product >> np.uint64(32))  # type: ignore[return-value]


@jit
def uniform(state: UIntArray) -> float:
    """A number in [0, 1) with 53 random bits."""
    return np.float64(draw(state) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@jit
def shuffle(values: npt.NDArray[np.int64], state: UIntArray) -> None:
    """Put `values` in random order, in place (Fisher and Yates)."""
    for last in range(len(values) - 1, 0, -1):
        other = below(state, last + 1)
        values[last], values[other] = values[other], values[last]
