"""Pages of a report that is being written: the list, the draft, its sections and numbers; publishing it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lagesbild.accounts.access import Capability, access_collaboration, may, may_write
from lagesbild.accounts.models import Membership
from lagesbild.core import clock
from lagesbild.core.conflicts import EditConflict, differences
from lagesbild.core.errors import UserError
from lagesbild.publications import actions, content, offers, queries
from lagesbild.publications.access import access_report, access_section
from lagesbild.publications.building import SectionProblem, build
from lagesbild.publications.forms import PublishForm, ReportForm, SectionForm
from lagesbild.publications.layouts import plan_of
from lagesbild.publications.models import Layout, Report
from lagesbild.publications.references import bare_numbers
from lagesbild.publications.views.files import Kind, printed


@require_safe
def reports(request: HttpRequest, collaboration: str) -> HttpResponse:
    """The reports of the collaboration, and what was published of each."""
    membership = access_collaboration(request.user, collaboration)
    context = {
        "reports": queries.reports_of(membership),
        "tab": "reports",
        "may_begin": may(membership, Capability.COOPERATE),
    }
    return page(request, membership, "publications/reports.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def report_new(request: HttpRequest, collaboration: str) -> HttpResponse:
    """Begin a report."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    year = clock.today(membership.collaboration.time_zone).year
    title = _("{name} – report {year}").format(name=membership.collaboration.name, year=year)
    form = ReportForm(request.POST or None, initial={"layout": Layout.YEARLY, "year": year, "title": title})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.begin_report(membership.organisation, actor=membership.user, **form.cleaned_data)
        except UserError as error:
            form.add_error(error.field, error.message)
        else:
            return redirect("publications:report", collaboration, made.pk)
    status = 422 if form.errors else 200
    return page(request, membership, "publications/report_new.html", {"form": form}, status=status)


@require_safe
def report(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """The report as it reads now, with a way to write each section and, for its owner, to publish it."""
    membership = access_collaboration(request.user, collaboration)
    return show_report(request, membership, access_report(membership, pk))


def show_report(request: HttpRequest, membership: Membership, found: Report, *, problem: str = "") -> HttpResponse:
    """The draft; where a reference leads nowhere it says so and shows the sections' own texts instead."""
    made: dict[str, Any] | None = None
    try:
        made = build(found, membership, language=_language())
    except SectionProblem as error:
        problem = error.message
    editable = may(membership, Capability.COOPERATE) and may_write(membership, found)
    typed = {each.code: bare_numbers(each.text) for each in found.sections.all()} if editable else {}
    context = {
        "report": found,
        "content": made,
        "exercise": bool(made and made["exercise"]),
        "problem": problem,
        "typed": [(str(plan_of(found.layout, code).heading), texts) for code, texts in typed.items() if texts],
        "sections": [(each, plan_of(found.layout, each.code)) for each in found.sections.all()],
        "editions": queries.editions_of(found),
        "editable": editable,
        "publish_form": PublishForm(initial={"language": _language()}),
    }
    return page(request, membership, "publications/report.html", context, status=422 if problem else 200)


@require_safe
def report_numbers(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Every number of the report with what it rests on."""
    membership = access_collaboration(request.user, collaboration)
    found = access_report(membership, pk)
    try:
        rows = content.numbers(build(found, membership, language=_language()))
    except SectionProblem as error:
        return show_report(request, membership, found, problem=error.message)
    context = {"report": found, "rows": [(str(plan_of(found.layout, row.section).heading), row) for row in rows]}
    return page(request, membership, "publications/numbers.html", context)


@require_POST
def report_publish(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Freeze the report as it reads now."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    found = access_report(membership, pk, write=True)
    form = PublishForm(request.POST)
    if not form.is_valid():
        return show_report(request, membership, found, problem=_("Choose a language."))
    try:
        made = actions.publish(found, membership, language=form.cleaned_data["language"], actor=membership.user)
    except SectionProblem as error:
        return show_report(request, membership, found, problem=error.message)
    messages.success(request, _("The report is published. This edition never changes."))
    return redirect("publications:edition", collaboration, pk, made.number)


@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, collaboration: str, pk: int, code: str) -> HttpResponse:
    """Write one section; if somebody was first, both texts are shown."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    found = access_section(membership, pk, code)
    form = SectionForm(request.POST or None, initial={"text": found.text, "version": found.version})
    context: dict[str, Any] = {}
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_section(found, form.cleaned_data["version"], form.cleaned_data["text"], actor=membership.user)
        except EditConflict as error:
            current: Any = error.current
            context["differences"] = differences(current, form.cleaned_data, {"text": _("Text")})
            form = SectionForm({"text": form.cleaned_data["text"], "version": current.version})
            status = 409
        else:
            messages.success(request, _("The section is stored."))
            return redirect(f"{reverse('publications:report', args=[collaboration, pk])}#{code}")
    elif form.errors:
        status = 422
    context |= {"report": found.report, "section_plan": plan_of(found.report.layout, code), "form": form}
    context["offers"] = offers.offers_of(membership, found.report.year)
    return page(request, membership, "publications/section.html", context, status=status)


@require_safe
def report_pdf(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """The draft as PDF."""
    return _draft(request, collaboration, pk, "pdf")


@require_safe
def report_docx(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """The draft as Word."""
    return _draft(request, collaboration, pk, "docx")


def _draft(request: HttpRequest, collaboration: str, pk: int, kind: Kind) -> HttpResponse:
    membership = access_collaboration(request.user, collaboration)
    found = access_report(membership, pk)
    try:
        made = build(found, membership, language=_language())
    except SectionProblem as error:
        return show_report(request, membership, found, problem=error.message)
    return printed(made, kind, name=f"{collaboration}-{found.layout}-{found.year}-draft", made_at=clock.now())


def _language() -> str:
    return "en" if (get_language() or "").startswith("en") else "sv"


def page(
    request: HttpRequest, membership: Membership, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of this section, which belongs to goals and follow-up."""
    return render(request, template, {"membership": membership, "section": "goals", **context}, status=status)
