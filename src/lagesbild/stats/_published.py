"""Published numbers as equations in what they add up, and what follows from them for a reader.

Here live the classes of units that no number tells apart, and the exact ranges of their sums. What is done about it
is in `differencing`.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, get_args

import numpy as np

from lagesbild.stats._arrays import ArrayLike, BoolArray, FloatArray, IntArray, as_counts, as_mask
from lagesbild.stats.disclosure import Zeros

INFEASIBLE = 2  # the status of scipy.optimize.milp
SEARCH_S = 5.0
PRICE = 1e-7
MOST_EXAMPLES = 200


class Published:
    """Numbers, each the sum of some classes of units; arrays of shape (classes,) and (numbers, classes)."""

    def __init__(self, counts: ArrayLike, covers: ArrayLike, *, threshold: int, zeros: Zeros) -> None:
        units = as_counts("counts", counts)
        if units.ndim != 1:
            raise ValueError(f"`counts` must have one dimension. Got {units.ndim}.")
        given: BoolArray = np.asarray(covers)
        if given.ndim != 2:
            raise ValueError(f"`covers` must have two dimensions. Got {given.ndim}.")
        given = as_mask("covers", given, shape=(len(given), len(units)))
        if threshold < 2:
            raise ValueError(f"`threshold` must be at least 2. Got {threshold}.")
        if zeros not in get_args(Zeros):
            raise ValueError(f"`zeros` must be one of {', '.join(get_args(Zeros))}. Got {zeros!r}.")
        self.threshold, self.zeros, self.n_units = threshold, zeros, len(units)
        self.values: IntArray = given.astype(np.int64) @ units
        # Which numbers cover a unit, packed into bytes: units with the same bytes are one class.
        packed = np.packbits(given, axis=0).T if len(given) else np.zeros((len(units), 1), dtype=np.uint8)
        _, first, self._class = np.unique(packed, axis=0, return_index=True, return_inverse=True)
        self._class = self._class.ravel()
        self.covers: BoolArray = given[:, first]
        self._examples: list[tuple[FloatArray, BoolArray]] = []
        self.counts: IntArray = np.bincount(self._class, weights=units, minlength=len(first)).astype(np.int64)

    def is_small(self, values: IntArray) -> BoolArray:
        return np.asarray((values < self.threshold) & ((values > 0) | (self.zeros == "hide")))

    @cached_property
    def small(self) -> list[int]:
        """Classes that a range could give away. The others are as large as they are, and a reader knows no less."""
        covered = self.covers.any(axis=0)
        small: list[int] = np.flatnonzero(covered & (self.counts < self.threshold)).tolist()
        return small

    def units_of(self, each: int) -> tuple[int, ...]:
        return tuple(np.flatnonzero(self._class == each).tolist())

    def risks(self, hidden: BoolArray, classes: list[int], *, only_first: bool = False) -> list[int]:
        """Those of the classes whose greatest possible value is small."""
        waiting = [each for each in classes if bool(self.covers[~hidden, each].any())]
        for example, differs in self._examples:
            if not bool((differs & ~hidden).any()):
                waiting = [each for each in waiting if example[each] < self.threshold]
        waiting = self._unclear(hidden, waiting)
        found: list[int] = []
        while waiting and not (found and only_first):
            each = waiting.pop(0)
            goal = self._only([each])
            large = self._solve(np.zeros(len(goal)), hidden, at_least=goal * self.threshold)
            if large is not None:
                self._remember(large)
                waiting = [other for other in waiting if large[other] < self.threshold]
            elif self.zeros == "hide" or self.counts[each] > 0 or self._most(goal, hidden) > 0:
                found.append(each)
        return found

    def _remember(self, example: FloatArray) -> None:
        """Keep a possible table: it is proof as long as the numbers in which it differs from the truth are hidden."""
        if len(self._examples) < MOST_EXAMPLES:
            self._examples.append((example, self.covers @ example != self.values))

    def weakest(self, each: int, hidden: BoolArray) -> int:
        """The smallest of the shown numbers that keep a class small: those with a price in the linear program."""
        from scipy.optimize import linprog

        equations, values = self._equations(hidden)
        found = linprog(-self._only([each]), A_eq=equations, b_eq=values, bounds=(0, None), method="highs")
        shown = np.flatnonzero(~hidden)
        priced = shown[np.abs(found.eqlin.marginals) > PRICE] if found.status == 0 else shown[:0]
        priced = priced[self.values[priced] > 0]
        if not len(priced):
            priced = shown[self.covers[shown, each]]
        # Of equal numbers, the one that covers least.
        return int(priced[np.lexsort((self.covers[priced].sum(axis=1), self.values[priced]))[0]])

    def _unclear(self, hidden: BoolArray, waiting: list[int]) -> list[int]:
        """Leave out classes that are large in some table with the same numbers shown; most are, and all at once.

        Any such table is proof; that it is sought for a short while only makes no difference to the answer.
        """
        while len(waiting) > 1:
            example = self._example(hidden, np.array(waiting))
            if example is not None:
                self._remember(example)
            left = waiting if example is None else [each for each in waiting if example[each] < self.threshold]
            if len(left) == len(waiting):
                break
            waiting = left
        return waiting

    def _example(self, hidden: BoolArray, classes: IntArray) -> FloatArray | None:
        """A table that gives all shown numbers and makes many classes large: the most of Σ min(x, threshold)."""
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array, eye_array

        equations, values = self._equations(hidden)
        k, m = len(self.counts), len(classes)
        chosen = csr_array((np.ones(m), (np.arange(m), classes)), shape=(m, k))
        found = milp(
            np.concatenate([np.zeros(k), -np.ones(m)]),
            constraints=[
                LinearConstraint(_beside(equations, csr_array((len(values), m))), values, values),
                LinearConstraint(_beside(chosen, -eye_array(m)), 0, np.inf),
            ],
            integrality=np.concatenate([np.ones(k), np.zeros(m)]),
            bounds=Bounds(0, np.concatenate([np.full(k, np.inf), np.full(m, float(self.threshold))])),
            options={"mip_rel_gap": 0.2, "time_limit": SEARCH_S},
        )
        example = None if found.x is None else np.round(found.x[:k])
        return example if example is not None and bool(np.all(equations @ example == values)) else None

    def range_of_class(self, each: int, hidden: BoolArray) -> tuple[int, int]:
        goal = self._only([each])
        return self._least(goal, hidden), self._most(goal, hidden)

    def range_of_number(self, number: int, hidden: BoolArray) -> tuple[int, int | None]:
        """Of a hidden number; no upper end when some part of it is in no shown number."""
        goal = self.covers[number].astype(np.float64)
        in_none = ~self.covers[~hidden].any(axis=0)
        least = self._least(goal * ~in_none, hidden)
        return least, None if bool((in_none & (goal > 0)).any()) else self._most(goal, hidden)

    def _only(self, classes: list[int]) -> FloatArray:
        goal = np.zeros(len(self.counts))
        goal[classes] = 1.0
        return goal

    def _least(self, goal: FloatArray, hidden: BoolArray) -> int:
        return self._end(goal, hidden)

    def _most(self, goal: FloatArray, hidden: BoolArray) -> int:
        return -self._end(-goal, hidden)

    def _end(self, goal: FloatArray, hidden: BoolArray) -> int:
        found = self._solve(goal, hidden)
        if found is None:
            raise RuntimeError("HiGHS found no table with the numbers shown, though there is one.")
        return round(float(goal @ found))

    def _solve(self, goal: FloatArray, hidden: BoolArray, *, at_least: FloatArray | float = 0.0) -> FloatArray | None:
        """Whole numbers, none negative, that give all shown numbers and make the goal least; None if there are none."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        equations, values = self._equations(hidden)
        found = milp(
            goal,
            constraints=[LinearConstraint(equations, values, values)] if len(values) else [],
            integrality=np.ones(len(goal), dtype=np.int64),
            bounds=Bounds(at_least, np.inf),
            options={"mip_rel_gap": 0.0},
        )
        solution = None if found.x is None else np.round(found.x)
        if found.status != INFEASIBLE and (solution is None or bool(np.any(equations @ solution != values))):
            raise RuntimeError(f"HiGHS gave no answer: {found.message}")
        return solution

    def _equations(self, hidden: BoolArray) -> tuple[Any, IntArray]:
        from scipy.sparse import csr_array

        return csr_array(self.covers[~hidden].astype(np.float64)), self.values[~hidden]


def _beside(left: Any, right: Any) -> Any:
    from scipy.sparse import hstack

    return hstack([left, right], format="csr")
