"""The evening's briefing: one screen for the shift, on the phone, on the wall and on paper."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from lagesbild.accounts.access import Capability, access_collaboration
from lagesbild.accounts.models import Membership
from lagesbild.cooperation.access import access_meeting, leads
from lagesbild.cooperation.actions import holding
from lagesbild.cooperation.briefing import evening
from lagesbild.cooperation.forms.meetings import BriefingForm, TaskForm
from lagesbild.cooperation.models import Meeting
from lagesbild.cooperation.printing import briefing_file
from lagesbild.cooperation.queries import meetings as queries
from lagesbild.cooperation.queries.meetings import Seat
from lagesbild.cooperation.views.meeting_page import base, local_day
from lagesbild.core.conflicts import EditConflict, differences
from lagesbild.core.errors import UserError

INVALID = 422


@require_GET
def briefing(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """The picture, each actor's task and aim tonight, help wanted, risks and alarm. ``?view=wall`` for the wall."""
    membership = access_collaboration(request.user, collaboration)
    meeting = access_meeting(membership, pk)
    seats = queries.seats(meeting)
    context = base(membership, meeting) | {
        "seats": seats,
        "tonight": evening(membership, local_day(meeting)),
        "meeting_on": local_day(meeting),
        "wanted": [seat for seat in seats if seat.task and seat.task.help_wanted],
    }
    context["exercise"] = meeting.is_exercise or bool(context["tonight"] and context["tonight"].is_exercise)
    wall = request.GET.get("view") == "wall"
    fragment = wall and request.htmx  # type: ignore[attr-defined]  # of django-htmx
    template = "_briefing" if fragment else "briefing_wall" if wall else "briefing"
    return render(request, f"cooperation/meetings/{template}.html", context)


@require_GET
def briefing_pdf(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """The same on one sheet."""
    membership = access_collaboration(request.user, collaboration)
    meeting = access_meeting(membership, pk)
    data = briefing_file(
        meeting,
        queries.seats(meeting),
        evening(membership, local_day(meeting)),
        on=local_day(meeting),
        language=get_language() or "sv",
    )
    response = HttpResponse(data, content_type="application/pdf")
    name = f"kvall-{meeting.forum.slug}-{local_day(meeting):%Y%m%d}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def briefing_edit(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Risks for staff, whom to alarm, which picture."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    meeting = access_meeting(membership, pk, write=True)
    initial = {name: getattr(meeting, name) for name in ("staff_risk", "alarm_contact", "picture", "version")}
    pictures = queries.frozen_pictures(membership)
    form = BriefingForm(request.POST if request.method == "POST" else None, initial=initial, pictures=pictures)
    differing = None
    if form.is_valid():
        values = form.cleaned_data
        try:
            holding.set_briefing(
                membership,
                meeting,
                staff_risk=values["staff_risk"],
                alarm_contact=values["alarm_contact"],
                picture=values["picture"],
                seen=values["version"],
            )
        except EditConflict as conflict:
            labels = {name: form.fields[name].label for name in ("staff_risk", "alarm_contact")}
            differing = differences(conflict.current, values, labels)
            form = BriefingForm(
                initial={**values, "version": getattr(conflict.current, "version", 0)}, pictures=pictures
            )
        except UserError as error:
            form.add_error(None, error.message)
        else:
            return redirect("cooperation:briefing", collaboration, pk)
    return _form_page(request, membership, meeting, form, _("Risks and alarm"), differing)


@require_http_methods(["GET", "HEAD", "POST"])
def task_edit(request: HttpRequest, collaboration: str, pk: int, organisation: int, function: int) -> HttpResponse:
    """What an actor does tonight: said by itself, or by those who lead the forum."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.REPORT)
    meeting = access_meeting(membership, pk)
    seat = _seat(meeting, organisation, function)
    if seat.member.organisation_id != membership.function.organisation_id and not leads(membership, meeting.forum):
        raise PermissionDenied
    task = seat.task
    initial = {name: getattr(task, name) for name in ("task", "aim", "help_wanted", "version")} if task else {}
    form = TaskForm(request.POST if request.method == "POST" else None, initial=initial)
    differing = None
    if form.is_valid():
        values = dict(form.cleaned_data)
        seen = values.pop("version") or 0
        text = holding.TaskText(organisation=seat.member.organisation, function=seat.member.function, **values)
        try:
            holding.set_task(membership, meeting, text, seen=seen)
        except EditConflict as conflict:
            differing = differences(conflict.current, values, {name: form.fields[name].label for name in values})
            form = TaskForm(initial={**values, "version": getattr(conflict.current, "version", 0)})
        except UserError as error:
            form.add_error(None, error.message)
        else:
            return redirect("cooperation:briefing", collaboration, pk)
    return _form_page(request, membership, meeting, form, _name(seat), differing)


def _seat(meeting: Meeting, organisation: int, function: int) -> Seat:
    for seat in queries.seats(meeting):
        if (seat.member.organisation_id, seat.member.function_id or 0) == (organisation, function):
            return seat
    raise Http404


def _name(seat: Seat) -> str:
    function = f", {seat.member.function.name}" if seat.member.function else ""
    return f"{seat.member.organisation.name}{function}"


def _form_page(
    request: HttpRequest, membership: Membership, meeting: Meeting, form: Any, heading: str, differing: Any
) -> HttpResponse:
    context = base(membership, meeting) | {"form": form, "heading": heading, "differences": differing}
    status = INVALID if form.errors or differing is not None else 200
    return render(request, "cooperation/meetings/briefing_form.html", context, status=status)
