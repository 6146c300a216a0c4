"""Zones: the map, who may act at a point, and the editor."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lagesbild.accounts.access import Capability, access_collaboration
from lagesbild.accounts.models import Function, Membership, Organisation
from lagesbild.actors import actions, lists, zones
from lagesbild.actors.access import access_zone
from lagesbild.actors.forms import PointForm, ZoneForm
from lagesbild.actors.models import Zone
from lagesbild.actors.views.editing import Editor, edit, page
from lagesbild.core import clock
from lagesbild.core.geo import WGS_84, project
from lagesbild.places.drawing import join_features
from lagesbild.places.models import Place

DRAWN = {"kind": "fill", "colour": "--accent", "opacity": 0.25}


@require_safe
def zone_list(request: HttpRequest, collaboration: str) -> HttpResponse:
    """The zones on the map and as a table, and who may act at a point."""
    membership = access_collaboration(request.user, collaboration)
    found = list(zones.zones_of(membership))
    today = clock.today(membership.collaboration.time_zone)
    places = list(lists.places(membership))
    point, name = _point(request, membership, places)
    context = {
        "tab": "zones",
        "zones": found,
        "today": today,
        "places": places,
        "place": request.GET.get("place", ""),
        "outside": [(place, f"{100 * share:.0f}") for place, share in zones.places_outside(membership)],
        "asked": point is not None,
        "asked_name": name,
        "here": zones.zones_at(membership, *point) if point else [],
        "map": {
            "label": _("Zones"),
            "fit": "zones",
            "layers": [{"id": "zones", "data": _features(found), "title": _("Zones"), **DRAWN}],
        },
    }
    return page(request, membership, "actors/zones.html", context)


def _point(request: HttpRequest, membership: Membership, places: list[Place]) -> tuple[tuple[float, float] | None, str]:
    form = PointForm(request.GET)
    form.is_valid()
    said = form.cleaned_data
    if said.get("place"):
        place = next((each for each in places if each.pk == said["place"]), None)
        return ((place.x, place.y), place.name) if place else (None, "")
    if said.get("lat") is None or said.get("lon") is None:
        return None, ""
    crs = membership.collaboration.working_crs
    x, y = project([said["lon"]], [said["lat"]], from_crs=WGS_84, to_crs=crs)
    return (float(x[0]), float(y[0])), f"{said['lat']:.5f}, {said['lon']:.5f}"


def _features(found: list[Zone]) -> object:
    texts = [
        {"id": zone.pk, "name": zone.name, "title": zone.name, "text": ", ".join(map(str, zone.actors.all()))}
        for zone in found
    ]
    return json.loads(join_features([zone.drawing for zone in found], texts))


@require_http_methods(["GET", "HEAD", "POST"])
def zone_new(request: HttpRequest, collaboration: str) -> HttpResponse:
    """Draw a new zone."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    return _editor(request, membership, None)


@require_http_methods(["GET", "HEAD", "POST"])
def zone_edit(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Change a zone of one's own organisation."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    return _editor(request, membership, access_zone(membership, pk, write=True))


def _editor(request: HttpRequest, membership: Membership, zone: Zone | None) -> HttpResponse:
    collaboration = membership.collaboration
    functions = list(lists.functions(collaboration))
    organisations = list(lists.organisations(collaboration))
    choices = [(f"o{each.pk}", each.name) for each in organisations] + [
        (f"f{each.pk}", str(each)) for each in functions
    ]
    initial = _drawn(zone) if zone else {"valid_from": clock.today(collaboration.time_zone)}
    form = ZoneForm(
        request.POST or None,
        record=zone,
        initial={"shape": "polygon", **initial},
        actors=choices,
        working_crs=collaboration.working_crs,
    )

    def save() -> Zone:
        assert form.ground is not None
        actors = _chosen(form.cleaned_data["actors"], organisations, functions)
        if zone is None:
            return actions.create_zone(membership, form.ground, actors=actors, **form.values())
        return actions.change_zone(membership, zone, form.seen, form.ground, actors=actors, **form.values())

    address = reverse("actors:zones", args=[collaboration.slug])
    title = zone.name if zone else _("New zone")
    context: dict[str, Any] = {"map": {"label": _("Draw the zone"), "layers": [], "bounds": None}}
    return edit(
        request,
        membership,
        form,
        Editor(title, "zones", address, template="actors/zone_form.html", context=context),
        save,
        lambda _made: address,
    )


def _drawn(zone: Zone) -> dict[str, object]:
    feature = {"type": "Feature", "properties": {}, "geometry": json.loads(zone.drawing)}
    actors = [f"f{each.function_id}" if each.function_id else f"o{each.organisation_id}" for each in zone.actors.all()]
    return {"geometry": json.dumps(feature), "actors": actors}


def _chosen(
    codes: list[str], organisations: list[Organisation], functions: list[Function]
) -> list[tuple[Organisation, Function | None, str]]:
    by_code: dict[str, tuple[Organisation, Function | None, str]] = {
        f"o{each.pk}": (each, None, "") for each in organisations
    }
    by_code |= {f"f{each.pk}": (each.organisation, each, "") for each in functions}
    return [by_code[code] for code in dict.fromkeys(codes)]
