"""What zones answer: who may act at a point, and what lies outside all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from django.db.models import Prefetch, Q, QuerySet
from shapely.geometry.base import BaseGeometry

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Collaboration, Membership
from lagesbild.actors.models import Zone, ZoneActor, ZoneKind
from lagesbild.core import clock
from lagesbild.places.models import Place
from lagesbild.places.queries import from_wkb

SLIVER = 0.01
"""A share outside smaller than this is the width of a drawn line, not a gap."""


def valid_on(on: date) -> Q:
    """Zones that hold on a date (half-open periods)."""
    return Q(valid_from__lte=on) & (Q(valid_to=None) | Q(valid_to__gt=on))


def zones_of(membership: Membership) -> QuerySet[Zone]:
    """The zones a member may see, past and coming ones too, with who may act there; without geometry. Two queries."""
    actors = ZoneActor.objects.select_related("organisation", "function__organisation")
    zones = Zone.objects.filter(visible_to(membership)).select_related("owner").defer("geometry")
    return zones.prefetch_related(Prefetch("actors", actors))


def zones_at(membership: Membership, x: float, y: float, *, on: date | None = None) -> list[Zone]:
    """The zones that hold at a point on a date (today), smallest first: who may act there. Two queries."""
    day = on or clock.today(membership.collaboration.time_zone)
    near = zones_of(membership).filter(valid_on(day), min_x__lte=x, max_x__gte=x, min_y__lte=y, max_y__gte=y)
    found = list(near.defer(None).order_by("area_m2"))
    if not found:
        return []
    inside = np.atleast_1d(shapely.intersects_xy(from_wkb([zone.geometry for zone in found]), x, y))
    return [zone for zone, holds in zip(found, inside, strict=True) if holds]


@dataclass(frozen=True)
class Uncovered:
    """A shape that reaches outside all zones: its number in what was asked, and the share of it (or 1 for a point)."""

    number: int
    share_outside: float


def zones_not_covering(
    collaboration: Collaboration,
    shapes: Sequence[BaseGeometry],
    *,
    kinds: Sequence[str] = (ZoneKind.LOV3,),
    on: date | None = None,
) -> list[Uncovered]:
    """Which hot spots, plans or points (working coordinates) lie wholly or partly outside the zones. One query.

    A collaboration without any such zone has nothing to lie outside: the answer is empty.
    """
    day = on or clock.today(collaboration.time_zone)
    zones = Zone.objects.filter(valid_on(day), collaboration=collaboration, kind__in=kinds)
    stored = list(zones.values_list("geometry", flat=True))
    if not stored or not shapes:
        return []
    ground = shapely.union_all(from_wkb(stored))
    shares = [_share_outside(shape, ground) for shape in shapes]
    return [Uncovered(number, share) for number, share in enumerate(shares) if share > SLIVER]


def places_outside(membership: Membership) -> list[tuple[Place, float]]:
    """The places in use that lie wholly or partly outside all LOV 3 § areas, and how much of each. Two queries."""
    places = list(Place.objects.filter(visible_to(membership), retired_on=None).only("name", "geometry"))
    shapes = list(from_wkb([place.geometry for place in places]))
    found = zones_not_covering(membership.collaboration, shapes)
    return [(places[each.number], each.share_outside) for each in found]


def _share_outside(shape: BaseGeometry, ground: BaseGeometry) -> float:
    if shape.area == 0:
        return 0.0 if ground.intersects(shape) else 1.0
    return float(shape.difference(ground).area / shape.area)
