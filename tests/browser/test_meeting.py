"""A meeting held in the room, on desktop and phone: begin, who is there, notes, a decision, the wall, minutes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from lagesbild.cooperation.models import Action, Meeting, MeetingState
from lagesbild.core import clock
from tests.cast import Cast
from tests.cooperation.forums.builders import a_forum, a_meeting

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_meeting_is_held_from_the_first_tap_to_the_closed_minutes(
    cast: Cast,
    page: Page,
    sign_in: Callable[[Page, str], None],
    axe: Callable[[Page], None],
    shot: Callable[[Page, str], None],
) -> None:
    meeting = a_meeting(cast, a_forum(cast), at=clock.now() + timedelta(minutes=5))
    sign_in(page, "anna@example.org")
    page.goto("/c/ekby/forums/")
    axe(page)
    shot(page, "forums")
    page.get_by_role("link", name="Utsattning").first.click()
    axe(page)
    shot(page, "forum")
    page.goto(f"/c/ekby/meetings/{meeting.pk}/")
    axe(page)
    page.get_by_role("button", name="Börja mötet").click()

    attendance = page.locator("#attendance")
    for name in ("Ekbyhem AB", "Polisen"):
        seat = attendance.locator("li.seat", has_text=name)
        seat.get_by_role("button", name="Närvarande").click()
        expect(seat.get_by_role("button", name="Närvarande")).to_have_attribute("aria-pressed", "true")
    expect(attendance).to_contain_text("2 av 3 närvarande")

    page.locator("#agenda").get_by_role("button", name=re.compile("Börja.*Hur samverkar vi i kväll")).click()
    expect(page.locator("#agenda .timebox--now")).to_contain_text("0 av 10 min")
    point = page.locator("section.point").first
    point.get_by_label("Anteckningar").fill("Vi möts vid trappan klockan nio.")
    point.get_by_role("button", name=re.compile("Spara anteckningarna")).click()
    expect(point.get_by_role("status")).to_have_text("Sparad")

    decisions = page.locator("#decisions")
    decisions.locator("[name=text]").fill("Laga lampan under bron")
    decisions.locator("[name=responsible]").select_option(label="Ekbyhem AB")
    decisions.get_by_role("button", name="Besluta").click()
    expect(decisions).to_contain_text("Åtgärd #1")
    axe(page)
    shot(page, "meeting-open")
    assert Action.objects.get().responsible == cast.housing

    page.goto(f"/c/ekby/meetings/{meeting.pk}/?view=wall")
    expect(page.locator(".wall__now")).to_contain_text("Vi möts vid trappan klockan nio.")
    axe(page)
    shot(page, "meeting-wall")

    page.goto(f"/c/ekby/meetings/{meeting.pk}/briefing/")
    axe(page)
    page.goto(f"/c/ekby/meetings/{meeting.pk}/")
    page.get_by_role("button", name="Stäng protokollet").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Protokoll")
    expect(page.locator("#decisions")).to_contain_text("Laga lampan under bron")
    axe(page)
    shot(page, "minutes")
    assert Meeting.objects.get().state == MeetingState.CLOSED


def test_the_calendar_proposes_a_forum_and_calls_it_in_one_tap(
    cast: Cast, page: Page, sign_in: Callable[[Page, str], None], axe: Callable[[Page], None]
) -> None:
    a_forum(cast, slug="fo", level="mixed", rhythm="", first_on=None)
    sign_in(page, "anna@example.org")
    page.goto("/c/ekby/calendar/events/new/")
    axe(page)
    page.get_by_label("Vad", exact=True).fill("Demonstration på torget")
    page.get_by_label("Slag").select_option(label="Demonstration")
    page.get_by_label("Första dagen").fill((clock.today() + timedelta(days=12)).isoformat())
    page.get_by_label("Forum att kalla").select_option(label="Fo")
    page.get_by_role("button", name="Spara").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Demonstration på torget")
    axe(page)
    page.goto("/c/ekby/calendar/")
    axe(page)
    narrow = page.evaluate("innerWidth < 700")  # where the head of the table, with the weekdays, is not shown
    assert page.locator(".month thead").is_visible() is not narrow
    assert page.locator(".month__weekday").first.is_visible() is narrow
    page.get_by_role("button", name="Kalla Fo").click()
    expect(page.locator("main")).to_contain_text("Demonstration på torget")
    assert Meeting.objects.get().title == "Demonstration på torget"
