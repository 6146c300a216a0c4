"""The deep dive: everything a member may see of a place, and nothing of elsewhere."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import shapely
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from shapely.geometry.base import BaseGeometry

from lagesbild.actors.models import Agreement, ObjectKind, ResponsibilityEntry, Zone
from lagesbild.cooperation.models import Event
from lagesbild.observations.models import Series, SeriesTable, SeriesValue
from lagesbild.places import actions as places
from lagesbild.places import ground
from lagesbild.places.actions.places import PlaceText
from lagesbild.places.models import Place
from lagesbild.scenes import deep, deep_chart, deep_items
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
    return [item.title for item in found.items if item.lane == track]


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
    [item] = [item for item in found.items if item.lane == "assessments"]
    assert (item.from_on, item.to_on) == (date(2024, 1, 1), date(2024, 12, 31))  # the day is not known
    assert "7" in item.title
    Scene.objects.filter(pk=scene.pk).update(sharing="own")
    assert not titles(deep.dive(cast.bo, torget), "assessments")


def test_the_axis_begins_with_the_first_thing_and_is_at_least_a_year(cast: Cast) -> None:
    today = date(2026, 11, 22)
    assert deep_chart.domain([], today) == (date(2025, 11, 22), today)
    old = deep_items.Item("facts", date(1990, 1, 1), None, "Gammalt")
    assert deep_chart.domain([old], today)[0].year == 2011
    recent = deep_items.Item("facts", date(2019, 5, 1), date(2027, 1, 1), "Löfte")
    assert deep_chart.domain([recent], today) == (date(2019, 5, 1), date(2027, 1, 1))


def test_the_page_asks_few_questions_however_much_there_is_and_lists_what_it_draws(
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
    assert len(asked) <= 19 + 3, "\n".join(query["sql"][:150] for query in asked)  # and three to know who asks
    text = response.content.decode()
    assert text.count('class="deep-item ') == len(response.context["dive"].items) >= 12
    for part in ("deep_incidents", "deep_duty"):
        assert reverse(f"scenes:{part}", args=["ekby", torget.pk]) in text


def test_the_computed_parts_are_pages_of_their_own(cast: Cast, torget: Place, client: Client) -> None:
    client.force_login(cast.dag.user)
    for part in ("deep_incidents", "deep_duty"):
        assert client.get(reverse(f"scenes:{part}", args=["ekby", torget.pk])).status_code == 200


def test_agreements_events_zones_and_figures_stand_on_the_axis(cast: Cast, torget: Place) -> None:
    same = {"collaboration": cast.ekby, "owner": cast.municipality}
    Agreement.objects.create(title="Överenskommelsen", valid_from=date(2024, 1, 1), valid_to=date(2026, 1, 1), **same)
    event = {"kind": "festival", "from_on": date(2025, 8, 1), "to_on": date(2025, 8, 4)}
    Event.objects.create(title="Festival", place=torget, **event, **same)
    Event.objects.create(title="Annanstans", **event, **same)
    table = SeriesTable.objects.create(slug="index", title="Index", source="Kommunen", **same)
    for key, where in (("trygghet", "Torget"), ("trygghet-ekby", "Ekby")):
        series = Series.objects.create(table=table, key=key, title=key, unit="index", area_text=where)
        for year, value in ((2023, None), (2024, 3.5)):
            span = {"period_from": date(year, 8, 1), "period_to": date(year, 9, 1)}
            SeriesValue.objects.create(series=series, value=value, **span)
    found = deep.dive(cast.anna, torget)
    [agreement] = [item for item in found.items if item.lane == "agreements"]
    assert (agreement.to_on, agreement.goes_on) == (date(2025, 12, 31), False)
    [event_item] = [item for item in found.items if item.lane == "events"]
    assert (event_item.title, event_item.to_on) == ("Festival", date(2025, 8, 3))
    assert titles(found, "figures") == ["trygghet: 3,5"]  # none for the year without a value, none of elsewhere
    assert ("agreements", 1) in [(lane, n) for lane, _title, n in found.counts]


def test_a_zone_that_the_place_touches_is_there_and_one_whose_box_alone_does_is_not(cast: Cast, torget: Place) -> None:
    def zone(name: str, shape: BaseGeometry) -> None:
        west, south, east, north = shape.bounds
        Zone.objects.create(
            collaboration=cast.ekby,
            owner=cast.municipality,
            name=name,
            kind="lov3",
            geometry=shapely.to_wkb(shape),
            drawing="{}",
            **{"min_x": west, "min_y": south, "max_x": east, "max_y": north, "area_m2": shape.area},
            valid_from=date(2024, 1, 1),
        )

    zone("Torgzonen", shapely.box(EAST, NORTH, EAST + 500.0, NORTH + 500.0))
    far = [(EAST + 400.0, NORTH - 400.0), (EAST + 400.0, NORTH + 400.0), (EAST - 400.0, NORTH + 400.0)]
    zone("Hörnzonen", shapely.LinearRing(far).buffer(5.0).difference(torget_ring()))
    assert len(titles(deep.dive(cast.anna, torget), "zones")) == 1


def torget_ring() -> BaseGeometry:
    """The ground of the place, and a little more."""
    return shapely.Point(EAST, NORTH).buffer(150.0)


def test_a_scene_that_covers_the_place_counts_even_if_nobody_tied_them(cast: Cast) -> None:
    scene = a_scene(cast)  # fifty metres about a point a kilometre north
    inside = places.create_place(
        cast.anna, PlaceText("Trappan", "Ekby"), ground.circle(EAST, NORTH + 1_010.0, 5.0, crs=3006, working_crs=3006)
    )
    an_assessment(cast, scene, 2024, "yes")
    assert deep.dive(cast.anna, inside).scenes == ((scene.pk, "Torget"),)


def test_in_short_says_what_is_open_and_what_is_late_first(cast: Cast, torget: Place) -> None:
    today = date(2026, 11, 22)
    items = (
        deep_items.Item("matters", date(2026, 5, 1), today, "#2 Buske", path="/m/2", goes_on=True),
        deep_items.Item("matters", date(2026, 3, 1), today, "#1 Lampa", path="/m/1", goes_on=True),
        deep_items.Item("matters", date(2026, 2, 1), date(2026, 2, 9), "#3 Klar"),
        deep_items.Item("actions", date(2026, 3, 1), today, "#1 Byt", goes_on=True, is_late=True),
        deep_items.Item("promises", date(2026, 1, 1), date(2026, 2, 1), "Lys upp", is_late=True),
        deep_items.Item("promises", date(2026, 1, 1), date(2026, 2, 1), "Hållet"),
    )
    with translation.override("en"):
        short = deep.in_short(items)
    assert [(each.text, each.path, each.is_late) for each in short] == [
        ("2 open matters, the oldest raised 2026-03-01.", "/m/1", False),
        ("1 action under way or planned, 1 past its day.", "", True),
        ("Not kept: Lys upp", "", True),
    ]


def test_later_subjects_add_lanes_of_their_own(cast: Cast, torget: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deep_items, "_more", {})
    walked = deep_items.Item("walks", date(2025, 5, 1), None, "Vandring")
    deep_items.register("walks", title="Vandringar", teller=lambda asked: [walked] if asked.place == torget else [])
    found = deep.dive(cast.anna, torget)
    assert titles(found, "walks") == ["Vandring"]
    assert found.counts[-1] == ("walks", "Vandringar", 1)


def test_the_list_can_be_narrowed_to_one_lane(cast: Cast, world: World, torget: Place, client: Client) -> None:
    a_matter(world, cast.anna, place=torget, sharing="partners")
    an_assessment(cast, _tied(cast, torget), 2024, "yes")
    client.force_login(cast.anna.user)
    path = reverse("scenes:deep_dive", args=["ekby", torget.pk])
    lanes = {item.lane for item in client.get(f"{path}?only=matters").context["shown"]}
    assert lanes == {"matters"}
    assert len(client.get(f"{path}?only=finns-inte").context["shown"]) == 2


def test_the_line_with_the_smallest_ground_answers_for_each_kind(cast: Cast, torget: Place) -> None:
    same = {"collaboration": cast.ekby, "owner": cast.municipality}
    lamp, bush = (
        ObjectKind.objects.create(collaboration=cast.ekby, code=code, name=code.title()) for code in ("lamp", "bush")
    )
    for kind in (lamp, bush):
        ResponsibilityEntry.objects.create(kind=kind, organisation=cast.municipality, **same)

    def answers() -> list[tuple[str, tuple[str, ...]]]:
        return [(each.organisation, each.kinds) for each in deep.dive(cast.anna, torget).responsible]

    assert [(name, sorted(kinds)) for name, kinds in answers()] == [(cast.municipality.name, ["Bush", "Lamp"])]
    ResponsibilityEntry.objects.create(kind=lamp, organisation=cast.housing, place=torget, **same)
    assert sorted(answers()) == sorted([(cast.housing.name, ("Lamp",)), (cast.municipality.name, ("Bush",))])


def _tied(cast: Cast, place: Place) -> Scene:
    scene = a_scene(cast)
    scene.place = place
    scene.save()
    return scene
