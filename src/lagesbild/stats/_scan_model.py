"""What the null hypothesis of a scan expects, and replicates drawn from it: permutation, Poisson, Bernoulli.

Expected cases are a sum of a few products of a weight of the place and a share of time, so no table of places by days
is ever made. Windows and circles live elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from lagesbild.stats._arrays import FloatArray, IntArray
from lagesbild.stats._replicates import UIntArray
from lagesbild.stats._scan_circles import Circles
from lagesbild.stats._scan_windows import Intervals

Kind = Literal["permutation", "poisson", "bernoulli"]
ShortArray = npt.NDArray[np.int32]
NONE = np.zeros(0, dtype=np.int32)


@dataclass(frozen=True, eq=False, kw_only=True)
class Cases:
    """Cases by place: those of place z happen in the intervals times[starts[z] : starts[z + 1]]."""

    starts: ShortArray
    times: ShortArray

    @classmethod
    def of(cls, place: IntArray, interval: IntArray, n_places: int) -> Cases:
        order = np.lexsort((interval, place))
        starts = np.concatenate(([0], np.cumsum(np.bincount(place, minlength=n_places))))
        return cls(starts=starts.astype(np.int32), times=interval[order].astype(np.int32))


@dataclass(frozen=True, eq=False, kw_only=True)
class Model:
    """Expected cases of place z in interval d: scale · Σ_k weights[z, k] (profile[k, d + 1] - profile[k, d]).

    Bernoulli has the people themselves instead: place by place, with the interval of each.
    """

    kind: Kind
    cases: Cases
    intervals: Intervals
    weights: FloatArray
    profile: FloatArray
    scale: float
    min_cases: int
    people: Cases = field(default_factory=lambda: Cases(starts=NONE, times=NONE))

    @property
    def n_cases(self) -> int:
        return len(self.cases.times)

    @property
    def n_people(self) -> int:
        return len(self.people.times)

    @property
    def share(self) -> FloatArray:
        """What a circle may hold only so much of, per place: cases, expected cases or people."""
        if self.kind == "bernoulli":
            return np.diff(self.people.starts).astype(np.float64)
        return np.asarray(self.weights @ (self.profile[:, -1] - self.profile[:, 0]), dtype=np.float64)

    def expected(self, size: float) -> float:
        """Cases expected in a window of this size."""
        return size * self.n_cases / self.n_people if self.kind == "bernoulli" else size


def permutation_model(place: IntArray, interval: IntArray, n_places: int, *, at: Intervals, min_cases: int) -> Model:
    """Cases of the place times cases of the day, over all cases (Kulldorff et al. 2005). Whole numbers, so exact."""
    by_day = np.bincount(interval, minlength=len(at)).astype(np.float64)
    return Model(
        kind="permutation",
        cases=Cases.of(place, interval, n_places),
        intervals=at,
        weights=np.bincount(place, minlength=n_places).astype(np.float64)[:, None],
        profile=np.concatenate(([0.0], np.cumsum(by_day)))[None, :],
        scale=1.0 / len(place) if len(place) else 1.0,
        min_cases=min_cases,
    )


def poisson_model(
    place: IntArray, interval: IntArray, *, weights: FloatArray, profile: FloatArray, at: Intervals, min_cases: int
) -> Model:
    """Expected cases from the population."""
    cases = Cases.of(place, interval, len(weights))
    return Model(
        kind="poisson",
        cases=cases,
        intervals=at,
        weights=weights,
        profile=profile,
        scale=1.0,
        min_cases=min_cases,
    )


def bernoulli_model(
    place: IntArray, interval: IntArray, is_case: npt.NDArray[np.bool_], n_places: int, *, at: Intervals, min_cases: int
) -> Model:
    """Cases among all people, cases and controls."""
    return Model(
        kind="bernoulli",
        cases=Cases.of(place[is_case], interval[is_case], n_places),
        intervals=at,
        weights=np.zeros((n_places, 1)),
        profile=np.zeros((1, len(at) + 1)),
        scale=1.0,
        min_cases=min_cases,
        people=Cases.of(place, interval, n_places),
    )


def simulated(model: Model, seeds: UIntArray) -> tuple[ShortArray, ShortArray]:
    """Replicates under the null hypothesis: starts (b, m + 1) and intervals (b, cases)."""
    from lagesbild.stats import _scan_kernel as kernel

    n_places = len(model.weights)
    times = np.empty((len(seeds), model.n_cases), dtype=np.int32)
    if model.kind == "permutation":
        kernel.permuted(model.cases.times, seeds, times)
        return np.broadcast_to(model.cases.starts, (len(seeds), n_places + 1)), times
    starts = np.zeros((len(seeds), n_places + 1), dtype=np.int32)
    if model.kind == "bernoulli":
        kernel.labelled(model.people.starts.astype(np.int64), model.people.times, seeds, starts, times)
    else:
        parts, places, days = (np.ascontiguousarray(each) for each in _cumulative(model))
        kernel.spread(parts, places, days, seeds, starts, times)
    return starts, times


def _cumulative(model: Model) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Of the parts, of the places in each part and of the intervals in each part."""
    per_part = model.weights.sum(axis=0) * (model.profile[:, -1] - model.profile[:, 0])
    return np.cumsum(per_part), np.cumsum(model.weights.T, axis=1), model.profile[:, 1:] - model.profile[:, :1]


def maxima(circles: Circles, model: Model, seeds: UIntArray) -> FloatArray:
    """The largest log likelihood ratio of each replicate. A block for `replicates`."""
    starts, times = simulated(model, seeds)
    largest = np.zeros(len(seeds))
    untouched = (np.zeros(0), np.zeros((0, 4), dtype=np.int64), np.zeros(0))
    for _, pointer, member in circles.chunks():
        for b in range(len(seeds)):
            cases = Cases(starts=starts[b], times=times[b])
            largest[b] = _scan(model, cases, pointer, member, float(largest[b]), False, untouched)
    return largest


@dataclass(frozen=True, eq=False)
class Best:
    """The best window round each centre: its statistic, (members, first interval, last interval, cases) and size."""

    statistic: FloatArray
    window: IntArray
    size: FloatArray
    distance: FloatArray


def best_of_each(circles: Circles, model: Model) -> Best:
    """The best window round each centre, and how far its circle reaches."""
    n = len(circles.places)
    best = Best(np.zeros(n), np.zeros((n, 4), dtype=np.int64), np.zeros(n), np.zeros(n))
    places = circles.places
    for first, pointer, member in circles.chunks():
        here = slice(first, first + len(pointer) - 1)
        _scan(
            model, model.cases, pointer, member, 0.0, True, (best.statistic[here], best.window[here], best.size[here])
        )
        found = np.flatnonzero(best.statistic[here] > 0)
        last = member[pointer[found] + best.window[here][found, 0] - 1]
        last = np.where(last < 0, ~last, last)
        centre = found + first
        apart = [axis[last] - axis[centre] for axis in (places.x, places.y, places.z)]
        best.distance[centre] = np.sqrt(apart[0] ** 2 + apart[1] ** 2 + apart[2] ** 2)
    return best


def _scan(
    model: Model,
    cases: Cases,
    pointer: IntArray,
    member: ShortArray,
    best: float,
    each: bool,
    out: tuple[FloatArray, IntArray, FloatArray],
) -> float:
    from lagesbild.stats._scan_kernel import scan_circles

    at = model.intervals
    return scan_circles(
        pointer,
        member,
        np.ascontiguousarray(cases.starts),
        cases.times,
        model.people.starts.astype(np.int64),
        model.people.times,
        model.weights,
        model.profile,
        model.scale,
        float(model.n_people),
        at.first_start,
        at.last_end,
        at.prospective,
        model.min_cases,
        best,
        each,
        out[0],
        out[1],
        out[2],
    )


def without_places(model: Model) -> Model:
    """The same cases as if all had happened in one place: for a scan of time alone."""
    one = np.zeros(2, dtype=np.int32)
    together = [
        Cases(starts=one + np.array([0, len(each.times)], dtype=np.int32), times=np.sort(each.times))
        for each in (model.cases, model.people)
    ]
    weights = np.ascontiguousarray(model.weights.sum(axis=0, keepdims=True))
    return replace(model, cases=together[0], people=together[1], weights=weights)
