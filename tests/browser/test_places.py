"""Places in a real browser: drawn with the pointer, typed with the keyboard, and areas imported; on both sizes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from lagesbild.places import actions
from lagesbild.places.models import Place
from tests.cast import Cast
from tests.places.builders import EAST, NORTH, a_board, board

SignIn = Callable[[Page, str], None]
Look = Callable[[Page], None]
Shot = Callable[[Page, str], None]


def _ready(page: Page) -> None:
    page.locator("lagesbild-map canvas").first.wait_for()


def test_a_place_is_drawn_typed_and_found_again(
    cast: Cast, tmp_path: Path, page: Page, sign_in: SignIn, axe: Look, shot: Shot
) -> None:
    actions.ensure_place_type(cast.ekby, "torg", name="Torg", actor=None)
    a_board(cast, tmp_path)
    sign_in(page, "anna@example.org")
    page.goto("/c/ekby/places/new/")
    _ready(page)
    page.locator(".map__tools").wait_for()  # drawing has begun
    page.fill("[name=name]", "Ritade torget")
    shown = page.locator("lagesbild-map")
    shown.scroll_into_view_if_needed()
    box = shown.bounding_box()
    assert box
    for number, (dx, dy) in enumerate(((0.4, 0.5), (0.6, 0.5), (0.6, 0.7), (0.4, 0.7)), start=1):
        shown.click(position={"x": box["width"] * dx, "y": box["height"] * dy})
        expect(page.locator(".map__handle")).to_have_count(number)
    page.keyboard.press("Enter")
    expect(page.locator("[name=geometry]")).not_to_have_value("")
    axe(page)
    shot(page, "place-drawn")
    page.get_by_role("button", name="Spara").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ritade torget")
    axe(page)
    shot(page, "place")

    page.goto("/c/ekby/places/new/")
    page.fill("[name=name]", "Skrivna torget")
    page.get_by_label("Punkt med radie").check()
    page.get_by_text("Skriv koordinater", exact=True).click()
    page.fill("[name=coordinates]", f"{NORTH + 500}, {EAST + 500}")
    page.fill("[name=radius_m]", "40")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Skrivna torget")
    assert Place.objects.get(name="Skrivna torget").x == EAST + 500
    assert Place.objects.get(name="Ritade torget").radius_m is None

    page.goto("/c/ekby/places/")
    _ready(page)
    page.get_by_role("button", name="Visa Skrivna torget").click()
    axe(page)
    shot(page, "places")


def test_areas_are_imported_after_they_have_been_seen(
    cast: Cast, tmp_path: Path, page: Page, sign_in: SignIn, axe: Look, shot: Shot
) -> None:
    sign_in(page, "anna@example.org")
    page.goto("/c/ekby/areas/import/")
    axe(page)
    page.set_input_files("[name=file]", board(tmp_path))
    page.fill("[name=name]", "Rutor")
    page.fill("[name=source]", "Ritade för provet")
    page.get_by_role("button", name="Läs filen").click()
    page.get_by_role("button", name="Kontrollera filen").click()
    _ready(page)
    axe(page)
    shot(page, "areas-check")
    page.get_by_role("button", name="Spara områdena").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rutor")
    _ready(page)
    axe(page)
    shot(page, "area-set")
    page.get_by_role("link", name="Ruta 00").click()
    axe(page)
