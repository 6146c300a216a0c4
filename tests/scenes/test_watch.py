"""The watch list: each rule points when it should and only then; what is dismissed comes back with something new."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from django.test import Client
from django.urls import reverse

from lagesbild.actors.models import Promise
from lagesbild.places import actions as places
from lagesbild.places import ground
from lagesbild.places.actions.places import PlaceText
from lagesbild.places.models import Place
from lagesbild.scenes import watch
from lagesbild.scenes import watch_computed as computing
from lagesbild.scenes.models import Scene, WatchDismissal
from tests.cast import Cast
from tests.cooperation.matters.world import World, a_matter, make_world
from tests.scenes.permissions import a_scene, an_assessment

pytestmark = pytest.mark.django_db
EAST, NORTH = 674_000.0, 6_580_000.0


@pytest.fixture
def torget(cast: Cast) -> Place:
    where = ground.circle(EAST, NORTH, 100.0, crs=3006, working_crs=3006)
    return places.create_place(cast.anna, PlaceText("Torget", "Ekby"), where)


@pytest.fixture
def world(cast: Cast) -> World:
    return make_world(cast)


def rules(cast: Cast) -> list[str]:
    return [each.rule for each in watch.written(cast.anna)]


def matters(world: World, torget: Place, n: int) -> None:
    for number in range(n):
        a_matter(world, world.cast.anna, title=f"Sak {number}", place=torget, sharing="partners")


def test_five_open_matters_point_and_four_do_not(cast: Cast, world: World, torget: Place) -> None:
    matters(world, torget, watch.MANY_MATTERS - 1)
    assert rules(cast) == []
    matters(world, torget, 1)
    assert rules(cast) == [watch.Rule.MATTERS]


def test_a_promise_past_its_day_or_broken_points_and_a_kept_one_does_not(cast: Cast, torget: Place) -> None:
    promise = Promise.objects.create(
        collaboration=cast.ekby,
        owner=cast.municipality,
        text="Lys upp",
        place=torget,
        given_on=date(2020, 1, 1),
        due_on=date(2021, 1, 1),
    )
    assert rules(cast) == [watch.Rule.PROMISE]
    for status, due_on, pointed in (
        ("kept", date(2021, 1, 1), False),
        ("ongoing", date(2999, 1, 1), False),
        ("broken", None, True),
    ):
        Promise.objects.filter(pk=promise.pk).update(status=status, due_on=due_on)
        assert bool(rules(cast)) == pointed


def test_more_indicators_than_the_year_before_point(cast: Cast, torget: Place) -> None:
    scene = a_scene(cast)
    Scene.objects.filter(pk=scene.pk).update(place=torget)
    an_assessment(cast, scene, 2023, "yes", "yes")
    assert rules(cast) == []
    an_assessment(cast, scene, 2024, "yes", "yes")
    an_assessment(cast, scene, 2024, "yes", "yes", "yes")
    assert rules(cast) == [watch.Rule.RISING]
    an_assessment(cast, scene, 2025, "yes")
    assert rules(cast) == []


def test_what_is_dismissed_is_gone_until_the_rule_sees_something_new(
    cast: Cast, world: World, torget: Place, client: Client
) -> None:
    matters(world, torget, watch.MANY_MATTERS)
    client.force_login(cast.anna.user)
    address = reverse("scenes:watch", args=["ekby"])
    [finding] = watch.written(cast.anna)
    dismiss = reverse("scenes:watch_dismiss", args=["ekby", torget.pk])
    assert client.post(dismiss, {"key": finding.key, "reason": " "}).status_code == 422
    assert client.post(dismiss, {"key": finding.key, "reason": "Mötet tar dem"}).status_code == 302
    text = client.get(address).content.decode()
    assert "Mötet tar dem" in text
    taken = {(each.place_id, each.key) for each in WatchDismissal.objects.all()}
    assert watch.by_place(watch.written(cast.anna), taken) == []
    matters(world, torget, 1)
    assert [row.name for row in watch.by_place(watch.written(cast.anna), taken)] == ["Torget"]


def test_places_with_more_rules_come_first() -> None:
    def finding(place: int, rule: watch.Rule) -> watch.Finding:
        return watch.Finding(place, f"Plats {place}", rule, f"{rule}:1", "", "")

    found = [finding(1, watch.Rule.PROMISE), finding(2, watch.Rule.MATTERS), finding(2, watch.Rule.ALARM)]
    rows = watch.by_place(found, set())
    assert [row.place for row in rows] == [2, 1]
    assert [each.rule for each in rows[0].findings] == [watch.Rule.ALARM, watch.Rule.MATTERS]


def test_months_are_counted_at_the_place_from_the_first_that_is_known(cast: Cast, torget: Place) -> None:
    months = computing.whole_months(date(2025, 3, 1), 4)
    assert months == [date(2024, 11, 1), date(2024, 12, 1), date(2025, 1, 1), date(2025, 2, 1)]
    points = pl.DataFrame(
        {
            "x": [EAST, EAST, EAST + 500.0, EAST],
            "y": [NORTH, NORTH, NORTH, NORTH],
            "month": [months[3], months[3], months[3], months[1]],
        }
    )
    [counts] = computing.counts_by_place(points, [torget], months)
    assert counts.tolist() == [1, 0, 2]  # November knows nothing at all, January knows none here
    assert [each.tolist() for each in computing.counts_by_place(points.clear(), [torget], months)] == [[]]


def test_only_what_stands_above_its_past_is_an_alarm() -> None:
    calm = np.tile([9, 10, 11, 10], 9)
    assert computing.stands_out(np.append(calm, 11)) is None
    stands = computing.stands_out(np.append(calm, 40))
    assert stands is not None
    assert stands[0] == 40
    assert stands[1] < 25
    assert computing.stands_out(np.append(np.zeros(36, dtype=int), 4)) is None  # too few to be told
    assert computing.stands_out(np.array([50])) is None
