"""The exercise matters of Klara: every state, on the path of the report, and loaded once."""

from __future__ import annotations

from pathlib import Path

import pytest

from lagesbild.cooperation.models import Action, Feedback, Matter, MatterState, Step, StepKind
from lagesbild.core.models import AuditEvent
from lagesbild.notices.models import Notice
from lagesbild.worlds import load_cooperation_matters, load_forums, load_places
from lagesbild.worlds.actions import load_parties
from lagesbild.worlds.description import read_world, worlds_folder

pytestmark = pytest.mark.django_db


def test_klara_has_exercise_matters_in_every_state_and_loading_again_changes_nothing(data_dir: Path) -> None:
    world = read_world(worlds_folder() / "klara")
    klara, organisations = load_parties(world)
    load_places.load(world, klara, organisations[world.collaboration.owner])
    forums = load_forums.load(world, klara)
    load_cooperation_matters.load(world, klara, organisations, forums)
    tables = (Matter, Step, Feedback, Action, Notice, AuditEvent)
    before = [sorted(table.objects.values_list(), key=repr) for table in tables]

    matters = Matter.objects.filter(collaboration=klara)
    assert matters.count() == 12
    assert not matters.filter(is_exercise=False).exists()
    assert set(matters.values_list("state", flat=True)) == set(MatterState)
    assert {matter.holder.slug for matter in matters} >= {
        "klara-samverkansutsattning",
        "platssamverkan-klara",
        "styrgrupp",
    }
    assert list(matters.order_by("number")) == list(matters.order_by("raised_at"))
    assert Step.objects.filter(kind=StepKind.LIFTED).count() >= 5

    load_cooperation_matters.load(world, klara, organisations, forums)
    assert [sorted(table.objects.values_list(), key=repr) for table in tables] == before
