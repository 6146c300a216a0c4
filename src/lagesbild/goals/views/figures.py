"""Pages that change indicators and their figures: by hand, from a file, made anew."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from lagesbild.accounts.access import Capability, access_collaboration
from lagesbild.accounts.models import Membership
from lagesbild.core.conflicts import EditConflict
from lagesbild.core.errors import UserError
from lagesbild.goals import actions, queries
from lagesbild.goals.access import access_indicator, access_measurement
from lagesbild.goals.forms.indicators import IndicatorForm, MeasurementFileForm, MeasurementForm
from lagesbild.goals.measurement_file import MeasurementProblemsError, read_measurements
from lagesbild.goals.measurement_text import MeasurementText
from lagesbild.goals.models import Indicator, Measurement
from lagesbild.goals.views.writing import seen, show_form
from lagesbild.observations import uploads


@require_http_methods(["GET", "HEAD", "POST"])
def indicator_new(request: HttpRequest, collaboration: str) -> HttpResponse:
    """Say what is measured for a goal, and what is aimed at."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    initial = {"goal": request.GET.get("goal", "")}
    form = IndicatorForm(request.POST or None, membership=membership, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_indicator(membership, form.written())
            actions.refresh_indicator(made, actor=membership.user)
        except UserError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, _("The indicator is stored."))
            return redirect("goals:indicator", collaboration, made.code)
    back = reverse("goals:goals", args=[collaboration])
    return show_form(request, membership, form, _("New indicator"), back, _("Goals"))


@require_http_methods(["GET", "HEAD", "POST"])
def indicator_edit(request: HttpRequest, collaboration: str, code: str) -> HttpResponse:
    """Change an indicator; if somebody was first, both texts are shown."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    found = access_indicator(membership, code, write=True)
    lead = found.question
    form = IndicatorForm(request.POST or None, instance=found, membership=membership)
    back = reverse("goals:indicator", args=[collaboration, code])
    conflict: EditConflict | None = None
    if request.method == "POST" and form.is_valid():
        try:
            stored = access_indicator(membership, code, write=True)
            changed = actions.change_indicator(membership, stored, seen(form), form.written())
            actions.refresh_indicator(changed, actor=membership.user)
        except EditConflict as error:
            conflict = error
        except UserError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, _("The indicator is stored."))
            return redirect(back)
    return show_form(request, membership, form, _("Change the indicator"), back, lead, conflict=conflict)


@require_POST
def indicator_refresh(request: HttpRequest, collaboration: str, code: str) -> HttpResponse:
    """Make its figures anew from the table or the definition."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    found = access_indicator(membership, code, write=True)
    try:
        changed = actions.refresh_indicator(found, actor=membership.user)
    except UserError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _told(changed))
    return redirect("goals:indicator", collaboration, code)


def _told(changed: int) -> str:
    if not changed:
        return _("The figures are as they were.")
    return ngettext("{n} figure is new or changed.", "{n} figures are new or changed.", changed).format(n=changed)


@require_http_methods(["GET", "HEAD", "POST"])
def measurement_new(request: HttpRequest, collaboration: str, code: str) -> HttpResponse:
    """Type a figure."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    found = access_indicator(membership, code, write=True)
    form = MeasurementForm(request.POST or None, corrects=False, initial={"source": found.source})
    return _measurement(request, membership, found, form, _("New figure"), corrects=None)


@require_http_methods(["GET", "HEAD", "POST"])
def measurement_correct(request: HttpRequest, collaboration: str, code: str, pk: int) -> HttpResponse:
    """Correct a figure; what stood there is kept in the log."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    found = access_measurement(membership, code, pk)
    form = MeasurementForm(request.POST or None, corrects=True, instance=found)
    indicator = access_indicator(membership, code, write=True)
    return _measurement(request, membership, indicator, form, _("Correct the figure"), corrects=found)


def _measurement(
    request: HttpRequest,
    membership: Membership,
    indicator: Indicator,
    form: MeasurementForm,
    title: str,
    *,
    corrects: Measurement | None,
) -> HttpResponse:
    back = reverse("goals:indicator", args=[membership.collaboration.slug, indicator.code])
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data.get("reason", "")
        try:
            text = _text(form.cleaned_data)
            actions.type_measurement(membership, indicator, text, corrects=corrects, reason=reason)
        except UserError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, _("The figure is stored."))
            return redirect(back)
    return show_form(request, membership, form, title, back, indicator.question)


def _text(cleaned: dict[str, Any]) -> MeasurementText:
    return MeasurementText(**{name: value for name, value in cleaned.items() if name != "reason"})


@require_http_methods(["GET", "HEAD", "POST"])
def measurements_import(request: HttpRequest, collaboration: str) -> HttpResponse:
    """Take in a table of figures; all of it, or nothing."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    initial = {"indicator": request.GET.get("indicator", "")}
    form = MeasurementFileForm(request.POST or None, request.FILES or None, membership=membership, initial=initial)
    back = reverse("goals:goals", args=[collaboration])
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            changed = _take_in(membership, form.cleaned_data)
        except MeasurementProblemsError as error:
            problems = error.problems
            form.add_error("file", error.message)
        except UserError as error:
            form.add_error("file", error.message)
        else:
            messages.success(request, _told(changed))
            chosen = form.cleaned_data["indicator"]
            return redirect(reverse("goals:indicator", args=[collaboration, chosen.code]) if chosen else back)
    title, lead = _("Take in figures"), _columns_text()
    return show_form(request, membership, form, title, back, _("Goals"), lead=lead, problems=problems, is_file=True)


def _columns_text() -> str:
    return _(
        "One row for each period, with the columns period (2018, 2018-03 or 2018-Q1) and value; where they are known "
        "also indicator, gender, age_group, n, low, high, partial, provisional, uncertain, note, method and source."
    )


def _take_in(membership: Membership, cleaned: dict[str, Any]) -> int:
    file = cleaned["file"]
    received = uploads.receive(file.chunks(), file_name=file.name)
    try:
        known = queries.writable_indicators(membership)
        chosen, source = cleaned["indicator"], cleaned["source"]
        figures = read_measurements(received.path, known, chosen=chosen, source=source)
    finally:
        received.path.unlink(missing_ok=True)
    return actions.import_measurements(membership, figures)
