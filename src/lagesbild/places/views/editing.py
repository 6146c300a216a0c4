"""Pages that change: the editor of a place, taking it out of use, and facts."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lagesbild.accounts.access import Capability, access_collaboration
from lagesbild.accounts.models import Membership
from lagesbild.core import clock
from lagesbild.core.errors import UserError
from lagesbild.places import actions, ground, lists, queries
from lagesbild.places.access import access_area_set, access_fact, access_place
from lagesbild.places.forms import FactForm, PlaceForm
from lagesbild.places.ground import Ground
from lagesbild.places.models import Place, PlaceShape
from lagesbild.places.views.pages import find_area, show_area, show_place

INVALID = 422


@require_http_methods(["GET", "HEAD", "POST"])
def place_new(request: HttpRequest, collaboration: str) -> HttpResponse:
    """Draw a new place, or write its coordinates."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.EDIT_PLACES)
    form = _form(membership, request, {"shape": PlaceShape.POLYGON})
    if form.is_valid() and form.ground is not None:
        try:
            made = actions.create_place(membership, form.text(), form.ground)
        except UserError as error:
            _tell(form, error)
        else:
            messages.success(request, _("The place is stored."))
            return redirect("places:place", collaboration, made.pk)
    return _editor(request, membership, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
def place_edit(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Change a place of one's own organisation."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.EDIT_PLACES)
    found = access_place(membership, pk, write=True)
    form = _form(membership, request, _initial(membership, found))
    if form.is_valid() and form.ground is not None:
        try:
            actions.change_place(membership, found, form.text(), form.ground)
        except UserError as error:
            _tell(form, error)
        else:
            messages.success(request, _("The place is stored."))
            return redirect("places:place", collaboration, pk)
    return _editor(request, membership, form, found)


@require_POST
def place_retire(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Take a place out of use, or into use again."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.EDIT_PLACES)
    found = access_place(membership, pk, write=True)
    if request.POST.get("return"):
        actions.return_place(membership, found)
    else:
        actions.retire_place(membership, found, on=clock.today(membership.collaboration.time_zone))
    return redirect("places:place", collaboration, pk)


@require_POST
def place_fact_add(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Record a fact about a place that one may see."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.EDIT_PLACES)
    found = access_place(membership, pk)
    form = FactForm(request.POST)
    if form.is_valid():
        actions.record_fact(membership, found, form.text())
        return redirect("places:place", collaboration, pk)
    return show_place(request, membership, found, form=form, status=INVALID)


@require_POST
def area_fact_add(request: HttpRequest, collaboration: str, slug: str, pk: int) -> HttpResponse:
    """Record a fact about an area that one may see."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.EDIT_PLACES)
    area_set = access_area_set(membership, slug)
    found = find_area(area_set, pk)
    form = FactForm(request.POST)
    if form.is_valid():
        actions.record_fact(membership, found, form.text())
        return redirect("places:area", collaboration, slug, pk)
    return show_area(request, membership, area_set, found, form=form, status=INVALID)


@require_POST
def fact_remove(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Take away a mistaken fact of one's own organisation."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.EDIT_PLACES)
    fact = access_fact(membership, pk, write=True)
    place, area = fact.place_id, fact.area
    actions.remove_fact(membership, fact)
    if area is not None:
        return redirect("places:area", collaboration, area.version.area_set.slug, area.pk)
    return redirect("places:place", collaboration, place)


def _form(membership: Membership, request: HttpRequest, initial: dict[str, Any]) -> PlaceForm:
    return PlaceForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        kinds=lists.place_types(membership.collaboration),
        working_crs=membership.collaboration.working_crs,
    )


def _initial(membership: Membership, place: Place) -> dict[str, Any]:
    where = Ground(place.shape, queries.place_geometry(place), place.x, place.y, place.radius_m)
    return {
        "name": place.name,
        "municipality": place.municipality,
        "types": [kind.code for kind in place.types.all()],
        "shape": place.shape,
        "geometry": json.dumps(ground.to_feature(where, working_crs=membership.collaboration.working_crs)),
        "radius_m": place.radius_m,
        "aliases": ", ".join(place.aliases),
        "description": place.description,
        "source": place.source,
        "sharing": place.sharing,
    }


def _tell(form: PlaceForm, error: UserError) -> None:
    form.add_error(error.field if error.field in form.fields else None, error.message)


def _editor(request: HttpRequest, membership: Membership, form: PlaceForm, place: Place | None) -> HttpResponse:
    address = reverse("places:places_geojson", args=[membership.collaboration.slug])
    others = {"id": "others", "kind": "line", "src": address, "selectable": False, "legend": False}
    context = {
        "membership": membership,
        "section": "places",
        "form": form,
        "place": place,
        "map": {"label": _("Draw the place"), "layers": [others], "bounds": lists.bounds_of(place)},
    }
    return render(request, "places/place_form.html", context, status=INVALID if form.errors else 200)
