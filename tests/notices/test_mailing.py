"""Mail about notices. Local time is that of Stockholm."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail as outbox
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.core import clock
from lagesbild.notices import actions, mailing, queries, reading
from lagesbild.notices.models import Mail, Notice, Preference
from tests.cast import Cast
from tests.notices.builders import TRIAL, a_notice

pytestmark = pytest.mark.django_db
STOCKHOLM = ZoneInfo("Europe/Stockholm")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)


def post_round(when: str) -> int:
    with clock.frozen(at(when)):
        mailing.gather()
        return mailing.send_waiting()


def wants(cast: Cast, mail: str, quiet_from: time = time(21), quiet_to: time = time(7)) -> None:
    actions.choose(cast.anna, mail=mail, quiet_from=quiet_from, quiet_to=quiet_to, muted=[])


def test_the_mail_tells_nothing_but_the_kind_and_where_to_read(cast: Cast) -> None:
    wants(cast, "at_once")
    with clock.frozen(at("2026-03-02 12:00")):
        a_notice(cast.anna)
    assert post_round("2026-03-02 12:01") == 1
    [sent] = outbox.outbox
    assert sent.to == [cast.anna.user.email]
    assert "Vasagatan" not in f"{sent.subject} {sent.body}"
    assert "Trial" in sent.body
    assert "/c/ekby/notices/" in sent.body


def test_nothing_goes_in_quiet_hours_and_everything_when_they_end(cast: Cast) -> None:
    wants(cast, "at_once")
    with clock.frozen(at("2026-03-02 23:00")):
        a_notice(cast.anna)
        a_notice(cast.anna)
    assert [post_round(f"2026-03-{when}") for when in ("02 23:01", "03 03:00", "03 06:59", "03 07:00", "03 07:01")] == [
        0, 0, 0, 1, 0,
    ]  # fmt: skip
    assert "2" in outbox.outbox[0].body.splitlines()[0]


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_the_two_odd_nights_end_at_seven_by_the_clock_on_the_wall(cast: Cast, day: str) -> None:
    wants(cast, "at_once")
    morning = f"{day} 07:00"
    with clock.frozen(at(f"{day} 02:30")):
        a_notice(cast.anna)
    before = at(morning).astimezone(UTC) - timedelta(minutes=1)
    with clock.frozen(before):
        mailing.gather()
        assert mailing.send_waiting() == 0
    assert post_round(morning) == 1


def test_the_digest_comes_once_in_the_morning_with_what_came_before_it(cast: Cast) -> None:
    with clock.frozen(at("2026-03-02 06:30")):
        a_notice(cast.anna)
    assert post_round("2026-03-02 07:00") == 1
    with clock.frozen(at("2026-03-02 09:00")):
        a_notice(cast.anna)
    assert post_round("2026-03-02 20:00") == 0
    assert post_round("2026-03-03 07:30") == 1


def test_what_is_urgent_does_not_wait_for_the_digest_but_for_the_end_of_the_quiet_hours(cast: Cast) -> None:
    with clock.frozen(at("2026-03-02 09:00")):
        a_notice(cast.anna, code="trial.urgent")
    assert post_round("2026-03-02 09:01") == 1
    with clock.frozen(at("2026-03-02 22:00")):
        a_notice(cast.anna, code="trial.urgent")
    assert post_round("2026-03-02 22:01") == 0


def test_what_was_read_on_the_page_and_what_was_muted_make_no_mail(cast: Cast) -> None:
    wants(cast, "at_once")
    with clock.frozen(at("2026-03-02 12:00")):
        reading.read(a_notice(cast.anna))
        a_notice(cast.anna)
        actions.mute(cast.anna, TRIAL)
    assert post_round("2026-03-02 12:01") == 0


def test_one_who_may_no_longer_sign_in_gets_no_mail(cast: Cast) -> None:
    a_notice(cast.anna)
    cast.anna.user.is_active = False
    cast.anna.user.save()
    assert post_round("2030-03-02 12:01") == 0


def test_a_mail_that_could_not_be_sent_is_sent_later_under_the_same_id(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    wants(cast, "at_once")
    with clock.frozen(at("2026-03-02 12:00")):
        a_notice(cast.anna)
    send = EmailBackend.send_messages
    tried: list[str] = []

    def broken(_self: EmailBackend, messages: list[outbox.EmailMessage]) -> int:
        tried.extend(str(each.extra_headers["Message-ID"]) for each in messages)
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailBackend, "send_messages", broken)
    assert post_round("2026-03-02 12:01") == 0
    monkeypatch.setattr(EmailBackend, "send_messages", send)
    assert post_round("2026-03-02 12:02") == 0  # not hammering
    assert post_round("2026-03-02 12:12") == 1
    assert [outbox.outbox[0].extra_headers["Message-ID"]] == tried
    assert Mail.objects.get().sent_at is not None


def test_a_crash_between_writing_down_and_sending_loses_and_doubles_nothing(cast: Cast) -> None:
    wants(cast, "at_once")
    with clock.frozen(at("2026-03-02 12:00")):
        a_notice(cast.anna)
        mailing.gather()
        mailing.gather()
    assert Mail.objects.count() == 1
    assert post_round("2026-03-02 12:05") == 1
    assert post_round("2026-03-02 13:00") == 0


def test_the_link_in_the_mail_mutes_without_sign_in_and_only_when_the_button_is_pressed(
    cast: Cast, client: Client
) -> None:
    wants(cast, "at_once")
    with clock.frozen(at("2026-03-02 12:00")):
        a_notice(cast.anna)
    post_round("2026-03-02 12:01")
    headers = outbox.outbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = "/mute/" + headers["List-Unsubscribe"].split("/mute/")[1].rstrip(">")
    assert client.get(path).status_code == 200
    assert queries.preference_of(cast.anna).muted == []
    Client(enforce_csrf_checks=True).post(path, {"List-Unsubscribe": "One-Click"})
    assert queries.preference_of(cast.anna).muted == [TRIAL]
    assert client.get(path.replace("/mute/", "/mute/x")).status_code == 404


def test_a_preference_form_with_a_wrong_time_is_shown_again(cast: Cast, client: Client) -> None:
    client.force_login(cast.anna.user)
    wrong = {"mail": "at_once", "quiet_from": "25:00", "quiet_to": "07:00"}
    assert client.post("/c/ekby/notices/settings/", wrong).status_code == 422
    assert not Preference.objects.exists()
    right = {"mail": "never", "quiet_from": "22:00", "quiet_to": "06:00", "muted": [TRIAL]}
    client.post("/c/ekby/notices/settings/", right)
    a_notice(cast.anna)
    assert not Notice.objects.filter(wants_mail=True).exists()


@given(start=st.times(), end=st.times(), moment=st.times())
def test_a_moment_is_quiet_or_lies_in_the_hours_that_are_left(start: time, end: time, moment: time) -> None:
    one, other = Preference(quiet_from=start, quiet_to=end), Preference(quiet_from=end, quiet_to=start)
    if start != end:
        assert mailing.is_quiet(one, moment) != mailing.is_quiet(other, moment)
    else:
        assert not mailing.is_quiet(one, moment)
