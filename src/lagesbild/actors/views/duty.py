"""Duty: the week as a grid, what it misses, and the editors of schedules."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lagesbild.accounts.access import Capability, access_collaboration
from lagesbild.accounts.models import Function, Membership
from lagesbild.actors import actions, coverage, directory, lists, words
from lagesbild.actors.access import access_function, access_schedule
from lagesbild.actors.forms import ExceptionForm, PointForm, WeekForm
from lagesbild.actors.gathering import gather
from lagesbild.actors.help_now import Asked
from lagesbild.actors.hours import Hours
from lagesbild.actors.models import Schedule
from lagesbild.actors.views.editing import INVALID, Editor, edit, page
from lagesbild.actors.weekdays import WEEKDAYS
from lagesbild.core import clock
from lagesbild.picture import queries as picture


@require_safe
def duty(request: HttpRequest, collaboration: str) -> HttpResponse:
    """Hour × weekday of who is on duty at a place, and the events that come when nobody is."""
    membership = access_collaboration(request.user, collaboration)
    ground = picture.ground(membership.collaboration, membership)
    data = replace(gather(membership, only_weeks=True), places=coverage.posts_of(ground))
    form = PointForm(request.GET)
    form.is_valid()
    places = {each.id: each.name for each in ground.places}
    at = {each.id: (each.x, each.y) for each in ground.places}
    situations = {each.code: each.name for each in data.situations}
    asked = Asked(
        situation=next((code for code in situations if code == form.cleaned_data.get("situation")), ""),
        place=form.cleaned_data.get("place") if form.cleaned_data.get("place") in places else None,
    )
    if asked.place is not None:
        asked = replace(asked, x=at[asked.place][0], y=at[asked.place][1])
    week = coverage.duty_week(data, asked, time_zone=membership.collaboration.time_zone)
    found = coverage.gap(membership, ground, asked, week)
    context = {
        "tab": "duty",
        "asked": asked,
        "places": places,
        "situations": situations,
        "hours": range(24),
        "rows": list(zip(WEEKDAYS, week.rows, strict=True)),
        "week": week,
        "gap": found,
        "weekdays": WEEKDAYS,
        **(_in_words(found) if found else {}),
        "exercise": bool(found and found.is_exercise)
        or any(duty.is_exercise for each in data.candidates for duty in each.duties),
    }
    return page(request, membership, "actors/duty.html", context)


def _in_words(gap: coverage.Gap) -> dict[str, object]:
    return {
        "empty_hours": words.hour_words(gap),
        "moves": words.move_words(gap),
        "interval": words.interval_words(gap),
        "by_function": words.function_words(gap),
        "caveats": words.duty_caveats(gap),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def schedule_new(request: HttpRequest, collaboration: str, function: int) -> HttpResponse:
    """A new schedule for a function of one's own organisation."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    return _editor(request, membership, access_function(membership, function, write=True), None)


@require_http_methods(["GET", "HEAD", "POST"])
def schedule_edit(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Change a schedule of one's own organisation."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    schedule = access_schedule(membership, pk, write=True)
    return _editor(request, membership, schedule.function, schedule)


def _editor(
    request: HttpRequest,
    membership: Membership,
    function: Function,
    schedule: Schedule | None,
    exception_form: ExceptionForm | None = None,
) -> HttpResponse:
    form = WeekForm(
        request.POST or None if exception_form is None else None,
        record=schedule,
        choices={"place": lists.places(membership)},
        initial={} if schedule else {"valid_from": clock.today(membership.collaboration.time_zone)},
        week=_week_of(schedule) if schedule else None,
    )

    def save() -> Schedule:
        if schedule is None:
            return actions.create_schedule(membership, function, form.week, **form.values())
        return actions.change_schedule(membership, schedule, form.seen, form.week, **form.values())

    address = reverse("actors:function", args=[membership.collaboration.slug, function.pk])
    context = {
        "schedule": schedule,
        "exceptions": directory.exceptions_of(schedule) if schedule else [],
        "exception_form": exception_form or ExceptionForm(prefix="exception"),
    }
    title = _("Duty hours of {function}").format(function=function.name)
    editor = Editor(title, "duty", address, template="actors/schedule_form.html", context=context)
    response = edit(request, membership, form, editor, save, lambda _made: address)
    if exception_form is not None:
        response.status_code = INVALID
    return response


def _week_of(schedule: Schedule) -> dict[int, list[Hours]]:
    week: dict[int, list[Hours]] = {}
    for shift in schedule.shifts.all():
        week.setdefault(shift.weekday, []).append(Hours(shift.starts, shift.ends))
    return week


@require_POST
def exception_add(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """A date on which other hours hold."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    schedule = access_schedule(membership, pk, write=True)
    form = ExceptionForm(request.POST, prefix="exception")
    if not form.is_valid():
        return _editor(request, membership, schedule.function, schedule, form)
    actions.add_exception(membership, schedule, form.cleaned_data["on"], form.hours, note=form.cleaned_data["note"])
    messages.success(request, _("Stored."))
    return redirect("actors:schedule_edit", collaboration, pk)


@require_POST
def exception_remove(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Let the week's hours hold on a date again."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    schedule = access_schedule(membership, pk, write=True)
    on = parse_date(request.POST.get("on", ""))
    if on is not None:
        actions.remove_exception(membership, schedule, on)
    return redirect("actors:schedule_edit", collaboration, pk)
