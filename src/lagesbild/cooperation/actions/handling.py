"""What a forum does with a matter that it holds: take up, note, carry over, lift, hand down, find who answers."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Membership, Organisation
from lagesbild.actors.actions.responsibility import ask_who
from lagesbild.cooperation import responsible, telling
from lagesbild.cooperation.actions.raising import OPEN_TO_ALL, TITLE_LETTERS, MatterText
from lagesbild.cooperation.actions.steps import hold, step
from lagesbild.cooperation.models import Action, ActionChange, Forum, ForumLevel, Matter, StepKind
from lagesbild.cooperation.seeing import wide_enough, widened
from lagesbild.core import clock
from lagesbild.core.conflicts import bump
from lagesbild.core.errors import UserError

RANK = {ForumLevel.OPERATIONAL: 0, ForumLevel.MIXED: 1, ForumLevel.STRATEGIC: 2, ForumLevel.STEERING: 3}


def is_lift(holder: Forum, to_forum: Forum) -> bool:
    """Whether the way to this forum leads up. Forums beside the levels are reached both ways."""
    if ForumLevel.BESIDE in (holder.level, to_forum.level) or holder.lifts_to_id == to_forum.pk:
        return True
    return RANK[ForumLevel(to_forum.level)] > RANK[ForumLevel(holder.level)]


def is_hand_down(holder: Forum, to_forum: Forum) -> bool:
    """Whether the way leads down, or to another forum of the same level."""
    if ForumLevel.BESIDE in (holder.level, to_forum.level):
        return True
    return RANK[ForumLevel(to_forum.level)] <= RANK[ForumLevel(holder.level)]


def receivers(matter: Matter, kind: StepKind) -> QuerySet[Forum]:
    """The forums that the matter may be lifted or handed down to."""
    right_way = is_lift if kind == StepKind.LIFTED else is_hand_down
    others = Forum.objects.filter(collaboration=matter.collaboration_id, takes_matters=True, retired_on=None)
    found = [forum.pk for forum in others.exclude(pk=matter.holder_id) if right_way(matter.holder, forum)]
    return Forum.objects.filter(pk__in=found).order_by("name")


@transaction.atomic
def take_up(
    membership: Membership, matter: Matter, *, note: str = "", meeting_id: int | None = None, seen: int | None = None
) -> Matter:
    """The forum deals with the matter from now on; who answers for the object is looked up if nobody is known.

    When the register does not know either, the question goes to its queue, if all partners may see the matter.
    """
    held = hold(matter)
    found: dict[str, Any] = {}
    if held.responsible_id is None:
        answer = responsible.find(held.collaboration, held.object_kind, place=held.place, x=held.x, y=held.y)
        found = responsible.as_columns(answer)
        if answer.organisation is None and held.object_kind and held.sharing in OPEN_TO_ALL and _has_ground(held):
            ask_who(membership, held.object_kind, place=held.place, x=held.x, y=held.y)
    step(membership, held, StepKind.TAKEN_UP, seen=seen, reason=note, meeting_id=meeting_id, **found)
    return held


def _has_ground(matter: Matter) -> bool:
    return matter.place is not None or matter.x is not None


@transaction.atomic
def note(membership: Membership, matter: Matter, *, text: str, seen: int | None = None) -> Matter:
    """Write something down beside the path. Those who raised it are not told."""
    held = hold(matter)
    step(membership, held, StepKind.NOTED, seen=seen, reason=text)
    return held


@transaction.atomic
def carry_over(membership: Membership, matter: Matter, *, meeting_id: int | None = None) -> Matter:
    """It stays where it is and comes up at the next meeting. One tap: no reason, whoever was first."""
    held = hold(matter)
    step(membership, held, StepKind.CARRIED_OVER, meeting_id=meeting_id)
    return held


def lift(
    membership: Membership,
    matter: Matter,
    *,
    reason: str,
    to_forum: Forum | None = None,
    widen: bool = False,
    meeting_id: int | None = None,
    seen: int | None = None,
) -> Matter:
    """To the forum that this one lifts to, or to another on a higher level, with the reason.

    Raises:
        UserError: there is no such forum, or it could not see the matter and ``widen`` was not said.
    """
    move = partial(_move, membership, matter, StepKind.LIFTED, to_forum)
    return move(reason=reason, widen=widen, meeting_id=meeting_id, seen=seen)


def hand_down(
    membership: Membership,
    matter: Matter,
    *,
    reason: str,
    to_forum: Forum,
    widen: bool = False,
    seen: int | None = None,
) -> Matter:
    """To a forum on a lower level or beside, with the reason. Raises as `lift`."""
    return _move(membership, matter, StepKind.HANDED_DOWN, to_forum, reason=reason, widen=widen, seen=seen)


@transaction.atomic
def _move(
    membership: Membership,
    matter: Matter,
    kind: StepKind,
    to_forum: Forum | None,
    *,
    reason: str,
    widen: bool,
    seen: int | None,
    meeting_id: int | None = None,
) -> Matter:
    held = hold(matter)
    receiver = _receiver(held, kind, to_forum)
    changes: dict[str, Any] = {}
    if not wide_enough(held.sharing, receiver):
        if not widen:
            raise UserError(
                "matters.hidden_from_forum",
                _("The forum “{forum}” could not see the matter. Say that more may see it, or choose another forum."),
                "widen",
                forum=receiver.name,
            )
        changes["sharing"] = widened(held.sharing, receiver)
        _widen_actions(membership, held, receiver)
    step(membership, held, kind, seen=seen, to_forum=receiver, reason=reason, meeting_id=meeting_id, **changes)
    telling.of_arrival(held, but=membership)
    return held


def _receiver(matter: Matter, kind: StepKind, to_forum: Forum | None) -> Forum:
    receiver = to_forum or matter.holder.lifts_to
    if receiver is None or receiver.pk == matter.holder_id or receiver.collaboration_id != matter.collaboration_id:
        raise UserError("matters.no_other_forum", _("Choose another forum than the one that has the matter."), "forum")
    if not receiver.takes_matters or receiver.retired_on:
        raise UserError(
            "matters.forum_takes_none",
            _("The forum “{forum}” takes no matters. Choose another."),
            "forum",
            forum=receiver.name,
        )
    right_way = is_lift if kind == StepKind.LIFTED else is_hand_down
    if not right_way(matter.holder, receiver):
        raise UserError(
            "matters.wrong_way",
            _("The way from “{holder}” to “{forum}” leads the other way."),
            "forum",
            holder=matter.holder.name,
            forum=receiver.name,
        )
    return receiver


def _widen_actions(membership: Membership, matter: Matter, receiver: Forum) -> None:
    """What is done about a matter is seen by those who are to see the matter."""
    for action in Action.objects.select_for_update(no_key=True).filter(matter=matter).order_by("pk"):
        if wide_enough(action.sharing, receiver):
            continue
        before, after = action.sharing, widened(action.sharing, receiver)
        bump(action, action.version, sharing=after, changed_at=clock.now())
        ActionChange.objects.create(
            action=action,
            at=clock.now(),
            by=membership.user,
            organisation=membership.organisation,
            fields={"sharing": [before, after]},
        )


@transaction.atomic
def set_responsible(
    membership: Membership, matter: Matter, organisation: Organisation | None, *, why: str = "", seen: int | None = None
) -> Matter:
    """Say who answers for the object; None when it turns out that nobody is known."""
    if organisation is not None and organisation.collaboration_id != matter.collaboration_id:
        raise UserError(
            "matters.no_such_organisation", _("Choose an organisation of the collaboration."), "responsible"
        )
    held = hold(matter)
    step(
        membership,
        held,
        StepKind.RESPONSIBLE,
        seen=seen,
        reason=why,
        details={"organisation": organisation.name if organisation else ""},
        **responsible.by_word(organisation, why),
    )
    return held


@transaction.atomic
def change_text(membership: Membership, matter: Matter, text: MatterText, *, seen: int) -> Matter:
    """What the matter says and where it is. The step keeps what stood before. Who may see it is not changed here.

    Raises:
        EditConflict: someone else changed the matter since ``seen``.
    """
    held = hold(matter)
    wanted: dict[str, Any] = {
        "title": text.title.strip()[:TITLE_LETTERS] or held.title,
        "description": text.description,
        "object_kind": text.object_kind,
        "concerns_staff": text.concerns_staff,
        "place": text.place,
        "location": text.location,
        "x": text.x,
        "y": text.y,
    }
    before = {name: getattr(held, name) for name in wanted}
    changed: dict[str, Any] = {name: value for name, value in wanted.items() if before[name] != value}
    if not changed and seen == held.version:
        return held
    kept = {name: [_plain(before[name]), _plain(value)] for name, value in changed.items()}
    step(membership, held, StepKind.CHANGED, seen=seen, details={"fields": kept}, **changed)
    return held


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float) else str(value)
