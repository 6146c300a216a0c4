"""The forums of a world with members and agendas, stored through the actions of ``cooperation``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from lagesbild.accounts import actions as accounts
from lagesbild.accounts.models import Collaboration, Function, Organisation
from lagesbild.accounts.queries import organisation_named
from lagesbild.cooperation.actions.forums import ForumText, MemberText, ensure_forum
from lagesbild.cooperation.agendas import PointText
from lagesbild.cooperation.models import Forum
from lagesbild.cooperation.queries.forums import function_named
from lagesbild.worlds.description import World

FILE = "forums.toml"
PLAIN = (
    *("name", "level", "purpose", "takes_matters", "is_entry", "rhythm", "rhythm_text", "first_on", "starts_at"),
    *("duration_minutes", "skips_holidays", "room", "source"),
)


def load(world: World, collaboration: Collaboration) -> dict[str, Forum]:
    """The forums of ``forums.toml`` by slug; nothing for a world without one."""
    file = world.folder / FILE
    if not file.is_file():
        return {}
    told = tomllib.loads(file.read_text(encoding="utf-8"))
    for each in told.get("organisations", ()):
        accounts.ensure_organisation(collaboration, each["slug"], name=each["name"], actor=None)
    forums: dict[str, Forum] = {}
    for each in told["forums"]:
        forums[each["slug"]] = _load_forum(each, collaboration, forums)
    return forums


def _load_forum(told: Mapping[str, Any], collaboration: Collaboration, above: Mapping[str, Forum]) -> Forum:
    text = ForumText(
        **{name: told[name] for name in PLAIN if name in told},
        convenor=_function(collaboration, told["convenor"]),
        deputy=_function(collaboration, told["deputy"]) if "deputy" in told else None,
        lifts_to=above[told["lifts_to"]] if "lifts_to" in told else None,
    )
    members = [member for each in told.get("members", ()) for member in _members(collaboration, each)]
    return ensure_forum(
        collaboration,
        _organisation(collaboration, told["owner"]),
        text,
        slug=told["slug"],
        members=members,
        points=[PointText(**point) for point in told.get("agenda", ())],
        points_source=told.get("agenda_source", ""),
        actor=None,
    )


def _members(collaboration: Collaboration, told: Mapping[str, Any]) -> list[MemberText]:
    organisation = _organisation(collaboration, told["organisation"])
    names: Sequence[str | None] = told.get("functions", (None,))
    said = {name: told[name] for name in ("participation", "note", "from_on") if name in told}
    return [
        MemberText(
            organisation=organisation,
            function=_function(collaboration, (told["organisation"], name)) if name else None,
            **said,
        )
        for name in names
    ]


def _organisation(collaboration: Collaboration, slug: str) -> Organisation:
    found = organisation_named(collaboration, slug)
    if found is None:
        raise KeyError(f"{FILE}: {slug!r} is no organisation of {collaboration.slug}")
    return found


def _function(collaboration: Collaboration, named: Sequence[str]) -> Function:
    slug, name = named
    found = function_named(collaboration, slug, name)
    if found is None:
        raise KeyError(f"{FILE}: {name!r} is no function of {slug}")
    return found
