"""The computed rules of the watch list point at what is planted, say why with numbers, and name their source."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from lagesbild.observations.store import IncidentStore
from lagesbild.places import actions as places
from lagesbild.places.actions.places import PlaceText
from lagesbild.places.ground import circle
from lagesbild.scenes import actions, watch
from lagesbild.scenes import watch_computed as computing
from lagesbild.scenes.models import Scene
from tests.cast import Cast
from tests.observations.frames import frame, incident
from tests.observations.world import category, source
from tests.picture.world import STATION, planted
from tests.scenes.permissions import a_round

pytestmark = pytest.mark.django_db


def found(cast: Cast, rule: watch.Rule) -> list[watch.Finding]:
    with translation.override("en"):
        return [each for each in computing.computed(cast.anna).findings if each.rule == rule]


def a_scene_at(cast: Cast, x: float, y: float, name: str) -> Scene:
    """A scene of sixty metres, tied to a place of the same ground."""
    ground = circle(x, y, 60.0, crs=3006, working_crs=3006)
    place = places.create_place(cast.anna, PlaceText(name, "Ekby"), ground)
    scene = actions.ensure_scene(cast.municipality, name, place=place, actor=None)
    actions.outline_scene(scene, a_round(cast), ground, source="Ritad", actor=None)
    return scene


def test_a_new_hot_spot_points_with_its_count_and_p_and_source(cast: Cast) -> None:
    planted(cast)
    a_scene_at(cast, *STATION, "Stationen")
    [finding] = found(cast, watch.Rule.HOT_SPOT)
    assert finding.name == "Stationen"
    assert finding.why == "Incidents of all kinds: 34 from 2024-09-16 to 2025-05-31; adjusted p 0.002."
    assert finding.source == "Anmalningar"


def test_the_selections_that_recipes_count_are_looked_at_too(cast: Cast, client: Client) -> None:
    planted(cast)
    scene = a_scene_at(cast, *STATION, "Stationen")
    part = {"kind": "incidents", "query": "category=narcotics&hour=18-4", "weight": 1.0, "zero_at": 0.0}
    actions.record_recipe(cast.municipality, scene, 3, [{**part, "hundred_at": 9.0}], actor=None)
    assert computing.computed(cast.anna).selections == ("Narcotics",)
    whats = {finding.why.partition(":")[0] for finding in found(cast, watch.Rule.HOT_SPOT)}
    assert whats <= {"Incidents of all kinds", "Narcotics"}
    client.force_login(cast.anna.user)
    text = client.get(reverse("scenes:watch_computed", args=["ekby"])).content.decode()
    assert "Stationen" in text
    assert "Källa: Anmalningar" in text


def test_a_month_far_above_its_past_points_and_the_answer_is_kept_until_data_change(cast: Cast) -> None:
    police = source(cast.municipality, "polisen")
    category(cast.ekby, "damage", None, (police, "Skadegörelse"))
    place = places.create_place(
        cast.anna, PlaceText("Torget", "Ekby"), circle(674_000.0, 6_580_000.0, 50.0, crs=3006, working_crs=3006)
    )
    first = date(2022, 1, 1)
    days = [first + timedelta(days=3 * step) for step in range(365)]
    rows = [incident(f"c{number}", day.isoformat()) for number, day in enumerate(days)]
    rows += [incident(f"h{number}", "2024-12-15") for number in range(40)]
    rows += [incident("end", "2025-01-02")]
    IncidentStore("ekby").commit(frame(*rows), source=police.slug, batch_id=1)
    [finding] = found(cast, watch.Rule.ALARM)
    assert (finding.place, finding.key) == (place.pk, "alarm:2024-12")
    assert "in 2024-12" in finding.why
    assert found(cast, watch.Rule.ALARM) == [finding]
    more = [incident(f"n{number}", "2025-02-03") for number in range(3)]
    IncidentStore("ekby").commit(frame(*more), source=police.slug, batch_id=2)
    assert found(cast, watch.Rule.ALARM) == []  # the newest whole month is now January


def test_a_rising_index_points_at_the_place_of_its_scene_and_leads_to_the_year(cast: Cast) -> None:
    police = source(cast.municipality, "polisen", exercise=True)
    category(cast.ekby, "narcotics", None, (police, "Narkotika"))
    where: dict[str, Any] = {"x": 674_000.0, "y": 6_581_000.0, "source_type": "Narkotika"}
    rows = [incident(f"a{number}", f"2023-{1 + number % 12:02}-05", **where) for number in range(12)]
    rows += [incident(f"b{number}", f"2024-{1 + number % 12:02}-28", **where) for number in range(48)]
    IncidentStore("ekby").commit(frame(*rows), source=police.slug, batch_id=1)
    scene = a_scene_at(cast, 674_000.0, 6_581_000.0, "Torget")
    part = {"kind": "incidents", "query": "category=narcotics", "weight": 1.0, "zero_at": 0.0, "hundred_at": 60.0}
    actions.record_recipe(cast.municipality, scene, 7, [part], actor=None)
    [finding] = found(cast, watch.Rule.INDEX)
    assert finding.why == "Indicator 7: index 20 (10–35) in 2023, 80 (59–100) in 2024."
    assert finding.path.endswith(f"/scenes/{scene.pk}/index/?year=2024#index-7")
    assert finding.source == "Incidents: Narcotics, number a year on the ground"
    assert finding.is_exercise
    Scene.objects.filter(pk=scene.pk).update(ended_on=date(2025, 1, 1), ended_why="Borta")
    assert found(cast, watch.Rule.INDEX) == []
