"""The goals of Klara, loaded from its files into the test's database: parties, figures and scenes, no incidents."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from lagesbild.accounts.models import Collaboration, Membership
from lagesbild.worlds import load_goals, load_observations, load_scenes
from lagesbild.worlds.actions import load_parties
from lagesbild.worlds.description import read_world, worlds_folder


def load_klara() -> Membership:
    """A membership that sees everything (the coordinator's)."""
    world = read_world(worlds_folder() / "klara")
    collaboration, organisations = load_parties(world)
    owner = organisations[world.collaboration.owner]
    load_observations.load_figures(world, collaboration, owner, organisations)
    load_scenes.load(world, collaboration, owner)
    load_goals.load(world, collaboration, owner, organisations)
    return anna_of(collaboration)


def anna_of(collaboration: Collaboration) -> Membership:
    """Anna, who coordinates Klara."""
    members = Membership.objects.select_related("user", "collaboration", "function__organisation")
    return members.get(collaboration=collaboration, user__email="anna@klara.example")


@contextmanager
def loaded(blocker: Any, *parts: Callable[[Membership], None]) -> Iterator[Membership]:
    """Klara's goals for a whole module of tests that only read, in a transaction that is rolled back at its end."""
    with blocker.unblock(), transaction.atomic():
        anna = load_klara()
        for part in parts:
            part(anna)
        yield anna
        transaction.set_rollback(True)
