"""The exercise matters of a world, raised and carried on as people do it. Loading again changes nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from lagesbild.accounts.models import Collaboration, Membership, Organisation
from lagesbild.cooperation.actions import closing, handling, plan, raising
from lagesbild.cooperation.actions.plan import ActionText
from lagesbild.cooperation.actions.raising import MatterText
from lagesbild.cooperation.models import Forum, Matter
from lagesbild.cooperation.queries.plan import open_actions_of
from lagesbild.core import clock
from lagesbild.places.models import Place
from lagesbild.worlds import queries
from lagesbild.worlds.description import World

FILE = "matters.toml"


def load(
    world: World, collaboration: Collaboration, organisations: Mapping[str, Organisation], forums: Mapping[str, Forum]
) -> None:
    """Those that are not there yet, oldest first; nothing if the world has none."""
    path = world.folder / FILE
    if not path.is_file():
        return
    told = sorted(tomllib.loads(path.read_text(encoding="utf-8"))["matters"], key=lambda each: -each["days_ago"])
    known = queries.matter_descriptions(collaboration)
    new = [each for each in told if each["description"] not in known]
    if new:
        _Loading(collaboration, organisations, forums).load(new)


class _Loading:
    """What the matters name, found once."""

    def __init__(
        self, collaboration: Collaboration, organisations: Mapping[str, Organisation], forums: Mapping[str, Forum]
    ) -> None:
        self.organisations, self.forums = organisations, forums
        self.places = queries.places_by_name(collaboration)
        self.people = queries.members_by_email(collaboration)
        self.now = clock.now()

    def load(self, told: list[dict[str, Any]]) -> None:
        for each in told:
            begun = self.now - timedelta(days=each["days_ago"])
            with clock.frozen(begun):
                matter = raising.raise_matter(self.people[each["by"]], self._text(each))
            for number, step in enumerate(each["steps"]):
                with clock.frozen(begun + timedelta(days=step["after_days"], minutes=number)):
                    STEPS[step["do"]](self, self.people[step["by"]], matter, step)

    def _text(self, told: Mapping[str, Any]) -> MatterText:
        place: Place | None = self.places[told["at"]] if "at" in told else None
        return MatterText(
            object_kind=told.get("kind", ""),
            title=told.get("title", ""),
            description=told["description"],
            concerns_staff=told.get("concerns_staff", False),
            place=place,
            location=told.get("location", ""),
            x=place.x + told.get("dx", 0) if place else None,
            y=place.y + told.get("dy", 0) if place else None,
            is_exercise=True,
        )

    def act(self, by: Membership, matter: Matter, step: Mapping[str, Any]) -> None:
        due_on = clock.today() + timedelta(days=step["due_days"])
        text = ActionText(step["title"], self.organisations[step["organisation"]], due_on=due_on, source="Övning")
        plan.create_action(by, text, matter=matter)

    def complete(self, by: Membership, matter: Matter, step: Mapping[str, Any]) -> None:
        for action in open_actions_of(matter):
            plan.complete_action(by, action, note=step["reason"])


Stepping = Callable[[_Loading, Membership, Matter, Mapping[str, Any]], object]
STEPS: dict[str, Stepping] = {
    "take-up": lambda _world, by, matter, step: handling.take_up(by, matter, note=step["reason"]),
    "carry-over": lambda _world, by, matter, _step: handling.carry_over(by, matter),
    "join": lambda _world, by, matter, step: raising.join(by, matter, words=step["reason"]),
    "lift": lambda world, by, matter, step: handling.lift(
        by, matter, to_forum=world.forums[step["to"]], reason=step["reason"]
    ),
    "responsible": lambda world, by, matter, step: handling.set_responsible(
        by, matter, world.organisations[step["organisation"]], why=step["reason"]
    ),
    "act": _Loading.act,
    "complete": _Loading.complete,
    "done": lambda _world, by, matter, step: closing.close_as_done(
        by, matter, reason=step["reason"], feedback=step["feedback"]
    ),
    "write-off": lambda _world, by, matter, step: closing.write_off(
        by, matter, reason=step["reason"], feedback=step["feedback"]
    ),
}
