"""The import of areas in two pages: the file; then how to read it, what was found, and the acceptance of repairs."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lagesbild.accounts.access import Capability, access_collaboration
from lagesbild.accounts.models import Membership
from lagesbild.core.errors import UserError
from lagesbild.places import actions, lists, queries, uploads
from lagesbild.places.access import access_area_set
from lagesbild.places.area_import import AreaFile, PlannedAreas, plan_areas
from lagesbild.places.drawing import join_features
from lagesbild.places.forms import AreaReadingForm, AreaUploadForm
from lagesbild.places.guessing import guess_fields
from lagesbild.places.reading import FileProblemsError, Layer, read_layer

INVALID = 422
SAMPLE_ROWS = 8
REMARKS_SHOWN = 500


@require_http_methods(["GET", "HEAD", "POST"])
def areas_import(request: HttpRequest, collaboration: str) -> HttpResponse:
    """The first page: the file and the set."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.EDIT_PLACES)
    form = AreaUploadForm(request.POST, request.FILES) if request.method == "POST" else AreaUploadForm()
    if form.is_valid():
        try:
            return redirect("places:areas_import_check", collaboration, _receive(membership, form))
        except UserError as error:
            form.add_error(error.field if error.field in form.fields else "file", error.message)
    context = {"form": form, "sets": lists.area_sets(membership)}
    return _page(request, membership, "places/areas_import.html", context, invalid=bool(form.errors))


@require_http_methods(["GET", "HEAD", "POST"])
def areas_import_check(request: HttpRequest, collaboration: str, token: str) -> HttpResponse:
    """The second page: fields are chosen; the file is checked; what is sound, or accepted, is stored."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.EDIT_PLACES)
    path, about = _kept(membership, token)
    source, form = _reading(request, membership, path, about)
    context: dict[str, Any] = {"form": form, "about": about, "sample": _sample(source), "token": token}
    if form.is_valid():
        file = _file(path, form)
        try:
            planned = plan_areas(membership.collaboration, file, slug=about["slug"])
        except FileProblemsError as error:
            context["problems"] = error.problems[:REMARKS_SHOWN]
            context["n_problems"] = len(error.problems)
        except UserError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            if request.POST.get("do") == "store" and (not planned.repairs or request.POST.get("accept_repairs")):
                return _store(request, membership, planned, file, about, token)
            context |= _preview(planned, missing=request.POST.get("do") == "store")
    invalid = bool(form.errors) or "problems" in context or context.get("not_accepted", False)
    return _page(request, membership, "places/areas_import_check.html", context, invalid=invalid)


def _receive(membership: Membership, form: AreaUploadForm) -> str:
    values = form.cleaned_data
    existing = next((row.version.area_set for row in lists.area_sets(membership) if _named(row, values["name"])), None)
    if existing is not None:
        access_area_set(membership, existing.slug, write=True)
    about = {
        "user": membership.user_id,
        "collaboration": membership.collaboration_id,
        "file_name": values["file"].name[:200],
        "slug": existing.slug if existing else _slug(values["name"]),
        "name": values["name"],
        "new": existing is None,
        "source": values["source"],
        "valid_from": values["valid_from"].isoformat() if values["valid_from"] else "",
    }
    token = uploads.keep(values["file"], about)
    try:
        read_layer(uploads.path_of(token), layer=None)
    except UserError as error:
        if error.code != "places.choose_layer":
            uploads.drop(token)
            raise
    return token


def _slug(name: str) -> str:
    slug = slugify(name)[:60] or "areas"
    return "areas-import" if slug == "import" else slug  # that address is this page's


def _named(row: lists.SetRow, name: str) -> bool:
    return row.version.area_set.name.casefold() == name.casefold() or row.version.area_set.slug == slugify(name)


def _kept(membership: Membership, token: str) -> tuple[Path, dict[str, Any]]:
    """The upload, for the one who made it; 404 for everybody else."""
    found = uploads.kept(token)
    if found is None or (found[1]["user"], found[1]["collaboration"]) != (
        membership.user_id,
        membership.collaboration_id,
    ):
        raise Http404
    return found


def _reading(
    request: HttpRequest, membership: Membership, path: Path, about: dict[str, Any]
) -> tuple[Layer, AreaReadingForm]:
    layers = _layers(path)
    chosen = request.POST.get("layer") or (layers[0] if layers else None)
    source = read_layer(path, layer=chosen if chosen in layers else None)
    parents = [
        (row.version.area_set.slug, row.version.area_set.name)
        for row in lists.area_sets(membership)
        if row.version.area_set.slug != about["slug"]
    ]
    current = queries.current_version(membership.collaboration, about["slug"])
    initial = {**guess_fields(source), **(current.reading if current is not None else {})}
    form = AreaReadingForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        fields=list(source.fields),
        layers=layers,
        parents=parents,
    )
    return source, form


def _layers(path: Path) -> list[str]:
    """The layers of the file, in its order; none for kinds of file that have only one."""
    try:
        return list(read_layer(path).layers)
    except UserError as error:
        if error.code == "places.choose_layer":
            return list(error.params["names"])
        raise


def _file(path: Path, form: AreaReadingForm) -> AreaFile:
    values = form.cleaned_data
    return AreaFile(
        path,
        code_field=values["code_field"],
        name_field=values["name_field"],
        parent_set=values.get("parent_set") or None,
        parent_field=values.get("parent_field") or None,
        crs=values["crs"] or None,
        layer=values.get("layer") or None,
    )


def _sample(source: Layer) -> dict[str, Any]:
    rows = range(min(SAMPLE_ROWS, len(source)))
    return {"fields": list(source.fields), "rows": [[v[row] for v in source.fields.values()] for row in rows]}


def _preview(planned: PlannedAreas, *, missing: bool) -> dict[str, Any]:
    read = planned.read
    features = join_features(
        planned.shapes, [{"title": name, "code": code} for name, code in zip(read.names, read.codes, strict=True)]
    )
    layer = {"id": "areas", "kind": "fill", "data": json.loads(features), "colour": "--accent", "legend": False}
    return {
        "planned": planned,
        "crs": read.crs,
        "repairs": planned.repairs[:REMARKS_SHOWN],
        "not_accepted": missing,
        "map": {"label": _("The areas of the file"), "layers": [layer], "fit": "areas"},
    }


def _store(
    request: HttpRequest,
    membership: Membership,
    planned: PlannedAreas,
    file: AreaFile,
    about: dict[str, Any],
    token: str,
) -> HttpResponse:
    version = actions.store_areas(
        membership.collaboration,
        membership.organisation,
        planned,
        file=file,
        slug=about["slug"],
        name=about["name"],
        source=about["source"],
        valid_from=date.fromisoformat(about["valid_from"]) if about["valid_from"] else None,
        actor=membership.user,
    )
    uploads.drop(token)
    messages.success(request, _("{count} areas are stored.").format(count=len(planned.read)))
    return redirect("places:area_set", membership.collaboration.slug, version.area_set.slug)


def _page(
    request: HttpRequest, membership: Membership, template: str, context: dict[str, Any], *, invalid: bool
) -> HttpResponse:
    shared = {"membership": membership, "section": "places"}
    return render(request, template, {**shared, **context}, status=INVALID if invalid else 200)
