"""Pages that change the register: a scene, its ground, a round, what a scene became."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lagesbild.accounts.access import Capability, access_collaboration
from lagesbild.accounts.models import Membership
from lagesbild.core.conflicts import EditConflict, differences, with_version
from lagesbild.core.errors import UserError
from lagesbild.scenes import actions, queries
from lagesbild.scenes.access import access_mapping_round, access_scene
from lagesbild.scenes.forms import EndForm, GroundForm, LinkForm, RoundForm, SceneForm
from lagesbild.scenes.models import Scene
from lagesbild.scenes.views.pages import INVALID, page, show_scene


@require_http_methods(["GET", "HEAD", "POST"])
def scene_new(request: HttpRequest, collaboration: str) -> HttpResponse:
    """Write down a scene and draw it in a mapping round."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.EDIT_PLACES)
    form = SceneForm(request.POST or None, membership=membership)
    where = _ground_form(request, membership)
    if request.method == "POST" and form.is_valid() & where.is_valid() and where.ground is not None:
        try:
            made = actions.create_scene(
                membership, _written(form), where.ground, mapped_in=where.round, drawn=where.cleaned_data["drawn"]
            )
        except UserError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, _("The scene is stored."))
            return redirect("scenes:scene", collaboration, made.pk)
    return _editor(request, membership, _("New scene"), form=form, where=where)


@require_http_methods(["GET", "HEAD", "POST"])
def scene_edit(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Change what is written of a scene; if somebody was first, both texts are shown."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.EDIT_PLACES)
    found = access_scene(membership, pk, write=True)
    form = SceneForm(request.POST or None, instance=found, membership=membership)
    conflict: EditConflict | None = None
    if request.method == "POST" and form.is_valid():
        stored = access_scene(membership, pk, write=True)
        try:
            actions.change_scene(membership, stored, form.cleaned_data.get("version") or 0, _written(form))
        except EditConflict as error:
            conflict = error
        except UserError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, _("The scene is stored."))
            return redirect("scenes:scene", collaboration, pk)
    return _editor(request, membership, _("Change the scene"), form=form, scene=found, conflict=conflict)


@require_http_methods(["GET", "HEAD", "POST"])
def scene_outline(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Draw the ground of a scene in a mapping round."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.EDIT_PLACES)
    found = access_scene(membership, pk, write=True)
    where = _ground_form(request, membership, found)
    if request.method == "POST" and where.is_valid() and where.ground is not None:
        drawn = where.cleaned_data["drawn"]
        actions.outline_scene(found, where.round, where.ground, source=drawn, actor=membership.user)
        messages.success(request, _("The outline is stored."))
        return redirect("scenes:scene", collaboration, pk)
    return _editor(request, membership, _("Draw the scene"), where=where, scene=found)


@require_http_methods(["GET", "HEAD", "POST"])
def round_new(request: HttpRequest, collaboration: str) -> HttpResponse:
    """Begin a mapping round."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.EDIT_PLACES)
    form = RoundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        n_scenes = values.pop("n_scenes")
        counts = [] if n_scenes is None else [(n_scenes, values["source"])]
        actions.ensure_round(membership.organisation, actor=membership.user, counts=counts, **values)
        return redirect("scenes:scenes", collaboration)
    return _editor(request, membership, _("New mapping round"), form=form)


@require_POST
def scene_link(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Say what a scene became, or what it came from."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.EDIT_PLACES)
    found = access_scene(membership, pk, write=True)
    others = list(queries.scenes_of(membership).exclude(pk=pk))
    form = LinkForm(request.POST, rounds=queries.rounds_of(membership), scenes=others, auto_id="id_link_%s")
    if form.is_valid():
        values = form.cleaned_data
        other = access_scene(membership, values["other"])
        pair = (found, other) if values["direction"] == "became" else (other, found)
        mapped_in = access_mapping_round(membership, values["mapped_in"])
        try:
            actions.link_scenes(mapped_in, *pair, actor=membership.user, note=values["note"])
        except UserError as error:
            form.add_error("other", error.message)
        else:
            return redirect("scenes:scene", collaboration, pk)
    return show_scene(request, membership, found, link_form=form, form=form, status=INVALID)


@require_POST
def scene_end(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """Say that a scene is no more."""
    membership = access_collaboration(request.user, collaboration, needs=Capability.EDIT_PLACES)
    found = access_scene(membership, pk, write=True)
    form = EndForm(request.POST, auto_id="id_end_%s")
    if form.is_valid():
        values = form.cleaned_data
        actions.end_scene(found, on=values["ended_on"], why=values["ended_why"], actor=membership.user)
        return redirect("scenes:scene", collaboration, pk)
    return show_scene(request, membership, found, end_form=form, form=form, status=INVALID)


def _written(form: SceneForm) -> dict[str, Any]:
    return {name: value for name, value in form.cleaned_data.items() if name != "version"}


def _ground_form(request: HttpRequest, membership: Membership, scene: Scene | None = None) -> GroundForm:
    crs = membership.collaboration.working_crs
    outlines = queries.outlines_of(scene) if scene is not None else []
    initial: dict[str, Any] = {}
    if outlines:
        feature = {"type": "Feature", "properties": {}, "geometry": json.loads(outlines[0].drawing)}
        initial = {"geometry": json.dumps(feature)}
    rounds = queries.rounds_of(membership)
    return GroundForm(request.POST or None, initial=initial, rounds=rounds, working_crs=crs)


def _editor(
    request: HttpRequest,
    membership: Membership,
    title: str,
    *,
    form: Any = None,
    where: GroundForm | None = None,
    scene: Scene | None = None,
    conflict: EditConflict | None = None,
) -> HttpResponse:
    slug = membership.collaboration.slug
    layer = {"id": "others", "kind": "line", "src": reverse("scenes:scenes_geojson", args=[slug]), "selectable": False}
    context: dict[str, Any] = {
        "title": title,
        "fields": form,
        "where": where,
        "scene": scene,
        "back": reverse("scenes:scene", args=[slug, scene.pk]) if scene else reverse("scenes:scenes", args=[slug]),
        "map": {"label": title, "layers": [layer | {"legend": False}]},
    }
    if conflict is not None:
        current: Any = conflict.current
        labels = {name: field.label for name, field in form.fields.items() if name != "version"}
        context["differences"] = differences(current, form.cleaned_data, labels)
        form.data = with_version(form.data, current.version)
    wrong = any(each is not None and each.errors for each in (form, where))
    return page(
        request, membership, "scenes/scene_form.html", context, status=409 if conflict else INVALID if wrong else 200
    )
