"""Recurrence in local time: the odd nights, days off, week 53, and rules that no forum should have."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from lagesbild.cooperation import recurrence
from lagesbild.cooperation.recurrence import Parts, Rhythm
from lagesbild.core.errors import UserError

pytestmark = pytest.mark.one_database
STOCKHOLM = ZoneInfo("Europe/Stockholm")


def rhythm(rule: str, *, at: time = time(15), first_on: date = date(2026, 1, 1), skips: bool = False) -> Rhythm:
    return Rhythm(rule, first_on, at, "Europe/Stockholm", skips_holidays=skips)


def local_days(found: list[datetime]) -> list[str]:
    return [at.astimezone(STOCKHOLM).strftime("%m-%d %H:%M") for at in found]


def test_twice_a_week_stays_at_three_over_the_night_when_clocks_go_forward() -> None:
    found = recurrence.starts(rhythm("FREQ=WEEKLY;BYDAY=TU,FR"), date(2026, 3, 24), date(2026, 4, 4))
    assert local_days(found) == ["03-24 15:00", "03-27 15:00", "03-31 15:00", "04-03 15:00"]
    assert [at.hour for at in found] == [14, 14, 13, 13]  # in UTC
    assert all(at.tzinfo is UTC for at in found)


def test_twice_a_week_stays_at_three_over_the_night_when_clocks_go_back() -> None:
    found = recurrence.starts(rhythm("FREQ=WEEKLY;BYDAY=TU,FR"), date(2026, 10, 20), date(2026, 10, 31))
    assert local_days(found) == ["10-20 15:00", "10-23 15:00", "10-27 15:00", "10-30 15:00"]
    assert [at.hour for at in found] == [13, 13, 14, 14]


def test_a_time_that_does_not_exist_that_night_is_taken_with_the_earlier_offset() -> None:
    found = recurrence.starts(rhythm("FREQ=DAILY", at=time(2, 30)), date(2026, 3, 28), date(2026, 3, 31))
    assert local_days(found) == ["03-28 02:30", "03-29 03:30", "03-30 02:30"]


def test_a_time_that_exists_twice_is_the_first_and_comes_once() -> None:
    found = recurrence.starts(rhythm("FREQ=DAILY", at=time(2, 30)), date(2026, 10, 25), date(2026, 10, 26))
    assert found == [datetime(2026, 10, 25, 0, 30, tzinfo=UTC)]  # summer time; the second would be 01:30


def test_days_off_are_left_out_by_choice() -> None:
    rule = "FREQ=WEEKLY;BYDAY=TU,FR"
    kept = recurrence.starts(rhythm(rule), date(2026, 6, 15), date(2026, 6, 24))
    left = recurrence.starts(rhythm(rule, skips=True), date(2026, 6, 15), date(2026, 6, 24))
    assert local_days(kept) == ["06-16 15:00", "06-19 15:00", "06-23 15:00"]
    assert local_days(left) == ["06-16 15:00", "06-23 15:00"]  # Midsummer Eve


def test_every_second_week_counts_week_53() -> None:
    fortnightly = rhythm("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", first_on=date(2026, 12, 14))
    found = recurrence.starts(fortnightly, date(2026, 12, 14), date(2027, 1, 26))
    assert local_days(found) == ["12-14 15:00", "12-28 15:00", "01-11 15:00", "01-25 15:00"]
    assert date(2026, 12, 28).isocalendar().week == 53


def test_the_second_thursday_of_each_month() -> None:
    found = recurrence.starts(rhythm("FREQ=MONTHLY;BYDAY=2TH"), date(2026, 1, 1), date(2026, 4, 1))
    assert local_days(found) == ["01-08 15:00", "02-12 15:00", "03-12 15:00"]


def test_the_end_is_not_included_and_nothing_comes_before_the_first_day() -> None:
    found = recurrence.starts(rhythm("FREQ=DAILY", first_on=date(2026, 5, 4)), date(2026, 5, 1), date(2026, 5, 6))
    assert local_days(found) == ["05-04 15:00", "05-05 15:00"]


def test_until_ends_the_series_with_that_day() -> None:
    found = recurrence.starts(rhythm("FREQ=DAILY;UNTIL=20260102"), date(2026, 1, 1), date(2026, 2, 1))
    assert local_days(found) == ["01-01 15:00", "01-02 15:00"]


def test_a_rule_that_never_comes_true_is_answered_at_once() -> None:
    assert recurrence.starts(rhythm("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), date(2026, 1, 1), date(2099, 1, 1)) == []


@pytest.mark.parametrize(
    "rule",
    ["", "weekly", "FREQ=HOURLY", "FREQ=WEEKLY;BYDAY=XX", "FREQ=DAILY;BYHOUR=3", "FREQ=WEEKLY;BYDAY=TU\nEXDATE:1"],
)
def test_what_is_no_rule_is_refused(rule: str) -> None:
    with pytest.raises(UserError) as refused:
        recurrence.check(rule)
    assert refused.value.code == "forums.rule_refused"


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=WEEKLY;BYDAY=TU,FR",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO",
        "FREQ=MONTHLY;BYDAY=2TH",
        "FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1WE",
    ],
)
def test_a_simple_rule_comes_apart_and_together_again(rule: str) -> None:
    parts = recurrence.parts_of(rule)
    assert parts is not None
    assert recurrence.rule_of(parts) == rule


def test_a_rule_beyond_the_form_is_not_taken_apart() -> None:
    assert recurrence.parts_of("FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1") is None


def test_the_rhythm_in_swedish() -> None:
    with translation.override("sv"):
        assert recurrence.in_words("FREQ=WEEKLY;BYDAY=TU,FR") == "Varje vecka: tisdag och fredag"
        assert recurrence.in_words("FREQ=MONTHLY;BYDAY=2TH") == "Varje månad: andra torsdag"
        assert recurrence.in_words("FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1WE") == "Varje år: sista onsdag i mars och oktober"
        assert recurrence.in_words("") == "Vid behov"


def test_parts_of_half_a_year() -> None:
    assert recurrence.rule_of(Parts("YEARLY", 1, ("1TU",), (9, 3))) == "FREQ=YEARLY;BYMONTH=3,9;BYDAY=1TU"
