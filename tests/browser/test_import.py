"""The import wizard in a browser: a file with three bad rows, the corrected file, and the pages around."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from lagesbild.observations import actions
from lagesbild.observations.store import IncidentStore
from tests.cast import Cast, make_cast
from tests.observations import csvfiles

pytestmark = pytest.mark.django_db(transaction=True)
FIGURES = Path(__file__).resolve().parents[2] / "examples" / "klara" / "series.csv"


@pytest.fixture
def ekby(data_dir: Path, transactional_db: None) -> Cast:
    cast = make_cast()
    actions.ensure_category(cast.ekby, "damage", name="Skadegörelse", actor=None)
    actions.ensure_caveat(cast.ekby, category="damage", text="Klotter anmäls sällan.", actor=None)
    return cast


def test_three_bad_rows_are_seen_corrected_and_stored(
    ekby: Cast, page: Page, sign_in: Callable[[Page, str], None], axe: Callable[[Page], None], tmp_path: Path
) -> None:
    sign_in(page, "anna@example.org")
    page.goto("/c/ekby/reports/")
    axe(page)
    page.get_by_role("link", name="Importera en fil").click()
    axe(page)
    page.get_by_label("Fil", exact=True).set_input_files(csvfiles.with_three_bad_rows(tmp_path / "vakter.csv"))
    page.get_by_label("Den nya källans namn").fill("Vakternas rapporter")
    page.get_by_role("button", name="Läs filen").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Vad kolumnerna betyder")
    axe(page)
    page.get_by_role("button", name="Kontrollera filen").click()

    expect(page.get_by_role("alert")).to_contain_text("3 rader kan inte sparas")
    expect(page.get_by_text("är inget datum")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Ladda upp en rättad fil").click()
    page.get_by_label("Fil", exact=True).set_input_files(csvfiles.good(tmp_path / "rättad.csv"))
    page.get_by_role("button", name="Läs filen").click()
    page.get_by_role("button", name="Kontrollera filen").click()
    page.get_by_role("button", name="Spara händelserna").click()
    expect(page.get_by_role("status")).to_contain_text("Dataversion")
    axe(page)
    assert IncidentStore("ekby").count() == 10

    page.get_by_role("link", name="Typer och kategorier").click()
    page.get_by_label("Klotter").select_option("damage")
    page.get_by_role("button", name="Spara kategorierna").click()
    expect(page.get_by_text("1 typ ändrad.")).to_be_visible()
    axe(page)
    for address in ("categories/", "incidents/?category=damage"):
        page.goto(f"/c/ekby/reports/{address}")
        expect(page.get_by_text("Klotter anmäls sällan.")).to_be_visible()
        axe(page)


def test_published_figures_are_a_chart_and_a_table(
    ekby: Cast, page: Page, sign_in: Callable[[Page, str], None], axe: Callable[[Page], None]
) -> None:
    ensure_categories(ekby)
    actions.import_series(ekby.municipality, FIGURES, actor=None, is_published=True)
    sign_in(page, "dag@example.org")
    page.goto("/c/ekby/reports/series/")
    axe(page)
    page.goto("/c/ekby/reports/series/anmalda-narkotikabrott/")
    expect(page.locator("figure svg").first).to_be_visible()
    axe(page)


def ensure_categories(cast: Cast) -> None:
    with FIGURES.open(encoding="utf-8", newline="") as opened:
        for code in sorted({row["category"] for row in csv.DictReader(opened)} - {""}):
            actions.ensure_category(cast.ekby, code, name=code, actor=None)
