"""What zones offer to the situational picture: those not ended on a day, as ground to compare hot spots with."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.utils.translation import override

from lagesbild.accounts.models import Membership
from lagesbild.actors.models import Zone, ZoneKind
from lagesbild.picture.access import seen_by_all
from lagesbild.picture.offers import ZoneRow


def zones(membership: Membership, on: date, sharing: str) -> tuple[ZoneRow, ...]:
    """By kind and name. One query."""
    found = Zone.objects.filter(seen_by_all(membership, sharing), Q(valid_to=None) | Q(valid_to__gt=on)).order_by(
        "kind", "name", "pk"
    )
    rows = found.values_list("pk", "name", "kind", "valid_from", "geometry")
    return tuple(
        ZoneRow(
            id=pk,
            name=name,
            kind=_label(kind, "sv"),
            kind_en=_label(kind, "en"),
            valid_from=valid_from,
            wkb=bytes(geometry).hex(),
        )
        for pk, name, kind, valid_from, geometry in rows
    )


def _label(kind: str, language: str) -> str:
    with override(language):
        return str(ZoneKind(kind).label)
