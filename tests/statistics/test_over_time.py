"""``change --look-for``, the shift of ``profile`` and the hours of ``scan``: the library's answers, with dates."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from lagesbild.stats import (
    Grid,
    Window,
    alarm,
    change_point_test,
    change_points,
    emerging_hot_spots_grid,
    hour_shift,
    mean_time,
)
from tests.shared_data import shared_data
from tests.statistics.command import answer, csv, refusal, run

pytestmark = pytest.mark.one_database

YEAR = ("--period", "2025-01-01,2026-01-01")


@pytest.fixture
def weeks(tmp_path: Path) -> tuple[Path, np.ndarray]:
    """Counts of 52 weeks that end with 2025, doubled from the thirtieth on; the first day is not of any week."""
    counts = np.random.default_rng(1).poisson(np.where(np.arange(52) < 30, 10, 25))
    starts = np.datetime64("2025-01-02") + 7 * np.arange(52)
    return csv(tmp_path / "weeks.csv", "t,n", zip(starts, counts, strict=True)), counts


def test_change_points_of_a_table_are_those_of_the_library_with_dates(weeks: tuple[Path, np.ndarray]) -> None:
    path, counts = weeks
    found = answer(
        *("change", path, "--look-for", "change-points", *YEAR, "--count", "n", "--replicates", 99, "--seed", 3)
    )
    expected = change_points(counts, np.full(52, 7.0))
    (change,) = found["changes"]
    assert change["index"] == expected.changes[0].index
    assert change["from"] == str(np.datetime64("2025-01-02") + 7 * change["index"])
    assert change["from_low"] <= change["from"] <= change["from_high"]
    tested = change_point_test(counts, np.full(52, 7.0), n_replicates=99, rng=3)
    assert found["test"]["pvalue"] == tested.pvalue
    assert [each["count"] for each in found["steps"]] == counts.tolist()
    assert found["steps"][-1]["to"] == "2026-01-01"


def test_events_in_months_count_per_day_and_gaps_are_no_quiet_days(tmp_path: Path) -> None:
    days = np.arange(np.datetime64("2025-01-01"), np.datetime64("2026-01-01"))
    path = csv(tmp_path / "e.csv", "t", [(each,) for each in days if not 5 <= int(str(each)[5:7]) <= 6])
    how = ("--look-for", "change-points", *YEAR, "--step", "month")
    whole = answer("change", path, *how, "--gap", "2025-05-01,2025-07-01")
    assert whole["changes"] == []
    assert [step["days"] for step in whole["steps"]] == [31, 28, 31, 30, 0, 0, 31, 31, 30, 31, 30, 31]
    assert whole["level"][4] is None
    assert len(answer("change", path, *how)["changes"]) > 0


def test_an_event_in_a_gap_is_left_out_and_half_a_step_is_half_observed(tmp_path: Path) -> None:
    path = csv(tmp_path / "e.csv", "t", [(0,), (1,), (9,), (10,), (14,)])
    found = answer("change", path, "--look-for", "change-points", "--period", "0,14", "--gap", "7,10")
    assert [(step["days"], step["count"]) for step in found["steps"]] == [(7, 2), (4, 1)]
    assert found["input"]["in_period"] == 3


def test_the_alarm_is_that_of_the_library(weeks: tuple[Path, np.ndarray]) -> None:
    path, counts = weeks
    counts[-1] = 90
    csv(path, "t,n", zip(np.datetime64("2025-01-02") + 7 * np.arange(52), counts, strict=True))
    found = answer(
        *("change", path, "--look-for", "alarm", *YEAR, "--count", "n", "--current", 2, "--false-alarm-rate", 0.02)
    )
    expected = alarm(
        counts, np.full(52, 7.0), periods_per_year=365.25 / 7, n_current=2, false_alarm_rate=0.02
    ).to_dict()
    assert {name: found[name] for name in expected if name != "notes"} == {
        name: value for name, value in expected.items() if name != "notes"
    }
    assert found["is_alarm"] == [False, True]
    assert found["from"] == ["2025-12-18", "2025-12-25"]


def test_hot_spots_over_months_are_those_of_the_library(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    x, y = rng.uniform(0, 2_000, 1_500), rng.uniform(0, 2_000, 1_500)
    month = rng.integers(1, 7, 1_500)
    x[:300], y[:300] = x[:300] % 200 + 900, y[:300] % 200 + 900
    rows = [(a, b, f"2025-{m:02}-10") for a, b, m in zip(x, y, month, strict=True)]
    path = csv(tmp_path / "e.csv", "x,y,t", rows)
    found = answer(
        *("change", path, "--look-for", "hot-spots", "--period", "2025-01-01,2025-07-01", "--step", "month"),
        *("--bounds", "0,0,2000,2000", "--cell", 100, "--recent", 2),
    )
    grid = Grid.covering(cell_m=100, bounds=(0, 0, 2000, 2000))
    counts = np.stack([grid.count(x[month == m], y[month == m]) for m in range(1, 7)])
    expected = emerging_hot_spots_grid(counts, window=Window.queen(), recent=2)
    assert found["counts"] == counts.tolist()
    assert found["kind"] == expected.kind.tolist()
    assert found["n_of_kind"] == dict(expected.n_of_kind)
    assert found["kind"][9][9] == "persistent"
    assert [step["count"] for step in found["steps"]] == counts.sum(axis=(1, 2)).tolist()


def test_the_gist_of_steps_in_numbers_of_days_is_told(tmp_path: Path) -> None:
    path = csv(tmp_path / "e.csv", "x,y,t", [(0, 0, 1), (90, 0, 9)])
    done = run("change", path, "--look-for", "hot-spots", "--period", "0,14")
    assert done.exit_code == 0, done.output
    assert "from=0, to=7, days=7, count=1" in done.stdout


def test_what_does_not_go_together_is_refused(tmp_path: Path, weeks: tuple[Path, np.ndarray]) -> None:
    path, _ = weeks
    look = ("change", path, "--look-for")
    assert "needs --period" in refusal(*look, "alarm")
    assert "--step needs --look-for" in refusal("change", path, "--step", 7)
    assert "--gap needs --look-for" in refusal("change", path, "--gap", "2025-01-01,2025-01-02")
    assert "are for two periods" in refusal(*look, "alarm", *YEAR, "--by", "n")
    assert "is for --look-for change-points" in refusal(*look, "alarm", *YEAR, "--replicates", 9)
    assert "shorter than a step of 400 days" in refusal(*look, "alarm", *YEAR, "--step", 400)
    assert "142853 steps; at most 100000" in refusal(*look, "alarm", "--period", "0,999971")
    few = csv(tmp_path / "f.csv", "x,y,t", [(0, 0, 8), (1_000, 1_000, 9)])
    many = ("--look-for", "hot-spots", "--cell", 1, "--period", "0,730")
    assert "1002001 cells in 104 steps are too many" in refusal("change", few, *many)
    assert "lies too far away" in refusal(*look, "alarm", "--period", "-inf,inf")
    assert "first of a month" in refusal(*look, "alarm", "--period", "2025-01-02,2026-01-01", "--step", "month")
    assert "whole number of days, or month" in refusal(*look, "alarm", *YEAR, "--step", "year")
    assert "--false-alarm-rate must lie between" in refusal(*look, "alarm", *YEAR, "--false-alarm-rate", 2)
    assert "--gap is not for --look-for hot-spots" in refusal(
        *look, "hot-spots", *YEAR, "--gap", "2025-01-01,2025-01-02", "--x", "n", "--y", "n"
    )
    months = ("--step", "month", "--replicates", 9)
    assert "--null must be poisson" in refusal(*look, "change-points", *YEAR, *months)


def test_profile_tells_the_mean_time_and_the_shift_of_the_library(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    hours = np.concatenate([rng.normal(20, 2, 80), rng.normal(23, 2, 60)])
    days = np.concatenate([rng.integers(0, 90, 80), rng.integers(200, 290, 60)])
    seconds = (days * 86_400 + hours * 3_600).astype(np.int64) + 20_089 * 86_400  # from 2025-01-01
    until = seconds + rng.integers(0, 7_200, 140)
    moments = [
        (str(a.astype("datetime64[s]")), str(b.astype("datetime64[s]"))) for a, b in np.stack([seconds, until], axis=1)
    ]
    path = csv(tmp_path / "e.csv", "t,until", moments)
    found = answer(
        *("profile", path, "--t-to", "until", "--circular", "--before", "2025-01-01,2025-05-01"),
        *("--after", "2025-07-01,2025-12-31", "--replicates", 99, "--seed", 7),
    )
    expected = hour_shift(seconds, until, is_after=np.arange(140) >= 80, n_replicates=99, rng=7)
    for name in ("p_watson", "p_chi_square", "mean_shift_hours", "n_before", "n_after"):
        assert found["shift"][name] == getattr(expected, name), name
    assert found["shift"]["mean_shift_hours"] == pytest.approx(3, abs=1)
    assert found["circular"]["day"]["mean_hour"] == mean_time(seconds, until).mean_hour
    assert found["circular"]["week"]["parameters"]["cycle"] == "week"
    assert "both --before and --after" in refusal("profile", path, "--before", "2025-01-01,2025-05-01")
    assert "must not overlap" in refusal(
        "profile", path, "--before", "2025-01-01,2025-05-01", "--after", "2025-04-01,2025-06-01"
    )
    assert "circular" not in answer("profile", path)


def test_scan_in_hours_tells_from_when_up_to_when(tmp_path: Path) -> None:
    rng = np.random.default_rng(6)
    n = 150
    x, y = rng.integers(0, 4_000, n), rng.integers(0, 4_000, n)
    hour = rng.integers(0, 24 * 12, n)
    x[:9], y[:9], hour[:9] = 2_000, 2_000, 24 * 5 + 8 + np.arange(9) % 8
    start = np.datetime64("2026-01-01T00", "h")
    rows = [(a, b, str((start + int(h)).astype("datetime64[m]"))) for a, b, h in zip(x, y, hour, strict=True)]
    path = csv(tmp_path / "e.csv", "x,y,t", rows)
    how = ("--max-radius", 300, "--max-days", 2, "--replicates", 9, "--period", "2026-01-01,2026-01-13")
    top = answer("scan", path, *how, "--interval", "8h")["clusters"][0]
    # Eight to sixteen: events at eight lie in it though eight hours are no binary fraction of a day.
    assert (top["from"], top["to"], top["observed"]) == ("2026-01-06T08:00", "2026-01-06T16:00", 9)
    assert answer("scan", path, *how, "--interval", "48h") == answer("scan", path, *how, "--interval", "2")
    assert answer("scan", path, *how, "--interval", "1")["clusters"][0]["from"] == "2026-01-06"
    assert "--max-days must be at least --interval" in refusal("scan", path, "--interval", "60h", "--max-days", 2)
    assert "days, or of hours such as 6h" in refusal("scan", path, "--interval", "6m")


def test_break_ins_of_vancouver_rose_in_march_2020(tmp_path: Path) -> None:
    rows = pl.read_csv(shared_data("vancouver-crime-2020") / "crime.csv.gz").filter(
        pl.col("TYPE") == "Break and Enter Commercial"
    )
    dates = [(f"{y}-{m:02}-{d:02}",) for y, m, d in rows.select("YEAR", "MONTH", "DAY").rows()]
    path = csv(tmp_path / "e.csv", "t", dates)
    found = answer("change", path, "--look-for", "change-points", "--period", "2020-01-01,2020-12-30")
    assert found["changes"][0]["from"] == "2020-03-18"
    assert found["changes"][0]["ratio"] > 1.5
