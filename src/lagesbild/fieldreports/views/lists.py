"""The list of reports, its map, and the same as a file."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from lagesbild.accounts.access import Capability, access_collaboration, may
from lagesbild.accounts.models import Membership
from lagesbild.core.errors import UserError
from lagesbild.fieldreports import became, queries
from lagesbild.fieldreports.filters import ReportFilter
from lagesbild.fieldreports.map_data import MOST_ON_MAP, on_map
from lagesbild.fieldreports.models import Certainty, Status
from lagesbild.fieldreports.table import MOST_ROWS, report_table
from lagesbild.observations.categories import CategoryMapping

PER_PAGE = 25
INVALID = 422


@require_safe
def reports(request: HttpRequest, collaboration: str) -> HttpResponse:
    """Reports, newest first, on the map and as a list, filtered alike. To htmx the list alone."""
    membership = access_collaboration(request.user, collaboration)
    with timezone.override(ZoneInfo(membership.collaboration.time_zone)):
        filters, error = _filters(request)
        page = Paginator(queries.reports_of(membership, filters), PER_PAGE).get_page(request.GET.get("page"))
        context = {
            **_frame(membership),
            **_list(membership, filters, page),
            "error": error,
            "swap": bool(request.headers.get("HX-Request")),
            **({} if request.headers.get("HX-Request") else _bar(membership, filters)),
        }
        template = "fieldreports/_reports.html" if request.headers.get("HX-Request") else "fieldreports/reports.html"
        response = render(request, template, context, status=INVALID if error else 200)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _list(membership: Membership, filters: ReportFilter, page: Any) -> dict[str, Any]:
    told = became.told(membership, list(page.object_list))
    address = reverse("fieldreports:reports_geojson", args=[membership.collaboration.slug])
    return {
        "rows": [(report, told[report.pk]) for report in page.object_list],
        "page_obj": page,
        "query": filters.to_query(),
        "is_narrowed": filters != ReportFilter(),
        "exercise": queries.has_exercise(page.object_list),
        "map_sources": json.dumps({"reports": f"{address}?{filters.to_query()}"}),
    }


def _bar(membership: Membership, filters: ReportFilter) -> dict[str, Any]:
    """What the filters offer, and the map."""
    events = filters.events
    tree = queries.category_tree(membership.collaboration)
    address = reverse("fieldreports:reports_geojson", args=[membership.collaboration.slug])
    layer = {"id": "reports", "src": f"{address}?{filters.to_query()}", "kind": "circle", "title": _("Field reports")}
    return {
        "filters": filters,
        "first_on": events.from_on,
        "last_on": events.to_on and events.to_on - timedelta(days=1),
        "category_choices": category_choices(tree),
        "chosen_category": next(iter(events.categories), ""),
        "places": queries.places_to_name(membership),
        "statuses": Status.choices,
        "certainties": Certainty.choices,
        "n_unreviewed": queries.unreviewed(membership) if may(membership, Capability.COOPERATE) else 0,
        "map": {"label": _("Field reports on the map"), "layers": [layer]},
    }


@require_safe
@gzip_page
def reports_geojson(request: HttpRequest, collaboration: str) -> HttpResponseBase:
    """The newest reports that match and have a point."""
    membership = access_collaboration(request.user, collaboration)
    with timezone.override(ZoneInfo(membership.collaboration.time_zone)):
        filters, error = _filters(request)
        if error:
            return _refused(error)
        shown = queries.for_table(membership, filters, most=MOST_ON_MAP)
        text = on_map(membership.collaboration, shown)
    response = HttpResponse(text, content_type="application/geo+json")
    response["Cache-Control"] = "private, no-cache"
    return response


@require_safe
def reports_csv(request: HttpRequest, collaboration: str) -> HttpResponse:
    """The same reports as a file for spreadsheets, newest first."""
    membership = access_collaboration(request.user, collaboration)
    with timezone.override(ZoneInfo(membership.collaboration.time_zone)):
        filters, error = _filters(request)
        if error:
            return _refused(error)
        shown = queries.for_table(membership, filters, most=MOST_ROWS)
        content = report_table(shown, became.told(membership, shown))
    prefix = "ovningsdata-" if queries.has_exercise(shown) else ""
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{prefix}fieldreports.csv"'
    return response


def category_choices(tree: CategoryMapping) -> list[tuple[str, str]]:
    """Code and name, set in by depth."""
    return [(node.code, "\u2003" * depth + node.title) for node, depth in tree.in_order()]


def _filters(request: HttpRequest) -> tuple[ReportFilter, UserError | None]:
    try:
        return ReportFilter.from_query(request.GET), None
    except UserError as refused:
        return ReportFilter(), refused


def _refused(error: UserError) -> HttpResponse:
    return HttpResponse(error.message, status=INVALID, content_type="text/plain; charset=utf-8")


def _frame(membership: Membership) -> dict[str, Any]:
    return {
        "membership": membership,
        "section": "observations",
        "tab": "fieldreports",
        "may_report": may(membership, Capability.REPORT),
        "may_review": may(membership, Capability.COOPERATE),
    }
