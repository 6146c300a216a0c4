"""Meetings: the list of a forum, one meeting for the room and the wall, calling, moving, cancelling, files."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lagesbild.accounts.access import Capability, access_collaboration
from lagesbild.accounts.models import Membership
from lagesbild.cooperation.access import access_forum, access_meeting, leads
from lagesbild.cooperation.actions import meetings as actions
from lagesbild.cooperation.forms.meetings import CancelForm, MeetingForm, MoveForm, initial_of
from lagesbild.cooperation.models import Meeting, MeetingState
from lagesbild.cooperation.printing import minutes_file
from lagesbild.cooperation.queries import meetings as queries
from lagesbild.cooperation.views.meeting_page import meeting_page
from lagesbild.core import clock
from lagesbild.core.conflicts import EditConflict
from lagesbild.core.errors import UserError

PER_PAGE = 40
INVALID = 422
FILES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@require_GET
def forum_meetings(request: HttpRequest, collaboration: str, slug: str) -> HttpResponse:
    """Every meeting of a forum."""
    membership = access_collaboration(request.user, collaboration)
    forum = access_forum(membership, slug)
    page = Paginator(queries.meetings_of(membership, forum), PER_PAGE).get_page(request.GET.get("page"))
    context = {"membership": membership, "section": "forums", "forum": forum, "page_obj": page}
    return render(request, "cooperation/meetings/meetings.html", context)


@require_GET
def meeting(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """The meeting: before it the agenda, during it the room, after it the minutes. ``?view=wall`` for the wall."""
    membership = access_collaboration(request.user, collaboration)
    return meeting_page(request, membership, access_meeting(membership, pk))


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_new(request: HttpRequest, collaboration: str, slug: str) -> HttpResponse:
    """Call a meeting outside the rhythm."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    forum = access_forum(membership, slug, write=True)
    initial = {
        "starts_on": clock.today(membership.collaboration.time_zone),
        "starts_at": forum.starts_at,
        "duration_minutes": forum.duration_minutes,
        "room": forum.room,
    }
    form = MeetingForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        values = form.cleaned_data
        try:
            made = actions.call_meeting(
                membership,
                forum,
                starts_at=form.when(membership.collaboration.time_zone),
                duration_minutes=values["duration_minutes"],
                room=values["room"],
                title=values["title"],
            )
        except UserError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, _("The meeting has been called. Those who take part have been told."))
            return redirect("cooperation:meeting", collaboration, made.pk)
    context = {"membership": membership, "section": "forums", "forum": forum, "form": form}
    return render(request, "cooperation/meetings/meeting_form.html", context, status=INVALID if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_move(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Another time or room for one meeting, or not held at all."""
    membership, found = _led(request, collaboration, pk)
    local = found.starts_at.astimezone(ZoneInfo(membership.collaboration.time_zone))
    form = MoveForm(request.POST if request.method == "POST" else None, initial=initial_of(found, local))
    if form.is_valid():
        values = form.cleaned_data
        try:
            actions.move_meeting(
                membership,
                found,
                starts_at=form.when(membership.collaboration.time_zone),
                duration_minutes=values["duration_minutes"],
                room=values["room"],
                why=values["why"],
                seen=values["version"],
            )
        except UserError as error:
            form.add_error(None, error.message)
        else:
            return redirect("cooperation:meeting", collaboration, pk)
    return _move_page(request, membership, found, form, CancelForm(initial={"version": found.version}))


@require_POST
def meeting_cancel(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """The meeting is not held."""
    membership, found = _led(request, collaboration, pk)
    form = CancelForm(request.POST)
    if form.is_valid():
        try:
            actions.cancel_meeting(membership, found, why=form.cleaned_data["why"], seen=form.cleaned_data["version"])
        except (EditConflict, UserError) as error:
            form.add_error(None, error.message)
        else:
            return redirect("cooperation:meeting", collaboration, pk)
    local = found.starts_at.astimezone(ZoneInfo(membership.collaboration.time_zone))
    return _move_page(request, membership, found, MoveForm(initial=initial_of(found, local)), form)


@require_GET
def minutes_pdf(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Closed minutes as a tagged PDF."""
    return _file(request, collaboration, pk, "pdf")


@require_GET
def minutes_docx(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Closed minutes as a Word file."""
    return _file(request, collaboration, pk, "docx")


def _file(request: HttpRequest, collaboration: str, pk: int, kind: str) -> HttpResponse:
    membership = access_collaboration(request.user, collaboration)
    found = access_meeting(membership, pk)
    if found.state != MeetingState.CLOSED:
        raise Http404
    data = minutes_file(
        found, queries.addenda_of(found), kind, language=get_language() or "sv", author=membership.collaboration.name
    )
    response = HttpResponse(data, content_type=FILES[kind])
    name = f"protokoll-{found.forum.slug}-{found.starts_at:%Y%m%d}{'-ovning' if found.is_exercise else ''}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _led(request: HttpRequest, collaboration: str, pk: int) -> tuple[Membership, Meeting]:
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    return membership, access_meeting(membership, pk, write=True)


def _move_page(
    request: HttpRequest, membership: Membership, found: Meeting, form: MoveForm, cancel: CancelForm
) -> HttpResponse:
    context: dict[str, Any] = {
        "membership": membership,
        "section": "forums",
        "meeting": found,
        "forum": found.forum,
        "form": form,
        "cancel": cancel,
        "may_lead": leads(membership, found.forum),
    }
    wrong = form.errors or cancel.errors
    return render(request, "cooperation/meetings/meeting_move.html", context, status=INVALID if wrong else 200)
