"""Tables of figures: the list, one table as chart and table, its file, and taking in a new one."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from lagesbild.accounts.access import Capability, access_collaboration, may
from lagesbild.accounts.models import Membership
from lagesbild.core.errors import UserError
from lagesbild.observations import actions, listings, uploads
from lagesbild.observations.access import access_series_table
from lagesbild.observations.forms import SeriesFileForm
from lagesbild.observations.implied_rates import implied_table
from lagesbild.observations.series_charts import charts_of, grids_of
from lagesbild.observations.series_file import SeriesProblemsError


@require_GET
def series_tables(request: HttpRequest, collaboration: str) -> HttpResponse:
    """Every table of figures."""
    membership = access_collaboration(request.user, collaboration)
    context = {**_frame(membership), "tables": listings.series_tables(membership)}
    return render(request, "observations/series_tables.html", context)


@require_http_methods(["GET", "POST"])
def series_new(request: HttpRequest, collaboration: str) -> HttpResponse:
    """Take in a file of figures."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.IMPORT)
    form = SeriesFileForm(request.POST or None, request.FILES or None)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            return _store(request, membership, form.cleaned_data)
        except SeriesProblemsError as error:
            problems = error.problems
            form.add_error("file", error.message)
        except UserError as error:
            form.add_error(error.field if error.field in form.fields else "file", error.message)
    context = {**_frame(membership), "form": form, "problems": problems}
    return render(request, "observations/series_new.html", context, status=422 if form.errors else 200)


def _store(request: HttpRequest, membership: Membership, cleaned: dict[str, Any]) -> HttpResponse:
    file = cleaned["file"]
    received = uploads.receive(file.chunks(), file_name=file.name)
    try:
        tables = actions.import_series(
            membership.organisation,
            received.path,
            title=cleaned["title"],
            is_published=cleaned["is_published"],
            actor=membership.user,
        )
    finally:
        received.path.unlink(missing_ok=True)
    messages.success(request, _("The figures are stored."))
    return redirect("observations:series_table", membership.collaboration.slug, tables[0].slug)


@require_GET
def series_table(request: HttpRequest, collaboration: str, slug: str) -> HttpResponse:
    """One table: its series as charts and as figures."""
    membership = access_collaboration(request.user, collaboration)
    table = access_series_table(membership, slug)
    series = listings.series_of(table)
    context = {
        **_frame(membership),
        "table": table,
        "grids": grids_of(series),
        "charts": charts_of(series),
        "caveats": listings.caveats_of_series(series),
        "implied": implied_table(membership, series),
    }
    return render(request, "observations/series_table.html", context)


@require_GET
def series_csv(request: HttpRequest, collaboration: str, slug: str) -> HttpResponse:
    """The table as a file that can be taken in again."""
    membership = access_collaboration(request.user, collaboration)
    table = access_series_table(membership, slug)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(listings.SERIES_COLUMNS)
    writer.writerows(listings.series_rows(table))
    return HttpResponse(
        "\ufeff" + out.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{table.slug}.csv"'},
    )


def _frame(membership: Membership) -> dict[str, Any]:
    return {
        "membership": membership,
        "section": "observations",
        "may_import": may(membership, Capability.IMPORT),
    }
