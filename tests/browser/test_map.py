"""The map element: layers, marks, choosing, new data, drawing; and the text that stands in when it cannot be drawn."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP

READY = "async () => { await document.querySelector('lagesbild-map').ready }"


def test_a_row_and_its_mark_on_the_map_choose_each_other(specimen: None, page: Page) -> None:
    page.goto("/specimen/")
    page.evaluate(READY)
    second = page.locator("[data-map-feature='2']")
    second.click()
    expect(page.get_by_role("button", name="2. Klara norra, Bestående")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("tr.selected")).to_contain_text("Klara norra")
    mark = page.get_by_role("button", name="1. Vasagatan 24 med omnejd, Ny")
    mark.focus()
    page.keyboard.press("Enter")
    expect(page.locator("tr.selected")).to_contain_text("Vasagatan")
    expect(second).to_have_attribute("aria-pressed", "false")
    expect(page.locator(".maplibregl-popup-content")).to_contain_text("42 händelser")
    expect(mark).to_be_focused()


def test_layers_can_be_hidden_and_given_new_data(specimen: None, page_desktop: Page) -> None:
    page = page_desktop
    page.goto("/specimen/")
    page.evaluate(READY)
    legend = page.locator(".map__legend")
    expect(legend).to_contain_text("Händelser")
    page.get_by_label("Rutor").uncheck()
    expect(legend).not_to_contain_text("Händelser")
    page.evaluate(
        """() => document.querySelector("lagesbild-map").map
            .setData("hotspots", {type: "FeatureCollection", features: []})"""
    )
    expect(page.locator(".map__pin")).to_have_count(0)


def test_data_that_does_not_come_is_told(specimen: None, page_desktop: Page) -> None:
    page = page_desktop
    page.expected.extend(["503", "Service Unavailable"])  # type: ignore[attr-defined]
    page.goto("/specimen/")
    page.evaluate(READY)
    page.evaluate("() => document.querySelector('lagesbild-map').map.setData('hotspots', '/specimen/map/?broken=1')")
    expect(page.locator(".map__notice")).to_contain_text("kunde inte hämtas")
    expect(page.locator(".map__pin")).to_have_count(3)


def test_two_layers_with_one_address_ask_once(specimen: None, page_desktop: Page) -> None:
    asked: list[str] = []
    page_desktop.on("request", lambda request: asked.append(request.url) if "/specimen/map/" in request.url else None)
    page_desktop.goto("/specimen/")
    page_desktop.evaluate(READY)
    assert len(asked) == 1


def test_a_kept_map_survives_a_fragment_and_no_second_one_is_begun(specimen: None, page_desktop: Page) -> None:
    page = page_desktop
    asked: list[str] = []
    page.goto("/specimen/")
    page.evaluate(READY)
    page.on("request", lambda request: asked.append(request.url) if "/specimen/" in request.url else None)
    page.evaluate("() => { document.querySelector('lagesbild-map').map.mark = 'kept' }")
    with page.expect_response(lambda answer: answer.url.endswith("/specimen/map/?part=2")):
        page.evaluate(
            "() => { htmx.ajax('GET', '/specimen/?again=1', {target: '#both', select: '#both', swap: 'outerHTML'}) }"
        )
    expect(page.locator("#both[data-again]")).to_have_count(1)
    assert page.evaluate("document.querySelector('lagesbild-map').map.mark") == "kept"
    assert not [address for address in asked if "/specimen/base/" in address]


def test_the_last_of_two_answers_wins_even_if_it_comes_first(specimen: None, page_desktop: Page) -> None:
    page_desktop.goto("/specimen/")
    page_desktop.evaluate(READY)
    page_desktop.evaluate(
        """async () => {
            const map = document.querySelector("lagesbild-map").map;
            const nothing = {type: "FeatureCollection", features: []};
            map.answers.load = () => new Promise((done) => setTimeout(() => done(nothing), 200));
            const empty = map.setData("hotspots", "late");
            map.answers.load = () => Promise.resolve(map.layers.get("hotspots").data);
            await Promise.all([empty, map.setData("hotspots", "now")]);
        }"""
    )
    expect(page_desktop.locator(".map__pin")).to_have_count(3)


def test_without_webgl_the_page_points_to_the_table(specimen: None, page_desktop: Page) -> None:
    page_desktop.expected.append("WebGL")  # type: ignore[attr-defined]
    page_desktop.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    page_desktop.goto("/specimen/")
    expect(page_desktop.locator("lagesbild-map")).to_contain_text("tabellen")


def test_drawing_a_polygon_fills_the_field_and_can_be_undone(
    specimen: None, page_desktop: Page, shot: Callable[[Page, str], None]
) -> None:
    page = page_desktop
    page.goto("/drawing/")
    page.evaluate(READY)
    box = _box(page)
    for dx, dy in ((0.3, 0.4), (0.6, 0.4), (0.6, 0.7)):
        page.mouse.click(box["x"] + dx * box["width"], box["y"] + dy * box["height"])
    expect(page.locator("#geometry")).to_have_value("")
    page.get_by_role("button", name="Stäng formen").click()
    drawn = json.loads(page.input_value("#geometry"))
    shot(page, "drawing")
    ring = drawn["geometry"]["coordinates"][0]
    assert drawn["geometry"]["type"] == "Polygon"
    assert len(ring) == 4
    assert ring[0] == ring[-1]
    assert all(17.9 < lon < 18.2 and 59.3 < lat < 59.36 for lon, lat in ring)
    page.get_by_role("button", name="Ångra").click()
    expect(page.locator("#geometry")).to_have_value("")
    page.get_by_role("button", name="Stäng formen").click()
    handle = page.locator(".map__handle:not(.map__handle--mid)").first
    handle.focus()
    page.keyboard.press("ArrowUp")
    assert json.loads(page.input_value("#geometry"))["geometry"]["coordinates"][0][0][1] > ring[0][1]


def test_drawing_a_circle_gives_a_point_with_a_radius(specimen: None, page_desktop: Page) -> None:
    page = page_desktop
    page.goto("/drawing/")
    page.evaluate(READY)
    page.get_by_label("Punkt med radie").check()
    box = _box(page)
    for dx in (0.5, 0.6):
        page.mouse.click(box["x"] + dx * box["width"], box["y"] + 0.5 * box["height"])
    drawn = json.loads(page.input_value("#geometry"))
    assert drawn["geometry"]["type"] == "Point"
    degrees = drawn["properties"]["radius_m"] / 111_320
    assert 0.0005 < degrees < 0.01


def test_a_stored_shape_is_shown_again(specimen: None, open_page: Callable[..., Page]) -> None:
    page = open_page(**DESKTOP)
    page.goto("/drawing/?value=1")
    page.evaluate(READY)
    expect(page.locator(".map__handle")).to_have_count(8)


def _box(page: Page) -> dict[str, Any]:
    page.locator("lagesbild-map").scroll_into_view_if_needed()
    return dict(page.locator("lagesbild-map").bounding_box() or {})
