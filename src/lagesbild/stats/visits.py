"""Visit planning: which hot spots to visit in the time there is, and in which order, where and when it is hot?

Here lives the plan for one patrol and one shift (the orienteering problem). Where it is hot is found by `hot_spots` and
`aoristic`; what visits do is not a question for this module.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from lagesbild.stats._arrays import ArrayLike, FloatArray, IntArray, as_points, require_finite, require_positive
from lagesbild.stats._replicates import Rng, seeds
from lagesbild.stats._result import Result
from lagesbild.stats._visit_search import Task, climb_often, near_best, prove, start_times
from lagesbild.stats.notes import Note

USUAL_MINUTES = (10.0, 20.0)


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One stop. Minutes are after the start of the shift; ``travel_minutes`` is the way there."""

    place: int
    arrive_minute: float
    begin_minute: float
    end_minute: float
    travel_minutes: float
    score: float


@dataclass(frozen=True, eq=False, kw_only=True)
class VisitPlanResult(Result):
    """A plan, and how far from the best possible one it can be.

    ``best_score`` is that of the best plan found, ``bound`` no plan can exceed, ``gap`` = 1 - best_score / bound.
    """

    method: ClassVar[str] = "plan_visits"
    version: ClassVar[str] = "1"

    visits: tuple[Visit, ...]
    score: float
    best_score: float
    bound: float
    gap: float
    optimal: bool
    end_minute: float
    n_choices: int
    n_places: int


def travel_minutes(
    x: ArrayLike, y: ArrayLike, *, base: tuple[float, float] | None = None, speed_kmh: float
) -> FloatArray:
    """How long is the way between places, straight and at one speed?

    Parameters
    ----------
    x, y : array of shape (k,), float
        Easting and northing of the places [m].
    base : (float, float), optional
        Where the shift starts. Without it the way to the first and from the last place takes no time.
    speed_kmh : float > 0
        Along the straight line. Streets are longer: take less than the speed of the feet or the car.

    Returns
    -------
    array of shape (k + 1, k + 1), float
        Minutes. The base comes first, then the places in their order.

    Notes
    -----
    Cost: O(k²) time and memory; k is the number of places to visit, not of events.
    """
    east, north = as_points(x, y)
    require_positive("speed_kmh", speed_kmh, unit="kilometres an hour")
    from_base = np.zeros(len(east)) if base is None else np.hypot(east - base[0], north - base[1])
    table = np.zeros((len(east) + 1, len(east) + 1))
    table[1:, 1:] = np.hypot(east[:, None] - east, north[:, None] - north)
    table[0, 1:] = table[1:, 0] = from_base
    return np.asarray(table * 60.0 / (speed_kmh * 1000.0))


def plan_visits(
    scores: ArrayLike,
    travel: ArrayLike,
    *,
    budget_minutes: float,
    visit_minutes: float = 15.0,
    start_hour: float = 0.0,
    return_to_base: bool = True,
    leeway: float = 0.0,
    n_restarts: int = 40,
    max_nodes: int = 300_000,
    rng: Rng,
) -> VisitPlanResult:
    """Which places should be visited in the time there is, in which order, and when?

    Parameters
    ----------
    scores : array of shape (k,) or (k, 24), float >= 0
        What a visit is worth, such as events expected; by the hour of the day in which it begins if there are 24.
    travel : array of shape (k + 1, k + 1), float >= 0
        Minutes from each to each; the base first, then the places. See `travel_minutes`. Need not be symmetric.
    budget_minutes : float > 0
        Length of the shift, ways included.
    visit_minutes : float > 0
        Length of each visit. Experience speaks for 10 to 20.
    start_hour : float in [0, 24)
        When the shift starts; 17.5 is half past five in the afternoon.
    return_to_base : bool
        Whether the way back must be within the budget.
    leeway : float in [0, 1)
        0: the best plan found. 0.1: one drawn at random among those found that reach 90 % of it, so that it cannot be
        foreseen.
    n_restarts : int >= 1
        How often the search starts anew.
    max_nodes : int >= 0
        How long the exact search may go on. 0: none.
    rng : numpy.random.Generator or int
        Source of the restarts and of the draw.

    Returns
    -------
    VisitPlanResult
        ``visits`` in order; ``score`` of this plan; ``best_score``, ``bound``, ``gap`` and ``optimal``; ``end_minute``,
        with the way back; ``n_choices``, the plans it was drawn from; ``n_places``, ``notes``.

    Raises
    ------
    ValueError
        If shapes do not fit, a number is negative, or a limit lies outside what is said above.

    Notes
    -----
    1. Each place is visited at most once in a plan. Give a place twice for two visits, or plan each part of the shift.
    2. A visit begins on arrival or, where a later hour is worth more, when that hour begins.
    3. Random plans are improved by inserting, exchanging and moving visits and turning stretches round, until nothing
       helps ([1]_). Then the exact search goes through all orders that could be better, with a bound for each. If it
       comes to its end, ``optimal`` is true and ``gap`` 0. With 14 places it nearly always does.
    4. Otherwise ``bound`` lets parts of visits count, each with the shortest way to its place: no plan can reach more,
       and most bounds cannot be reached.
    5. Travel times are taken as certain. A plan without slack will be late.

    Cost: O(n_restarts · k³ · h) time for h hours, and at most `max_nodes` steps of O(k); O(k²) memory.

    References
    ----------
    .. [1] Vansteenwegen, P., Souffriau, W. and Van Oudheusden, D. (2011). The orienteering problem: a survey. European
       Journal of Operational Research 209(1), 1-10. doi:10.1016/j.ejor.2010.03.045.
    .. [2] Koper, C. S. (1995). Just enough police presence: reducing crime and disorderly behavior by optimizing patrol
       time in crime hot spots. Justice Quarterly 12(4), 649-672.
    """
    worth = _scores(scores)
    task = Task(
        travel=_travel(travel, len(worth)),
        worth=worth,
        budget=require_positive("budget_minutes", budget_minutes, unit="minutes"),
        visit=require_positive("visit_minutes", visit_minutes, unit="minutes"),
        start_hour=_start(start_hour),
        back=return_to_base,
    )
    if not 0 <= leeway < 1:
        raise ValueError(f"`leeway` must be 0 or more and below 1. Got {leeway}.")
    if n_restarts < 1 or max_nodes < 0:
        raise ValueError(f"`n_restarts` must be 1 or more, `max_nodes` 0 or more. Got {n_restarts}, {max_nodes}.")
    random = np.random.default_rng(seeds(rng, 4))
    orders = climb_often(task, n_restarts, random)
    best, proven = prove(task, orders[0], max_nodes)
    choices = near_best(task, [best, *orders], leeway, random)
    plan = choices[int(random.integers(len(choices)))] if leeway > 0 else best
    bound = best.score if proven else max(task.bound(), best.score)
    gap = 1.0 - best.score / bound if bound > 0 else 0.0
    return VisitPlanResult(
        visits=_visits(task, plan.order, start_times(task, plan)),
        score=plan.score,
        best_score=best.score,
        bound=bound,
        gap=gap,
        optimal=proven,
        end_minute=plan.end,
        n_choices=len(choices),
        n_places=len(worth),
        parameters={
            "budget_minutes": task.budget,
            "visit_minutes": task.visit,
            "start_hour": task.start_hour,
            "return_to_base": return_to_base,
            "leeway": float(leeway),
            "n_restarts": n_restarts,
            "max_nodes": max_nodes,
            "rng": int(rng) if isinstance(rng, (int, np.integer)) else "generator",
        },
        notes=_notes(len(plan.order), task.visit, gap),
    )


def _scores(scores: ArrayLike) -> FloatArray:
    worth = np.array(scores, dtype=np.float64)
    if worth.ndim == 1:
        worth = worth[:, None]
    elif worth.ndim != 2 or worth.shape[1] != 24:
        raise ValueError(f"`scores` must have the shape (k,) or (k, 24). Got {worth.shape}.")
    require_finite("scores", worth)
    if worth.size and float(worth.min()) < 0:
        raise ValueError("`scores` must not be negative.")
    return worth


def _travel(travel: ArrayLike, k: int) -> FloatArray:
    table = np.array(travel, dtype=np.float64)
    if table.shape != (k + 1, k + 1):
        raise ValueError(
            f"`travel` must have the shape {(k + 1, k + 1)}: the base, then the places. Got {table.shape}."
        )
    require_finite("travel", table)
    if float(table.min()) < 0:
        raise ValueError("`travel` must not be negative.")
    return table


def _start(start_hour: float) -> float:
    if not 0 <= start_hour < 24:
        raise ValueError(f"`start_hour` must be 0 or more and below 24. Got {start_hour}.")
    return float(start_hour)


def _visits(task: Task, order: IntArray, starts: FloatArray) -> tuple[Visit, ...]:
    visits = []
    before, free_at = 0, 0.0
    for place, start in zip(order.tolist(), starts.tolist(), strict=True):
        leg = float(task.travel[before, place + 1])
        visits.append(
            Visit(
                place=place,
                arrive_minute=free_at + leg,
                begin_minute=start,
                end_minute=start + task.visit,
                travel_minutes=leg,
                score=task.worth_at(place, start),
            )
        )
        before, free_at = place + 1, start + task.visit
    return tuple(visits)


def _notes(n_visits: int, visit: float, gap: float) -> tuple[Note, ...]:
    notes = []
    if not n_visits:
        notes.append(Note("visits.none"))
    if not USUAL_MINUTES[0] <= visit <= USUAL_MINUTES[1]:
        notes.append(Note("visits.unusual_length", {"low": USUAL_MINUTES[0], "high": USUAL_MINUTES[1]}))
    if gap > 0:
        notes.append(Note("visits.not_proven", {"least_pct": math.floor((1.0 - gap) * 100)}))
    return tuple(notes)
