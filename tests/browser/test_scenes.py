"""Scenes in a browser: assessed, an index tried and stored, a finding dismissed, a letter sent; pages for everybody."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from lagesbild.observations.store import IncidentStore
from lagesbild.places import actions as places
from lagesbild.places.actions.places import PlaceText
from lagesbild.places.ground import circle
from lagesbild.scenes import actions
from lagesbild.scenes.models import FeedbackLetter, IndexRecipe, OriginTable, Scene
from tests.browser.conftest import DESKTOP, PHONE
from tests.cast import Cast
from tests.cooperation.matters.world import a_matter, make_world
from tests.fieldreports.builders import a_report, categories
from tests.observations.frames import frame, incident
from tests.observations.world import category, source
from tests.places.builders import EAST, NORTH
from tests.scenes.permissions import a_round, an_assessment, an_origin_table
from tests.scenes.test_guests import YEARS

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene(cast: Cast) -> Scene:
    """A square with everything: a place, a ground, incidents of two years, reports, five matters, three assessments."""
    ground = circle(EAST, NORTH, 60.0, crs=3006, working_crs=3006)
    place = places.create_place(cast.anna, PlaceText("Torget", "Ekby"), ground)
    scene = actions.ensure_scene(cast.municipality, "Torget", place=place, crime="Öppen försäljning", actor=None)
    actions.outline_scene(scene, a_round(cast), ground, source="Ritad", actor=None)
    for year, answers in ((2023, ["yes"] * 5), (2024, ["yes"] * 6 + ["partly"])):
        an_assessment(cast, scene, year, *answers)
    police = source(cast.municipality, "polisen")
    category(cast.ekby, "narcotics", None, (police, "Narkotika"))
    where = {"x": EAST, "y": NORTH, "source_type": "Narkotika"}
    days = [f"{year}-{month:02}-{day:02}" for year in (2023, 2024) for month in range(1, 13) for day in (3, 28)]
    rows = [incident(f"i{number}", day, **where) for number, day in enumerate(days)]  # type: ignore[arg-type]
    IncidentStore("ekby").commit(frame(*rows), source=police.slug, batch_id=1)
    categories(cast)
    a_report(cast.anna, "order")
    world = make_world(cast)
    for number in range(5):
        a_matter(world, cast.anna, title=f"Sak {number}", place=place, sharing="partners")
    an_origin_table(cast, YEARS)
    return scene


def pages(scene: Scene) -> list[tuple[str, str]]:
    """Every page of the subject, by name."""
    own, place = [scene.pk], [scene.place.pk if scene.place else 0]
    said: list[tuple[str, list[int]]] = [
        ("scenes", []),
        ("scene", own),
        ("scene_edit", own),
        ("scene_outline", own),
        ("round_new", []),
        ("scene_index", own),
        ("recipe_new", own),
        ("assess", own),
        ("agreement", []),
        ("deep_dive", place),
        ("watch", []),
        ("guests", []),
        ("origins_new", []),
        ("origins", [OriginTable.objects.get().pk]),
        ("letter", [FeedbackLetter.objects.get().pk]),
    ]
    recipe = IndexRecipe.objects.get()
    return [
        *((name, reverse(f"scenes:{name}", args=["ekby", *key])) for name, key in said),
        ("figure", reverse("scenes:figure", args=["ekby", scene.pk, recipe.pk, 1])),
    ]


def test_a_scene_is_assessed_its_index_tried_a_finding_dismissed_and_a_letter_sent(
    cast: Cast, scene: Scene, page_desktop: Page, sign_in: Callable[[Page, str], None], axe: Callable[[Page], None]
) -> None:
    page = page_desktop
    sign_in(page, cast.anna.user.email)
    page.goto(reverse("scenes:assess", args=["ekby", scene.pk]))
    page.get_by_label("År", exact=True).fill("2025")
    for number in range(1, 8):
        page.locator(f"input[name=answer_{number}][value=yes]").check()
    page.get_by_role("button", name="Spara bedömningen").click()
    expect(page.locator("table.scene-years tfoot")).to_contain_text("kvalificerad")

    page.goto(reverse("scenes:recipe_new", args=["ekby", scene.pk]) + "?indicator=7")
    page.get_by_label("Varför dessa tal och skalor").fill("Prov")
    figure = page.locator("fieldset.figure-of-recipe").first
    expect(figure.get_by_label("Vikt")).to_be_hidden()
    figure.get_by_label("Vad talet är").select_option("incidents")
    figure.get_by_label("Vikt").fill("1")
    figure.get_by_label("Ger 0 vid").fill("0")
    figure.get_by_label("Ger 100 vid").fill("48")
    page.get_by_role("button", name="Prova").click()
    expect(page.locator("#tried")).to_contain_text("24")
    axe(page)
    page.get_by_role("button", name="Spara").click()
    page.get_by_role("link", name="2024", exact=True).click()
    expect(page.locator("#index-7").locator("..").locator("..")).to_contain_text("50")
    page.get_by_role("link", name="Händelser, antal per år på ytan").click()
    expect(page.locator("tr.selected")).to_contain_text("24")

    page.goto(reverse("scenes:watch", args=["ekby"]))
    finding = page.locator("article.watched li").filter(has_text="5 ärenden är öppna")
    finding.locator("summary").click()
    finding.locator("textarea").fill("Mötet tar dem")
    finding.get_by_role("button").click()
    expect(page.locator("main")).to_contain_text("Mötet tar dem")

    page.goto(reverse("scenes:origins", args=["ekby", OriginTable.objects.get().pk]))
    page.get_by_role("button", name="Nacka").click()
    page.get_by_label("Skickat till").fill("Nacka kommun, registrator")
    page.get_by_role("button", name="Anteckna som skickat").click()
    expect(page.locator("main")).to_contain_text("Nacka kommun, registrator")
    axe(page)


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "dark"), (DESKTOP, "light")], ids=["phone", "desktop"])
def test_every_page_of_scenes_is_for_everybody(
    cast: Cast,
    scene: Scene,
    open_page: Callable[..., Page],
    sign_in: Callable[[Page, str], None],
    axe: Callable[[Page], None],
    shot: Callable[[Page, str], None],
    size: dict[str, object],
    scheme: str,
) -> None:
    part = {"kind": "incidents", "query": "category=narcotics", "weight": 1.0, "zero_at": 0.0, "hundred_at": 48.0}
    actions.record_recipe(cast.municipality, scene, 7, [part], actor=None)
    actions.draft_letter(cast.anna, OriginTable.objects.get(), "Nacka", (2022, ""))
    page = open_page(**size, color_scheme=scheme)
    sign_in(page, cast.anna.user.email)
    for name, path in pages(scene):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        axe(page)
        width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert width <= 0, f"{name} is {width} px wider than the screen"
        shot(page, f"scenes-{scheme}-{name}")
