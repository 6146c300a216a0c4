"""Time comes from one place and can be said by a test."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from lagesbild.core import clock

pytestmark = pytest.mark.one_database


def test_now_has_a_zone_and_moves() -> None:
    first = clock.now()
    assert first.tzinfo is not None
    assert clock.now() >= first


def test_within_the_block_it_is_always_then_and_afterwards_it_is_now_again() -> None:
    then = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    with clock.frozen(then):
        assert clock.now() == then
        with clock.frozen(datetime(2020, 1, 1, tzinfo=UTC)):
            assert clock.now().year == 2020
        assert clock.now() == then
    assert clock.now() != then


def test_the_local_date_is_that_of_the_zone() -> None:
    with clock.frozen(datetime(2026, 6, 30, 22, 30, tzinfo=UTC)):
        assert clock.today() == date(2026, 7, 1)
        assert clock.today("America/Los_Angeles") == date(2026, 6, 30)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"), clock.frozen(datetime(2026, 1, 1)):  # noqa: DTZ001
        pass
