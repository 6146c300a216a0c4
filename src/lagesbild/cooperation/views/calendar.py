"""The calendar: meetings, events and the shared room, month by month or week by week; events; the room."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lagesbild.accounts.access import Capability, access_collaboration, may, may_write
from lagesbild.accounts.models import Membership
from lagesbild.cooperation.access import access_booking, access_event, access_forum, access_room, leads
from lagesbild.cooperation.actions import calendar as actions
from lagesbild.cooperation.forms.calendar import (
    AfterNoteForm,
    AnswerForm,
    BookingForm,
    EventForm,
    PeopleForm,
    QuestionForm,
    initial_of,
)
from lagesbild.cooperation.forms.forums import day_abbreviations
from lagesbild.cooperation.models import Event, Room
from lagesbild.cooperation.queries import calendar as queries
from lagesbild.cooperation.queries import forums as forum_queries
from lagesbild.core import clock
from lagesbild.core.conflicts import EditConflict, differences, with_version
from lagesbild.core.errors import UserError

INVALID = 422
YEARS = range(2000, 2101)


@require_GET
def calendar(request: HttpRequest, collaboration: str) -> HttpResponse:
    """``?month=2026-03`` or ``?week=2026-W10``; this month when nothing is said."""
    membership = access_collaboration(request.user, collaboration)
    today = clock.today(membership.collaboration.time_zone)
    week = _week(request.GET.get("week"))
    first = week or _month(request.GET.get("month")) or today.replace(day=1)
    end = first + timedelta(days=7) if week else (first + timedelta(days=32)).replace(day=1)
    before = first - timedelta(days=7) if week else (first - timedelta(days=1)).replace(day=1)
    monday = today - timedelta(days=today.weekday())
    context = {
        "membership": membership,
        "section": "forums",
        "weeks": queries.weeks(membership, first, end),
        "first": first,
        "is_week": week is not None,
        "before": _named(before, week=week is not None),
        "after": _named(end, week=week is not None),
        "this_week": _named(monday if week or first.month == today.month else first, week=True),
        "this_month": f"{(first if week else today):%Y-%m}",
        "days": day_abbreviations(),
        "today": today,
        "proposed": [(event, leads(membership, event.forum)) for event in queries.proposed(membership) if event.forum],
        "rooms": list(queries.rooms(membership)),
        "may_report": may(membership, Capability.REPORT),
    }
    return render(request, "cooperation/calendar/calendar.html", context)


def _named(on: date, *, week: bool) -> str:
    year, number, _day = on.isocalendar()
    return f"week={year}-W{number:02}" if week else f"month={on:%Y-%m}"


def _week(text: str | None) -> date | None:
    try:
        year, _dash, number = (text or "").partition("-W")
        found = date.fromisocalendar(int(year), int(number), 1)
    except ValueError:
        return None
    return found if found.year in YEARS else None


def _month(text: str | None) -> date | None:
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return found if found.year in YEARS else None


@require_GET
def event(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Something to come: what is asked before, and how it went."""
    membership = access_collaboration(request.user, collaboration)
    return _event_page(request, membership, access_event(membership, pk))


def _event_page(
    request: HttpRequest,
    membership: Membership,
    found: Event,
    *,
    question: QuestionForm | None = None,
    note: AfterNoteForm | None = None,
    differing: Any = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "membership": membership,
        "section": "forums",
        "event": found,
        "last_on": found.to_on - timedelta(days=1),
        "is_over": found.to_on <= clock.today(membership.collaboration.time_zone),
        "questions": queries.questions_of(found),
        "form": question or QuestionForm(),
        "note": note or AfterNoteForm(initial={"note": found.after_note, "version": found.version}),
        "differences": differing,
        "may_write": may(membership, Capability.REPORT) and may_write(membership, found),
        "may_report": may(membership, Capability.REPORT),
        "may_call": found.forum is not None and found.meeting_id is None and leads(membership, found.forum),
    }
    return render(request, "cooperation/calendar/event.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def event_new(request: HttpRequest, collaboration: str) -> HttpResponse:
    """Tell of something to come."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.REPORT)
    form = _event_form(request, membership, {"from_on": clock.today(membership.collaboration.time_zone)})
    if form.is_valid():
        made = actions.create_event(membership, form.text())
        return redirect("cooperation:event", collaboration, made.pk)
    return _event_editor(request, membership, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
def event_edit(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Change an event of one's own organisation."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.REPORT)
    found = access_event(membership, pk, write=True)
    form = _event_form(request, membership, initial_of(found))
    differing = None
    if form.is_valid():
        try:
            actions.change_event(membership, found, form.text(), seen=form.cleaned_data["version"] or 0)
        except EditConflict as conflict:
            labels = {name: form.fields[name].label for name in ("title", "location", "description", "source")}
            differing = differences(conflict.current, form.cleaned_data, labels)
            form.data = with_version(request.POST, getattr(conflict.current, "version", 0))
        else:
            return redirect("cooperation:event", collaboration, pk)
    return _event_editor(request, membership, form, found, differing)


def _event_form(request: HttpRequest, membership: Membership, initial: dict[str, Any]) -> EventForm:
    return EventForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        forums=forum_queries.forums(membership),
        places=queries.places(membership),
    )


def _event_editor(
    request: HttpRequest, membership: Membership, form: EventForm, found: Event | None, differing: Any = None
) -> HttpResponse:
    context = {
        "membership": membership,
        "section": "forums",
        "form": form,
        "event": found,
        "differences": differing,
    }
    status = INVALID if form.errors or differing is not None else 200
    return render(request, "cooperation/calendar/event_form.html", context, status=status)


@require_POST
def event_ask(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Ask something before the event."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.REPORT)
    found = access_event(membership, pk)
    form = QuestionForm(request.POST)
    if form.is_valid():
        actions.ask_question(membership, found, text=form.cleaned_data["text"])
        return redirect("cooperation:event", collaboration, pk)
    return _event_page(request, membership, found, question=form, status=INVALID)


@require_POST
def event_answer(request: HttpRequest, collaboration: str, pk: int, question: int) -> HttpResponse:
    """Answer a question about one's own event."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.REPORT)
    found = access_event(membership, pk, write=True)
    asked = queries.question_of(found, question)
    if asked is None:
        raise Http404
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            actions.answer_question(
                membership, asked, answer=form.cleaned_data["answer"], seen=form.cleaned_data["version"]
            )
        except EditConflict as conflict:
            differing = differences(conflict.current, form.cleaned_data, {"answer": _("Answer")})
            return _event_page(request, membership, found, differing=differing, status=INVALID)
        return redirect("cooperation:event", collaboration, pk)
    messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return redirect("cooperation:event", collaboration, pk)


@require_POST
def event_note(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """How it went."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.REPORT)
    found = access_event(membership, pk, write=True)
    form = AfterNoteForm(request.POST)
    if form.is_valid():
        note = form.cleaned_data["note"]
        try:
            actions.set_after_note(membership, found, note=note, seen=form.cleaned_data["version"])
        except EditConflict as conflict:
            differing = differences(conflict.current, {"after_note": note}, {"after_note": _("After-note")})
            again = AfterNoteForm(initial={"note": note, "version": getattr(conflict.current, "version", 0)})
            return _event_page(request, membership, found, note=again, differing=differing, status=INVALID)
        return redirect("cooperation:event", collaboration, pk)
    return _event_page(request, membership, found, note=form, status=INVALID)


@require_POST
def event_call(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Call the proposed forum, in one tap."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    found = access_event(membership, pk)
    if found.forum is not None:
        access_forum(membership, found.forum.slug, write=True)
    try:
        made = actions.call_for_event(membership, found)
    except UserError as error:
        messages.error(request, error.message)
        return redirect("cooperation:event", collaboration, pk)
    return redirect("cooperation:meeting", collaboration, made.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def room(request: HttpRequest, collaboration: str, slug: str) -> HttpResponse:
    """The shared room: when it is staffed, booked and how much it is used. Posting books it."""
    needs = Capability.REPORT if request.method == "POST" else Capability.READ
    membership = access_collaboration(request.user, collaboration, needs=needs)
    found = access_room(membership, slug)
    form = BookingForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        starts_at, ends_at = form.times(membership.collaboration.time_zone)
        try:
            actions.book_room(
                membership, found, starts_at=starts_at, ends_at=ends_at, purpose=form.cleaned_data["purpose"]
            )
        except UserError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            return redirect("cooperation:room", collaboration, slug)
    return _room_page(request, membership, found, form)


def _room_page(request: HttpRequest, membership: Membership, found: Room, form: BookingForm) -> HttpResponse:
    context = {
        "membership": membership,
        "section": "forums",
        "room": found,
        "hours": queries.staffed_hours(found),
        "bookings": queries.bookings_of(membership, found),
        "use": queries.use_of(membership, found, clock.now() - timedelta(days=365)),
        "form": form,
        "may_report": may(membership, Capability.REPORT),
        "own": membership.function.organisation_id,
        "days": day_abbreviations(),
        "may_write": may_write(membership, found),
    }
    return render(request, "cooperation/calendar/room.html", context, status=INVALID if form.errors else 200)


@require_POST
def booking_cancel(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Give the room back."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.REPORT)
    found = access_booking(membership, pk, write=True)
    actions.cancel_booking(membership, found)
    return redirect("cooperation:room", collaboration, found.room.slug)


@require_POST
def booking_count(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """How many came."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.REPORT)
    found = access_booking(membership, pk)
    if not may_write(membership, found):
        raise PermissionDenied
    form = PeopleForm(request.POST)
    if form.is_valid():
        actions.count_people(membership, found, people=form.cleaned_data["people"])
    return redirect("cooperation:room", collaboration, found.room.slug)
