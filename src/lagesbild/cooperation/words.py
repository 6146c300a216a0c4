"""What happened to a matter, said in a sentence in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lagesbild.accounts.models import SharingLevel
from lagesbild.cooperation.models import ActionState, ActionType, Feedback, Matter, MatterState, Step, StepKind

FIELDS = {
    "title": gettext_lazy("Title"),
    "description": gettext_lazy("Description"),
    "object_kind": gettext_lazy("Kind"),
    "concerns_staff": gettext_lazy("Concerns how we work"),
    "place": gettext_lazy("Place"),
    "location": gettext_lazy("Where"),
    "x": "x",
    "y": "y",
    "state": gettext_lazy("State"),
    "responsible": gettext_lazy("Responsible"),
    "function": gettext_lazy("Function"),
    "due_on": gettext_lazy("Due"),
    "types": gettext_lazy("Type"),
    "cost_sek": gettext_lazy("Cost, SEK"),
    "source": gettext_lazy("Source"),
    "sharing": gettext_lazy("Seen by"),
    "matter": gettext_lazy("Matter"),
    "forum": gettext_lazy("Forum"),
    "agreement": gettext_lazy("Agreement"),
    "depends_on": gettext_lazy("Waits for"),
}
MOVED = "moved"  # how an action left a matter, beside the states in which it ends
PATH = (
    StepKind.RAISED,
    StepKind.TAKEN_UP,
    StepKind.LIFTED,
    StepKind.HANDED_DOWN,
    StepKind.ACTING,
    StepKind.DONE,
    StepKind.WRITTEN_OFF,
    StepKind.REOPENED,
)


@dataclass(frozen=True)
class Stop:
    """One stop on the path of a matter: taken (with its step), or still ahead."""

    label: str
    step: Step | None
    is_current: bool = False


def path_of(matter: Matter, steps: list[Step]) -> list[Stop]:
    """The visible path: what was passed, where it stands, and what must come. Each passed stop leads to its step."""
    passed: list[Step] = []
    for step in steps:
        again = step.kind == StepKind.ACTING and passed and passed[-1].kind == StepKind.ACTING
        if step.kind in PATH and not again:
            passed.append(step)
    stops = [Stop(_stop(step), step, is_current=step is passed[-1]) for step in passed]
    return stops + [Stop(label, None) for label in _ahead(matter)]


def _stop(step: Step) -> str:
    if step.kind in (StepKind.LIFTED, StepKind.HANDED_DOWN) and step.to_forum:
        return _("{kind}: {forum}").format(kind=step.get_kind_display(), forum=step.to_forum.name)
    return str(step.get_kind_display())


def _ahead(matter: Matter) -> list[str]:
    if not matter.is_open:
        return []
    ahead = [str(StepKind.DONE.label)]
    if matter.state != MatterState.ACTING:
        ahead.insert(0, str(StepKind.ACTING.label))
    if matter.state == MatterState.RAISED:
        ahead.insert(0, str(StepKind.TAKEN_UP.label))
    return ahead


def sentence(step: Step) -> str:
    """The step in words, for those who may see the matter."""
    details = step.details
    if step.kind in (StepKind.LIFTED, StepKind.HANDED_DOWN) and step.from_forum and step.to_forum:
        text = (
            _("Lifted from {from_forum} to {to_forum}.")
            if step.kind == StepKind.LIFTED
            else _("Handed from {from_forum} to {to_forum}.")
        )
        return text.format(from_forum=step.from_forum.name, to_forum=step.to_forum.name)
    if step.kind == StepKind.RAISED and step.to_forum:
        return _("Raised in {forum}.").format(forum=step.to_forum.name)
    if step.kind == StepKind.ACTION_ENDED:
        ended = {
            ActionState.DONE.value: _("Action no. {number} is done."),
            MOVED: _("Action no. {number} does not belong to this matter any more."),
        }
        text = ended.get(str(details.get("state")), _("Action no. {number} is written off."))
        return text.format(number=details.get("action"))
    if step.kind == StepKind.ACTING:
        return _("Action no. {number} decided.").format(number=details.get("action"))
    if step.kind == StepKind.RESPONSIBLE:
        named = details.get("organisation")
        return _("{name} answers for it.").format(name=named) if named else _("Nobody is known to answer for it.")
    if step.kind == StepKind.ASKED:
        return _("Those who raised it were asked whether it is fixed.")
    if step.kind == StepKind.ANSWERED:
        return _("It is fixed.") if details.get("fixed") else _("It is not fixed.")
    if step.kind == StepKind.WRITTEN_OFF and details.get("into"):
        return _("Put together with no. {number}.").format(number=details["into"])
    if step.kind == StepKind.MERGED:
        return _("No. {number} was put together with this one.").format(number=details.get("matter"))
    return f"{step.get_kind_display()}."


def told(feedback: Feedback) -> str:
    """What a raiser was told: the whole sentence, or that something happened."""
    step = feedback.step
    if feedback.is_full:
        return _("Something is going to be done.") if step.kind == StepKind.ACTING else sentence(step)
    neutral = {
        StepKind.TAKEN_UP: _("It has been taken up."),
        StepKind.LIFTED: _("It has been lifted to another forum."),
        StepKind.HANDED_DOWN: _("It has been handed to another forum."),
        StepKind.ACTING: _("Something is going to be done."),
        StepKind.DONE: _("It is closed as done."),
        StepKind.WRITTEN_OFF: _("It is closed without more being done."),
        StepKind.REOPENED: _("It has been opened again."),
    }
    return neutral[StepKind(step.kind)]


def changed_fields(fields: Mapping[str, Sequence[Any]]) -> list[tuple[str, str, str]]:
    """(field, before, after) in words."""
    return [
        (str(FIELDS.get(name, name)), _value(name, pair[0]), _value(name, pair[1])) for name, pair in fields.items()
    ]


def _value(name: str, value: Any) -> str:
    if value in (None, "", []):
        return ""
    labels: dict[str, dict[Any, Any]] = {
        "state": dict(ActionState.choices),
        "sharing": dict(SharingLevel.choices),
        "types": dict(ActionType.choices),
    }
    known = labels.get(name, {})
    values = value if isinstance(value, list) else [value]
    return ", ".join(
        str(known.get(each, _("yes") if each is True else _("no") if each is False else each)) for each in values
    )
