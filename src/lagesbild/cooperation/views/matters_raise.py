"""Raising a matter, saying "me too", and answering whether it is fixed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lagesbild.accounts.access import Capability, access_collaboration
from lagesbild.accounts.models import Membership
from lagesbild.cooperation.access import access_matter, access_meeting, access_raised
from lagesbild.cooperation.actions import asking, raising
from lagesbild.cooperation.actions.raising import MatterText
from lagesbild.cooperation.forms.matters import TILES, AnswerForm, RaiseForm
from lagesbild.cooperation.models import Matter
from lagesbild.cooperation.object_kinds import kinds_of
from lagesbild.cooperation.queries import matters as queries
from lagesbild.core.errors import UserError
from lagesbild.core.geo import WGS_84, project
from lagesbild.fieldreports.access import access_report
from lagesbild.fieldreports.models import FieldReport
from lagesbild.places.models import Place

INVALID = 422


@require_http_methods(["GET", "HEAD", "POST"])
def matter_raise(request: HttpRequest, collaboration: str) -> HttpResponse:
    """Raise a matter by hand, from a report (``?report=``) or a meeting (``?meeting=``). Likely twins come first."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.REPORT)
    places = queries.places_by_name(membership)
    form = _form(request, membership)
    duplicates: list[Matter] = []
    if form.is_valid():
        text, reports = _text(membership, form, places), _reports(membership, form)
        joined = request.POST.get("join", "")
        try:
            if joined.isascii() and joined.isdigit():
                return _join(request, membership, int(joined), form, text, reports)
            if "confirmed" not in request.POST:
                duplicates = _duplicates(membership, text)
            if not duplicates:
                return _raise(request, membership, form, text, reports)
        except UserError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
    context = {
        "membership": membership,
        "section": "matters",
        "form": form,
        "tiles": list(form["object_kind"])[:TILES],
        "more_tiles": list(form["object_kind"])[TILES:],
        "place_names": sorted(places),
        "duplicates": duplicates,
        "origin": _origin(request, membership),
        "map": {"label": _("Where is it?"), "layers": []},
    }
    return render(request, "cooperation/matters/raise.html", context, status=INVALID if form.errors else 200)


def _form(request: HttpRequest, membership: Membership) -> RaiseForm:
    kinds, forums = kinds_of(membership.collaboration), queries.forums_to_choose(membership.collaboration)
    if request.method == "POST":
        return RaiseForm(request.POST, kinds=kinds, forums=forums)
    return RaiseForm(initial=_initial(request, membership), kinds=kinds, forums=forums)


def _initial(request: HttpRequest, membership: Membership) -> dict[str, Any]:
    """What the report or the meeting that one comes from says already."""
    found: dict[str, Any] = {}
    report, meeting = request.GET.get("report", ""), request.GET.get("meeting", "")
    if report.isascii() and report.isdigit():
        seen = access_report(membership, int(report))
        found = {
            "report": seen.pk,
            "location": seen.where,
            "description": seen.note,
            "point": _feature(membership, seen),
        }
    if meeting.isascii() and meeting.isdigit():
        held = access_meeting(membership, int(meeting))
        found |= {"meeting": held.pk, "forum": held.forum.slug if held.forum.takes_matters else ""}
    return found


def _origin(request: HttpRequest, membership: Membership) -> dict[str, str] | None:
    """Where the matter comes from, as the page says it; a subject with another origin adds its own here."""
    slug, asked = membership.collaboration.slug, request.POST or request.GET
    report, meeting = asked.get("report", ""), asked.get("meeting", "")
    if report.isascii() and report.isdigit():
        seen = access_report(membership, int(report))
        path = reverse("fieldreports:report", args=[slug, seen.pk])
        return {"words": _("From the report"), "path": path, "name": f"{seen.number} {seen.what}"}
    if meeting.isascii() and meeting.isdigit():
        held = access_meeting(membership, int(meeting))
        path = reverse("cooperation:meeting", args=[slug, held.pk])
        return {"words": _("At the meeting of"), "path": path, "name": held.forum.name}
    return None


def _feature(membership: Membership, report: FieldReport) -> str:
    if report.x is None or report.y is None:
        return ""
    lon, lat = project([report.x], [report.y], from_crs=membership.collaboration.working_crs, to_crs=WGS_84)
    return (
        '{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":'
        f"[{float(lon[0]):.6f},{float(lat[0]):.6f}]}}}}"
    )


def _text(membership: Membership, form: RaiseForm, places: dict[str, Place]) -> MatterText:
    """What the valid form says; a place is known by its name."""
    values = form.cleaned_data
    place = places.get(values["location"].strip())
    x = y = None
    if values["point"]:
        lon, lat = values["point"]
        east, north = project([lon], [lat], from_crs=WGS_84, to_crs=membership.collaboration.working_crs)
        x, y = round(float(east[0]), 1), round(float(north[0]), 1)
    same = ("object_kind", "title", "description", "concerns_staff", "sharing")
    return MatterText(
        place=place,
        location="" if place else values["location"].strip(),
        x=x,
        y=y,
        **{name: values[name] for name in same},
    )


def _reports(membership: Membership, form: RaiseForm) -> list[FieldReport]:
    return [access_report(membership, form.cleaned_data["report"])] if form.cleaned_data.get("report") else []


def _duplicates(membership: Membership, text: MatterText) -> list[Matter]:
    x, y = (text.place.x, text.place.y) if text.place and text.x is None else (text.x, text.y)
    return queries.likely_duplicates(
        membership,
        text.object_kind,
        x,
        y,
        concerns_staff=text.concerns_staff,
        location=text.location,
        place=text.place.pk if text.place else None,
    )


def _raise(
    request: HttpRequest, membership: Membership, form: RaiseForm, text: MatterText, reports: list[FieldReport]
) -> HttpResponse:
    made = raising.raise_matter(
        membership, text, forum=form.cleaned_data["forum"], reports=reports, meeting_id=_meeting(membership, form)
    )
    messages.success(request, _("The matter is raised. You will be told at each step."))
    return redirect("cooperation:raised", membership.collaboration.slug, made.number)


def _meeting(membership: Membership, form: RaiseForm) -> int | None:
    """The meeting that it is raised at, if the member may open it."""
    key = form.cleaned_data["meeting"]
    return access_meeting(membership, key).pk if key else None


def _join(
    request: HttpRequest,
    membership: Membership,
    number: int,
    form: RaiseForm,
    text: MatterText,
    reports: list[FieldReport],
) -> HttpResponse:
    matter = access_matter(membership, number)
    meeting = _meeting(membership, form)
    raising.join(membership, matter, words=text.description, reports=reports, meeting_id=meeting)
    messages.success(request, _("You are among those who raised it, and will be told at each step."))
    return redirect("cooperation:raised", membership.collaboration.slug, number)


@require_POST
def matter_join(request: HttpRequest, collaboration: str, number: int) -> HttpResponse:
    """Me too, from the page of the matter."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.REPORT)
    try:
        raising.join(membership, access_matter(membership, number))
    except UserError as error:
        messages.error(request, error.message)
        return redirect("cooperation:matter", collaboration, number)
    messages.success(request, _("You are among those who raised it, and will be told at each step."))
    return redirect("cooperation:raised", collaboration, number)


@require_POST
def answer(request: HttpRequest, collaboration: str, number: int) -> HttpResponse:
    """Whether it is fixed, by one who raised it."""
    membership = access_collaboration(request.user, collaboration)
    raiser = access_raised(membership, number)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Answer yes or no."))
        return redirect("cooperation:raised", collaboration, number)
    fixed = form.cleaned_data["fixed"] == "yes"
    try:
        asking.answer(membership, raiser.matter, fixed=fixed, words=form.cleaned_data["words"])
    except UserError as error:
        messages.error(request, error.message)
    else:
        messages.success(
            request, _("Thank you.") if fixed else _("The matter is open again. Those concerned are told.")
        )
    return redirect("cooperation:raised", collaboration, number)
