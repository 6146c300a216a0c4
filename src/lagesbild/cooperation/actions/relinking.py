"""What an action belongs to is changed afterwards: the forum that follows it, the agreement, the matter.

Its matters follow: the one it leaves goes back to its forum when nothing else is open there, the one it comes to is
acted upon. Matters are held before their actions, the lower key first, as everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Membership, SharingLevel
from lagesbild.actors.models import Agreement
from lagesbild.cooperation import responsible
from lagesbild.cooperation.actions import plan
from lagesbild.cooperation.actions.plan import ActionText
from lagesbild.cooperation.actions.steps import hold, step
from lagesbild.cooperation.models import Action, Forum, Matter, MatterState, StepKind
from lagesbild.cooperation.queries.plan import OPEN_STATES, open_actions_of
from lagesbild.cooperation.words import MOVED
from lagesbild.core import clock
from lagesbild.core.conflicts import bump
from lagesbild.core.errors import UserError

OPEN_TO_ALL = (SharingLevel.PARTNERS, SharingLevel.PUBLIC)


@dataclass(frozen=True)
class Links:
    """What an action belongs to."""

    forum: Forum
    agreement: Agreement | None = None
    matter: Matter | None = None


@transaction.atomic
def change_action(
    membership: Membership, action: Action, text: ActionText, links: Links, *, seen: int, note: str = ""
) -> Action:
    """What the action says and belongs to from now on, both or neither. Nothing changed, nothing written.

    Raises:
        UserError: a matter is closed, or a forum or agreement is not of the collaboration.
        EditConflict: someone else changed the action since ``seen``.
    """
    matters = {each.pk: each for each in (action.matter, links.matter) if each is not None}
    held = {key: hold(matters[key]) for key in sorted(matters)}
    now = plan.update_action(membership, action, text, seen=seen, note=note)
    target = held[links.matter.pk] if links.matter else None
    return _relink(membership, now, links.forum, links.agreement, target, note=note if now.version == seen else "")


def _relink(
    membership: Membership,
    action: Action,
    forum: Forum,
    agreement: Agreement | None,
    matter: Matter | None,
    *,
    note: str,
) -> Action:
    wanted = {"forum": forum, "agreement": agreement, "matter": matter}
    before: dict[str, Any] = {name: getattr(action, name) for name in wanted}
    changed = {name: value for name, value in wanted.items() if before[name] != value}
    if not changed:
        return action
    _check(action, changed)
    bump(action, action.version, changed_at=clock.now(), **changed)
    kept = {name: [_shown(before[name], action), _shown(value, action)] for name, value in changed.items()}
    plan.keep(membership, action, kept, "actions.changed", note=note)
    if "matter" in changed and action.state in OPEN_STATES:
        _leave(membership, action, before["matter"])
        _come_to(membership, action, matter)
    return action


def _check(action: Action, changed: dict[str, Any]) -> None:
    for name, value in changed.items():
        if value is not None and value.collaboration_id != action.collaboration_id:
            raise UserError("actions.foreign_link", _("Choose one of this collaboration."), name)
    forum = changed.get("forum")
    if forum is not None and forum.retired_on:
        raise UserError("actions.forum_retired", _("The forum “{forum}” has ended."), "forum", forum=forum.name)
    for matter in (action.matter, changed["matter"]) if "matter" in changed else ():
        if matter is not None and not matter.is_open:
            raise UserError(
                "actions.matter_closed",
                _("Matter no. {number} is closed. Open it first."),
                "matter_number",
                number=matter.number,
            )


def _leave(membership: Membership, action: Action, matter: Matter | None) -> None:
    if matter is not None:
        to = MatterState.ACTING if open_actions_of(matter).exists() else MatterState.HANDLED
        step(membership, matter, StepKind.ACTION_ENDED, to=to, details={"action": action.number, "state": MOVED})


def _come_to(membership: Membership, action: Action, matter: Matter | None) -> None:
    if matter is not None:
        found: dict[str, Any] = {} if matter.responsible_id else responsible.by_word(action.responsible)
        step(membership, matter, StepKind.ACTING, details={"action": action.number}, **found)


def _shown(value: Forum | Agreement | Matter | None, action: Action) -> str | int:
    """As the history says it to all who see the action: of a matter its number, of an agreement what they may read."""
    if value is None:
        return ""
    if isinstance(value, Matter):
        return value.number
    if isinstance(value, Agreement) and value.sharing not in OPEN_TO_ALL:
        same = (value.sharing, value.owner_id) == (action.sharing, action.owner_id)
        return value.title if same else "…"
    return str(value)
