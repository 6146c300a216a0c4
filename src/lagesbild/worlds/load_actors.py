"""The actors of a world: profiles, duty, zones, responsibility and agreements. Again changes nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import shapely

from lagesbild.accounts import actions as accounts
from lagesbild.accounts.models import Collaboration, Function, Organisation
from lagesbild.actors import actions, lists
from lagesbild.actors.models import MandateLevel, ObjectKind
from lagesbild.actors.vocabulary import HANDBOOK_FACTORS
from lagesbild.actors.week import parse_shifts
from lagesbild.core.geo import WGS_84
from lagesbild.places import ground
from lagesbild.places.models import Place
from lagesbild.worlds import load_promises, queries
from lagesbild.worlds.description import World

FILE = "actors.toml"
EVER = date(2016, 5, 1)
FUNCTION_FIELDS = ("task", "limits", "min_age", "max_age", "home_municipality", "needs_zone")

Organisations = Mapping[str, Organisation]


def load(world: World, collaboration: Collaboration) -> None:
    """Everything in ``actors.toml`` and ``actors_agreements.toml``; nothing for a world without them."""
    file = world.folder / FILE
    if not file.is_file():
        return
    told = tomllib.loads(file.read_text(encoding="utf-8"))
    organisations = {each.slug: each for each in lists.organisations(collaboration)}
    places = queries.places_by_name(collaboration)
    actions.begin_vocabulary(collaboration, actor=None)
    for each in told["organisations"]:
        _load_organisation(each, organisations, source=told["source"])
    functions = {
        (each["organisation"], each["name"]): _load_function(each, organisations, places, told)
        for each in told["functions"]
    }
    for each in told["routes"]:
        _load_route(each, organisations)
    for each in told["zones"]:
        _load_zone(each, organisations, functions)
    for each in told["responsibilities"]:
        _load_responsibility(each, collaboration, organisations, places)
    for order, (code, collection, name, name_en, citation) in enumerate(HANDBOOK_FACTORS):
        fields = {"collection": collection, "name": name, "name_en": name_en, "citation": citation, "order": order}
        actions.ensure_factor(collaboration, code, actor=None, **fields)
    load_promises.load(world, collaboration, organisations, places)


def _load_organisation(told: Mapping[str, Any], organisations: Organisations, *, source: str) -> None:
    actions.ensure_actor_profile(
        organisations[told["slug"]],
        actor=None,
        claims=[(forum, takes_part, citation) for forum, takes_part, citation in told.get("claims", ())],
        mission=told.get("mission", ""),
        limits=told.get("limits", ""),
        is_party=told.get("is_party", True),
        source=told.get("source", source),
    )


def _load_function(
    told: Mapping[str, Any], organisations: Organisations, places: Mapping[str, Place], world: Mapping[str, Any]
) -> Function:
    function = accounts.ensure_function(
        organisations[told["organisation"]], told["name"], operational="duty" in told, actor=None
    )
    levels = dict.fromkeys(told.get("may", ()), MandateLevel.MAY_HELP)
    levels |= dict.fromkeys(told.get("own", ()), MandateLevel.OWN_TASK)
    actions.ensure_function_profile(
        function,
        actor=None,
        mandates=levels,
        contacts=[{"note": world["exercise"], **contact} for contact in told.get("contacts", ())],
        source=told.get("source", world["source"]),
        is_exercise="contacts" in told,  # the report prints no numbers
        **{name: told[name] for name in FUNCTION_FIELDS if name in told},
    )
    for line in _by_period(told.get("duty", ())):
        _load_duty(function, line, places, exercise=world["exercise"])
    return function


def _by_period(lines: Sequence[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    """Lines of the same place and first day make one schedule."""
    found: dict[tuple[str, date], list[Mapping[str, Any]]] = {}
    for line in lines:
        found.setdefault((line.get("place", ""), line.get("from", EVER)), []).append(line)
    return list(found.values())


def _load_duty(
    function: Function, lines: Sequence[Mapping[str, Any]], places: Mapping[str, Place], *, exercise: str
) -> None:
    first = lines[0]
    week = {day: parse_shifts(line["shifts"]) for line in lines for day in line["days"]}
    for line in lines:
        for day in line["days"]:
            week[day] = sorted({*week[day], *parse_shifts(line["shifts"])})
    actions.ensure_schedule(
        function,
        week,
        actor=None,
        valid_from=first.get("from", EVER),
        valid_to=first.get("to"),
        place=places[first["place"]] if "place" in first else None,
        holidays=first.get("holidays", "usual"),
        source=first.get("source", exercise),
        is_exercise="source" not in first,
        note=first.get("note", ""),
    )


def _load_route(told: Mapping[str, Any], organisations: Organisations) -> None:
    fields = {name: told[name] for name in ("full_name", "description", "source")}
    actions.ensure_route(organisations[told["owner"]], told["name"], actor=None, **fields)


def _load_zone(
    told: Mapping[str, Any], organisations: Organisations, functions: Mapping[tuple[str, str], Function]
) -> None:
    owner = organisations[told["owner"]]
    crs = owner.collaboration.working_crs
    actors = [(organisations[slug], functions[slug, name], "") for slug, name in told["actors"]]
    actions.ensure_zone(
        owner,
        ground.polygon(shapely.Polygon(told["polygon"]), crs=WGS_84, working_crs=crs),
        actor=None,
        actors=actors,
        is_approximate=True,
        **{name: told[name] for name in ("name", "kind", "valid_from", "note", "source")},
    )


def _load_responsibility(
    told: Mapping[str, Any],
    collaboration: Collaboration,
    organisations: Organisations,
    places: Mapping[str, Place],
) -> None:
    """One line of the register for each kind and place told; without kinds, for all objects."""
    kinds = {kind.code: kind for kind in lists.kinds(collaboration)}
    wanted: list[ObjectKind | None] = [kinds[code] for code in told.get("kinds", ())] or [None]
    grounds: list[Place | None] = [places[name] for name in told.get("places", ())] or [None]
    for kind in wanted:
        for place in grounds:
            actions.ensure_entry(
                organisations[told["organisation"]],
                actor=None,
                organisation=organisations[told["organisation"]],
                kind=kind,
                place=place,
                is_private=told.get("is_private", False),
                source=told["source"],
                note=told.get("note", ""),
            )
