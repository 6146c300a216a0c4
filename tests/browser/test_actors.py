"""Actors in a real browser: who can help now with and without signal, and the pages by keyboard and for every eye."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from lagesbild.actors import actions
from lagesbild.actors.gathering import gather
from lagesbild.actors.help_now import Asked, HelpAnswer, who_can_help
from lagesbild.places.models import Place
from tests.actors.builders import duty, kind, line, place_at, profile_of, zone_at
from tests.browser.conftest import PHONE
from tests.cast import Cast
from tests.places.builders import EAST, NORTH

SignIn = Callable[[Page, str], None]
Look = Callable[[Page], None]
Shot = Callable[[Page, str], None]


@pytest.fixture
def torg(cast: Cast) -> Place:
    """A square with a zone, and functions of every sort around it."""
    kind(cast)
    place, station = place_at(cast, "Torget"), place_at(cast, "Stationen", dx=900)
    guard = profile_of(cast.housing, "Ordningsvakt", own=["disorder"], needs_zone=True)
    zone_at(cast, "Centrum", actors=[(cast.housing, guard.function, "")], radius_m=150)
    actions.add_contact(cast.anna, guard, channel="phone", value="08-465 004 30")
    duty(guard, "00-24")
    duty(profile_of(cast.police, "Områdespolis", own=["drug-dealing"], may=["disorder"]), "06-14, 22-02")
    duty(profile_of(cast.police, "Kvällspolis", may=["disorder"]), "14-22")
    duty(profile_of(cast.municipality, "Torgvärd", may=["disorder", "minor"]), "00-24", place=place)
    duty(profile_of(cast.municipality, "Stationsvärd", may=["disorder"]), "08-20", place=station)
    team = {"own": ["minor"], "min_age": 13, "max_age": 19}
    duty(profile_of(cast.municipality, "Fältassistent", **team), "18-01", (5, 6))  # type: ignore[arg-type]
    profile_of(cast.housing, "Okänd", own=["disorder", "minor"])
    line(cast, cast.municipality)
    return place


def test_who_can_help_is_asked_with_signal_and_again_without(
    cast: Cast, torg: Place, open_page: Callable[..., Page], sign_in: SignIn, axe: Look, shot: Shot
) -> None:
    page = open_page(**PHONE)
    sign_in(page, "bo@example.org")
    page.goto("/c/ekby/help-now/")
    page.get_by_label("Var", exact=True).select_option(label="Torget")
    page.get_by_label("Vad gäller det?").select_option(label="Ordningsstörning")
    expect(page.locator(".helper--now h3").first).to_contain_text("Ordningsvakt")
    expect(page.get_by_role("link", name="08-465 004 30")).to_have_attribute("href", "tel:0846500430")
    expect(page.locator("[data-copy]")).to_be_visible()  # the copy is kept
    axe(page)
    shot(page, "help-now")
    with_signal = page.locator("#answer h3").all_inner_texts()

    page.expected.append("ERR_INTERNET_DISCONNECTED")  # type: ignore[attr-defined]
    page.expected.append("Failed to load resource")  # type: ignore[attr-defined]
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("[data-copy-age]")).to_contain_text("Ingen täckning")
    expect(page.locator("[data-copy-age]")).to_contain_text("0 min")
    expect(page.get_by_label("Var", exact=True)).to_have_value(str(torg.pk))
    assert _words(page.locator("#answer h3").all_inner_texts()) == _words(with_signal)
    expect(page.get_by_role("link", name="08-465 004 30")).to_have_attribute("href", "tel:0846500430")
    axe(page)
    shot(page, "help-offline")
    page.get_by_label("Vad gäller det?").select_option(label="Minderårig i riskmiljö")
    expect(page.locator("#answer")).to_contain_text("Fältassistent")

    page.context.set_offline(False)
    page.goto("/c/ekby/help-now/")
    page.get_by_role("button", name="Ta bort kopian").click()
    expect(page.locator("[data-copy-says]")).to_contain_text("borttagen")


def test_who_is_signed_out_finds_no_copy_either(
    cast: Cast, torg: Place, open_page: Callable[..., Page], sign_in: SignIn
) -> None:
    page = open_page(**PHONE)
    sign_in(page, "bo@example.org")
    page.goto("/c/ekby/help-now/")
    expect(page.locator("[data-copy]")).to_be_visible()
    assert page.evaluate("caches.keys()") == ["lagesbild-help-ekby"]
    page.context.clear_cookies()
    page.goto("/c/ekby/help-now/")
    expect(page.locator("[name=password]")).to_be_visible()
    assert page.evaluate("caches.keys()") == []


def _words(texts: list[str]) -> list[str]:
    return [" ".join(text.split()) for text in texts]


def test_without_signal_the_device_answers_as_the_server_does(
    cast: Cast, torg: Place, page_desktop: Page, sign_in: SignIn
) -> None:
    """Every situation, several places and points, ages, and moments through a week with an odd night."""
    sign_in(page_desktop, "bo@example.org")
    page_desktop.goto("/c/ekby/help-now/")
    data = gather(cast.bo)
    asked = [
        {"situation": situation, "place": place, "lon": lon, "lat": lat, "age": age}
        for situation in ("", *(each.code for each in data.situations))
        for place, lon, lat in ((None, None, None), (torg.pk, None, None), (None, 18.06, 59.33), (None, *_lonlat(data)))
        for age in (None, 12, 19, 40)
    ]
    moments = [data.at.timestamp() + hours * 3600 for hours in (0, 7, 13, 40, 100)]
    answers = page_desktop.evaluate(COMPARE, [asked, moments])
    for (question, moment), told in zip(((q, m) for q in asked for m in moments), answers, strict=True):
        at = datetime.fromtimestamp(moment, UTC)
        mine = who_can_help(type(data)(**{**vars(data), "at": at}), _asked(question, data))
        assert told == _plain(mine), (question, at)


COMPARE = """async ([asked, moments]) => {
  const { whoCanHelp } = await import("/static/actors/help-rules.js");
  const data = await (await fetch("/c/ekby/help-now/data.json")).json();
  const plain = (helpers) => helpers.map((each) => [
    each.candidate.id, each.until, each.nextFrom, each.whyNot,
    each.takesOver ? [each.takesOver.candidate.id, each.takesOver.at, each.takesOver.afterGap] : null,
  ]);
  return asked.flatMap((each) => moments.map((at) => {
    const answer = whoCanHelp(data, { ...each, lon: each.lon ?? NaN, lat: each.lat ?? NaN }, at);
    return ["on_duty", "off_duty", "unknown", "not_here"].map((name) => plain(answer[name]));
  }));
}"""


def _lonlat(data: Any) -> tuple[float, float]:
    from lagesbild.core.geo import project

    lon, lat = project([EAST + 20], [NORTH + 10], from_crs=3006, to_crs=4326)
    return float(lon[0]), float(lat[0])


def _asked(question: dict[str, Any], data: Any) -> Asked:
    from lagesbild.core.geo import project

    place = data.place(question["place"])
    x, y = (place.x, place.y) if place else (None, None)
    if question["lon"] is not None:
        east, north = project([question["lon"]], [question["lat"]], from_crs=4326, to_crs=3006)
        x, y = float(east[0]), float(north[0])
    return Asked(question["situation"], question["place"], x, y, question["age"])


def _plain(answer: HelpAnswer) -> list[Any]:
    def one(each: Any) -> list[Any]:
        follows = each.takes_over
        return [
            each.candidate.id,
            each.until and each.until.timestamp(),
            each.next_from and each.next_from.timestamp(),
            each.why_not,
            [follows.candidate.id, follows.at.timestamp(), follows.after_gap] if follows else None,
        ]

    return [[one(each) for each in part] for part in (answer.on_duty, answer.off_duty, answer.unknown, answer.not_here)]


def test_the_pages_of_actors_are_clean_on_both_sizes(
    cast: Cast, torg: Place, page: Page, sign_in: SignIn, axe: Look, shot: Shot
) -> None:
    sign_in(page, "anna@example.org")
    page.goto("/c/ekby/actors/")
    page.get_by_role("searchbox").fill("torgv")
    expect(page.locator("#directory li.card")).to_have_count(1)
    page.get_by_role("link", name="Torgvärd").click()
    axe(page)
    paths = (
        "",
        "organisations/polisen/",
        "duty/",
        "zones/",
        "responsibility/",
        "agreements/",
        "factors/",
        "introduction/",
    )
    for path in (*paths, "agreements/new/", "zones/new/"):
        page.goto(f"/c/ekby/actors/{path}")
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        shot(page, f"actors-{path.strip('/').replace('/', '-')}")
