"""Loading the example worlds, every part through the ordinary action of its subject. Loading again changes nothing."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse
from django.utils.translation import gettext as _

from lagesbild.accounts import actions as accounts
from lagesbild.accounts.models import Collaboration, Organisation, Role
from lagesbild.worlds import (
    load_actions,
    load_actors,
    load_calendar,
    load_cooperation_matters,
    load_fieldreports,
    load_forums,
    load_goals,
    load_observations,
    load_places,
    load_reports,
    load_scenes,
)
from lagesbild.worlds.description import WORLD_SLUGS, World, read_world, worlds_folder

Progress = Callable[[int, int, str], None]
"""(done, total, stage)."""

DEMO_PASSWORD = "lagesbild-demo"  # noqa: S105 - known to everybody; `lagesbild demo` says so
PARTS_PER_WORLD = 100


def load_all(progress: Progress | None = None) -> tuple[str, ...]:
    """Load every example world. What had to be skipped is returned, in words.

    Can be repeated without harm: what is there is left as it is, but the people of the worlds get their roles back.
    """
    tell = progress or _silent
    skipped: list[str] = []
    for number, slug in enumerate(WORLD_SLUGS):
        world = read_world(worlds_folder() / slug)
        skipped += load_world(world, progress=_within(tell, number, world.collaboration.name))
    tell(len(WORLD_SLUGS) * PARTS_PER_WORLD, len(WORLD_SLUGS) * PARTS_PER_WORLD, _("Example worlds are in place"))
    return tuple(skipped)


def load_world(world: World, *, progress: Progress | None = None) -> tuple[str, ...]:
    """Load one world: parties and people, areas and places, categories and sources, incidents and series."""
    tell = progress or _silent
    tell(0, PARTS_PER_WORLD, _("organisations and people"))
    collaboration, organisations = load_parties(world)
    owner = organisations[world.collaboration.owner]
    tell(5, PARTS_PER_WORLD, _("areas and places"))
    skipped = load_places.load(world, collaboration, owner)
    tell(33, PARTS_PER_WORLD, _("forums"))
    forums = load_forums.load(world, collaboration)
    load_calendar.load(world, collaboration, forums)
    load_actors.load(world, collaboration)
    tell(35, PARTS_PER_WORLD, _("categories and figures"))
    load_observations.load_figures(world, collaboration, owner, organisations)
    load_fieldreports.load(world, collaboration, organisations)
    load_cooperation_matters.load(world, collaboration, organisations, forums)
    load_actions.load(world, collaboration, forums)
    load_scenes.load(world, collaboration, owner)
    load_goals.load(world, collaboration, owner, organisations)
    load_reports.load(world, owner)
    tell(45, PARTS_PER_WORLD, _("incidents"))

    reached = 45

    def tell_import(done: int, total: int, _stage: str) -> None:
        nonlocal reached  # checking and storing each count from the beginning
        reached = max(reached, 45 + 55 * done // max(total, 1))
        tell(reached, PARTS_PER_WORLD, _("incidents"))

    load_observations.load_incidents(world, collaboration, progress=tell_import)
    return tuple(skipped)


def load_parties(world: World) -> tuple[Collaboration, dict[str, Organisation]]:
    """The collaboration, its organisations by slug, their functions, and the people who may sign in."""
    text = world.collaboration
    collaboration = accounts.ensure_collaboration(
        text.slug,
        name=text.name,
        description=text.description,
        working_crs=text.working_crs,
        time_zone=text.time_zone,
        actor=None,
    )
    organisations = {}
    functions = {}
    for party in world.organisations:
        organisation = accounts.ensure_organisation(collaboration, party.slug, name=party.name, actor=None)
        organisations[party.slug] = organisation
        for each in party.functions:
            functions[party.slug, each.name] = accounts.ensure_function(
                organisation,
                each.name,
                operational=each.operational,
                strategic=each.strategic,
                steering=each.steering,
                actor=None,
            )
    for person in world.users:
        user = accounts.ensure_user(person.email, name=person.name, password=DEMO_PASSWORD, actor=None)
        accounts.set_membership(user, functions[person.organisation, person.function], role=person.role, actor=None)
    return collaboration, organisations


def demo_sign_ins() -> str:
    """Who can sign in to the example worlds, ready to print."""
    lines = [_("Sign in with the password {password} as").format(password=DEMO_PASSWORD)]
    for slug in WORLD_SLUGS:
        world = read_world(worlds_folder() / slug)
        lines += ["", f"{world.collaboration.name} ({reverse('picture:picture', kwargs={'collaboration': slug})})"]
        for person in world.users:
            lines.append(f"  {person.email:30} {Role(person.role).label:16} {person.function}")
    return "\n".join(lines)


def _silent(_done: int, _total: int, _stage: str) -> None:
    """Nobody listens."""


def _within(tell: Progress, number: int, name: str) -> Progress:
    def inner(done: int, total: int, stage: str) -> None:
        share = PARTS_PER_WORLD * done // max(total, 1)
        tell(number * PARTS_PER_WORLD + share, len(WORLD_SLUGS) * PARTS_PER_WORLD, f"{name}: {stage}")

    return inner
