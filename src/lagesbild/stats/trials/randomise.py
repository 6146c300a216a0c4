"""Randomisation: chance decides, within blocks, which places get the measure, and anybody can check that it did.

Here lives the draw alone. Blocks are made in `matching`, and what the draw came to is looked at in `balance`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np

from lagesbild.stats._arrays import ArrayLike, BoolArray, require_share
from lagesbild.stats._assignments import block_numbers
from lagesbild.stats._result import Result
from lagesbild.stats.notes import Note

ALGORITHM = "lagesbild-sha256-1"


@dataclass(frozen=True, kw_only=True)
class BlockDraw:
    """One block: how many places it has, and how many of them get the measure."""

    label: object
    size: int
    n_treated: int


@dataclass(frozen=True, eq=False, kw_only=True)
class RandomisationResult(Result):
    """Who gets the measure. `checksum` is short for the whole allocation; the same draw has the same."""

    method: ClassVar[str] = "randomise"
    version: ClassVar[str] = "1"

    ids: tuple[str, ...]
    block: tuple[object, ...]
    treated: BoolArray
    blocks: tuple[BlockDraw, ...]
    n_treated: int
    checksum: str


def randomise(
    ids: Sequence[object],
    *,
    block: ArrayLike | None = None,
    treatment_share: float = 0.5,
    seed: int | str,
) -> RandomisationResult:
    """Which places get the measure, when chance alone decides?

    Parameters
    ----------
    ids : sequence of n texts or whole numbers
        The name of each place; no two alike. The draw follows the names, not the order.
    block : array of shape (n,), int or text, optional
        Places that are alike have the same. Each block is shared out by itself. Default: one block.
    treatment_share : float in (0, 1)
        Share of the places that get the measure.
    seed : int >= 0 or text
        Start of the draw. Set it down, in writing and before witnesses, before the places are known or by lot.

    Returns
    -------
    RandomisationResult
        ``treated`` of shape (n,), in the order of `ids`; ``blocks`` with size and number treated; ``n_treated``;
        ``checksum``; ``notes``.

    Raises
    ------
    ValueError
        If two places have the same name, or the share or the seed is no such.

    Notes
    -----
    1. Algorithm ``lagesbild-sha256-1``: the number of a place is the SHA-256 digest of the UTF-8 text
       "lagesbild-sha256-1|SEED|BLOCK|ID", read as a whole number. In each block, the places with the smallest numbers
       get the measure. It can be done again in any programming language, on any machine, with the same outcome.
    2. How many get it: a share of a block need not be whole. The blocks are put in the order of the digests of
       "lagesbild-sha256-1|SEED|BLOCK"; with s places up to and including a block, and u the digest of
       "lagesbild-sha256-1|SEED" divided by 2^256, that block gets floor(share s + u) minus what those before it got. So
       every place has the chance `treatment_share`, and the sum is within one of share x n.
    3. Given how many of each block get it, all choices are equally likely; `trial_effect` and
       `difference_in_differences` with the same blocks compare with just these.

    Cost: O(n log n) time, O(n) memory.

    References
    ----------
    .. [1] National Institute of Standards and Technology (2015). Secure hash standard, FIPS PUB 180-4.
    """
    names = [_text(each) for each in ids]
    if len(set(names)) < len(names):
        twice = next(each for at, each in enumerate(names) if each in names[:at])
        raise ValueError(f"`ids` must name each place once. Got {twice!r} twice.")
    require_share("treatment_share", treatment_share)
    start = _seed(seed)
    labels, number = block_numbers(block, len(names))
    members = [np.flatnonzero(number == at) for at in range(len(labels))]
    wanted = _numbers_treated(labels, [len(each) for each in members], treatment_share, start)
    treated = np.zeros(len(names), dtype=np.bool_)
    for label, rows, n in zip(labels, members, wanted, strict=True):
        digests = {int(row): _digest(start, str(label), names[row]) for row in rows}
        treated[sorted(digests, key=digests.__getitem__)[:n]] = True
    drawn = tuple(
        BlockDraw(label=label, size=len(rows), n_treated=n)
        for label, rows, n in zip(labels, members, wanted, strict=True)
    )
    return RandomisationResult(
        ids=tuple(names),
        block=tuple(labels[at] for at in number),
        treated=treated,
        blocks=drawn,
        n_treated=int(treated.sum()),
        checksum=_checksum(names, treated),
        parameters={"seed": start, "treatment_share": float(treatment_share), "algorithm": ALGORITHM},
        notes=_notes(drawn),
    )


def _text(name: object) -> str:
    if isinstance(name, bool) or not isinstance(name, (str, int, np.integer)):
        raise TypeError(f"`ids` must hold texts or whole numbers. Got {name!r}.")
    text = str(name)
    if not text or "|" in text or "\n" in text:
        raise ValueError(f'`ids` must not be empty, nor hold "|" or a new line. Got {text!r}.')
    return text


def _seed(seed: int | str) -> str:
    if isinstance(seed, bool) or not isinstance(seed, (str, int, np.integer)):
        raise TypeError(f"`seed` must be a whole number or a text. Got {seed!r}.")
    if (isinstance(seed, str) and (not seed or "|" in seed)) or (not isinstance(seed, str) and seed < 0):
        raise ValueError(f'`seed` must be zero or more, or a text without "|". Got {seed!r}.')
    return str(seed)


def _digest(*parts: str) -> int:
    return int.from_bytes(hashlib.sha256("|".join((ALGORITHM, *parts)).encode()).digest())


def _numbers_treated(labels: Sequence[object], sizes: Sequence[int], share: float, seed: str) -> list[int]:
    """How many of each block, so that the chances are right and the sum too."""
    exact, start = Fraction(share).limit_denominator(1_000_000), Fraction(_digest(seed), 2**256)
    order = sorted(range(len(labels)), key=lambda at: _digest(seed, str(labels[at])))
    counts, places, given = [0] * len(labels), 0, 0
    for at in order:
        places += sizes[at]
        counts[at] = int(exact * places + start) - given
        given += counts[at]
    return counts


def _checksum(names: Sequence[str], treated: BoolArray) -> str:
    lines = sorted(f"{name}|{int(each)}" for name, each in zip(names, treated.tolist(), strict=True))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def _notes(drawn: Sequence[BlockDraw]) -> tuple[Note, ...]:
    bare = sum(each.n_treated in (0, each.size) for each in drawn)
    return (Note("trial.blocks_without_comparison", {"n": bare}),) if bare else ()
