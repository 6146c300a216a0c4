"""The question: the same from address, command line and store, with a sensible period when none is given."""

from __future__ import annotations

from datetime import date

import pytest
from django.http import QueryDict

from lagesbild.core.errors import UserError
from lagesbild.picture.asking import Ask
from lagesbild.picture.content import Period

TODAY = date(2026, 3, 15)


def covered(first: str, after: str) -> Period:
    return Period(from_on=date.fromisoformat(first), to_on=date.fromisoformat(after))


@pytest.mark.parametrize("query", ["", "from=2025-01-01&to=2025-06-30&category=a&hour=22,23&compare=previous&by=x"])
def test_the_address_comes_back_as_it_was(query: str) -> None:
    ask = Ask.from_query(QueryDict(query))
    assert Ask.from_query(QueryDict(ask.to_query())) == ask
    assert Ask.from_dict(ask.to_dict()) == ask


def test_the_default_is_the_last_half_year_of_data() -> None:
    ask = Ask.from_query(QueryDict("")).settled(covered("2020-01-01", "2025-07-01"), TODAY)
    assert ask.period == covered("2025-01-01", "2025-07-01")
    assert ask.comparison == "year"


def test_data_after_today_does_not_move_the_default() -> None:
    ask = Ask.from_query(QueryDict("")).settled(covered("2020-01-01", "2030-01-01"), TODAY)
    assert ask.period.last_on == TODAY


def test_short_data_is_compared_half_with_half() -> None:
    ask = Ask.from_query(QueryDict("")).settled(covered("2012-07-01", "2013-01-01"), TODAY)
    assert ask.period == covered("2012-10-01", "2013-01-01")
    assert ask.comparison == "previous"


def test_without_data_the_half_year_ends_today() -> None:
    assert Ask.from_query(QueryDict("")).settled(None, TODAY).period.last_on == TODAY


def test_an_unknown_comparison_is_refused() -> None:
    with pytest.raises(UserError) as refused:
        Ask.from_query(QueryDict("compare=yesterday"))
    assert refused.value.field == "compare"


def test_a_picture_of_a_century_is_refused() -> None:
    with pytest.raises(UserError):
        Ask.from_query(QueryDict("from=1901-01-01&to=2025-01-01")).settled(None, TODAY)
