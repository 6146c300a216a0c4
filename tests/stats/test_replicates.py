"""Replicates: the same for any block size and number of threads, and truly random."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats as scipy_stats

from lagesbild.stats._random import below, draw, shuffle, stream, uniform
from lagesbild.stats._replicates import blocks, replicates, seeds

pytestmark = pytest.mark.one_database


def first_draws(offset: int, seeds_: npt.NDArray[np.uint64]) -> npt.NDArray[np.float64]:
    """A block: one number for each replicate."""
    return np.array([uniform(stream(seed)) + offset for seed in seeds_])


@pytest.mark.parametrize("block_size", [1, 7, 64, 1000])
@pytest.mark.parametrize("threads", [1, 2, 5])
def test_block_size_and_threads_change_nothing(block_size: int, threads: int) -> None:
    expected = replicates(first_draws, (1,), n_replicates=100, rng=3, block_size=1000, threads=1)
    found = replicates(first_draws, (1,), n_replicates=100, rng=3, block_size=block_size, threads=threads)
    np.testing.assert_array_equal(found, expected)


def test_more_replicates_begin_with_the_same_ones() -> None:
    np.testing.assert_array_equal(seeds(9, 50), seeds(9, 999)[:50])


def test_a_generator_moves_on() -> None:
    rng = np.random.default_rng(1)
    assert not np.array_equal(seeds(rng, 5), seeds(rng, 5))


@pytest.mark.parametrize("rng", [None, -1, 1.5, "7", True])
def test_what_is_no_source_of_randomness_is_refused(rng: object) -> None:
    with pytest.raises(TypeError, match="`rng` must be a NumPy generator or a whole number"):
        seeds(rng, 5)  # type: ignore[arg-type]


def test_progress_is_told_and_may_stop_the_work() -> None:
    class Enough(Exception):
        pass

    told = []

    def progress(done: int, total: int) -> None:
        told.append((done, total))
        if done >= 20:
            raise Enough

    with pytest.raises(Enough):
        replicates(first_draws, (0,), n_replicates=100, rng=1, block_size=10, progress=progress)
    assert told == [(10, 100), (20, 100)]


def test_one_may_stop_in_the_middle_of_the_blocks() -> None:
    stream_of_blocks = blocks(first_draws, (0,), seeds(1, 100), block_size=10, threads=2)
    assert len(next(stream_of_blocks)) == 10
    stream_of_blocks.close()  # type: ignore[attr-defined]


def test_the_generator_is_xoshiro256_plus_plus() -> None:
    # First outputs of the reference implementation (prng.di.unimi.it) for the state 1, 2, 3, 4.
    state = np.array([1, 2, 3, 4], dtype=np.uint64)
    assert [int(draw(state)) for _ in range(4)] == [41943041, 58720359, 3588806011781223, 3591011842654386]


def test_bounded_numbers_are_even() -> None:
    state = stream(np.uint64(7))
    counts = np.bincount([below(state, 6) for _ in range(60_000)], minlength=6)
    assert scipy_stats.chisquare(counts).pvalue > 0.001


def test_every_order_is_as_likely() -> None:
    counts: dict[tuple[int, ...], int] = {}
    for seed in seeds(5, 24_000):
        order = np.arange(4)
        shuffle(order, stream(seed))
        counts[tuple(order.tolist())] = counts.get(tuple(order.tolist()), 0) + 1
    assert len(counts) == 24
    assert scipy_stats.chisquare(list(counts.values())).pvalue > 0.001
