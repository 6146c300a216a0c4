"""Narrowing: what range do many rounded or hidden numbers together leave for a sum that none of them shows?

Here live the exact ranges when each number is known only within limits. Numbers shown as they are, and what to hide so
that nothing small follows from them, are in `differencing`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from lagesbild.stats._arrays import ArrayLike, BoolArray, FloatArray, as_mask
from lagesbild.stats._result import Result
from lagesbild.stats.notes import Note

INFEASIBLE = 2  # the status of scipy.optimize.milp


@dataclass(frozen=True, kw_only=True)
class SumRange:
    """The least and the greatest value that a sum can have; ``high`` is None where nothing limits it."""

    low: int
    high: int | None


@dataclass(frozen=True, eq=False, kw_only=True)
class NarrowingResult(Result):
    """One range for each sum asked about; none when no table agrees with what is known."""

    method: ClassVar[str] = "narrowing"
    version: ClassVar[str] = "1"

    ranges: tuple[SumRange, ...]
    consistent: bool
    n_units: int
    n_classes: int
    n_numbers: int


def narrowing(covers: ArrayLike, low: ArrayLike, high: ArrayLike, *, asked: ArrayLike) -> NarrowingResult:
    """Between which limits must a sum lie, for a reader who knows each published number within limits?

    Parameters
    ----------
    covers : array of shape (p, k), bool
        Which of k units each published number adds up, as in `differencing`.
    low, high : arrays of shape (p,), whole numbers >= 0
        The least and the greatest that each number can be: 158 and 162 for 160 rounded to the nearest five, 1 and 4 for
        "<5", twice the same for an exact one. ``high`` may be infinite.
    asked : array of shape (q, k), bool
        The sums whose range is wanted, as units.

    Returns
    -------
    NarrowingResult
        ``ranges`` (low, high) for each sum asked about; ``consistent``, false where no counts agree with all limits:
        then there are no ranges and a note; ``n_units``, ``n_classes``, ``n_numbers``, ``notes``.

    Raises
    ------
    ValueError
        If shapes do not agree, a limit is not a whole number >= 0, or a number has ``low`` above ``high``.

    Notes
    -----
    1. The reader knows which units each number adds up, and that counts are whole and not negative.
    2. The ranges are exact: each end is an integer program, solved by HiGHS to optimality.
    3. Only the limits are used, not the true counts: whoever has the published numbers can do the same.
    4. What the reader knows from elsewhere is not seen from here.

    Cost: two integer programs for each sum asked about (milliseconds for tens of numbers); O(entries) memory.

    References
    ----------
    .. [1] Hundepool, A. et al. (2012). Statistical Disclosure Control, ch. 4. Wiley. doi:10.1002/9781118348239.
    """
    known = _Known(covers, low, high, asked)
    ranges = []
    for each in known.asked:
        found = known.range_of(each)
        if found is None:
            break
        ranges.append(found)
    consistent = len(ranges) == len(known.asked) and (bool(ranges) or known.solve(np.zeros(known.k)) is not None)
    return NarrowingResult(
        ranges=tuple(ranges) if consistent else (),
        consistent=consistent,
        n_units=known.n_units,
        n_classes=known.k,
        n_numbers=len(known.low),
        parameters={},
        notes=() if consistent else (Note("narrowing.inconsistent"),),
    )


class _Known:
    """The limits as inequalities in classes: units that the same numbers cover and the same sums ask about."""

    def __init__(self, covers: ArrayLike, low: ArrayLike, high: ArrayLike, asked: ArrayLike) -> None:
        self.low, self.high = _limits("low", low), _limits("high", high)
        given, wanted = np.asarray(covers), np.asarray(asked)
        if given.ndim != 2 or wanted.ndim != 2 or given.shape[1] != wanted.shape[1]:
            raise ValueError("`covers` and `asked` must have two dimensions and as many columns.")
        if not len(self.low) == len(self.high) == len(given):
            raise ValueError("`low` and `high` must have one value for each row of `covers`.")
        if bool(np.any(self.low > self.high)) or bool(np.any(np.isinf(self.low))):
            raise ValueError("`low` must be finite and not above `high`.")
        self.n_units = given.shape[1]
        both = np.vstack([as_mask("covers", given, shape=given.shape), as_mask("asked", wanted, shape=wanted.shape)])
        classes: BoolArray = np.unique(both, axis=1) if self.n_units else both
        self.covers, self.asked = classes[: len(given)], classes[len(given) :]
        self.k = classes.shape[1]
        self.limited: BoolArray = np.asarray(self.covers[np.isfinite(self.high)].any(axis=0))

    def range_of(self, asked: BoolArray) -> SumRange | None:
        """None where nothing agrees with the limits."""
        goal = asked.astype(np.float64)
        least = self.solve(goal)
        if least is None:
            return None
        if bool(np.any(asked & ~self.limited)):
            return SumRange(low=least, high=None)
        most = self.solve(-goal)
        return SumRange(low=least, high=None if most is None else -most)

    def solve(self, goal: FloatArray) -> int | None:
        """The least value of the goal over all counts that agree with the limits; None if there are none."""
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array

        equations: Any = csr_array(self.covers.astype(np.float64))
        found = milp(
            goal,
            constraints=[LinearConstraint(equations, self.low, self.high)] if len(self.low) else [],
            integrality=np.ones(self.k, dtype=np.int64),
            bounds=Bounds(0, np.inf),
            options={"mip_rel_gap": 0.0},
        )
        if found.status == INFEASIBLE:
            return None
        if found.x is None:
            raise RuntimeError(f"HiGHS gave no answer: {found.message}")
        return round(float(goal @ np.round(found.x)))


def _limits(name: str, values: ArrayLike) -> FloatArray:
    limits: FloatArray = np.asarray(values, dtype=np.float64)
    finite = limits[np.isfinite(limits)]
    whole = limits.ndim == 1 and not bool(np.isnan(limits).any()) and bool(np.all(finite == np.floor(finite)))
    if not whole or bool(np.any(limits < 0)):
        raise ValueError(f"`{name}` must be a row of whole numbers from 0. Got {values!r}.")
    return limits
