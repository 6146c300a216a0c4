"""The index of a scene: from stored figures, with what is missing said, beside the judgement."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lagesbild.core.errors import UserError
from lagesbild.observations.models import Series, SeriesTable, SeriesValue
from lagesbild.scenes import actions, figures, index_values
from lagesbild.scenes.models import IndexRecipe, Scene
from tests.cast import Cast
from tests.fieldreports.builders import categories
from tests.scenes.permissions import a_scene, an_assessment

pytestmark = pytest.mark.django_db


def figure(cast: Cast, key: str, value: float | None, *, unit: str = "procent", sharing: str = "partners") -> str:
    """A series of 2024 with one figure; what a recipe calls it."""
    table, _made = SeriesTable.objects.get_or_create(
        collaboration=cast.ekby,
        slug=f"enkat-{sharing}",
        defaults={"owner": cast.municipality, "title": "Enkät", "source": "Kommunen", "sharing": sharing},
    )
    series = Series.objects.create(table=table, key=key, title=key.title(), unit=unit)
    SeriesValue.objects.create(series=series, period_from=date(2024, 1, 1), period_to=date(2025, 1, 1), value=value)
    return figures.series_name(series)


def recipe(cast: Cast, scene: Scene, *parts: tuple[str, float, float, float]) -> IndexRecipe:
    said = [{"series": s, "weight": w, "zero_at": z, "hundred_at": h} for s, w, z, h in parts]
    return actions.record_recipe(cast.municipality, scene, 2, said, actor=None, note="Enades om")


def second(cast: Cast, scene: Scene, year: int = 2024) -> index_values.IndicatorIndex:
    return index_values.of_scene(cast.anna, scene, year).rows[1]


def test_the_index_is_made_of_the_figures_of_its_year(cast: Cast) -> None:
    scene = a_scene(cast)
    recipe(
        cast,
        scene,
        (figure(cast, "otrygga", 20.0), 2.0, 0.0, 50.0),
        (figure(cast, "brott", 300.0, unit="antal"), 1.0, 200.0, 400.0),
    )
    found = second(cast, scene).result
    assert found is not None
    assert found.value == pytest.approx(130 / 3)
    assert found.taken_as_exact == ("Otrygga",)  # a count has its own interval, a share without answers none
    missing = second(cast, scene, 2023).result
    assert missing is not None
    assert (missing.value, missing.if_missing) == (None, (0.0, 100.0))


def test_a_figure_that_one_may_not_see_is_missing(cast: Cast) -> None:
    scene = a_scene(cast)
    recipe(cast, scene, (figure(cast, "otrygga", 20.0, sharing="own"), 1.0, 0.0, 50.0))
    hidden = index_values.of_scene(cast.bo, scene, 2024).rows[1].result
    assert hidden is not None
    assert hidden.value is None


def test_a_new_recipe_holds_and_the_old_one_stays(cast: Cast) -> None:
    scene = a_scene(cast)
    name = figure(cast, "otrygga", 20.0)
    recipe(cast, scene, (name, 1.0, 0.0, 50.0))
    recipe(cast, scene, (name, 1.0, 0.0, 40.0))
    found = second(cast, scene).result
    assert found is not None
    assert found.value == 50.0
    assert IndexRecipe.objects.count() == 2
    with pytest.raises(UserError):
        recipe(cast, scene, (name, 0.0, 0.0, 40.0))


def test_index_and_judgement_stand_side_by_side_and_neither_changes_the_other(cast: Cast, client: Client) -> None:
    scene = a_scene(cast)
    recipe(cast, scene, (figure(cast, "otrygga", 5.0), 1.0, 0.0, 50.0))
    an_assessment(cast, scene, 2024, *["yes"] * 7)
    found = second(cast, scene)
    assert found.answer is not None
    assert found.result is not None
    assert (found.answer.answer, found.result.value) == ("yes", 10.0)
    client.force_login(cast.dag.user)
    text = client.get(reverse("scenes:scene_index", args=["ekby", scene.pk])).content.decode()
    assert "<strong>10</strong>" in text
    assert "answer--yes" in text
    assert "Enades om" in text


def test_agreement_counts_the_scenes_that_have_both(cast: Cast, client: Client) -> None:
    for number, (value, answer) in enumerate(
        [(5.0, "no"), (20.0, "partly"), (30.0, "yes"), (45.0, "yes"), (1.0, "unknown")]
    ):
        scene = a_scene(cast, f"Plats {number}")
        recipe(cast, scene, (figure(cast, f"otrygga-{number}", value), 1.0, 0.0, 50.0))
        an_assessment(cast, scene, 2024, "no", answer)
    found = index_values.agreements(cast.anna)[1].agreement
    assert (found.n, found.is_few) == (4, True)
    assert found.rho == pytest.approx(0.9486832980505138)  # ranks 1 2 3 4 against 1 2 3.5 3.5
    client.force_login(cast.anna.user)
    assert client.get(reverse("scenes:agreement", args=["ekby"])).status_code == 200


def test_agreement_names_every_scene_with_its_judgement_and_index(cast: Cast, client: Client) -> None:
    scene = a_scene(cast)
    recipe(cast, scene, (figure(cast, "otrygga", 5.0), 1.0, 0.0, 50.0))
    an_assessment(cast, scene, 2024, "no", "partly")
    client.force_login(cast.anna.user)
    text = client.get(reverse("scenes:agreement", args=["ekby"])).content.decode()
    assert "Torget 2024</a>: Delvis, 10" in text


def test_a_recipe_is_written_in_a_form_and_half_a_figure_is_refused(cast: Cast, client: Client) -> None:
    scene = a_scene(cast)
    client.force_login(cast.anna.user)
    path = reverse("scenes:recipe_new", args=["ekby", scene.pk])
    data: dict[str, Any] = {"indicator": 2, "note": "Enkäten", "figure_1": figure(cast, "otrygga", 20.0)}
    assert client.post(path, data | {"weight_1": "1", "zero_at_1": "0"}).status_code == 422
    assert client.post(path, {"indicator": 2, "note": "Tomt"}).status_code == 422
    assert client.post(path, data | {"weight_1": "1", "zero_at_1": "0", "hundred_at_1": "0"}).status_code == 422
    assert client.post(path, data | {"weight_1": "1", "zero_at_1": "0", "hundred_at_1": "50"}).status_code == 302
    assert IndexRecipe.objects.get().parts[0]["hundred_at"] == 50.0


def test_a_recipe_can_be_tried_and_nothing_is_stored(cast: Cast, client: Client) -> None:
    scene = a_scene(cast)
    client.force_login(cast.anna.user)
    path = reverse("scenes:recipe_new", args=["ekby", scene.pk])
    scale = {"weight_1": "1", "zero_at_1": "0", "hundred_at_1": "50", "try": "1"}
    response = client.post(path, {"indicator": 2, "note": "Prov", "figure_1": figure(cast, "otrygga", 20.0), **scale})
    assert response.status_code == 200
    assert [(each.year, each.result.value) for each in response.context["tried"]] == [(2024, 40.0)]
    assert not IndexRecipe.objects.exists()


def test_what_is_counted_is_written_in_the_form_and_comes_back_when_it_is_changed(cast: Cast, client: Client) -> None:
    scene = a_scene(cast)
    categories(cast)
    client.force_login(cast.anna.user)
    path = reverse("scenes:recipe_new", args=["ekby", scene.pk])
    data: dict[str, Any] = {
        "indicator": 7,
        "note": "Rapporter",
        "figure_1": "reports",
        "category_1": ["order", "drugs"],
        "around_1": "100",
        "measure_1": "number",
        "address_1": "https://example.org/c/ekby/reports/incidents/?hour=18-4&from=2020-01-01&place=7",
        "weight_1": "1",
        "zero_at_1": "0",
        "hundred_at_1": "2,5",
    }
    assert client.post(path, data | {"measure_1": "areas:1"}).status_code == 422
    assert client.post(path, data).status_code == 302
    [part] = IndexRecipe.objects.get().parts
    assert part == {
        "kind": "reports",
        "query": "category=drugs&category=order&hour=0,1,2,3,4,18,19,20,21,22,23",
        "around_m": 100,
        "area": "",
        "weight": 1.0,
        "zero_at": 0.0,
        "hundred_at": 2.5,
    }
    form = client.get(f"{path}?indicator=7").context["form"]
    assert form["figure_1"].value() == "reports"
    assert form["category_1"].value() == ["drugs", "order"]
    assert client.get(f"{path}?indicator=2").context["form"]["figure_1"].value() is None
