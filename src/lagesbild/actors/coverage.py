"""Duty hours of an ordinary week held against the hours when things happen, for a place and a situation.

The statistics are `stats.duty_coverage`; the hours of events are the picture's, with its hiding of small numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lagesbild.accounts.models import Membership
from lagesbild.actors.gathering import Candidate, HelpData
from lagesbild.actors.gathering import Ground as Post
from lagesbild.actors.help_now import Asked, is_post_here, reaches
from lagesbild.actors.hours import week_share
from lagesbild.core import clock
from lagesbild.observations.filters import EventFilter
from lagesbild.picture.answer import answer, prepare
from lagesbild.picture.asking import Ask
from lagesbild.picture.content import PictureContent
from lagesbild.picture.ground import Ground
from lagesbild.stats import DutyCoverageResult, duty_coverage

HALF = 0.5
"""A function is on duty at an hour of the week if it covers at least half of it."""


@dataclass(frozen=True)
class Cell:
    """One hour of the week: how many are on duty, who, and how strong its colour is (0–8)."""

    count: int
    names: tuple[str, ...]
    level: int


@dataclass(frozen=True)
class DutyWeek:
    """Functions on duty by weekday (Monday first) and hour, and those whose hours are not known."""

    rows: tuple[tuple[Cell, ...], ...]
    functions: tuple[str, ...]
    unknown: tuple[str, ...]
    shares: dict[str, list[list[float]]]


def duty_week(data: HelpData, asked: Asked, *, time_zone: str) -> DutyWeek:
    """Who is on duty when, of those with this situation among theirs, at this place."""
    today = clock.today(time_zone)
    concerned = [each for each in data.candidates if reaches(data, asked, each)]
    shares = {_name(each): _week(data, each, asked, today) for each in concerned if each.duties}
    shares = {name: week for name, week in shares.items() if any(map(any, week))}
    most = max((len(_names(shares, day, hour)) for day in range(7) for hour in range(24)), default=0)
    rows = tuple(tuple(_cell(_names(shares, day, hour), most) for hour in range(24)) for day in range(7))
    unknown = tuple(_name(each) for each in concerned if not each.duties)
    return DutyWeek(rows, tuple(shares), unknown, shares)


def posts_of(ground: Ground) -> tuple[Post, ...]:
    """The places that the picture knows, as ground that a post may stand on; saves a query."""
    return tuple(
        Post(each.id, each.name, "", _shape(each.x, each.y, each.radius_m, each.wkb), "", each.x, each.y)
        for each in ground.places
    )


def _shape(x: float, y: float, radius_m: float | None, wkb: str) -> BaseGeometry:
    return shapely.Point(x, y).buffer(radius_m) if radius_m else shapely.from_wkb(bytes.fromhex(wkb))


def _name(candidate: Candidate) -> str:
    return f"{candidate.name}, {candidate.organisation}"


def _week(data: HelpData, candidate: Candidate, asked: Asked, today: date) -> list[list[float]]:
    here = [each for each in candidate.duties if each.place is None or is_post_here(data, asked, each)]
    return week_share([each.pattern for each in here], today)


def _names(shares: dict[str, list[list[float]]], day: int, hour: int) -> tuple[str, ...]:
    return tuple(name for name, week in shares.items() if week[day][hour] >= HALF)


def _cell(names: tuple[str, ...], most: int) -> Cell:
    return Cell(len(names), names, round(8 * len(names) / most) if most else 0)


@dataclass(frozen=True)
class Gap:
    """What duty misses: the result of the library, the period of the events, and whether small numbers were hidden."""

    result: DutyCoverageResult
    content: PictureContent
    is_hidden: bool
    is_exercise: bool


def gap(membership: Membership, ground: Ground, asked: Asked, week: DutyWeek, *, shift_hours: int = 4) -> Gap | None:
    """Events of the latest half year at the place against its duty; None when there are no events with known hours."""
    ask = Ask(EventFilter(place=asked.place), comparison="none")
    found = answer(prepare(membership.collaboration, membership, ask, ground=ground), membership)
    hours = found.content.week.hours
    events = np.array([[value or 0.0 for value in row] for row in hours], dtype=np.float64).reshape(-1, 24)
    if events.shape != (7, 24) or not events.sum():
        return None
    duty = {name: (np.array(grid) >= HALF).astype(int) for name, grid in week.shares.items()}
    result = duty_coverage(events, duty, shift_hours=shift_hours)
    hidden = any(value is None for row in hours for value in row)
    return Gap(result, found.content, hidden, found.events.is_exercise)
