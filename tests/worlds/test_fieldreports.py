"""The exercise reports of Klara: marked as such, in order, about places, and loaded once."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path

import pytest

from lagesbild.core.models import AuditEvent
from lagesbild.fieldreports import queries
from lagesbild.fieldreports.individuals import points_out_a_person
from lagesbild.fieldreports.models import FieldReport, ReportEvent
from lagesbild.notices.models import Notice
from lagesbild.observations.filters import EventFilter
from lagesbild.worlds import load_fieldreports, load_observations, load_places
from lagesbild.worlds.actions import load_parties
from lagesbild.worlds.description import read_world, worlds_folder

pytestmark = pytest.mark.django_db
WORLD = worlds_folder() / "klara"


def test_klara_has_exercise_reports_in_every_state_and_loading_again_changes_nothing(data_dir: Path) -> None:
    world = read_world(WORLD)
    klara, organisations = load_parties(world)
    owner = organisations[world.collaboration.owner]
    load_places.load(world, klara, owner)
    load_observations.load_figures(world, klara, owner, organisations)
    load_fieldreports.load(world, klara, organisations)
    tables = (FieldReport, ReportEvent, Notice, AuditEvent)
    before = [sorted(table.objects.values_list(), key=repr) for table in tables]

    reports = FieldReport.objects.filter(collaboration=klara)
    assert 24 <= reports.count() <= 60
    assert not reports.filter(is_exercise=False).exists()
    assert set(reports.values_list("status", flat=True)) == {"new", "reviewed", "joined", "answered"}
    assert set(reports.values_list("certainty", flat=True)) == {"seen", "suspected", "heard"}
    assert not reports.filter(x=None).exists()
    assert Counter(reports.values_list("place__name", flat=True)).most_common(1)[0][0] == "Vasagatan 24"
    assert all(step.at <= step.report.reported_at.replace(year=2020) for step in ReportEvent.objects.all())
    assert queries.event_frame(klara, EventFilter()).collect().height == reports.filter(lead=None).count()

    load_fieldreports.load(world, klara, organisations)
    assert [sorted(table.objects.values_list(), key=repr) for table in tables] == before


@pytest.mark.one_database
def test_no_exercise_report_is_about_a_person() -> None:
    raw = tomllib.loads((WORLD / "fieldreports.toml").read_text(encoding="utf-8"))
    assert not [each for each in raw["reports"] if points_out_a_person(each["note"], each["place"])]
    assert [each["number"] for each in raw["reports"]] == list(range(1, len(raw["reports"]) + 1))
