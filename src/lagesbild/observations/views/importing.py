"""The import wizard: file → columns → check → store. Each step has an address of its own and works without script."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lagesbild.accounts.access import Capability, access_collaboration, may, may_write
from lagesbild.accounts.models import Membership
from lagesbild.core.errors import UserError
from lagesbild.core.models import JobState
from lagesbild.observations import actions, imports, listings
from lagesbild.observations.access import access_batch, access_source
from lagesbild.observations.forms import NEW, ImportFileForm, MappingForm
from lagesbild.observations.importing import Mapping, Note, problems_csv, with_messages
from lagesbild.observations.models import BatchState, ImportBatch, Source
from lagesbild.observations.uploads import BatchFolder

PROBLEMS_PER_PAGE = 50
AT_WORK = (JobState.QUEUED, JobState.RUNNING)
STEPS = {
    BatchState.UPLOADED: 2,
    BatchState.CHECKED: 3,
    BatchState.COMMITTING: 3,
    BatchState.APPLIED: 4,
}


@require_http_methods(["GET", "POST"])
def import_new(request: HttpRequest, collaboration: str) -> HttpResponse:
    """Choose a file and say where it comes from."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.IMPORT)
    sources = list(listings.own_sources(membership))
    chosen = {"source": request.GET.get("source") or (sources[0].slug if sources else NEW)}
    form = ImportFileForm(request.POST or None, request.FILES or None, sources=sources, initial=chosen)
    if request.method == "POST" and form.is_valid():
        try:
            return _receive(membership, form.cleaned_data)
        except UserError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
    context = {**_frame(membership), "form": form, "step": 1}
    return render(request, "observations/import_new.html", context, status=422 if form.errors else 200)


def _receive(membership: Membership, cleaned: dict[str, Any]) -> HttpResponse:
    file = cleaned["file"]
    batch = actions.receive_file(
        _chosen_source(membership, cleaned), file.chunks(), file_name=file.name, actor=membership.user
    )
    return _go_on(batch, "observations.preview", membership)


def _chosen_source(membership: Membership, cleaned: dict[str, Any]) -> Source:
    if cleaned["source"] != NEW:
        return access_source(membership, cleaned["source"], write=True)
    return actions.create_source(
        membership.organisation,
        name=cleaned["name"].strip(),
        sharing=cleaned["sharing"],
        is_exercise=cleaned["is_exercise"],
        actor=membership.user,
    )


def _go_on(batch: ImportBatch, kind: str, membership: Membership) -> HttpResponse:
    """Take the next step: at once if it is small, else the page of the job shows how far it has come."""
    job = imports.take_step(batch, kind, actor=membership.user)
    if job.state in AT_WORK:
        return redirect("core:job", pk=job.pk)
    return redirect("observations:import", batch.collaboration.slug, batch.pk)


@require_GET
def import_batch(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Where an import stands: its columns to choose, its problems, its counts, or what became of it."""
    membership = access_collaboration(request.user, collaboration)
    batch = access_batch(membership, pk)
    if batch.job and batch.job.state in AT_WORK and _may_import(membership, batch):
        return redirect("core:job", pk=batch.job.pk)
    if batch.state == BatchState.UPLOADED and _may_import(membership, batch):
        return redirect("observations:import_mapping", collaboration, pk)
    problems = with_messages(_errors_first(BatchFolder(pk).problems()))
    page = Paginator(problems.rows(named=True), PROBLEMS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        **_frame(membership),
        "batch": batch,
        "step": STEPS.get(BatchState(batch.state), 3),
        "page_obj": page,
        "n_problems": problems.height,
        "notes": [str(Note(code, params)) for code, params in batch.findings.get("notes", [])],
        "may_import": _may_import(membership, batch),
        "can_map_again": BatchFolder(pk).upload is not None,
        "exercise": batch.source.is_exercise,
    }
    return render(request, "observations/import.html", context)


@require_http_methods(["GET", "POST"])
def import_mapping(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Say what the columns mean, beside the first rows of the file."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.IMPORT)
    batch = access_batch(membership, pk, write=True)
    preview = BatchFolder(pk).preview()
    if batch.state not in (BatchState.UPLOADED, BatchState.CHECKED) or preview is None:
        messages.info(request, _("The file of this import is no longer here."))
        return redirect("observations:reports", collaboration)
    base = Mapping.from_dict(batch.mapping or preview["mapping"])
    form = MappingForm(request.POST or None, columns=preview["columns"], base=base)
    if request.method == "POST" and form.is_valid():
        try:
            actions.choose_mapping(batch, form.mapping(), actor=membership.user)
            return _go_on(batch, "observations.check", membership)
        except UserError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
    if batch.job and batch.job.state == JobState.FAILED and not form.is_bound:
        messages.error(request, batch.job.error_params.get("message", _("The check failed.")))
    context = {**_frame(membership), "batch": batch, "form": form, "preview": preview, "step": 2}
    return render(request, "observations/import_mapping.html", context, status=422 if form.errors else 200)


@require_POST
def import_sheet(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Read another sheet or layer of the file."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.IMPORT)
    batch = access_batch(membership, pk, write=True)
    try:
        actions.choose_sheet(batch, request.POST.get("sheet", "")[:120], actor=membership.user)
    except UserError as error:
        messages.error(request, error.message)
        return redirect("observations:import", collaboration, pk)
    return _go_on(batch, "observations.preview", membership)


@require_POST
def import_apply(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Store what was checked."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.IMPORT)
    batch = access_batch(membership, pk, write=True)
    if batch.state != BatchState.CHECKED or batch.n_refused:
        messages.error(request, _("This import cannot be stored as it is."))
        return redirect("observations:import", collaboration, pk)
    return _go_on(batch, "observations.apply", membership)


@require_POST
def import_cancel(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Leave the import; its file is deleted."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.IMPORT)
    batch = access_batch(membership, pk, write=True)
    if actions.cancel_batch(batch, actor=membership.user):
        messages.success(request, _("The import was cancelled and its file deleted. Nothing was stored."))
    else:
        messages.info(request, _("The import had already ended, or is being stored."))
    return redirect("observations:reports", collaboration)


@require_GET
def import_problems(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Every problem as a file."""
    membership = access_collaboration(request.user, collaboration)
    batch = access_batch(membership, pk)
    content = problems_csv(BatchFolder(batch.pk).problems())
    return HttpResponse(
        content,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="import-{batch.pk}.csv"'},
    )


def _errors_first(problems: pl.DataFrame) -> pl.DataFrame:
    """Errors before warnings, each in the order of the file."""
    return problems.sort("severity", maintain_order=True)


def _may_import(membership: Membership, batch: ImportBatch) -> bool:
    return may(membership, Capability.IMPORT) and may_write(membership, batch)


def _frame(membership: Membership) -> dict[str, Any]:
    return {"membership": membership, "section": "observations"}
