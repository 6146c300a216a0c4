"""What a person may do with a matter or an action, as the buttons of its page offer it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lagesbild.cooperation.models import Action, ActionState, Matter, MatterState, StepKind
from lagesbild.cooperation.transitions import may_follow


@dataclass(frozen=True, eq=False)  # its label, and so its hash, would change with the language
class Deed:
    """``code`` is its address. With ``at_once`` one tap does it; otherwise a form asks for what is needed."""

    code: str
    kind: StepKind
    label: str | Promise
    at_once: bool = False


TAKE_UP = Deed("take-up", StepKind.TAKEN_UP, _("Take up"), at_once=True)
LIFT = Deed("lift", StepKind.LIFTED, _("Lift"))
HAND_DOWN = Deed("hand-down", StepKind.HANDED_DOWN, _("Hand down"))
CARRY_OVER = Deed("carry-over", StepKind.CARRIED_OVER, _("Carry over to the next meeting"), at_once=True)
RESPONSIBLE = Deed("responsible", StepKind.RESPONSIBLE, _("Say who answers for it"))
ACT = Deed("act", StepKind.ACTING, _("Decide an action"))
DONE = Deed("done", StepKind.DONE, _("Close as done"))
WRITE_OFF = Deed("write-off", StepKind.WRITTEN_OFF, _("Write off"))
REOPEN = Deed("reopen", StepKind.REOPENED, _("Open again"))
NOTE = Deed("note", StepKind.NOTED, _("Note"))
MERGE = Deed("merge", StepKind.MERGED, _("Put together with another"))
TEXT = Deed("text", StepKind.CHANGED, _("Change the text"))
DEEDS = {
    deed.code: deed
    for deed in (
        TAKE_UP, LIFT, HAND_DOWN, CARRY_OVER, RESPONSIBLE, ACT, DONE, WRITE_OFF, REOPEN, NOTE, MERGE, TEXT,
    )
}  # fmt: skip


def next_deeds(matter: Matter) -> tuple[list[Deed], list[Deed]]:
    """What lies nearest, as large buttons, and what else may be done now."""
    if matter.joined_into_id:
        return [], [NOTE]
    nearest = {
        MatterState.RAISED: [TAKE_UP, LIFT, ACT],
        MatterState.HANDLED: [ACT, LIFT, DONE],
        MatterState.ACTING: [ACT, CARRY_OVER],
        MatterState.DONE: [REOPEN],
        MatterState.WRITTEN_OFF: [REOPEN],
    }[MatterState(matter.state)]
    acting = matter.state == MatterState.ACTING  # cannot be closed before its actions have ended
    rest = [
        deed
        for deed in DEEDS.values()
        if deed not in nearest and may_follow(deed.kind, matter.state) and not (acting and deed in (DONE, WRITE_OFF))
    ]
    return nearest, rest


@dataclass(frozen=True, eq=False)  # its label, and so its hash, would change with the language
class Turn:
    """What may be done with an action. With ``needs_words`` it cannot be done without saying why."""

    code: str
    label: str | Promise
    needs_words: bool = False


START = Turn("start", _("Start"))
COMPLETE = Turn("done", _("It is done"))
DROP = Turn("write-off", _("Write off"), needs_words=True)
RESUME = Turn("reopen", _("Take up again"), needs_words=True)


def next_turns(action: Action) -> list[Turn]:
    """What may be done with the action now, the nearest first."""
    if action.state == ActionState.PLANNED:
        return [START, COMPLETE, DROP]
    if action.state == ActionState.ONGOING:
        return [COMPLETE, DROP]
    return [RESUME] if action.matter is None or action.matter.is_open else []
