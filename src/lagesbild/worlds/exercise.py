"""Draws exercise incidents after a plan: invented events whose totals are published ones.

The result is an ordinary file with Swedish column names, read by the ordinary importer. The same plan and the
same geography give the same file, byte for byte. Every row says that it is exercise data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from lagesbild.worlds.exercise_plan import ExercisePlan, KindOfIncident, Pattern, Profile

SPREAD = "*"
"""The name of the whole district among the places."""
STREET_STEP_M = 20.0
"""Incidents known to the street only lie on points this far apart, so many share one."""
WINTER_MONTHS = (10, 11, 12, 1, 2, 3)
NOTE = "Övningsdata: påhittad händelse"

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Ground:
    """The geography to draw on, in metres: named places, the district, and the small areas with their codes."""

    district: BaseGeometry
    places: Mapping[str, BaseGeometry]
    area_codes: Sequence[str]
    areas: Sequence[BaseGeometry]

    def surface(self, name: str) -> BaseGeometry:
        """Where in the district a place is; the whole of it for ``SPREAD``."""
        if name == SPREAD:
            return self.district
        inside = self.places[name].intersection(self.district)
        if inside.area == 0:
            raise ValueError(f"The place {name!r} lies outside the district of the exercise.")
        return inside


def draw_incidents(plan: ExercisePlan, ground: Ground, *, time_zone: str) -> pl.DataFrame:
    """All incidents of the plan, by time: id, type, from, to, place and how exactly it is known."""
    rng = np.random.Generator(np.random.PCG64(plan.seed))
    kinds = {kind.source_type: kind for kind in plan.kinds}
    parts = [
        _draw_kind(plan, kinds[source_type], year=year.year, count=count, ground=ground, rng=rng)
        for year in plan.years
        for source_type, count in plan.counts(year).items()
    ]
    drawn = pl.concat(parts).sort("local", "brottstyp", "ost", "nord")
    located = _blur(drawn, plan, ground, rng)
    return _finished(located, plan, time_zone)


def _draw_kind(
    plan: ExercisePlan,
    kind: KindOfIncident,
    *,
    year: int,
    count: int,
    ground: Ground,
    rng: np.random.Generator,
) -> pl.DataFrame:
    days, minutes = _draw_times(plan.profiles[kind.profile], year, count, rng)
    names = _draw_places(plan.patterns[kind.pattern], days, rng)
    x, y = _draw_points(names, ground, rng)
    has_interval = (rng.random(count) < 0.6) & (kind.interval_hours > 0)
    length_min = np.where(has_interval, rng.integers(15, int(kind.interval_hours * 60) + 16, count), 0)
    start = pl.Series(days).cast(pl.Datetime("us")) + pl.Series(minutes).cast(pl.Int64) * timedelta(minutes=1)
    frame = pl.DataFrame({"local": start, "length_min": length_min, "ost": x, "nord": y})
    return frame.with_columns(pl.lit(kind.source_type).alias("brottstyp"))


def _draw_times(
    profile: Profile, year: int, count: int, rng: np.random.Generator
) -> tuple[list[date], NDArray[np.int64]]:
    """Local days and minutes of the day. All days of the year can come up, in the weights of the profile."""
    first = date(year, 1, 1)
    calendar = [first + timedelta(days=i) for i in range((date(year + 1, 1, 1) - first).days)]
    per_month = np.bincount([day.month for day in calendar], minlength=13)
    weights = np.array(
        [profile.months[day.month - 1] / per_month[day.month] * profile.weekdays[day.weekday()] for day in calendar]
    )
    chosen = rng.choice(len(calendar), size=count, p=weights / weights.sum())
    hours = np.asarray(profile.hours, float)
    minutes = rng.choice(24, size=count, p=hours / hours.sum()) * 60 + rng.integers(0, 60, count)
    return [calendar[index] for index in chosen], minutes


def _draw_places(pattern: Pattern, days: Sequence[date], rng: np.random.Generator) -> NDArray[np.str_]:
    """The name of a place for each day; ``SPREAD`` for what the pattern leaves."""
    names = [*pattern.places, SPREAD]
    shares = [*pattern.places.values(), 1 - sum(pattern.places.values())]
    chosen = np.array(names)[_pick(shares, len(days), rng)]
    luck_indoors, luck_shift = rng.random(len(days)), rng.random(len(days))
    if pattern.indoor_places:
        indoor = np.array([*pattern.indoor_places])[_pick([*pattern.indoor_places.values()], len(days), rng)]
        winter = np.isin([day.month for day in days], WINTER_MONTHS)
        chosen = np.where(winter & (luck_indoors < pattern.winter_indoors), indoor, chosen)
    for shift in pattern.shifts:
        after = np.array([day >= shift.from_on for day in days], bool)
        moved = after & (chosen == shift.from_place) & (luck_shift < shift.share)
        chosen = np.where(moved, shift.to_place, chosen)
    return chosen


def _pick(shares: Sequence[float], count: int, rng: np.random.Generator) -> NDArray[np.int64]:
    weights = np.asarray(shares, float)
    return rng.choice(len(weights), size=count, p=weights / weights.sum())


def _draw_points(names: NDArray[np.str_], ground: Ground, rng: np.random.Generator) -> tuple[Floats, Floats]:
    x, y = np.empty(len(names)), np.empty(len(names))
    for name in sorted(set(names.tolist())):
        here = names == name
        x[here], y[here] = points_within(ground.surface(name), int(here.sum()), rng=rng)
    return x, y


def points_within(surface: BaseGeometry, count: int, *, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """``count`` points spread evenly over a surface, to the decimetre."""
    shapely.prepare(surface)
    min_x, min_y, max_x, max_y = surface.bounds
    found = np.empty((0, 2))
    while len(found) < count:
        tries = max(64, int((count - len(found)) * 1.5 * shapely.box(*surface.bounds).area / surface.area))
        xy = np.round(rng.uniform((min_x, min_y), (max_x, max_y), (tries, 2)), 1)
        found = np.vstack([found, xy[shapely.contains_xy(surface, xy)]])
    return found[:count, 0], found[:count, 1]


def _blur(drawn: pl.DataFrame, plan: ExercisePlan, ground: Ground, rng: np.random.Generator) -> pl.DataFrame:
    """How exactly each place is known: to the point, to a point on the street, or to the small area alone."""
    x, y = drawn["ost"].to_numpy(), drawn["nord"].to_numpy()
    luck = rng.random(drawn.height)
    exact = luck < plan.precision["exact"]
    street = ~exact & (luck < plan.precision["exact"] + plan.precision["street"])
    step_x, step_y = (np.round(each / STREET_STEP_M) * STREET_STEP_M for each in (x, y))
    snapped = street & shapely.contains_xy(ground.district, step_x, step_y)
    x, y = np.where(snapped, step_x, x), np.where(snapped, step_y, y)
    known = exact | street
    return drawn.with_columns(
        pl.Series("ost", np.where(known, x, np.nan)).fill_nan(None),
        pl.Series("nord", np.where(known, y, np.nan)).fill_nan(None),
        pl.Series("noggrannhet", np.select([exact, street], ["exakt", "gata"], "basområde")),
        pl.Series("basomrade", _area_codes(ground, x, y)),
    )


def _area_codes(ground: Ground, x: Floats, y: Floats) -> list[str | None]:
    """The small area of each point; the first in order where two meet."""
    points, areas = shapely.STRtree(list(ground.areas)).query(shapely.points(x, y), predicate="intersects")
    first = dict(zip(points[::-1].tolist(), areas[::-1].tolist(), strict=True))
    return [ground.area_codes[first[i]] if i in first else None for i in range(len(x))]


def _finished(located: pl.DataFrame, plan: ExercisePlan, time_zone: str) -> pl.DataFrame:
    """Instants with their offset, an id per year, and the note that it is an exercise."""
    local = pl.col("local")
    # An hour that the spring change skips is moved an hour on; the doubled one in autumn is the first.
    zoned = local.dt.replace_time_zone(time_zone, ambiguous="earliest", non_existent="null")
    later = (local + timedelta(hours=1)).dt.replace_time_zone(time_zone, ambiguous="earliest", non_existent="null")
    began = zoned.fill_null(later)
    ended = began + pl.col("length_min") * timedelta(minutes=1)
    number = (pl.int_range(pl.len()).over(local.dt.year()) + 1).cast(pl.String).str.zfill(6)
    form = "%Y-%m-%dT%H:%M%:z"
    return located.select(
        pl.format("{}-{}-{}", pl.lit(plan.id_prefix), local.dt.year(), number).alias("id"),
        "brottstyp",
        began.dt.strftime(form).alias("fran"),
        pl.when(pl.col("length_min") > 0).then(ended.dt.strftime(form)).alias("till"),
        "ost",
        "nord",
        "noggrannhet",
        "basomrade",
        pl.lit(NOTE).alias("anmarkning"),
    )


def csv_bytes(incidents: pl.DataFrame) -> bytes:
    """The incidents as the file that is imported."""
    return incidents.write_csv(separator=";").encode()
