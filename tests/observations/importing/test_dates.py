"""Every way dates and times are written, read back; and what is no date."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.observations.importing.dates import guess_date_order, read_dates, read_times

SWEDISH = [
    *("januari", "februari", "mars", "april", "maj", "juni"),
    *("juli", "augusti", "september", "oktober", "november", "december"),
]
ENGLISH = [
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
]
WEEKDAYS = ["måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"]


def read(text: str | None, order: str = "ymd") -> tuple[date | None, int | None, int | None, str]:
    row = read_dates(pl.Series([text], dtype=pl.String), date_order=order).row(0)
    return row  # type: ignore[return-value]


DAY = date(2026, 2, 28)


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-28",
        "2026-2-28",
        "2026/02/28",
        "2026.02.28",
        "20260228",
        "28/2 2026",
        "28/02/2026",
        "28.2.2026",
        "28-02-2026",
        "28 feb 2026",
        "28 feb. 2026",
        "den 28 februari 2026",
        "lördag 28 februari 2026",
        "lördagen den 28 februari 2026",
        "28 FEBRUARI 2026",
        "28:e februari 2026",
        "28-Feb-2026",
        "Saturday, 28 February 2026",
        "February 28, 2026",
        "Feb 28th, 2026",
        " 2026-02-28 ",
        "28\u00a0februari\u00a02026",
        "46081",
    ],
)
def test_a_day_is_read_in_every_spelling(text: str) -> None:
    assert read(text) == (DAY, None, None, "day")


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-28 14:05",
        "2026-02-28T14:05",
        "2026-02-28 14.05",
        "2026-02-28 1405",
        "2026-02-28, kl 14.05",
        "202602281405",
        "20260228T1405",
        "28/2 2026 14:05",
        "28.2.2026 kl. 14.05",
        "den 28 februari 2026 kl. 14.05",
        "28 feb 2026 klockan 14:05",
        "Feb 28, 2026 2:05 PM",
        "28/02/2026 02:05 p.m.",
        "2026-02-28 14:05:00",
        "2026-02-28T14:05:00.123456",
        "46081.586805555555",
        "46081,586805555555",
    ],
)
def test_a_minute_is_read_in_every_spelling(text: str) -> None:
    assert read(text) == (DAY, (14 * 60 + 5) * 60, None, "minute")


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("2026-02-28T14:05Z", 0),
        ("2026-02-28 14:05 UTC", 0),
        ("2026-02-28T14:05+01:00", 3600),
        ("2026-02-28T14:05+0100", 3600),
        ("2026-02-28T14:05:00+01", 3600),
        ("2026-02-28 14:05:00 -03:30", -12600),
        ("20260228T140500Z", 0),
    ],
)
def test_an_offset_is_kept(text: str, offset: int) -> None:
    assert read(text) == (DAY, 50_700, offset, "minute")


def test_an_hour_need_not_have_two_figures() -> None:
    assert read("2026-08-22 9:48:12 +02:00") == (date(2026, 8, 22), 35_292, 7200, "minute")


@pytest.mark.parametrize("text", ["2026-02-28 14", "2026-02-28T14", "28 feb 2026 kl 14", "Feb 28, 2026 2 PM"])
def test_an_hour_alone_is_an_hour(text: str) -> None:
    assert read(text) == (DAY, 14 * 3600, None, "hour")


@pytest.mark.parametrize("text", ["2022-05", "2022/5", "202205", "maj 2022", "May 2022", "maj, 2022"])
def test_a_month_alone_is_a_month(text: str) -> None:
    assert read(text) == (date(2022, 5, 1), None, None, "month")


@pytest.mark.parametrize(
    "text",
    [
        "31 feb 2026",
        "2026-02-29",
        "2026-13-01",
        "2026-00-10",
        "2026-01-00",
        "2026-02-28 25:00",
        "2026-02-28 24:01",
        "2026-02-28 14:60",
        "2026-02-28 14:05:60",
        "Feb 28, 2026 13:05 PM",
        "Feb 28, 2026 0:05 AM",
        "1900-02-29",
        "2022",
        "28 feb",
        "igår",
        "14:05",
        "2026-02-28 14:05 i Klara",
        "1e5",
        "28/2 202",
        "28 mango 2026",
        "12345678901234567890",
    ],
)
def test_what_is_no_date_is_not_read(text: str) -> None:
    assert read(text)[0] is None


@pytest.mark.parametrize("text", [None, "", "  ", "NA", "N/A", "null", "-", "okänt", "NaN"])
def test_blanks_are_no_dates(text: str | None) -> None:
    assert read(text)[0] is None


def test_leap_days_exist_in_leap_years_and_in_2000_but_not_in_1900() -> None:
    assert read("2024-02-29")[0] == date(2024, 2, 29)
    assert read("2000-02-29")[0] == date(2000, 2, 29)
    assert read("1900-02-29")[0] is None


def test_midnight_written_24_is_the_next_day() -> None:
    assert read("2026-02-28 24:00") == (date(2026, 3, 1), 0, None, "minute")


def test_twelve_am_is_midnight_and_twelve_pm_is_noon() -> None:
    assert read("Feb 28, 2026 12:05 AM")[1] == 300
    assert read("Feb 28, 2026 12:05 PM")[1] == 43_500


def test_only_the_order_says_what_figures_alone_mean() -> None:
    assert read("2/3/2026", "dmy")[0] == date(2026, 3, 2)
    assert read("2/3/2026", "mdy")[0] == date(2026, 2, 3)
    assert read("26-02-03", "ymd")[0] == date(2026, 2, 3)
    assert read("26-02-03", "dmy")[0] == date(2003, 2, 26)
    assert read("2026-02-03", "mdy")[0] == date(2026, 2, 3)


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["2026-02-28"], "ymd"),
        (["1/2/2026", "28/2/2026"], "dmy"),
        (["1/2/2026", "2/28/2026"], "mdy"),
        (["1/2/2026", "2/3/2026"], "dmy"),
        (["1/2/2026 2:05 PM"], "mdy"),
        (["1/2/2026", "28/2/2026", "2/28/2026"], "dmy"),
        (["26-02-28", "26-03-01"], "ymd"),
        (["31-12-99", "28-02-26"], "dmy"),
        ([None], "ymd"),
    ],
)
def test_the_order_is_guessed_from_the_whole_column(texts: list[str | None], order: str) -> None:
    assert guess_date_order(pl.Series(texts, dtype=pl.String)) == order


EXCEL_EPOCH, FIRST, LAST = (
    datetime.fromisoformat(day)
    for day in ("1899-12-30", "1930-01-01", "2099-12-31")  # local times have no zone
)
SPELLINGS = {
    "iso": lambda d: d.strftime("%Y-%m-%d %H:%M"),
    "iso T": lambda d: d.strftime("%Y-%m-%dT%H:%M:%S"),
    "compact": lambda d: d.strftime("%Y%m%d%H%M"),
    "slashes": lambda d: f"{d.day}/{d.month} {d.year} {d:%H.%M}",
    "dots": lambda d: f"{d.day}.{d.month}.{d.year} kl. {d:%H:%M}",
    "swedish": lambda d: f"{WEEKDAYS[d.weekday()]}en den {d.day} {SWEDISH[d.month - 1]} {d.year} kl. {d:%H.%M}",
    "swedish short": lambda d: f"{d.day} {SWEDISH[d.month - 1][:3]} {d.year} {d:%H:%M}",
    "english": lambda d: (
        f"{ENGLISH[d.month - 1]} {d.day}, {d.year} {d.hour % 12 or 12}:{d:%M} {'PM' if d.hour > 11 else 'AM'}"
    ),
    "excel": lambda d: f"{(d - EXCEL_EPOCH) / timedelta(days=1):.10f}",
}


@pytest.mark.parametrize("spelling", SPELLINGS)
@settings(max_examples=20, deadline=None)
@given(moments=st.lists(st.datetimes(FIRST, LAST), min_size=1, max_size=60))
def test_every_spelling_of_every_moment_is_read_back(spelling: str, moments: list[datetime]) -> None:
    whole = [moment.replace(second=0, microsecond=0) for moment in moments]
    read_back = read_dates(pl.Series([SPELLINGS[spelling](moment) for moment in whole]), date_order="dmy")
    seconds = [moment.hour * 3600 + moment.minute * 60 for moment in whole]
    assert read_back["day"].to_list() == [moment.date() for moment in whole]
    assert read_back["second"].to_list() == seconds


def test_every_day_of_four_centuries_is_the_same_as_pythons() -> None:
    days = [date.fromordinal(number) for number in range(date(1890, 1, 1).toordinal(), date(2290, 1, 1).toordinal())]
    texts = pl.Series([day.isoformat() for day in days])
    assert read_dates(texts, date_order="ymd")["day"].to_list() == days


def test_spellings_may_be_mixed_in_one_column() -> None:
    texts = ["2026-02-28", "x", "28 feb 2026", None, "20260228", "28/2 2026 14:05"]
    assert read_dates(pl.Series(texts), date_order="dmy")["day"].to_list() == [DAY, None, DAY, None, DAY, DAY]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("14:05", time(14, 5)),
        ("14.05", time(14, 5)),
        ("14:05:33", time(14, 5, 33)),
        ("kl 14.05", time(14, 5)),
        ("kl. 9.05", time(9, 5)),
        ("1405", time(14, 5)),
        ("905", time(9, 5)),
        ("2:05 pm", time(14, 5)),
        ("1899-12-31 14:05:00", time(14, 5)),
        ("1405.0", time(14, 5)),
    ],
)
def test_a_time_of_day_is_read_in_every_spelling(text: str, expected: time) -> None:
    row = read_times(pl.Series([text])).row(0, named=True)
    assert (row["second"], row["precision"]) == (
        expected.hour * 3600 + expected.minute * 60 + expected.second,
        "minute",
    )
    assert not row["wrong"]


def test_figures_are_hours_unless_one_has_three() -> None:
    assert read_times(pl.Series(["5", "14"]))["second"].to_list() == [5 * 3600, 14 * 3600]
    assert read_times(pl.Series(["5", "14", "1405"]))["second"].to_list() == [5 * 60, 14 * 60, 50_700]


def test_parts_of_a_day_are_times_as_excel_keeps_them() -> None:
    assert read_times(pl.Series(["0.586805556", "0.5"]))["second"].to_list() == [50_700, 43_200]


@pytest.mark.parametrize("text", ["25:00", "14:60", "2460", "x", "14:05:99", "13 pm", "2026-02-28 14:05:00"])
def test_what_is_no_time_is_wrong(text: str) -> None:
    assert read_times(pl.Series([text]))["wrong"].to_list() == [True]


def test_a_blank_time_is_not_wrong() -> None:
    row = read_times(pl.Series([None, "14:05"], dtype=pl.String)).row(0, named=True)
    assert (row["second"], row["wrong"]) == (None, False)


ALMOST = st.from_regex(
    r"[+-]?[0-9]{1,5}-[0-9]{1,2}-[0-9]{1,2}([ tT][0-9]{1,2}:[0-9]{1,2}(:[0-9]{1,2})?)?", fullmatch=True
)


@pytest.mark.parametrize("first", ["2026-02-28", "2026-02-28 14:05", "2026-02-28T14:05", "2026-02-28 14:05:33"])
@settings(max_examples=40, deadline=None)
@given(texts=st.lists(ALMOST | st.sampled_from(["2026-02-28 14:05:60", "2026-02-29", "28 feb 2026", ""]), max_size=20))
def test_the_quick_way_reads_what_the_patterns_read(first: str, texts: list[str]) -> None:
    quick = read_dates(pl.Series([first, *texts]), date_order="ymd")
    # A first text in another form keeps all of them off the quick way.
    slow = read_dates(pl.Series(["28/2 2026", first, *texts]), date_order="ymd")[1:]
    assert [row if row[0] else None for row in quick.rows()] == [row if row[0] else None for row in slow.rows()]
