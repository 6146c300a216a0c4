"""What is done in a meeting under way. Each answers a fragment to htmx and leads back to the page without it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from lagesbild.accounts.access import Capability, access_collaboration
from lagesbild.accounts.models import Membership
from lagesbild.cooperation.access import access_matter, access_meeting, leads
from lagesbild.cooperation.actions import handling, holding
from lagesbild.cooperation.forms.meetings import AddendumForm, AttendanceForm, MatterForm, NotesForm
from lagesbild.cooperation.models import Meeting, MeetingState, Point
from lagesbild.cooperation.queries import meetings as queries
from lagesbild.cooperation.seeing import widenings
from lagesbild.cooperation.views.meeting_page import (
    base,
    decision_form_for,
    fills,
    line_of,
    meeting_page,
    point_lines,
)
from lagesbild.core.conflicts import EditConflict, differences
from lagesbild.core.errors import UserError

INVALID = 422


@require_POST
def meeting_open(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Begin the meeting."""
    membership, meeting = _led(request, collaboration, pk)
    try:
        holding.open_meeting(membership, meeting)
    except UserError as error:
        messages.error(request, error.message)
    return _back(meeting)


@require_POST
def meeting_close(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """End the meeting and freeze its minutes."""
    membership, meeting = _led(request, collaboration, pk)
    try:
        holding.close_meeting(membership, meeting)
    except UserError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("The minutes are closed and cannot be changed any more."))
    return _back(meeting)


@require_POST
def meeting_attendance(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """One tap for one member: by those who lead, or by its own organisation."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.REPORT)
    meeting = access_meeting(membership, pk)
    form = AttendanceForm(request.POST)
    if not form.is_valid():
        return meeting_page(request, membership, meeting, status=INVALID)
    values = form.cleaned_data
    seat = queries.seat_of(meeting.forum, values["organisation"], values["function"] or None)
    if seat is None:
        raise Http404
    if seat.organisation_id != membership.function.organisation_id and not leads(membership, meeting.forum):
        raise PermissionDenied
    try:
        holding.set_attendance(
            membership,
            meeting,
            organisation=seat.organisation,
            function=seat.function,
            presence=values["presence"],
            people=values["people"] or 1,
        )
    except UserError as error:
        messages.error(request, error.message)
        return _back(meeting)
    if not request.htmx:  # type: ignore[attr-defined]  # of django-htmx
        return _back(meeting, "attendance")
    seats = queries.seats(meeting)
    n_present = sum(each.presence == "present" for each in seats)
    context = base(membership, meeting) | {"seats": seats, "n_present": n_present}
    return render(request, "cooperation/meetings/_attendance.html", context)


@require_GET
def meeting_agenda(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """The agenda with its times, asked for again by itself while the meeting is held."""
    membership = access_collaboration(request.user, collaboration)
    return _agenda(request, membership, access_meeting(membership, pk))


def _agenda(request: HttpRequest, membership: Membership, meeting: Meeting) -> HttpResponse:
    context = base(membership, meeting) | {"lines": point_lines(meeting)}
    return render(request, "cooperation/meetings/_agenda.html", context)


@require_POST
def point_start(request: HttpRequest, collaboration: str, pk: int, point: int) -> HttpResponse:
    """Come to a point: its time begins."""
    membership, meeting = _led(request, collaboration, pk)
    found = _point(meeting, point)
    try:
        holding.start_point(membership, found)
    except UserError as error:
        messages.error(request, error.message)
        return _back(meeting)
    if request.htmx:  # type: ignore[attr-defined]  # of django-htmx
        return _agenda(request, membership, meeting)
    return _back(meeting, f"point-{point}")


@require_POST
def point_notes(request: HttpRequest, collaboration: str, pk: int, point: int) -> HttpResponse:
    """Keep what was said. If somebody else was first, both stand on the page and nothing is lost."""
    membership, meeting = _led(request, collaboration, pk)
    found = _point(meeting, point)
    form = NotesForm(request.POST, auto_id=f"point-{point}-%s")
    differing = None
    if form.is_valid():
        try:
            stored = holding.note_point(
                membership, found, notes=form.cleaned_data["notes"], seen=form.cleaned_data["version"]
            )
        except EditConflict as conflict:
            found = _as_point(conflict.current)
            differing = differences(found, form.cleaned_data, {"notes": _("Notes")})
            form = NotesForm(
                initial={"notes": form.cleaned_data["notes"], "version": found.version}, auto_id=f"point-{point}-%s"
            )
        except UserError as error:
            form.add_error(None, error.message)
        else:
            return _point_answer(request, membership, meeting, line_of(stored), saved=True)
    return _point_answer(request, membership, meeting, line_of(found, form, differing), status=INVALID)


def _as_point(current: Any) -> Point:
    if not isinstance(current, Point):
        raise TypeError(f"`current` must be a Point. Got {current!r}.")
    return current


def _point_answer(
    request: HttpRequest, membership: Membership, meeting: Meeting, line: Any, *, saved: bool = False, status: int = 200
) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]  # of django-htmx
        context = base(membership, meeting) | {"line": line, "saved": saved, **fills(membership, meeting, [line])}
        return render(request, "cooperation/meetings/_point.html", context, status=status)
    if saved:
        return _back(meeting, f"point-{line.point.pk}")
    return meeting_page(request, membership, meeting, line=line, status=status)


@require_POST
def meeting_decide(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Write a decision down; whoever is to do something has it as an action at once."""
    membership, meeting = _led(request, collaboration, pk)
    seats = queries.seats(meeting)
    lines = point_lines(meeting)
    form = decision_form_for(seats, lines, request.POST)
    if form.is_valid():
        try:
            holding.decide(membership, meeting, holding.DecisionText(**form.cleaned_data))
        except UserError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            form = decision_form_for(seats, lines)
            if not request.htmx:  # type: ignore[attr-defined]  # of django-htmx
                return _back(meeting, "decisions")
    status = INVALID if form.errors else 200
    if not request.htmx:  # type: ignore[attr-defined]  # of django-htmx
        return meeting_page(request, membership, meeting, decision_form=form, status=status)
    context = base(membership, meeting) | {"decisions": queries.decisions_of(meeting), "decision_form": form}
    return render(request, "cooperation/meetings/_decisions.html", context, status=status)


@require_POST
def decision_withdraw(request: HttpRequest, collaboration: str, pk: int, decision: int) -> HttpResponse:
    """It was not decided after all: it stays, struck out."""
    membership, meeting = _led(request, collaboration, pk)
    found = queries.decision_of(meeting, decision)
    if found is None:
        raise Http404
    try:
        holding.withdraw_decision(membership, found)
    except UserError as error:
        messages.error(request, error.message)
    return _back(meeting, "decisions")


@require_POST
def meeting_matter(request: HttpRequest, collaboration: str, pk: int, number: int) -> HttpResponse:
    """Take a matter up or carry it over in one tap, or lift it. If more will see it then, that is asked once more."""
    membership, meeting = _led(request, collaboration, pk)
    matter = access_matter(membership, number)
    form = MatterForm(request.POST)
    if not form.is_valid() or meeting.state != MeetingState.OPEN or matter.holder_id != meeting.forum_id:
        messages.error(request, _("The matter cannot be carried on from this meeting."))
        return _back(meeting)
    what, reason, widen = (form.cleaned_data[name] for name in ("what", "reason", "widen"))
    above = [matter.holder.lifts_to] if what == "lift" and matter.holder.lifts_to and reason and not widen else []
    if asked := widenings(matter, above):
        context = base(membership, meeting) | {"matter": matter, "widening": asked[0], "said": form.cleaned_data}
        context["back"] = request.POST.get("back", "")
        return render(request, "cooperation/meetings/lift.html", context)
    try:
        if what == "take_up":
            handling.take_up(membership, matter, note=reason, meeting_id=meeting.pk)
        elif what == "carry_over":
            handling.carry_over(membership, matter, meeting_id=meeting.pk)
        else:
            handling.lift(membership, matter, reason=reason, widen=widen, meeting_id=meeting.pk)
    except UserError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Matter no. {number} is carried on.").format(number=number))
    return _back(meeting, request.POST.get("back", ""))


@require_POST
def meeting_correct(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Add a dated correction to closed minutes."""
    membership, meeting = _led(request, collaboration, pk)
    form = AddendumForm(request.POST)
    if form.is_valid():
        try:
            holding.add_addendum(membership, meeting, text=form.cleaned_data["text"])
        except UserError as error:
            messages.error(request, error.message)
        return _back(meeting, "corrections")
    return meeting_page(request, membership, meeting, addendum_form=form, status=INVALID)


def _led(request: HttpRequest, collaboration: str, pk: int) -> tuple[Membership, Meeting]:
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    return membership, access_meeting(membership, pk, write=True)


def _point(meeting: Meeting, pk: int) -> Point:
    found = queries.point_of(meeting, pk)
    if found is None:
        raise Http404
    return found


def _back(meeting: Meeting, part: str = "") -> HttpResponse:
    address = reverse("cooperation:meeting", args=[meeting.collaboration.slug, meeting.pk])
    part = "".join(letter for letter in part if letter.isalnum() or letter == "-")
    return redirect(f"{address}#{part}" if part else address)
