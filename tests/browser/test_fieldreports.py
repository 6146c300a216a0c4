"""A field report on a phone in few taps; its way through review to what became of it, and back to who wrote it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from lagesbild.fieldreports.models import FieldReport
from tests.browser.conftest import PHONE
from tests.cast import Cast
from tests.fieldreports.builders import LIST, NEW, a_place, a_report, at, categories
from tests.places.builders import EAST, NORTH, a_board

SignIn = Callable[[Page, str], None]
Look = Callable[[Page], None]
Shot = Callable[[Page, str], None]
Open = Callable[..., Page]


def _here(dx: float) -> dict[str, object]:
    where = at(dx, 5)
    position = {"longitude": where["lon"], "latitude": where["lat"], "accuracy": 9}
    return {"geolocation": position, "permissions": ["geolocation"]}


def test_a_report_is_written_in_four_taps_reviewed_and_answered(
    cast: Cast, open_page: Open, sign_in: SignIn, axe: Look, shot: Shot
) -> None:
    categories(cast)
    a_place(cast, "Bron", dx=10, radius_m=60)
    near = a_report(cast.eva, dx=60)
    page = open_page(**PHONE, **_here(20))
    sign_in(page, "bo@example.org")
    page.goto(LIST)
    axe(page)
    page.get_by_role("link", name="Skriv en rapport").click()  # 1
    axe(page)
    shot(page, "report-new")
    page.locator(".tile", has_text="Lighting").click()  # 2
    page.get_by_role("button", name="Jag är här nu").click()  # 3
    expect(page.get_by_text("Positionen är hittad, på 9 m när.")).to_be_visible()
    page.get_by_role("button", name="Skicka rapporten").click()  # 4
    expect(page.get_by_role("heading", name="Tack. Rapporten är sparad som nummer 2.")).to_be_visible()
    axe(page)
    shot(page, "report-sent")
    report = FieldReport.objects.get(number=2)
    assert report.place is not None
    assert (report.place.name, report.precision, report.certainty) == ("Bron", "exact", "seen")
    assert (report.x, report.y) == (pytest.approx(EAST + 20, abs=0.3), pytest.approx(NORTH + 5, abs=0.3))

    coordinator = open_page(**PHONE)
    sign_in(coordinator, "anna@example.org")
    coordinator.goto(f"{LIST}?status=new")
    coordinator.get_by_role("link", name="Lighting").first.click()
    coordinator.get_by_role("button", name="Markera som granskad").click()
    expect(coordinator.get_by_text("Rapporten är granskad.")).to_be_visible()
    coordinator.get_by_role("button", name=f"För ihop {near.number}").click()
    expect(coordinator.get_by_text(f"Rapporten är ihopförd med nummer {near.number}.")).to_be_visible()
    coordinator.get_by_role("link", name=f"rapport {near.number}", exact=True).click()
    coordinator.get_by_role("textbox", name="Vad det blev av det").fill("Lampan är bytt.")
    coordinator.get_by_role("button", name="Spara svaret").click()
    expect(coordinator.get_by_role("link", name="Nr 2")).to_be_visible()
    axe(coordinator)
    shot(coordinator, "report-answered")

    page.reload()
    expect(page.get_by_text("Lampan är bytt.")).to_be_visible()  # told to the one who wrote the joined report too
    axe(page)


def test_the_place_is_set_on_the_map_and_the_same_facts_stand_in_the_list(
    cast: Cast, tmp_path: Path, page: Page, sign_in: SignIn, axe: Look, shot: Shot
) -> None:
    categories(cast)
    a_board(cast, tmp_path)  # so that the map begins in Ekby
    a_place(cast, "Torget", dx=100)
    sign_in(page, "bo@example.org")
    page.goto(NEW)
    page.locator(".tile", has_text="Order").click()
    page.get_by_role("button", name="På kartan").click()
    page.locator(".map__tools").wait_for()
    shown = page.locator("lagesbild-map")
    shown.scroll_into_view_if_needed()
    box = shown.bounding_box()
    assert box
    for share in (0.4, 0.6):  # the second moves the point
        shown.click(position={"x": box["width"] * share, "y": box["height"] * 0.6})
        expect(page.locator(".map__handle")).to_have_count(1)
    expect(page.get_by_text("Punkten är satt på kartan.")).to_be_visible()
    page.get_by_text("Hört", exact=True).click()
    page.get_by_label("Med några ord").fill("Stökigt sent.")
    axe(page)
    shot(page, "report-map")
    page.get_by_role("button", name="Skicka rapporten").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Order")
    report = FieldReport.objects.get()
    assert (report.certainty, report.precision) == ("heard", "exact")
    page.goto(LIST)
    page.locator("lagesbild-map canvas").first.wait_for()
    page.get_by_role("button", name="Visa 1").click()
    expect(page.locator(".report-row.selected")).to_have_count(1)
    axe(page)
    shot(page, "reports")


def test_a_person_is_refused_and_a_lost_answer_makes_no_second_report(
    cast: Cast, page_phone: Page, sign_in: SignIn, axe: Look
) -> None:
    categories(cast)
    page = page_phone
    page.expected.append("422")  # type: ignore[attr-defined]
    page.expected.append("ERR_")  # type: ignore[attr-defined]
    sign_in(page, "bo@example.org")
    page.goto(NEW)
    page.locator(".tile", has_text="Order").click()
    page.get_by_label("Plats").fill("bakom macken")
    page.get_by_label("Med några ord").fill("Killen heter Kalle")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Skicka rapporten").click()
    expect(page.get_by_text("Tips om brott: polisen, 114 14.")).to_be_visible()
    axe(page)
    page.get_by_label("Med några ord").fill("Öppen handel")
    key = page.locator("[name=client_id]").input_value()
    fields = {"client_id": key, "category": "order", "place_text": "bakom macken", "note": "Öppen handel"}
    token = page.locator("main form [name=csrfmiddlewaretoken]").first.input_value()
    lost = page.request.post(
        NEW, form={**fields, "certainty": "seen", "sharing": "partners", "csrfmiddlewaretoken": token}, max_redirects=0
    )
    assert lost.status == 302  # it arrived, but the phone never heard of it
    page.get_by_role("button", name="Skicka rapporten").click()
    expect(page.get_by_role("heading", name="Tack. Rapporten är sparad som nummer 1.")).to_be_visible()
    assert FieldReport.objects.count() == 1
