"""What a report says before it is stored, who says it, and where that is. Reads places, writes nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import NamedTuple

import numpy as np
import shapely
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Collaboration, Function, Membership, Organisation, SharingLevel, User
from lagesbild.core import clock
from lagesbild.core.errors import UserError
from lagesbild.core.geo import WGS_84, project
from lagesbild.fieldreports.models import Certainty, Precision
from lagesbild.places.assignment import fold
from lagesbild.places.models import Place
from lagesbild.places.queries import from_wkb
from lagesbild.places.reading.crs import inside_region, parse_crs

EXACT_M, STREET_M = 50.0, 250.0
"""How far off a point or how wide a place may be and still stand for the spot, or for its street."""


@dataclass(frozen=True)
class Author:
    """Who writes or reviews: a function, and the person if there is one. ``when`` is now, unless it was earlier."""

    function: Function
    user: User | None = None
    when: datetime | None = None

    @classmethod
    def of(cls, membership: Membership) -> Author:
        return cls(membership.function, membership.user)

    def at(self, when: datetime) -> Author:
        """The same, at an earlier moment: for reports that are loaded afterwards."""
        return replace(self, when=when)

    def moment(self) -> datetime:
        return self.when or clock.now()


@dataclass(frozen=True)
class ReportText:
    """What was sent. Times without a value mean now; ``lon``, ``lat`` with ``accuracy_m`` as the device tells it."""

    category: str
    certainty: str = Certainty.SEEN
    act: str = ""
    visibility: str = ""
    occurred_from: datetime | None = None
    occurred_to: datetime | None = None
    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = None
    place_text: str = ""
    note: str = ""
    sharing: str = SharingLevel.PARTNERS

    def digest(self, photo_sha256: str = "") -> str:
        """The same for the same report sent again."""
        plain = json.dumps([asdict(self), photo_sha256], sort_keys=True, default=str, ensure_ascii=False)
        return hashlib.sha256(plain.encode()).hexdigest()


class Spot(NamedTuple):
    """Where a report is, in working coordinates."""

    x: float | None
    y: float | None
    precision: str
    place: Place | None


def locate(owner: Organisation, text: ReportText, *, membership: Membership | None = None) -> Spot:
    """From point and words to a spot: a point wins; a name that is a place's stands for that place. One query.

    The place is only named if all who will see the report may see the place. Raises `UserError` if neither point nor
    words are given, or the point lies outside the country.
    """
    if text.lon is None and not text.place_text:
        raise UserError(
            "fieldreports.no_place", _("Say where: your position, a point on the map, or a place."), "place_text"
        )
    places = _places(owner.collaboration, membership)
    shared = [place for place in places if _as_widely_shared(place, owner, text.sharing)]
    named = named_place(places, text.place_text)
    if text.lon is not None and text.lat is not None:
        x, y = _projected(text.lon, text.lat, owner.collaboration.working_crs)
        return Spot(x, y, _precision(text.accuracy_m or 0.0), named if named in shared else place_at(shared, x, y))
    if named is None:
        return Spot(None, None, Precision.NONE, None)
    ground = shapely.from_wkb(bytes(named.geometry))
    reach_m = float(np.sqrt(ground.area / np.pi))
    return Spot(named.x, named.y, _precision(reach_m), named if named in shared else None)


def _as_widely_shared(place: Place, owner: Organisation, sharing: str) -> bool:
    """Whether everybody who sees a record of this owner and sharing sees the place too."""
    if place.sharing in (SharingLevel.PARTNERS, SharingLevel.PUBLIC):
        return True
    return place.owner_id == owner.pk and place.sharing == sharing


def named_place(places: Iterable[Place], text: str) -> Place | None:
    """The one place that is called so, or also called so, whatever the case; None if there are several."""
    wanted = fold(text)
    found = [place for place in places if wanted and wanted in {fold(name) for name in (place.name, *place.aliases)}]
    return found[0] if len(found) == 1 else None


def place_at(places: Iterable[Place], x: float, y: float) -> Place | None:
    """The smallest place that a point lies in."""
    rows = list(places)
    if not rows:
        return None
    grounds = from_wkb([place.geometry for place in rows])
    inside = np.flatnonzero(np.atleast_1d(shapely.intersects_xy(grounds, x, y)))
    areas = shapely.area(grounds)
    return rows[min(inside, key=lambda row: (areas[row], rows[row].pk))] if inside.size else None


def _places(collaboration: Collaboration, membership: Membership | None) -> list[Place]:
    places = Place.objects.filter(collaboration=collaboration, retired_on=None)
    return list(places.filter(visible_to(membership)) if membership else places)


def _projected(lon: float, lat: float, crs: int) -> tuple[float, float]:
    x, y = project([lon], [lat], from_crs=WGS_84, to_crs=crs)
    if not (
        np.isfinite(x).all() and np.isfinite(y).all() and inside_region(x, y, parse_crs(crs), working_crs=crs).all()
    ):
        raise UserError(
            "fieldreports.point_outside",
            _("The point lies far outside the area of the collaboration. Set it again."),
            "point",
        )
    return round(float(x[0]), 1), round(float(y[0]), 1)


def _precision(off_m: float) -> str:
    return Precision.EXACT if off_m <= EXACT_M else Precision.STREET if off_m <= STREET_M else Precision.AREA
