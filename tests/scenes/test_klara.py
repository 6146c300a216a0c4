"""Klara's scenes reproduce the by-year table of the report: seven of seven, three years."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from lagesbild.accounts.models import Organisation
from lagesbild.scenes import origins, queries
from lagesbild.scenes.counting import Kind, Spec
from lagesbild.scenes.models import Assessment, IndexRecipe, OriginTable, RoundCount, Scene
from lagesbild.scenes.rule import Grade
from lagesbild.worlds import load_scenes
from lagesbild.worlds.actions import load_parties
from lagesbild.worlds.description import read_world, worlds_folder

pytestmark = pytest.mark.django_db
READ_TWICE = Path(__file__).parent.parent / "goals" / "v_tables.toml"


@pytest.fixture
def owner(data_dir: Path) -> Iterator[Organisation]:
    with translation.override("sv"):
        world = read_world(worlds_folder() / "klara")
        collaboration, organisations = load_parties(world)
        owner = organisations[world.collaboration.owner]
        load_scenes.load(world, collaboration, owner)
        yield owner


def test_the_by_year_table_is_that_of_the_report(owner: Organisation) -> None:
    """Held against a second reading of the report, made separately from what the loader reads."""
    printed = tomllib.loads(READ_TWICE.read_text(encoding="utf-8"))["tables"][0]
    scene = queries.scene_named(owner.collaboration, "Sergels torg med omnejd")
    assert scene is not None
    table = queries.by_year(queries.assessments_of(scene), {})
    shown = [[str(each.statement), *(str(cell.text).lower() for cell in cells)] for each, cells in table.rows]
    years = [column for column in printed["columns"] if column.isdigit()]
    assert [str(year) for year in table.years] == years[:3]
    assert shown == [row[:4] for row in printed["rows"]]
    assert {row[4] for row in printed["rows"]} == {""}  # 2020: to come, and so not in the table
    assert [result and (result.n_yes, result.low) for _year, result in table.results] == [(7, Grade.ALL)] * 3


def test_both_counts_of_scenes_stand_with_their_source(owner: Organisation) -> None:
    assert sorted(RoundCount.objects.values_list("n_scenes", flat=True)) == [53, 59]
    assert RoundCount.objects.exclude(source="").count() == 2


def test_what_the_report_does_not_assess_is_not_assessed_here(owner: Organisation) -> None:
    vasagatan = Scene.objects.get(name="Vasagatan")
    assert not vasagatan.assessments.exists()


def test_shares_of_origin_are_as_printed_and_hold_no_counts(owner: Organisation) -> None:
    table = OriginTable.objects.get()
    view = origins.view_of(table)
    shares = {line.origin: line.cells[0].text for line in view.lines}
    assert list(shares.values()) == ["36\u00a0%", "44\u00a0%", "19\u00a0%", "1\u00a0%"]
    assert table.is_published
    assert not table.counts.exclude(count=None).exists()
    assert "Sergels torg" in table.source


def test_loading_again_changes_nothing(owner: Organisation) -> None:
    load_scenes.load(read_world(worlds_folder() / "klara"), owner.collaboration, owner)
    assert (Scene.objects.count(), Assessment.objects.count()) == (2, 3)


def test_recipes_say_that_they_are_an_exercise_and_count_in_the_district_of_klara(owner: Organisation) -> None:
    recipes = list(IndexRecipe.objects.all())
    assert sorted((str(each.scene), each.indicator) for each in recipes) == [
        ("Sergels torg med omnejd", 1),
        ("Sergels torg med omnejd", 2),
        ("Sergels torg med omnejd", 3),
        ("Sergels torg med omnejd", 7),
        ("Vasagatan", 3),
        ("Vasagatan", 7),
    ]
    assert all(str(each.note).startswith("Övning") for each in recipes)
    counted = [spec for each in recipes for part in each.parts if (spec := Spec.of_part(part))]
    assert {spec.area for spec in counted if spec.kind == Kind.INCIDENTS} == {"nyko5:10102"}


def test_outlines_are_of_the_size_of_a_square_and_said_to_be_drawn_by_hand(owner: Organisation) -> None:
    for scene in Scene.objects.all():
        [outline] = queries.outlines_of(scene)
        assert 10_000 < outline.area_m2 < 60_000
        assert "hand" in outline.source
