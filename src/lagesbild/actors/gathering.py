"""Everything that "who can help now" is answered from, gathered once: functions, mandate, duty, zones and places.

Seven queries whatever the size. The same content, written as JSON, is what a phone keeps for when there is no signal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import shapely
from django.db.models import Q
from django.utils.translation import get_language
from shapely.geometry.base import BaseGeometry

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Membership
from lagesbild.actors.hours import Hours, Interval, Pattern, around
from lagesbild.actors.models import Contact, DutyException, FunctionProfile, Schedule, Situation, Zone
from lagesbild.actors.zones import valid_on
from lagesbild.core import clock
from lagesbild.places.models import Place


@dataclass(frozen=True)
class SituationRow:
    """A situation to choose."""

    code: str
    name: str
    min_age: int | None
    max_age: int | None


@dataclass(frozen=True)
class ContactRow:
    """How a function is reached; ``address`` is what a phone opens, if anything."""

    channel: str
    label: str
    value: str
    address: str
    note: str


@dataclass(frozen=True)
class Ground:
    """A place or a zone: where it is, on the plane and as drawn."""

    id: int
    name: str
    kind: str
    geometry: BaseGeometry
    drawing: str
    x: float = 0.0
    y: float = 0.0

    def holds(self, x: float, y: float) -> bool:
        return bool(shapely.intersects_xy(self.geometry, x, y))


@dataclass(frozen=True)
class Duty:
    """Stretches of duty of a function, at one place or (None) wherever its mandate reaches."""

    place: int | None
    pattern: Pattern
    stretches: tuple[Interval, ...]
    source: str
    is_exercise: bool


@dataclass(frozen=True)
class Candidate:
    """A function with its mandate: levels by situation, ages, the zones it may act in, and its duty."""

    id: int
    name: str
    organisation: str
    organisation_slug: str
    task: str
    limits: str
    min_age: int | None
    max_age: int | None
    home_municipality: str
    needs_zone: bool
    is_exercise: bool
    levels: Mapping[str, int]
    zones: frozenset[int]
    contacts: tuple[ContactRow, ...]
    duties: tuple[Duty, ...]


@dataclass(frozen=True)
class HelpData:
    """All of it, as it was at a moment."""

    at: datetime
    time_zone: str
    situations: tuple[SituationRow, ...]
    candidates: tuple[Candidate, ...]
    zones: tuple[Ground, ...]
    places: tuple[Ground, ...]

    def place(self, pk: int | None) -> Ground | None:
        return next((each for each in self.places if each.id == pk), None)


def gather(membership: Membership, *, only_weeks: bool = False) -> HelpData:
    """What the member may see of who can help, today and the days to come.

    ``only_weeks`` leaves out contacts, places and single dates, for questions about an ordinary week: four queries.
    """
    at, time_zone = clock.now(), membership.collaboration.time_zone
    today = clock.today(time_zone)
    situations, levels = _situations(membership)
    zones, acting = _zones(membership, today)
    contacts = defaultdict(list) if only_weeks else _contacts(membership)
    duties = _duties(membership, today, at, with_exceptions=not only_weeks)
    profiles = FunctionProfile.objects.filter(visible_to(membership)).select_related("function__organisation")
    candidates = tuple(
        _candidate(profile, levels[profile.pk], acting, contacts[profile.pk], duties[profile.function_id])
        for profile in profiles
    )
    places = () if only_weeks else _places(membership)
    return HelpData(at, time_zone, situations, candidates, zones, places)


def _candidate(
    profile: FunctionProfile,
    levels: Mapping[str, int],
    acting: Mapping[tuple[str, int], set[int]],
    contacts: Iterable[ContactRow],
    duties: Iterable[Duty],
) -> Candidate:
    function = profile.function
    zones = acting["function", function.pk] | acting["organisation", function.organisation_id]
    return Candidate(
        id=function.pk,
        name=function.name,
        organisation=function.organisation.name,
        organisation_slug=function.organisation.slug,
        task=profile.task,
        limits=profile.limits,
        min_age=profile.min_age,
        max_age=profile.max_age,
        home_municipality=profile.home_municipality,
        needs_zone=profile.needs_zone,
        is_exercise=profile.is_exercise,
        levels=dict(levels),
        zones=frozenset(zones),
        contacts=tuple(contacts),
        duties=tuple(duties),
    )


def _situations(membership: Membership) -> tuple[tuple[SituationRow, ...], Mapping[int, dict[str, int]]]:
    """The situations, and by profile the level of each. One query."""
    english = (get_language() or "").startswith("en")
    rows = Situation.objects.filter(collaboration=membership.collaboration_id).values_list(
        "code", "name", "name_en", "min_age", "max_age", "mandates__profile", "mandates__level"
    )
    situations: dict[str, SituationRow] = {}
    levels: dict[int, dict[str, int]] = defaultdict(dict)
    for code, name, name_en, min_age, max_age, profile, level in rows:
        situations.setdefault(code, SituationRow(code, name_en if english and name_en else name, min_age, max_age))
        if profile is not None:
            levels[profile][code] = level
    return tuple(situations.values()), levels


def _zones(membership: Membership, today: date) -> tuple[tuple[Ground, ...], Mapping[tuple[str, int], set[int]]]:
    """The zones that hold, and by function or organisation those it may act in. One query."""
    rows = Zone.objects.filter(visible_to(membership), valid_on(today)).values_list(
        "pk", "name", "kind", "geometry", "drawing", "actors__organisation", "actors__function"
    )
    zones: dict[int, Ground] = {}
    acting: dict[tuple[str, int], set[int]] = defaultdict(set)
    for pk, name, kind, geometry, drawing, organisation, function in rows:
        if pk not in zones:
            zones[pk] = Ground(pk, name, kind, shapely.from_wkb(bytes(geometry)), drawing)
        whose = ("function", function) if function is not None else ("organisation", organisation)
        acting[whose].add(pk)
    return tuple(zones.values()), acting


def _contacts(membership: Membership) -> Mapping[int, list[ContactRow]]:
    found: dict[int, list[ContactRow]] = defaultdict(list)
    for each in Contact.objects.filter(profile__collaboration=membership.collaboration_id):
        row = ContactRow(each.channel, each.get_channel_display(), each.value, each.address, each.note)
        found[each.profile_id or 0].append(row)
    return found


def _duties(membership: Membership, today: date, at: datetime, *, with_exceptions: bool) -> Mapping[int, list[Duty]]:
    """By function the stretches of duty from yesterday to the horizon. Two queries."""
    time_zone = membership.collaboration.time_zone
    found: dict[int, list[Duty]] = defaultdict(list)
    for row, pattern in patterns_of(membership, since=today - timedelta(days=2), with_exceptions=with_exceptions):
        stretches = tuple(around([pattern], at, zone=time_zone))
        found[row["function"]].append(Duty(row["place"], pattern, stretches, row["source"], row["is_exercise"]))
    return found


SCHEDULE = ("pk", "function", "place", "valid_from", "valid_to", "holidays", "source", "is_exercise")
SHIFT = ("shifts__weekday", "shifts__starts", "shifts__ends")


def patterns_of(
    membership: Membership, *, since: date, with_exceptions: bool = True
) -> list[tuple[dict[str, Any], Pattern]]:
    """The schedules a member may see that hold on ``since`` or later, with their patterns. Two queries."""
    ends_later = Q(valid_to=None) | Q(valid_to__gt=since)
    schedules = Schedule.objects.filter(visible_to(membership), ends_later)
    rows: dict[int, dict[str, Any]] = {}
    weeks: dict[int, dict[int, list[Hours]]] = defaultdict(lambda: defaultdict(list))
    for row in schedules.order_by("pk", "shifts__weekday", "shifts__starts").values(*SCHEDULE, *SHIFT):
        rows.setdefault(row["pk"], row)
        if row["shifts__weekday"]:
            weeks[row["pk"]][row["shifts__weekday"]].append(Hours(row["shifts__starts"], row["shifts__ends"]))
    differing = _exceptions(membership, since) if with_exceptions else {}
    return [
        (row, Pattern(weeks[pk], row["valid_from"], row["valid_to"], row["holidays"], differing.get(pk, {})))
        for pk, row in rows.items()
    ]


def _exceptions(membership: Membership, since: date) -> dict[int, dict[date, list[Hours]]]:
    found: dict[int, dict[date, list[Hours]]] = defaultdict(lambda: defaultdict(list))
    rows = DutyException.objects.filter(schedule__collaboration=membership.collaboration_id, on__gte=since)
    for schedule, on, starts, ends in rows.values_list("schedule", "on", "starts", "ends"):
        hours = found[schedule][on]
        if starts is not None and ends is not None:
            hours.append(Hours(starts, ends))
    return found


def _places(membership: Membership) -> tuple[Ground, ...]:
    rows = Place.objects.filter(visible_to(membership), retired_on=None).values_list(
        "pk", "name", "municipality", "geometry", "drawing", "x", "y"
    )
    return tuple(
        Ground(pk, name, municipality, shapely.from_wkb(bytes(geometry)), drawing, x, y)
        for pk, name, municipality, geometry, drawing, x, y in rows
    )
