"""The cases of a scan, checked and put in their places and intervals; and the way from a model to the result.

Models live in `_scan_model`, the choice of windows in `_scan_windows`, clusters in `_scan_clusters`.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Literal, TypeVar, get_args

import numpy as np
import numpy.typing as npt

from lagesbild.stats._arrays import ArrayLike, BoolArray, FloatArray, IntArray, as_points, as_vector
from lagesbild.stats._scan_circles import Circles, Places
from lagesbild.stats._scan_clusters import Found, Given, Sampling, ScanCluster, ScanResult, find
from lagesbild.stats._scan_model import Model, without_places
from lagesbild.stats._scan_windows import Intervals, ScanWindows, intervals, period_of, whole
from lagesbild.stats.notes import Note

Design = Literal["space-time", "space", "time"]
Scalar = TypeVar("Scalar", bound=np.generic)


class Prepared:
    """Cases in their places and intervals. Those outside the period are left out; `row` says which are in."""

    def __init__(
        self,
        x: ArrayLike,
        y: ArrayLike,
        t: ArrayLike | None,
        *,
        design: Design,
        windows: ScanWindows,
        places: tuple[ArrayLike, ArrayLike] | None,
    ) -> None:
        east, north = as_points(x, y)
        self.design, self.windows, self.n_given = design, windows, len(east)
        days = self._days(t)
        self.at = self._intervals(days)
        interval = self.at.of(days)
        self.row: IntArray = np.flatnonzero(interval >= 0).astype(np.int64)
        self.interval: IntArray = interval[self.row]
        east, north = east[self.row], north[self.row]
        self.x, self.y = as_points(*(places if places is not None else _distinct(east, north)))
        self.places = Places.of(self.x, self.y, lonlat=windows.lonlat)
        self.place, self.n_moved = self._match(east, north)

    def _days(self, t: ArrayLike | None) -> FloatArray:
        if self.design not in get_args(Design):
            raise ValueError(f"`design` must be 'space-time', 'space' or 'time'. Got {self.design!r}.")
        if t is None:
            if self.design != "space":
                raise ValueError(f"`t` must be given for the design {self.design!r}.")
            start = self.windows.period[0] if self.windows.period else 0.0
            return np.full(self.n_given, start, dtype=np.float64)
        days = as_vector("t", t)
        if len(days) != self.n_given:
            raise ValueError(f"`x` and `t` must have the same length. Got {self.n_given} and {len(days)}.")
        return days

    def _intervals(self, days: FloatArray) -> Intervals:
        if self.design != "space":
            return intervals(days, self.windows)
        edges = self.windows.time_edges
        start, end = (edges[0], edges[-1]) if edges is not None else self.windows.period or period_of(days)
        return whole(float(start), float(end))

    def _match(self, east: FloatArray, north: FloatArray) -> tuple[IntArray, int]:
        if not len(self.places):
            if len(east):
                raise ValueError("`places` must hold at least one place, with people if they are counted.")
            return np.zeros(0, dtype=np.int64), 0
        place, elsewhere = self.places.nearest(east, north)
        return place, int(np.count_nonzero(elsewhere))

    def kept(self, values: npt.NDArray[Scalar]) -> npt.NDArray[Scalar]:
        """Of values for each given case, those in the period."""
        return values[self.row]

    def result(
        self,
        model: Model,
        *,
        sampling: Sampling,
        most: int,
        is_case: BoolArray | None = None,
        known: tuple[FloatArray, FloatArray, IntArray] | None = None,
        varies: bool = True,
    ) -> ScanResult:
        """Scan with this model. `known` has all places and says which of them took part."""
        mask = np.ones(len(self.row), dtype=np.bool_) if is_case is None else is_case
        given = Given(row=self.row[mask], place=self.place[mask], interval=self.interval[mask], x=self.x, y=self.y)
        enough = model.n_cases >= max(self.windows.min_cases, 2) and varies
        found = self._find(model, given, most=most, sampling=sampling) if enough else Found.nothing()
        clusters = found.clusters
        if known is not None:
            clusters = tuple(replace(each, places=known[2][each.places]) for each in clusters)
        return ScanResult(
            model=model.kind,
            design=self.design,
            clusters=clusters,
            maxima=found.drawn,
            place_x=self.x if known is None else known[0],
            place_y=self.y if known is None else known[1],
            n_cases=model.n_cases,
            n_people=model.n_people,
            n_places=len(self.places),
            n_intervals=len(self.at),
            n_replicates=len(found.drawn) + found.stopped_early,
            stopped_early=found.stopped_early,
            t_from=float(self.at.edges[0]),
            t_to=float(self.at.edges[-1]),
            parameters={
                "design": self.design,
                "windows": self.windows.to_dict(),
                "max_clusters": most,
                **sampling.to_dict(),
            },
            notes=self._notes(found, varies=varies, enough=enough),
        )

    def _find(self, model: Model, given: Given, *, most: int, sampling: Sampling) -> Found:
        if self.design == "time":
            return self._find_in_time(model, given, most=most, sampling=sampling)
        return find(self.circles(model), model, given, most=most, sampling=sampling)

    def circles(self, model: Model) -> Circles:
        """The circles that the windows allow; places without anything to count only lie in them."""
        windows, places, share = self.windows, self.places, model.share
        radius = math.inf
        if windows.max_radius_m is not None:
            radius = places.straight(windows.max_radius_m) + places.tie
        return Circles(
            places=places,
            counted=share > 0,
            share=share,
            radius=radius,
            most=windows.max_share * float(share.sum()) * (1 + 1e-12),
        )

    def _find_in_time(self, model: Model, given: Given, *, most: int, sampling: Sampling) -> Found:
        """All places as one; its circle is the whole area."""
        one = Places.of(self.x[:1], self.y[:1], lonlat=self.windows.lonlat)
        one = replace(one, of_given=np.zeros(len(self.x), dtype=np.int64))
        together = without_places(model)
        share = np.ones(1)
        circles = Circles(places=one, counted=share > 0, share=share, radius=math.inf, most=math.inf)
        given = replace(given, place=np.zeros_like(given.place))
        found = find(circles, together, given, most=most, sampling=sampling)
        return replace(found, clusters=tuple(self._over_all(each) for each in found.clusters))

    def _over_all(self, cluster: ScanCluster) -> ScanCluster:
        """Centred on the place nearest the middle, reaching the farthest."""
        middle = np.array([float(axis.min() + axis.max()) / 2 for axis in (self.x, self.y)])
        centre, _ = self.places.nearest(middle[:1], middle[1:])
        farthest = float(self.places.distances(int(centre[0])).max())
        at = int(np.flatnonzero(self.places.of_given == centre[0])[0])
        return replace(cluster, x=float(self.x[at]), y=float(self.y[at]), radius_m=self.places.on_ground(farthest))

    def _notes(self, found: Found, *, varies: bool, enough: bool) -> tuple[Note, ...]:
        notes = []
        outside = self.n_given - len(self.row)
        if outside:
            notes.append(Note("scan.outside_period", {"n": outside}))
        if self.n_moved:
            notes.append(Note("scan.moved_to_place", {"n": self.n_moved}))
        if not enough:
            notes.append(Note("scan.too_few_cases") if varies else Note("scan.nothing_varies"))
        elif not found.clusters:
            notes.append(Note("scan.no_cluster"))
        if found.stopped_early:
            notes.append(Note("scan.stopped_early", {"n": len(found.drawn) + 1}))
        return tuple(notes)


def _distinct(east: FloatArray, north: FloatArray) -> tuple[FloatArray, FloatArray]:
    points = np.unique(np.column_stack((east, north)), axis=0)
    return points[:, 0], points[:, 1]
