"""Places and their types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Collaboration, Membership, Organisation, SharingLevel, User
from lagesbild.core import audit
from lagesbild.core.conflicts import unless_taken
from lagesbild.core.errors import UserError
from lagesbild.core.privacy import find_personal_numbers
from lagesbild.core.text import PERSONAL_NUMBER_MESSAGE
from lagesbild.places.drawing import shape_texts
from lagesbild.places.ground import Ground
from lagesbild.places.models import Place, PlaceType


@dataclass(frozen=True)
class PlaceText:
    """What people say about a place, beside where it is. ``types`` are codes."""

    name: str
    municipality: str = ""
    aliases: Sequence[str] = ()
    types: Sequence[str] = ()
    description: str = ""
    source: str = ""
    sharing: str = SharingLevel.PARTNERS


@transaction.atomic
def ensure_place_type(
    collaboration: Collaboration, code: str, *, name: str, name_en: str = "", actor: User | None
) -> PlaceType:
    """The kind of place with this code, made if it does not exist."""
    kind, made = PlaceType.objects.get_or_create(
        collaboration=collaboration, code=code, defaults={"name": name, "name_en": name_en}
    )
    if made:
        audit.record("place_types.created", kind, actor=actor, collaboration=collaboration.slug)
    return kind


def ensure_place(
    collaboration: Collaboration, owner: Organisation, text: PlaceText, ground: Ground, *, actor: User | None
) -> Place:
    """The place of this name in this municipality, made if it does not exist; one that exists is left as it is."""
    existing = Place.objects.filter(collaboration=collaboration, municipality=text.municipality, name=text.name).first()
    return existing or _create(collaboration, owner, text, ground, actor=actor)


def create_place(membership: Membership, text: PlaceText, ground: Ground) -> Place:
    """A new place, owned by the member's organisation. `UserError` if its name is taken in its municipality."""
    return _create(membership.collaboration, membership.organisation, text, ground, actor=membership.user)


@transaction.atomic
def change_place(membership: Membership, place: Place, text: PlaceText, ground: Ground) -> Place:
    """The place as it is now described; the audit row says which fields changed. Nothing changed, nothing written."""
    wanted = _fields(text, ground, crs=membership.collaboration.working_crs)
    changed = [name for name, value in wanted.items() if not _same(getattr(place, name), value)]
    types = _types(place.collaboration_id, text.types)
    retyped = {kind.pk for kind in types} != {kind.pk for kind in place.types.all()}
    if not changed and not retyped:
        return place
    for name in changed:
        setattr(place, name, wanted[name])
    _save(place, changed)
    place.types.set(types)
    audit.record(
        "places.changed",
        place,
        actor=membership.user,
        collaboration=membership.collaboration.slug,
        fields=sorted([*changed, "types"] if retyped else changed),
    )
    return place


@transaction.atomic
def retire_place(membership: Membership, place: Place, *, on: date) -> None:
    """Take a place out of use from a date. It stays with what has been written about it."""
    if Place.objects.filter(pk=place.pk, retired_on=None).update(retired_on=on):
        audit.record(
            "places.retired", place, actor=membership.user, collaboration=membership.collaboration.slug, on=str(on)
        )


@transaction.atomic
def return_place(membership: Membership, place: Place) -> None:
    """Take a retired place into use again."""
    if Place.objects.filter(pk=place.pk, retired_on__isnull=False).update(retired_on=None):
        audit.record("places.returned", place, actor=membership.user, collaboration=membership.collaboration.slug)


@transaction.atomic
def _create(
    collaboration: Collaboration, owner: Organisation, text: PlaceText, ground: Ground, *, actor: User | None
) -> Place:
    place = Place(collaboration=collaboration, owner=owner, **_fields(text, ground, crs=collaboration.working_crs))
    _save(place)
    place.types.set(_types(collaboration.pk, text.types))
    audit.record("places.created", place, actor=actor, collaboration=collaboration.slug)
    return place


def _fields(text: PlaceText, ground: Ground, *, crs: int) -> dict[str, Any]:
    if any(find_personal_numbers(words) for words in (text.name, text.municipality, text.source, *text.aliases)):
        raise UserError("places.personal_number", PERSONAL_NUMBER_MESSAGE, "name")
    return {
        "name": text.name,
        "municipality": text.municipality,
        "aliases": list(text.aliases),
        "description": text.description,
        "source": text.source,
        "sharing": text.sharing,
        "shape": ground.shape,
        "geometry": shapely.to_wkb(ground.geometry),
        "drawing": shape_texts(np.array([ground.geometry], dtype=object), crs=crs)[0],
        "x": ground.x,
        "y": ground.y,
        "radius_m": ground.radius_m,
    }


def _same(stored: object, wanted: object) -> bool:
    return bytes(stored) == wanted if isinstance(stored, memoryview) else stored == wanted


def _save(place: Place, fields: list[str] | None = None) -> None:
    taken = UserError(
        "places.name_taken",
        _("There is already a place “{name}” in this municipality. Give this one another name."),
        "name",
        name=place.name,
    )
    with unless_taken(taken):
        place.save(update_fields=fields)


def _types(collaboration_id: int, codes: Sequence[str]) -> list[PlaceType]:
    found = {kind.code: kind for kind in PlaceType.objects.filter(collaboration=collaboration_id, code__in=codes)}
    unknown = [code for code in codes if code not in found]
    if unknown:
        raise UserError(
            "places.unknown_type", _("There is no type of place “{types}”."), "types", types=", ".join(unknown)
        )
    return list(found.values())
