"""From weekly patterns to moments: over midnight, holidays, exceptions, and the two nights when clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from lagesbild.actors.hours import Hours, Interval, Pattern, around, intervals, next_duty, on_duty, week_share
from lagesbild.actors.models import HolidayRule

pytestmark = pytest.mark.one_database

STOCKHOLM = "Europe/Stockholm"
EVER = date(2016, 5, 1)


def clock(text: str) -> time:
    return time.fromisoformat(text)


def week(**days: str) -> dict[int, list[Hours]]:
    """``week(mon="10:00-18:00", fri="22:00-02:00 08:00-12:00")``."""
    names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    return {
        names.index(name) + 1: [Hours(*map(clock, part.split("-"))) for part in text.split()]
        for name, text in days.items()
    }


def pattern(days: dict[int, list[Hours]], **more: Any) -> Pattern:
    return Pattern(days, **{"valid_from": EVER, **more})


def local(text: str, *, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(STOCKHOLM), fold=fold).astimezone(UTC)


def of(made: Pattern | list[Pattern], first: str, last: str) -> list[Interval]:
    patterns = made if isinstance(made, list) else [made]
    return intervals(patterns, date.fromisoformat(first), date.fromisoformat(last), zone=STOCKHOLM)


def test_the_room_is_staffed_monday_to_friday_from_ten_to_six() -> None:
    room = pattern({day: [Hours(clock("10:00"), clock("18:00"))] for day in range(1, 6)})
    found = of(room, "2019-09-02", "2019-09-09")
    assert len(found) == 5
    assert found[0] == Interval(local("2019-09-02T10:00"), local("2019-09-02T18:00"))


def test_a_shift_that_ends_earlier_than_it_begins_ends_the_next_day() -> None:
    (night,) = of(pattern(week(fri="22:00-02:00")), "2019-09-02", "2019-09-09")
    assert night == Interval(local("2019-09-06T22:00"), local("2019-09-07T02:00"))


def test_duty_at_the_very_end_is_over_and_at_the_very_start_has_begun() -> None:
    stretches = of(pattern(week(mon="10:00-18:00")), "2019-09-02", "2019-09-03")
    assert on_duty(stretches, local("2019-09-02T10:00"))
    assert on_duty(stretches, local("2019-09-02T17:59"))
    assert on_duty(stretches, local("2019-09-02T18:00")) is None


def test_shifts_that_meet_are_one_stretch_and_an_hour_between_parts_them() -> None:
    met = of(pattern(week(mon="08:00-16:00 16:00-00:00", tue="00:00-08:00 09:00-10:00")), "2019-09-02", "2019-09-04")
    assert met == [
        Interval(local("2019-09-02T08:00"), local("2019-09-03T08:00")),
        Interval(local("2019-09-03T09:00"), local("2019-09-03T10:00")),
    ]


def test_equal_ends_are_a_whole_day_and_round_the_clock_has_no_gap() -> None:
    guards = pattern({day: [Hours(clock("00:00"), clock("00:00"))] for day in range(1, 8)})
    assert of(guards, "2019-09-02", "2019-09-16") == [Interval(local("2019-09-02T00:00"), local("2019-09-16T00:00"))]


def test_the_night_shift_of_yesterday_is_still_on_duty() -> None:
    at = local("2019-09-07T01:30")
    stretches = around([pattern(week(fri="22:00-02:00"))], at, zone=STOCKHOLM)
    assert on_duty(stretches, at) == Interval(local("2019-09-06T22:00"), local("2019-09-07T02:00"))
    later = next_duty(stretches, at)
    assert later is not None
    assert later.start == local("2019-09-13T22:00")


def test_the_night_when_clocks_go_forward_is_an_hour_shorter() -> None:
    (night,) = of(pattern(week(sat="22:00-06:00")), "2026-03-28", "2026-03-29")
    assert night.end - night.start == timedelta(hours=7)


def test_the_night_when_clocks_go_back_is_an_hour_longer() -> None:
    (night,) = of(pattern(week(sat="22:00-06:00")), "2026-10-24", "2026-10-25")
    assert night.end - night.start == timedelta(hours=9)


@pytest.mark.parametrize("saturday", ["2026-03-28", "2026-10-24"])
def test_who_leaves_and_who_comes_at_an_odd_time_meet_at_the_same_moment(saturday: str) -> None:
    """02:30 never comes on one of the nights and comes twice on the other."""
    leaves, comes = pattern(week(sat="22:00-02:30")), pattern(week(sun="02:30-07:00"))
    sunday = (date.fromisoformat(saturday) + timedelta(days=1)).isoformat()
    after = (date.fromisoformat(saturday) + timedelta(days=2)).isoformat()
    (first,), (second,) = of(leaves, saturday, sunday), of(comes, sunday, after)
    assert first.end == second.start
    (both,) = of([leaves, comes], saturday, after)
    assert both.end - both.start == (timedelta(hours=8) if saturday < "2026-06" else timedelta(hours=10))


def test_a_time_that_comes_twice_is_its_first_coming() -> None:
    (night,) = of(pattern(week(sun="02:30-05:00")), "2026-10-25", "2026-10-26")
    assert night.start == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # summer time still


def test_a_shift_inside_the_hour_that_is_left_out_stays_forward() -> None:
    (odd,) = of(pattern(week(sun="01:30-02:30")), "2026-03-29", "2026-03-30")
    assert odd.end - odd.start == timedelta(hours=1)


def test_holidays_are_off_or_as_sundays_or_as_usual() -> None:
    days = week(mon="10:00-18:00", sun="12:00-16:00")  # 2026-04-06 is Easter Monday
    assert of(pattern(days, holidays=HolidayRule.OFF), "2026-04-06", "2026-04-07") == []
    (sunday,) = of(pattern(days, holidays=HolidayRule.AS_SUNDAY), "2026-04-06", "2026-04-07")
    assert sunday.start == local("2026-04-06T12:00")
    (usual,) = of(pattern(days), "2026-04-06", "2026-04-07")
    assert usual.start == local("2026-04-06T10:00")


def test_an_exception_takes_the_place_of_the_week_and_of_the_holiday() -> None:
    days = week(mon="10:00-18:00")
    moved = {date(2026, 4, 6): [Hours(clock("20:00"), clock("23:00"))], date(2026, 4, 13): []}
    found = of(pattern(days, holidays=HolidayRule.OFF, exceptions=moved), "2026-04-06", "2026-04-21")
    assert [each.start for each in found] == [local("2026-04-06T20:00"), local("2026-04-20T10:00")]


def test_the_period_is_half_open() -> None:
    short = pattern(week(mon="10:00-18:00"), valid_from=date(2019, 9, 2), valid_to=date(2019, 9, 16))
    assert [each.start.date().day for each in of(short, "2019-08-26", "2019-09-30")] == [2, 9]


def test_the_share_of_each_hour_over_midnight_from_sunday_to_monday() -> None:
    shares = week_share([pattern(week(sun="22:30-01:00"))], date(2019, 9, 2))
    assert shares[6][22] == 0.5
    assert shares[6][23] == 1
    assert shares[0][0] == 1
    assert sum(map(sum, shares)) == 2.5


def test_two_shifts_at_the_same_time_cover_an_hour_once() -> None:
    shares = week_share([pattern(week(mon="10:00-12:00")), pattern(week(mon="11:00-13:00"))], date(2019, 9, 2))
    assert sum(shares[0]) == 3
