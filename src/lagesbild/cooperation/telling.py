"""Word to people about matters and actions. A notice says that something happened; what, stands behind its link.

So nothing here names a place, a title or a reason: the link leads to a door that knows who may see.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from lagesbild.accounts.access import CAPABILITIES, Capability
from lagesbild.accounts.models import Membership, Organisation
from lagesbild.cooperation.models import Action, Matter, Step, StepKind
from lagesbild.cooperation.seeing import sees
from lagesbild.notices import register_kind, tell

MOVED, ASKED, REOPENED, RECEIVED, ASSIGNED, DUE, LATE = (
    "matters.moved",
    "matters.asked",
    "matters.reopened",
    "matters.received",
    "actions.assigned",
    "actions.due",
    "actions.late",
)
TO_RAISERS = {
    StepKind.TAKEN_UP: gettext_noop("The matter that you raised, no. {number}, has been taken up."),
    StepKind.LIFTED: gettext_noop("The matter that you raised, no. {number}, has been lifted to another forum."),
    StepKind.HANDED_DOWN: gettext_noop("The matter that you raised, no. {number}, has been handed to another forum."),
    StepKind.ACTING: gettext_noop("Something is going to be done about the matter that you raised, no. {number}."),
    StepKind.DONE: gettext_noop("The matter that you raised, no. {number}, is closed as done."),
    StepKind.WRITTEN_OFF: gettext_noop("The matter that you raised, no. {number}, is closed without more being done."),
    StepKind.REOPENED: gettext_noop("The matter that you raised, no. {number}, has been opened again."),
}


def register() -> None:
    """Make the kinds known; called when the app starts."""
    register_kind(MOVED, title=_("News about a matter that you raised"))
    register_kind(ASKED, title=_("A question about a matter that you raised"))
    register_kind(REOPENED, title=_("A matter has been opened again"))
    register_kind(RECEIVED, title=_("A matter has come to your forum"))
    register_kind(ASSIGNED, title=_("An action for your organisation"))
    register_kind(DUE, title=_("An action of your organisation is due within a week"))
    register_kind(LATE, title=_("An action of your organisation is overdue"))


def of_step(matter: Matter, step: Step, raisers: Iterable[Membership]) -> None:
    """Word to those who raised the matter."""
    tell(raisers, MOVED, text=TO_RAISERS[StepKind(step.kind)], path=raisers_page(matter), about=about(matter),
         number=matter.number)  # fmt: skip


def of_question(matter: Matter, raisers: Iterable[Membership]) -> None:
    """Ask those who raised it whether it is fixed."""
    text = gettext_noop("Is it fixed? You raised matter no. {number}, which was closed as done.")
    tell(raisers, ASKED, text=text, path=raisers_page(matter), about=about(matter), number=matter.number)


def of_reopening(matter: Matter, *, but: Membership | None) -> None:
    """Word to the owner, the responsible organisation and those who convene the forum."""
    people = [*_workers(matter.owner), *_workers(matter.responsible), *_convenors(matter)]
    text = gettext_noop("Matter no. {number} has been opened again.")
    _tell_those_who_see(people, matter, REOPENED, text, but=but)


def of_arrival(matter: Matter, *, but: Membership | None) -> None:
    """Word to those who convene the forum that now holds it."""
    text = gettext_noop("Matter no. {number} waits to be taken up in your forum.")
    _tell_those_who_see(_convenors(matter), matter, RECEIVED, text, but=but)


def of_assignment(action: Action, *, but: Membership | None) -> None:
    """Word to the organisation that is to do it."""
    people = [each for each in _workers(action.responsible) if each != but]
    text = gettext_noop("Your organisation has been given action no. {number}.")
    _tell_of_action(people, action, ASSIGNED, text)


def of_due(action: Action, *, late: bool) -> None:
    """Word to the organisation that is to do it: soon, or already late."""
    soon_text = gettext_noop("Action no. {number} of your organisation is to be done by {on}.")
    late_text = gettext_noop("Action no. {number} of your organisation should have been done by {on}.")
    text, code = (late_text, LATE) if late else (soon_text, DUE)
    on = action.due_on.isoformat() if action.due_on else ""
    _tell_of_action(_workers(action.responsible), action, code, text, on=on)


def _tell_of_action(people: Iterable[Membership], action: Action, code: str, text: str, **more: str) -> None:
    path = reverse("cooperation:action", args=[action.collaboration.slug, action.number])
    tell(people, code, text=text, path=path, about=f"action {action.number}", number=action.number, **more)


def raisers_page(matter: Matter) -> str:
    """The page that whoever raised the matter may always see."""
    return reverse("cooperation:raised", args=[matter.collaboration.slug, matter.number])


def about(matter: Matter) -> str:
    """What ties the notices of one matter together."""
    return f"matter {matter.number}"


def _tell_those_who_see(
    people: Iterable[Membership], matter: Matter, code: str, text: str, *, but: Membership | None
) -> None:
    path = reverse("cooperation:matter", args=[matter.collaboration.slug, matter.number])
    told = [each for each in people if each != but and sees(each, matter)]
    tell(told, code, text=text, path=path, about=about(matter), number=matter.number)


def _workers(organisation: Organisation | None) -> list[Membership]:
    """Those of an organisation who do more than read."""
    if organisation is None:
        return []
    roles = [role for role, may in CAPABILITIES.items() if Capability.REPORT in may]
    members = Membership.objects.filter(function__organisation=organisation, role__in=roles, user__is_active=True)
    return list(members.select_related("function"))


def _convenors(matter: Matter) -> list[Membership]:
    functions = [key for key in (matter.holder.convenor_id, matter.holder.deputy_id) if key]
    members = Membership.objects.filter(
        function__in=functions, collaboration=matter.collaboration_id, user__is_active=True
    )
    return list(members.select_related("function"))
