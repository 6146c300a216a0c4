"""The picture itself: from a question and its ground to `PictureContent`.

One pass over the store for each period, one over all dates; then the library. Knows no request, no form and no page.
The same question, ground and data version give the same content, byte for byte, now and when it is made again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import polars as pl
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from lagesbild.observations.questions import Question as Events
from lagesbild.picture import disclosure, gather, kept, spots, tables, times
from lagesbild.picture.asking import Ask
from lagesbild.picture.content import (
    AreaTable,
    Basis,
    CaveatFact,
    Disclosure,
    HotSpots,
    Named,
    NoteFact,
    Period,
    PictureContent,
    Question,
    Season,
    SpotName,
    Totals,
)
from lagesbild.picture.coverage import Coverage, by_date
from lagesbild.picture.gather import Side
from lagesbild.picture.ground import AreaSetRow, CaveatRow, Ground, PlaceRow, Populations, SourceRow
from lagesbild.picture.naming import name_spots
from lagesbild.picture.periods import comparison_period, counted_days, overlap
from lagesbild.picture.study_area import StudyArea, from_polygons, rectangle
from lagesbild.picture.tables import Days
from lagesbild.stats import (
    ChangesResult,
    DensityResult,
    GiStarResult,
    HotSpotChangeResult,
    HotSpotsResult,
    HourWeekdayResult,
    MultipleTestsResult,
    RateResult,
    SeasonResult,
)

VERSION = "1"
METHODS = (
    ChangesResult,
    DensityResult,
    GiStarResult,
    HotSpotChangeResult,
    HotSpotsResult,
    HourWeekdayResult,
    MultipleTestsResult,
    RateResult,
    SeasonResult,
)
# The set to count by is the finest with at most so many areas: more is a list nobody reads.
MOST_AREAS = 600

IntArray = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Outside:
    """What has to be fetched while computing, and only then."""

    shapes_of_areas: Callable[[Sequence[int]], Sequence[BaseGeometry]]
    populations: Callable[[int, date], Populations | None]


def method_versions() -> dict[str, str]:
    """Every method that a picture is made with; a changed number is a new version."""
    return {"picture": VERSION, "rounding": disclosure.VERSION} | {method.method: method.version for method in METHODS}


def picture(
    ask: Ask, events: Events, ground: Ground, covered: Coverage, data_version: int | None, outside: Outside
) -> PictureContent:
    """The answer. ``ask`` has both ends of its period settled."""
    return _Work(ask, events, ground, covered, data_version, outside).content()


@dataclass(frozen=True)
class _Work:
    ask: Ask
    events: Events
    ground: Ground
    covered: Coverage
    data_version: int | None
    outside: Outside

    def content(self) -> PictureContent:
        period = self.ask.period
        earlier = comparison_period(period, self.ask.comparison)
        days = Days(self._days(period), self._days(earlier))
        side = self._side(period)
        before = self._side(earlier) if earlier is not None and days.before else None
        notes = self._coverage_notes(period, earlier, days) + self._filter_notes()
        categories, more = tables.categories(side, before, self.ground, self.ask.filters.categories, days)
        notes += more
        week, more = times.week(side, before)
        notes += more
        season, more = self._season(period)
        notes += more
        hot_spots, n_outside, more = self._hot_spots(side, before, days)
        notes += more
        areas, more = self._areas(side, before, days)
        notes += more
        return PictureContent(
            question=self._question(period, earlier),
            basis=self._basis(),
            totals=_totals(side, before, days, n_outside),
            series=times.series(side, before, period, earlier, self.covered.period),
            week=week,
            season=season,
            hot_spots=hot_spots,
            areas=areas,
            categories=categories,
            caveats=self._caveats(period, {row.code for row in categories}),
            notes=_once(notes),
            disclosure=Disclosure(),
            is_exercise=self.events.is_exercise,
        )

    # what was asked

    def _question(self, period: Period, earlier: Period | None) -> Question:
        filters, by_code = self.ask.filters, self.ground.mapping.by_code
        nodes = [by_code[code] for code in sorted(filters.categories)]
        areas = [self.ground.areas_by_id[pk] for pk in sorted(filters.areas)]
        place = self.ground.places_by_id[filters.place] if filters.place is not None else None
        return Question(
            collaboration=self.ground.slug,
            collaboration_name=self.ground.name,
            period=period,
            comparison=self.ask.comparison,
            comparison_period=earlier,
            filters=filters.to_dict(),
            categories=tuple(Named(code=node.code, name=node.name, name_en=node.name_en) for node in nodes),
            areas=tuple(Named(code=area.code, name=area.name) for area in areas),
            place=Named(code=str(place.id), name=place.name) if place else None,
            hours=tuple(sorted(filters.hours)),
            weekdays=tuple(sorted(filters.weekdays)),
            months=tuple(sorted(filters.months)),
        )

    def _basis(self) -> Basis:
        span = self.covered.period
        return Basis(
            data_version=self.data_version,
            method_versions=method_versions(),
            mapping_digest=self.ground.mapping.digest(),
            sources=tuple(source.fact for source in self._sources()),
            data_from_on=span.from_on if span else None,
            data_to_on=span.to_on if span else None,
        )

    def _sources(self) -> list[SourceRow]:
        return [source for source in self.ground.sources if source.slug in self.events.sources]

    def _caveats(self, period: Period, seen: set[str]) -> tuple[CaveatFact, ...]:
        """The reservations of the sources, and of the categories chosen or seen with those above them."""
        mapping, slugs = self.ground.mapping, set(self.events.sources)
        found = (seen - {""}) | self.ask.filters.categories
        codes = found | mapping.above(found)

        def concerns(row: CaveatRow) -> bool:
            ended = row.fact.to_on is not None and row.fact.to_on <= period.from_on
            begins = row.fact.from_on is not None and row.fact.from_on >= period.to_on
            return (
                (not row.category or row.category in codes)
                and (not row.source or row.source in slugs)
                and not (ended or begins)
            )

        return tuple(row.fact for row in self.ground.caveats if concerns(row))

    # what was found

    def _side(self, period: Period) -> Side:
        filters = replace(self.events.filters, from_on=period.from_on, to_on=period.to_on)
        events = self.events.asked_with(filters).events(self.data_version)
        known = set(events.collect_schema().names())
        columns = [each.column for each in self.ground.area_sets if each.column in known]
        named_by = self.area_set.column if self.area_set and self.area_set.column in known else None
        return gather.side(events, area_columns=columns, named_by=named_by, time_zone=self.ground.time_zone)

    def _coverage_notes(self, period: Period, earlier: Period | None, days: Days) -> list[NoteFact]:
        notes = []
        filters = self.ask.filters
        whole = counted_days(period, months=filters.months, weekdays=filters.weekdays)
        if days.after < whole:
            values = {"covered": days.after, "days": whole}
            notes.append(NoteFact(code="picture.period_partly_covered", values=values))
        if earlier is None:
            return notes
        whole = counted_days(earlier, months=filters.months, weekdays=filters.weekdays)
        if not days.before:
            notes.append(NoteFact(code="picture.no_comparison_data"))
        elif days.before < whole:
            values = {"covered": days.before, "days": whole}
            notes.append(NoteFact(code="picture.comparison_partly_covered", values=values))
        return notes + self._source_notes(period, earlier)

    def _source_notes(self, period: Period, earlier: Period) -> list[NoteFact]:
        """Sources that begin or end within the compared periods make a change that nobody on the street has seen."""
        if len(self.covered.spans) < 2:
            return []
        names = {source.slug: source.name for source in self.ground.sources}
        span = self.covered.period
        return [
            NoteFact(
                code="picture.source_covers",
                values={
                    "source": names.get(each.slug, each.slug),
                    "first": each.first_on.isoformat(),
                    "last": each.last_on.isoformat(),
                },
            )
            for each in self.covered.spans
            if span is not None
            and (
                (each.first_on > max(earlier.from_on, span.from_on) and each.first_on < period.to_on)
                or (
                    each.last_on < min(period.to_on, span.to_on) - timedelta(days=31)
                    and each.last_on >= earlier.from_on
                )
            )
        ]

    def _filter_notes(self) -> list[NoteFact]:
        left_out = self.events.n_without_hour(self.data_version)
        return [NoteFact(code="picture.hour_filter", values={"n": left_out})] if left_out else []

    def _days(self, period: Period | None) -> int:
        """Days of the period that the data covers and the filters let through."""
        if period is None or self.covered.period is None:
            return 0
        filters = self.ask.filters
        return counted_days(overlap(period, self.covered.period), months=filters.months, weekdays=filters.weekdays)

    def _season(self, period: Period) -> tuple[Season | None, list[NoteFact]]:
        filters = self.ask.filters
        always = replace(self.events.filters, from_on=None, to_on=None)
        dates = by_date(self.events.asked_with(always), self.data_version)
        return times.season(
            dates,
            self.covered.period,
            until=period.to_on,
            months=tuple(sorted(filters.months)),
            weekdays=tuple(sorted(filters.weekdays)),
        )

    # where

    @cached_property
    def area_set(self) -> AreaSetRow | None:
        """The set to count by: the one asked for, else the finest that holds at least half of all events."""
        if self.ask.by:
            return next(each for each in self.ground.area_sets if each.slug == self.ask.by)
        placed = {each.id: sum(self.covered.of(each.column).values()) for each in self.ground.area_sets}
        usable = [each for each in self.ground.area_sets if placed[each.id] * 2 >= self.covered.n > 0]
        fine = [each for each in usable if len(each.areas) <= MOST_AREAS]
        if fine:
            return max(fine, key=lambda each: (len(each.areas), -each.id))
        return min(usable, key=lambda each: (len(each.areas), each.id), default=None)

    def _areas(self, side: Side, before: Side | None, days: Days) -> tuple[AreaTable | None, list[NoteFact]]:
        if self.area_set is None:
            return None, []
        populations = self.outside.populations(self.area_set.version_id, self.ask.period.last_on)
        return tables.areas(side, before, self.area_set, populations, days)

    def _hot_spots(self, side: Side, before: Side | None, days: Days) -> tuple[HotSpots | None, int, list[NoteFact]]:
        """The hot spots, how many points lie outside the study area, and remarks; None where there are no points."""
        n_points = len(side.x)
        if not n_points:
            return None, 0, [NoteFact(code="picture.no_points")] if side.n else [NoteFact(code="picture.no_events")]
        notes = []
        if side.n > n_points:
            notes.append(NoteFact(code="picture.some_without_point", values={"n": side.n - n_points}))
        if n_points < spots.MIN_POINTS:
            few = NoteFact(code="picture.too_few_points", values={"n": n_points, "needed": spots.MIN_POINTS})
            return None, 0, [*notes, few]
        area = self._study_area(side)
        placed = [(each, area.grid.cell_index(each.x, each.y)) for each in (side, before) if each]
        after, *rest = (_per_cell(cells, area) for _side, cells in placed)
        earlier = rest[0] if rest else None
        sides = spots.Sides(after=after, before=earlier, days=days.after, days_before=days.before)
        found, more = spots.find(area, sides, crs=self.ground.working_crs, name=self._namer(placed, area))
        n_outside = n_points - int(after[area.inside].sum())
        if area.is_rectangle:
            notes.append(NoteFact(code="picture.no_study_area"))
        if n_outside:
            notes.append(NoteFact(code="picture.outside_study_area", values={"n": n_outside}))
        return found, n_outside, notes + more

    def _study_area(self, side: Side) -> StudyArea:
        """The place or areas chosen; else the areas where anything has ever been seen, since data can exist there."""
        filters, folder = self.ask.filters, kept.folder("study-areas")
        if filters.place is not None:
            place = self.ground.places_by_id[filters.place]
            shape = ground_of(place)
            return from_polygons(f"place {shape.wkb_hex}", place.name, lambda: [shape], folder=folder)
        chosen = tuple(sorted(filters.areas))
        if chosen:
            name = ", ".join(self.ground.areas_by_id[pk].name for pk in chosen)
        elif self.area_set is not None:
            known = {area.id for area in self.area_set.areas}
            chosen = tuple(sorted(area for area in self.covered.of(self.area_set.column) if area in known))
            name = self.area_set.name
        if not chosen:
            return rectangle(side.x, side.y, name="")
        return from_polygons(f"areas {chosen}", name, lambda: self.outside.shapes_of_areas(chosen), folder=folder)

    def _namer(self, placed: Sequence[tuple[Side, IntArray]], area: StudyArea) -> spots.Namer:
        def name(xs: Sequence[float], ys: Sequence[float]) -> list[SpotName]:
            cells = area.grid.cell_index(np.asarray(xs), np.asarray(ys))
            ids = _area_at(cells, placed)
            within = [self.ground.areas_by_id.get(ids.get(int(cell), 0)) for cell in cells]
            return name_spots(xs, ys, places=self.ground.places, areas=within)

        return name


def _per_cell(cells: IntArray, area: StudyArea) -> IntArray:
    """How many points lie in each cell of the grid."""
    counts: IntArray = np.bincount(cells[cells >= 0], minlength=area.grid.n_cells).astype(np.int64, copy=False)
    return counts.reshape(area.grid.shape)


def _area_at(cells: IntArray, placed: Sequence[tuple[Side, IntArray]]) -> dict[int, int]:
    """The area that most points of each cell lie in: known from the store, without geometry."""
    found: dict[int, int] = {}
    for side, at in placed:
        for cell in set(cells.tolist()) - set(found):
            ids = side.area_of_point[at == cell]
            if len(ids):
                found[cell] = int(np.bincount(ids).argmax())
    return found


def ground_of(place: PlaceRow) -> BaseGeometry:
    """The shape of a place in working coordinates."""
    if place.radius_m is not None:
        circle: BaseGeometry = shapely.Point(place.x, place.y).buffer(place.radius_m)
        return circle
    polygon: BaseGeometry = shapely.from_wkb(bytes.fromhex(place.wkb))
    return polygon


def _totals(side: Side, before: Side | None, days: Days, n_outside: int) -> Totals:
    unknown = side.hours.filter(pl.col("local_hour").is_null())["n"].sum()
    unknown += side.intervals.filter(~pl.col("hour_known")).height + side.n_month_only
    located = {(row["precision"], row["is_point"]): row["n"] for row in side.places.iter_rows(named=True)}

    def without_point(*precisions: str) -> int:
        return sum(n for (precision, is_point), n in located.items() if precision in precisions and not is_point)

    return Totals(
        n=side.n,
        n_before=None if before is None else before.n,
        change=None if before is None else tables.total_change(before.n, side.n, days),
        days=days.after,
        days_before=days.before,
        n_points=len(side.x),
        n_area_only=without_point("area"),
        n_municipality_only=without_point("municipality"),
        n_withheld=without_point("none", "exact", "street"),
        n_outside_study_area=n_outside,
        n_hour_unknown=int(unknown),
    )


def _once(notes: Sequence[NoteFact]) -> tuple[NoteFact, ...]:
    """The same remark is made once."""
    return tuple({(note.code, str(note.values)): note for note in notes}.values())
