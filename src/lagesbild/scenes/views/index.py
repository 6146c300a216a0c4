"""The index of a scene beside its assessment, how it is made and counted, and how the two agree over scenes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lagesbild.accounts.access import Capability, access_collaboration, may
from lagesbild.accounts.models import Membership
from lagesbild.core.errors import UserError
from lagesbild.observations.queries import category_mapping
from lagesbild.scenes import actions, index_chart, index_trace, index_values, queries
from lagesbild.scenes.access import access_index_recipe, access_scene
from lagesbild.scenes.forms.recipes import Choices, RecipeForm, initial_of
from lagesbild.scenes.index import FEW_PLACES, FEWEST_PLACES
from lagesbild.scenes.indicators import ANSWERS, INDICATORS
from lagesbild.scenes.models import IndexRecipe, Scene
from lagesbild.scenes.views.pages import INVALID, page


@require_safe
def scene_index(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """The seven indices of a year, each with interval, weights tried and what is missing."""
    membership = access_collaboration(request.user, collaboration)
    found = access_scene(membership, pk)
    shown = index_values.of_scene(membership, found, _year(request))
    context = {
        "scene": found,
        "shown": shown,
        "year": shown.year,
        "years": shown.years,
        "rows": shown.rows,
        "exercise": shown.is_exercise,
        "may_edit": may(membership, Capability.COOPERATE),
    }
    return page(request, membership, "scenes/index.html", context)


@require_safe
def figure(request: HttpRequest, collaboration: str, pk: int, recipe: int, number: int) -> HttpResponse:
    """How one figure was counted, year by year, and what was counted."""
    membership = access_collaboration(request.user, collaboration)
    found = access_scene(membership, pk)
    made = access_index_recipe(membership, recipe)
    if made.scene_id != found.pk:
        raise Http404
    trace = index_trace.trace(membership, found, made, number, _year(request))
    if trace is None:
        raise Http404
    context = {"scene": found, "trace": trace, "recipe": made, "exercise": trace.tally.is_exercise}
    return page(request, membership, "scenes/figure.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def recipe_new(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Say how an index is made from now on; what it comes to can be tried before it is stored."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    found = access_scene(membership, pk)
    form = _recipe_form(request, membership, found)
    tried = None
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        number, parts = values["indicator"], form.parts()
        try:
            if "try" in request.POST:
                tried = index_values.preview(membership, IndexRecipe(scene=found, indicator=number, parts=parts))
            else:
                actions.record_recipe(
                    membership.organisation, found, number, parts, actor=membership.user, note=values["note"]
                )
                messages.success(request, _("The recipe is stored and holds from now on."))
                return redirect("scenes:scene_index", collaboration, pk)
        except UserError as error:
            form.add_error(None, error.message)
    context = {
        "scene": found,
        "form": form,
        "tried": tried,
        "exercise": bool(tried) and any(each.is_exercise for each in tried or ()),
    }
    return page(request, membership, "scenes/recipe_new.html", context, status=INVALID if form.errors else 200)


def _recipe_form(request: HttpRequest, membership: Membership, scene: Scene) -> RecipeForm:
    choices = Choices(
        series=queries.series_for(membership),
        mapping=category_mapping(membership.collaboration),
        areas=queries.areas_around(membership, scene),
    )
    if request.method == "POST":
        return RecipeForm(request.POST, choices=choices)
    asked = request.GET.get("indicator", "")
    number = int(asked) if asked in {str(each.number) for each in INDICATORS} else INDICATORS[0].number
    recipe = index_values.recipes_of([scene]).get((scene.pk, number))
    initial: dict[str, Any] = initial_of(number, str(recipe.note), recipe.parts) if recipe else {"indicator": number}
    return RecipeForm(initial=initial, choices=choices)


@require_safe
def agreement(request: HttpRequest, collaboration: str) -> HttpResponse:
    """How index and judgement agree over the scenes, with every scene that counts."""
    membership = access_collaboration(request.user, collaboration)
    rows = index_values.agreements(membership)
    context = {
        "rows": rows,
        "answers": ANSWERS,
        "chart": index_chart.agreement(rows, description=_("Index against judgement")),
        "has_points": any(row.points for row in rows),
        "few": FEW_PLACES,
        "fewest": FEWEST_PLACES,
    }
    return page(request, membership, "scenes/agreement.html", context)


def _year(request: HttpRequest) -> int | None:
    asked = request.GET.get("year", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else None
