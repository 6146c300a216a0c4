"""Instants, intervals, the two odd hours of the year, dates that cannot be."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from lagesbild.core.errors import UserError
from lagesbild.observations.importing import Mapping
from tests.observations.importing.files import checked, raw_of, times, told


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc]


def test_a_time_without_zone_is_local() -> None:
    row = times(["2026-02-28 14:05", "2026-07-01 00:30"]).frame
    assert row["occurred_from"].to_list() == [utc(2026, 2, 28, 13, 5), utc(2026, 6, 30, 22, 30)]
    assert row["local_date"].to_list() == [date(2026, 2, 28), date(2026, 7, 1)]
    assert row["local_hour"].to_list() == [14, 0]
    assert row["occurred_to"].to_list() == [None, None]


def test_a_time_with_zone_is_that_instant_and_its_local_date_is_ours() -> None:
    row = times(["2026-02-28T23:30Z"]).frame.row(0, named=True)
    assert row["occurred_from"] == utc(2026, 2, 28, 23, 30)
    assert (row["local_date"], row["local_hour"]) == (date(2026, 3, 1), 0)


def test_a_file_in_another_zone_is_converted() -> None:
    mapping = Mapping(occurred="Datum", source_type_constant="x", time_zone="UTC")
    row = times(["2026-02-28 23:30"], mapping=mapping).frame.row(0, named=True)
    assert (row["local_date"], row["local_hour"]) == (date(2026, 3, 1), 0)


def test_a_day_has_no_hour_and_keeps_its_date() -> None:
    row = times(["2026-02-28"]).frame.row(0, named=True)
    assert row["occurred_from"] == utc(2026, 2, 27, 23, 0)
    assert (row["local_date"], row["local_hour"], row["time_precision"]) == (date(2026, 2, 28), None, "day")
    assert row["occurred_to"] is None


def test_a_month_lasts_to_the_next() -> None:
    row = times(["2022-03"]).frame.row(0, named=True)
    assert (row["occurred_from"], row["occurred_to"]) == (utc(2022, 2, 28, 23, 0), utc(2022, 3, 31, 22, 0))
    assert (row["local_date"], row["local_hour"], row["time_precision"]) == (date(2022, 3, 1), None, "month")


def test_dates_that_stand_for_months_become_months() -> None:
    mapping = Mapping(occurred="Datum", source_type_constant="x", time_precision="month")
    row = times(["2022-12-01"], mapping=mapping).frame.row(0, named=True)
    assert (row["time_precision"], row["occurred_to"]) == ("month", utc(2022, 12, 31, 23, 0))


def test_the_hour_that_does_not_exist_is_an_error_that_explains() -> None:
    result = times(["2026-03-29 01:59", "2026-03-29 02:00", "2026-03-29 02:59", "2026-03-29 03:00"])
    assert told(result) == [(3, "Datum", "import.time_nonexistent"), (4, "Datum", "import.time_nonexistent")]
    assert '"2026-03-29 02:00"' in result.problems["message"][0]
    assert result.frame["row"].to_list() == [2, 5]


def test_the_hour_that_does_not_exist_may_be_accepted_an_hour_later() -> None:
    mapping = Mapping(occurred="Datum", source_type_constant="x", clock_forward=True)
    result = times(["2026-03-29 02:30"], mapping=mapping)
    assert result.ok
    assert told(result) == [(2, "Datum", "import.time_moved")]
    assert result.frame["occurred_from"].to_list() == [utc(2026, 3, 29, 1, 30)]
    assert result.frame["local_hour"].to_list() == [3]


def test_the_hour_that_happens_twice_is_kept_as_an_interval_with_a_warning() -> None:
    result = times(
        ["2026-10-25 01:59", "2026-10-25 02:00", "2026-10-25 02:59", "2026-10-25 03:00"], today=date(2027, 1, 1)
    )
    assert result.ok
    assert told(result) == [(3, "Datum", "import.time_ambiguous"), (4, "Datum", "import.time_ambiguous")]
    assert result.frame["occurred_from"].to_list() == [
        utc(2026, 10, 24, 23, 59),
        utc(2026, 10, 25, 0, 0),
        utc(2026, 10, 25, 0, 59),
        utc(2026, 10, 25, 2, 0),
    ]
    assert result.frame["occurred_to"].to_list() == [None, utc(2026, 10, 25, 1, 0), utc(2026, 10, 25, 1, 59), None]
    assert result.frame["local_hour"].to_list() == [1, 2, 2, 3]


@pytest.mark.parametrize("text", ["2026-10-25 02:30 +02:00", "2026-10-25T00:30Z"])
def test_an_offset_settles_the_hour_that_happens_twice(text: str) -> None:
    result = times([text])
    assert told(result) == []
    assert result.frame["occurred_from"].to_list() == [utc(2026, 10, 25, 0, 30)]


def test_an_offset_settles_the_hour_that_does_not_exist() -> None:
    result = times(["2026-03-29 02:30 +01:00"])
    assert told(result) == []
    assert result.frame["local_hour"].to_list() == [3]


def test_a_day_is_read_also_where_the_clock_changes_at_midnight() -> None:
    mapping = Mapping(occurred="Datum", source_type_constant="x", time_zone="America/Santiago")
    row = times(["2022-09-11"], mapping=mapping, time_zone="America/Santiago").frame.row(0, named=True)
    assert row["local_date"] == date(2022, 9, 11)
    assert row["occurred_from"] == utc(2022, 9, 11, 4, 0)


def test_a_file_without_rows_is_refused() -> None:
    with pytest.raises(UserError) as refused:
        times([None, "  "])
    assert refused.value.code == "import.file_without_rows"


def test_today_is_possible_and_tomorrow_is_not() -> None:
    result = times(["2026-11-22 23:59", "2026-11-23"], today=date(2026, 11, 22))
    assert told(result) == [(3, "Datum", "import.date_in_future")]


def test_1900_is_possible_and_1899_is_not() -> None:
    assert told(times(["1900-01-01", "1899-12-31"])) == [(3, "Datum", "import.date_too_old")]


def test_every_bad_date_is_told_by_row_with_what_it_says() -> None:
    result = times(["31 feb", "2026-02-28", None, "igår"])
    # Rows without a single value are no rows, so the blank one is not told.
    assert told(result) == [(2, "Datum", "import.date_refused"), (5, "Datum", "import.date_refused")]
    assert result.problems["message"][0] == 'Row 2, column "Datum": "31 feb" is not a date. Write it like 2026-02-28.'
    assert not result.ok
    assert result.n_rows == 3


def test_a_missing_date_is_an_error() -> None:
    raw = raw_of(Datum=["2026-02-28", None], Typ=["a", "b"])
    assert told(checked(raw, Mapping(occurred="Datum", source_type="Typ"))) == [(3, "Datum", "import.date_missing")]


INTERVAL = Mapping(occurred="Fr", occurred_to="Till", source_type_constant="Inbrott")


def test_intervals_are_kept() -> None:
    raw = raw_of(
        Fr=["2026-02-01 10:00", "2026-02-01 10:00", "2026-02-01"], Till=["2026-02-02 16:30", None, "2026-02-03"]
    )
    frame = checked(raw, INTERVAL).frame
    assert frame["occurred_to"].to_list() == [utc(2026, 2, 2, 15, 30), None, utc(2026, 2, 3, 23, 0)]


def test_an_end_equal_to_the_start_is_a_point_in_time() -> None:
    raw = raw_of(Fr=["2026-02-01 10:00"], Till=["2026-02-01 10:00"])
    assert checked(raw, INTERVAL).frame["occurred_to"].to_list() == [None]


def test_an_end_or_a_report_in_the_future_is_an_error() -> None:
    raw = raw_of(Fr=["2026-02-01"], Till=["2062-02-01"], A=["2026-12-01"])
    result = checked(raw, replace(INTERVAL, reported="A"))
    assert told(result) == [(2, "A", "import.date_in_future"), (2, "Till", "import.date_in_future")]


def test_an_end_before_the_start_is_an_error_that_names_both() -> None:
    raw = raw_of(Fr=["2026-02-01 10:00"], Till=["2026-02-01 09:59"])
    result = checked(raw, INTERVAL)
    assert told(result) == [(2, "Till", "import.interval_reversed")]
    assert "2026-02-01 10:00" in result.problems["message"][0]


def test_date_and_time_may_stand_in_two_columns() -> None:
    mapping = Mapping(occurred="D", occurred_time="T", source_type_constant="x")
    raw = raw_of(
        D=["2026-02-28", "2026-02-28 00:00:00", "2026-02-28", "2026-02-28"], T=["1405", "14.05", None, "24:00"]
    )
    frame = checked(raw, mapping).frame
    assert frame["local_hour"].to_list() == [14, 14, None, 0]
    assert frame["time_precision"].to_list() == ["minute", "minute", "day", "minute"]
    assert frame["local_date"].to_list() == [date(2026, 2, 28)] * 3 + [date(2026, 3, 1)]


def test_a_bad_time_is_told_in_its_own_column() -> None:
    mapping = Mapping(occurred="D", occurred_time="T", source_type_constant="x")
    assert told(checked(raw_of(D=["2026-02-28"], T=["25.00"]), mapping)) == [(2, "T", "import.time_refused")]


def test_year_month_and_day_may_stand_in_columns_of_their_own() -> None:
    parts = {"year": "Y", "month": "M", "day": "D", "hour": "H", "minute": "Mi"}
    mapping = Mapping(occurred_parts=parts, source_type_constant="x")
    raw = raw_of(
        Y=["2020", "2020", "2020"], M=["6", "6", "2"], D=["19", "19", "30"], H=["3", None, "1"], Mi=["5", None, "1"]
    )
    result = checked(raw, mapping)
    assert result.frame["local_hour"].to_list() == [3, None]
    assert result.frame["time_precision"].to_list() == ["minute", "day"]
    assert told(result) == [(4, "Y + M + D + H + Mi", "import.date_refused")]


def test_the_time_of_report_is_kept_beside() -> None:
    mapping = Mapping(occurred="D", reported="A", source_type_constant="x")
    raw = raw_of(D=["2026-02-28"] * 2, A=["2026-03-01 08:00", None])
    assert checked(raw, mapping).frame["reported_at"].to_list() == [utc(2026, 3, 1, 7, 0), None]


POLICE = Mapping(occurred_text="name", reported="datetime", source_type_constant="x")


@pytest.mark.parametrize(
    ("name", "published", "expected"),
    [
        ("26 september 14:21, Rån, Stockholm", "2022-09-26 15:55:23 +02:00", utc(2022, 9, 26, 12, 21)),
        ("30 juni 10.36, Rån, Stockholm", "2024-06-30 9:55:23 +02:00", utc(2024, 6, 30, 8, 36)),
        ("31 december 23.50, Rån, Stockholm", "2025-01-01 00:20:00 +01:00", utc(2024, 12, 31, 22, 50)),
        ("1 januari 00.05, Rån, Stockholm", "2024-12-31 23:59:00 +01:00", utc(2024, 12, 31, 23, 5)),
        ("03 mars 10.00, Rån, Stockholm", "2025-03-01 12:00:00 +01:00", utc(2024, 3, 3, 9, 0)),
        ("29 februari 10.00, Rån, Stockholm", "2025-03-01 12:00:00 +01:00", utc(2024, 2, 29, 9, 0)),
    ],
)
def test_a_police_notice_happened_on_the_latest_such_day_before_the_day_after_publication(
    name: str, published: str, expected: datetime
) -> None:
    result = checked(raw_of(name=[name], datetime=[published]), POLICE)
    assert told(result) == []
    assert result.frame["occurred_from"].to_list() == [expected]


@pytest.mark.parametrize("name", ["Sammanfattning natt", "31 juni 10.36, Rån", "29 mars 02.30, Rån, Stockholm"])
def test_a_police_notice_without_a_possible_time_happened_when_it_was_published(name: str) -> None:
    result = checked(raw_of(name=[name], datetime=["2026-03-29 9:55:23 +02:00"]), POLICE)
    assert result.ok
    assert told(result) == [(2, "name", "import.time_shifted")]
    row = result.frame.row(0, named=True)
    assert (row["occurred_from"], row["local_date"]) == (utc(2026, 3, 29, 7, 55, 23), date(2026, 3, 29))
