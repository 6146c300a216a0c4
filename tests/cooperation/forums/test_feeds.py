"""Calendar feeds: valid by an independent reader, right over the odd nights, secret, revocable, and silent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from lagesbild.accounts.models import Membership, User
from lagesbild.cooperation import ical
from lagesbild.cooperation.actions import feeds, meetings
from lagesbild.cooperation.models import Feed, Forum
from lagesbild.core import clock
from tests.cast import Cast
from tests.cooperation.forums.builders import NOW, a_forum, a_meeting

STOCKHOLM = ZoneInfo("Europe/Stockholm")


@pytest.fixture
def frozen() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


def event(**said: Any) -> ical.CalendarEvent:
    values: dict[str, Any] = {
        "uid": "meeting-1@ekby.lagesbild",
        "starts_at": datetime(2026, 3, 27, 14, tzinfo=UTC),
        "duration": timedelta(minutes=45),
        "summary": "Utsättning",
        "location": "Lokalen",
        "url": "https://lagesbild.example/c/ekby/meetings/1/",
        "stamp": NOW,
        **said,
    }
    return ical.CalendarEvent(**values)


def unfolded(data: bytes) -> list[str]:
    return data.decode().replace("\r\n ", "").split("\r\n")


def test_lines_are_folded_at_75_octets_and_never_inside_a_letter() -> None:
    data = ical.calendar("Forum", [event(summary="Å" * 90 + "; slut, här\noch sedan \\")], time_zone="Europe/Stockholm")
    lines = data.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert all(line.decode() is not None for line in lines)
    assert "SUMMARY:" + "Å" * 90 + "\\; slut\\, här\\noch sedan \\\\" in unfolded(data)
    assert data.endswith(b"END:VCALENDAR\r\n")


def test_the_zone_is_described_with_both_odd_nights() -> None:
    lines = unfolded(ical.calendar("Forum", [event()], time_zone="Europe/Stockholm"))
    spring = lines.index("DTSTART:20260329T020000")
    assert lines[spring - 1 : spring + 4] == [
        "BEGIN:DAYLIGHT",
        "DTSTART:20260329T020000",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "TZNAME:CEST",
    ]
    autumn = lines.index("DTSTART:20261025T030000")
    assert lines[autumn - 1] == "BEGIN:STANDARD"
    assert "DTSTART;TZID=Europe/Stockholm:20260327T150000" in lines


def test_an_independent_reader_finds_the_same_instants() -> None:
    icalendar = pytest.importorskip("icalendar", reason="the reader is not installed")
    instants = [datetime(2026, month, 25, 14, 30, tzinfo=UTC) for month in (1, 3, 4, 6, 10, 11)]
    events = [event(uid=f"{n}@ekby", starts_at=at) for n, at in enumerate(instants)]
    read = icalendar.Calendar.from_ical(ical.calendar("Forum, ett; två", events, time_zone="Europe/Stockholm"))
    found = list(read.walk("VEVENT"))
    assert [each.decoded("dtstart").astimezone(UTC) for each in found] == instants
    assert {each.decoded("duration") for each in found} == {timedelta(minutes=45)}
    zone = next(iter(read.walk("VTIMEZONE"))).to_tz()
    for at in instants:
        local = at.astimezone(STOCKHOLM).replace(tzinfo=None)
        assert local.replace(tzinfo=zone).utcoffset() == at.astimezone(STOCKHOLM).utcoffset()


def read_feed(member: Membership, forum: Forum | None = None) -> tuple[Feed, str]:
    feed, secret = feeds.make_feed(member, forum)
    return feed, reverse("cooperation:feed", args=["ekby", secret])


def test_the_feed_tells_forum_time_room_and_link_and_nothing_else(cast: Cast, frozen: None) -> None:
    forum = a_forum(cast)
    meeting = a_meeting(cast, forum)
    meetings.cancel_meeting(cast.anna, meeting, why="Spaning pågår", seen=meeting.version)
    _feed, address = read_feed(cast.bo)
    response = Client().get(address)
    lines = unfolded(response.content)
    assert response["Content-Type"].startswith("text/calendar")
    assert "SUMMARY:Utsattning" in lines
    assert "LOCATION:Lokalen" in lines
    assert "STATUS:CANCELLED" in lines
    assert "SEQUENCE:1" in lines
    assert "Spaning" not in response.content.decode()


def test_only_a_digest_of_the_secret_is_stored(cast: Cast) -> None:
    feed, address = read_feed(cast.bo)
    assert feed.digest not in address
    assert address.split("/")[-2] not in feed.digest


def test_a_revoked_feed_answers_nothing(cast: Cast) -> None:
    feed, address = read_feed(cast.bo)
    feeds.revoke_feed(cast.bo, feed)
    assert Client().get(address).status_code == 404


def test_the_feed_ends_with_the_account_and_belongs_to_its_collaboration(cast: Cast) -> None:
    _feed, address = read_feed(cast.bo)
    assert Client().get(address.replace("/c/ekby/", "/c/sjovik/")).status_code == 404
    User.objects.filter(pk=cast.bo.user_id).update(is_active=False)
    assert Client().get(address).status_code == 404


def test_a_feed_holds_only_meetings_that_its_person_may_see(cast: Cast, frozen: None) -> None:
    steering = a_forum(cast, slug="styrgrupp", level="steering")
    operational = a_forum(cast, slug="utsattning")
    a_meeting(cast, steering)
    a_meeting(cast, operational)
    _feed, bos = read_feed(cast.bo)
    _feed, evas = read_feed(cast.eva)
    assert "Styrgrupp" not in Client().get(bos).content.decode()
    assert "Styrgrupp" in Client().get(evas).content.decode()
    _feed, one = read_feed(cast.eva, operational)
    assert "Styrgrupp" not in Client().get(one).content.decode()
