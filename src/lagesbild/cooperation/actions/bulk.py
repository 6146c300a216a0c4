"""One change for several actions: all of them or none. Each is changed, kept and told as if it were changed alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction

from lagesbild.accounts.models import Membership, Organisation
from lagesbild.cooperation.actions import plan
from lagesbild.cooperation.actions.plan import ActionText
from lagesbild.cooperation.models import Action
from lagesbild.core.errors import UserError


@dataclass(frozen=True)
class Change:
    """What is to be different. Empty parts stay as they are. ``turn`` is start, done, write-off or reopen."""

    responsible: Organisation | None = None
    due_on: date | None = None
    add_type: str = ""
    turn: str = ""
    words: str = ""


class BulkRefused(Exception):
    """Nothing was changed: these could not be, each for its reason."""

    def __init__(self, problems: Sequence[tuple[Action, UserError]]) -> None:
        super().__init__(f"{len(problems)} actions")
        self.problems = tuple(problems)


@transaction.atomic
def change_many(membership: Membership, chosen: Sequence[tuple[Action, int]], change: Change) -> int:
    """Change all that were chosen, each with the version that was seen; how many.

    Taken in the order of their matters, so that two who change many never wait for each other.

    Raises:
        BulkRefused: some could not be changed, and so none was.
    """
    problems: list[tuple[Action, UserError]] = []
    for action, seen in sorted(chosen, key=lambda pair: (pair[0].matter_id or 0, pair[0].number)):
        try:
            with transaction.atomic():
                _change(membership, action, seen, change)
        except UserError as error:
            problems.append((action, error))
    if problems:
        raise BulkRefused(sorted(problems, key=lambda pair: pair[0].number))
    return len(chosen)


def _change(membership: Membership, action: Action, seen: int, change: Change) -> None:
    text = text_of(action)
    if change.responsible is not None and change.responsible != action.responsible:
        text = replace(text, responsible=change.responsible, function=None)
    if change.due_on is not None:
        text = replace(text, due_on=change.due_on)
    if change.add_type and change.add_type not in text.types:
        text = replace(text, types=[*text.types, change.add_type])
    now = plan.update_action(membership, action, text, seen=seen, note="" if change.turn else change.words)
    if change.turn == "start":
        plan.start_action(membership, now, seen=now.version)
    elif change.turn == "done":
        plan.complete_action(membership, now, note=change.words, seen=now.version)
    elif change.turn == "write-off":
        plan.write_off_action(membership, now, reason=change.words, seen=now.version)
    elif change.turn == "reopen":
        plan.reopen_action(membership, now, reason=change.words, seen=now.version)


def text_of(action: Action) -> ActionText:
    """What the action says now."""
    return ActionText(
        title=action.title,
        responsible=action.responsible,
        description=action.description,
        function=action.function,
        due_on=action.due_on,
        types=action.types,
        cost_sek=action.cost_sek,
        place=action.place,
        location=action.location,
        x=action.x,
        y=action.y,
        source=action.source,
        sharing=action.sharing,
    )
