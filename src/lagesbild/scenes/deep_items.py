"""What stands on the time axis of a deep dive, and the lanes; later subjects add lanes of their own with `register`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy
from shapely.geometry.base import BaseGeometry

from lagesbild.accounts.models import Membership
from lagesbild.core import clock
from lagesbild.places.models import Place
from lagesbild.places.queries import place_geometry

MOST_PER_LANE = 200
LANES: dict[str, str | Lazy] = {
    "reports": gettext_lazy("Field reports"),
    "matters": gettext_lazy("Matters"),
    "actions": gettext_lazy("Actions"),
    "agreements": gettext_lazy("Agreements"),
    "promises": gettext_lazy("Citizen promises"),
    "events": gettext_lazy("Known events"),
    "zones": gettext_lazy("Zones"),
    "assessments": gettext_lazy("Assessments"),
    "figures": gettext_lazy("Surveys and figures"),
    "facts": gettext_lazy("Facts"),
}


@dataclass(frozen=True)
class Item:
    """One thing on the axis; ``to_on`` is None for a moment, and today's date for what goes on."""

    lane: str
    from_on: date
    to_on: date | None
    title: str
    text: str = ""
    path: str = ""
    goes_on: bool = False
    is_late: bool = False
    is_exercise: bool = False

    @property
    def lane_name(self) -> str:
        """The lane in words."""
        return str(lanes()[self.lane])


@dataclass(frozen=True)
class Asked:
    """Who looks at which place, when."""

    membership: Membership
    place: Place

    @cached_property
    def ground(self) -> BaseGeometry:
        """The ground of the place."""
        return place_geometry(self.place)

    @cached_property
    def today(self) -> date:
        """The local day."""
        return clock.today(self.membership.collaboration.time_zone)

    @property
    def slug(self) -> str:
        """The collaboration, as it stands in addresses."""
        return self.membership.collaboration.slug

    def day(self, at: datetime) -> date:
        """The local day of an instant."""
        return at.astimezone(ZoneInfo(self.membership.collaboration.time_zone)).date()


Teller = Callable[[Asked], Sequence[Item]]
_more: dict[str, tuple[str | Lazy, Teller]] = {}


def register(lane: str, *, title: str | Lazy, teller: Teller) -> None:
    """Let a later subject tell what it holds of a place: in few queries, and only what the member may see."""
    _more[lane] = (title, teller)


def lanes() -> dict[str, str | Lazy]:
    """Every lane with its title, in the order in which they are drawn."""
    return {**LANES, **{lane: title for lane, (title, _teller) in _more.items()}}


def told_by_others(asked: Asked) -> list[Item]:
    """What the registered subjects say."""
    return [item for _title, teller in _more.values() for item in teller(asked)]
