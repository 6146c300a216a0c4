"""The action plan: actions are decided, changed, started, ended and taken up again. Every change is kept.

An action of a matter follows it: the first one makes the matter *acting*, the end of the last one gives it back to its
forum. Matters are held before their actions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Collaboration, Function, Membership, Organisation, SharingLevel
from lagesbild.cooperation import responsible, telling
from lagesbild.cooperation.actions.steps import hold, next_number, step
from lagesbild.cooperation.models import Action, ActionChange, ActionState, ActionType, Forum, Matter, StepKind
from lagesbild.cooperation.models.matters import MatterState
from lagesbild.cooperation.queries.plan import OPEN_STATES, open_actions_of
from lagesbild.core import audit, clock
from lagesbild.core.conflicts import EditConflict, bump
from lagesbild.core.errors import UserError
from lagesbild.places.models import Place


@dataclass(frozen=True)
class ActionText:
    """What an action says. ``types`` are values of `ActionType`; without ``sharing`` it is seen as its matter is."""

    title: str
    responsible: Organisation
    description: str = ""
    function: Function | None = None
    due_on: date | None = None
    types: Sequence[str] = ()
    cost_sek: Decimal | None = None
    place: Place | None = None
    location: str = ""
    x: float | None = None
    y: float | None = None
    source: str = ""
    sharing: str = ""


@transaction.atomic
def create_action(
    membership: Membership,
    text: ActionText,
    *,
    matter: Matter | None = None,
    forum: Forum | None = None,
    meeting_id: int | None = None,
    agreement_id: int | None = None,
    seen: int | None = None,
) -> Action:
    """Decide that something is to be done. With ``matter``, its raisers are told; ``seen`` is the matter's version.

    Without ``forum`` the holder of the matter follows it. The responsible organisation owns it and is told.

    Raises:
        UserError: the matter is closed, or the text does not hold together.
        EditConflict: the matter has changed since ``seen``.
    """
    held = hold(matter) if matter is not None else None
    follower = forum or (held.holder if held else None)
    if follower is None or follower.collaboration_id != membership.collaboration_id:
        raise UserError("actions.no_forum", _("Say which forum follows the action."), "forum")
    fields = _fields(membership, text, held)
    action = Action(
        collaboration=membership.collaboration,
        number=next_number(Action, membership.collaboration),
        matter=held,
        forum=follower,
        meeting_id=meeting_id,
        agreement_id=agreement_id,
        created_at=clock.now(),
        changed_at=clock.now(),
        **fields,
    )
    action.clean_fields(exclude=[field.name for field in action._meta.fields if field.name not in fields])
    action.save()
    keep(membership, action, {"state": ["", action.state]}, "actions.created")
    if held is not None:
        found: dict[str, Any] = {} if held.responsible_id else responsible.by_word(text.responsible)
        step(membership, held, StepKind.ACTING, seen=seen, details={"action": action.number}, **found)
    telling.of_assignment(action, but=membership)
    return action


@transaction.atomic
def update_action(membership: Membership, action: Action, text: ActionText, *, seen: int, note: str = "") -> Action:
    """What the action says from now on; what it said before is kept. Nothing changed, nothing written.

    Raises:
        EditConflict: someone else changed the action since ``seen``.
    """
    held = _hold(action)
    wanted = _fields(membership, text, held.matter)
    before = {name: getattr(held, name) for name in wanted}
    changed = {name: value for name, value in wanted.items() if before[name] != value}
    if not changed and seen == held.version:
        return held
    bump(held, seen, changed_at=clock.now(), **changed)
    kept = {name: [_plain(before[name]), _plain(value)] for name, value in changed.items() if name != "owner"}
    keep(membership, held, kept, "actions.changed", note=note)
    if "responsible" in changed:
        telling.of_assignment(held, but=membership)
    return held


def start_action(membership: Membership, action: Action, *, seen: int | None = None) -> Action:
    """Somebody has begun."""
    return _turn(membership, action, ActionState.ONGOING, (ActionState.PLANNED,), seen=seen)


def complete_action(
    membership: Membership, action: Action, *, note: str = "", on: date | None = None, seen: int | None = None
) -> Action:
    """It is done. The matter returns to its forum when this was its last open action."""
    ended = on or clock.today(membership.collaboration.time_zone)
    return _turn(membership, action, ActionState.DONE, OPEN_STATES, note=note, ended_on=ended, seen=seen)


def write_off_action(membership: Membership, action: Action, *, reason: str, seen: int | None = None) -> Action:
    """It will not be done, for this reason."""
    if not reason.strip():
        raise UserError("actions.reason_missing", _("Write why it is not done."), "reason")
    ended = clock.today(membership.collaboration.time_zone)
    return _turn(membership, action, ActionState.WRITTEN_OFF, OPEN_STATES, note=reason, ended_on=ended, seen=seen)


def reopen_action(membership: Membership, action: Action, *, reason: str, seen: int | None = None) -> Action:
    """It was not done after all. Its matter must be open."""
    if not reason.strip():
        raise UserError("actions.reason_missing", _("Write why it is taken up again."), "reason")
    ended = (ActionState.DONE, ActionState.WRITTEN_OFF)
    return _turn(membership, action, ActionState.ONGOING, ended, note=reason, ended_on=None, seen=seen)


@transaction.atomic
def set_dependencies(membership: Membership, action: Action, others: Sequence[Action], *, seen: int) -> Action:
    """What must be done before this can be.

    Raises:
        UserError: one of them, directly or through others, waits for this one.
    """
    held = _hold(action)
    Collaboration.objects.select_for_update(no_key=True).get(pk=held.collaboration_id)  # two could close a circle
    before = sorted(held.depends_on.values_list("number", flat=True))
    after = sorted(other.number for other in others)
    if _waits_for(held, others):
        raise UserError("actions.circle", _("The actions would wait for each other."), "depends_on")
    if before == after and seen == held.version:
        return held
    bump(held, seen, changed_at=clock.now())
    held.depends_on.set(others)
    keep(membership, held, {"depends_on": [before, after]}, "actions.changed")
    return held


def _waits_for(action: Action, others: Sequence[Action]) -> bool:
    """Whether one of the others is the action itself or depends on it, however far away."""
    links: dict[int, list[int]] = {}
    for waiting, needed in Action.depends_on.through.objects.filter(
        from_action__collaboration=action.collaboration_id
    ).values_list("from_action", "to_action"):
        links.setdefault(waiting, []).append(needed)
    todo, known = [other.pk for other in others], set()
    while todo:
        key = todo.pop()
        if key == action.pk:
            return True
        if key not in known:
            known.add(key)
            todo += links.get(key, [])
    return False


@transaction.atomic
def _turn(
    membership: Membership,
    action: Action,
    state: ActionState,
    allowed: Sequence[ActionState],
    *,
    seen: int | None,
    note: str = "",
    **changes: Any,
) -> Action:
    held = _hold(action)
    if seen is not None and seen != held.version:
        bump(held, seen)  # says what stands now
    if held.state not in allowed:
        raise UserError(
            "actions.not_now",
            _("This cannot be done now. The state of the action is “{state}”."),
            state=ActionState(held.state).label,
        )
    if held.matter is not None and not held.matter.is_open and state in OPEN_STATES:
        raise UserError(
            "actions.matter_closed", _("Matter no. {number} is closed. Open it first."), number=held.matter.number
        )
    before = held.state
    reason = note.strip() if "ended_on" in changes else held.ending_reason
    bump(held, held.version, state=state, changed_at=clock.now(), ending_reason=reason, **changes)
    keep(membership, held, {"state": [before, state.value]}, "actions.turned", note=note)
    _tell_matter(membership, held, was_open=before in OPEN_STATES)
    return held


def _tell_matter(membership: Membership, action: Action, *, was_open: bool) -> None:
    """The matter follows when an action ends or begins again."""
    matter, is_open = action.matter, action.state in OPEN_STATES
    if matter is None or not matter.is_open or was_open == is_open:
        return
    details = {"action": action.number, "state": action.state}
    if is_open:
        step(membership, matter, StepKind.ACTING, details=details)
    else:
        left = open_actions_of(matter).exists()
        to = MatterState.ACTING if left else MatterState.HANDLED
        step(membership, matter, StepKind.ACTION_ENDED, to=to, details=details)


def _hold(action: Action) -> Action:
    """The action as it stands now, held after its matter; the matter it belongs to is the held one."""
    matter = hold(action.matter) if action.matter is not None else None
    rows = Action.objects.select_for_update(of=("self",), no_key=True)
    held = rows.select_related("collaboration", "owner", "responsible", "forum", "function", "place").get(pk=action.pk)
    if held.matter_id != (matter.pk if matter else None):
        raise EditConflict(held)  # it was moved to another matter at this moment
    held.matter = matter
    return held


def _fields(membership: Membership, text: ActionText, matter: Matter | None) -> dict[str, Any]:
    """The columns that the text fills."""
    if text.responsible.collaboration_id != membership.collaboration_id:
        raise UserError(
            "actions.no_such_organisation", _("Choose an organisation of the collaboration."), "responsible"
        )
    if text.function is not None and text.function.organisation_id != text.responsible.pk:
        raise UserError("actions.other_function", _("The function belongs to another organisation."), "function")
    unknown = sorted(set(text.types) - set(ActionType.values))
    if unknown:
        raise UserError("actions.unknown_type", _("There is no type “{types}”."), "types", types=", ".join(unknown))
    if not text.title.strip():
        raise UserError("actions.title_missing", _("Say what is to be done."), "title")
    return {
        "owner": text.responsible,
        "sharing": text.sharing or (matter.sharing if matter else SharingLevel.PARTNERS),
        "title": text.title.strip(),
        "description": text.description,
        "responsible": text.responsible,
        "function": text.function,
        "due_on": text.due_on,
        "types": sorted(set(text.types)),
        "cost_sek": text.cost_sek,
        "place": text.place or (matter.place if matter else None),
        "location": text.location or (matter.location if matter else ""),
        "x": text.x if text.x is not None else (matter.x if matter else None),
        "y": text.y if text.y is not None else (matter.y if matter else None),
        "source": text.source,
    }


def keep(membership: Membership, action: Action, fields: dict[str, Any], code: str, *, note: str = "") -> None:
    """Add to the history what changed."""
    ActionChange.objects.create(
        action=action,
        at=clock.now(),
        by=membership.user,
        organisation=membership.organisation,
        note=note.strip(),
        fields=fields,
    )
    audit.record(
        code,
        action,
        actor=membership.user,
        collaboration=membership.collaboration.slug,
        number=action.number,
        fields=sorted(fields),
    )


def _plain(value: Any) -> Any:
    """As it may stand in JSON and be read by people."""
    if value is None or isinstance(value, bool | int | float | str | list):
        return value
    return str(value)
