"""The register: mapping rounds, scenes, their outlines, and what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import numpy as np
import shapely
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Membership, Organisation, User
from lagesbild.core import audit, clock, conflicts
from lagesbild.core.conflicts import unless_taken
from lagesbild.core.errors import UserError
from lagesbild.places.drawing import shape_texts
from lagesbild.places.ground import Ground
from lagesbild.places.models import Place
from lagesbild.scenes.models import MappingRound, RoundCount, Scene, SceneLink, SceneOutline


@transaction.atomic
def ensure_round(
    owner: Organisation,
    title: str,
    *,
    mapped_on: date,
    source: str,
    actor: User | None,
    note: str = "",
    counts: Iterable[tuple[int, str]] = (),
) -> MappingRound:
    """The mapping round with this title, made if it does not exist. ``counts`` are (scenes, who says so)."""
    made_of = {"owner": owner, "mapped_on": mapped_on, "source": source, "note": note}
    found, made = MappingRound.objects.get_or_create(
        collaboration_id=owner.collaboration_id, title=title, defaults=made_of
    )
    if made:
        RoundCount.objects.bulk_create(RoundCount(round=found, n_scenes=n, source=said) for n, said in counts)
        audit.record("scenes.round_recorded", found, actor=actor, collaboration=owner.collaboration.slug)
    return found


@transaction.atomic
def ensure_scene(
    owner: Organisation, name: str, *, actor: User | None, place: Place | None = None, **template: str
) -> Scene:
    """The scene of this name, made if it does not exist. ``template`` holds the fields of the Stockholm mapping."""
    scene, made = Scene.objects.get_or_create(
        collaboration_id=owner.collaboration_id, name=name, defaults={"owner": owner, "place": place, **template}
    )
    if made:
        audit.record("scenes.created", scene, actor=actor, collaboration=owner.collaboration.slug)
    return scene


@transaction.atomic
def create_scene(
    membership: Membership, written: Mapping[str, Any], ground: Ground, *, mapped_in: MappingRound, drawn: str
) -> Scene:
    """A new scene of one's own organisation, with its ground in one round. ``drawn`` says after what it was drawn.

    Raises:
        UserError: there is a scene of that name.
    """
    scene = Scene(collaboration=membership.collaboration, owner=membership.organisation, **written)
    with unless_taken(_taken(scene.name)):
        scene.save()
    audit.record("scenes.created", scene, actor=membership.user, collaboration=membership.collaboration.slug)
    outline_scene(scene, mapped_in, ground, source=drawn, actor=membership.user)
    return scene


@transaction.atomic
def change_scene(membership: Membership, scene: Scene, seen: int, written: Mapping[str, Any]) -> Scene:
    """Change what is written of a scene that has not changed since version ``seen``.

    Raises:
        EditConflict: somebody was first.
        UserError: there is another scene of that name.
    """
    others = Scene.objects.filter(collaboration=scene.collaboration_id, name=written["name"]).exclude(pk=scene.pk)
    if others.exists():
        raise _taken(written["name"])
    changed = conflicts.bump(scene, seen, **written)
    audit.record("scenes.changed", scene, actor=membership.user, collaboration=membership.collaboration.slug)
    return changed


@transaction.atomic
def outline_scene(
    scene: Scene, mapped_in: MappingRound, ground: Ground, *, source: str, actor: User | None
) -> SceneOutline:
    """The ground of a scene as one round has it. Drawn again in the same round, the later drawing holds."""
    collaboration = scene.collaboration
    outline, _made = SceneOutline.objects.update_or_create(
        scene=scene,
        round=mapped_in,
        defaults={
            "geometry": shapely.to_wkb(ground.geometry),
            "drawing": shape_texts(np.array([ground.geometry], dtype=object), crs=collaboration.working_crs)[0],
            "shape": ground.shape,
            "x": ground.x,
            "y": ground.y,
            "radius_m": ground.radius_m,
            "area_m2": float(ground.geometry.area),
            "source": source,
            "recorded_at": clock.now(),
        },
    )
    area = round(outline.area_m2)
    audit.record("scenes.outlined", scene, actor=actor, collaboration=collaboration.slug, area_m2=area)
    return outline


@transaction.atomic
def link_scenes(
    mapped_in: MappingRound, predecessor: Scene, successor: Scene, *, actor: User | None, note: str = ""
) -> SceneLink:
    """Say that ``predecessor`` became ``successor``, or a part of it, in this round.

    Raises:
        UserError: they are the same scene, or the successor came before the predecessor.
    """
    if predecessor.pk == successor.pk or _leads_to(successor, predecessor):
        raise UserError("scenes.link_circle", _("A scene cannot come before itself."), "successor")
    link, made = SceneLink.objects.get_or_create(
        round=mapped_in, predecessor=predecessor, successor=successor, defaults={"note": note}
    )
    if made:
        slug = predecessor.collaboration.slug
        audit.record("scenes.linked", predecessor, actor=actor, collaboration=slug, successor=successor.pk)
    return link


@transaction.atomic
def end_scene(scene: Scene, *, on: date, why: str, actor: User | None) -> None:
    """Say that a scene is no more. Its history stays."""
    if not why.strip():
        raise UserError("scenes.end_reason", _("Say how one knows that the scene is no more."), "ended_why")
    if Scene.objects.filter(pk=scene.pk, ended_on=None).update(ended_on=on, ended_why=why):
        audit.record("scenes.ended", scene, actor=actor, collaboration=scene.collaboration.slug, on=str(on))


def _leads_to(start: Scene, goal: Scene) -> bool:
    """Whether links lead from one scene forward to another."""
    known, found = {start.pk}, [start.pk]
    while found:
        rows = SceneLink.objects.filter(predecessor__in=found).values_list("successor", flat=True)
        found = [pk for pk in rows if pk not in known]
        known.update(found)
    return goal.pk in known


def _taken(name: str) -> UserError:
    return UserError("scenes.name_taken", _("There is already a scene called “{name}”."), "name", name=name)
