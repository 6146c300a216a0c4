"""The whole way, as one works: sign in, import real incidents with three bad rows, see them, correct them, look at the
picture, freeze it for the forum and take the PDF along. On a phone and on a desktop, with axe on every page.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Page, expect

from lagesbild.observations.store import IncidentStore
from lagesbild.worlds import actions as worlds
from lagesbild.worlds import load_observations, load_places
from lagesbild.worlds.description import read_world, worlds_folder
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)
INCIDENTS = worlds_folder() / "san-francisco" / "incidents.csv.gz"
SLUG = "san-francisco"


@pytest.fixture
def san_francisco(data_dir: Path, transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real city with its areas, places and categories, and not one incident yet."""
    monkeypatch.setattr(worlds, "DEMO_PASSWORD", PASSWORD)
    world = read_world(worlds_folder() / SLUG)
    collaboration, organisations = worlds.load_parties(world)
    owner = organisations[world.collaboration.owner]
    load_places.load(world, collaboration, owner)
    load_observations.load_figures(world, collaboration, owner, organisations)


def incident_file(folder: Path, *, spoilt: bool) -> Path:
    """The real incidents, as a person would have them; spoilt: a bad date, a bad coordinate and no type."""
    with gzip.open(INCIDENTS, "rt", encoding="utf-8", newline="") as opened:
        header, *rows = list(csv.reader(opened))
    if spoilt:
        rows[10][header.index("date")] = "31 feb"
        rows[20][header.index("lat")] = "norr"
        rows[30][header.index("category")] = ""
    path = folder / ("fel.csv" if spoilt else "rätt.csv")
    with path.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows([header, *rows])
    return path


def test_from_a_file_with_three_bad_rows_to_a_pdf_for_the_forum(
    san_francisco: None,
    page: Page,
    sign_in_by_form: Callable[[Page, str], None],
    axe: Callable[[Page], None],
    shot: Callable[[Page, str], None],
    tmp_path: Path,
) -> None:
    sign_in_by_form(page, "eva@klara.example")
    _see_what_is_wrong(page, axe, incident_file(tmp_path, spoilt=True))
    assert IncidentStore(SLUG).version() is None
    _store_the_corrected(page, incident_file(tmp_path, spoilt=False))
    assert IncidentStore(SLUG).count() == 13_472

    page.get_by_role("link", name="Se lägesbilden").click()
    expect(page.get_by_role("button", name="Golden Gate & Leavenworth med omnejd")).to_be_visible()
    expect(page.locator("canvas.maplibregl-canvas")).to_be_visible()
    axe(page)
    shot(page, "picture")

    page.get_by_role("link", name="Frys", exact=True).click()
    axe(page)
    page.get_by_label("Rubrik").fill("Inför forum i januari")
    page.get_by_role("button", name="Frys", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Inför forum i januari")
    axe(page)
    shot(page, "frozen")
    with page.expect_download() as coming:
        page.get_by_role("link", name="PDF").first.click()
    text = "".join(
        each.extract_text() for each in pypdf.PdfReader(BytesIO(Path(coming.value.path()).read_bytes())).pages
    )
    assert "Inför forum i januari" in text
    assert "Golden Gate & Leavenworth med omnejd" in " ".join(text.split())


def _see_what_is_wrong(page: Page, axe: Callable[[Page], None], path: Path) -> None:
    page.goto(f"/c/{SLUG}/reports/imports/new/")
    axe(page)
    page.get_by_label("Fil", exact=True).set_input_files(path)
    page.get_by_label("Källa", exact=True).select_option(label="SFPD incidents")
    page.get_by_role("button", name="Läs filen").click()
    axe(page)
    page.get_by_role("button", name="Kontrollera filen").click()
    expect(page.get_by_role("alert")).to_contain_text("3 rader kan inte sparas")
    for row, value in (("12", "31 feb"), ("22", "norr")):
        line = page.get_by_role("row").filter(has_text=value)
        expect(line).to_contain_text(row)
    axe(page)


def _store_the_corrected(page: Page, path: Path) -> None:
    page.get_by_role("link", name="Ladda upp en rättad fil").click()
    page.get_by_label("Fil", exact=True).set_input_files(path)
    page.get_by_role("button", name="Läs filen").click()
    page.get_by_role("button", name="Kontrollera filen").click()
    page.get_by_role("button", name="Spara händelserna").click()
    expect(page.get_by_role("status")).to_contain_text("Dataversion")
