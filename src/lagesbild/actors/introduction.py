"""The five-minute introduction: for a place and a function, written anew from what is known each time it is read.

Nothing here is typed for the introduction itself, so nothing in it grows old.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from lagesbild.accounts.models import Membership
from lagesbild.actors import agreements, directory
from lagesbild.actors.gathering import Candidate, Ground, HelpData, gather
from lagesbild.actors.help_now import Asked, HelpAnswer, Helper, who_can_help
from lagesbild.actors.models import CaseRoute, Commitment

WORDS_PER_MINUTE = 200


@dataclass(frozen=True)
class Introduction:
    """Everything that somebody new should know, with how long it takes to read."""

    data: HelpData
    me: Candidate | None
    place: Ground | None
    zones: list[Ground]
    mine: Helper | None
    by_situation: list[tuple[str, list[Helper]]]
    routes: list[CaseRoute]
    commitments: list[Commitment]
    functions: list[Candidate] = field(default_factory=list)
    places: list[Ground] = field(default_factory=list)

    @property
    def minutes(self) -> int:
        """Reading time."""
        texts = [self.me.task, self.me.limits] if self.me else []
        texts += [each.candidate.name for _name, helpers in self.by_situation for each in helpers]
        texts += [route.description for route in self.routes] + [each.text for each in self.commitments]
        return max(1, math.ceil(sum(len(text.split()) for text in texts) / WORDS_PER_MINUTE))


def introduce(membership: Membership, *, function: str, place: str) -> Introduction:
    """For the function (its key; one's own if empty) at the place (its key, or anywhere)."""
    data = gather(membership)
    key = int(function) if function.isdecimal() else membership.function_id
    me = next((each for each in data.candidates if each.id == key), None)
    ground = data.place(int(place)) if place.isdecimal() else None
    asked = Asked(place=ground.id, x=ground.x, y=ground.y) if ground else Asked()
    everyone = who_can_help(data, asked)
    return Introduction(
        data=data,
        me=me,
        place=ground,
        zones=[zone for zone in data.zones if ground and zone.holds(ground.x, ground.y)],
        mine=next((each for each in _all(everyone) if each.candidate.id == key), None),
        by_situation=_by_situation(data, ground, key),
        routes=directory.routes_of(membership, contacts=False),
        commitments=_commitments(membership, me),
        functions=sorted(data.candidates, key=lambda each: (each.organisation, each.name)),
        places=sorted(data.places, key=lambda each: each.name),
    )


def _all(answer: HelpAnswer) -> list[Helper]:
    return [*answer.on_duty, *answer.off_duty, *answer.unknown, *answer.not_here]


def _by_situation(data: HelpData, ground: Ground | None, me: int) -> list[tuple[str, list[Helper]]]:
    """For each situation who takes care of it here, the first four in order, without oneself."""
    found = []
    for situation in data.situations:
        place = {"place": ground.id, "x": ground.x, "y": ground.y} if ground else {}
        answer = who_can_help(data, Asked(situation=situation.code, **place))  # type: ignore[arg-type]
        helpers = [*answer.on_duty, *answer.off_duty, *answer.unknown]
        chosen = sorted((each for each in helpers if each.candidate.id != me), key=lambda each: each.order)[:4]
        if chosen:
            found.append((situation.name, chosen))
    return found


def _commitments(membership: Membership, me: Candidate | None) -> list[Commitment]:
    """What the organisation of the function has taken upon itself."""
    if me is None:
        return []
    return list(agreements.commitments_of_slug(membership, me.organisation_slug))
