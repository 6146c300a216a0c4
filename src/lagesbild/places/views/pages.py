"""Pages that show: the list of places, one place, the area sets, one set, one area."""

from __future__ import annotations

import json
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lagesbild.accounts.access import Capability, access_collaboration, may, may_write
from lagesbild.accounts.models import Membership
from lagesbild.core import clock
from lagesbild.core.geo import WGS_84, project
from lagesbild.places import lists, queries
from lagesbild.places.access import access_area_set, access_place
from lagesbild.places.forms import FactForm
from lagesbild.places.models import Area, AreaSet, Place
from lagesbild.places.reading.crs import parse_crs
from lagesbild.places.reading.remarks import Remark

AREAS_PER_PAGE = 50
REMARKS_SHOWN = 200


@require_safe
def places(request: HttpRequest, collaboration: str) -> HttpResponse:
    """The places in use, on the map and as a table, filtered by type."""
    membership = access_collaboration(request.user, collaboration)
    kind = request.GET.get("type", "")
    retired = request.GET.get("retired") == "1"
    address = reverse("places:places_geojson", args=[collaboration])
    context = {
        "tab": "places",
        "places": lists.places_of(membership, kind=kind, retired=retired),
        "kinds": [(each.code, each.shown) for each in lists.place_types(membership.collaboration)],
        "kind": kind,
        "retired": retired,
        "query": request.GET.urlencode(),
        "map": _map(_("Places"), [{"id": "places", "src": f"{address}?{request.GET.urlencode()}", **DRAWN}]),
    }
    return _page(request, membership, "places/places.html", context)


@require_safe
def place(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """One place: where it is, what it lies in, what is known of it, and what lies near."""
    membership = access_collaboration(request.user, collaboration)
    return show_place(request, membership, access_place(membership, pk))


def show_place(
    request: HttpRequest, membership: Membership, found: Place, *, form: FactForm | None = None, status: int = 200
) -> HttpResponse:
    """The page of a place; with ``form``, a fact that could not be recorded is shown again."""
    crs = membership.collaboration.working_crs
    lon, lat = project([found.x], [found.y], from_crs=crs, to_crs=WGS_84)
    feature = lists.places_geojson([found])
    context = {
        "place": found,
        "kinds": [each.shown for each in found.types.all()],
        "area_m2": queries.place_geometry(found).area,
        "working_name": parse_crs(crs).name,
        "lat": f"{lat[0]:.5f}",
        "lon": f"{lon[0]:.5f}",
        "within": lists.areas_at(membership, found.x, found.y),
        "facts": lists.facts_of(membership, found),
        "nearest": lists.nearest_of_each_kind(membership, found),
        "editable": may(membership, Capability.EDIT_PLACES) and may_write(membership, found),
        "fact_form": form or fact_form(membership),
        "fact_address": reverse("places:place_fact_add", args=[membership.collaboration.slug, found.pk]),
        "map": _map(found.name, [{"id": "place", "data": json.loads(feature), "selectable": False, **DRAWN}]),
    }
    return _page(request, membership, "places/place.html", context, status=status)


@require_safe
def area_sets(request: HttpRequest, collaboration: str) -> HttpResponse:
    """The area sets in their current versions, each below the one it lies in."""
    membership = access_collaboration(request.user, collaboration)
    context = {"tab": "areas", "sets": lists.area_sets(membership)}
    return _page(request, membership, "places/area_sets.html", context)


@require_safe
def area_set(request: HttpRequest, collaboration: str, slug: str) -> HttpResponse:
    """One set: its areas on the map and as a table, its versions and what was repaired."""
    membership = access_collaboration(request.user, collaboration)
    found = access_area_set(membership, slug)
    versions = lists.versions_of(found)
    if not versions:
        raise Http404
    current = versions[0]
    paginator = Paginator(queries.areas_of(current), AREAS_PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    facts = lists.latest_facts(membership, list(page))
    address = reverse("places:area_geojson", args=[collaboration, slug])
    context = {
        "area_set": found,
        "version": current,
        "versions": versions,
        "page_obj": page,
        "rows": [(area, facts.get(area.pk, [])) for area in page],
        "repairs": [Remark.from_dict(each) for each in current.repairs[:REMARKS_SHOWN]],
        "map": _map(found.name, [{"id": "areas", "src": address, "selectable": True, **DRAWN}]),
    }
    return _page(request, membership, "places/area_set.html", context)


@require_safe
def area(request: HttpRequest, collaboration: str, slug: str, pk: int) -> HttpResponse:
    """One area: where it is, what it lies in, what lies in it, and what is known of it."""
    membership = access_collaboration(request.user, collaboration)
    area_set = access_area_set(membership, slug)
    return show_area(request, membership, area_set, find_area(area_set, pk))


def find_area(area_set: AreaSet, pk: int) -> Area:
    """The area, in any version of the set; 404 otherwise."""
    found = lists.area_in(area_set, pk)
    if found is None:
        raise Http404
    return found


def show_area(
    request: HttpRequest,
    membership: Membership,
    area_set: AreaSet,
    found: Area,
    *,
    form: FactForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of an area; with ``form``, a fact that could not be recorded is shown again."""
    slug = membership.collaboration.slug
    context = {
        "area": found,
        "area_set": area_set,
        "parts": lists.parts_of(found),
        "facts": lists.facts_of(membership, found),
        "editable": may(membership, Capability.EDIT_PLACES),
        "fact_form": form or fact_form(membership),
        "fact_address": reverse("places:area_fact_add", args=[slug, area_set.slug, found.pk]),
        "map": _map(
            found.name,
            [
                {"id": "area", "src": f"{reverse('places:area_geojson', args=[slug, area_set.slug])}?area={found.pk}"}
                | DRAWN
            ],
        ),
    }
    return _page(request, membership, "places/area.html", context, status=status)


def fact_form(membership: Membership) -> FactForm:
    """An empty form that starts from today."""
    return FactForm(initial={"valid_from": clock.today(membership.collaboration.time_zone)})


DRAWN: dict[str, Any] = {"kind": "fill", "colour": "--accent", "legend": False}


def _map(title: str, layers: list[dict[str, Any]]) -> dict[str, Any]:
    return {"label": title, "layers": layers, "fit": layers[0]["id"]}


def _page(
    request: HttpRequest, membership: Membership, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    shared = {"membership": membership, "section": "places", "may_edit": may(membership, Capability.EDIT_PLACES)}
    return render(request, template, {**shared, **context}, status=status)
