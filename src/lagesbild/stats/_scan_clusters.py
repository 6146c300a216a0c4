"""From the best windows to reported clusters: those without overlap, with p-values and facts for a reader.

Here live the result of a scan and its significance. Windows, models and loops live in the other `_scan` modules.
"""

from __future__ import annotations

import math
from contextlib import closing
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from lagesbild.stats._arrays import BoolArray, FloatArray, IntArray
from lagesbild.stats._replicates import Progress, Rng, blocks, seeds
from lagesbild.stats._result import Result
from lagesbild.stats._scan_circles import Circles
from lagesbild.stats._scan_model import Best, Model, best_of_each, maxima

BLOCK_SIZE = 16
EULER = 0.5772156649015329
FEWEST_FOR_GUMBEL = 99


@dataclass(frozen=True, eq=False, kw_only=True)
class ScanCluster:
    """One cluster. Rates are compared with the rest: `ratio` with what is expected, `relative_risk` with the outside.

    `t_from` and `t_to` are half-open [days]. `places` index the places of the result, nearest first; `events` the
    given events that are cases in the cluster.
    """

    x: float
    y: float
    radius_m: float
    t_from: float
    t_to: float
    observed: int
    expected: float
    ratio: float
    relative_risk: float
    statistic: float
    p: float
    p_gumbel: float
    recurrence_days: float
    places: IntArray
    events: IntArray


@dataclass(frozen=True, eq=False, kw_only=True)
class ScanResult(Result):
    """Clusters, the most likely one first; the others do not overlap in space with those before them."""

    method: ClassVar[str] = "scan"
    version: ClassVar[str] = "1"

    model: str
    design: str
    clusters: tuple[ScanCluster, ...]
    maxima: FloatArray
    place_x: FloatArray
    place_y: FloatArray
    n_cases: int
    n_people: int
    n_places: int
    n_intervals: int
    n_replicates: int
    stopped_early: bool
    t_from: float
    t_to: float


@dataclass(frozen=True, kw_only=True)
class Sampling:
    """How the replicates are run and when they stop."""

    n_replicates: int
    rng: Rng
    stop_after: int | None
    gumbel: bool
    threads: int | None
    scheduler: str | None
    progress: Progress | None

    def __post_init__(self) -> None:
        if self.n_replicates < 1:
            raise ValueError(f"`n_replicates` must be 1 or more. Got {self.n_replicates}.")
        if self.stop_after is not None and self.stop_after < 1:
            raise ValueError(f"`stop_after` must be 1 or more. Got {self.stop_after}.")

    def to_dict(self) -> dict[str, object]:
        """What of it the answer depends on."""
        return {
            "n_replicates": self.n_replicates,
            "rng": int(self.rng) if isinstance(self.rng, (int, np.integer)) else "generator",
            "stop_after": self.stop_after,
            "gumbel": self.gumbel,
        }


def sample(circles: Circles, model: Model, statistic: float, sampling: Sampling) -> tuple[FloatArray, bool]:
    """Maxima of the replicates, and whether they stopped early.

    They stop when the `stop_after`-th is at least as large as `statistic`. That one is left out: it takes the place of
    the observed one in (b + 1) / (r + 1), which then is h / l, the exact sequential p of Besag and Clifford (1991).
    """
    drawn: list[FloatArray] = []
    exceeding = 0
    parts = blocks(
        maxima,
        (circles, model),
        seeds(sampling.rng, sampling.n_replicates),
        block_size=BLOCK_SIZE,
        threads=sampling.threads,
        scheduler=sampling.scheduler,
    )
    with closing(parts):  # type: ignore[type-var]  # a generator, though typed as an iterator
        for part in parts:
            for largest in part.tolist():
                exceeding += largest >= statistic * (1 - 1e-12)
                if sampling.stop_after is not None and exceeding >= sampling.stop_after:
                    return np.array(drawn, dtype=np.float64), True
                drawn.append(largest)
            if sampling.progress is not None:
                sampling.progress(len(drawn), sampling.n_replicates)
    return np.array(drawn, dtype=np.float64), False


def apart(best: Best, circles: Circles, *, most: int) -> list[tuple[int, BoolArray]]:
    """Centres in falling order of their statistic, with the places of their circles. None shares one with another.

    Equal statistics, but for rounding, stand in the order of the given places.
    """
    used = np.zeros(len(circles.places), dtype=np.bool_)
    chosen: list[tuple[int, BoolArray]] = []
    first_given = np.full(len(used), len(circles.places.of_given))
    np.minimum.at(first_given, circles.places.of_given, np.arange(len(circles.places.of_given)))
    order = np.lexsort((first_given, np.round(best.distance, 3), -np.round(best.statistic, 9)))
    for centre in order.tolist():
        if best.statistic[centre] <= 0 or len(chosen) == most:
            break
        if used[centre]:
            continue
        within = circles.places.distances(centre) <= best.distance[centre] + circles.places.tie
        if not bool((used & within).any()):
            used |= within
            chosen.append((centre, within))
    return chosen


@dataclass(frozen=True, eq=False, kw_only=True)
class Given:
    """The cases as they were given: row number, place and interval of each; and the places."""

    row: IntArray
    place: IntArray
    interval: IntArray
    x: FloatArray
    y: FloatArray


def describe(
    centre: int,
    within: BoolArray,
    *,
    best: Best,
    circles: Circles,
    model: Model,
    given: Given,
    drawn: FloatArray,
    gumbel: bool,
) -> ScanCluster:
    """All that is told of one cluster."""
    places, at = circles.places, model.intervals
    _, first, last, observed = best.window[centre].tolist()
    statistic, expected = float(best.statistic[centre]), model.expected(float(best.size[centre]))
    p = (1 + int(np.count_nonzero(drawn >= statistic * (1 - 1e-12)))) / (len(drawn) + 1)
    inside = within[given.place] & (given.interval >= first) & (given.interval <= last)
    far = places.distances(centre)[places.of_given]
    members = np.flatnonzero(within[places.of_given])
    middle = int(np.flatnonzero(places.of_given == centre)[0])
    rest = model.n_cases - observed
    return ScanCluster(
        x=float(given.x[middle]),
        y=float(given.y[middle]),
        radius_m=places.on_ground(float(best.distance[centre])),
        t_from=float(at.edges[first]),
        t_to=float(at.edges[last + 1]),
        observed=observed,
        expected=expected,
        ratio=observed / expected,
        relative_risk=(observed / expected) / (rest / (model.n_cases - expected)) if rest else math.inf,
        statistic=statistic,
        p=p,
        p_gumbel=gumbel_p(statistic, drawn) if gumbel else math.nan,
        recurrence_days=float(at.edges[-1] - at.edges[-2]) / p if at.prospective else math.nan,
        places=members[np.lexsort((members, far[members]))],
        events=given.row[inside],
    )


def gumbel_p(statistic: float, drawn: FloatArray) -> float:
    """Tail of the Gumbel distribution with the mean and standard deviation of the replicates (Abrams et al. 2010)."""
    spread = float(drawn.std(ddof=1)) if len(drawn) >= FEWEST_FOR_GUMBEL else 0.0
    if spread == 0:
        return math.nan
    beta = spread * math.sqrt(6) / math.pi
    tail = -math.expm1(-math.exp(-(statistic - float(drawn.mean())) / beta - EULER))
    return max(tail, float(np.finfo(np.float64).tiny))


@dataclass(frozen=True, eq=False, kw_only=True)
class Found:
    """The clusters and the replicates behind them."""

    clusters: tuple[ScanCluster, ...]
    drawn: FloatArray
    stopped_early: bool

    @classmethod
    def nothing(cls) -> Found:
        return cls(clusters=(), drawn=np.empty(0), stopped_early=False)


def find(circles: Circles, model: Model, given: Given, *, most: int, sampling: Sampling) -> Found:
    """Scan the cases, then the replicates, and tell of the clusters."""
    circles = circles.keeping()
    best = best_of_each(circles, model)
    chosen = apart(best, circles, most=most)
    if not chosen:
        return Found.nothing()
    top = float(best.statistic[chosen[0][0]])
    drawn, stopped = sample(circles, model, top, sampling)
    gumbel = sampling.gumbel and not stopped
    clusters = tuple(
        describe(centre, within, best=best, circles=circles, model=model, given=given, drawn=drawn, gumbel=gumbel)
        for centre, within in chosen
    )
    return Found(clusters=clusters, drawn=drawn, stopped_early=stopped)
