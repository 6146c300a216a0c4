"""What is counted on the ground of a scene: by year, by ground, by kind, and never more than one may see."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
import shapely
from django.test import Client
from django.urls import reverse

from lagesbild.core import clock
from lagesbild.observations.models import Source
from lagesbild.observations.store import IncidentStore
from lagesbild.places.ground import circle
from lagesbild.places.models import Area, AreaSet, AreaSetVersion
from lagesbild.scenes import actions, index_values
from lagesbild.scenes.counting import Counts, Kind, Spec, Tally
from lagesbild.scenes.models import IndexRecipe, Scene
from tests.cast import Cast
from tests.cooperation.matters.world import a_matter, make_world
from tests.fieldreports.builders import a_report, categories
from tests.observations.frames import frame, incident
from tests.observations.world import category, source
from tests.scenes.permissions import a_round, a_scene

pytestmark = pytest.mark.django_db
EAST, NORTH = 674_000.0, 6_581_000.0  # the middle of `a_scene`, whose radius is fifty metres


def at(dx: float = 0.0, year: int = 2024, **more: Any) -> dict[str, Any]:
    """An incident so many metres east of the middle."""
    return {"on": f"{year}-06-10", "x": EAST + dx, "y": NORTH, "source_type": "Narkotika", **more}


def stored(cast: Cast, *rows: dict[str, Any], owner: Any = None, slug: str = "polisen") -> Source:
    """Incidents of one source, which reaches from January 2023 to December 2024."""
    police = source(owner or cast.municipality, slug)
    category(cast.ekby, "narcotics", None, (police, "Narkotika"))
    category(cast.ekby, "damage", None, (police, "Skadegörelse"))
    ends = [{"on": day, "x": EAST + 5_000, "y": NORTH} for day in ("2023-01-02", "2024-12-30")]
    numbered = [incident(f"i{number}", **row) for number, row in enumerate([*rows, *ends])]
    IncidentStore("ekby").commit(frame(*numbered), source=slug, batch_id=1)
    return police


def tally(who: Any, scene: Scene, spec: Spec) -> Tally:
    return Counts(who, [scene]).of(scene.pk, spec)


def n_by_year(found: Tally) -> dict[int, int | None]:
    return {year: each.n for year, each in sorted(found.years.items())}


def a_district(cast: Cast, *, half_m: float = 1_000.0) -> str:
    """A square around the scene."""
    area_set = AreaSet.objects.create(collaboration=cast.ekby, owner=cast.municipality, slug="delar", name="Delar")
    version = AreaSetVersion.objects.create(
        area_set=area_set, number=1, source="prov", imported_crs="EPSG:3006", imported_at=clock.now()
    )
    box = shapely.box(EAST - half_m, NORTH - half_m, EAST + half_m, NORTH + half_m)
    west, south, east, north = box.bounds
    bounds = {"min_x": west, "min_y": south, "max_x": east, "max_y": north, "label_x": EAST, "label_y": NORTH}
    Area.objects.create(
        version=version, code="1", name="Mitten", geometry=shapely.to_wkb(box), area_m2=box.area, **bounds
    )
    return "delar:1"


def test_incidents_on_the_ground_are_counted_by_year_and_a_year_without_data_is_not_zero(cast: Cast) -> None:
    stored(cast, at(), at(49.0), at(51.0), at(year=2023, source_type="Skadegörelse"))
    scene = a_scene(cast)
    everything = tally(cast.anna, scene, Spec(Kind.INCIDENTS))
    assert n_by_year(everything) == {2023: 1, 2024: 2}
    drugs = tally(cast.anna, scene, Spec(Kind.INCIDENTS, "category=narcotics"))
    assert n_by_year(drugs) == {2023: 0, 2024: 2}
    assert drugs.years[2024].low == pytest.approx(0.2422, abs=1e-4)  # Garwood, two
    around = tally(cast.anna, scene, Spec(Kind.INCIDENTS, "category=narcotics", around_m=100))
    assert n_by_year(around) == {2023: 0, 2024: 3}
    at_night = tally(cast.anna, scene, Spec(Kind.INCIDENTS, "category=narcotics&hour=22-4"))
    assert n_by_year(at_night) == {2023: 0, 2024: 0}


def test_a_year_that_the_source_reaches_only_in_part_is_said_to_be_one(cast: Cast) -> None:
    police = source(cast.municipality, "polisen")
    rows = [incident("a", "2023-04-02", x=EAST, y=NORTH), incident("b", "2024-12-30", x=EAST, y=NORTH)]
    IncidentStore("ekby").commit(frame(*rows), source=police.slug, batch_id=1)
    found = tally(cast.anna, a_scene(cast), Spec(Kind.INCIDENTS))
    assert {year: each.is_partial for year, each in found.years.items()} == {2023: True, 2024: False}


def test_only_incidents_with_a_place_of_their_own_count(cast: Cast) -> None:
    stored(cast, at(), at(precision="street"), at(precision="area"), at(precision="none", x=None, y=None))
    assert n_by_year(tally(cast.anna, a_scene(cast), Spec(Kind.INCIDENTS)))[2024] == 2


def test_the_ground_is_held_against_the_rest_of_its_area(cast: Cast) -> None:
    area = a_district(cast)
    mitten = Area.objects.get(code="1")
    lies = {f"area_{mitten.version.area_set_id}": mitten.pk}
    stored(cast, *[at(**lies)] * 6, *[at(500.0, **lies)] * 12, at(2_000.0))
    found = tally(cast.anna, a_scene(cast), Spec(Kind.INCIDENTS, "category=narcotics", area=area))
    circle = found.ground_m2
    year = found.years[2024]
    assert (year.n, year.outside) == (6, 12)
    assert year.value == pytest.approx((6 / circle) / (12 / (4_000_000 - circle)))
    assert year.low is not None
    assert year.high is not None
    assert year.value is not None
    assert year.low < year.value < year.high
    assert found.years[2023].value is None  # nothing in the rest: no number of times


def test_small_numbers_of_another_organisation_are_hidden_and_not_used(cast: Cast) -> None:
    stored(cast, *[at()] * 4, owner=cast.municipality)
    scene = a_scene(cast)
    part = {"kind": "incidents", "query": "", "weight": 1.0, "zero_at": 0.0, "hundred_at": 10.0}
    actions.record_recipe(cast.municipality, scene, 3, [part], actor=None)
    assert n_by_year(tally(cast.anna, scene, Spec(Kind.INCIDENTS)))[2024] == 4
    hidden = tally(cast.bo, scene, Spec(Kind.INCIDENTS)).years[2024]
    assert (hidden.n, hidden.value, hidden.low, hidden.is_hidden) == (None, None, None, True)
    row = index_values.of_scene(cast.bo, scene, 2024).rows[2]
    assert row.result is not None
    assert row.result.value is None
    assert tally(cast.bo, scene, Spec(Kind.INCIDENTS)).years[2023].n == 0  # nothing is no secret


def test_reports_count_by_their_point_or_by_the_name_of_the_place(cast: Cast) -> None:
    categories(cast)
    scene = a_scene(cast)
    here = -1_000.0  # the builder's middle lies a kilometre south of the scene
    a_report(cast.anna, "drugs", when=datetime(2026, 3, 1, 20, tzinfo=UTC))
    outline = scene.outlines.get()
    moved = shapely.affinity.translate(shapely.from_wkb(bytes(outline.geometry)), 0.0, here)
    outline.geometry = shapely.to_wkb(moved)
    outline.save()
    drugs = Spec(Kind.REPORTS, "category=drugs")
    assert n_by_year(tally(cast.anna, scene, drugs)) == {2026: 1}
    assert n_by_year(tally(cast.anna, scene, Spec(Kind.REPORTS, "category=order"))) == {2026: 0}
    assert n_by_year(tally(cast.anna, scene, Spec(Kind.REPORTS, "category=drugs&hour=1-5"))) == {2026: 0}
    a_report(cast.anna, "drugs", dx=80.0, when=datetime(2026, 3, 1, 20, tzinfo=UTC))
    assert n_by_year(tally(cast.anna, scene, drugs)) == {2026: 1}
    a_report(cast.anna, "drugs", when=datetime(2026, 3, 1, 20, tzinfo=UTC), sharing="own")
    assert n_by_year(tally(cast.anna, scene, drugs)) == {2026: 2}
    assert n_by_year(tally(cast.bo, scene, drugs)) == {2026: 1}


def test_matters_count_in_the_year_they_were_raised(cast: Cast) -> None:
    world = make_world(cast)
    a_matter(world, cast.anna, x=EAST + 10.0, y=NORTH, sharing="partners")
    a_matter(world, cast.anna, x=EAST + 70.0, y=NORTH, sharing="partners", location="längre bort")
    year = clock.today("Europe/Stockholm").year
    found = tally(cast.anna, a_scene(cast), Spec(Kind.MATTERS))
    assert n_by_year(found) == {year: 1}
    assert found.years[year].is_partial


def test_every_year_is_counted_on_the_newest_ground(cast: Cast) -> None:
    stored(cast, at(year=2023), at(year=2024))
    scene = a_scene(cast)
    later = a_round(cast, "Kartläggning 2025", on=date(2025, 5, 1))
    away = circle(EAST + 3_000.0, NORTH, 50.0, crs=3006, working_crs=3006)
    actions.outline_scene(scene, later, away, source="Ritad", actor=None)
    assert n_by_year(tally(cast.anna, scene, Spec(Kind.INCIDENTS))) == {2023: 0, 2024: 0}


def test_a_counted_figure_leads_back_to_what_was_counted(cast: Cast, client: Client) -> None:
    stored(cast, *[at()] * 7)
    scene = a_scene(cast)
    part = {"kind": "incidents", "query": "category=narcotics", "weight": 1.0, "zero_at": 0.0, "hundred_at": 10.0}
    recipe = actions.record_recipe(cast.municipality, scene, 3, [part, {**part, "kind": "matters"}], actor=None)
    client.force_login(cast.anna.user)
    page = client.get(reverse("scenes:scene_index", args=["ekby", scene.pk]) + "?year=2024")
    figure = page.context["rows"][2].figures[0]
    assert figure.part.value == 7.0
    assert figure.path in page.content.decode()
    traced = client.get(figure.path)
    trace = traced.context["trace"]
    assert (trace.year, dict(trace.rows)[2024].n, trace.tally.data_version) == (
        2024,
        7,
        IncidentStore("ekby").version(),
    )
    listed = client.get(trace.incidents)
    assert listed.context["page"].n_incidents == 7
    for number in (0, 3):
        assert client.get(reverse("scenes:figure", args=["ekby", scene.pk, recipe.pk, number])).status_code == 404
    other = a_scene(cast, "Parken")
    assert client.get(reverse("scenes:figure", args=["ekby", other.pk, recipe.pk, 1])).status_code == 404


def test_a_recipe_that_counts_what_is_unknown_is_missing_and_no_error(cast: Cast) -> None:
    stored(cast, at())
    scene = a_scene(cast)
    assert tally(cast.anna, scene, Spec(Kind.INCIDENTS, "category=finns-inte")).years == {}
    assert tally(cast.anna, scene, Spec(Kind.INCIDENTS, area="delar:finns-inte")).years == {}
    undrawn = a_scene(cast, "Parken", drawn=False)
    assert tally(cast.anna, undrawn, Spec(Kind.INCIDENTS)).years == {}


def rising(cast: Cast, before: int, now: int) -> list[index_values.Rise]:
    stored(cast, *[at(year=2023)] * before, *[at(year=2024)] * now)
    scene = a_scene(cast)
    part = {"kind": "incidents", "query": "category=narcotics", "weight": 1.0, "zero_at": 0.0, "hundred_at": 100.0}
    IndexRecipe.objects.all().delete()
    actions.record_recipe(cast.municipality, scene, 7, [part], actor=None)
    return index_values.rises(cast.anna, [scene])


def test_an_index_rises_when_its_interval_lies_above_that_of_the_year_before(cast: Cast) -> None:
    [rise] = rising(cast, 10, 40)
    assert (rise.indicator, rise.before.year, rise.now.year) == (7, 2023, 2024)
    assert (rise.before.result.value, rise.now.result.value) == (10.0, 40.0)


def test_an_index_does_not_rise_within_chance_and_not_downwards(cast: Cast) -> None:
    assert rising(cast, 20, 30) == []


def test_an_index_that_falls_does_not_rise(cast: Cast) -> None:
    assert rising(cast, 60, 10) == []
