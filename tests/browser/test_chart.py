"""Charts: drawn under the strict content policy, in the page's language, and again when a fragment brings new ones."""

from __future__ import annotations

from playwright.sync_api import Page, expect


def test_a_chart_is_drawn_in_swedish_and_again_after_a_fragment(specimen: None, page: Page) -> None:
    page.goto("/specimen/")
    picture = page.locator(".chart__plot svg")
    expect(picture).to_be_visible()
    expect(picture).to_contain_text("april")
    expect(page.get_by_role("img", name="Linjediagram: händelser per månad")).to_be_visible()
    page.get_by_role("button", name="Hämta igen").click()
    expect(page.get_by_role("img", name="Linjediagram: händelser per månad igen")).to_be_visible()
    expect(picture).to_have_count(1)
    width = picture.bounding_box() or {}
    assert width["width"] <= page.viewport_size["width"]  # type: ignore[index]
