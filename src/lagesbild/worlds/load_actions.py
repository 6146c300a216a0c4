"""The measures that a world's report tells of, as done actions of the plan. Loading again changes nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime, time
from zoneinfo import ZoneInfo

from lagesbild.accounts.models import Collaboration, Organisation
from lagesbild.accounts.queries import organisation_named
from lagesbild.cooperation.actions import plan
from lagesbild.cooperation.actions.plan import ActionText
from lagesbild.cooperation.models import Forum
from lagesbild.core import clock
from lagesbild.worlds import queries
from lagesbild.worlds.description import World

FILE = "actions.toml"


def load(world: World, collaboration: Collaboration, forums: Mapping[str, Forum]) -> None:
    """Those of ``actions.toml`` that are not there yet; nothing if the world has none."""
    path = world.folder / FILE
    if not path.is_file():
        return
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    known = queries.action_titles(collaboration, told["source"])
    new = [each for each in told["actions"] if each["title"] not in known]
    if not new:
        return
    by = queries.members_by_email(collaboration)[told["by"]]
    places = queries.places_by_name(collaboration)
    ended_at = datetime.combine(told["ended_on"], time(12), ZoneInfo(collaboration.time_zone))
    with clock.frozen(ended_at):
        for each in new:
            text = ActionText(
                each["title"],
                _organisation(collaboration, each["responsible"]),
                description=told["description"],
                types=[*told["types"], *each.get("types", ())],
                place=places[each["at"]] if "at" in each else None,
                location=each.get("location", ""),
                source=told["source"],
            )
            action = plan.create_action(by, text, forum=forums[told["forum"]])
            plan.complete_action(by, action, note=told["note"], on=told["ended_on"])


def _organisation(collaboration: Collaboration, slug: str) -> Organisation:
    found = organisation_named(collaboration, slug)
    if found is None:
        raise KeyError(f"{FILE}: {slug!r} is no organisation of {collaboration.slug}")
    return found
