"""Goals and the yearly report of Klara, in a browser: from a cell to its source and back, judged, published."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from lagesbild.accounts.models import Membership
from lagesbild.goals.models import Goal, Judgement
from lagesbild.publications.models import Edition
from lagesbild.worlds import load_forums, load_reports
from lagesbild.worlds.description import read_world, worlds_folder
from tests.browser.conftest import DESKTOP, PHONE
from tests.goals.klara import load_klara
from tests.remembered import remembered

pytestmark = pytest.mark.django_db(transaction=True)
GOALS, REPORTS = "/c/klara/goals/", "/c/klara/yearly/"
PAGES = (
    ("goals", f"{GOALS}?year=2019"),
    ("tree", f"{GOALS}tree/"),
    ("indicator", f"{GOALS}indicators/avlidna-overdos-klara/"),
    ("rate", f"{GOALS}indicators/vald-per100000-norrmalm/"),
    ("indicator-edit", f"{GOALS}indicators/avlidna-overdos-klara/edit/"),
    ("indicator-new", f"{GOALS}indicators/new/"),
    ("figure-new", f"{GOALS}indicators/drogscen-1/measurements/new/"),
    ("import", f"{GOALS}measurements/import/"),
    ("handovers-new", f"{GOALS}handovers/new/"),
    ("proposals", f"{GOALS}proposals/"),
    ("reports", REPORTS),
)


@remembered
def _klara() -> Membership:
    membership = load_klara()
    world = read_world(worlds_folder() / "klara")
    load_forums.load(world, membership.collaboration)
    load_reports.load(world, membership.organisation)
    return membership


@pytest.fixture
def anna(data_dir: object) -> Membership:
    """Who coordinates Klara; its goals and report are loaded, no incidents."""
    return _klara()


def test_from_a_figure_to_its_table_and_back_and_a_judgement_is_signed(
    anna: Membership,
    page_desktop: Page,
    sign_in: Callable[[Page, str], None],
    axe: Callable[[Page], None],
    shot: Callable[[Page, str], None],
) -> None:
    page = page_desktop
    page.expected.append("422")  # type: ignore[attr-defined]  # a judgement without its reason is refused
    sign_in(page, anna.user.email)
    page.goto(f"{GOALS}?year=2019")
    page.get_by_role("link", name="565", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Anmälda våldsbrott, stadsdelen Klara")
    row = page.locator("tr:target")
    expect(row).to_contain_text("565")
    row.get_by_role("link", name="Vision Klara").click()
    expect(page.locator("main")).to_contain_text("565")
    page.go_back()
    page.get_by_role("link", name="5 Antalet anmälda").click()
    axe(page)
    shot(page, "goal")
    page.get_by_role("radio", name="Uppnås inte").check()
    page.get_by_role("button", name="Skriv under").click()
    expect(page.locator(".error-summary")).to_be_visible()
    axe(page)
    page.get_by_label("Varför den skiljer sig från förslaget").fill("Takten räknas, inte antalet.")
    page.get_by_role("button", name="Skriv under").click()
    expect(page.locator("main")).to_contain_text("Takten räknas, inte antalet.")
    assert Judgement.objects.filter(goal=Goal.objects.get(number="5")).count() == 2

    page.goto(f"{GOALS}handovers/new/")
    page.get_by_label("Från").select_option(index=1)
    page.get_by_label("Till", exact=True).select_option(index=2)
    page.get_by_role("radio").first.check()
    page.get_by_label("Månad").fill("2019-03")
    page.get_by_label("Kvinnor, 15–17").fill("12")
    page.get_by_role("button", name="Spara").click()
    expect(page.get_by_role("table")).to_contain_text("12")
    axe(page)
    shot(page, "handovers")


def test_a_report_is_written_published_and_printed(
    anna: Membership,
    page_desktop: Page,
    sign_in: Callable[[Page, str], None],
    axe: Callable[[Page], None],
    shot: Callable[[Page, str], None],
) -> None:
    page = page_desktop
    sign_in(page, anna.user.email)
    page.goto(REPORTS)
    page.get_by_role("link", name="rapport 2019").click()
    shot(page, "report")
    axe(page)
    page.locator("#causes").get_by_role("link").first.click()
    axe(page)
    shot(page, "section")
    page.locator("textarea").fill("År 2018 anmäldes [[value vald-antal-klara 2018]] våldsbrott i Klara.")
    page.get_by_role("button", name="Spara").click()
    expect(page.locator("#causes")).to_contain_text("anmäldes 565 våldsbrott")
    page.get_by_role("button", name="Ge ut").click()
    expect(page.locator("main")).to_contain_text("anmäldes 565 våldsbrott")
    axe(page)
    shot(page, "edition")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="PDF").click()
    path = waiting.value.path()
    assert path.read_bytes()[:5] == b"%PDF-"
    assert Edition.objects.count() == 1


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_for_everybody(
    anna: Membership,
    open_page: Callable[..., Page],
    sign_in: Callable[[Page, str], None],
    axe: Callable[[Page], None],
    shot: Callable[[Page, str], None],
    size: dict[str, object],
    scheme: str,
) -> None:
    page = open_page(**size, color_scheme=scheme)
    sign_in(page, anna.user.email)
    for name, path in PAGES:
        page.goto(path)
        axe(page)
        width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert width <= 0, f"{name} is {width} px wider than the screen"
        shot(page, f"{scheme}-{name}")
