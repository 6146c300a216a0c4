"""Zones, functions with duty, and lines of the register in Ekby, through ordinary actions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from lagesbild.accounts import actions as accounts
from lagesbild.accounts.models import Function, Organisation
from lagesbild.actors import actions
from lagesbild.actors.actions.duty import Week
from lagesbild.actors.models import FunctionProfile, MandateLevel, ObjectKind, ResponsibilityEntry, Schedule, Zone
from lagesbild.actors.week import parse_shifts
from lagesbild.places import actions as places
from lagesbild.places import ground
from lagesbild.places.actions.places import PlaceText
from lagesbild.places.ground import Ground
from lagesbild.places.models import Place
from tests.cast import Cast
from tests.places.builders import EAST, NORTH

EVER = date(2016, 5, 1)


def disc(dx: float = 0, dy: float = 0, radius_m: float = 50) -> Ground:
    """A circle beside the middle of Stockholm."""
    return ground.circle(EAST + dx, NORTH + dy, radius_m, crs=3006, working_crs=3006)


def place_at(cast: Cast, name: str, dx: float = 0, dy: float = 0, radius_m: float = 50) -> Place:
    """A round place of Ekby, owned by the municipality."""
    return places.create_place(cast.anna, PlaceText(name), disc(dx, dy, radius_m))


def zone_at(
    cast: Cast, name: str = "Centrum", dx: float = 0, *, radius_m: float = 200, actors: Any = (), **more: Any
) -> Zone:
    """A round LOV 3 § area, owned by the municipality."""
    fields: dict[str, Any] = {"kind": "lov3", "valid_from": EVER, "name": name, **more}
    return actions.create_zone(cast.anna, disc(dx, 0, radius_m), actors=actors, **fields)


def function_of(organisation: Organisation, name: str) -> Function:
    """A function that sits operationally."""
    return accounts.ensure_function(organisation, name, operational=True, actor=None)


def profile_of(
    organisation: Organisation, name: str, *, own: Sequence[str] = (), may: Sequence[str] = (), **more: Any
) -> FunctionProfile:
    """A function with a mandate: the situations that are its own task, and those it may help with."""
    mandates = dict.fromkeys(own, MandateLevel.OWN_TASK) | dict.fromkeys(may, MandateLevel.MAY_HELP)
    return actions.ensure_function_profile(function_of(organisation, name), mandates=mandates, actor=None, **more)


def week_of(text: str, days: Sequence[int] = range(1, 8)) -> Week:
    """The same shifts, such as "10:00-18:00", on each of the days."""
    return {day: parse_shifts(text) for day in days}


def duty(
    profile: FunctionProfile, text: str, days: Sequence[int] = range(1, 8), *, valid_from: date = EVER, **more: Any
) -> Schedule:
    """A weekly schedule."""
    return actions.ensure_schedule(profile.function, week_of(text, days), valid_from=valid_from, actor=None, **more)


def kind(cast: Cast, code: str = "lamp") -> ObjectKind:
    """A kind of object of Ekby; the ordinary ones."""
    if not ObjectKind.objects.filter(collaboration=cast.ekby).exists():
        actions.begin_vocabulary(cast.ekby, actor=None)
    return ObjectKind.objects.get(collaboration=cast.ekby, code=code)


def line(cast: Cast, organisation: Organisation, code: str | None = "lamp", **more: Any) -> ResponsibilityEntry:
    """A line of the register, kept by the municipality."""
    return actions.create_entry(cast.anna, organisation=organisation, kind=kind(cast, code) if code else None, **more)
