"""The watch list: places that stand out by rule, and what was dismissed with what reason."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from lagesbild.accounts.access import Capability, access_collaboration, may
from lagesbild.accounts.models import Membership
from lagesbild.places.access import access_place
from lagesbild.scenes import actions, watch
from lagesbild.scenes import watch_computed as computing
from lagesbild.scenes.forms.watching import DismissForm
from lagesbild.scenes.models import WatchDismissal
from lagesbild.scenes.views.pages import INVALID, page


@require_safe
def watch_list(request: HttpRequest, collaboration: str) -> HttpResponse:
    """What the records point out; what has to be computed comes as a part of its own."""
    membership = access_collaboration(request.user, collaboration)
    return _shown(request, membership)


@require_safe
def watch_computed(request: HttpRequest, collaboration: str) -> HttpResponse:
    """New hot spots, alarms and rising indices."""
    membership = access_collaboration(request.user, collaboration)
    taken = _taken(watch.dismissals(membership))
    found = computing.computed(membership)
    context = {
        "rows": watch.by_place(found.findings, taken),
        "exercise": found.is_exercise,
        "selections": found.selections,
        "may_dismiss": may(membership, Capability.COOPERATE),
        "rate_pct": computing.FALSE_ALARM_RATE * 100,
    }
    return page(request, membership, "scenes/watch_computed.html", context)


@require_POST
def watch_dismiss(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Take a finding from the list, with the reason."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    place = access_place(membership, pk)
    form = DismissForm(request.POST)
    if form.is_valid():
        actions.dismiss(membership, place, form.cleaned_data["key"], reason=form.cleaned_data["reason"])
        return redirect("scenes:watch", collaboration)
    return _shown(request, membership, form=form, status=INVALID)


def _shown(
    request: HttpRequest, membership: Membership, *, form: forms.Form | None = None, status: int = 200
) -> HttpResponse:
    dismissed = watch.dismissals(membership)
    context = {
        "tab": "watch",
        "rows": watch.by_place(watch.written(membership), _taken(dismissed)),
        "dismissed": dismissed,
        "rules": [str(text) for text in watch.RULES.values()],
        "many": watch.MANY_MATTERS,
        "may_dismiss": may(membership, Capability.COOPERATE),
        "form": form,
    }
    return page(request, membership, "scenes/watch.html", context, status=status)


def _taken(dismissed: list[WatchDismissal]) -> set[tuple[int, str]]:
    return {(each.place_id, each.key) for each in dismissed}
