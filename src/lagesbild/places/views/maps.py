"""Data for maps, and the same facts for a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from lagesbild.accounts.access import access_collaboration
from lagesbild.places import lists, map_data, queries
from lagesbild.places.access import access_area_set
from lagesbild.places.tables import to_csv

GEOJSON = "application/geo+json"


@require_safe
@gzip_page
def base_map(request: HttpRequest, collaboration: str) -> HttpResponseBase:
    """The background of every map: base layers and the outlines of the current areas."""
    membership = access_collaboration(request.user, collaboration)
    base = map_data.base_map(membership)
    return unless_known(request, base.etag) or geojson(map_data.base_map_json(base), etag=base.etag)


def unless_known(request: HttpRequest, etag: str) -> HttpResponseBase | None:
    """The short answer to a browser that has this already."""
    response = get_conditional_response(request, etag=etag)
    return _private(response) if response is not None else None


def geojson(text: str, *, etag: str = "", name: str = "") -> HttpResponse:
    """A map's data; with ``name``, a file to keep."""
    response = HttpResponse(text, content_type=GEOJSON)
    if etag:
        response["ETag"] = etag
    if name:
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    return _private(response)


def _private(response: HttpResponseBase) -> HttpResponse:
    patch_cache_control(response, private=True, no_cache=True)  # kept by the browser, asked about every time
    return response  # type: ignore[return-value]


@require_safe
@gzip_page
def places_geojson(request: HttpRequest, collaboration: str) -> HttpResponseBase:
    """The places, filtered as on their page."""
    membership = access_collaboration(request.user, collaboration)
    shown = lists.places_of(membership, kind=request.GET.get("type", ""), retired=request.GET.get("retired") == "1")
    name = "places.geojson" if "download" in request.GET else ""
    return geojson(lists.places_geojson(shown), name=name)


@require_safe
def places_csv(request: HttpRequest, collaboration: str) -> HttpResponse:
    """The same places as a table."""
    membership = access_collaboration(request.user, collaboration)
    shown = lists.places_of(membership, kind=request.GET.get("type", ""), retired=request.GET.get("retired") == "1")
    header = [_("Name"), _("Municipality"), _("Types"), _("Shape"), "x", "y", _("Radius, metres"), _("Source")]
    rows = [
        (
            place.name,
            place.municipality,
            ", ".join(kind.shown for kind in place.types.all()),
            place.get_shape_display(),
            round(place.x, 1),
            round(place.y, 1),
            place.radius_m,
            place.source,
        )
        for place in shown
    ]
    return _csv("places.csv", header, rows)


@require_safe
@gzip_page
def area_geojson(request: HttpRequest, collaboration: str, slug: str) -> HttpResponseBase:
    """The areas of the current version; ``?area=`` gives one, of whatever version."""
    membership = access_collaboration(request.user, collaboration)
    area_set = access_area_set(membership, slug)
    wanted = request.GET.get("area", "")
    version = lists.version_with(area_set, int(wanted) if wanted.isascii() and wanted.isdigit() else None)
    if version is None:
        raise Http404
    etag = f'"{version.pk}-{version.file_sha256[:16]}-{wanted[:20]}"'
    name = f"{slug}.geojson" if "download" in request.GET else ""
    return unless_known(request, etag) or geojson(map_data.area_polygons(version, only=wanted), etag=etag, name=name)


@require_safe
def area_csv(request: HttpRequest, collaboration: str, slug: str) -> HttpResponse:
    """The areas of the current version as a table."""
    membership = access_collaboration(request.user, collaboration)
    version = lists.version_with(access_area_set(membership, slug), None)
    if version is None:
        raise Http404
    header = [_("Code"), _("Name"), _("Also called"), _("Lies in"), _("Area, km²")]
    rows = [
        (area.code, area.name, ", ".join(area.aliases), area.parent.name if area.parent else "", area.area_m2 / 1e6)
        for area in queries.areas_of(version)
    ]
    return _csv(f"{slug}.csv", header, rows)


def _csv(name: str, header: list[str], rows: Sequence[Sequence[object]]) -> HttpResponse:
    response = HttpResponse(to_csv(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
