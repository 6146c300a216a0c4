"""One action: what it says, what happened to it, its evidence, and its next step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from lagesbild.accounts.access import Capability, access_collaboration, may
from lagesbild.accounts.models import Membership
from lagesbild.cooperation import deeds, plan_choices, words
from lagesbild.cooperation.access import access_action
from lagesbild.cooperation.actions import plan
from lagesbild.cooperation.actions.evidence import with_evidence
from lagesbild.cooperation.forms.plan import EvidenceForm, TurnForm
from lagesbild.cooperation.models import Action, ActionType
from lagesbild.cooperation.queries import planned
from lagesbild.cooperation.queries.plan import changes_of, evidence_of, needed_by
from lagesbild.cooperation.seeing import carries_out, sees
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
    return show_action(request, membership, access_action(membership, number))


@require_POST
def action_turn(request: HttpRequest, collaboration: str, number: int, code: str) -> HttpResponse:
    """Start it, say that it is done (with a photo in the same breath), write it off, or take it up again."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.REPORT)
    found = access_action(membership, number, write=True)
    if code not in TURNS:
        raise Http404
    if not may_turn(membership, code):
        raise PermissionDenied
    form = TurnForm(request.POST, request.FILES)
    problem = ""
    if form.is_valid():
        try:
            _turn(membership, found, code, form)
        except UserError as error:
            problem = error.message
        else:
            return redirect(_after(request, membership, number))
    return show_action(
        request, membership, access_action(membership, number), form=form, problem=problem, status=INVALID
    )


def may_turn(membership: Membership, code: str) -> bool:
    """Of those who may change the action: to drop it or take it up again is for those who plan."""
    return code in ("start", "done") or may(membership, Capability.COOPERATE)


def _turn(membership: Membership, action: Action, code: str, form: TurnForm) -> None:
    said, upload = form.cleaned_data, form.cleaned_data["file"]

    def turn() -> object:
        return TURNS[code](membership, action, said["words"], said["version"])

    if upload is None:
        turn()
    else:
        with_evidence(membership, action, upload, upload.name, then=turn)


def _after(request: HttpRequest, membership: Membership, number: int) -> str:
    """Back to the board if it was done there; else the action."""
    slug = membership.collaboration.slug
    if request.POST.get("back") == "board":
        return f"{reverse('cooperation:actions', args=[slug])}?view=board"
    return reverse("cooperation:action", args=[slug, number])


def show_action(
    request: HttpRequest,
    membership: Membership,
    found: Action,
    *,
    form: Any = None,
    evidence_form: Any = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of an action; with ``problem`` or a form, what could not be done."""
    changes_it = carries_out(membership, found)
    plans = changes_it and may(membership, Capability.COOPERATE)
    today = planned.today_of(membership)
    waits_for, needed = needed_by(membership, found)
    context = {
        "membership": membership,
        "section": "actions",
        "action": found,
        "types": [str(ActionType(code).label) for code in found.types],
        "place": found.place if found.place and sees(membership, found.place) else None,
        "matter": found.matter if found.matter and sees(membership, found.matter) else None,
        "meeting": found.meeting if found.meeting and sees(membership, found.meeting) else None,
        "agreement": found.agreement if found.agreement and sees(membership, found.agreement) else None,
        "changes": [(each, words.changed_fields(each.fields)) for each in _told(membership, found)],
        "evidence": [(each, changes_it and plan_choices.may_remove(membership, each)) for each in evidence_of(found)],
        "waits_for": waits_for,
        "needed_by": needed,
        "turns": [turn for turn in deeds.next_turns(found) if changes_it and may_turn(membership, turn.code)],
        "changes_it": changes_it,
        "plans": plans,
        "form": form or TurnForm(),
        "evidence_form": evidence_form or EvidenceForm(),
        "problem": problem,
        "overdue": found.ended_on is None and found.due_on is not None and found.due_on < today,
        "exercise": found.matter is not None and found.matter.is_exercise,
    }
    return render(request, "cooperation/plan/action.html", context, status=status)


def _told(membership: Membership, found: Action) -> list[Any]:
    """The history; what it says of places is left out if the reader may not see the place that it has now."""
    changes = changes_of(found)
    if found.place and not sees(membership, found.place):
        for change in changes:
            change.fields = {name: pair for name, pair in change.fields.items() if name != "place"}
    return changes
