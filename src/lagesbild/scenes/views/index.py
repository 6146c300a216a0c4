"""The index of a scene beside its assessment, how it is made, and how the two agree over scenes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from lagesbild.accounts.access import Capability, access_collaboration, may
from lagesbild.core import clock
from lagesbild.core.errors import UserError
from lagesbild.scenes import actions, index_values, queries
from lagesbild.scenes.access import access_scene
from lagesbild.scenes.forms.recipes import RecipeForm
from lagesbild.scenes.index import FEW_PLACES, FEWEST_PLACES
from lagesbild.scenes.views.pages import INVALID, page


@require_safe
def scene_index(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """The seven indices of a year, each with formula, interval, weights tried and what is missing."""
    membership = access_collaboration(request.user, collaboration)
    found = access_scene(membership, pk)
    years = sorted(queries.assessed_years(found), reverse=True)
    asked = request.GET.get("year", "")
    today = clock.today(membership.collaboration.time_zone)
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else (years or [today.year])[0]
    context = {
        "scene": found,
        "year": year,
        "years": years,
        "rows": index_values.of_scene(membership, found, year),
        "may_edit": may(membership, Capability.COOPERATE),
    }
    return page(request, membership, "scenes/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def recipe_new(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Say how an index is made from now on."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    found = access_scene(membership, pk)
    form = RecipeForm(request.POST or None, series=queries.series_for(membership))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            actions.record_recipe(
                membership.organisation,
                found,
                values["indicator"],
                form.parts(),
                actor=membership.user,
                note=values["note"],
            )
        except UserError as error:
            form.add_error(None, error.message)
        else:
            return redirect("scenes:scene_index", collaboration, pk)
    context = {"scene": found, "form": form}
    return page(request, membership, "scenes/recipe_new.html", context, status=INVALID if form.errors else 200)


@require_safe
def agreement(request: HttpRequest, collaboration: str) -> HttpResponse:
    """How index and judgement agree over the scenes."""
    membership = access_collaboration(request.user, collaboration)
    context = {"rows": index_values.agreements(membership), "few": FEW_PLACES, "fewest": FEWEST_PLACES}
    return page(request, membership, "scenes/agreement.html", context)
