"""Pages that change: a goal, a judgement, what became of a proposal."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lagesbild.accounts.access import Capability, access_collaboration
from lagesbild.accounts.models import Membership
from lagesbild.core.conflicts import EditConflict, differences
from lagesbild.core.errors import UserError
from lagesbild.goals import actions, queries
from lagesbild.goals.access import access_goal, access_proposal
from lagesbild.goals.forms import GoalForm, JudgementForm, ProposalForm
from lagesbild.goals.views.pages import page, show_goal


@require_http_methods(["GET", "HEAD", "POST"])
def goal_new(request: HttpRequest, collaboration: str) -> HttpResponse:
    """Write down a goal."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    form = GoalForm(request.POST or None, membership=membership, others=list(queries.goals_of(membership)))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_goal(membership, _written(form))
        except UserError as error:
            form.add_error(error.field, error.message)
        else:
            return redirect("goals:goal", collaboration, made.pk)
    return _form(request, membership, form, _("New goal"), reverse("goals:tree", args=[collaboration]), _("Goal tree"))


@require_http_methods(["GET", "HEAD", "POST"])
def goal_edit(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Change a goal; if somebody was first, both texts are shown."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    found = access_goal(membership, pk, write=True)
    others = list(queries.goals_of(membership))
    form = GoalForm(request.POST or None, instance=found, membership=membership, others=others)
    back = reverse("goals:goal", args=[collaboration, pk])
    conflict: EditConflict | None = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_goal(membership, access_goal(membership, pk, write=True), _seen(form), _written(form))
        except EditConflict as error:
            conflict = error
        except UserError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, _("The goal is stored."))
            return redirect(back)
    return _form(request, membership, form, _("Change the goal"), back, str(found), conflict=conflict)


@require_POST
def judge(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Sign a judgement of a goal."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    found = access_goal(membership, pk)
    form = JudgementForm(request.POST)
    if form.is_valid():
        try:
            actions.sign_judgement(
                found,
                organisation=membership.organisation,
                function=membership.function.name,
                actor=membership.user,
                **form.cleaned_data,
            )
        except UserError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, _("The judgement is signed."))
            year = form.cleaned_data["year"]
            return redirect(f"{reverse('goals:goal', args=[collaboration, pk])}?year={year}")
    return show_goal(request, membership, found, form=form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def proposal(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Say who holds a proposal and what was decided of it."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    found = access_proposal(membership, pk, write=True)
    lead = found.text
    form = ProposalForm(request.POST or None, instance=found, membership=membership)
    back = reverse("goals:proposals", args=[collaboration])
    conflict: EditConflict | None = None
    if request.method == "POST" and form.is_valid():
        try:
            stored = access_proposal(membership, pk, write=True)
            actions.decide_proposal(membership, stored, _seen(form), _written(form))
        except EditConflict as error:
            conflict = error
        except UserError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, _("The decision is stored."))
            return redirect(back)
    return _form(request, membership, form, _("What became of it"), back, _("Proposals"), conflict=conflict, lead=lead)


def _seen(form: ModelForm[Any]) -> int:
    return form.cleaned_data.get("version") or 0


def _written(form: ModelForm[Any]) -> dict[str, Any]:
    return {name: value for name, value in form.cleaned_data.items() if name != "version"}


def _form(
    request: HttpRequest,
    membership: Membership,
    form: ModelForm[Any],
    title: str,
    back: str,
    back_text: str,
    *,
    conflict: EditConflict | None = None,
    lead: str = "",
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "title": title, "back": back, "back_text": back_text, "lead": lead}
    if conflict is not None:
        current: Any = conflict.current
        labels = {name: field.label for name, field in form.fields.items() if name != "version"}
        context["differences"] = differences(current, form.cleaned_data, labels)
        form.data = {**form.data.dict(), "version": str(current.version)}  # type: ignore[attr-defined]
    status = 409 if conflict is not None else 422 if form.errors else 200
    return page(request, membership, "goals/form.html", context, status=status)
