"""The search behind `visits`: the task in the form the kernels take, restarts, proof, and plans nearly as good."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from lagesbild.stats._arrays import FloatArray, IntArray

# Sets of places are whole numbers of 64 bits, times the number of places.
MOST_EXACT = 50
HOUR_MINUTES = 60.0
N_SHAKEN = 400
HAIR = 1e-9


@dataclass(frozen=True, eq=False)
class Task:
    """What is to be planned; minutes after the start, the base first in `travel`."""

    travel: FloatArray
    worth: FloatArray
    budget: float
    visit: float
    start_hour: float
    back: bool

    @cached_property
    def by_hour(self) -> bool:
        return bool(self.worth.shape[1] > 1)

    @cached_property
    def slots(self) -> tuple[FloatArray, float, float]:
        """What a visit is worth in each hour from that of the start, minutes of it gone at the start, its length."""
        if not self.by_hour:
            return self.worth, 0.0, math.inf
        offset = self.start_hour % 1.0 * HOUR_MINUTES
        n_slots = int((offset + self.budget) // HOUR_MINUTES) + 1
        hours = (int(self.start_hour) + np.arange(n_slots)) % 24
        return np.ascontiguousarray(self.worth[:, hours]), offset, HOUR_MINUTES

    @property
    def arguments(self) -> tuple[Any, ...]:
        scores, offset, slot = self.slots
        return self.travel, scores, self.visit, self.budget, offset, slot, float(self.back)

    @cached_property
    def later(self) -> FloatArray:
        """The most that a place is worth from each slot on; shape (slots, k)."""
        scores = self.slots[0]
        return np.ascontiguousarray(np.maximum.accumulate(scores[:, ::-1], axis=1)[:, ::-1].T)

    @cached_property
    def cost(self) -> FloatArray:
        """The least time that a visit takes, with the shortest way to its place."""
        ways = self.travel.copy()
        np.fill_diagonal(ways, np.inf)
        return np.asarray(self.visit + ways[:, 1:].min(axis=0))

    @cached_property
    def ranks(self) -> IntArray:
        """Places by worth for their time, from each slot on; shape (slots, k)."""
        return np.argsort(-self.later / self.cost, axis=1, kind="stable").astype(np.int64)

    @cached_property
    def shortest_home(self) -> float:
        return float(self.travel[1:, 0].min()) if self.back and len(self.worth) else 0.0

    def bound(self) -> float:
        """What no plan can exceed: parts of visits count, each with the shortest way to its place."""
        from lagesbild.stats._visits_kernel import fits

        if not len(self.worth):
            return 0.0
        free = np.ones(len(self.worth), dtype=np.int64)
        return float(fits(free, self.later[0], self.cost, self.ranks[0], self.budget - self.shortest_home))

    def worth_at(self, place: int, minute: float) -> float:
        scores, offset, slot = self.slots
        return float(scores[place, int((offset + minute) / slot + HAIR)])


@dataclass(frozen=True, eq=False)
class Plan:
    order: IntArray
    score: float
    end: float
    starts: FloatArray | None = None

    @property
    def key(self) -> tuple[float, float, bytes]:
        return -self.score, self.end, self.order.tobytes()


def timed_plan(task: Task, order: IntArray) -> Plan | None:
    """The plan with this order, None when there is no time for it."""
    from lagesbild.stats._visits_kernel import timed

    starts = np.zeros(len(order) + 1)
    score, end = timed(order, len(order), starts, *task.arguments)
    return None if score < 0 else Plan(order, float(score), float(end), starts[: len(order)])


def start_times(task: Task, plan: Plan) -> FloatArray:
    if plan.starts is not None:
        return plan.starts
    found = timed_plan(task, plan.order)
    assert found is not None
    assert found.starts is not None
    return found.starts


def climb_often(task: Task, n_restarts: int, random: np.random.Generator) -> list[Plan]:
    """Different good plans, the best first: each begins with a random part of the best so far."""
    from lagesbild.stats._visits_kernel import climb

    k = len(task.worth)
    found: dict[bytes, Plan] = {}
    best = Plan(np.zeros(0, dtype=np.int64), 0.0, 0.0, np.zeros(0))
    for attempt in range(n_restarts):
        kept = best.order[random.random(len(best.order)) < random.random()] if attempt else best.order
        order = np.zeros(k + 1, dtype=np.int64)
        order[: len(kept)] = kept
        shuffled = random.permutation(k)
        plan = _climbed(task, climb, order, len(kept), shuffled)
        found[plan.order.tobytes()] = plan
        best = min(best, plan, key=lambda each: each.key)
    return sorted({best.order.tobytes(): best, **found}.values(), key=lambda each: each.key)


def _climbed(task: Task, climb: Any, order: IntArray, n: int, names: IntArray) -> Plan:
    """Climb with the places in another order, so that the first improvement found is a random one."""
    to_new = np.argsort(names)
    travel, scores, *others = task.arguments
    ways = np.concatenate([[0], names + 1])
    renamed = order.copy()
    renamed[:n] = to_new[order[:n]]
    n = climb(renamed, n, np.ascontiguousarray(travel[np.ix_(ways, ways)]), scores[names], *others)
    plan = timed_plan(task, names[renamed[:n]])
    assert plan is not None
    return plan


def prove(task: Task, best: Plan, max_nodes: int) -> tuple[Plan, bool]:
    """The best plan after the exact search, and whether that came to its end."""
    from lagesbild.stats._visits_kernel import search

    k = len(task.worth)
    if not k:
        return best, True
    if not max_nodes or k > MOST_EXACT:
        return best, task.bound() <= best.score + HAIR
    proven, n, score, order, starts = search(
        best.score, max_nodes, task.later, task.cost, task.ranks, task.shortest_home, *task.arguments
    )
    if n > 0:
        home = float(task.travel[order[n - 1] + 1, 0]) if task.back else 0.0
        best = Plan(order[:n].copy(), float(score), float(starts[n - 1]) + task.visit + home, starts[:n].copy())
    return best, bool(proven)


def near_best(task: Task, plans: list[Plan], leeway: float, random: np.random.Generator) -> list[Plan]:
    """All different plans found that reach the best one's score, less the leeway; more are found by shaking them."""
    least = plans[0].score * (1.0 - leeway) - HAIR
    found = {each.order.tobytes(): each for each in reversed(plans) if each.score >= least}
    known = list(found.values())
    for _ in range(N_SHAKEN if leeway > 0 else 0):
        order = known[int(random.integers(len(known)))].order.copy()
        _shake(order, len(task.worth), random)
        plan = timed_plan(task, order)
        if plan is not None and plan.score >= least and order.tobytes() not in found:
            found[order.tobytes()] = plan
            known.append(plan)
    return sorted(found.values(), key=lambda each: each.key)


def _shake(order: IntArray, k: int, random: np.random.Generator) -> None:
    """Turn a stretch round, shift one, or go to another place instead."""
    if not len(order):
        return
    i, j = np.sort(random.integers(0, len(order), 2))
    kind = random.integers(3)
    if kind == 0:
        order[i : j + 1] = order[i : j + 1][::-1].copy()
    elif kind == 1:
        order[i : j + 1] = np.roll(order[i : j + 1], 1)
    else:
        others = np.setdiff1d(np.arange(k), order)
        if len(others):
            order[i] = random.choice(others)
