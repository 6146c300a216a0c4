"""The pages of scenes: what is shown, what is refused, what is never lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lagesbild.places.ground import circle
from lagesbild.scenes import actions
from lagesbild.scenes.models import Assessment, Dissent, Evidence, Focus, Scene, SceneOutline
from tests.cast import Cast
from tests.scenes.permissions import a_round, a_scene, an_assessment

pytestmark = pytest.mark.django_db
CORNERS = "6581000, 674000\n6581000, 674100\n6581100, 674100\n6581100, 674000"


def path(name: str, *args: object) -> str:
    return reverse(f"scenes:{name}", args=["ekby", *args])


def page(client: Client, name: str, *args: object) -> str:
    response = client.get(path(name, *args))
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def anna(cast: Cast, client: Client) -> Client:
    client.force_login(cast.anna.user)
    return client


def test_a_scene_is_drawn_by_coordinates_and_its_area_is_told(cast: Cast, anna: Client) -> None:
    mapped_in = a_round(cast)
    data = {
        "name": "Stationen",
        "sharing": "partners",
        "mapped_in": mapped_in.pk,
        "shape": "polygon",
        "system": 3006,
        "coordinates": CORNERS,
        "drawn": "För hand",
    }
    response = anna.post(path("scene_new"), data)
    assert response.status_code == 302
    outline = SceneOutline.objects.get(scene__name="Stationen")
    assert outline.area_m2 == pytest.approx(10_000.0, abs=0.5)
    again = anna.post(path("scene_new"), data)
    assert again.status_code == 422
    assert Scene.objects.count() == 1


def test_a_scene_without_ground_is_refused(cast: Cast, anna: Client) -> None:
    data = {"name": "Utan", "sharing": "partners", "mapped_in": a_round(cast).pk, "shape": "polygon", "drawn": "Nej"}
    assert anna.post(path("scene_new"), data).status_code == 422
    assert not Scene.objects.exists()


def test_an_assessment_with_evidence_is_stored_and_shown_by_year(cast: Cast, anna: Client) -> None:
    scene = a_scene(cast)
    data: dict[str, Any] = {"year": 2025, "assessed_on": "2025-11-03", "summary": "Som väntat"}
    for number in range(1, 8):
        data |= {f"answer_{number}": "yes" if number < 6 else "unknown"}
    data |= {
        "function_5": "Skolkurator",
        "interview_5": "Vi avråder",
        "incidents_3": "/c/ekby/reports/incidents/?hour=20-23",
    }
    assert anna.post(path("assess", scene.pk), data).status_code == 302
    text = page(anna, "scene", scene.pk)
    assert "5–7" in text
    assert "Skolkurator" in text
    assert "reports/incidents/?hour=20" in text
    assert Evidence.objects.count() == 2


def test_wrong_evidence_stores_nothing(cast: Cast, anna: Client) -> None:
    scene = a_scene(cast)
    good: dict[str, Any] = {"year": 2025} | {f"answer_{number}": "yes" for number in range(1, 8)}
    for wrong in (
        {"reports_1": "tolv"},
        {"reports_1": "999"},
        {"incidents_1": "https://example.org/"},
        {"interview_1": "Någon sade"},
        {"answer_1": "kanske"},
    ):
        assert anna.post(path("assess", scene.pk), good | wrong).status_code == 422
    assert not Assessment.objects.exists()


def test_a_reporter_dissents_but_does_not_assess(cast: Cast, client: Client) -> None:
    scene = a_scene(cast)
    answer = an_assessment(cast, scene, 2024, *["yes"] * 7).answers.get(indicator=2)
    client.force_login(cast.bo.user)
    address = path("dissent", scene.pk, answer.pk)
    assert client.post(address, {"says": "yes", "reason": "Håller med"}).status_code == 422
    assert client.post(address, {"says": "no", "reason": "Lugnt på dagen"}).status_code == 302
    assert Dissent.objects.get().organisation == cast.housing
    assert "Lugnt på dagen" in page(client, "scene", scene.pk)
    assert client.post(path("assess", scene.pk), {}).status_code == 403


def test_an_answer_of_another_scene_is_not_found(cast: Cast, anna: Client) -> None:
    answer = an_assessment(cast, a_scene(cast), 2024, "yes").answers.get(indicator=1)
    other = a_scene(cast, "Parken")
    assert anna.post(path("dissent", other.pk, answer.pk), {"says": "no", "reason": "Fel"}).status_code == 404


def test_focus_on_three_is_refused(cast: Cast, anna: Client) -> None:
    scene = a_scene(cast)
    data = {"year": 2025, "indicators": [1, 2, 3], "reason": "Allt"}
    assert anna.post(path("focus", scene.pk), data).status_code == 422
    assert anna.post(path("focus", scene.pk), data | {"indicators": [2, 6]}).status_code == 302
    assert Focus.objects.get().indicators == [2, 6]


def test_two_who_change_the_same_scene_lose_nothing(cast: Cast, anna: Client) -> None:
    scene = a_scene(cast)
    first = {"name": "Torget", "sharing": "partners", "crime": "Våld", "version": scene.version}
    assert anna.post(path("scene_edit", scene.pk), first).status_code == 302
    refused = anna.post(path("scene_edit", scene.pk), first | {"crime": "Stöld"})
    assert refused.status_code == 409
    assert "Våld" in refused.content.decode()
    assert "Stöld" in refused.content.decode()


def test_a_scene_that_became_another_says_so_on_both_pages(cast: Cast, anna: Client) -> None:
    torget, parken = a_scene(cast), a_scene(cast, "Parken")
    data = {"mapped_in": a_round(cast).pk, "direction": "became", "other": parken.pk}
    assert anna.post(path("scene_link", torget.pk), data).status_code == 302
    assert "Parken" in page(anna, "scene", torget.pk)
    assert "Torget" in page(anna, "scene", parken.pk)
    assert anna.post(path("scene_link", parken.pk), data | {"other": torget.pk}).status_code == 422


def test_a_scene_that_is_no_more_leaves_the_list_but_not_the_register(cast: Cast, anna: Client) -> None:
    scene = a_scene(cast)
    assert anna.post(path("scene_end", scene.pk), {"ended_on": "2025-05-01"}).status_code == 422
    data = {"ended_on": "2025-05-01", "ended_why": "Inga observationer på ett år"}
    assert anna.post(path("scene_end", scene.pk), data).status_code == 302
    assert anna.get(path("scenes")).context["rows"] == []
    assert "Torget</a>" in anna.get(path("scenes") + "?ended=1").content.decode()


def test_others_never_see_the_scenes_of_ekby(cast: Cast, client: Client) -> None:
    scene = a_scene(cast)
    client.force_login(cast.cecilia.user)
    assert client.get(path("scene", scene.pk)).status_code == 404
    foreign = reverse("scenes:scene", args=["sjovik", scene.pk])
    assert client.get(foreign).status_code == 404


def test_pages_ask_few_questions_whatever_the_number_of_scenes(cast: Cast, anna: Client) -> None:
    def count(ask: Callable[[], object]) -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            ask()
        return len(asked)

    first = a_scene(cast)
    an_assessment(cast, first, 2024, *["yes"] * 7)
    few = count(lambda: page(anna, "scenes")), count(lambda: page(anna, "scene", first.pk))
    for number in range(5):
        other = a_scene(cast, f"Plats {number}")
        an_assessment(cast, other, 2024, "yes")
        an_assessment(cast, first, 2025, "yes")
        actions.set_focus(first, 2025, [1], reason="Ja", actor=None)
    many = count(lambda: page(anna, "scenes")), count(lambda: page(anna, "scene", first.pk))
    assert many == few
    assert max(many) <= 20


def test_a_round_says_what_became_of_every_scene_with_its_area(cast: Cast, client: Client) -> None:
    """By hand: torget and parken become one, gatan is split in two, stationen is gone, hamnen is new."""
    first = a_round(cast, "Kartläggning 2023", on=date(2023, 5, 1))
    second = a_round(cast, "Kartläggning 2025", on=date(2025, 5, 1))
    ground = circle(674_000.0, 6_581_000.0, 50.0, crs=3006, working_crs=3006)
    names = ("Torget", "Parken", "Gatan", "Stationen", "Gatan norr", "Gatan söder", "Hamnen")
    scenes = {name: a_scene(cast, name, drawn=False) for name in names}
    for name in ("Torget", "Parken", "Gatan", "Stationen"):
        actions.outline_scene(scenes[name], first, ground, source="Ritad", actor=None)
    for name in ("Torget", "Gatan norr", "Gatan söder", "Hamnen"):
        actions.outline_scene(scenes[name], second, ground, source="Ritad", actor=None)
    for before, after in (("Parken", "Torget"), ("Gatan", "Gatan norr"), ("Gatan", "Gatan söder")):
        actions.link_scenes(second, scenes[before], scenes[after], actor=None)
    client.force_login(cast.dag.user)
    rounds = dict(client.get(reverse("scenes:scenes", args=["ekby"])).context["rounds"])
    said = {step.name: (step.became, [name for _key, name in step.before]) for step in rounds[second]}
    assert said == {
        "Torget": ("merged", ["Parken"]),
        "Gatan norr": ("split", ["Gatan"]),
        "Gatan söder": ("split", ["Gatan"]),
        "Hamnen": ("new", []),
        "Stationen": ("ended", []),
    }
    assert {step.became for step in rounds[first]} == {"new"}
    areas = {step.name: step.area_m2 for step in rounds[second]}
    assert areas["Stationen"] is None
    assert areas["Torget"] == pytest.approx(7_842, abs=10)
