"""Loading the example worlds: everything arrives, a second time changes nothing, and nobody sees the wrong world."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pyogrio
import pytest
import shapely
from django.apps import apps
from django.http import Http404
from django.urls import reverse
from pytest_django.fixtures import Settings as DjangoSettings  # type: ignore[attr-defined]

from lagesbild.accounts.access import access_collaboration
from lagesbild.accounts.models import Collaboration, User
from lagesbild.core.configuration import Configuration
from lagesbild.observations import queries as observations
from lagesbild.observations.models import BatchState, ImportBatch, Series, SeriesTable, SeriesValue, Source
from lagesbild.observations.store import IncidentStore
from lagesbild.places.assignment import area_column
from lagesbild.places.models import Area, AreaSet, BaseLayer, Fact, Place
from lagesbild.places.queries import denominator
from lagesbild.worlds import load_places
from lagesbild.worlds.actions import DEMO_PASSWORD, demo_sign_ins, load_parties, load_world
from lagesbild.worlds.description import WORLD_SLUGS, World, read_world, worlds_folder
from lagesbild.worlds.exercise_plan import read_plan
from lagesbild.worlds.ground import read_ground, read_shapes
from lagesbild.worlds.load_observations import exercise_bytes
from lagesbild.worlds.load_places import points_as_geojson
from tests.worlds.klara_tables import transcription

pytestmark = pytest.mark.django_db


def _everything() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table of ours."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("lagesbild.")]
    return {model._meta.label: sorted(model._default_manager.values_list(), key=repr) for model in ours}


def _load(slug: str) -> Collaboration:
    load_world(read_world(worlds_folder() / slug))
    return Collaboration.objects.get(slug=slug)


def _column(collaboration: Collaboration, slug: str) -> str:
    return area_column(AreaSet.objects.get(collaboration=collaboration, slug=slug).pk)


def test_klara_has_the_exercise_with_the_printed_totals_and_loads_once(data_dir: Path) -> None:
    klara = _load("klara")
    before, version = _everything(), IncidentStore("klara").version()
    events = IncidentStore("klara").scan().collect()
    mapping = observations.category_mapping(klara)
    in_klara = Area.objects.get(version__area_set__slug="nyko5", code="10102").pk

    violence = events.filter(mapping.condition(["violence-public"]))
    per_year = dict(events.group_by(pl.col("local_date").dt.year()).len().iter_rows())

    assert per_year == {2017: 15_851, 2018: 14_261}
    assert dict(violence.group_by(pl.col("local_date").dt.year()).len().iter_rows()) == {2017: 727, 2018: 565}
    assert mapping.with_category(events.lazy()).collect()["category"].null_count() == 0
    assert set(events[_column(klara, "nyko5")]) == {in_klara}
    assert Source.objects.get(collaboration=klara).is_exercise
    assert ImportBatch.objects.get().state == BatchState.APPLIED

    _check_figures(klara)
    _check_denominators(klara)

    _load("klara")
    assert _everything() == before
    assert IncidentStore("klara").version() == version


def _check_figures(klara: Collaboration) -> None:
    """Every series of the report, with missing figures missing, exempt from suppression since it is published."""
    for key, cells in transcription().items():
        stored = SeriesValue.objects.filter(series__key=key, series__table__collaboration=klara)
        wanted = [(day, None if figure in (None, "-") else figure) for day, figure in cells]
        assert [(str(each.period_from), each.value) for each in stored] == wanted, key
    assert set(SeriesTable.objects.values_list("is_published", flat=True)) == {True}
    assert SeriesValue.objects.get(series__key="overdos-avlidna-klara", period_from="2019-01-01").is_partial
    assert Series.objects.get(key="vald-antal-klara").area.code == "10102"  # type: ignore[union-attr]


def _check_denominators(klara: Collaboration) -> None:
    """Each number about its own ground: those who work in City are never a denominator of Klara."""
    told = set(Fact.objects.exclude(kind="residents").values_list("kind", "value", "place__name", "area__code"))
    of_klara = Area.objects.get(version__area_set__slug="nyko5", code="10102")

    assert told == {
        ("travellers", 240_000.0, "Centralstationen", None),
        ("passers_by", 100_000.0, "Sergels torg", None),
        ("workers", 123_000.0, None, "stockholm-city"),
    }
    assert [denominator(of_klara, "residents", date(year, 6, 1)).value for year in (2015, 2017, 2019)] == [  # type: ignore[union-attr]
        1_727.0,
        1_814.0,
        1_800.0,
    ]
    assert denominator(of_klara, "workers", date(2019, 6, 1)) is None
    assert all(Fact.objects.values_list("source", flat=True))
    assert Place.objects.filter(collaboration=klara).count() == 15


def test_san_francisco_counts_per_block_group_are_the_published_ones_and_loads_once(data_dir: Path) -> None:
    city = _load("san-francisco")
    before, version = _everything(), IncidentStore("san-francisco").version()
    column = _column(city, "block-groups")
    events = IncidentStore("san-francisco").scan().collect()
    codes = dict(Area.objects.filter(version__area_set__collaboration=city).values_list("pk", "code"))
    published = _published_counts()

    assert events.height == 13_472
    assert set(events["time_precision"]) == {"day"}
    for category, wanted in published.items():
        counted = dict(events.filter(pl.col("source_type") == category).group_by(column).len().iter_rows())
        per_code = {code: counted.get(pk, 0) for pk, code in codes.items()}
        assert sum(per_code[code] == count for code, count in wanted.items()) >= 0.99 * 579, category

    _load("san-francisco")
    assert _everything() == before
    assert IncidentStore("san-francisco").version() == version


def _published_counts() -> dict[str, dict[str, int]]:
    groups = pyogrio.read_dataframe(worlds_folder() / "san-francisco" / "block_groups.gpkg", read_geometry=False)
    columns = {"DRUG/NARCOTIC": "drugs", "ROBBERY": "robbery", "VANDALISM": "vandalism", "VEHICLE THEFT": "cartheft"}
    return {
        category: dict(zip(groups["code"], groups[f"published_{name}"], strict=True))
        for category, name in columns.items()
    }


def test_sweden_has_every_notice_in_its_county_and_loads_once(data_dir: Path) -> None:
    sweden = _load("sverige")
    before, version = _everything(), IncidentStore("sverige").version()
    events = IncidentStore("sverige").scan().collect()
    mapping = observations.category_mapping(sweden)

    assert events.height == 77_974
    assert events["source_id"].n_unique() == 77_974
    assert events[_column(sweden, "lan")].null_count() == 0
    assert 0.31 < events[_column(sweden, "kommuner")].null_count() / events.height < 0.33
    assert set(events["precision"]) == {"municipality"}
    assert mapping.with_category(events.lazy()).collect()["category"].null_count() == 0

    _load("sverige")
    assert _everything() == before
    assert IncidentStore("sverige").version() == version


def test_the_people_of_the_worlds_can_sign_in_and_see_only_their_own(data_dir: Path) -> None:
    for slug in WORLD_SLUGS:
        load_parties(read_world(worlds_folder() / slug))
    anna, cecilia = (User.objects.get(email=email) for email in ("anna@klara.example", "cecilia@san-francisco.example"))

    assert anna.check_password(DEMO_PASSWORD)
    assert access_collaboration(anna, "klara").role == "coordinator"
    assert access_collaboration(cecilia, "san-francisco").role == "coordinator"
    for user, slug in ((anna, "san-francisco"), (cecilia, "klara"), (cecilia, "sverige")):
        with pytest.raises(Http404):
            access_collaboration(user, slug)


def test_a_password_that_somebody_changed_is_left_alone(data_dir: Path) -> None:
    world = read_world(worlds_folder() / "klara")
    load_parties(world)
    anna = User.objects.get(email="anna@klara.example")
    anna.set_password("another-one-entirely")
    anna.save()

    load_parties(world)

    assert User.objects.get(email="anna@klara.example").check_password("another-one-entirely")


def test_sign_ins_name_everybody_and_the_password() -> None:
    text = demo_sign_ins()

    assert DEMO_PASSWORD in text
    for slug in WORLD_SLUGS:
        assert reverse("picture:picture", kwargs={"collaboration": slug}) in text
        assert all(person.email in text for person in read_world(worlds_folder() / slug).users)


def test_metro_entrances_are_skipped_with_a_word_where_they_are_absent(
    settings: DjangoSettings, tmp_path: Path, data_dir: Path
) -> None:
    settings.LAGESBILD = _with_shared_data(settings, tmp_path / "nowhere")

    skipped = _load_ground("klara")

    assert len(skipped) == 1
    assert "Tunnelbaneuppgångar" in skipped[0]
    assert not BaseLayer.objects.filter(slug="tunnelbaneuppgangar").exists()


def test_metro_entrances_are_read_where_they_lie(settings: DjangoSettings, tmp_path: Path, data_dir: Path) -> None:
    table = tmp_path / "stockholm-tunnelbaneuppgangar" / "uppgangar.csv"
    table.parent.mkdir()
    table.write_text("station,uppgang,lat,lon\nT-Centralen,Norra,59.3321,18.0631\n", encoding="utf-8")
    settings.LAGESBILD = _with_shared_data(settings, tmp_path)

    assert _load_ground("klara") == []

    layer = BaseLayer.objects.get(slug="tunnelbaneuppgangar")
    assert "18.0631" in layer.geojson
    assert "T-Centralen – Norra" in points_as_geojson(table)


def test_the_exercise_on_the_real_ground_is_the_same_every_time_and_keeps_to_land() -> None:
    world = read_world(worlds_folder() / "klara")
    source = world.sources[0]

    first = exercise_bytes(world, source)

    assert first == exercise_bytes(world, source)
    assert len(first.splitlines()) == 1 + 15_851 + 14_261


def test_the_exercise_keeps_to_the_land_of_klara_and_its_places_lie_there() -> None:
    world = read_world(worlds_folder() / "klara")
    assert world.sources[0].exercise is not None
    plan = read_plan(world.sources[0].exercise)
    ground = read_ground(world, plan)
    water = shapely.union_all(read_shapes(worlds_folder() / "klara" / "vatten.gpkg", 3006).shapes)

    assert not ground.district.intersects(water)
    assert 600_000 < ground.district.area < 772_000
    assert {name for name in plan.place_names() if not ground.places[name].within(ground.district.buffer(3))} == set()


def _with_shared_data(settings: DjangoSettings, folder: Path) -> Configuration:
    return Configuration({**settings.LAGESBILD.values, "shared_data": folder})


def _load_ground(slug: str) -> list[str]:
    """Parties and ground only; what was skipped."""
    world = _without_incidents(slug)
    collaboration, organisations = load_parties(world)
    return load_places.load(world, collaboration, organisations[world.collaboration.owner])


def _without_incidents(slug: str) -> World:
    world = read_world(worlds_folder() / slug)
    return replace(world, sources=(), area_sets=world.area_sets[:1], facts=(), series=None, places=None)
