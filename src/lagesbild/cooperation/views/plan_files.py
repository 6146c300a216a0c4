"""The plan as files and as data for the map, by the same filter as its page."""

from __future__ import annotations

from typing import Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from lagesbild.accounts.access import access_collaboration
from lagesbild.accounts.models import Membership
from lagesbild.cooperation import plan_data
from lagesbild.cooperation.models import ActionState, ActionType
from lagesbild.cooperation.queries import planned
from lagesbild.cooperation.queries.plan_filter import ALL, OPEN, OVERDUE, PlanFilter
from lagesbild.cooperation.queries.planned import ActionRow

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
def actions_csv(request: HttpRequest, collaboration: str) -> HttpResponse:
    """The same actions as a table of text."""
    _membership, rows, _chosen = _asked(request, collaboration)
    return _file(plan_data.csv_of(rows), "text/csv; charset=utf-8", "csv", rows)


@require_safe
def actions_xlsx(request: HttpRequest, collaboration: str) -> HttpResponse:
    """The same actions for Excel."""
    _membership, rows, _chosen = _asked(request, collaboration)
    return _file(plan_data.excel_of(rows), EXCEL, "xlsx", rows)


@require_safe
def actions_docx(request: HttpRequest, collaboration: str) -> HttpResponse:
    """The same actions for Word."""
    membership, rows, chosen = _asked(request, collaboration)
    language: Literal["sv", "en"] = "en" if (get_language() or "sv").startswith("en") else "sv"
    return _file(plan_data.word_of(membership, rows, _facts(chosen), language=language), WORD, "docx", rows)


@require_safe
@gzip_page
def actions_geojson(request: HttpRequest, collaboration: str) -> HttpResponse:
    """The same actions for the map: those that have a point or a place."""
    membership, rows, _chosen = _asked(request, collaboration)
    return HttpResponse(plan_data.geojson_of(membership, rows), content_type="application/geo+json")


def _asked(request: HttpRequest, collaboration: str) -> tuple[Membership, list[ActionRow], PlanFilter]:
    membership = access_collaboration(request.user, collaboration)
    chosen = PlanFilter.read(request.GET)
    found = planned.actions(membership, chosen)[: planned.MOST_EXPORTED]
    return membership, planned.as_rows(membership, found), chosen


def _facts(chosen: PlanFilter) -> dict[str, str]:
    """What was chosen, in words; the names that only others may see are not among them."""
    states: dict[str, str] = {OPEN: _("All open"), OVERDUE: _("Overdue"), ALL: _("All")}
    state = states.get(chosen.state) or str(ActionState(chosen.state).label)
    told = {
        _("State"): state,
        _("Type"): str(ActionType(chosen.kind).label) if chosen.kind else "",
        _("Search"): chosen.words,
    }
    return {name: value for name, value in told.items() if value}


def _file(content: bytes, media_type: str, ending: str, rows: list[ActionRow]) -> HttpResponse:
    prefix = "ovningsdata-" if any(plan_data.is_exercise(row) for row in rows) else ""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{prefix}atgardsplan.{ending}"'
    return response
