"""The deep dive: everything a member may see of a place, and nothing of elsewhere."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lagesbild.places import actions as places
from lagesbild.places import ground
from lagesbild.places.actions.places import PlaceText
from lagesbild.places.models import Place
from lagesbild.scenes import deep, deep_chart
from lagesbild.scenes.models import Scene
from tests.cast import Cast
from tests.cooperation.matters.world import World, a_matter, make_world
from tests.fieldreports.builders import a_report, categories
from tests.places.builders import EAST, NORTH
from tests.scenes.permissions import a_scene, an_assessment

pytestmark = pytest.mark.django_db


@pytest.fixture
def torget(cast: Cast) -> Place:
    """A circle of a hundred metres in the middle of Ekby."""
    where = ground.circle(EAST, NORTH, 100.0, crs=3006, working_crs=3006)
    return places.create_place(cast.anna, PlaceText("Torget", "Ekby"), where)


@pytest.fixture
def world(cast: Cast) -> World:
    return make_world(cast)


def titles(found: deep.DeepDive, track: str) -> list[str]:
    return [item.title for item in found.items if item.track == track]


def test_what_lies_at_the_place_is_there_and_what_lies_beside_is_not(cast: Cast, world: World, torget: Place) -> None:
    categories(cast)
    a_report(cast.anna, when=datetime(2026, 3, 1, 20, tzinfo=UTC))
    a_report(cast.anna, dx=95.0)  # in the box around the circle, 95 m east and 5 m north: inside
    a_report(cast.anna, dx=150.0)
    a_matter(world, cast.anna, title="Lampa", sharing="partners")
    a_matter(world, cast.anna, x=EAST + 95.0, y=NORTH + 95.0, location="vid hörnet")  # in the box, not in the circle
    found = deep.dive(cast.anna, torget)
    assert len(titles(found, "reports")) == 2
    assert len(titles(found, "matters")) == 1


def test_who_may_not_see_a_record_does_not_find_it_here(cast: Cast, torget: Place) -> None:
    categories(cast)
    a_report(cast.anna, sharing="own")
    assert titles(deep.dive(cast.anna, torget), "reports")
    assert not titles(deep.dive(cast.bo, torget), "reports")


def test_assessments_of_the_place_s_scenes_stand_on_the_axis(cast: Cast, torget: Place) -> None:
    scene = a_scene(cast)
    Scene.objects.filter(pk=scene.pk).update(place=torget)
    an_assessment(cast, scene, 2024, *["yes"] * 7)
    found = deep.dive(cast.anna, torget)
    [item] = [item for item in found.items if item.track == "assessments"]
    assert (item.from_on, item.to_on) == (date(2024, 1, 1), date(2024, 12, 31))  # the day is not known
    assert "7" in item.title
    Scene.objects.filter(pk=scene.pk).update(sharing="own")
    assert not titles(deep.dive(cast.bo, torget), "assessments")


def test_the_axis_begins_with_the_first_thing_and_is_at_least_a_year(cast: Cast) -> None:
    today = date(2026, 11, 22)
    assert deep_chart.domain([], today) == (date(2025, 11, 22), today)
    old = deep.Item("facts", date(1990, 1, 1), None, "Gammalt")
    assert deep_chart.domain([old], today)[0].year == 2011
    recent = deep.Item("facts", date(2019, 5, 1), date(2027, 1, 1), "Löfte")
    assert deep_chart.domain([recent], today) == (date(2019, 5, 1), date(2027, 1, 1))


def test_the_page_asks_at_most_twelve_questions_and_lists_what_it_draws(
    cast: Cast, world: World, torget: Place, client: Client
) -> None:
    categories(cast)
    for _number in range(4):
        a_report(cast.anna)
        a_matter(world, cast.anna)
        an_assessment(cast, _tied(cast, torget), 2024, "yes")
    client.force_login(cast.anna.user)
    path = reverse("scenes:deep_dive", args=["ekby", torget.pk])
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        response = client.get(path)
    assert len(asked) <= 12 + 3, "\n".join(query["sql"][:150] for query in asked)  # and three to know who asks
    text = response.content.decode()
    assert text.count("data-label") >= 24
    for part in ("deep_incidents", "deep_duty"):
        assert reverse(f"scenes:{part}", args=["ekby", torget.pk]) in text


def test_the_computed_parts_are_pages_of_their_own(cast: Cast, torget: Place, client: Client) -> None:
    client.force_login(cast.dag.user)
    for part in ("deep_incidents", "deep_duty"):
        assert client.get(reverse(f"scenes:{part}", args=["ekby", torget.pk])).status_code == 200


def _tied(cast: Cast, place: Place) -> Scene:
    scene = a_scene(cast)
    scene.place = place
    scene.save()
    return scene
