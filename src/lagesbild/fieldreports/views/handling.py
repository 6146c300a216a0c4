"""What is done with a report: additions, review, answers, joining. Posts only; each leads back to the report."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lagesbild.accounts.access import Capability, access_collaboration
from lagesbild.accounts.models import Membership
from lagesbild.core.conflicts import EditConflict, differences, with_version
from lagesbild.core.errors import UserError
from lagesbild.fieldreports import actions, queries
from lagesbild.fieldreports.access import access_report
from lagesbild.fieldreports.forms import AdditionForm, AnswerForm, JoinForm, ReviewForm
from lagesbild.fieldreports.models import FieldReport
from lagesbild.fieldreports.reporting import Author
from lagesbild.fieldreports.views.lists import INVALID, category_choices
from lagesbild.fieldreports.views.pages import show_report


@require_POST
def report_add(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Add to a report that one may see."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.REPORT)
    found = access_report(membership, pk)
    form = AdditionForm(request.POST)

    def store(values: dict[str, Any]) -> None:
        actions.add_to_report(Author.of(membership), found, text=values["addition"])

    return _done(request, membership, found, form, "addition_form", store) or _back(request, found, _("It is added."))


@require_POST
def report_review(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Mark as reviewed, with the right category."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    found = access_report(membership, pk)
    tree = category_choices(queries.category_tree(membership.collaboration))
    form = ReviewForm(request.POST, tree=tree)

    def store(values: dict[str, Any]) -> None:
        actions.review_report(Author.of(membership), found, seen=values["version"], category=values["category"])

    failed = _done(request, membership, found, form, "review_form", store)
    return failed or _back(request, found, _("The report is reviewed."))


@require_POST
def report_answer(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Write what became of it. Of two who write at once the later sees the difference."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    found = access_report(membership, pk)
    form = AnswerForm(request.POST)

    def store(values: dict[str, Any]) -> None:
        actions.answer_report(Author.of(membership), found, seen=values["version"], text=values["became"])

    failed = _done(request, membership, found, form, "answer_form", store)
    return failed or _back(request, found, _("The answer is stored, and whoever reported it gets word."))


@require_POST
def report_join(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Join to another report, named by its number."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    found = access_report(membership, pk)
    form = JoinForm(request.POST)
    lead = queries.report_numbered(membership, form.cleaned_data["lead"]) if form.is_valid() else None
    if lead is None:
        return _refuse(request, found, _("There is no other report with that number."))
    try:
        root = actions.join_reports(Author.of(membership), found, lead)
    except UserError as error:
        return _refuse(request, found, error.message)
    return _back(request, found, _("The report is joined to number {number}.").format(number=root.number))


@require_POST
def report_part(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Take a joining back."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    found = access_report(membership, pk)
    actions.part_report(Author.of(membership), found)
    return _back(request, found, _("The report stands by itself again."))


def _done(
    request: HttpRequest,
    membership: Membership,
    found: FieldReport,
    form: forms.Form,
    name: str,
    store: Callable[[dict[str, Any]], None],
) -> HttpResponse | None:
    """Store what a valid form says; else the page with the form and what is wrong with it."""
    more: dict[str, Any] = {}
    if form.is_valid():
        try:
            store(form.cleaned_data)
        except EditConflict as conflict:
            found = access_report(membership, found.pk)
            form.data = with_version(form.data, found.version)
            labels = {name: field.label for name, field in form.fields.items() if name == "became"}
            more["differences"] = differences(conflict.current, form.cleaned_data, labels)
            form.add_error(None, conflict.message)
        except UserError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            return None
    return show_report(request, membership, found, status=INVALID, **{name: form}, **more)


def _refuse(request: HttpRequest, found: FieldReport, message: str) -> HttpResponse:
    messages.error(request, message)
    return redirect("fieldreports:report", found.collaboration.slug, found.pk)


def _back(request: HttpRequest, found: FieldReport, message: str) -> HttpResponse:
    messages.success(request, message)
    return redirect("fieldreports:report", found.collaboration.slug, found.pk)
