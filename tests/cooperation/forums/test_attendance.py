"""Attendance over time: shares, months, and the rule for who has fallen away, on its limits."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from lagesbild.cooperation import attendance
from lagesbild.cooperation.attendance import Entry
from lagesbild.cooperation.queries import attendance as queries
from tests.cast import Cast
from tests.cooperation.forums.builders import a_closed_meeting, a_forum

P, A = "present", "absent"


def entries(member: str, *said: str) -> list[Entry]:
    first = date(2026, 1, 2)
    return [Entry(first + timedelta(days=9 * n), n, member, each, 2 if each == P else 0) for n, each in enumerate(said)]


def test_shares_and_months_by_hand() -> None:
    (line,) = attendance.lines(entries("Polisen", P, P, A, P, "prevented", ""))
    assert (line.held, line.present, line.prevented, line.absent, line.people) == (6, 3, 1, 2, 6)
    assert line.share_pct == 50
    assert {month: (each.present, each.held) for month, each in line.months.items()} == {
        "2026-01": (3, 4),
        "2026-02": (0, 2),
    }


@pytest.mark.parametrize(
    ("said", "gone"),
    [
        ((P, P, P, P, A, A, A), True),
        ((P, P, A, A, A, A, A), True),  # exactly half of four
        ((P, A, A, A, A, A, A), False),  # never was regular
        ((P, P, P, A, A, A), False),  # only three before
        ((P, P, P, P, A, A, P), False),
        ((P, P, P, P, "prevented", "", A), True),
        ((), False),
    ],
)
def test_fallen_away_is_three_missed_in_a_row_after_being_regular(said: tuple[str, ...], gone: bool) -> None:
    assert attendance.has_fallen_away(said) is gone


def test_the_chart_has_a_bar_for_each_member_in_the_order_of_the_table() -> None:
    found = attendance.lines([*entries("B", A, P), *entries("A", P, P)])
    chart = attendance.chart(found, "våren")
    assert [(row["member"], row["share"]) for row in chart["data"]["values"]] == [("A", 100), ("B", 50)]


def test_a_member_counts_only_while_it_takes_part(cast: Cast) -> None:
    forum = a_forum(cast)
    for day in (3, 6):
        at = datetime(2026, 3, day, 14, tzinfo=UTC)
        a_closed_meeting(cast, forum, at=at, present=(cast.police,))
    forum.members.filter(organisation=cast.municipality).update(from_on=date(2026, 3, 5))
    forum.members.filter(organisation=cast.housing).update(participation="invited")
    found, exercise = queries.entries(cast.anna, forum, date(2026, 3, 1), date(2026, 4, 1))
    held = {line.member: (line.present, line.held) for line in attendance.lines(found)}
    assert held["Analytiker · Polisen"] == (2, 2)
    assert held["Ekby kommun"] == (0, 2)  # it was counted absent on the third, which is kept
    assert held["Fastighetsvärd · Ekbyhem AB"] == (0, 2)
    assert exercise is False


def test_days_are_local_and_the_end_is_not_included(cast: Cast) -> None:
    forum = a_forum(cast)
    a_closed_meeting(cast, forum, at=datetime(2026, 3, 31, 22, 30, tzinfo=UTC))  # 1 April on the wall
    march, _exercise = queries.entries(cast.anna, forum, date(2026, 3, 1), date(2026, 4, 1))
    april, _exercise = queries.entries(cast.anna, forum, date(2026, 4, 1), date(2026, 4, 2))
    assert not march
    assert len(april) == 3
