"""Pages that show matters: the desk with table and map, one matter with its path, and what one raised oneself."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lagesbild.accounts.access import Capability, access_collaboration, may
from lagesbild.accounts.models import Membership
from lagesbild.cooperation import deeds, matter_data, responsible, words
from lagesbild.cooperation.access import access_matter, access_raised
from lagesbild.cooperation.models import Matter, MatterState, Raiser
from lagesbild.cooperation.object_kinds import kinds_of
from lagesbild.cooperation.queries import matters as queries
from lagesbild.cooperation.queries.matters import AGES, PER_PAGE, UNKNOWN, CountedPaginator, DeskFilter
from lagesbild.cooperation.queries.plan import actions_of
from lagesbild.cooperation.seeing import carries_on, sees
from lagesbild.core import clock

RAISED_PER_PAGE = 20


@require_safe
def desk(request: HttpRequest, collaboration: str) -> HttpResponse:
    """Every matter that the member may see, filtered and counted; as a table or on the map."""
    membership = access_collaboration(request.user, collaboration)
    chosen = DeskFilter.read(request.GET)
    counts = queries.desk_counts(membership, chosen)
    found = queries.matters(membership, chosen)
    page = CountedPaginator(found, PER_PAGE, count=counts["shown"]).get_page(request.GET.get("page"))
    organisations = queries.organisations_with_overdue(membership.collaboration)
    kinds = kinds_of(membership.collaboration)
    as_map = request.GET.get("view") == "map"
    context = {
        "tab": "map" if as_map else "desk",
        "page_obj": page,
        "rows": queries.as_rows(list(page)),
        "counts": counts,
        "chosen": chosen,
        "query": _query(request),
        "states": [("open", _("All open")), *MatterState.choices, ("all", _("All"))],
        "forums": queries.forums_taking(membership.collaboration),
        "organisations": organisations,
        "overdue": [each for each in organisations if each.n_overdue],  # type: ignore[attr-defined]
        "kinds": kinds,
        "kind_names": dict(kinds),
        "ages": AGES,
        "unknown": UNKNOWN,
        "exercise": any(matter.is_exercise for matter in page),
        "map": _map(collaboration, _query(request)) if as_map else None,
    }
    return _page(request, membership, "desk.html", context)


@require_safe
def desk_csv(request: HttpRequest, collaboration: str) -> HttpResponse:
    """The same matters as a table for spreadsheets."""
    membership = access_collaboration(request.user, collaboration)
    found = queries.matters(membership, DeskFilter.read(request.GET))[: queries.MOST_EXPORTED]
    response = HttpResponse(
        matter_data.csv_of(queries.as_rows(list(found)), dict(kinds_of(membership.collaboration))),
        content_type="text/csv; charset=utf-8",
    )
    response["Content-Disposition"] = 'attachment; filename="matters.csv"'
    return response


@require_safe
def desk_geojson(request: HttpRequest, collaboration: str) -> HttpResponse:
    """The same matters for the map: those that have a point or a place."""
    membership = access_collaboration(request.user, collaboration)
    found = queries.matters(membership, DeskFilter.read(request.GET))[: queries.MOST_EXPORTED]
    text = matter_data.geojson_of(queries.as_rows(list(found)), crs=membership.collaboration.working_crs)
    return HttpResponse(text, content_type="application/geo+json")


@require_safe
def matter(request: HttpRequest, collaboration: str, number: int) -> HttpResponse:
    """One matter: its path, what can be done next, and everything that happened."""
    membership = access_collaboration(request.user, collaboration)
    return show_matter(request, membership, access_matter(membership, number))


def show_matter(
    request: HttpRequest, membership: Membership, found: Matter, *, problem: str = "", status: int = 200
) -> HttpResponse:
    """The page of a matter; with ``problem``, what stopped a step with it."""
    steps = queries.steps_of(found)
    raisers = queries.raisers_of(found)
    actions = list(actions_of(membership, found))
    leading = carries_on(membership, found)
    nearest, rest = deeds.next_deeds(found) if leading else ([], [])
    until = found.closed_at or clock.now()
    context = {
        "matter": found,
        "where": queries.where(found),
        "kind": _kind(found),
        "responsible_why": responsible.why(found),
        "path": words.path_of(found, steps),
        "steps": [
            (step, words.sentence(step), words.changed_fields(step.details.get("fields", {})))
            for step in reversed(steps)
        ],
        "raisers": raisers,
        "mine": next((raiser for raiser in raisers if raiser.membership_id == membership.pk), None),
        "actions": actions,
        "action_numbers": {action.number for action in actions},
        "beside": queries.beside(membership, steps),
        "age_days": (until - found.raised_at).days,
        "held_days": (until - found.held_since).days,
        "leading": leading,
        "nearest": nearest,
        "rest": rest,
        "may_join": may(membership, Capability.REPORT) and not found.joined_into_id,
        "problem": problem,
        "today": clock.today(membership.collaboration.time_zone),
        "exercise": found.is_exercise,
    }
    return _page(request, membership, "matter.html", context, status=status)


def _kind(found: Matter) -> str:
    return dict(kinds_of(found.collaboration)).get(found.object_kind, found.object_kind) if found.object_kind else ""


@require_safe
def mine(request: HttpRequest, collaboration: str) -> HttpResponse:
    """What the member raised, or its organisation, and what was told about it."""
    membership = access_collaboration(request.user, collaboration)
    ours = request.GET.get("of") == "organisation"
    rows = queries.raised_by(membership, organisation=ours)
    page = Paginator(rows, RAISED_PER_PAGE).get_page(request.GET.get("page"))
    told = [
        (raiser, _title(membership, raiser), [(each, words.told(each)) for each in raiser.feedback.all()])
        for raiser in page
    ]
    context = {
        "tab": "mine",
        "ours": ours,
        "page_obj": page,
        "rows": told,
        "exercise": any(raiser.matter.is_exercise for raiser in page),
    }
    return _page(request, membership, "mine.html", context)


def _title(membership: Membership, raiser: Raiser) -> str:
    """The matter's number; its title, which others may have written, only if the member may see the matter."""
    if sees(membership, raiser.matter):
        return str(raiser.matter)
    return _("Matter no. {number}").format(number=raiser.matter.number)


@require_safe
def raised(request: HttpRequest, collaboration: str, number: int) -> HttpResponse:
    """What one raised oneself: own words, where it stands, and every word back. Nothing else of the matter."""
    membership = access_collaboration(request.user, collaboration)
    raiser = access_raised(membership, number)
    told = raiser.feedback.select_related("step__from_forum", "step__to_forum").order_by("step")
    full = sees(membership, raiser.matter)
    context = {
        "raiser": raiser,
        "matter": raiser.matter,
        "title": _title(membership, raiser),
        "full": full,
        "told": [(each, words.told(each)) for each in told],
        "meeting": queries.meeting_of(raiser),
        "asks": raiser.matter.state == MatterState.DONE and not raiser.fixed,
        "exercise": raiser.matter.is_exercise,
    }
    return _page(request, membership, "raised.html", context)


def _query(request: HttpRequest) -> str:
    """The question without the page and the view."""
    query = request.GET.copy()
    for name in ("page", "view"):
        query.pop(name, None)
    return query.urlencode()


def _map(collaboration: str, query: str) -> dict[str, Any]:
    layer = {
        "id": "matters",
        "src": f"{reverse('cooperation:matters_geojson', args=[collaboration])}?{query}",
        "kind": "circle",
        "radius": 8,
        "property": "age_days",
        "breaks": list(AGES),
        "title": _("Age"),
        "unit": _("days"),
        "selectable": True,
    }
    return {"label": _("Matters"), "layers": [layer], "fit": "matters"}


def _page(
    request: HttpRequest, membership: Membership, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    shared = {
        "membership": membership,
        "section": "matters",
        "may_raise": may(membership, Capability.REPORT),
        "may_lead": may(membership, Capability.COOPERATE),
    }
    return render(request, f"cooperation/matters/{template}", {**shared, **context}, status=status)
