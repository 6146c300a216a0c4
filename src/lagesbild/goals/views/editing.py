"""Pages that change: a goal, a judgement, a governing document, a proposal and what became of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lagesbild.accounts.access import Capability, access_collaboration
from lagesbild.core.conflicts import EditConflict
from lagesbild.core.errors import UserError
from lagesbild.goals import actions, queries
from lagesbild.goals.access import access_document, access_goal, access_proposal
from lagesbild.goals.forms.goals import DocumentForm, GoalForm, JudgementForm, NewProposalForm, ProposalForm
from lagesbild.goals.views.pages import show_goal
from lagesbild.goals.views.writing import seen, show_form, written


@require_http_methods(["GET", "HEAD", "POST"])
def goal_new(request: HttpRequest, collaboration: str) -> HttpResponse:
    """Write down a goal."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    form = GoalForm(request.POST or None, membership=membership, others=list(queries.goals_of(membership)))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_goal(membership, written(form))
        except UserError as error:
            form.add_error(error.field, error.message)
        else:
            return redirect("goals:goal", collaboration, made.pk)
    return show_form(
        request, membership, form, _("New goal"), reverse("goals:tree", args=[collaboration]), _("Goal tree")
    )


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
            actions.change_goal(membership, access_goal(membership, pk, write=True), seen(form), written(form))
        except EditConflict as error:
            conflict = error
        except UserError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, _("The goal is stored."))
            return redirect(back)
    return show_form(request, membership, form, _("Change the goal"), back, str(found), conflict=conflict)


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
            actions.decide_proposal(membership, stored, seen(form), written(form))
        except EditConflict as error:
            conflict = error
        except UserError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, _("The decision is stored."))
            return redirect(back)
    return show_form(
        request, membership, form, _("What became of it"), back, _("Proposals"), conflict=conflict, lead=lead
    )


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_new(request: HttpRequest, collaboration: str) -> HttpResponse:
    """Write down a proposal for development."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    form = NewProposalForm(request.POST or None, initial={"year": request.GET.get("year", "")})
    back = reverse("goals:proposals", args=[collaboration])
    if request.method == "POST" and form.is_valid():
        actions.create_proposal(membership, form.cleaned_data)
        messages.success(request, _("The proposal is stored."))
        return redirect(back)
    return show_form(request, membership, form, _("New proposal"), back, _("Proposals"))


@require_http_methods(["GET", "HEAD", "POST"])
def document_new(request: HttpRequest, collaboration: str) -> HttpResponse:
    """Note a governing document."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    form = DocumentForm(request.POST or None)
    back = reverse("goals:tree", args=[collaboration])
    if request.method == "POST" and form.is_valid():
        try:
            actions.create_document(membership, written(form))
        except UserError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, _("The document is stored."))
            return redirect(back)
    return show_form(request, membership, form, _("New governing document"), back, _("Goal tree"))


@require_http_methods(["GET", "HEAD", "POST"])
def document_edit(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Change what is noted of a governing document."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    found = access_document(membership, pk, write=True)
    form = DocumentForm(request.POST or None, instance=found)
    back = reverse("goals:tree", args=[collaboration])
    conflict: EditConflict | None = None
    if request.method == "POST" and form.is_valid():
        try:
            stored = access_document(membership, pk, write=True)
            actions.change_document(membership, stored, seen(form), written(form))
        except EditConflict as error:
            conflict = error
        except UserError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, _("The document is stored."))
            return redirect(back)
    return show_form(request, membership, form, _("Change the document"), back, _("Goal tree"), conflict=conflict)
