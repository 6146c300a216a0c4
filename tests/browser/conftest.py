"""A real Chromium against a real server: phone and desktop, no network but this machine, no error left unseen.

A page fails its test at the end if it logged an error, broke the content policy or asked for anything outside. Tests
that expect an error say so with ``page.expected.append("part of the message")``.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as project_settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect, sync_playwright

from lagesbild.accounts.models import User
from lagesbild.web.vendor import collect_vendor
from tests.cast import PASSWORD

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs in the thread of the test

PATIENCE_MS = 60_000  # a busy machine must not fail a test
expect.set_options(timeout=PATIENCE_MS)
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
DESKTOP = {"viewport": {"width": 1440, "height": 900}}
SWITCHES = ["--disable-gpu", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--mute-audio"]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent.name == "browser":
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the whole run."""
    path = next((found for found in map(shutil.which, NAMES) if found), None)
    if path is None:
        pytest.skip(f"no browser: none of {', '.join(NAMES)} is installed")
    switches = [*SWITCHES, "--no-sandbox"] if os.geteuid() == 0 else SWITCHES
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=switches)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def _vendor() -> None:
    collect_vendor(project_settings.COLLECTED_DIR / "vendor")


@pytest.fixture
def server(_vendor: None, live_server: Any) -> str:
    """The address of a server on this test's database."""
    return str(live_server.url)


@pytest.fixture
def open_page(chromium: Browser, server: str) -> Iterator[Callable[..., Page]]:
    """Open a page: ``open_page(**PHONE, color_scheme="dark")``. What went wrong on it is told when the test ends."""
    opened: list[Page] = []

    def open_one(**options: Any) -> Page:
        context = chromium.new_context(base_url=server, locale="sv-SE", timezone_id="Europe/Stockholm", **options)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        _watch(page)
        opened.append(page)
        return page

    yield open_one
    troubles = [trouble for page in opened for trouble in _unexpected(page)]
    for page in opened:
        page.context.close()
    assert not troubles, "\n".join(troubles)


@pytest.fixture
def page_phone(open_page: Callable[..., Page]) -> Page:
    """A phone, 360 × 740."""
    return open_page(**PHONE)


@pytest.fixture
def page_desktop(open_page: Callable[..., Page]) -> Page:
    """A desktop, 1440 × 900."""
    return open_page(**DESKTOP)


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def page(request: pytest.FixtureRequest, open_page: Callable[..., Page]) -> Page:
    """Both sizes, one after the other."""
    return open_page(**request.param)


@pytest.fixture
def sign_in(server: str) -> Callable[[Page, str], None]:
    """Be signed in, without the form and the picture that it leads to: ``sign_in(page, "anna@example.org")``."""

    def with_a_session(page: Page, email: str) -> None:
        client = Client()
        client.force_login(User.objects.get(email=email), backend="allauth.account.auth_backends.AuthenticationBackend")
        name = project_settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": server}])

    return with_a_session


@pytest.fixture
def sign_in_by_form() -> Callable[[Page, str], None]:
    """The same, as a person does; the page shown is then the first one."""

    def through_the_form(page: Page, email: str) -> None:
        page.goto("/accounts/login/")
        page.fill("[name=login]", email)
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(lambda address: "/accounts/login" not in address)

    return through_the_form


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Fail on any breach of WCAG 2.1 AA that axe finds, and on its best practices."""
    checker = Axe()

    def check(page: Page) -> None:
        found = checker.run(page, options={"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]})
        breaches = [
            f"{breach['id']} ({breach['impact']}): {breach['help']}\n  "
            + "\n  ".join(f"{node['target']} {node.get('failureSummary', '')}" for node in breach["nodes"][:5])
            for breach in found.response["violations"]
        ]
        assert not breaches, f"{page.url}\n" + "\n".join(breaches)

    return check


@pytest.fixture
def specimen(settings: Any) -> None:
    """The page with one of everything and the drawing page, beside the project's own addresses."""
    settings.ROOT_URLCONF = "tests.browser.specimen"
    template = {**settings.TEMPLATES[0]}
    template["DIRS"] = [*template["DIRS"], Path(__file__).parent / "templates"]
    settings.TEMPLATES = [template]


@pytest.fixture
def shot() -> Callable[[Page, str], None]:
    """Keep a picture of the page, for people to look at, when the variable SHOTS names a folder."""
    folder = os.environ.get("SHOTS")

    def keep(page: Page, name: str) -> None:
        if folder and page.viewport_size:
            size = page.viewport_size["width"]
            page.screenshot(path=Path(folder) / f"{name}-{size}.png", full_page=True)

    return keep


def _watch(page: Page) -> None:
    page.expected = []  # type: ignore[attr-defined]
    page.troubles = []  # type: ignore[attr-defined]
    troubles: list[str] = page.troubles  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: troubles.append(f"{page.url}: {error}"))
    page.on("console", lambda line: troubles.append(f"{page.url}: {line.text}") if _is_trouble(line) else None)
    page.route("**/*", lambda route: _only_here(route, troubles))


def _is_trouble(line: Any) -> bool:
    return line.type == "error" or (line.type == "warning" and "Content Security Policy" in line.text)


def _only_here(route: Any, troubles: list[str]) -> None:
    address = urlsplit(route.request.url)
    if address.scheme in ("data", "blob") or address.hostname in ("localhost", "127.0.0.1"):
        route.continue_()
    else:
        troubles.append(f"asked for {route.request.url}")
        route.abort()


def _unexpected(page: Page) -> list[str]:
    expected: list[str] = page.expected  # type: ignore[attr-defined]
    troubles: list[str] = page.troubles  # type: ignore[attr-defined]
    return [trouble for trouble in troubles if not any(part in trouble for part in expected)]
