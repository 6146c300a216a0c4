"""Three forums of Ekby, one above the other, and people who sit on few or many levels."""

from __future__ import annotations

from dataclasses import dataclass

from lagesbild.accounts import actions as accounts
from lagesbild.accounts.models import Function, Membership, Organisation, Role
from lagesbild.cooperation.actions.raising import MatterText, raise_matter
from lagesbild.cooperation.models import Forum, ForumLevel, ForumMember, Matter
from tests.cast import PASSWORD, Cast

EAST, NORTH = 674_000.0, 6_580_000.0


@dataclass(frozen=True)
class World:
    """The cast with forums. Greta coordinates for the roads office, which sits only in the strategic forum."""

    cast: Cast
    roads: Organisation
    greta: Membership
    hanna: Membership  # coordinates for the housing company, operational
    evening: Forum  # operational, the police convene
    monthly: Forum  # strategic, the municipality convenes
    steering: Forum

    @property
    def people(self) -> list[Membership]:
        cast = self.cast
        return [cast.anna, cast.bo, cast.dag, cast.eva, cast.ada, self.greta, self.hanna]


def make_world(cast: Cast) -> World:
    """Everything, stored. The roads office is no member of the operational forum."""
    roads = accounts.ensure_organisation(cast.ekby, "gatukontoret", name="Gatukontoret", actor=None)
    greta = _member(roads, "greta", "Belysningsansvarig", strategic=True)
    hanna = _member(cast.housing, "hanna", "Trygghetsansvarig", operational=True)
    steering = _forum(cast, "styrgrupp", ForumLevel.STEERING, cast.ada.function)
    monthly = _forum(cast, "platssamverkan", ForumLevel.STRATEGIC, cast.anna.function, lifts_to=steering)
    evening = _forum(cast, "utsattning", ForumLevel.OPERATIONAL, cast.eva.function, lifts_to=monthly, is_entry=True)
    for forum, members in (
        (evening, (cast.municipality, cast.housing)),
        (monthly, (cast.police, roads)),
        (steering, (cast.police,)),
    ):
        for organisation in members:
            ForumMember.objects.create(forum=forum, organisation=organisation)
    return World(cast, roads, greta, hanna, evening, monthly, steering)


def a_matter(world: World, by: Membership | None = None, **text: object) -> Matter:
    """Bo raises a lamp by the bridge, unless told otherwise."""
    said = {"object_kind": "lamp", "location": "under bron", "x": EAST, "y": NORTH, **text}
    return raise_matter(by or world.cast.bo, MatterText(**said))  # type: ignore[arg-type]


def _member(organisation: Organisation, name: str, function: str, **levels: bool) -> Membership:
    sits = accounts.ensure_function(organisation, function, actor=None, **levels)
    user = accounts.ensure_user(f"{name}@example.org", name=name.title(), password=PASSWORD, actor=None)
    return accounts.set_membership(user, sits, role=Role.COORDINATOR, actor=None)


def _forum(cast: Cast, slug: str, level: ForumLevel, convenor: Function, **more: object) -> Forum:
    return Forum.objects.create(
        collaboration=cast.ekby,
        owner=convenor.organisation,
        slug=slug,
        name=slug.title(),
        level=level,
        convenor=convenor,
        **more,
    )
