"""Shifts as people write them."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.actors.hours import Hours
from lagesbild.actors.week import parse_shifts, write_shifts
from lagesbild.core.errors import UserError

pytestmark = pytest.mark.one_database

TEN_TO_SIX = Hours(time(10), time(18))


@pytest.mark.parametrize("text", ["10:00–18:00", "10-18", "10.00 - 18.00", "10 till 18", " 10:00-18 "])
def test_the_usual_ways_of_writing_mean_the_same(text: str) -> None:
    assert parse_shifts(text) == [TEN_TO_SIX]


def test_several_come_in_order_and_nothing_is_none() -> None:
    assert parse_shifts("22-02, 10-18") == [TEN_TO_SIX, Hours(time(22), time(2))]
    assert parse_shifts("  ") == []


def test_twenty_four_is_midnight() -> None:
    assert parse_shifts("00-24") == [Hours(time(0), time(0))]
    assert parse_shifts("18-24") == [Hours(time(18), time(0))]


@pytest.mark.parametrize("text", ["25-26", "10", "10-18-20", "10:60-11", "kväll", "24:30-01"])
def test_what_is_no_shift_is_refused_with_its_words(text: str) -> None:
    with pytest.raises(UserError) as refused:
        parse_shifts(text)
    assert refused.value.code == "schedules.no_shift"
    assert text in refused.value.message


def test_two_that_begin_together_are_refused() -> None:
    with pytest.raises(UserError) as refused:
        parse_shifts("10-12, 10-18")
    assert refused.value.code == "schedules.shift_twice"


@given(st.lists(st.tuples(st.times(), st.times()), max_size=4, unique_by=lambda pair: (pair[0].hour, pair[0].minute)))
def test_what_is_written_is_read_back(pairs: list[tuple[time, time]]) -> None:
    shifts = sorted(Hours(*(each.replace(second=0, microsecond=0) for each in pair)) for pair in pairs)
    assert parse_shifts(write_shifts(shifts)) == shifts
