"""The eight measures in the built environment that Vision Klara's report names, as done actions."""

from __future__ import annotations

from pathlib import Path

import pytest

from lagesbild.cooperation.models import Action, ActionChange
from lagesbild.worlds import load_actions, load_forums, load_places
from lagesbild.worlds.actions import load_parties
from lagesbild.worlds.description import read_world, worlds_folder

pytestmark = pytest.mark.django_db

# Vision Klara – Rapport 1 (2019), Situationell prevention, Stadsmiljö: "bland annat"
PRINTED = [
    "Belysning under bron, Vasagatan 24",
    "Belysning i trappan mellan Vasagatan 24 och Klarabergsgatan",
    "Återmontering av linspänn, Nils Ferlins torg",
    "Tillfällig belysning över balkongen vid glashuset T-centralen södra",
    "Borttagande av eluttag",
    "Borttagande av askkopp vid Besamdörrar",
    "Borttagande av sandningslåda",
    "Borttagande av tillfälliga träd i säckar",
]


def test_klara_has_the_eight_printed_measures_as_done_and_loading_again_changes_nothing(data_dir: Path) -> None:
    world = read_world(worlds_folder() / "klara")
    klara, organisations = load_parties(world)
    load_places.load(world, klara, organisations[world.collaboration.owner])
    forums = load_forums.load(world, klara)
    load_actions.load(world, klara, forums)
    actions = list(Action.objects.filter(collaboration=klara).order_by("number"))

    assert [action.title for action in actions] == PRINTED
    assert {(action.state, action.forum.slug, action.source) for action in actions} == {
        ("done", "platssamverkan-klara", "V, Situationell prevention, Stadsmiljö")
    }
    assert {action.responsible.slug for action in actions} == {"trafikkontoret", "trafikforvaltningen", "hufvudstaden"}
    assert all("antagande för övningen" in action.description for action in actions)
    assert [action.place.name for action in actions if action.place] == [
        "Vasagatan 24", "Vasagatan 24", "T-centralen, Sergels torg",
    ]  # fmt: skip

    before = (Action.objects.count(), ActionChange.objects.count())
    load_actions.load(world, klara, forums)
    assert (Action.objects.count(), ActionChange.objects.count()) == before
