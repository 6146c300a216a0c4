"""A made-up trial in the design of the Jersey City experiment: 56 hot spots in blocks, seven months before and after.

Weisburd and Green (1995) drew within statistical blocks of hot spots. Their counts are not published by place, and the
sizes of their blocks not in what is open to all; these are made up, as are the names.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

N_PLACES, MONTHS = 56, 7
BLOCKS = {"very high": 8, "high": 12, "medium": 16, "low": 20}
CALLS = {"very high": 60.0, "high": 30.0, "medium": 15.0, "low": 6.0}


@dataclass(frozen=True)
class HotSpots:
    """Names, blocks and calls before; and calls after, once it is known who got the measure."""

    names: list[str]
    block: list[str]
    level: npt.NDArray[np.float64]
    before: npt.NDArray[np.int64]

    def after(self, treated: npt.NDArray[np.bool_], *, ratio: float, rng: np.random.Generator) -> npt.NDArray[np.int64]:
        wander = rng.lognormal(0, 0.15, N_PLACES)
        return rng.poisson(self.level * MONTHS * wander * np.where(treated, ratio, 1.0))


def hot_spots(rng: np.random.Generator) -> HotSpots:
    block = [name for name, size in BLOCKS.items() for _ in range(size)]
    level = np.array([CALLS[name] for name in block]) * rng.lognormal(0, 0.2, N_PLACES)
    return HotSpots([f"H{at + 1:02d}" for at in range(N_PLACES)], block, level, rng.poisson(level * MONTHS))
