"""The frame of every page, light and dark, the sign-in pages, and what holds without script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.cast import PASSWORD, Cast

OpenPage = Callable[..., Page]
Axe = Callable[[Page], None]
SignIn = Callable[[Page, str], None]


TOO_SMALL = """() => [...document.querySelectorAll("button, .button, select, textarea, summary, .check, .chip")]
    .filter((each) => !each.closest(".maplibregl-map, .map__sources, .map__legend") && each.checkVisibility())
    .filter((each) => each.getBoundingClientRect().height < 43.5)
    .map((each) => `${each.outerHTML.slice(0, 80)} ${each.getBoundingClientRect().height}`)"""


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "dark"), (DESKTOP, "light")], ids=["phone-dark", "desktop-light"])
def test_one_of_everything_is_accessible(
    specimen: None, open_page: OpenPage, axe: Axe, size: dict[str, Any], scheme: str, shot: Callable[[Page, str], None]
) -> None:
    page = open_page(**size, color_scheme=scheme)
    page.goto("/specimen/")
    page.evaluate("async () => { await document.querySelector('lagesbild-map').ready }")
    expect(page.locator(".chart__plot svg")).to_be_visible()
    shot(page, f"specimen-{scheme}-{size['viewport']['width']}")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= size["viewport"]["width"]
    assert size is DESKTOP or page.evaluate(TOO_SMALL) == []


def test_a_wrong_form_tells_first_and_points_to_each_field(specimen: None, page_phone: Page, axe: Axe) -> None:
    page = page_phone
    page.expected.append("422")  # type: ignore[attr-defined]
    page.goto("/specimen/")
    page.click("main .panel form button.button--primary")
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("alert").get_by_role("link").first.click()
    expect(page.locator("#id_name")).to_be_focused()
    assert "id_name_error" in str(page.locator("#id_name").get_attribute("aria-describedby"))
    axe(page)


def test_sign_in_with_the_keyboard_alone(
    cast: Cast, page_desktop: Page, axe: Axe, transactional_db: None, shot: Callable[[Page, str], None]
) -> None:
    page = page_desktop
    page.goto("/accounts/login/")
    axe(page)
    shot(page, "login")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("[name=login]")).to_be_focused()
    page.keyboard.type("cecilia@example.org")
    page.focus("[name=password]")
    page.keyboard.type("fel-losenord-fel")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    axe(page)


def test_the_pages_about_ones_account_are_accessible(
    cast: Cast,
    page_phone: Page,
    axe: Axe,
    sign_in_by_form: SignIn,
    shot: Callable[[Page, str], None],
) -> None:
    page = page_phone
    _in_two_collaborations(cast)
    sign_in_by_form(page, "anna@example.org")
    page.locator("details.drop summary").click()
    axe(page)
    shot(page, "collaborations")
    for address in (
        "/accounts/password/change/",
        "/accounts/2fa/",
        "/accounts/logout/",
        "/accounts/2fa/totp/activate/",
    ):
        page.goto(address)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]
        shot(page, "account" + address.replace("/", "-"))
    page.fill("[name=password]", PASSWORD)  # the last address asks for it once more
    page.click("main button[type=submit]")
    expect(page.locator("main img")).to_be_visible()
    axe(page)
    shot(page, "account-totp")


def test_language_and_appearance_are_kept_without_script(specimen: None, open_page: OpenPage) -> None:
    page = open_page(**DESKTOP, java_script_enabled=False)
    page.goto("/accounts/login/")
    expect(page.locator("html")).to_have_attribute("lang", "sv")
    expect(page.get_by_role("heading", level=1)).to_have_text("Logga in")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_the_user_menu_closes_with_escape_and_gives_the_focus_back(
    cast: Cast, page_desktop: Page, sign_in_by_form: SignIn
) -> None:
    page = page_desktop
    _in_two_collaborations(cast)
    sign_in_by_form(page, "anna@example.org")
    summary = page.locator("details.drop summary")
    summary.click()
    page.get_by_role("button", name="Mörkt").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    summary.click()
    page.keyboard.press("Escape")
    expect(page.locator("details.drop")).not_to_have_attribute("open", "")
    expect(summary).to_be_focused()


def test_error_pages_are_accessible(cast: Cast, page_phone: Page, axe: Axe, shot: Callable[[Page, str], None]) -> None:
    page = page_phone
    page.expected.append("404")  # type: ignore[attr-defined]
    page.goto("/finns-inte/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sidan finns inte här")
    axe(page)
    shot(page, "404")


def _in_two_collaborations(cast: Cast) -> None:
    """So that home is the list of collaborations, which needs no other subject."""
    from lagesbild.accounts import actions

    actions.set_membership(cast.anna.user, cast.cecilia.function, role="reader", actor=None)
