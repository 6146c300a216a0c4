"""Lists: the landing page, incidents, categories, and the types of a source."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from lagesbild.accounts.access import Capability, access_collaboration, may, may_write
from lagesbild.accounts.models import Membership
from lagesbild.core.errors import UserError
from lagesbild.observations import actions, listings, queries
from lagesbild.observations.access import access_source
from lagesbild.observations.categories import CategoryMapping
from lagesbild.observations.filters import EventFilter
from lagesbild.observations.questions import Question


@require_GET
def reports(request: HttpRequest, collaboration: str) -> HttpResponse:
    """What comes in: sources, imports, tables of figures."""
    membership = access_collaboration(request.user, collaboration)
    summaries = listings.source_summaries(membership)
    context = {
        **_frame(membership),
        "summaries": summaries,
        "n_incidents": sum(each.n_incidents for each in summaries),
        "batches": listings.recent_batches(membership),
        "tables": listings.series_tables(membership),
        "data_version": queries.data_version(membership.collaboration),
        "exercise": any(each.source.is_exercise for each in summaries),
    }
    return render(request, "observations/reports.html", context)


@require_GET
def incidents(request: HttpRequest, collaboration: str) -> HttpResponse:
    """Single incidents, newest first."""
    membership = access_collaboration(request.user, collaboration)
    error = None
    try:
        question = _question(request, membership)
    except UserError as refused:
        error = refused
        question = queries.resolve(membership.collaboration, EventFilter(), membership=membership)
    page = listings.incident_page(question, _page_number(request))
    filters, sources = question.filters, dict(listings.source_names(membership))
    for row in page.rows:
        row["source_name"] = sources.get(row["source"], row["source"])
    context = {
        **_frame(membership),
        "filters": filters,
        "first_on": filters.from_on,
        "last_on": filters.to_on and filters.to_on - timedelta(days=1),
        "page": page,
        "query": filters.to_query(),
        "sources": sources.items(),
        "category_choices": _category_choices(question.mapping, filters),
        "caveats": queries.caveats_for(question, membership.collaboration),
        "error": error,
        "exercise": question.is_exercise,
    }
    return render(request, "observations/incidents.html", context, status=422 if error else 200)


@require_GET
def incidents_csv(request: HttpRequest, collaboration: str) -> HttpResponse:
    """The same incidents as a file."""
    membership = access_collaboration(request.user, collaboration)
    try:
        question = _question(request, membership)
        content = listings.incidents_csv(question)
    except UserError as error:
        messages.error(request, error.message)
        return redirect("observations:incidents", collaboration)
    name = "ovningsdata-incidents.csv" if question.is_exercise else "incidents.csv"
    return HttpResponse(
        content,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_GET
def categories(request: HttpRequest, collaboration: str) -> HttpResponse:
    """The tree, what counts in it, and what must be said of its figures."""
    membership = access_collaboration(request.user, collaboration)
    rows, n_without = listings.category_rows(membership)
    context = {
        **_frame(membership),
        "rows": rows,
        "n_without": n_without,
        "unmapped": listings.unmapped_sources(membership),
    }
    return render(request, "observations/categories.html", context)


@require_GET
def source(request: HttpRequest, collaboration: str, slug: str) -> HttpResponse:
    """One source: its imports, and the category that each of its types counts in."""
    membership = access_collaboration(request.user, collaboration)
    found = access_source(membership, slug)
    mapping = queries.category_mapping(membership.collaboration)
    context = {
        **_frame(membership),
        "source": found,
        "types": listings.types_of(found),
        "categories": [(code, label) for code, label, _chosen in _category_choices(mapping, EventFilter())],
        "batches": listings.recent_batches(membership, source=found),
        "may_map": may(membership, Capability.IMPORT) and may_write(membership, found),
        "exercise": found.is_exercise,
    }
    return render(request, "observations/source.html", context)


@require_POST
def source_types(request: HttpRequest, collaboration: str, slug: str) -> HttpResponse:
    """Have types of the source count in categories."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.IMPORT)
    found = access_source(membership, slug, write=True)
    types = dict(zip(request.POST.getlist("type"), request.POST.getlist("category"), strict=False))
    try:
        changed = actions.map_types(found, {kind: code or None for kind, code in types.items()}, actor=membership.user)
    except UserError as error:
        messages.error(request, error.message)
    else:
        messages.success(
            request,
            ngettext("{n} type changed.", "{n} types changed.", changed).format(n=changed)
            if changed
            else _("Nothing was changed."),
        )
    return redirect("observations:source", collaboration, slug)


def _question(request: HttpRequest, membership: Membership) -> Question:
    return queries.resolve(membership.collaboration, EventFilter.from_query(request.GET), membership=membership)


def _category_choices(mapping: CategoryMapping, filters: EventFilter) -> list[tuple[str, str, bool]]:
    """(code, name set in by its depth, whether chosen) for a list of choices."""
    return [
        (node.code, "\u2003" * depth + node.title, node.code in filters.categories)
        for node, depth in mapping.in_order()
    ]


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 1


def _frame(membership: Membership) -> dict[str, Any]:
    return {
        "membership": membership,
        "section": "observations",
        "may_import": may(membership, Capability.IMPORT),
    }
