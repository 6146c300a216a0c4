"""Pages that show: the register of scenes and one scene."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from lagesbild.accounts.access import Capability, access_collaboration, may, may_write
from lagesbild.accounts.models import Membership
from lagesbild.core import clock
from lagesbild.places.drawing import join_features
from lagesbild.scenes import evidence, queries
from lagesbild.scenes.access import access_scene
from lagesbild.scenes.forms import DissentForm, EndForm, FocusForm, LinkForm
from lagesbild.scenes.forms.register import TEMPLATE, SceneForm
from lagesbild.scenes.indicators import INDICATORS, count_text, result_text
from lagesbild.scenes.models import Assessment, Scene

INVALID = 422


@require_safe
def scenes(request: HttpRequest, collaboration: str) -> HttpResponse:
    """The register on the map and as a table, and the mapping rounds with what became of each scene."""
    membership = access_collaboration(request.user, collaboration)
    ended = request.GET.get("ended") == "1"
    rounds = queries.rounds_of(membership)
    steps = queries.round_steps(membership, rounds)
    layer = {"id": "scenes", "src": reverse("scenes:scenes_geojson", args=[collaboration])}
    context = {
        "tab": "scenes",
        "rows": queries.scene_rows(membership, ended=ended),
        "ended": ended,
        "rounds": [(each, steps.get(each.pk, [])) for each in rounds],
        "may_edit": may(membership, Capability.EDIT_PLACES),
        "map": {"label": _("Open drug scenes"), "layers": [layer], "fit": "scenes"},
    }
    return page(request, membership, "scenes/scenes.html", context)


@require_safe
@gzip_page
def scenes_geojson(request: HttpRequest, collaboration: str) -> HttpResponse:
    """The present ground of the scenes, for the map."""
    membership = access_collaboration(request.user, collaboration)
    response = HttpResponse(queries.scenes_geojson(membership), content_type="application/geo+json")
    response["Cache-Control"] = "private, no-cache"
    return response


@require_safe
def scene(request: HttpRequest, collaboration: str, pk: int) -> HttpResponse:
    """One scene: its table by year, its assessments with what they rest on, its ground and lineage."""
    membership = access_collaboration(request.user, collaboration)
    return show_scene(request, membership, access_scene(membership, pk))


def show_scene(
    request: HttpRequest, membership: Membership, found: Scene, *, status: int = 200, **forms: Any
) -> HttpResponse:
    """The page of a scene; a form that could not be stored is shown again."""
    assessments = queries.assessments_of(found)
    focus = queries.focus_by_year(found)
    outlines = queries.outlines_of(found)
    rounds = queries.rounds_of(membership)
    before, after = queries.links_of(found)
    writes = may(membership, Capability.EDIT_PLACES) and may_write(membership, found)
    this_year = clock.today(membership.collaboration.time_zone).year
    context = {
        "tab": "scenes",
        "scene": found,
        "template": [(SceneForm.Meta.labels[name], getattr(found, name)) for name in TEMPLATE],
        "table": queries.by_year(assessments, focus),
        "assessments": _shown(membership, assessments),
        "focus": sorted(focus.items(), reverse=True),
        "outlines": outlines,
        "before": before,
        "after": after,
        "editable": writes,
        "may_assess": may(membership, Capability.COOPERATE),
        "may_dissent": may(membership, Capability.COMMENT),
        "focus_form": FocusForm(initial={"year": this_year}),
        "dissent_form": DissentForm(auto_id=False),
        "end_form": EndForm(auto_id="id_end_%s"),
        "link_form": LinkForm(rounds=rounds, scenes=_others(membership, found), auto_id="id_link_%s"),
        "map": _map(found, outlines),
        **forms,
    }
    return page(request, membership, "scenes/scene.html", context, status=status)


def _shown(membership: Membership, assessments: list[Assessment]) -> list[tuple[Assessment, str, str, list[Any]]]:
    """Each assessment with its count, its grade, and (indicator, answer, evidence) in order."""
    seen = evidence.seen_by(membership, assessments)
    return [
        (
            each,
            count_text(queries.result_of(each)),
            result_text(queries.result_of(each)),
            [
                (indicator, answer, seen.get(answer.pk, []))
                for indicator, answer in zip(INDICATORS, each.answers.all(), strict=True)
            ],
        )
        for each in assessments
    ]


def _others(membership: Membership, found: Scene) -> list[Scene]:
    return list(queries.scenes_of(membership).exclude(pk=found.pk))


def _map(found: Scene, outlines: list[Any]) -> dict[str, Any] | None:
    if not outlines:
        return None
    drawn = join_features([outlines[0].drawing], [{"id": found.pk, "name": found.name, "title": found.name}])
    layer = {"id": "scene", "data": json.loads(drawn), "selectable": False}
    return {"label": found.name, "layers": [layer], "fit": "scene"}


def page(
    request: HttpRequest, membership: Membership, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of this section."""
    return render(request, template, {"membership": membership, "section": "places", **context}, status=status)
