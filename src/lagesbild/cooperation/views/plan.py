"""The action plan on the page: list, board, map and calendar of the same question."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lagesbild.accounts.access import Capability, access_collaboration, may
from lagesbild.accounts.models import Membership
from lagesbild.cooperation.deeds import next_turns
from lagesbild.cooperation.forms.plan import TYPE_GROUPS
from lagesbild.cooperation.models import ActionState
from lagesbild.cooperation.queries import planned
from lagesbild.cooperation.queries.matters import CountedPaginator, forums_taking, organisations_with_overdue
from lagesbild.cooperation.queries.plan_filter import ALL, OPEN, OVERDUE, PlanFilter
from lagesbild.cooperation.queries.planned import WEEKS_SHOWN, PlanCounts

LIST, BOARD, MAP, CALENDAR = "list", "board", "map", "calendar"
VIEWS = (LIST, BOARD, MAP, CALENDAR)
LATE_BREAKS = (1, 30, 90)  # days


@require_safe
def actions(request: HttpRequest, collaboration: str) -> HttpResponse:
    """The plan in one of its views, filtered alike. To htmx the part that the filter changes."""
    membership = access_collaboration(request.user, collaboration)
    chosen = PlanFilter.read(request.GET)
    view = request.GET.get("view", LIST)
    view = view if view in VIEWS else LIST
    partial = bool(request.headers.get("HX-Request"))
    counts = planned.counts(membership, chosen)
    context = {
        "membership": membership,
        "section": "actions",
        "chosen": chosen,
        "view": view,
        "query": query_of(request),
        "counts": counts,
        "may_plan": may(membership, Capability.COOPERATE),
        "is_narrowed": chosen != PlanFilter(sort=chosen.sort),
        "today": planned.today_of(membership),
        "only": _only(membership, chosen),
        **PARTS[view](request, membership, chosen, counts),
        **({} if partial else _bar(membership)),
    }
    if partial and view == MAP:
        context["map_sources"] = json.dumps({"actions": _map_address(request, membership)})
    template = "cooperation/plan/_plan.html" if partial else "cooperation/plan/actions.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def query_of(request: HttpRequest) -> str:
    """The question without the page, the view and the weeks."""
    query = request.GET.copy()
    for name in ("page", "view", "from"):
        query.pop(name, None)
    return query.urlencode()


def _only(membership: Membership, chosen: PlanFilter) -> list[str]:
    """What the address narrows to without a field of the filter, in words."""
    told = []
    if chosen.matter:
        told.append(_("Matter no. {number}").format(number=chosen.matter))
    if chosen.meeting:
        told.append(_("Decided at one meeting"))
    if chosen.agreement:
        told.append(planned.agreement_title(membership, chosen.agreement) or _("Of one agreement"))
    return told


def _bar(membership: Membership) -> dict[str, Any]:
    """What the filter offers, and what is overdue with whom, which all partners may see."""
    organisations = organisations_with_overdue(membership.collaboration)
    return {
        "organisations": organisations,
        "overdue": [each for each in organisations if each.n_overdue],  # type: ignore[attr-defined]
        "forums": forums_taking(membership.collaboration),
        "places": planned.places_to_name(membership),
        "states": [(OPEN, _("All open")), (OVERDUE, _("Overdue")), *ActionState.choices, (ALL, _("All"))],
        "type_groups": TYPE_GROUPS,
    }


def _list(request: HttpRequest, membership: Membership, chosen: PlanFilter, counts: PlanCounts) -> dict[str, Any]:
    keys = planned.keys(membership, chosen)
    page = CountedPaginator(keys, planned.PER_PAGE, count=counts.shown).get_page(request.GET.get("page"))
    found = planned.actions(membership, chosen).filter(pk__in=page.object_list)
    rows = planned.as_rows(membership, found, planned.rights_of(membership))
    return {"page_obj": page, "rows": rows, "exercise": _exercise(rows)}


def _map(request: HttpRequest, membership: Membership, chosen: PlanFilter, counts: PlanCounts) -> dict[str, Any]:
    layer = {
        "id": "actions",
        "src": _map_address(request, membership),
        "kind": "circle",
        "radius": 8,
        "property": "days_late",
        "breaks": list(LATE_BREAKS),
        "title": _("Days overdue"),
        "unit": _("days"),
        "selectable": True,
    }
    listed = _list(request, membership, chosen, counts)
    return {**listed, "map": {"label": _("Actions"), "layers": [layer], "fit": "actions"}}


def _map_address(request: HttpRequest, membership: Membership) -> str:
    address = reverse("cooperation:actions_geojson", args=[membership.collaboration.slug])
    return f"{address}?{query_of(request)}"


def _board(_request: HttpRequest, membership: Membership, chosen: PlanFilter, _counts: PlanCounts) -> dict[str, Any]:
    columns = planned.board(membership, chosen, planned.rights_of(membership))
    rows = [row for column in columns for row in column.rows]
    return {
        "columns": [(column, [(row, _next_turn(row)) for row in column.rows]) for column in columns],
        "n_on_board": sum(column.n for column in columns),
        "rows": rows,
        "exercise": _exercise(rows),
    }


def _next_turn(row: planned.ActionRow) -> Any:
    """What lies nearest and needs no words, as a button on the card."""
    turns = [turn for turn in next_turns(row.action) if not turn.needs_words] if row.may_change else []
    return turns[0] if turns else None


def _calendar(request: HttpRequest, membership: Membership, chosen: PlanFilter, _counts: PlanCounts) -> dict[str, Any]:
    monday = _monday(request.GET.get("from", ""), planned.today_of(membership))
    weeks, is_cut = planned.weeks(membership, chosen, monday, planned.rights_of(membership))
    step = timedelta(weeks=WEEKS_SHOWN)
    rows = [row for week in weeks for row in week.rows]
    return {
        "weeks": weeks,
        "is_cut": is_cut,
        "earlier": monday - step,
        "later": monday + step,
        "rows": rows,
        "exercise": _exercise(rows),
    }


def _monday(written: str, today: date) -> date:
    """The Monday of the week that the day is in; this week's if nothing can be read."""
    try:
        day = date.fromisoformat(written)
    except ValueError:
        day = today
    if not 1990 <= day.year <= 2100:
        day = today
    return day - timedelta(days=day.weekday())


def _exercise(rows: list[planned.ActionRow]) -> bool:
    return any(row.action.matter is not None and row.action.matter.is_exercise for row in rows)


Part = Callable[[HttpRequest, Membership, PlanFilter, PlanCounts], dict[str, Any]]
PARTS: dict[str, Part] = {LIST: _list, BOARD: _board, MAP: _map, CALENDAR: _calendar}
