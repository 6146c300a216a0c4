"""One change for several actions that were chosen in the list."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from lagesbild.accounts.access import Capability, access_collaboration
from lagesbild.accounts.models import Membership
from lagesbild.cooperation import plan_choices
from lagesbild.cooperation.actions.bulk import BulkRefused, Change, change_many
from lagesbild.cooperation.forms.plan import BulkForm, read_chosen
from lagesbild.cooperation.models import Action
from lagesbild.cooperation.queries import planned

INVALID, CONFLICT = 422, 409


@require_http_methods(["GET", "HEAD", "POST"])
def actions_bulk(request: HttpRequest, collaboration: str) -> HttpResponse:
    """What is to change in all that were chosen; all of them or none."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    said = request.POST if request.method == "POST" else request.GET
    seen = read_chosen(said.getlist("chosen"))
    chosen = plan_choices.chosen_actions(membership, list(seen))
    rights = planned.rights_of(membership)
    if not all(rights.carries_out(action) for action in chosen):
        raise PermissionDenied
    form = BulkForm(request.POST if request.method == "POST" else None)
    form.fields["responsible"].queryset = membership.collaboration.organisations.order_by("name")  # type: ignore[attr-defined]
    back = _back(membership, said.get("query", ""))
    if chosen and form.is_valid():
        try:
            n = change_many(
                membership, [(action, seen[action.number]) for action in chosen], Change(**form.cleaned_data)
            )
        except BulkRefused as refused:
            now = plan_choices.chosen_actions(membership, list(seen))
            context = {"problems": refused.problems, "chosen": now, "form": form, "back": back}
            return _page(request, membership, context, status=CONFLICT)
        messages.success(request, ngettext("{n} action is changed.", "{n} actions are changed.", n).format(n=n))
        return redirect(back)
    context = {"chosen": chosen, "form": form, "back": back}
    return _page(request, membership, context, status=INVALID if form.errors else 200)


def _back(membership: Membership, query: str) -> str:
    """The list that they were chosen in."""
    address = reverse("cooperation:actions", args=[membership.collaboration.slug])
    return f"{address}?{QueryDict(query).urlencode()}" if query else address


def _page(request: HttpRequest, membership: Membership, context: dict[str, Any], *, status: int) -> HttpResponse:
    said = request.POST if request.method == "POST" else request.GET
    chosen: list[Action] = context["chosen"]
    shared = {
        "membership": membership,
        "section": "actions",
        "query": said.get("query", ""),
        "versions": [(action, f"{action.number}:{action.version}") for action in chosen],
    }
    return render(request, "cooperation/plan/bulk.html", {**shared, **context}, status=status)
