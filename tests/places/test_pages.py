"""The pages of places and areas."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from lagesbild.accounts.models import SharingLevel
from lagesbild.places import actions, ground, lists, queries
from lagesbild.places.actions.facts import FactText
from lagesbild.places.actions.places import PlaceText
from lagesbild.places.models import Area, Fact, Place
from tests.cast import Cast
from tests.places.builders import EAST, NORTH, a_board, board, store
from tests.places.permissions import a_place

NEW = "/c/ekby/places/new/"
TYPED = {
    "name": "Torget",
    "municipality": "Ekby",
    "shape": "circle",
    "system": "3006",
    "coordinates": f"{NORTH}, {EAST}",
    "radius_m": "50",
    "sharing": "partners",
}


@pytest.fixture
def anna(cast: Cast, client: Client) -> Client:
    client.force_login(cast.anna.user)
    return client


def _kind(cast: Cast, code: str = "torg") -> None:
    actions.ensure_place_type(cast.ekby, code, name=code.title(), name_en="Square", actor=None)


def _at(cast: Cast, name: str, dx: float, **more: object) -> Place:
    where = ground.circle(EAST + dx, NORTH, 50, crs=3006, working_crs=3006)
    return actions.create_place(cast.anna, PlaceText(name, **more), where)  # type: ignore[arg-type]


def test_a_place_is_made_from_typed_coordinates(cast: Cast, anna: Client) -> None:
    answer = anna.post(NEW, TYPED)
    place = Place.objects.get()
    assert answer.headers["Location"] == f"/c/ekby/places/{place.pk}/"
    assert (place.x, place.y, place.radius_m) == (EAST, NORTH, 50)
    assert place.owner == cast.municipality
    assert anna.get(answer.headers["Location"]).status_code == 200


def test_a_place_is_made_from_a_drawing(cast: Cast, anna: Client) -> None:
    where = ground.polygon(queries.place_geometry(a_place(cast)).envelope, crs=3006, working_crs=3006)
    drawn = json.dumps(ground.to_feature(where, working_crs=3006))
    anna.post(NEW, {**TYPED, "coordinates": "", "shape": "polygon", "geometry": drawn})
    made = Place.objects.get(name="Torget")
    assert made.radius_m is None
    assert queries.place_geometry(made).area == pytest.approx(10_000, rel=0.01)


WRONG = [
    ({"coordinates": ""}, "coordinates"),
    ({"coordinates": "59,3 norr"}, "coordinates"),
    ({"coordinates": "1, 2"}, "coordinates"),
    ({"radius_m": ""}, "radius_m"),
    ({"name": ""}, "name"),
    ({"name": "121212-1212"}, "name"),
    ({"description": "Se 121212-1212"}, "description"),
]


@pytest.mark.parametrize(("change", "field"), WRONG)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_stored(
    cast: Cast, anna: Client, change: dict[str, str], field: str
) -> None:
    answer = anna.post(NEW, {**TYPED, **change})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Place.objects.exists()


@pytest.mark.parametrize(
    "typed",
    [
        "6580000, 674000",
        "6580000,674000",
        "N 6580000 E 674000",
        "674000 6580000",
        "6580000,0 674000,0",
    ],
)
def test_the_usual_spellings_of_a_point_are_the_same_point(cast: Cast, anna: Client, typed: str) -> None:
    anna.post(NEW, {**TYPED, "coordinates": typed})
    place = Place.objects.get()
    assert (place.x, place.y) == (674_000, 6_580_000)


def test_the_same_name_in_the_same_municipality_is_refused_and_in_another_allowed(cast: Cast, anna: Client) -> None:
    anna.post(NEW, TYPED)
    answer = anna.post(NEW, TYPED)
    assert answer.status_code == 422
    assert "name" in answer.context["form"].errors
    anna.post(NEW, {**TYPED, "municipality": "Sjövik"})
    assert Place.objects.count() == 2


def test_a_change_is_stored_and_what_did_not_change_is_kept(cast: Cast, anna: Client) -> None:
    place = a_place(cast)
    address = f"/c/ekby/places/{place.pk}/edit/"
    form = anna.get(address).context["form"]
    kept = {name: value for name, value in form.initial.items() if value is not None}
    anna.post(address, {**kept, "name": "Nya torget", "system": "3006"})
    changed = Place.objects.get(pk=place.pk)
    assert changed.name == "Nya torget"
    assert changed.x == pytest.approx(place.x, abs=0.2)
    assert changed.radius_m == place.radius_m


def test_places_are_filtered_by_type_on_page_map_and_table_alike(cast: Cast, anna: Client) -> None:
    _kind(cast)
    _at(cast, "Med", 0, types=["torg"])
    _at(cast, "Utan", 500)
    assert [place.name for place in anna.get("/c/ekby/places/?type=torg").context["places"]] == ["Med"]
    features = anna.get("/c/ekby/places/places.geojson?type=torg").json()["features"]
    assert [feature["properties"]["name"] for feature in features] == ["Med"]
    table = anna.get("/c/ekby/places/places.csv?type=torg").content.decode("utf-8-sig")
    assert [row[0] for row in csv.reader(io.StringIO(table), delimiter=";")][1:] == ["Med"]


def test_a_place_that_is_not_shared_is_seen_by_its_owner_alone(cast: Cast, client: Client) -> None:
    place = _at(cast, "Hemlig", 0, sharing=SharingLevel.OWN)
    client.force_login(cast.eva.user)
    for address in ("/c/ekby/places/", "/c/ekby/places/places.geojson", "/c/ekby/places/places.csv"):
        assert "Hemlig" not in client.get(address).content.decode()
    assert client.get(f"/c/ekby/places/{place.pk}/").status_code == 404
    client.force_login(cast.anna.user)
    assert "Hemlig" in client.get("/c/ekby/places/places.geojson").content.decode()


def test_a_retired_place_leaves_the_list_and_comes_back(cast: Cast, anna: Client) -> None:
    place = a_place(cast)
    anna.post(f"/c/ekby/places/{place.pk}/retire/")
    assert not anna.get("/c/ekby/places/").context["places"]
    assert len(anna.get("/c/ekby/places/?retired=1").context["places"]) == 1
    anna.post(f"/c/ekby/places/{place.pk}/retire/", {"return": "1"})
    assert len(anna.get("/c/ekby/places/").context["places"]) == 1


def test_the_nearest_of_each_kind_is_measured_from_edge_to_edge(cast: Cast) -> None:
    _kind(cast, "skola")
    home = _at(cast, "Torget", 0)
    _at(cast, "Nära skola", 600, types=["skola"])
    _at(cast, "Fjärran skola", 3000, types=["skola"])
    (nearest,) = lists.nearest_of_each_kind(cast.dag, home)
    assert (nearest.kind, nearest.name) == ("Skola", "Nära skola")
    assert nearest.distance_m == pytest.approx(500, abs=0.5)  # 600 less the two radii


def test_a_place_tells_which_areas_it_lies_in(cast: Cast, anna: Client, tmp_path: Path) -> None:
    a_board(cast, tmp_path)
    place = _at(cast, "Torget", 1500)
    answer = anna.get(f"/c/ekby/places/{place.pk}/")
    assert [area.code for area in answer.context["within"]] == ["10"]


def test_pages_take_few_queries(cast: Cast, anna: Client, tmp_path: Path, django_assert_max_num_queries) -> None:
    _kind(cast)
    version = a_board(cast, tmp_path)
    place = _at(cast, "Torget", 0, types=["torg"])
    area = version.areas.order_by("code")[0]
    for address in ("/c/ekby/places/", "/c/ekby/areas/", "/c/ekby/areas/rutor/", f"/c/ekby/areas/rutor/{area.pk}/"):
        with django_assert_max_num_queries(10):  # session, user and membership are three of them
            anna.get(address)
    with django_assert_max_num_queries(11):
        anna.get(f"/c/ekby/places/{place.pk}/")


FACT = {"kind": "residents", "value": "1800", "valid_from": "2019-01-01", "source": "Staden", "sharing": "partners"}


def test_a_fact_is_recorded_shown_and_removed(cast: Cast, anna: Client) -> None:
    place = a_place(cast)
    anna.post(f"/c/ekby/places/{place.pk}/facts/", FACT)
    fact = Fact.objects.get()
    assert (fact.value, fact.place, fact.source) == (1800, place, "Staden")
    assert list(anna.get(f"/c/ekby/places/{place.pk}/").context["facts"]) == [fact]
    anna.post(f"/c/ekby/facts/{fact.pk}/remove/")
    assert not Fact.objects.exists()


@pytest.mark.parametrize("change", [{"value": "-1"}, {"valid_to": "2018-01-01"}, {"source": ""}, {"kind": "cats"}])
def test_a_fact_that_cannot_be_is_refused_with_the_form(cast: Cast, anna: Client, change: dict[str, str]) -> None:
    answer = anna.post(f"/c/ekby/places/{a_place(cast).pk}/facts/", {**FACT, **change})
    assert answer.status_code == 422
    assert answer.context["fact_form"].errors
    assert not Fact.objects.exists()


def test_a_denominator_belongs_to_its_own_area_on_its_own_day(cast: Cast, tmp_path: Path) -> None:
    a_board(cast, tmp_path)
    whole, part = Area.objects.order_by("code")[:2]
    text = FactText("residents", 1800, date(2019, 1, 1), "Staden", date(2020, 1, 1))
    actions.record_fact(cast.anna, whole, text)
    later = FactText("residents", 1900, date(2019, 7, 1), "Staden", date(2020, 1, 1))
    actions.record_fact(cast.anna, whole, later)
    assert queries.denominator(part, "residents", date(2019, 3, 1)) is None
    assert queries.denominator(whole, "workers", date(2019, 3, 1)) is None
    assert queries.denominator(whole, "residents", date(2020, 1, 1)) is None  # half-open
    assert queries.denominator(whole, "residents", date(2019, 3, 1)).value == 1800  # type: ignore[union-attr]
    assert queries.denominator(whole, "residents", date(2019, 7, 1)).value == 1900  # type: ignore[union-attr]


def test_the_areas_of_a_set_go_to_a_spreadsheet_where_no_name_is_a_formula(
    cast: Cast, anna: Client, tmp_path: Path
) -> None:
    file = board(tmp_path)
    file.write_text(file.read_text(encoding="utf-8").replace("Ruta 00", "=HYPERLINK(1)"), encoding="utf-8")
    store(cast.ekby, cast.municipality, file)
    table = anna.get("/c/ekby/areas/rutor/areas.csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(table), delimiter=";"))
    assert {row[1] for row in rows} >= {"'=HYPERLINK(1)", "Ruta 01"}
    assert float(rows[1][4].replace(",", ".")) == pytest.approx(1, rel=1e-3)  # km², with a decimal comma


def test_one_area_of_an_old_version_can_still_be_seen(cast: Cast, anna: Client, tmp_path: Path) -> None:
    old = a_board(cast, tmp_path).areas.get(code="00")
    store(cast.ekby, cast.municipality, board(tmp_path, columns=3, name="other.geojson"))
    assert anna.get(f"/c/ekby/areas/rutor/{old.pk}/").status_code == 200
    (feature,) = anna.get(f"/c/ekby/areas/rutor/areas.geojson?area={old.pk}").json()["features"]
    assert feature["id"] == old.pk
