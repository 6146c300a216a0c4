"""Who can help now, with and without signal."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lagesbild.accounts.access import access_collaboration
from lagesbild.actors import help_copy
from lagesbild.actors.forms import PointForm
from lagesbild.actors.gathering import Ground, HelpData, gather
from lagesbild.actors.help_now import Asked, who_can_help
from lagesbild.actors.views.editing import page
from lagesbild.core.geo import WGS_84, project


@require_safe
def help_now(request: HttpRequest, collaboration: str) -> HttpResponse:
    """Place and situation → the functions on duty with mandate there, in order, and how to reach them."""
    membership = access_collaboration(request.user, collaboration)
    data = gather(membership)
    asked, place = _asked(request, data, working_crs=membership.collaboration.working_crs)
    context = {
        "tab": "help",
        "data": data,
        "asked": asked,
        "place": place,
        "zones_here": _zones_here(data, asked),
        "answer": who_can_help(data, asked),
        "on_map": bool(request.GET.get("map")),
        "map": {"label": _("Where help is wanted"), "layers": [], "bounds": _bounds(data)},
        "exercise": any(duty.is_exercise for each in data.candidates for duty in each.duties),
    }
    partial = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    template = "actors/_help_answer.html" if partial else "actors/help_now.html"
    response = page(request, membership, template, context)
    response["Vary"] = "HX-Request"
    return response


@require_safe
@never_cache
def help_data(request: HttpRequest, collaboration: str) -> JsonResponse:
    """The copy that a phone keeps: everything that the answer is made of, for the days to come."""
    membership = access_collaboration(request.user, collaboration)
    return JsonResponse(help_copy.as_json(gather(membership), membership), json_dumps_params={"ensure_ascii": False})


@require_safe
def help_offline(request: HttpRequest, collaboration: str) -> HttpResponse:
    """The page without signal: the same question, answered by the device from its copy."""
    membership = access_collaboration(request.user, collaboration)
    return page(request, membership, "actors/help_offline.html", {"tab": "help", "exercise": False})


@require_safe
@never_cache
def help_worker(request: HttpRequest, collaboration: str) -> HttpResponse:
    """The service worker of this page alone: below this address and nowhere else."""
    membership = access_collaboration(request.user, collaboration)
    context = {"collaboration": membership.collaboration}
    return render(request, "actors/help_worker.js", context, content_type="text/javascript; charset=utf-8")


def _asked(request: HttpRequest, data: HelpData, *, working_crs: int) -> tuple[Asked, Ground | None]:
    form = PointForm(_with_point(request))
    form.is_valid()  # what cannot be read is as if it had not been asked
    said: dict[str, Any] = form.cleaned_data
    place = data.place(said.get("place"))
    known = {each.code for each in data.situations}
    situation = said.get("situation") if said.get("situation") in known else ""
    x, y = (place.x, place.y) if place else (None, None)
    if said.get("lat") is not None and said.get("lon") is not None:
        east, north = project([said["lon"]], [said["lat"]], from_crs=WGS_84, to_crs=working_crs)
        x, y = float(east[0]), float(north[0])
    return Asked(situation or "", place.id if place else None, x, y, said.get("age")), place


def _with_point(request: HttpRequest) -> dict[str, Any]:
    """The address, with a point from the map in place of a typed one."""
    said = request.GET.dict()
    try:
        lon, lat = json.loads(said["point"])["geometry"]["coordinates"][:2]
    except (KeyError, ValueError, TypeError):
        return said
    return {**said, "lon": lon, "lat": lat}


def _zones_here(data: HelpData, asked: Asked) -> list[Ground]:
    if asked.x is None or asked.y is None:
        return []
    return [zone for zone in data.zones if zone.holds(asked.x, asked.y)]


def _bounds(data: HelpData) -> list[float] | None:
    """west, south, east, north of all places and zones in degrees."""
    drawn = [json.loads(each.drawing) for each in (*data.places, *data.zones)]
    points = [point for shape in drawn for point in help_copy.corners(shape["coordinates"])]
    if not points:
        return None
    lons, lats = zip(*points, strict=True)
    return [min(lons), min(lats), max(lons), max(lats)]
