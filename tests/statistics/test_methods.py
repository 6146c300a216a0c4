"""Every method through its command: the library's answer, complete and in plain values."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from lagesbild.stats import Grid, Window, compare_counts, gi_star_grid, knox, rate
from lagesbild.stats import density as density_of
from tests.shared_data import shared_data
from tests.statistics.command import answer, csv, refusal, run

pytestmark = pytest.mark.one_database


@pytest.fixture
def points(tmp_path: Path) -> tuple[Path, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    x, y = rng.integers(0, 2000, 150), rng.integers(0, 2000, 150)
    x[:40], y[:40] = x[:40] % 150 + 900, y[:40] % 150 + 900
    return csv(tmp_path / "points.csv", "x,y", zip(x, y, strict=True)), x, y


def test_density_is_that_of_the_library(points: tuple[Path, np.ndarray, np.ndarray]) -> None:
    path, x, y = points
    found = answer("density", path, "--cell", 50, "--bandwidth", 200, "--kernel", "gaussian")
    grid = Grid.covering(x, y, cell_m=50)
    expected = density_of(x, y, grid=grid, bandwidth_m=200, kernel="gaussian")
    assert found["per_km2"] == expected.per_km2.tolist()
    assert found["grid"] == grid.to_dict()


def test_density_keeps_to_the_bounds_and_the_weights(tmp_path: Path) -> None:
    path = csv(tmp_path / "e.csv", "x,y,w", [(150, 150, 2), (350, 150, 3), (950, 150, 5)])
    found = answer("density", path, "--cell", 100, "--bounds", "100,100,400,200", "--weight", "w")
    assert (found["grid"]["n_cols"], found["grid"]["n_rows"]) == (3, 1)
    assert found["n_events"] == 5
    assert [note["code"] for note in found["notes"]] == ["density.events_outside"]


def test_gistar_finds_the_planted_spot_with_the_library_s_numbers(points: tuple[Path, np.ndarray, np.ndarray]) -> None:
    path, x, y = points
    found = answer("gistar", path, "--cell", 100, "--neighbours", 2)
    counts = Grid.covering(x, y, cell_m=100).count(x, y)
    expected = gi_star_grid(counts, window=Window.queen(2))
    assert found["z"] == expected.z.tolist()
    assert found["pvalue"] == expected.pvalue.tolist()
    assert found["counts"] == counts.tolist()
    assert len(found["hot"]) == 1
    assert len({note["code"] for note in found["notes"]}) == len(found["notes"])
    assert abs(found["hot"][0]["centroid_x"] - 975) < 100


def test_gistar_takes_steps_or_a_radius_but_not_both(points: tuple[Path, np.ndarray, np.ndarray]) -> None:
    path, _, _ = points
    assert answer("gistar", path, "--radius", 100)["parameters"]["window"].startswith("disc")
    assert "not both" in refusal("gistar", path, "--radius", 100, "--neighbours", 1)


def test_knox_gives_the_exact_counts_of_the_arsons_of_chicago() -> None:
    folder = shared_data("near-repeat-chicago-arson")
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    found = answer(
        *("knox", folder / "chicago_arson.csv", "--t", "date", "--crs", "EPSG:26971", "--metric", "manhattan"),
        *("--distance-bands", "0,1,200,400,600,inf", "--time-bands", "0,1,2,3,inf", "--replicates", 199),
    )
    assert found["observed"] == expected["observed_exact"]
    assert np.array(found["expected"]).shape == np.array(found["ratio"]).shape == np.array(found["p"]).shape == (5, 4)
    assert found["p"][1][0] == 0.005


def test_knox_depends_on_the_seed_and_on_nothing_else(tmp_path: Path) -> None:
    rng = np.random.default_rng(8)
    x, y, t = (rng.integers(0, 400, 60) for _ in range(3))
    path = csv(tmp_path / "e.csv", "x,y,t", zip(x, y, t, strict=True))
    bands = ("--distance-bands", "0,100,inf", "--time-bands", "0,50,inf", "--replicates", "199")
    first = answer("knox", path, *bands, "--seed", 4)
    assert answer("knox", path, *bands, "--seed", 4, "--threads", 1) == first
    assert answer("knox", path, *bands, "--seed", 5)["expected"] != first["expected"]
    direct = knox(
        x, y, t, distance_bands=[0, 100, np.inf], time_bands=[0, 50, np.inf], n_replicates=199, rng=4
    ).to_dict()
    assert {name: first[name] for name in direct if name != "notes"} == {
        name: value for name, value in direct.items() if name != "notes"
    }


EVENTS = [("2025-01-01", "a"), ("2025-06-30", "a"), ("2025-07-01", "b"), ("2025-12-31", "b"), ("2026-01-01", "b")]


def test_change_compares_half_open_periods(tmp_path: Path) -> None:
    path = csv(tmp_path / "e.csv", "t,area", EVENTS)
    found = answer("change", path, "--before", "2025-01-01,2025-07-01", "--after", "2025-07-01,2026-01-01")
    expected = compare_counts(2, 2, exposure_before=181, exposure_after=184)
    assert (found["before"], found["after"]) == (2, 2)
    assert (found["ratio"], found["low"], found["pvalue"]) == (expected.ratio, expected.low, expected.pvalue)


def test_change_by_area_names_the_rows(tmp_path: Path) -> None:
    path = csv(tmp_path / "e.csv", "t,area", EVENTS)
    periods = ("--before", "2025-01-01,2025-07-01", "--after", "2025-07-01,2027-01-01")
    found = answer("change", path, *periods, "--by", "area")
    assert (found["names"], found["before"], found["after"]) == (["a", "b"], [2, 0], [0, 3])
    assert found["ratio"] == [0.0, None]
    assert "two counts only" in refusal("change", path, *periods, "--by", "area", "--test", "e-test")


def test_change_takes_a_table_of_counts(tmp_path: Path) -> None:
    path = csv(tmp_path / "counts.csv", "before,after", [(6, 2)])
    assert answer("change", path, "--test", "e-test")["pvalue"] == pytest.approx(0.1749, abs=5e-5)
    half = answer("change", path, "--before-days", 365, "--after-days", 182.5)
    assert half["ratio"] == pytest.approx(2 / 3)


def test_change_refuses_periods_that_overlap_or_are_half_given(tmp_path: Path) -> None:
    path = csv(tmp_path / "e.csv", "t,area", EVENTS)
    assert "must not overlap" in refusal(
        "change", path, "--before", "2025-01-01,2025-08-01", "--after", "2025-07-31,2026-01-01"
    )
    assert "both --before and --after" in refusal("change", path, "--before", "2025-01-01,2025-08-01")
    assert "must end after it begins" in refusal("change", path, "--before", "2025-01-01,2025-01-01")


def test_profile_counts_hours_on_the_wall_clock_and_months_per_day(tmp_path: Path) -> None:
    rows = [("2026-02-02T13:30:00+01:00", ""), ("2026-02-08 22:00", "2026-02-09 02:00"), ("2026-02-04", "")]
    found = answer(
        "profile", csv(tmp_path / "e.csv", "t,until", rows), "--t-to", "until", "--period", "2026-02-01,2026-04-01"
    )
    hours = np.array(found["hours"])
    assert hours[0, 13] == 1
    assert hours[6, 22:].tolist() == [0.25, 0.25]
    assert hours[0, :2].tolist() == [0.25, 0.25]
    assert found["hour_unknown"] == [0, 0, 1, 0, 0, 0, 0]
    assert sum(found["weekdays"]) == pytest.approx(3)
    assert [month["count"] for month in found["season"]["months"][:4]] == [None, 3, 0, None]


def test_profile_refuses_plain_numbers_of_days(tmp_path: Path) -> None:
    assert "must hold dates" in refusal("profile", csv(tmp_path / "e.csv", "t", [(1.5,)]))


def test_profile_of_real_thefts_counts_each_once() -> None:
    path = shared_data("nyc-vehicle-thefts") / "thefts.csv.gz"
    head = pl.read_csv(path, n_rows=1).columns
    start, end = (next(name for name in head if mark in name) for mark in ("start", "end"))
    found = answer("profile", path, "--t", start, "--t-to", end)
    assert np.sum(found["weekdays"]) == pytest.approx(found["input"]["used"])
    assert found["n_intervals"] > 30_000


def test_rates_are_those_of_the_library_and_unknown_without_population(tmp_path: Path) -> None:
    path = csv(tmp_path / "areas.csv", "name,count,population", [("Ekby", 12, 4000), ("Torget", 7, "")])
    found = answer("rates", path, "--by", "name", "--per", 1000, "--years", 2)
    expected = rate(12, 4000, per=1000, years=2)
    first, second = found["rates"]
    assert first["name"] == "Ekby"
    assert (first["value"], first["low"], first["high"]) == (expected.value, expected.low, expected.high)
    assert second["value"] is None
    assert second["notes"][0]["code"] == "rate.population_unknown"


def test_rates_per_people_present_stand_beside_those_per_resident(tmp_path: Path) -> None:
    path = csv(tmp_path / "areas.csv", "count,population,present", [(12, 4000, 8000), (7, 50, "")])
    found = answer("rates", path, "--per", 1000, "--ambient", "present")
    first, second = found["rates"]
    assert first["value"] == 2 * first["ambient"]["value"] == 3
    assert first["ambient"]["low"] == pytest.approx(first["low"] / 2)
    assert (second["ambient"]["value"], second["ambient"]["notes"][0]["code"]) == (None, "rate.population_unknown")
    assert "ambient" not in answer("rates", path)["rates"][0]


def test_rates_count_events_in_areas_also_where_there_are_none(tmp_path: Path) -> None:
    events = csv(tmp_path / "e.csv", "kommun", [("A",), ("A",), ("C",), ("",)])
    people = csv(tmp_path / "p.csv", "kommun,population", [("A", 100), ("B", 200)])
    found = answer("rates", events, "--by", "kommun", "--population-file", people)
    assert [row["count"] for row in found["rates"]] == [2, 0]
    assert found["input"]["elsewhere"] == 2


def test_suppress_shows_no_small_number_in_either_form(tmp_path: Path) -> None:
    rows = [("x", "n")] * 7 + [("x", "s")] * 2 + [("z", "n")] * 9 + [("z", "s")] * 8
    found = answer("suppress", csv(tmp_path / "e.csv", "category,area", rows), "--by", "area")
    assert (found["rows"], found["columns"]) == (["x", "z"], ["n", "s"])
    shown = [each for row in found["table"] for each in row if each is not None]
    assert found["n_hidden"] >= 4
    assert all(each >= 5 for each in shown)
    assert found["total"] == 26
    wide = answer("suppress", csv(tmp_path / "c.csv", "type,n,s", [("x", 7, 2), ("z", 9, 8)]))
    assert wide["table"] == found["table"]
    assert wide["rows"] == ["x", "z"]


def test_suppress_of_one_dimension_and_a_chosen_threshold(tmp_path: Path) -> None:
    path = csv(tmp_path / "e.csv", "category", [("a",)] * 3 + [("b",)] * 4 + [("c",)] * 30)
    assert answer("suppress", path)["table"] == [None, None, 30]
    assert answer("suppress", path, "--threshold", 3)["table"] == [3, 4, 30]
    assert "at least 2" in refusal("suppress", path, "--threshold", 1)


def test_every_method_has_the_common_options_and_an_example() -> None:
    from lagesbild.statistics.commands import stats

    for name, command in stats.commands.items():
        text = run(name, "--help").stdout
        assert f"lagesbild stats {name} " in text
        for option in ("--x", "--y", "--t", "--category", "--crs", "--seed", "--json"):
            assert option in text, (name, option)
        assert command.callback is not None
