"""Writing a report, one report with what became of it, and its photo."""

from __future__ import annotations

import uuid
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lagesbild.accounts.access import Capability, access_collaboration, may
from lagesbild.accounts.models import Membership
from lagesbild.core.errors import UserError
from lagesbild.fieldreports import became, onward, photos, queries, sending
from lagesbild.fieldreports.access import access_report
from lagesbild.fieldreports.forms import AdditionForm, AnswerForm, ReportForm, ReviewForm
from lagesbild.fieldreports.individuals import INDIVIDUAL
from lagesbild.fieldreports.map_data import lonlat
from lagesbild.fieldreports.models import FieldReport, Status
from lagesbild.fieldreports.views.lists import INVALID, category_choices

ABOUT_PERSONS = {INDIVIDUAL, "personal_number"}


@require_http_methods(["GET", "HEAD", "POST"])
def report_new(request: HttpRequest, collaboration: str) -> HttpResponse:
    """Write a report: what, where, how sure. Sent again it is the same report."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.REPORT)
    with timezone.override(ZoneInfo(membership.collaboration.time_zone)):
        form, tree = _report_form(request, membership)
        if form.is_valid():
            try:
                sent = sending.send(
                    membership, form.text(), client_id=form.cleaned_data["client_id"], upload=form.cleaned_data["photo"]
                )
            except UserError as error:
                _tell(form, error)
            else:
                return redirect(f"{reverse('fieldreports:report', args=[collaboration, sent.report.pk])}?sent=1")
        return _writing(request, membership, form, tree)


def _report_form(request: HttpRequest, membership: Membership) -> tuple[ReportForm, list[tuple[str, str]]]:
    tree = queries.category_tree(membership.collaboration)
    choices = category_choices(tree)
    buttons = [node.code for node in queries.most_reported(membership, tree)]
    posted = request.POST.copy() if request.method == "POST" else None
    files = request.FILES if request.method == "POST" else None
    kinds = {node.code: tree.by_code[node.parent].title for node in tree.nodes if node.parent}
    initial = {"client_id": uuid.uuid4()}
    form = ReportForm(posted, files, initial=initial, buttons=buttons, tree=choices, kinds=kinds)
    return form, choices


def _tell(form: ReportForm, error: UserError) -> None:
    """The error at its field. A page whose report is stored already gets a new key, so that the next can be sent."""
    if error.field == "client_id":
        form.data["client_id"] = str(uuid.uuid4())  # type: ignore[index]
        form.add_error(None, error.message)
    else:
        field = error.field if error.field in form.fields and not form.fields[error.field].widget.is_hidden else None
        form.add_error(field, ValidationError(error.message, code=error.code))


def _writing(
    request: HttpRequest, membership: Membership, form: ReportForm, tree: list[tuple[str, str]]
) -> HttpResponse:
    context = {
        "membership": membership,
        "section": "observations",
        "tab": "fieldreports",
        "form": form,
        "has_categories": bool(tree),
        "place_names": [name for _pk, name in queries.places_to_name(membership)],
        "about_person": any(form.has_error(name, code) for name in ("note", "place_text") for code in ABOUT_PERSONS),
        "help_address": onward.help_address(membership),
        "photo_lost": bool(form.errors and request.FILES),
        "more_open": any(form[name].errors or form[name].value() for name in ("occurred_from", "occurred_to", "act")),
        "map": {"label": _("Where it is"), "fit": "base"},
    }
    return render(request, "fieldreports/report_new.html", context, status=INVALID if form.errors else 200)


@require_safe
def report(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """One report: what was written, what happened since, and what became of it."""
    membership = access_collaboration(request.user, collaboration)
    return show_report(request, membership, access_report(membership, pk))


def show_report(
    request: HttpRequest, membership: Membership, found: FieldReport, *, status: int = 200, **forms: Any
) -> HttpResponse:
    """The page of a report; with forms, what could not be stored is shown again."""
    lead = queries.lead_of(membership, found)
    told = became.told(membership, [found, *([lead] if lead else [])])
    may_review = may(membership, Capability.COOPERATE)
    with timezone.override(ZoneInfo(membership.collaboration.time_zone)):
        context = {
            "membership": membership,
            "section": "observations",
            "tab": "fieldreports",
            "report": found,
            "lead": lead,
            "followers": queries.followers_of(membership, found),
            "history": queries.history_of(found),
            "told": [line for lines in told.values() for line in lines],
            "has_photo": photos.photo_path(found.photo) is not None,
            "sent": request.GET.get("sent") == "1",
            "may_report": may(membership, Capability.REPORT),
            "may_review": may_review,
            "raise_address": onward.raise_address(membership, found) if may(membership, Capability.REPORT) else "",
            "exercise": found.is_exercise,
            "map": _map(found),
            "addition_form": AdditionForm(),
            **(_review(membership, found) if may_review else {}),
            **forms,
        }
        return render(request, "fieldreports/report.html", context, status=status)


def _review(membership: Membership, found: FieldReport) -> dict[str, Any]:
    """What a coordinator may do with it."""
    tree = category_choices(queries.category_tree(membership.collaboration))
    return {
        "review_form": ReviewForm(initial={"version": found.version, "category": found.category.code}, tree=tree),
        "answer_form": AnswerForm(initial={"version": found.version, "became": found.became}),
        "near": queries.same_thing(membership, found) if found.status != Status.JOINED else [],
    }


def _map(found: FieldReport) -> dict[str, Any] | None:
    at = lonlat(found)
    if at is None:
        return None
    point = {"type": "Feature", "id": found.pk, "properties": {"title": found.what, "text": found.where},
             "geometry": {"type": "Point", "coordinates": at}}  # fmt: skip
    layer = {"id": "report", "kind": "circle", "radius": 8, "data": {"type": "FeatureCollection", "features": [point]}}
    return {"label": _("Where it is"), "layers": [layer], "fit": "report"}


@require_safe
def report_photo(request: HttpRequest, collaboration: str, pk: int) -> HttpResponseBase:
    """The photo of a report that one may see."""
    membership = access_collaboration(request.user, collaboration)
    path = photos.photo_path(access_report(membership, pk).photo)
    if path is None:
        raise Http404
    response = FileResponse(path.open("rb"), content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=3600"
    response["X-Content-Type-Options"] = "nosniff"
    return response
