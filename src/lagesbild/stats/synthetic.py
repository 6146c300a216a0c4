"""Synthetic worlds with known truth: events of a made-up town in which it is known what goes on, and what does not.

For tests, for teaching, and for asking beforehand whether a planned follow-up could see an effect. Here live the plans
of what to plant and the drawing of events. The statistics that look for it live in their own modules.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import ClassVar

import numpy as np

from lagesbild.stats._arrays import ArrayLike, BoolArray, FloatArray, IntArray, require_finite, require_positive
from lagesbild.stats._replicates import Rng, seeds
from lagesbild.stats._result import Result
from lagesbild.stats.notes import Note

ORIGINS = ("background", "hot_spot", "near_repeat", "cluster", "displaced", "added")


@dataclass(frozen=True, kw_only=True)
class PlantedHotSpot:
    """A place with more events all the time: about `n_events`, normally spread round it with `sd_m` each way."""

    x: float
    y: float
    sd_m: float
    n_events: float

    def __post_init__(self) -> None:
        _require_amount("n_events", self.n_events)
        require_positive("sd_m", self.sd_m, unit="metres")


@dataclass(frozen=True, kw_only=True)
class PlantedNearRepeats:
    """Each event is followed by others: `mean_repeats` on average (below 1), repeats of repeats included in turn.

    They lie normally spread with `sd_m` each way, after an exponential time with mean `mean_days`.
    """

    mean_repeats: float
    sd_m: float
    mean_days: float

    def __post_init__(self) -> None:
        if not 0 <= self.mean_repeats < 1:
            raise ValueError(f"`mean_repeats` must be 0 or more and below 1. Got {self.mean_repeats}.")
        require_positive("sd_m", self.sd_m, unit="metres")
        require_positive("mean_days", self.mean_days, unit="days")


@dataclass(frozen=True, kw_only=True)
class PlantedCluster:
    """About `n_events` more within a circle, from day `t_from` until `t_to`."""

    x: float
    y: float
    radius_m: float
    t_from: float
    t_to: float
    n_events: float

    def __post_init__(self) -> None:
        _require_amount("n_events", self.n_events)
        require_positive("radius_m", self.radius_m, unit="metres")
        if not self.t_from < self.t_to:
            raise ValueError(f"`t_to` must come after `t_from`. Got {self.t_from} and {self.t_to}.")


@dataclass(frozen=True, kw_only=True)
class PlantedMeasure:
    """From day `t_from` on the events within a circle become `rate_ratio` times as many.

    Of those prevented (a ratio below 1), `displaced_share` happen instead in the ring out to `ring_m`, on the same day.
    """

    x: float
    y: float
    radius_m: float
    t_from: float
    rate_ratio: float
    displaced_share: float = 0.0
    ring_m: float | None = None

    def __post_init__(self) -> None:
        require_positive("radius_m", self.radius_m, unit="metres")
        _require_amount("rate_ratio", self.rate_ratio)
        if not 0 <= self.displaced_share <= 1:
            raise ValueError(f"`displaced_share` must lie between 0 and 1. Got {self.displaced_share}.")
        if self.displaced_share and (self.ring_m is None or not self.ring_m > self.radius_m):
            raise ValueError(f"`ring_m` must be larger than `radius_m` when events are displaced. Got {self.ring_m}.")


@dataclass(frozen=True, eq=False, kw_only=True)
class SyntheticTruth:
    """What is known of each event: ``origin`` (index of `ORIGINS`), which hot spot it belongs to (or -1), and which
    event it repeats (or -1: none, or one that is not in the data).

    And what is not in the data: how many events the measure prevented, displaced ones included, and how many moved.
    """

    origin: IntArray
    hot_spot: IntArray
    parent: IntArray
    n_prevented: int
    n_displaced: int
    n_added: int

    def of(self, name: str) -> BoolArray:
        """Which events have this origin."""
        return np.asarray(self.origin == ORIGINS.index(name))


@dataclass(frozen=True, eq=False, kw_only=True)
class SyntheticWorldResult(Result):
    """Events in the order of time, and the truth about them."""

    method: ClassVar[str] = "synthetic_world"
    version: ClassVar[str] = "1"

    x: FloatArray
    y: FloatArray
    t: FloatArray
    truth: SyntheticTruth
    n_events: int


def synthetic_world(
    *,
    width_m: float,
    height_m: float,
    days: float,
    n_background: float,
    background: ArrayLike | None = None,
    time_weights: ArrayLike | None = None,
    hot_spots: Sequence[PlantedHotSpot] = (),
    near_repeats: PlantedNearRepeats | None = None,
    cluster: PlantedCluster | None = None,
    measure: PlantedMeasure | None = None,
    whole_days: bool = False,
    origin: tuple[float, float] = (0.0, 0.0),
    rng: Rng,
) -> SyntheticWorldResult:
    """What would the events look like if this, and nothing else, went on?

    Parameters
    ----------
    width_m, height_m : float > 0
        Extent of the area [m].
    days : float > 0
        Length of the period, which starts at 0 [days].
    n_background : float >= 0
        Expected number of events without any cause of their own.
    background : array of shape (n_rows, n_cols), float, optional
        Relative density of the background, row 0 in the south. Default: the same everywhere.
    time_weights : array of shape (k,), float, optional
        Relative density over k equal parts of the period, such as months; for the background and the hot spots.
        Default: the same all the time.
    hot_spots, near_repeats, cluster, measure
        What is planted. Coordinates are those of the world, `origin` included. Default: nothing.
    whole_days : bool
        Times are whole days, as in most registers.
    origin : (float, float)
        Coordinates of the south-west corner.
    rng : numpy.random.Generator or int
        Source of randomness.

    Returns
    -------
    SyntheticWorldResult
        ``x``, ``y``, ``t`` of shape (n,), in the order of time; ``truth``; ``n_events``, ``notes``.

    Raises
    ------
    ValueError
        If a number is out of its range.

    Notes
    -----
    1. All numbers of events are Poisson; `n_background`, `n_events` are their means.
    2. Near repeats are a branching process: background, hot spots and cluster all have repeats, which have repeats.
       With mean m each event has m / (1 - m) in all.
    3. What falls outside the area or the period is left out, so a hot spot at the border has fewer events.
    4. The measure comes last: each event inside from `t_from` on is prevented with probability 1 - rate_ratio. Above 1,
       as many as are needed are added evenly over circle and period.

    Cost: O(n log n) time, O(n) memory.

    References
    ----------
    .. [1] Mohler, G. O. et al. (2011). Self-exciting point process modeling of crime. Journal of the American
       Statistical Association 106(493), 100-108. doi:10.1198/jasa.2011.ap09546.
    """
    for name, value, unit in (("width_m", width_m, "metres"), ("height_m", height_m, "metres"), ("days", days, "days")):
        require_positive(name, value, unit=unit)
    _require_amount("n_background", n_background)
    random = np.random.default_rng(int(seeds(rng, 1)[0]))
    area = _Area(width_m, height_m, days, *origin)
    slices = np.ones(1) if time_weights is None else _weights("time_weights", time_weights, ndim=1)
    density = np.ones((1, 1)) if background is None else _weights("background", background, ndim=2)
    events = _Events.joined(
        [
            _background(random, area, density, slices, n_background),
            *(_hot_spot(random, area, slices, at, spot) for at, spot in enumerate(hot_spots)),
            *([_cluster(random, cluster)] if cluster else []),
        ]
    )
    if near_repeats is not None:
        events = _repeated(random, events, near_repeats)
    events = events.kept(area.holds(events))
    changed = _Change(events) if measure is None else _changed(random, events, measure, area)
    events = changed.events.kept(area.holds(changed.events))
    if whole_days:
        events.t = np.floor(events.t)
    events = events.kept(np.lexsort((events.y, events.x, events.t)))
    return SyntheticWorldResult(
        x=events.x,
        y=events.y,
        t=events.t,
        truth=SyntheticTruth(
            origin=events.origin,
            hot_spot=events.hot_spot,
            parent=events.parents(),
            n_prevented=changed.n_prevented,
            n_displaced=int(np.count_nonzero(events.origin == ORIGINS.index("displaced"))),
            n_added=int(np.count_nonzero(events.origin == ORIGINS.index("added"))),
        ),
        n_events=len(events.x),
        parameters={
            "width_m": width_m,
            "height_m": height_m,
            "days": days,
            "n_background": n_background,
            "background": None if background is None else density.tolist(),
            "time_weights": None if time_weights is None else slices.tolist(),
            "hot_spots": [asdict(each) for each in hot_spots],
            "near_repeats": asdict(near_repeats) if near_repeats else None,
            "cluster": asdict(cluster) if cluster else None,
            "measure": asdict(measure) if measure else None,
            "whole_days": whole_days,
            "origin": list(origin),
            "rng": int(rng) if isinstance(rng, (int, np.integer)) else "generator",
        },
        notes=() if len(events.x) else (Note("synthetic.no_events"),),
    )


def _require_amount(name: str, value: float) -> None:
    if not (math.isfinite(value) and value >= 0):
        raise ValueError(f"`{name}` must be a number of zero or more. Got {value}.")


def _weights(name: str, values: ArrayLike, *, ndim: int) -> FloatArray:
    weights = np.array(values, dtype=np.float64)
    require_finite(name, weights)
    if weights.ndim != ndim or bool((weights < 0).any()) or not weights.sum() > 0:
        raise ValueError(
            f"`{name}` must have {ndim} dimension(s) and hold weights that are zero or more, not all zero."
        )
    return weights


@dataclass(frozen=True)
class _Area:
    width: float
    height: float
    days: float
    west: float
    south: float

    def holds(self, events: _Events) -> BoolArray:
        x, y, t = events.x - self.west, events.y - self.south, events.t
        inside = (x >= 0) & (x < self.width) & (y >= 0) & (y < self.height) & (t >= 0) & (t < self.days)
        return np.asarray(inside)


@dataclass(eq=False)
class _Events:
    """Events under way. `number` names each, `follows` the number of the one it repeats."""

    x: FloatArray
    y: FloatArray
    t: FloatArray
    origin: IntArray
    hot_spot: IntArray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    number: IntArray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    follows: IntArray = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    @classmethod
    def new(cls, x: FloatArray, y: FloatArray, t: FloatArray, origin: str, *, hot_spot: int = -1) -> _Events:
        none = np.full(len(x), -1, dtype=np.int64)
        code = np.full(len(x), ORIGINS.index(origin), dtype=np.int64)
        return cls(x, y, t, code, np.full(len(x), hot_spot, dtype=np.int64), none, none.copy())

    @classmethod
    def joined(cls, parts: Sequence[_Events]) -> _Events:
        whole = cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in cls.__dataclass_fields__))
        fresh = whole.number < 0
        whole.number = np.where(fresh, whole.number.max(initial=-1) + np.cumsum(fresh), whole.number)
        return whole

    def kept(self, which: BoolArray | IntArray) -> _Events:
        return _Events(*(getattr(self, name)[which] for name in self.__dataclass_fields__))

    def parents(self) -> IntArray:
        """The row of the event that each one repeats, or -1."""
        row = np.full(int(max(self.number.max(initial=-1), self.follows.max(initial=-1))) + 2, -1, dtype=np.int64)
        row[self.number] = np.arange(len(self.number))
        return np.where(self.follows >= 0, row[self.follows], -1)


def _times(random: np.random.Generator, n: int, days: float, slices: FloatArray) -> FloatArray:
    part = random.choice(len(slices), n, p=slices / slices.sum())
    return np.asarray((part + random.random(n)) * days / len(slices))


def _background(
    random: np.random.Generator, area: _Area, density: FloatArray, slices: FloatArray, mean: float
) -> _Events:
    n = int(random.poisson(mean))
    cell = random.choice(density.size, n, p=density.ravel() / density.sum())
    row, col = np.divmod(cell, density.shape[1])
    x = area.west + (col + random.random(n)) * area.width / density.shape[1]
    y = area.south + (row + random.random(n)) * area.height / density.shape[0]
    return _Events.new(x, y, _times(random, n, area.days, slices), "background")


def _hot_spot(random: np.random.Generator, area: _Area, slices: FloatArray, at: int, spot: PlantedHotSpot) -> _Events:
    n = int(random.poisson(spot.n_events))
    x, y = (centre + random.normal(0, spot.sd_m, n) for centre in (spot.x, spot.y))
    return _Events.new(x, y, _times(random, n, area.days, slices), "hot_spot", hot_spot=at)


def _cluster(random: np.random.Generator, cluster: PlantedCluster) -> _Events:
    n = int(random.poisson(cluster.n_events))
    x, y = _ring(random, n, cluster.x, cluster.y, 0.0, cluster.radius_m)
    return _Events.new(x, y, random.uniform(cluster.t_from, cluster.t_to, n), "cluster")


def _ring(
    random: np.random.Generator, n: int, x: float, y: float, inner: float, outer: float
) -> tuple[FloatArray, FloatArray]:
    """Even over the area between two circles."""
    angle = random.uniform(0, 2 * math.pi, n)
    reach = np.sqrt(random.uniform(inner * inner, outer * outer, n))
    return x + reach * np.cos(angle), y + reach * np.sin(angle)


def _repeated(random: np.random.Generator, events: _Events, plan: PlantedNearRepeats) -> _Events:
    """The events with all their repeats, generation by generation."""
    last = events
    while len(last.x):
        repeats = np.repeat(np.arange(len(last.x)), random.poisson(plan.mean_repeats, len(last.x)))
        n = len(repeats)
        fresh = _Events.new(
            last.x[repeats] + random.normal(0, plan.sd_m, n),
            last.y[repeats] + random.normal(0, plan.sd_m, n),
            last.t[repeats] + random.exponential(plan.mean_days, n),
            "near_repeat",
        )
        fresh.hot_spot, fresh.follows = last.hot_spot[repeats], last.number[repeats]
        events = _Events.joined([events, fresh])
        last = events.kept(np.arange(len(events.x) - n, len(events.x)))
    return events


@dataclass(eq=False)
class _Change:
    events: _Events
    n_prevented: int = 0


def _changed(random: np.random.Generator, events: _Events, plan: PlantedMeasure, area: _Area) -> _Change:
    """The events after the measure was put in."""
    inside = np.hypot(events.x - plan.x, events.y - plan.y) <= plan.radius_m
    affected = inside & (events.t >= plan.t_from)
    if plan.rate_ratio > 1:
        n = int(random.poisson((plan.rate_ratio - 1) * np.count_nonzero(affected)))
        x, y = _ring(random, n, plan.x, plan.y, 0.0, plan.radius_m)
        added = _Events.new(x, y, random.uniform(plan.t_from, area.days, n), "added")
        return _Change(_Events.joined([events, added]))
    prevented = affected & (random.random(len(events.x)) >= plan.rate_ratio)
    moved = np.flatnonzero(prevented & (random.random(len(events.x)) < plan.displaced_share))
    parts = [events.kept(~prevented)]
    if len(moved) and plan.ring_m is not None:
        x, y = _ring(random, len(moved), plan.x, plan.y, plan.radius_m, plan.ring_m)
        parts.append(_Events.new(x, y, events.t[moved], "displaced"))
    return _Change(_Events.joined(parts), n_prevented=int(np.count_nonzero(prevented)))
