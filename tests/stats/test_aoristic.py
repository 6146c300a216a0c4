"""Hour × weekday profile with intervals shared out."""

from __future__ import annotations

import csv
import gzip

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.stats import hour_weekday_profile
from tests.shared_data import shared_data
from tests.stats.twins import aoristic_by_second
from tests.stats.untimed import untimed

pytestmark = pytest.mark.one_database

MONDAY_S = 4 * 86_400  # 1970-01-05 was a Monday
TIMES = st.integers(0, 60 * 86_400)


def at(*texts: str) -> np.ndarray:
    return np.array(texts, dtype="datetime64[s]")


def test_an_evening_from_half_past_ten_to_one_is_shared_by_three_hours() -> None:
    # Monday 16 November 2026
    result = hour_weekday_profile(at("2026-11-16T22:30"), at("2026-11-17T01:00"))
    assert result.hours[0, 22:].tolist() == pytest.approx([0.2, 0.4])
    assert result.hours[1, 0] == pytest.approx(0.4)
    assert result.hours.sum() == pytest.approx(1)
    assert result.n_intervals == 1


def test_an_end_on_the_hour_does_not_reach_into_it() -> None:
    result = hour_weekday_profile(at("2026-11-18T10:00"), at("2026-11-18T11:00"))
    assert result.hours[2, 10] == 1
    assert result.hours.sum() == 1


def test_sunday_night_goes_over_into_monday() -> None:
    result = hour_weekday_profile(at("2026-11-22T23:30"), at("2026-11-23T00:30"))
    assert (result.hours[6, 23], result.hours[0, 0]) == (0.5, 0.5)


def test_without_an_end_the_event_is_a_point() -> None:
    result = hour_weekday_profile(at("2026-11-16T22:30", "2026-11-21T03:59:59"), at("NaT", "NaT"))
    assert (result.hours[0, 22], result.hours[5, 3]) == (1, 1)
    assert np.array_equal(result.hours, hour_weekday_profile(at("2026-11-16T22:30", "2026-11-21T03:59:59")).hours)


def test_whole_numbers_are_seconds_on_the_local_clock_since_a_thursday() -> None:
    seconds = hour_weekday_profile([0, MONDAY_S + 3_600])
    assert (seconds.hours[3, 0], seconds.hours[0, 1]) == (1, 1)


def test_times_before_1970_fall_on_their_weekday() -> None:
    assert hour_weekday_profile(at("1969-12-31T23:00")).hours[2, 23] == 1


def test_any_unit_of_time_gives_the_same() -> None:
    start, end = at("2026-11-16T22:30"), at("2026-11-17T01:00")
    fine = hour_weekday_profile(start.astype("datetime64[ns]"), end.astype("datetime64[us]"))
    assert np.array_equal(fine.hours, hour_weekday_profile(start, end).hours)


def test_a_date_without_time_counts_in_its_weekday_and_in_no_hour() -> None:
    result = hour_weekday_profile(
        at("2026-11-16T00:00", "2026-11-16T12:00"), time_known=np.array([False, True]), weights=[3.0, 1.0]
    )
    assert result.hour_unknown.tolist() == [3, 0, 0, 0, 0, 0, 0]
    assert result.hours.sum() == 1
    assert result.weekdays.tolist() == [4, 0, 0, 0, 0, 0, 0]
    assert [note.code for note in result.notes] == ["aoristic.hour_unknown"]


def test_dates_from_friday_to_sunday_are_shared_by_whole_days() -> None:
    known = np.array([False])
    until_midnight = hour_weekday_profile(at("2026-11-20T15:00"), at("2026-11-23T00:00"), time_known=known)
    assert until_midnight.hour_unknown.tolist() == pytest.approx([0, 0, 0, 0, 1 / 3, 1 / 3, 1 / 3])
    some_time_on_sunday = hour_weekday_profile(at("2026-11-20T15:00"), at("2026-11-22T09:00"), time_known=known)
    assert some_time_on_sunday.hour_unknown.tolist() == until_midnight.hour_unknown.tolist()


def test_a_week_or_more_is_spread_evenly_with_a_note() -> None:
    result = hour_weekday_profile(at("2026-11-16T22:30"), at("2026-11-23T22:30"))
    assert (result.hours == 1 / 168).all()
    assert [(note.code, note.values["n"]) for note in result.notes] == [("aoristic.long_interval", 1)]


def test_a_second_less_than_a_week_is_not() -> None:
    result = hour_weekday_profile(at("2026-11-16T22:00"), at("2026-11-23T21:59:59"))
    assert result.notes == ()
    assert result.hours[0, 21] < result.hours[0, 22]


def test_an_end_before_the_start_counts_at_the_start_and_is_noted() -> None:
    # The clock was set back at three on 25 October 2026: from 02:50 the first time to 02:10 the second.
    result = hour_weekday_profile(at("2026-10-25T02:50"), at("2026-10-25T02:10"))
    assert result.hours[6, 2] == 1
    assert [note.code for note in result.notes] == ["aoristic.end_before_start"]


def test_no_events_are_an_answer() -> None:
    result = hour_weekday_profile([])
    assert (result.hours.shape, result.hours.sum(), result.n_events) == ((7, 24), 0, 0)
    assert [note.code for note in result.notes] == ["aoristic.no_events"]


def test_a_missing_start_is_refused() -> None:
    with pytest.raises(ValueError, match="`t_from` must have a time for every event"):
        hour_weekday_profile(at("NaT"))


def test_times_with_fractions_are_refused_as_numbers() -> None:
    with pytest.raises(TypeError, match="`t_from` must hold datetime64 or whole seconds"):
        hour_weekday_profile([1.5])


def test_ends_of_another_number_are_refused() -> None:
    with pytest.raises(ValueError, match="must have the length of `t_from`"):
        hour_weekday_profile([1, 2], [3])


@untimed
@given(start=TIMES, length=st.integers(0, 604_799))
def test_it_agrees_with_counting_every_second(start: int, length: int) -> None:
    result = hour_weekday_profile([start + MONDAY_S], [start + length + MONDAY_S])
    np.testing.assert_allclose(
        result.hours.ravel(), aoristic_by_second(start, start + length, 3_600, 168), rtol=1e-9, atol=1e-12
    )


@untimed
@given(
    st.lists(
        st.tuples(TIMES, st.integers(-7_200, 1_000_000), st.booleans(), st.floats(0, 10)), min_size=1, max_size=20
    ),
    st.integers(-200, 200),
)
def test_nothing_is_lost_and_whole_weeks_and_order_do_not_matter(
    events: list[tuple[int, int, bool, float]], weeks: int
) -> None:
    start = np.array([event[0] for event in events])
    end = start + np.array([event[1] for event in events])
    known = np.array([event[2] for event in events])
    weights = np.array([event[3] for event in events])
    here = hour_weekday_profile(start, end, time_known=known, weights=weights)
    assert here.hours.sum() + here.hour_unknown.sum() == pytest.approx(weights.sum(), abs=1e-9)
    shift = weeks * 604_800
    there = hour_weekday_profile(start[::-1] + shift, end[::-1] + shift, time_known=known[::-1], weights=weights[::-1])
    np.testing.assert_allclose(there.hours, here.hours, atol=1e-9)
    np.testing.assert_allclose(there.hour_unknown, here.hour_unknown, atol=1e-9)


def test_input_is_left_alone_and_asking_again_gives_the_same() -> None:
    start, end = at("2026-11-16T22:30", "2026-11-20T01:00"), at("2026-11-17T01:00", "NaT")
    first, second = hour_weekday_profile(start, end), hour_weekday_profile(start, end)
    assert np.array_equal(first.hours, second.hours)
    assert start.tolist() == at("2026-11-16T22:30", "2026-11-20T01:00").tolist()


def test_nights_are_found_in_intervals_that_only_touch_them() -> None:
    rng = np.random.default_rng(17)
    happened = rng.integers(0, 52, 3_000) * 604_800 + rng.choice(7, 3_000) * 86_400 + rng.integers(0, 3 * 3_600, 3_000)
    result = hour_weekday_profile(happened - rng.integers(0, 18_000, 3_000), happened + rng.integers(1, 18_000, 3_000))
    by_hour = result.hours.sum(axis=0)
    assert by_hour.argmax() in (0, 1, 2)
    assert by_hour[12] < by_hour[1] / 20


def test_vehicle_thefts_of_new_york_happen_more_at_night_than_reports_say() -> None:
    path = shared_data("nyc-vehicle-thefts") / "thefts.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    start = np.array([row["date_start"] for row in rows], dtype="datetime64[s]")
    end = np.array([row["date_end"] or "NaT" for row in rows], dtype="datetime64[s]")
    result = hour_weekday_profile(start, end)
    assert len(rows) == 35_746
    assert result.hours.sum() == pytest.approx(35_746)
    assert np.isnat(end).sum() == 2_852
    at_start = hour_weekday_profile(start)
    night = slice(1, 6)
    assert result.hours[:, night].sum() > 1.3 * at_start.hours[:, night].sum()
