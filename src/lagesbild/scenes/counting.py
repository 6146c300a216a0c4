"""What the system holds on the ground of a scene, counted year by year: incidents, field reports, matters.

Always what this member may see, small numbers of others hidden. A year that no source reaches is missing, never zero.
Every year is counted on the ground of the newest mapping round, so that years can be held against each other.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import shapely
from django.db.models import Max, Min, Q, QuerySet
from django.db.models.functions import ExtractYear
from django.http import QueryDict
from shapely.geometry.base import BaseGeometry

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Membership
from lagesbild.cooperation.models import Matter
from lagesbild.core import clock
from lagesbild.core.errors import UserError
from lagesbild.fieldreports.models import FieldReport
from lagesbild.fieldreports.queries import category_tree
from lagesbild.observations.filters import EventFilter
from lagesbild.observations.questions import PlaceShape, Question, point_events
from lagesbild.observations.store import IncidentStore
from lagesbild.picture import answer, kept, queries
from lagesbild.picture.asking import Ask
from lagesbild.picture.coverage import Coverage
from lagesbild.picture.ground import Ground
from lagesbild.scenes.index import count_interval, density_ratio
from lagesbild.scenes.models import Scene
from lagesbild.scenes.queries import newest_grounds

VERSION = "1"
GRACE_DAYS = 31  # nothing need have happened on New Year's Day


class Kind(StrEnum):
    """What is counted."""

    INCIDENTS = "incidents"
    REPORTS = "reports"
    MATTERS = "matters"


@dataclass(frozen=True)
class Spec:
    """What a figure of a recipe counts. ``query`` is a saved filter; its period and place give way to year and ground.

    With ``area`` ("set:code") the figure is how many times as dense the ground is as the rest of that area, not a
    number a year.
    """

    kind: Kind
    query: str = ""
    around_m: int = 0
    area: str = ""

    @classmethod
    def of_part(cls, part: Mapping[str, Any]) -> Spec | None:
        """What the part of a recipe counts; None if it is a series."""
        if part.get("kind", "series") == "series":
            return None
        return cls(Kind(part["kind"]), part.get("query", ""), part.get("around_m", 0), part.get("area", ""))

    def to_dict(self) -> dict[str, Any]:
        """As it is stored in a recipe."""
        return {"kind": self.kind.value, "query": self.query, "around_m": self.around_m, "area": self.area}

    @cached_property
    def filters(self) -> EventFilter:
        """Categories, hours, weekdays, months and sources alone."""
        return free_of_ground(EventFilter.from_query(QueryDict(self.query)))


def free_of_ground(filters: EventFilter) -> EventFilter:
    """The filter without period, place and area."""
    return replace(filters, from_on=None, to_on=None, place=None, areas=frozenset())


@dataclass(frozen=True)
class YearCount:
    """One year. ``n`` is None where it may not be told, ``value`` also where there is nothing to divide by."""

    n: int | None
    value: float | None
    low: float | None = None
    high: float | None = None
    outside: int | None = None
    is_partial: bool = False
    is_hidden: bool = False


@dataclass(frozen=True)
class Tally:
    """What a spec comes to in every year that is known."""

    years: Mapping[int, YearCount] = field(default_factory=dict)
    is_exercise: bool = False
    ground_m2: float = 0.0
    outside_m2: float | None = None
    data_version: int | None = None
    items: Mapping[int, list[int]] = field(default_factory=dict)
    """By year the keys of what was counted one by one."""
    spans: Mapping[str, tuple[date, date]] = field(default_factory=dict)
    """By source of incidents its first and last day."""


class Counts:
    """Counts for one member. What many figures share is fetched once: outlines and the ground of the picture."""

    def __init__(self, membership: Membership, scenes: Iterable[Scene]) -> None:
        self.membership = membership
        self.zone = ZoneInfo(membership.collaboration.time_zone)
        self.today = clock.today(membership.collaboration.time_zone)
        self.places = {scene.pk: scene.place_id for scene in scenes}
        self._tallies: dict[tuple[int, Spec], Tally] = {}

    def of(self, scene: int, spec: Spec) -> Tally:
        """What the spec comes to at the scene; nothing is known of a scene without ground."""
        if (scene, spec) not in self._tallies:
            self._tallies[scene, spec] = self._count(scene, spec) if scene in self.grounds else Tally()
        return self._tallies[scene, spec]

    @cached_property
    def grounds(self) -> dict[int, BaseGeometry]:
        """The newest ground of each scene. One query."""
        return newest_grounds(list(self.places))

    @cached_property
    def picture(self) -> Ground:
        """Sources, categories and places as the member may see them. Three queries."""
        return queries.ground(self.membership.collaboration, self.membership)

    @cached_property
    def version(self) -> int | None:
        """The data version that incidents are counted in."""
        return IncidentStore(self.membership.collaboration.slug).version()

    def _count(self, scene: int, spec: Spec) -> Tally:
        ground = self.grounds[scene].buffer(spec.around_m) if spec.around_m else self.grounds[scene]
        if spec.kind == Kind.INCIDENTS:
            return self._incidents(spec, ground)
        if spec.kind == Kind.REPORTS:
            return self._reports(spec, ground, self.places[scene])
        return self._matters(ground, self.places[scene])

    def _incidents(self, spec: Spec, ground: BaseGeometry) -> Tally:
        found = self._asked(spec)
        if found is None:
            return Tally()
        question, covered, area = found
        outside_m2 = None
        if area is not None:
            shape = queries.shapes_of([area])[area]
            ground, outside_m2 = shapely.intersection(shape, ground), float(shapely.difference(shape, ground).area)
        rows = _rows(question, ground, self.version, with_rest=area is not None)
        spans = {span.slug: (span.first_on, span.last_on) for span in covered.spans}
        threshold = answer.threshold_for(self.picture, question.sources, self.membership) or 0
        years = {
            year: _year(
                rows.get((year, True), 0), rows.get((year, False), 0), partial, threshold, ground.area, outside_m2
            )
            for year, partial in _reached(spans).items()
        }
        return Tally(years, question.is_exercise, ground.area, outside_m2, self.version, spans=spans)

    def _asked(self, spec: Spec) -> tuple[Question, Coverage, int | None] | None:
        """The question, what its sources cover and the area; None if the member may not see one of them."""
        area = self._area(spec.area) if spec.area else None
        if spec.area and area is None:
            return None
        filters = replace(spec.filters, areas=frozenset({area} if area is not None else ()))
        try:
            prepared = answer.prepare(
                self.membership.collaboration,
                self.membership,
                Ask(filters, comparison="none"),
                ground=self.picture,
                data_version=self.version,
            )
        except UserError:  # a category or source that is not here, or not for this member
            return None
        return prepared.events.asked_with(filters), prepared.covered, area

    def _area(self, name: str) -> int | None:
        """The area of this set and code in the boundaries of now."""
        slug, _colon, code = name.partition(":")
        areas = (area for each in self.picture.area_sets if each.slug == slug for area in each.areas)
        return next((area.id for area in areas if area.code == code), None)

    def _reports(self, spec: Spec, ground: BaseGeometry, place: int | None) -> Tally:
        seen = FieldReport.objects.filter(visible_to(self.membership), lead=None)
        rows = seen.filter(_near(ground, place))
        if spec.filters.categories:
            tree = category_tree(self.membership.collaboration)
            codes = tree.below(spec.filters.categories & set(tree.by_code))
            rows = rows.filter(category__code__in=codes)
        found = rows.values_list("occurred_from", "x", "y", "place", "is_exercise", "pk")
        return self._written(found, self._known(seen, "occurred_from"), ground, place, spec.filters)

    def _matters(self, ground: BaseGeometry, place: int | None) -> Tally:
        seen = Matter.objects.filter(visible_to(self.membership), joined_into=None)
        rows = seen.filter(_near(ground, place)).values_list("raised_at", "x", "y", "place", "is_exercise", "pk")
        return self._written(rows, self._known(seen, "raised_at"), ground, place, EventFilter())

    def _known(self, seen: QuerySet[Any], name: str) -> dict[int, bool]:
        """The years in which anything at all was written, and which of them only in part. One query."""
        rows = seen.order_by().annotate(year=ExtractYear(name, tzinfo=self.zone)).values("year")
        spans = list(rows.annotate(first=Min(name), last=Max(name)).values_list("year", "first", "last"))
        if not spans:
            return {}
        first = min(each[1] for each in spans).astimezone(self.zone).date()
        last = max(each[2] for each in spans).astimezone(self.zone).date()
        return {year: _is_partial(year, first, last) for year, *_rest in spans}

    def _written(
        self,
        rows: Iterable[tuple[Any, ...]],
        known: dict[int, bool],
        ground: BaseGeometry,
        place: int | None,
        filters: EventFilter,
    ) -> Tally:
        """What is written one by one: at the ground by its point, or without a point by the name of the place."""
        counted: Counter[int] = Counter()
        items: dict[int, list[int]] = {}
        is_exercise = False
        for at, x, y, named, exercise, pk in rows:
            local = at.astimezone(self.zone)
            here = shapely.intersects_xy(ground, x, y) if x is not None else named is not None and named == place
            if here and _matches(filters, local):
                counted[local.year] += 1
                items.setdefault(local.year, []).append(pk)
                is_exercise = is_exercise or exercise
        years = {year: _year(counted[year], 0, partial, 0, ground.area, None) for year, partial in known.items()}
        return Tally(years, is_exercise, ground.area, items=items)


def _near(ground: BaseGeometry, place: int | None) -> Q:
    west, south, east, north = ground.bounds
    by_point = Q(x__gte=west, x__lte=east, y__gte=south, y__lte=north)
    return by_point | Q(x=None, place=place) if place is not None else by_point


def _matches(filters: EventFilter, at: datetime) -> bool:
    return (
        (not filters.hours or at.hour in filters.hours)
        and (not filters.weekdays or at.isoweekday() in filters.weekdays)
        and (not filters.months or at.month in filters.months)
    )


def _rows(
    question: Question, ground: BaseGeometry, version: int | None, *, with_rest: bool
) -> dict[tuple[int, bool], int]:
    """(year, on the ground?) → incidents whose own place is known; the rest of the area only when it is wanted.

    Kept by what it depends on, so that the same question is counted once.
    """
    wkb = shapely.to_wkb(ground)
    key = f"{VERSION}|{question.digest()}|{version}|{hashlib.sha256(wkb).hexdigest()}|{with_rest}"
    data = kept.recall("scene_counts", key)
    if data is None:
        inside = PlaceShape("", 0.0, 0.0, None, wkb.hex()).condition()
        events = point_events(question.events(version))
        events = events.with_columns(inside=inside) if with_rest else events.filter(inside).with_columns(inside=True)
        counted = events.group_by(pl.col("local_date").dt.year().alias("year"), "inside").len().collect()
        data = json.dumps(counted.rows()).encode()
        kept.keep("scene_counts", key, data)
    return {(year, bool(inside)): n for year, inside, n in json.loads(data)}


def _reached(spans: Mapping[str, tuple[date, date]]) -> dict[int, bool]:
    """The years that a source touches, and whether one that does reaches over only a part of it."""
    found: dict[int, bool] = {}
    for first, last in spans.values():
        for year in range(first.year, last.year + 1):
            found[year] = found.get(year, False) or _is_partial(year, first, last)
    return found


def _is_partial(year: int, first: date, last: date) -> bool:
    grace = timedelta(days=GRACE_DAYS)
    return first > date(year, 1, 1) + grace or last < date(year, 12, 31) - grace


def _year(
    inside: int, outside: int, partial: bool, threshold: int, inside_m2: float, outside_m2: float | None
) -> YearCount:
    if 0 < inside < threshold or (outside_m2 is not None and 0 < outside < threshold):
        return YearCount(None, None, is_partial=partial, is_hidden=True)
    if outside_m2 is None:
        return YearCount(inside, float(inside), *count_interval(inside), is_partial=partial)
    ratio = density_ratio(inside, outside, inside_m2=inside_m2, outside_m2=outside_m2)
    value, low, high = ratio or (None, None, None)
    return YearCount(inside, value, low, high, outside, is_partial=partial)
