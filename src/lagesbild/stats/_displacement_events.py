"""Displacement from events: which lie in the place, its rings, the named catchments and the control, and when.

Here live circles, rings and counting. What the counts say is in `displacement`. Polygons stay outside the library: the
events inside one come in as a boolean array, and their distance from it as metres.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from lagesbild.stats._arrays import (
    ArrayLike,
    BoolArray,
    FloatArray,
    IntArray,
    as_mask,
    as_points,
    as_vector,
    require_positive,
)
from lagesbild.stats.displacement import DisplacementResult, displacement
from lagesbild.stats.notes import Note


@dataclass(frozen=True, kw_only=True)
class Circle:
    """A place as a point with a radius. Events at exactly the radius belong to it."""

    x: float
    y: float
    radius_m: float

    def __post_init__(self) -> None:
        require_positive("radius_m", self.radius_m, unit="metres")
        as_vector("x and y", [self.x, self.y])


Where = Circle | Sequence[Circle] | ArrayLike
Period = tuple[float, float]


def displacement_of_events(
    x: ArrayLike,
    y: ArrayLike,
    t: ArrayLike,
    *,
    target: Where,
    control: Where,
    before: Period,
    after: Period,
    rings_m: Sequence[float] = (),
    distance_m: ArrayLike | None = None,
    catchments: Mapping[str, Where] | None = None,
    catchment_controls: Mapping[str, Where] | None = None,
    sizes: Mapping[str, float] | None = None,
    slice_days: float | None = None,
    conf: float = 0.95,
) -> DisplacementResult:
    """Did events move from a place with a measure to the rings round it or to other places by name?

    `displacement`, counting the events first.

    Parameters
    ----------
    x, y : array of shape (n,), float
        Easting and northing [m].
    t : array of shape (n,), float
        Time since any fixed origin [days].
    target, control : Circle, sequence of Circle, or boolean array of shape (n,)
        The place with the measure and the one like it without: circles, or which events lie in it.
    before, after : (float, float)
        The two periods, half-open [days]. They may differ in length.
    rings_m : sequence of float, rising
        Outer edges of rings round the target, from its edge: 100, 200 makes "0-100 m" and "100-200 m".
    distance_m : array of shape (n,), float >= 0, optional
        How far each event is from the target's edge, 0 inside. Needed for rings when the target is no circle.
    catchments : mapping of name to place, optional
        Named places where displaced events could show, however far away.
    catchment_controls : mapping of name to place, optional
        The control of a ring or a named place.
    sizes, conf
        As for `displacement`.
    slice_days : float > 0, optional
        Cut each period in equal slices of about this length, for intervals that know of bursts.

    Returns
    -------
    DisplacementResult
        As `displacement`; the rings come first among ``catchments``.

    Raises
    ------
    ValueError
        If an event lies in two places, the periods overlap, or rings are asked for without distances.

    Notes
    -----
    1. Counts before are divided by the ratio of the periods' lengths, so that all differences are events in a period as
       long as the one after. The quotient needs no such scaling. A note tells of it.
    2. An event at exactly the outer edge of a ring belongs to that ring.
    3. That places share no ground is checked by events: none may lie in two.

    Cost: O(n x (circles + rings)) time, O(n) memory.

    References
    ----------
    .. [1] Bowers, K. J. and Johnson, S. D. (2003), and Wheeler, A. P. and Ratcliffe, J. H. (2018), as for
       `displacement`.
    """
    east, north = as_points(x, y)
    day = as_vector("t", t)
    if len(day) != len(east):
        raise ValueError(f"`t` must have the same length as `x`. Got {len(day)} and {len(east)}.")
    _require_periods(before, after)
    zones = {"treated": _inside("target", target, east, north), "control": _inside("control", control, east, north)}
    named = _rings(rings_m, target, distance_m, east, north)
    named |= {name: _inside(name, each, east, north) for name, each in (catchments or {}).items()}
    own = {name: _inside(name, each, east, north) for name, each in (catchment_controls or {}).items()}
    _refuse_overlap({**zones, **named, **{f"control of {name}": each for name, each in own.items()}})
    tally = _Tally(day, before, after, slice_days)
    found = displacement(
        tally.pair(zones["treated"]),
        tally.pair(zones["control"]),
        catchments={name: tally.pair(each) for name, each in named.items()},
        catchment_controls={name: tally.pair(each) for name, each in own.items()},
        exposure_before=(before[1] - before[0]) / (after[1] - after[0]),
        sizes=sizes,
        conf=conf,
    )
    parameters = {
        **found.parameters,
        "before": list(map(float, before)),
        "after": list(map(float, after)),
        "rings_m": [float(each) for each in rings_m],
        "slice_days": slice_days,
        "slices": [tally.n_before, tally.n_after],
    }
    return replace(found, parameters=parameters, notes=(*_notes(before, after), *found.notes))


@dataclass(frozen=True, eq=False)
class _Tally:
    """Counts events in the slices of both periods."""

    t: FloatArray
    before: Period
    after: Period
    slice_days: float | None

    @property
    def n_before(self) -> int:
        return self._n_slices(self.before)

    @property
    def n_after(self) -> int:
        return self._n_slices(self.after)

    def pair(self, inside: BoolArray) -> tuple[IntArray, IntArray]:
        t = self.t[inside]
        return self._counts(t, self.before, self.n_before), self._counts(t, self.after, self.n_after)

    def _n_slices(self, period: Period) -> int:
        if self.slice_days is None:
            return 1
        require_positive("slice_days", self.slice_days, unit="days")
        return max(1, round((period[1] - period[0]) / self.slice_days))

    def _counts(self, t: FloatArray, period: Period, n_slices: int) -> IntArray:
        within = t[(t >= period[0]) & (t < period[1])]
        part = np.floor((within - period[0]) / (period[1] - period[0]) * n_slices).astype(np.int64)
        return np.bincount(np.minimum(part, n_slices - 1), minlength=n_slices)


def _require_periods(before: Period, after: Period) -> None:
    for name, period in (("before", before), ("after", after)):
        if len(period) != 2 or not period[0] < period[1] or not bool(np.isfinite(period).all()):
            raise ValueError(f"`{name}` must be a period that ends after it begins. Got {period}.")
    if max(before[0], after[0]) < min(before[1], after[1]):
        raise ValueError(f"`before` and `after` must not overlap. Got {before} and {after}.")


def _circles(where: Where) -> list[Circle] | None:
    if isinstance(where, Circle):
        return [where]
    if isinstance(where, (list, tuple)) and where and all(isinstance(each, Circle) for each in where):
        return list(where)
    return None


def _inside(name: str, where: Where, x: FloatArray, y: FloatArray) -> BoolArray:
    circles = _circles(where)
    if circles is None:
        return as_mask(name, where, shape=x.shape)  # type: ignore[arg-type]
    return np.asarray(_distance(circles, x, y) <= 0)


def _distance(circles: Sequence[Circle], x: FloatArray, y: FloatArray) -> FloatArray:
    """Metres from the edge of the nearest circle, negative inside."""
    nearest = np.full(len(x), np.inf)
    for each in circles:
        np.minimum(nearest, np.sqrt((x - each.x) ** 2 + (y - each.y) ** 2) - each.radius_m, out=nearest)
    return nearest


def _rings(
    edges: Sequence[float], target: Where, distance_m: ArrayLike | None, x: FloatArray, y: FloatArray
) -> dict[str, BoolArray]:
    if not len(edges):
        return {}
    bounds = [0.0, *(float(each) for each in edges)]
    if not all(inner < outer for inner, outer in pairwise(bounds)) or not bool(np.isfinite(bounds).all()):
        raise ValueError(f"`rings_m` must be rising, positive numbers of metres. Got {list(edges)}.")
    circles = _circles(target)
    if distance_m is not None:
        distance = as_vector("distance_m", distance_m)
        if len(distance) != len(x):
            raise ValueError(f"`distance_m` must have the same length as `x`. Got {len(distance)} and {len(x)}.")
    elif circles is not None:
        distance = _distance(circles, x, y)
    else:
        raise ValueError("`distance_m` must be given for rings round a target that is no circle.")
    return {
        f"{inner:g}-{outer:g} m": np.asarray((distance > inner) & (distance <= outer))
        for inner, outer in pairwise(bounds)
    }


def _refuse_overlap(zones: Mapping[str, BoolArray]) -> None:
    """Refuse events in two places. The names of the first two that meet are said."""
    taken = np.full(len(next(iter(zones.values()))), -1, dtype=np.int64)
    names = list(zones)
    for at, (name, inside) in enumerate(zones.items()):
        twice = inside & (taken >= 0)
        if bool(twice.any()):
            other = names[int(taken[np.flatnonzero(twice)[0]])]
            raise ValueError(
                f'"{other}" and "{name}" must share no ground. {int(np.count_nonzero(twice))} events lie in both.'
            )
        taken[inside] = at


def _notes(before: Period, after: Period) -> tuple[Note, ...]:
    lengths = [round(float(last - first), 3) for first, last in (before, after)]
    if lengths[0] == lengths[1]:
        return ()
    first, second = (int(each) if each.is_integer() else each for each in lengths)
    return (Note("displacement.unequal_periods", {"before": first, "after": second}),)
