"""The filter: the same question in an address, in JSON and in code."""

from __future__ import annotations

from datetime import date

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.core.errors import UserError
from lagesbild.observations.filters import EventFilter

pytestmark = pytest.mark.one_database


def numbers(lowest: int, highest: int) -> st.SearchStrategy[frozenset[int]]:
    return st.frozensets(st.integers(lowest, highest))


days = st.dates(date(1900, 1, 2), date(2199, 12, 30))
slugs = st.frozensets(st.from_regex(r"[a-z0-9_-]{1,12}", fullmatch=True), max_size=3)


@st.composite
def filters(draw: st.DrawFn) -> EventFilter:
    first, last = sorted([draw(days), draw(days)])
    period = {"from_on": first, "to_on": last} if first < last else {}
    return EventFilter(
        **period,
        categories=draw(slugs),
        areas=draw(st.frozensets(st.integers(1, 10**6), max_size=4)),
        place=draw(st.none() | st.integers(1, 10**6)),
        hours=draw(numbers(0, 23)),
        weekdays=draw(numbers(1, 7)),
        months=draw(numbers(1, 12)),
        sources=draw(slugs),
    )


@given(filters())
def test_the_address_and_the_json_bring_back_the_same_filter(original: EventFilter) -> None:
    assert EventFilter.from_query(QueryDict(original.to_query())) == original
    assert EventFilter.from_dict(original.to_dict()) == original


def test_the_last_day_of_an_address_is_included() -> None:
    read = EventFilter.from_query(QueryDict("from=2025-01-01&to=2025-01-31"))
    assert (read.from_on, read.to_on) == (date(2025, 1, 1), date(2025, 2, 1))
    assert EventFilter.from_query(QueryDict("from=2025-01-01&to=2025-01-01")).to_on == date(2025, 1, 2)


def test_hours_may_pass_midnight_and_months_new_year() -> None:
    read = EventFilter.from_query(QueryDict("hour=22-2,12&month=11-2&weekday=6-7"))
    assert read.hours == {22, 23, 0, 1, 2, 12}
    assert read.months == {11, 12, 1, 2}
    assert read.weekdays == {6, 7}


def test_repeated_names_and_commas_mean_the_same() -> None:
    assert EventFilter.from_query(QueryDict("category=a&category=b")) == EventFilter.from_query(
        QueryDict("category=b,a")
    )


def test_a_plain_dictionary_is_read_too() -> None:
    assert EventFilter.from_query({"area": ["3", "4"], "hour": "7"}) == EventFilter(
        areas=frozenset({3, 4}), hours=frozenset({7})
    )


def test_empty_fields_and_foreign_names_do_not_narrow() -> None:
    assert EventFilter.from_query(QueryDict("from=&category=&compare=year&page=3")) == EventFilter()


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=2025-02-30", "from"),
        ("to=idag", "to"),
        ("from=0001-01-01", "from"),
        ("to=9999-12-31", "to"),
        ("from=2025-03-02&to=2025-03-01", "to"),
        ("hour=24", "hour"),
        ("weekday=0", "weekday"),
        ("month=1-13", "month"),
        ("hour=7-", "hour"),
        ("area=ett", "area"),
        ("area=²", "area"),
        ("place=-1", "place"),
        ("area=99999999999999999999", "area"),
    ],
)
def test_what_cannot_be_read_is_an_error_at_its_field(query: str, field: str) -> None:
    with pytest.raises(UserError) as caught:
        EventFilter.from_query(QueryDict(query))
    assert caught.value.field == field
