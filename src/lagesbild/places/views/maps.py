"""Data for maps, and the same facts for a spreadsheet."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from lagesbild.accounts.access import access_collaboration
from lagesbild.places import map_data

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
