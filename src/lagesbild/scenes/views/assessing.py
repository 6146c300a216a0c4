"""Assessing a scene: the seven answers, dissent, the focus of a year."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lagesbild.accounts.access import Capability, access_collaboration
from lagesbild.core import clock
from lagesbild.core.errors import UserError
from lagesbild.scenes import actions, queries
from lagesbild.scenes.access import access_answer, access_scene
from lagesbild.scenes.forms import AssessForm, DissentForm, FocusForm
from lagesbild.scenes.views.pages import INVALID, page, show_scene


@require_http_methods(["GET", "HEAD", "POST"])
def assess(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Answer the seven indicators. Earlier assessments stay as they are."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    found = access_scene(membership, pk)
    today = clock.today(membership.collaboration.time_zone)
    form = AssessForm(
        request.POST or None,
        series=queries.series_for(membership),
        initial={"year": today.year, "assessed_on": today},
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            actions.assess(
                found,
                values["year"],
                form.answers(),
                organisation=membership.organisation,
                actor=membership.user,
                function=membership.function.name,
                assessed_on=values["assessed_on"],
                summary=values["summary"],
            )
        except UserError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("The assessment is stored. Earlier ones remain below."))
            return redirect("scenes:scene", collaboration, pk)
    context = {"scene": found, "form": form, "latest": queries.latest_by_scene([found]).get(found.pk)}
    return page(request, membership, "scenes/assess.html", context, status=INVALID if form.errors else 200)


@require_POST
def dissent(request: HttpRequest, collaboration: str, pk: int, answer: int) -> HttpResponse:
    """Put on record that one sees an indicator otherwise."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COMMENT)
    found = access_scene(membership, pk)
    stored = access_answer(membership, found, answer)
    form = DissentForm(request.POST)
    if form.is_valid():
        try:
            actions.record_dissent(
                stored,
                **form.cleaned_data,
                organisation=membership.organisation,
                function=membership.function.name,
                actor=membership.user,
            )
        except UserError as error:
            form.add_error(error.field, error.message)
        else:
            return redirect("scenes:scene", collaboration, pk)
    return show_scene(request, membership, found, form=form, status=INVALID)


@require_POST
def focus(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Aim a year at one or two indicators."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    found = access_scene(membership, pk)
    form = FocusForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data
        try:
            actions.set_focus(
                found, values["year"], values["indicators"], reason=values["reason"], actor=membership.user
            )
        except UserError as error:
            form.add_error(error.field, error.message)
        else:
            return redirect("scenes:scene", collaboration, pk)
    return show_scene(request, membership, found, focus_form=form, form=form, status=INVALID)
