"""Handovers and reports of concern as counts: the tables of a year, and a month's numbers on their way in."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lagesbild.accounts.access import Capability, access_collaboration, may
from lagesbild.core.errors import UserError
from lagesbild.goals import actions
from lagesbild.goals.forms.handovers import HandoverForm
from lagesbild.goals.handovers import AGE_GROUPS, flows_of, years_of
from lagesbild.goals.views.pages import chosen_year, page


@require_safe
def handovers(request: HttpRequest, collaboration: str) -> HttpResponse:
    """The tables of a year, one for each flow."""
    membership = access_collaboration(request.user, collaboration)
    years = years_of(membership)
    year = chosen_year(request.GET.get("year", ""), years, membership)
    context = {
        "tab": "handovers",
        "year": year,
        "years": years,
        "ages": AGE_GROUPS.values(),
        "flows": flows_of(membership, year),
        "threshold": settings.LAGESBILD["suppression_threshold"],
        "may_edit": may(membership, Capability.COOPERATE),
    }
    return page(request, membership, "goals/handovers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def handovers_new(request: HttpRequest, collaboration: str) -> HttpResponse:
    """Write a month's numbers."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    form = HandoverForm(request.POST or None, membership=membership)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.record_handovers(
                membership,
                given["kind"],
                given["from_function"],
                given["to_function"],
                given["month"],
                form.counts(),
                source=given["source"],
            )
        except UserError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, _("The numbers are stored."))
            year = given["month"].year
            return redirect(f"{reverse('goals:handovers', args=[collaboration])}?year={year}")
    context = {"tab": "handovers", "form": form, "ages": AGE_GROUPS.values()}
    return page(request, membership, "goals/handovers_new.html", context, status=422 if form.errors else 200)
