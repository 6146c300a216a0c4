"""Zones and who may act in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import shapely
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Function, Membership, Organisation, User
from lagesbild.actors.models import Zone, ZoneActor
from lagesbild.core import audit
from lagesbild.core.conflicts import bump, unless_taken
from lagesbild.core.errors import UserError
from lagesbild.places.drawing import shape_texts
from lagesbild.places.ground import Ground

ZoneActors = Iterable[tuple[Organisation, Function | None, str]]
"""Organisation, one of its functions or None for all of it, and what powers."""


@transaction.atomic
def ensure_zone(owner: Organisation, ground: Ground, *, actor: User | None, actors: ZoneActors, **fields: Any) -> Zone:
    """The zone of this name and first day, made if it does not exist."""
    named = {name: fields.pop(name) for name in ("name", "valid_from")}
    crs = owner.collaboration.working_crs
    zone, made = Zone.objects.get_or_create(
        collaboration_id=owner.collaboration_id,
        **named,
        defaults={"owner": owner, **fields, **ground_fields(ground, crs=crs)},
    )
    if made:
        _set_actors(zone, actors)
        audit.record("zones.created", zone, actor=actor, collaboration=owner.collaboration.slug)
    return zone


@transaction.atomic
def create_zone(membership: Membership, ground: Ground, *, actors: ZoneActors, **fields: Any) -> Zone:
    """A new zone, kept by the member's organisation."""
    crs = membership.collaboration.working_crs
    zone = Zone(
        collaboration=membership.collaboration,
        owner=membership.organisation,
        **fields,
        **ground_fields(ground, crs=crs),
    )
    with unless_taken(_taken()):
        zone.save()
    _set_actors(zone, actors)
    audit.record("zones.created", zone, actor=membership.user, collaboration=membership.collaboration.slug)
    return zone


@transaction.atomic
def change_zone(
    membership: Membership, zone: Zone, seen: int, ground: Ground, *, actors: ZoneActors, **fields: Any
) -> Zone:
    """The zone as it is now drawn and described. `EditConflict` if somebody else was first."""
    drawn = ground_fields(ground, crs=membership.collaboration.working_crs)
    with unless_taken(_taken()):
        bump(zone, seen, **fields, **drawn)
    powers = {(each.organisation_id, each.function_id): each.powers for each in zone.actors.all()}
    zone.actors.all().delete()
    _set_actors(zone, actors, known=powers)
    audit.record("zones.changed", zone, actor=membership.user, collaboration=membership.collaboration.slug)
    return zone


def ground_fields(ground: Ground, *, crs: int) -> dict[str, Any]:
    """The ground as it is stored: boundary, drawing for the map, extent and size."""
    west, south, east, north = ground.geometry.bounds
    return {
        "geometry": shapely.to_wkb(ground.geometry),
        "drawing": shape_texts(np.array([ground.geometry], dtype=object), crs=crs)[0],
        **{"min_x": west, "min_y": south, "max_x": east, "max_y": north},
        "area_m2": float(ground.geometry.area),
    }


def _set_actors(zone: Zone, actors: ZoneActors, *, known: Mapping[tuple[int, int | None], str] | None = None) -> None:
    """``known``: the powers that were said before, which stay where nothing else is said."""
    ZoneActor.objects.bulk_create(
        ZoneActor(
            zone=zone,
            organisation=organisation,
            function=function,
            powers=powers or (known or {}).get((organisation.pk, function.pk if function else None), ""),
        )
        for organisation, function, powers in actors
    )


def _taken() -> UserError:
    return UserError("zones.name_taken", _("There is already a zone of this name from the same day."), "name")
