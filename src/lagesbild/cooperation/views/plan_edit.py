"""A new action, the text of one, and what it waits for."""

from __future__ import annotations

import json
from math import hypot
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lagesbild.accounts.access import Capability, access_collaboration
from lagesbild.accounts.models import Membership
from lagesbild.cooperation import plan_choices
from lagesbild.cooperation.access import access_action, access_matter, access_meeting
from lagesbild.cooperation.actions import plan, relinking
from lagesbild.cooperation.actions.plan import ActionText
from lagesbild.cooperation.actions.relinking import Links
from lagesbild.cooperation.forms.plan import ActionForm, DependsForm, type_boxes
from lagesbild.cooperation.models import Action, Matter
from lagesbild.cooperation.queries.plan import changes_of
from lagesbild.cooperation.seeing import sees
from lagesbild.core.conflicts import EditConflict, differences, with_version
from lagesbild.core.errors import UserError
from lagesbild.core.geo import WGS_84, project

INVALID, CONFLICT = 422, 409
DECIMALS = 7
MOVED_M = 0.5  # what a point may differ by when nobody has moved it
TEXT_FIELDS = ("title", "description", "due_on", "location", "cost_sek", "source", "sharing")
COMPARED = (*TEXT_FIELDS, "responsible", "function", "forum", "agreement", "place")


@require_http_methods(["GET", "HEAD", "POST"])
def action_new(request: HttpRequest, collaboration: str) -> HttpResponse:
    """Decide an action: of a matter, of a meeting, of an agreement or by itself."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    matter = _matter(request, membership)
    meeting = _number(request.GET.get("meeting", ""))
    found_meeting = access_meeting(membership, meeting) if meeting else None
    form = ActionForm(request.POST if request.method == "POST" else None, initial=_start(request, membership, matter))
    plan_choices.offer(form, membership, action=None)
    if form.is_valid():
        try:
            made = plan.create_action(
                membership,
                _text(membership, form),
                matter=matter,
                forum=form.cleaned_data["forum"],
                meeting_id=found_meeting.pk if found_meeting else None,
                agreement_id=form.cleaned_data["agreement"].pk if form.cleaned_data["agreement"] else None,
            )
        except UserError as error:
            _tell(form, error)
        else:
            messages.success(request, _("The action is stored. Those who are to do it have been told."))
            return redirect("cooperation:action", collaboration, made.number)
    return _page(request, membership, form, {"matter": matter, "meeting": found_meeting})


@require_http_methods(["GET", "HEAD", "POST"])
def action_edit(request: HttpRequest, collaboration: str, number: int) -> HttpResponse:
    """What the action says and belongs to. If someone else was first, the difference is shown and nothing is lost."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    action = access_action(membership, number, write=True)
    form = ActionForm(request.POST if request.method == "POST" else None, initial=_now(action))
    plan_choices.offer(form, membership, action=action)
    if form.is_valid():
        seen, note = form.cleaned_data["version"], form.cleaned_data["note"]
        text = _text(membership, form, before=action)
        seen = action.version if seen is None else seen
        try:
            links = _links(membership, form, action)
            relinking.change_action(membership, action, text, links, seen=seen, note=note)
        except EditConflict as conflict:
            return _conflict(request, membership, conflict, form)
        except UserError as error:
            _tell(form, error)
        else:
            return redirect("cooperation:action", collaboration, number)
    return _page(request, membership, form, {"action": action})


@require_http_methods(["GET", "HEAD", "POST"])
def action_depends(request: HttpRequest, collaboration: str, number: int) -> HttpResponse:
    """What must end before this action can go on."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    action = access_action(membership, number, write=True)
    numbers = ", ".join(str(each) for each in plan_choices.numbers_waited_for(membership, action))
    initial = {"version": action.version, "depends_on": numbers}
    form = DependsForm(request.POST if request.method == "POST" else None, initial=initial)
    status = 200
    if form.is_valid():
        seen = form.cleaned_data["version"]
        try:
            others = plan_choices.to_wait_for(membership, action, form.cleaned_data["depends_on"])
            plan.set_dependencies(membership, action, others, seen=action.version if seen is None else seen)
        except EditConflict as conflict:
            form.add_error(None, conflict.message)
            form.data = with_version(form.data, conflict.current.version)  # type: ignore[attr-defined]
            status = CONFLICT
        except UserError as error:
            form.add_error("depends_on", error.message)
        else:
            return redirect("cooperation:action", collaboration, number)
    context = {"membership": membership, "section": "actions", "action": action, "form": form}
    if form.errors and status == 200:
        status = INVALID
    return render(request, "cooperation/plan/depends.html", context, status=status)


def _matter(request: HttpRequest, membership: Membership) -> Matter | None:
    number = _number(request.GET.get("matter", ""))
    return access_matter(membership, number, write=True) if number else None


def _start(request: HttpRequest, membership: Membership, matter: Matter | None) -> dict[str, Any]:
    """What the form of a new action says from the beginning: what the address and the matter say."""
    asked = request.GET
    initial: dict[str, Any] = {name: asked[name] for name in ("title", "forum", "place", "agreement") if name in asked}
    initial["sharing"] = plan_choices.usual_sharing(matter)
    if matter is not None:
        initial |= {
            "forum": matter.holder.slug,
            "responsible": matter.responsible.slug if matter.responsible else "",
            "place": matter.place_id,
            "location": matter.location,
            "point": _geojson(membership, matter.x, matter.y),
        }
    return initial


def _now(action: Action) -> dict[str, Any]:
    """What the form of a stored action says."""
    return {
        **{name: getattr(action, name) for name in TEXT_FIELDS},
        "types": action.types,
        "responsible": action.responsible.slug,
        "function": action.function_id,
        "forum": action.forum.slug,
        "agreement": action.agreement_id,
        "matter_number": action.matter.number if action.matter else None,
        "place": action.place_id,
        "point": _geojson(action, action.x, action.y),
        "version": action.version,
    }


def _text(membership: Membership, form: ActionForm, *, before: Action | None = None) -> ActionText:
    """What the form says. A point that nobody moved, and a place that was not among the choices, stay as they were."""
    values = form.cleaned_data
    x = y = None
    if values["point"]:
        lon, lat = values["point"]
        crs = membership.collaboration.working_crs
        east, north = project([lon], [lat], from_crs=WGS_84, to_crs=crs)
        x, y = round(float(east[0]), 1), round(float(north[0]), 1)
        if before and before.x is not None and before.y is not None and hypot(before.x - x, before.y - y) < MOVED_M:
            x, y = before.x, before.y
    plain = {name: values[name] for name in (*TEXT_FIELDS, "responsible", "function", "place", "types")}
    if before and before.place and not sees(membership, before.place):
        plain["place"] = before.place
    return ActionText(x=x, y=y, **plain)


def _links(membership: Membership, form: ActionForm, action: Action) -> Links:
    """What the form says that it belongs to; what was not asked stays as it is."""
    number = action.matter.number if action.matter else None
    now: dict[str, Any] = {"forum": action.forum, "agreement": action.agreement, "matter_number": number}
    said = {name: form.cleaned_data.get(name, value) if name in form.fields else value for name, value in now.items()}
    return plan_choices.links_to(membership, action, **said)


def _geojson(record: Membership | Action, x: float | None, y: float | None) -> str:
    if x is None or y is None:
        return ""
    lon, lat = project([x], [y], from_crs=record.collaboration.working_crs, to_crs=WGS_84)
    point = {"type": "Point", "coordinates": [round(float(lon[0]), DECIMALS), round(float(lat[0]), DECIMALS)]}
    return json.dumps({"type": "Feature", "properties": {}, "geometry": point})


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _tell(form: ActionForm, error: UserError) -> None:
    form.add_error(error.field if error.field in form.fields else None, error.message)


def _conflict(request: HttpRequest, membership: Membership, conflict: EditConflict, form: ActionForm) -> HttpResponse:
    """Somebody was first: what stands now beside what one wrote, and the form with the new version."""
    action = access_action(membership, conflict.current.number, write=True)  # type: ignore[attr-defined]
    form.data = with_version(request.POST, action.version)
    hidden = action.place is not None and not sees(membership, action.place)
    labels = {
        name: form.fields[name].label for name in COMPARED if name in form.fields and not (hidden and name == "place")
    }
    context = {
        "action": action,
        "differences": differences(action, form.cleaned_data, labels),
        "changed": changes_of(action)[0],
    }
    return _page(request, membership, form, context, status=CONFLICT)


def _page(
    request: HttpRequest, membership: Membership, form: ActionForm, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    shared = {
        "membership": membership,
        "section": "actions",
        "form": form,
        "type_boxes": type_boxes(form),
        "map": {"label": _("Where it is"), "fit": "base"},
    }
    if form.errors and status == 200:
        status = INVALID
    return render(request, "cooperation/plan/action_form.html", {**shared, **context}, status=status)
