"""What every change of a matter does: hold the row, check the table, add the step, tell the raisers."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Collaboration, Membership
from lagesbild.cooperation import telling
from lagesbild.cooperation.models import Action, Feedback, Forum, Matter, MatterState, Step, StepKind
from lagesbild.cooperation.seeing import sees
from lagesbild.cooperation.transitions import TRANSITIONS, next_states
from lagesbild.core import audit, clock
from lagesbild.core.conflicts import bump
from lagesbild.core.errors import UserError

Numbered = TypeVar("Numbered", Matter, Action)


def hold(matter: Matter) -> Matter:
    """The matter as it stands now, held until the transaction ends. The first thing an action does.

    Matters are held before the collaboration (for a number) and before actions, so that two never wait for each other.
    """
    held = Matter.objects.select_for_update(of=("self",), no_key=True)
    return held.select_related("collaboration", "owner", "holder__convenor").get(pk=matter.pk)


def next_number(model: type[Numbered], collaboration: Collaboration) -> int:
    """The number after the highest; the collaboration is held, so that nobody else gets it and none is left out."""
    Collaboration.objects.select_for_update(no_key=True).get(pk=collaboration.pk)
    rows: Any = model._default_manager.filter(collaboration=collaboration)
    return (rows.aggregate(highest=Max("number"))["highest"] or 0) + 1


def step(
    membership: Membership | None,
    matter: Matter,
    kind: StepKind,
    *,
    seen: int | None = None,
    to: MatterState | None = None,
    to_forum: Forum | None = None,
    reason: str = "",
    words: str | None = None,
    meeting_id: int | None = None,
    details: dict[str, Any] | None = None,
    **changes: Any,
) -> Step:
    """Take one step with a matter that is held: store ``changes``, add the step, tell the raisers.

    ``to`` chooses among the states that the table allows; ``words`` is what the raisers who may see the matter are
    told (the reason, unless said). ``seen`` is the version that the person saw.

    Raises:
        UserError: the step cannot be taken now, or needs a reason.
        EditConflict: the matter has changed since ``seen``.
    """
    now = clock.now()
    from_forum, state = matter.holder, _state_after(matter, kind, to, seen=seen)
    if TRANSITIONS[kind].needs_reason and not reason.strip():
        raise UserError("matters.reason_missing", _("Write why, so that those who wait can understand it."), "reason")
    if to_forum is not None:
        changes |= {"holder": to_forum, "held_since": now}
    if not TRANSITIONS[kind].rests:
        changes["changed_at"] = now
    bump(matter, matter.version if seen is None else seen, state=state, **changes)
    made = Step.objects.create(
        matter=matter,
        at=now,
        kind=kind,
        by=membership.user if membership else None,
        organisation=membership.function.organisation if membership else None,
        from_forum=from_forum if to_forum else None,
        to_forum=to_forum,
        meeting_id=meeting_id,
        reason=reason.strip(),
        details=details or {},
    )
    if TRANSITIONS[kind].tells:
        tell_raisers(membership, matter, made, words=reason if words is None else words)
    audit.record(
        f"matters.{kind.value}",
        matter,
        actor=membership.user if membership else None,
        collaboration=matter.collaboration.slug,
        number=matter.number,
        fields=sorted(changes),
    )
    return made


def _state_after(matter: Matter, kind: StepKind, to: MatterState | None, *, seen: int | None) -> MatterState:
    if seen is not None and seen != matter.version:
        bump(matter, seen)  # says what stands now
    allowed = next_states(kind, matter.state)
    if not allowed:
        raise UserError(
            "matters.not_now",
            _("This cannot be done now. The state of the matter is “{state}”."),
            state=MatterState(matter.state).label,
        )
    if to is not None and to not in allowed:
        raise RuntimeError(f"A step {kind.value} does not lead from {matter.state} to {to}.")
    return to or allowed[0]


def tell_raisers(membership: Membership | None, matter: Matter, made: Step, *, words: str) -> None:
    """Keep what each raiser is told, in words of their own level of secrecy, and send them word of it."""
    raisers = list(matter.raisers.select_related("membership__function__organisation", "membership__user"))
    for raiser in raisers:
        full = sees(raiser.membership, matter)
        Feedback.objects.create(
            raiser=raiser, step=made, is_full=full, text=words.strip() if full else "", sent_at=made.at
        )
    audit.record(
        "matters.told",
        matter,
        actor=membership.user if membership else None,
        collaboration=matter.collaboration.slug,
        step=made.pk,
        count=len(raisers),
    )
    telling.of_step(matter, made, [raiser.membership for raiser in raisers if raiser.membership != membership])
