"""Yes or no of a goal, made from the assessments of an open drug scene."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lagesbild.core.errors import UserError
from lagesbild.goals import actions, queries
from lagesbild.goals.models import Indicator, Measurement, Missing
from lagesbild.scenes import actions as scenes
from lagesbild.scenes.models import Scene
from tests.cast import Cast
from tests.goals.permissions import a_goal

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return scenes.ensure_scene(cast.municipality, "Torget", actor=None)


def assess(cast: Cast, scene: Scene, year: int, answer: str, number: int = 2) -> Any:
    said = {number: scenes.AnswerText(answer, source="Kartläggningen")}
    return scenes.assess(scene, year, said, organisation=cast.municipality, actor=None)


def form_data(cast: Cast, scene: Scene) -> dict[str, Any]:
    return {
        "goal": a_goal(cast).pk,
        "question": "Platsen uppfattas som otrygg",
        "measure": "Indikator 2",
        "unit": "yes_no",
        "decimals": 0,
        "source_kind": "assessment",
        "target_kind": "yes_no",
        "target_direction": "down",
        "target_value": "0",
        "computed": "assessment",
        "scene": scene.pk,
        "number": "2",
        "first_year": 2016,
        "last_year": 2020,
        "version": 1,
    }


@pytest.fixture
def indicator(cast: Cast, scene: Scene, client: Client) -> Indicator:
    """2016 nobody assessed, 2017 yes, 2018 partly, 2019 no; 2020 is still to come."""
    for year, answer in ((2015, "yes"), (2017, "no"), (2017, "yes"), (2018, "partly"), (2019, "no")):
        assess(cast, scene, year, answer)
    client.force_login(cast.anna.user)
    assert client.post(reverse("goals:indicator_new", args=["ekby"]), form_data(cast, scene)).status_code == 302
    return Indicator.objects.get()


def test_each_year_says_what_the_newest_assessment_said(indicator: Indicator) -> None:
    assert [(each.label, each.value, each.missing) for each in indicator.measurements.all()] == [
        ("2016", None, Missing.NOT_MEASURED),
        ("2017", 1.0, ""),
        ("2018", 0.5, ""),
        ("2019", 0.0, ""),
        ("2020", None, Missing.NOT_YET),
    ]


@pytest.mark.parametrize(("year", "verdict"), [(2017, "not met"), (2018, "not met"), (2019, "met")])
def test_partly_is_neither_yes_nor_no(indicator: Indicator, year: int, verdict: str) -> None:
    assert queries.judge(indicator, year).verdict == verdict
    assert queries.value_text(indicator, 0.5) not in (
        queries.value_text(indicator, 0),
        queries.value_text(indicator, 1),
    )


def test_the_figure_leads_to_the_answer_on_the_page_of_the_scene(
    cast: Cast, indicator: Indicator, scene: Scene, client: Client
) -> None:
    origin = Measurement.objects.get(label="2018").origin
    page = client.get(reverse("goals:indicator", args=["ekby", indicator.code])).content.decode()
    address = reverse("scenes:scene", args=["ekby", scene.pk])
    assert f"{address}#answer-{origin['answer']}" in page
    assert f'id="answer-{origin["answer"]}"' in client.get(address).content.decode()


def test_an_unknown_answer_is_not_measured_and_dissent_is_told(cast: Cast, indicator: Indicator, scene: Scene) -> None:
    newer = assess(cast, scene, 2019, "unknown")
    answer = newer.answers.get(indicator=2)
    scenes.record_dissent(answer, says="yes", reason="Vi ser det varje kväll", organisation=cast.police, actor=None)
    assert actions.refresh_indicator(indicator, actor=None) == 1
    found = indicator.measurements.get(label="2019")
    assert (found.value, found.missing, found.origin["assessment"]) == (None, Missing.NOT_MEASURED, newer.pk)
    assert "1" in found.footnote


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"scene": ""}, "scene"),
        ({"number": ""}, "number"),
        ({"number": "8"}, "number"),
        ({"last_year": 2015}, "last_year"),
    ],
)
def test_half_a_definition_is_refused(
    cast: Cast, scene: Scene, client: Client, changes: dict[str, Any], field: str
) -> None:
    client.force_login(cast.anna.user)
    response = client.post(reverse("goals:indicator_new", args=["ekby"]), form_data(cast, scene) | changes)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not Indicator.objects.exists()


def test_a_scene_that_the_owner_may_not_see_makes_no_figure(cast: Cast, indicator: Indicator, scene: Scene) -> None:
    Scene.objects.filter(pk=scene.pk).update(owner=cast.police, sharing="own")
    before = list(indicator.measurements.values())
    with pytest.raises(UserError) as caught:
        actions.refresh_indicator(indicator, actor=None)
    assert caught.value.code == "indicator.scene"
    assert list(indicator.measurements.values()) == before
