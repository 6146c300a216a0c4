"""The live picture: page, fragment, map data, table, files. Frozen pictures are in ``views_frozen.py``."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from lagesbild.accounts.access import Capability, access_collaboration, may
from lagesbild.accounts.models import Membership
from lagesbild.core.errors import UserError
from lagesbild.picture import answer, flat, offers, prints, queries, whole
from lagesbild.picture.answer import Prepared
from lagesbild.picture.asking import Ask
from lagesbild.picture.content import PictureContent
from lagesbild.picture.filter_bar import filter_bar
from lagesbild.picture.maps import map_config, map_parts, map_sources
from lagesbild.picture.present import presented


@require_GET
def picture(request: HttpRequest, collaboration: str) -> HttpResponse:
    """The page; for htmx the part of it that the filters change."""
    membership = access_collaboration(request.user, collaboration)
    error = None
    try:
        prepared = answer.prepare_open(membership, Ask.from_query(request.GET))
    except UserError as refused:
        error = refused
        prepared = answer.prepare_open(membership, Ask.from_query({}))
    swap = bool(getattr(request, "htmx", None))
    context = _page(membership, prepared) | {"error": error, "swap": swap}
    template = "picture/_picture.html" if swap else "picture/picture.html"
    response = render(request, template, context, status=422 if error else 200)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _page(membership: Membership, prepared: Prepared) -> dict[str, Any]:
    content = whole.whole(prepared, answer.answer(prepared, membership), membership)
    teller = offers.report_teller()
    slug, query = membership.collaboration.slug, prepared.ask.to_query()
    map_address = f"{reverse('picture:map_data', args=[slug])}?{query}"
    return {
        "membership": membership,
        "section": "picture",
        "live": True,
        "fitted": prepared.fitted,
        "bar": filter_bar(prepared),
        "query": query,
        "may_freeze": may(membership, Capability.FREEZE),
        "has_data": bool(prepared.covered.spans),
        "csv_address": f"{reverse('picture:csv', args=[slug])}?{query}",
        "page_address": reverse("picture:picture", args=[slug]),
        "map_sources": json.dumps(map_sources(content, map_address, reports=teller is not None)),
        "map_config": map_config(content, map_address, reports=teller is not None),
        "reports_on_map": teller is not None,
        "reports_address": teller.list_path(whole.asked_of(prepared, content, membership)) if teller else "",
        **presented(content),
    }


View = Callable[[HttpRequest, str], HttpResponse]


def refusing(view: View) -> View:
    """A query string that cannot be read is told in one line: files and map data have no page to tell it on."""

    @wraps(view)
    def answering(request: HttpRequest, collaboration: str) -> HttpResponse:
        try:
            return view(request, collaboration)
        except UserError as refused:
            return HttpResponse(refused.message, status=422, content_type="text/plain; charset=utf-8")

    return answering


@require_GET
@refusing
def map_data(request: HttpRequest, collaboration: str) -> HttpResponse:
    """GeoJSON of every layer, for the same query string as the page."""
    membership = access_collaboration(request.user, collaboration)
    prepared = answer.prepare_open(membership, Ask.from_query(request.GET))
    content, teller = answer.answer(prepared, membership).content, offers.report_teller()
    reports = teller.on_map(whole.asked_of(prepared, content, membership)) if teller else None
    return JsonResponse(map_parts(content, drawing_for(content), reports))


def drawing_for(content: PictureContent) -> dict[str, Any] | None:
    """Areas are drawn only where there are no hot spots."""
    if content.areas is None or content.hot_spots is not None:
        return None
    return queries.drawing_of(content.areas.version)


@require_GET
@refusing
def csv(request: HttpRequest, collaboration: str) -> HttpResponse:
    """Every figure of the page in one table; ``part`` (repeated) narrows it."""
    membership, content = _answered(request, collaboration)
    return csv_response(content, request.GET.getlist("part"), name=_file_name(membership, content))


def csv_response(content: PictureContent, parts: list[str], *, name: str) -> HttpResponse:
    """With a mark at the start that lets spreadsheets know it is UTF-8."""
    text = flat.to_csv(content, parts=parts or flat.PARTS)
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8", headers=headers)


@require_GET
@refusing
def pdf(request: HttpRequest, collaboration: str) -> HttpResponse:
    return _file(request, collaboration, "pdf")


@require_GET
@refusing
def docx(request: HttpRequest, collaboration: str) -> HttpResponse:
    return _file(request, collaboration, "docx")


def _file(request: HttpRequest, collaboration: str, kind: prints.Kind) -> HttpResponse:
    membership, content = _answered(request, collaboration)
    data = prints.to_file(
        content,
        kind,
        language=get_language() or "sv",
        collaboration=membership.collaboration,
        membership=membership,
    )
    return file_response(data, kind, name=_file_name(membership, content))


def file_response(data: bytes, kind: prints.Kind, *, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    return HttpResponse(data, content_type=prints.CONTENT_TYPES[kind], headers=headers)


def _answered(request: HttpRequest, collaboration: str) -> tuple[Membership, PictureContent]:
    """The picture that the query string asks for. A query that cannot be read is an error of the address: 422."""
    membership = access_collaboration(request.user, collaboration)
    prepared = answer.prepare_open(membership, Ask.from_query(request.GET))
    return membership, whole.whole(prepared, answer.answer(prepared, membership), membership)


def _file_name(membership: Membership, content: PictureContent) -> str:
    period = content.question.period
    exercise = "-ovning" if content.is_exercise else ""
    return f"lagesbild-{membership.collaboration.slug}{exercise}-{period.from_on:%Y%m%d}-{period.last_on:%Y%m%d}"
