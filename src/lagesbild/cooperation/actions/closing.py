"""How a matter ends and begins again: done, written off, reopened."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Membership
from lagesbild.cooperation import telling
from lagesbild.cooperation.actions.steps import hold, step
from lagesbild.cooperation.models import Forum, Matter, StepKind
from lagesbild.cooperation.queries.plan import open_actions_of
from lagesbild.cooperation.seeing import wide_enough
from lagesbild.core import clock
from lagesbild.core.errors import UserError

ASK_AFTER = timedelta(weeks=4)  # long enough that a lamp which goes out again has had time to


def close_as_done(
    membership: Membership, matter: Matter, *, reason: str, feedback: str, seen: int | None = None
) -> Matter:
    """The matter is solved. Everybody who raised it is told in the same transaction, and asked in four weeks.

    Raises:
        UserError: reason or feedback is missing, or an action is still open.
        EditConflict: the matter has changed since ``seen``.
    """
    ask_on = clock.today(matter.collaboration.time_zone) + ASK_AFTER
    return _close(membership, matter, StepKind.DONE, reason=reason, feedback=feedback, seen=seen, ask_on=ask_on)


def write_off(membership: Membership, matter: Matter, *, reason: str, feedback: str, seen: int | None = None) -> Matter:
    """Nothing more is done. Raises as `close_as_done`."""
    return _close(membership, matter, StepKind.WRITTEN_OFF, reason=reason, feedback=feedback, seen=seen)


@transaction.atomic
def _close(
    membership: Membership,
    matter: Matter,
    kind: StepKind,
    *,
    reason: str,
    feedback: str,
    seen: int | None,
    **changes: Any,
) -> Matter:
    held = hold(matter)
    if not feedback.strip():
        raise UserError(
            "matters.feedback_missing", _("Write what those who raised the matter are to be told."), "feedback"
        )
    open_actions = list(open_actions_of(held))
    if open_actions and held.is_open:
        raise UserError(
            "matters.open_actions",
            _("Actions are still open: {actions}. End each of them first, as done or written off."),
            actions=", ".join(f"#{action.number}" for action in open_actions),
        )
    step(
        membership,
        held,
        kind,
        seen=seen,
        reason=reason,
        words=feedback,
        details={"feedback": feedback.strip()},
        closed_at=clock.now(),
        closing_reason=reason.strip(),
        times_asked=0,
        **changes,
    )
    return held


@transaction.atomic
def reopen(membership: Membership, matter: Matter, *, reason: str, seen: int | None = None) -> Matter:
    """Begin again, in the forum that had it. Owner, responsible organisation and convenor are told, and all raisers."""
    held = hold(matter)
    reopen_held(membership, held, reason=reason, seen=seen)
    return held


def reopen_held(membership: Membership | None, matter: Matter, *, reason: str, seen: int | None = None) -> None:
    """The same for a matter that is held already, within the transaction of what made it necessary."""
    if matter.joined_into is not None:
        raise UserError(
            "matters.reopen_the_other",
            _("This matter has been put together with no. {number}. Open that one."),
            number=matter.joined_into.number,
        )
    step(
        membership,
        matter,
        StepKind.REOPENED,
        seen=seen,
        to_forum=_home(matter),
        reason=reason,
        closed_at=None,
        closing_reason="",
        ask_on=None,
        times_asked=0,
    )
    matter.raisers.update(asked_at=None, answered_at=None, fixed=None)
    telling.of_reopening(matter, but=membership)


def _home(matter: Matter) -> Forum:
    """The forum that had it, or the entry if that one takes no matters any more and the entry may see it."""
    if matter.holder.takes_matters and matter.holder.retired_on is None:
        return matter.holder
    entry = Forum.objects.filter(collaboration=matter.collaboration_id, is_entry=True, retired_on=None).first()
    return entry if entry is not None and wide_enough(matter.sharing, entry) else matter.holder
