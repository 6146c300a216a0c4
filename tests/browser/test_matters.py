"""A lamp under a bridge: raised on a phone at the evening's briefing, lifted, done with a photo, raised again a month
later. Each step leads on and back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from lagesbild.actors.actions.responsibility import ensure_entry
from lagesbild.actors.models import ObjectKind
from lagesbild.cooperation.actions import asking
from lagesbild.cooperation.models import Matter, MatterState
from lagesbild.core import clock
from tests.browser.conftest import DESKTOP, PHONE
from tests.cast import Cast
from tests.cooperation.forums.builders import an_open_meeting
from tests.cooperation.matters.world import World, make_world
from tests.cooperation.plan.builders import a_photo

pytestmark = pytest.mark.django_db(transaction=True)
BRIDGE = {"latitude": 59.3317, "longitude": 18.0577}
DESK = "/c/ekby/matters/"


@pytest.fixture
def world(cast: Cast) -> World:
    """The lamps are the roads office's."""
    made = make_world(cast)
    lamp = ObjectKind.objects.create(collaboration=cast.ekby, code="lamp", name="Lampa")
    ensure_entry(cast.municipality, actor=None, kind=lamp, organisation=made.roads, source="Väghållaravtal")
    return made


def test_a_lamp_is_raised_done_and_raised_again_and_the_guard_is_told(
    world: World,
    open_page: Callable[..., Page],
    sign_in: Callable[[Page, str], None],
    axe: Callable[[Page], None],
    shot: Callable[[Page, str], None],
) -> None:
    meeting = an_open_meeting(world.cast, world.evening, at=clock.now())
    guard = open_page(**PHONE, permissions=["geolocation"], geolocation=BRIDGE)
    sign_in(guard, "bo@example.org")
    guard.goto(f"/c/ekby/meetings/{meeting.pk}/briefing/")
    axe(guard)
    guard.get_by_role("link", name="Väck ett ärende").click()
    axe(guard)
    guard.get_by_role("radio", name="Lampa").check()
    guard.get_by_role("button", name="Jag är här nu").click()
    expect(guard.locator("[data-said]")).to_contain_text("Position")
    guard.get_by_label("Plats").fill("under bron, Vasagatan 24")
    shot(guard, "matter-raise")
    guard.get_by_role("button", name="Väck ärendet").click()
    expect(guard.get_by_role("heading", level=1)).to_contain_text("Lampa, under bron, Vasagatan 24")
    axe(guard)
    _there_and_back(guard, "mötet", f"/c/ekby/meetings/{meeting.pk}/")
    _there_and_back(guard, "Hela ärendet", f"{DESK}1/")

    office = open_page(**DESKTOP)
    sign_in(office, "anna@example.org")
    office.goto(DESK)
    axe(office)
    office.get_by_role("link", name="Lampa, under bron").click()
    axe(office)
    shot(office, "matter")
    _there_and_back(office, "mötet", f"/c/ekby/meetings/{meeting.pk}/")
    office.get_by_role("link", name="Lyft", exact=True).click()
    office.get_by_label("Varför").fill("Belysning hör hemma i Platssamverkan.")
    axe(office)
    office.get_by_role("button", name="Lyft").click()
    expect(office.locator("main")).to_contain_text("i Platssamverkan")
    expect(office.locator("main")).to_contain_text("Gatukontoret")  # found in the register
    office.get_by_role("button", name="Ta upp").click()
    office.get_by_role("link", name="Besluta en åtgärd").first.click()
    office.get_by_label("Vad som ska göras").fill("Byt lampan under bron")
    expect(office.get_by_label("Vem som gör det")).to_have_value("gatukontoret")
    office.get_by_role("button", name="Besluta en åtgärd").click()

    roads = open_page(**DESKTOP)
    sign_in(roads, "greta@example.org")
    roads.goto("/c/ekby/notices/")
    roads.get_by_role("button", name="Din organisation har fått åtgärd nr 1.").click()
    expect(roads.get_by_role("heading", level=1)).to_contain_text("Byt lampan under bron")
    axe(roads)
    roads.locator("section[aria-labelledby=next-title] input[type=file]").set_input_files(
        {"name": "IMG_20260302.jpg", "mimeType": "image/jpeg", "buffer": a_photo()}
    )
    roads.get_by_role("button", name="Den är utförd").click()
    expect(roads.locator(".plan-evidence img")).to_be_visible()
    roads.get_by_role("link", name="Lampa, under bron").last.click()
    expect(roads.locator("main")).to_contain_text("Åtgärd nr 1 är utförd.")
    _there_and_back(roads, "Åtgärd nr 1 är utförd.", "/c/ekby/actions/1/")

    office.reload()
    office.get_by_role("link", name="Avsluta som åtgärdat").first.click()
    office.get_by_label("Varför det avslutas").fill("Bytt och kontrollerad.")
    office.get_by_label("Återkoppling till dem som väckt ärendet").fill("Lampan lyser igen. Tack!")
    axe(office)
    office.get_by_role("button", name="Avsluta som åtgärdat").click()
    for stop in office.locator(".path a").all():  # forward along the path, and to the step behind each stop
        stop.click()
        target = (stop.get_attribute("href") or "").removeprefix("#")
        expect(office.locator(f"li[id='{target}']")).to_be_in_viewport()

    guard.goto(f"{DESK}mine/")
    axe(guard)
    shot(guard, "matters-mine")
    told = guard.locator(".card .matters-history > li")
    expect(told).to_have_count(4)
    expect(told.last).to_contain_text("Lampan lyser igen. Tack!")

    _a_month_later()
    guard.goto("/c/ekby/notices/")
    guard.get_by_role("button", name="Är det åtgärdat?").first.click()
    axe(guard)
    shot(guard, "matter-fixed")
    guard.get_by_role("button", name="Nej, det är det inte").click()
    expect(guard.locator("main")).to_contain_text("Återöppnat")
    assert Matter.objects.get().state == MatterState.RAISED

    for page, address in ((roads, "greta"), (_signed_in(open_page, sign_in, "hanna@example.org"), "hanna")):
        page.goto("/c/ekby/notices/")
        page.get_by_role("button", name="Ärende nr 1 har öppnats igen.").first.click()
        expect(page.get_by_role("heading", level=1), address).to_contain_text("Lampa, under bron")


def _there_and_back(page: Page, name: str, address: str) -> None:
    """The link leads there, and the browser's way back to where one was."""
    here = page.url
    page.get_by_role("link", name=name).first.click()
    page.wait_for_url(lambda now: now.endswith(address))
    page.go_back()
    page.wait_for_url(here)


def _a_month_later() -> None:
    matter = Matter.objects.get()
    with clock.frozen(clock.now() + timedelta(weeks=4, days=1)):
        assert asking.ask(matter) == 1


def _signed_in(open_page: Callable[..., Page], sign_in: Callable[[Page, str], None], email: str) -> Any:
    page = open_page(**PHONE)
    sign_in(page, email)
    return page


def test_what_is_near_and_of_the_same_kind_is_joined_at_one_tap(
    world: World,
    open_page: Callable[..., Page],
    sign_in: Callable[[Page, str], None],
    axe: Callable[[Page], None],
    shot: Callable[[Page, str], None],
) -> None:
    for email in ("hanna@example.org", "bo@example.org"):
        page = open_page(**PHONE, permissions=["geolocation"], geolocation=BRIDGE, color_scheme="dark")
        sign_in(page, email)
        page.goto(f"{DESK}raise/")
        page.get_by_role("radio", name="Lampa").check()
        page.get_by_role("button", name="Jag är här nu").click()
        expect(page.locator("[data-said]")).to_contain_text("Position")
        page.get_by_role("button", name="Väck ärendet").click()
    expect(page.get_by_role("heading", level=2).first).to_have_text("Är det något av dessa?")
    axe(page)
    shot(page, "matter-twin")
    page.get_by_role("button", name="Jag med").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Lampa")
    assert Matter.objects.get().raisers.count() == 2
    page.goto(f"{DESK}?view=map")
    page.locator("lagesbild-map canvas").first.wait_for()
    axe(page)
    page.goto(DESK)
    axe(page)
