"""The descriptions of the example worlds agree with themselves and with their files."""

from __future__ import annotations

import csv
import json

import pyogrio
import pytest

from lagesbild.accounts.models import Role
from lagesbild.core.privacy import find_personal_numbers
from lagesbild.observations.models import Detection
from lagesbild.places.models import BaseLayerKind, FactKind
from lagesbild.worlds.description import WORLD_SLUGS, World, read_world, worlds_folder
from lagesbild.worlds.exercise_plan import read_plan
from tests.shared_data import shared_data

pytestmark = pytest.mark.one_database


@pytest.fixture(params=WORLD_SLUGS)
def world(request: pytest.FixtureRequest) -> World:
    return read_world(worlds_folder() / str(request.param))


def _rows(path: object) -> list[dict[str, str]]:
    with open(str(path), encoding="utf-8", newline="") as opened:  # noqa: PTH123
        return list(csv.DictReader(opened))


def test_every_file_named_is_there(world: World) -> None:
    named = [each.file for each in world.area_sets]
    named += [each.file for each in world.base_layers if each.file]
    named += [path for each in world.sources for path in (each.file, each.exercise, each.types) if path]
    named += [path for path in (world.places, world.series, *world.facts) if path]

    assert [path for path in named if not path.is_file()] == []


def test_people_have_a_function_that_exists_and_a_role(world: World) -> None:
    functions = {(o.slug, f.name) for o in world.organisations for f in o.functions}

    assert {(user.organisation, user.function) for user in world.users} <= functions
    assert {user.role for user in world.users} <= set(Role.values)
    assert world.collaboration.owner in {o.slug for o in world.organisations}
    assert {source.owner for source in world.sources} <= {o.slug for o in world.organisations}


def test_klara_has_a_person_for_each_role() -> None:
    assert {user.role for user in read_world(worlds_folder() / "klara").users} == set(Role.values)


def test_cecilia_is_in_no_world_of_anna() -> None:
    people = {slug: {user.name for user in read_world(worlds_folder() / slug).users} for slug in WORLD_SLUGS}

    assert not [slug for slug, names in people.items() if {"Anna", "Cecilia"} <= names]
    assert "Cecilia" in people["san-francisco"]


def test_parents_come_before_children(world: World) -> None:
    for items, parent in ((world.area_sets, "parent_set"), (world.categories, "parent")):
        seen: set[str] = set()
        for item in items:
            wanted = getattr(item, parent)
            assert wanted is None or wanted in seen
            seen.add(getattr(item, "slug", None) or getattr(item, "code", ""))


def test_every_type_leads_to_a_category(world: World) -> None:
    codes = {category.code for category in world.categories}
    mapped = {row["category"] for each in world.sources if each.types for row in _rows(each.types)}
    mapped |= {kind.category for each in world.sources if each.exercise for kind in read_plan(each.exercise).kinds}
    mapped |= {row["category"] for row in (_rows(world.series) if world.series else []) if row["category"]}

    assert mapped <= codes


def test_all_types_of_the_police_notices_are_mapped_once_and_no_other() -> None:
    counted = json.loads((shared_data("polisen-events") / "type-counts.json").read_text(encoding="utf-8"))["types"]
    mapped = [row["source_type"] for row in _rows(worlds_folder() / "sverige" / "types.csv")]

    assert len(mapped) == 97
    assert sorted(mapped) == sorted(counted)


def test_drug_offences_are_said_to_be_found_by_the_police(world: World) -> None:
    narcotics = next(category for category in world.categories if category.code == "narcotics")

    assert narcotics.detection == Detection.DETECTED
    assert any("Upptäcktsbrott" in caveat.text for caveat in narcotics.caveats)


def test_caveats_are_in_both_languages_with_a_citation(world: World) -> None:
    caveats = [caveat for each in (*world.categories, *world.sources) for caveat in each.caveats]

    assert caveats
    assert all(caveat.text and caveat.text_en and caveat.citation for caveat in caveats)


def test_choices_are_those_of_the_models(world: World) -> None:
    facts = [row for path in world.facts for row in _rows(path)]

    assert {category.detection for category in world.categories} <= set(Detection.values)
    assert {layer.kind for layer in world.base_layers} <= set(BaseLayerKind.values)
    assert {row["kind"] for row in facts} <= set(FactKind.values)
    assert all(bool(row["area_code"]) != bool(row["place"]) for row in facts)


def test_facts_and_series_are_about_areas_and_places_that_exist(world: World) -> None:
    codes = {
        (each.slug, str(code))
        for each in world.area_sets
        for code in pyogrio.read_dataframe(each.file, read_geometry=False)[each.code]
    }
    features = json.loads(world.places.read_text(encoding="utf-8"))["features"] if world.places else []
    places = {feature["properties"]["name"] for feature in features}
    rows = [row for path in world.facts for row in _rows(path)]
    rows += _rows(world.series) if world.series else []

    assert {(row["area_set"], row["area_code"]) for row in rows if row["area_code"]} <= codes
    assert {row["place"] for row in rows if row.get("place")} <= places


def test_places_have_known_types_and_a_source(world: World) -> None:
    features = json.loads(world.places.read_text(encoding="utf-8"))["features"] if world.places else []
    known = {each.code for each in world.place_types}

    assert {code for feature in features for code in feature["properties"]["types"]} <= known
    assert all(feature["properties"]["source"] for feature in features)
    for feature in features:
        assert (feature["geometry"]["type"] == "Point") == bool(feature["properties"]["radius_m"])


def test_nothing_written_for_the_worlds_points_out_a_person(world: World) -> None:
    texts = [path.read_text(encoding="utf-8") for path in world.folder.iterdir() if path.suffix in (".toml", ".md")]

    assert not [text for text in texts if find_personal_numbers(text)]


def test_klara_is_eleven_areas_with_the_residents_the_report_tells_of() -> None:
    areas = pyogrio.read_dataframe(worlds_folder() / "klara" / "basomraden.gpkg", read_geometry=False)
    klara = areas[areas["parent_code"] == "10102"]

    assert len(areas) == 419
    assert len(klara) == 11
    assert klara["residents_2016"].sum() == 1814


def test_no_data_set_without_a_licence_is_copied() -> None:
    names = {path.name for path in worlds_folder().rglob("*") if path.is_file()}

    assert not [name for name in names if "uppgang" in name.lower() and not name.endswith(".toml")]
