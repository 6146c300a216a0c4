"""The action plan in a real browser: decided from a matter, done with a photo on a phone; every view, both sizes."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from lagesbild.cooperation.actions import handling, plan
from lagesbild.cooperation.models import Action, Evidence
from lagesbild.core import clock
from tests.browser.conftest import PHONE
from tests.cast import Cast
from tests.cooperation.matters.world import EAST, NORTH, a_matter, make_world
from tests.cooperation.plan.builders import PLAN, a_photo, an_action

SignIn = Callable[[Page, str], None]
Look = Callable[[Page], None]
Shot = Callable[[Page, str], None]
Open = Callable[..., Page]


def test_an_action_is_decided_from_a_matter_and_done_with_a_photo_on_a_phone(
    cast: Cast, open_page: Open, sign_in: SignIn, axe: Look, shot: Shot, settings: Any, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    world = make_world(cast)
    handling.lift(cast.anna, a_matter(world), reason="Belysning")
    coordinator = open_page(**PHONE)
    sign_in(coordinator, "anna@example.org")
    coordinator.goto("/c/ekby/matters/1/")
    coordinator.get_by_role("link", name="Besluta en åtgärd").click()
    coordinator.get_by_label("Vad som ska göras").fill("Byt lampan under bron")
    coordinator.get_by_label("Vem som gör det").select_option(label="Gatukontoret")
    coordinator.get_by_role("button", name="Besluta en åtgärd").click()
    coordinator.get_by_role("link", name="#1 Byt lampan under bron").click()
    expect(coordinator.get_by_role("heading", level=1)).to_contain_text("Byt lampan under bron")

    greta = open_page(**PHONE)
    sign_in(greta, "greta@example.org")
    greta.goto(f"{PLAN}?mine=1")
    greta.get_by_role("link", name="#1 Byt lampan under bron").click()
    axe(greta)
    shot(greta, "action-open")
    greta.get_by_label("Med några ord").fill("Bytt till LED.")
    photo = {"name": "IMG_20260302.jpg", "mimeType": "image/jpeg", "buffer": a_photo()}
    greta.locator("section[aria-labelledby=next-title] input[type=file]").set_input_files(photo)
    greta.get_by_role("button", name="Den är utförd").click()
    picture = greta.locator(".plan-evidence img")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.complete && image.naturalWidth") == 64
    axe(greta)
    shot(greta, "action-done")
    got = greta.request.get(f"{PLAN}1/evidence/{Evidence.objects.get().pk}/").body()
    with Image.open(io.BytesIO(got)) as image:
        assert not image.getexif()
    coordinator.goto("/c/ekby/matters/1/")
    expect(coordinator.get_by_text("Alla åtgärder är avslutade. Är ärendet löst?")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, {"viewport": {"width": 1440, "height": 900}}], ids=["phone", "desktop"])
def test_every_view_of_the_plan_is_in_order(
    cast: Cast, open_page: Open, sign_in: SignIn, axe: Look, shot: Shot, theme: str, size: dict[str, Any]
) -> None:
    world = make_world(cast)
    today = clock.today()
    types = ["approach:situational", "cpted:maintenance", "form:physical"]
    for number, title in enumerate(
        ("Byt lampan under bron", "Klipp buskarna vid muren", "Flytta soffan", "Laga räcket")
    ):
        due = today + timedelta(days=7 * number - 9)
        an_action(world, title, due_on=due, types=types, location="bron", x=EAST + 50 * number, y=NORTH, cost_sek=9500)
    first, second, third, fourth = Action.objects.order_by("number")
    plan.set_dependencies(cast.anna, second, [first], seen=1)
    plan.start_action(world.greta, third)
    plan.complete_action(world.greta, fourth, note="Lagat")
    page = open_page(**size, color_scheme=theme)
    sign_in(page, "anna@example.org")
    for view in ("list", "board", "calendar", "map"):
        page.goto(f"{PLAN}?view={view}")
        if view == "map":
            page.locator("lagesbild-map canvas").first.wait_for()
        axe(page)
        shot(page, f"plan-{view}-{theme}")
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), view
    for address in ("1/", "1/edit/", "new/", "2/waits-for/"):
        page.goto(PLAN + address)
        axe(page)
        shot(page, f"plan-{address.replace('/', '')}-{theme}")
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), address


def test_the_board_and_the_bulk_change_need_no_mouse_and_the_filter_changes_the_list_at_once(
    cast: Cast, page: Page, sign_in: SignIn, axe: Look, shot: Shot
) -> None:
    world = make_world(cast)
    an_action(world, "Byt lampan")
    an_action(world, "Klipp busken", responsible=cast.housing)
    sign_in(page, "anna@example.org")
    page.goto(f"{PLAN}?view=board")
    page.get_by_role("button", name=re.compile("Påbörja.*Byt lampan")).press("Enter")
    expect(page.get_by_role("region", name="Pågår")).to_contain_text("Byt lampan")
    page.goto(PLAN)
    if page.locator("details.fold:not([open])").count():
        page.locator("details.fold summary").click()
    page.get_by_label("Ansvarig").select_option(label="Ekbyhem AB")
    expect(page.locator("#plan")).not_to_contain_text("Byt lampan")
    page.get_by_label("Välj Klipp busken").press("Space")
    page.get_by_role("button", name="Ändra de valda").press("Enter")
    axe(page)
    shot(page, "plan-bulk")
    page.get_by_label("Klart senast").fill("2026-12-24")
    page.get_by_role("button", name="Ändra alla").click()
    expect(page.get_by_text("1 åtgärd är ändrad.")).to_be_visible()
    assert str(Action.objects.get(number=2).due_on) == "2026-12-24"
