"""The guest arena: where those who come live, and the letters to those who should know."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lagesbild.accounts.access import Capability, access_collaboration, may, may_write
from lagesbild.accounts.models import Membership
from lagesbild.core import clock
from lagesbild.core.conflicts import EditConflict, differences, with_version
from lagesbild.core.documents import Document, Paragraph, render_pdf
from lagesbild.core.errors import UserError
from lagesbild.scenes import actions, origin_trend, origins, origins_file
from lagesbild.scenes.access import access_feedback_letter, access_origin_table
from lagesbild.scenes.forms.guests import LetterForm, OriginsForm, SentForm
from lagesbild.scenes.models import FeedbackLetter
from lagesbild.scenes.views.pages import INVALID, page


@require_safe
def guest_arena(request: HttpRequest, collaboration: str) -> HttpResponse:
    """The tables of origins."""
    membership = access_collaboration(request.user, collaboration)
    tables = origins.tables_of(membership)
    context = {"tab": "guests", "tables": tables, "may_import": may(membership, Capability.IMPORT)}
    return page(request, membership, "scenes/guests.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def origins_new(request: HttpRequest, collaboration: str) -> HttpResponse:
    """Import a table: all rows or none."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.IMPORT)
    form = OriginsForm(request.POST or None, request.FILES or None, membership=membership)
    problems: list[origins_file.Problem] = []
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data.pop("file").read()
        rows, problems = origins_file.read(data)
        if not problems:
            try:
                text = actions.OriginText(**form.cleaned_data)
                table = actions.import_origins(membership.organisation, text, rows, data, actor=membership.user)
            except UserError as error:
                form.add_error(error.field, error.message)
            else:
                return redirect("scenes:origins", collaboration, table.pk)
    wrong = bool(form.errors or problems)
    context = {"form": form, "problems": problems}
    return page(request, membership, "scenes/origins_new.html", context, status=INVALID if wrong else 200)


@require_safe
def origin_table(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """One table with its flows, and whom to write to."""
    membership = access_collaboration(request.user, collaboration)
    table = access_origin_table(membership, pk)
    view = origins.view_of(table)
    at = _column(request, view)
    drawn, undrawn = origins.flows(membership, table, view, at) if view.columns else ("", ())
    column = view.columns[at] if view.columns else (0, "")
    has_lines = bool(drawn) and bool(json.loads(drawn)["features"])
    over_years = origin_trend.trend(view, column[1])
    layer = {"id": "flows", "kind": "line", "data": json.loads(drawn)} if has_lines else None
    context = {
        "tab": "guests",
        "table": table,
        "view": view,
        "at": at,
        "column": column,
        "columns": list(enumerate(view.columns)),
        "trend": over_years,
        "trend_chart": origin_trend.chart(over_years, description=table.title) if over_years else None,
        "concerned": origins.most_concerned(view, column),
        "undrawn": undrawn,
        "letters": origins.letters_of(table, membership),
        "may_write": may(membership, Capability.COOPERATE),
        "map": {"label": _("Where they come from"), "layers": [layer], "fit": "flows"} if layer else None,
    }
    return page(request, membership, "scenes/origins.html", context)


@require_POST
def letter_new(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Draft a letter to one origin."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    table = access_origin_table(membership, pk)
    view = origins.view_of(table)
    if not view.columns:
        raise Http404
    column = view.columns[_column(request, view)]
    try:
        letter = actions.draft_letter(membership, table, request.POST.get("origin", ""), column)
    except UserError as error:
        messages.error(request, error.message)
        return redirect("scenes:origins", collaboration, pk)
    return redirect("scenes:letter", collaboration, letter.pk)


@require_safe
def letter(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Read a letter; who may change it while it is a draft finds it in a form."""
    membership = access_collaboration(request.user, collaboration)
    found = access_feedback_letter(membership, pk)
    return _letter(request, membership, found, form=LetterForm(initial={"text": found.text, "version": found.version}))


@require_POST
def letter_edit(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Change a draft; if somebody was first, both texts are shown."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    found = access_feedback_letter(membership, pk, write=True)
    form = LetterForm(request.POST)
    conflict: EditConflict | None = None
    if form.is_valid():
        try:
            actions.change_letter(membership, found, form.cleaned_data["version"], form.cleaned_data["text"])
        except EditConflict as error:
            conflict = error
        except UserError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("The draft is stored."))
            return redirect("scenes:letter", collaboration, pk)
    return _letter(request, membership, found, form=form, conflict=conflict)


@require_POST
def letter_sent(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Write down that a letter was sent."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.COOPERATE)
    found = access_feedback_letter(membership, pk, write=True)
    sent = SentForm(request.POST)
    if sent.is_valid():
        values = sent.cleaned_data
        try:
            actions.log_letter_sent(membership, found, to=values["sent_to"], on=values["sent_on"])
        except UserError as error:
            sent.add_error(None, error.message)
        else:
            return redirect("scenes:letter", collaboration, pk)
    form = LetterForm(initial={"text": found.text, "version": found.version})
    return _letter(request, membership, found, form=form, sent=sent)


@require_safe
def letter_pdf(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """The letter on paper."""
    membership = access_collaboration(request.user, collaboration)
    found = access_feedback_letter(membership, pk)
    document = Document(
        title=_("Feedback to {origin}").format(origin=found.origin),
        subtitle=found.collaboration.name,
        language="en" if (get_language() or "").startswith("en") else "sv",
        author=found.owner.name,
        made_at=clock.now(),
        footer=found.table.source,
        blocks=tuple(Paragraph(text=part) for part in str(found.text).split("\n\n") if part.strip()),
    )
    response = HttpResponse(render_pdf(document), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="letter-{found.pk}.pdf"'
    return response


def _letter(
    request: HttpRequest,
    membership: Membership,
    found: FeedbackLetter,
    *,
    form: LetterForm,
    sent: SentForm | None = None,
    conflict: EditConflict | None = None,
) -> HttpResponse:
    today = clock.today(membership.collaboration.time_zone)
    context: dict[str, Any] = {
        "letter": found,
        "form": form,
        "sent_form": sent or SentForm(initial={"sent_on": today}),
        "may_write": may(membership, Capability.COOPERATE) and may_write(membership, found),
    }
    if conflict is not None:
        current: Any = conflict.current
        context["differences"] = differences(current, form.cleaned_data, {"text": _("Letter")})
        form.data = with_version(form.data, current.version)
    wrong = bool(form.errors or (sent and sent.errors))
    status = 409 if conflict else INVALID if wrong else 200
    return page(request, membership, "scenes/letter.html", context, status=status)


def _column(request: HttpRequest, view: origins.OriginView) -> int:
    asked = (request.POST if request.method == "POST" else request.GET).get("column", "")
    last = len(view.columns) - 1
    return int(asked) if asked.isascii() and asked.isdigit() and int(asked) <= last else last
