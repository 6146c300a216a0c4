"""Agreements, promises, communication, success factors and interviews of a world. Again changes nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from lagesbild.accounts.models import Collaboration, Organisation
from lagesbild.actors import actions, lists
from lagesbild.places.models import Place
from lagesbild.worlds.description import World

FILE = "actors_agreements.toml"
AFTER_HANDBOOK = 100

Organisations = Mapping[str, Organisation]


def load(world: World, collaboration: Collaboration, organisations: Organisations, places: Mapping[str, Place]) -> None:
    """What the file tells; nothing for a world without it."""
    file = world.folder / FILE
    if not file.is_file():
        return
    told = tomllib.loads(file.read_text(encoding="utf-8"))
    for each in told["agreements"]:
        _load_agreement(each, organisations)
    for each in told["promises"]:
        _load_promise(each, organisations, places)
    for each in told["communications"]:
        fields = {name: value for name, value in each.items() if name != "owner"}
        actions.ensure_communication(organisations[each["owner"]], actor=None, **fields)
    for each in told["factors"]:
        _load_factors(each, collaboration)
    _load_interviews(told, collaboration, organisations)


def _load_agreement(told: Mapping[str, Any], organisations: Organisations) -> None:
    plain = ("title", "purpose", "goals", "valid_from", "valid_to", "source")
    actions.ensure_agreement(
        organisations[told["owner"]],
        actor=None,
        parties=[organisations[slug] for slug in told["parties"]],
        commitments=[
            {"organisation": organisations[slug], "text": text, "citation": citation, "status": status, "follow_up": up}
            for slug, text, citation, status, up in told["commitments"]
        ],
        **{name: told[name] for name in plain if name in told},
    )


def _load_promise(told: Mapping[str, Any], organisations: Organisations, places: Mapping[str, Place]) -> None:
    plain = ("text", "given_on", "due_on", "status", "sharing", "is_exercise", "source")
    actions.ensure_promise(
        organisations[told["owner"]],
        actor=None,
        place=places[told["place"]],
        progress=[{"on": on, "text": text} for on, text in told["progress"]],
        **{name: told[name] for name in plain if name in told},
    )


def _load_factors(told: Mapping[str, Any], collaboration: Collaboration) -> None:
    for number, (name, name_en) in enumerate(told["names"], start=1):
        actions.ensure_factor(
            collaboration,
            f"{collaboration.slug}-{number}",
            actor=None,
            collection=told["collection"],
            name=name,
            name_en=name_en,
            citation=told["citation"],
            order=AFTER_HANDBOOK + number,
        )


def _load_interviews(told: Mapping[str, Any], collaboration: Collaboration, organisations: Organisations) -> None:
    functions = {(each.organisation_id, each.name): each for each in lists.functions(collaboration)}
    for each in told["interviews"]:
        organisation = organisations[each["organisation"]]
        fields = {name: value for name, value in each.items() if name not in ("organisation", "function")}
        actions.ensure_interview(
            organisation, actor=None, function=functions[organisation.pk, each["function"]], **fields
        )
