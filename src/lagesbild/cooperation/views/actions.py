"""One action: what it says, what happened to it, and its next step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from lagesbild.accounts.access import Capability, access_collaboration
from lagesbild.accounts.models import Membership
from lagesbild.cooperation import deeds, words
from lagesbild.cooperation.access import access_action
from lagesbild.cooperation.actions import plan
from lagesbild.cooperation.forms.matters import TurnForm
from lagesbild.cooperation.models import Action, ActionType
from lagesbild.cooperation.queries.plan import changes_of
from lagesbild.cooperation.seeing import carries_out, sees
from lagesbild.core import clock
from lagesbild.core.errors import UserError

INVALID = 422
Turning = Callable[[Membership, Action, str, int | None], object]
TURNS: dict[str, Turning] = {
    "start": lambda by, action, _said, seen: plan.start_action(by, action, seen=seen),
    "done": lambda by, action, said, seen: plan.complete_action(by, action, note=said, seen=seen),
    "write-off": lambda by, action, said, seen: plan.write_off_action(by, action, reason=said, seen=seen),
    "reopen": lambda by, action, said, seen: plan.reopen_action(by, action, reason=said, seen=seen),
}


@require_safe
def action(request: HttpRequest, collaboration: str, number: int) -> HttpResponse:
    """One action of the plan."""
    membership = access_collaboration(request.user, collaboration)
    return _show(request, membership, access_action(membership, number))


@require_POST
def action_turn(request: HttpRequest, collaboration: str, number: int, code: str) -> HttpResponse:
    """Start it, say that it is done, write it off, or take it up again."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.REPORT)
    found = access_action(membership, number, write=True)
    if code not in TURNS:
        raise Http404
    form = TurnForm(request.POST)
    problem = ""
    if form.is_valid():
        try:
            TURNS[code](membership, found, form.cleaned_data["words"], form.cleaned_data["version"])
        except UserError as error:
            problem = error.message
        else:
            return redirect("cooperation:action", collaboration, number)
    return _show(request, membership, access_action(membership, number), form=form, problem=problem, status=INVALID)


def _show(
    request: HttpRequest,
    membership: Membership,
    found: Action,
    *,
    form: Any = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    form = form or TurnForm()
    context = {
        "membership": membership,
        "section": "matters",
        "action": found,
        "types": [str(ActionType(code).label) for code in found.types],
        "matter": found.matter if found.matter and sees(membership, found.matter) else None,
        "changes": [(change, words.changed_fields(change.fields)) for change in changes_of(found)],
        "turns": deeds.next_turns(found) if carries_out(membership, found) else [],
        "form": form,
        "problem": problem,
        "overdue": found.ended_on is None
        and found.due_on is not None
        and found.due_on < clock.today(membership.collaboration.time_zone),
        "exercise": found.matter is not None and found.matter.is_exercise,
    }
    return render(request, "cooperation/actions/action.html", context, status=status)
