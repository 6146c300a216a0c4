"""Monte Carlo replicates in blocks: on threads of this machine, or on a Dask cluster. Same answer everywhere.

A block is a function of its data and the seeds of its replicates; it gives one row for each seed. It must be
importable by name (a function of a module), release the interpreter lock in its kernel, and keep no state.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt

UIntArray = npt.NDArray[np.uint64]
Rows = npt.NDArray[Any]
Block = Callable[..., Rows]
Progress = Callable[[int, int], None]
Rng = np.random.Generator | int


def seeds(rng: Rng, n_replicates: int) -> UIntArray:
    """One seed for each replicate. An integer always gives the same; a generator is moved on."""
    if isinstance(rng, np.random.Generator):
        drawn: UIntArray = rng.integers(0, 2**64, size=n_replicates, dtype=np.uint64)
        return drawn
    if isinstance(rng, bool) or not isinstance(rng, (int, np.integer)) or rng < 0:
        raise TypeError(f"`rng` must be a NumPy generator or a whole number, zero or more. Got {rng!r}.")
    state = np.random.SeedSequence(int(rng)).generate_state(n_replicates, np.uint64)
    return state.astype(np.uint64)


def replicates(
    block: Block,
    data: tuple[Any, ...],
    *,
    n_replicates: int,
    rng: Rng,
    block_size: int = 64,
    threads: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> Rows:
    """All replicates, shape (r, …), in the order of their seeds.

    ``progress(done, total)`` is told after each block and may raise to stop the work.
    """
    parts = []
    done = 0
    for rows in blocks(
        block, data, seeds(rng, n_replicates), block_size=block_size, threads=threads, scheduler=scheduler
    ):
        parts.append(rows)
        done += len(rows)
        if progress is not None:
            progress(done, n_replicates)
    return np.concatenate(parts) if parts else np.empty(0)


def blocks(
    block: Block,
    data: tuple[Any, ...],
    seeds_: UIntArray,
    *,
    block_size: int = 64,
    threads: int | None = None,
    scheduler: str | None = None,
) -> Iterator[Rows]:
    """The replicates block by block, in order. Whoever stops early looks at them one by one, never at whole blocks,
    so that the answer does not depend on the block size.
    """
    if block_size < 1:
        raise ValueError(f"`block_size` must be 1 or more. Got {block_size}.")
    slices = [seeds_[start : start + block_size] for start in range(0, len(seeds_), block_size)]
    if scheduler is not None:
        yield from _on_cluster(block, data, slices, scheduler)
    else:
        yield from _on_threads(block, data, slices, threads or os.cpu_count() or 1)


def _on_threads(block: Block, data: tuple[Any, ...], slices: list[UIntArray], threads: int) -> Iterator[Rows]:
    if threads == 1 or len(slices) < 2:
        yield from (block(*data, part) for part in slices)
        return
    with ThreadPoolExecutor(threads) as pool:
        waiting = [pool.submit(block, *data, part) for part in slices]
        try:
            for future in waiting:
                yield future.result()
        finally:
            for future in waiting:
                future.cancel()


def _on_cluster(block: Block, data: tuple[Any, ...], slices: list[UIntArray], scheduler: str) -> Iterator[Rows]:
    """Dask runs a block again elsewhere when its worker dies; the rows are the same, since the seeds are.

    The data goes along as tasks, not as scattered copies: Dask thins out copies and cannot make one anew that was lost
    with its worker.
    """
    try:
        distributed: Any = importlib.import_module("distributed")  # optional, and without types
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError("Dask is not installed. Install lagesbild[cluster].", name=error.name) from error
    _check_address(scheduler)
    with distributed.Client(scheduler, set_as_default=False) as client:
        shared = [client.submit(_given, each, pure=False) for each in data]
        waiting = [client.submit(block, *shared, part, pure=False, retries=3) for part in slices]
        try:
            for future in waiting:
                yield future.result()
        finally:
            client.cancel(waiting + shared)


def _check_address(scheduler: str) -> None:
    """A client that is given what is no address refuses it, but leaves a thread that never ends."""
    addressing: Any = importlib.import_module("distributed.comm.addressing")
    try:
        addressing.get_address_host(scheduler)
    except ValueError as error:
        raise ValueError(f"`scheduler` must be an address such as tcp://127.0.0.1:8786. Got {scheduler!r}.") from error


def _given(value: Any) -> Any:
    return value
