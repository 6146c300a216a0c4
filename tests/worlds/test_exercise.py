"""Exercise incidents: invented, but with the report's totals, in the right place, and the same every time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import shapely

from lagesbild.worlds.description import worlds_folder
from lagesbild.worlds.exercise import Ground, csv_bytes, draw_incidents, points_within
from lagesbild.worlds.exercise_plan import ExercisePlan, allot, read_plan

pytestmark = pytest.mark.one_database

PLAN = worlds_folder() / "klara" / "exercise.toml"


@pytest.fixture(scope="module")
def plan() -> ExercisePlan:
    return read_plan(PLAN)


@pytest.fixture(scope="module")
def ground(plan: ExercisePlan) -> Ground:
    """A square kilometre with the places of the plan as squares of 50 m in a row."""
    names = sorted(plan.place_names())
    places = {name: shapely.box(i * 60, 100, i * 60 + 50, 150) for i, name in enumerate(names)}
    halves = [shapely.box(0, 0, 500, 1000), shapely.box(500, 0, 1000, 1000)]
    return Ground(shapely.box(0, 0, 1000, 1000), places, ("west", "east"), halves)


@pytest.fixture(scope="module")
def incidents(plan: ExercisePlan, ground: Ground) -> pl.DataFrame:
    return draw_incidents(plan, ground, time_zone="Europe/Stockholm")


def _counts(incidents: pl.DataFrame, plan: ExercisePlan) -> dict[tuple[int, str], int]:
    groups = {kind.source_type: kind.group for kind in plan.kinds}
    counted = (
        incidents.with_columns(
            pl.col("fran").str.slice(0, 4).cast(pl.Int32).alias("year"),
            pl.col("brottstyp").replace_strict(groups).alias("group"),
        )
        .group_by("year", "group")
        .len()
    )
    return {(year, group): count for year, group, count in counted.iter_rows()}


def test_totals_and_violence_are_the_printed_ones(incidents: pl.DataFrame, plan: ExercisePlan) -> None:
    counts = _counts(incidents, plan)

    assert sum(count for (year, _), count in counts.items() if year == 2018) == 14_261
    assert sum(count for (year, _), count in counts.items() if year == 2017) == 14_261 + 1_590
    assert counts[2018, "violence"] == 565
    assert counts[2017, "violence"] == 727
    assert {year for year, _ in counts} == {2017, 2018}


def test_drug_offences_stay_within_what_the_report_says(incidents: pl.DataFrame, plan: ExercisePlan) -> None:
    """Most of those of the district board area (2 704 and 2 794), and more in 2018 than in 2017."""
    counts = _counts(incidents, plan)

    assert 2704 / 2 < counts[2017, "narcotics"] < 2704
    assert 2794 / 2 < counts[2018, "narcotics"] < 2794
    assert counts[2018, "narcotics"] > counts[2017, "narcotics"]


def test_the_same_plan_gives_the_same_file(incidents: pl.DataFrame, plan: ExercisePlan, ground: Ground) -> None:
    again = draw_incidents(plan, ground, time_zone="Europe/Stockholm")
    other = draw_incidents(replace(plan, seed=plan.seed + 1), ground, time_zone="Europe/Stockholm")

    assert csv_bytes(again) == csv_bytes(incidents)
    assert csv_bytes(other) != csv_bytes(incidents)


def test_every_row_says_that_it_is_an_exercise(incidents: pl.DataFrame) -> None:
    assert incidents["anmarkning"].str.starts_with("Övningsdata").all()
    assert incidents["id"].str.starts_with("OVN-").all()
    assert incidents["id"].n_unique() == incidents.height


def test_points_lie_in_the_district_and_the_vague_have_only_their_area(incidents: pl.DataFrame, ground: Ground) -> None:
    located = incidents.filter(pl.col("ost").is_not_null())
    vague = incidents.filter(pl.col("ost").is_null())

    assert shapely.intersects_xy(ground.district, located["ost"].to_numpy(), located["nord"].to_numpy()).all()
    assert set(vague["noggrannhet"]) == {"basområde"}
    assert "basområde" not in set(located["noggrannhet"])
    assert vague["basomrade"].null_count() == 0
    assert 0.03 < vague.height / incidents.height < 0.05


def test_the_area_named_is_the_one_the_point_lies_in(incidents: pl.DataFrame) -> None:
    located = incidents.filter(pl.col("ost").is_not_null())

    assert located.filter((pl.col("ost") < 500) != (pl.col("basomrade") == "west"), pl.col("ost") != 500).is_empty()


def test_violence_comes_at_night_and_shoplifting_by_day(incidents: pl.DataFrame) -> None:
    hour = pl.col("fran").str.slice(11, 2).cast(pl.Int32)
    assault = incidents.filter(pl.col("brottstyp") == "Misshandel utomhus")
    shops = incidents.filter(pl.col("brottstyp") == "Butiksstöld")

    assert assault.select(((hour >= 18) | (hour < 5)).mean()).item() > 0.6
    assert shops.select(((hour >= 8) & (hour < 20)).mean()).item() > 0.85


def test_drug_offences_are_more_in_summer(incidents: pl.DataFrame) -> None:
    month = pl.col("fran").str.slice(5, 2).cast(pl.Int32)
    drugs = incidents.filter(pl.col("brottstyp").str.starts_with("Narkotika"))

    summer = drugs.filter(month.is_between(6, 8)).height
    winter = drugs.filter(month.is_in([12, 1, 2])).height

    assert summer > 1.5 * winter


def test_the_planted_move_goes_from_plattan_to_vasagatan_24(incidents: pl.DataFrame, ground: Ground) -> None:
    drugs = incidents.filter(pl.col("brottstyp").str.starts_with("Narkotika"), pl.col("noggrannhet") == "exakt")
    share = {}
    for half, period in (("before", ("2017-07-01", "2018-01-01")), ("after", ("2018-07-01", "2019-01-01"))):
        part = drugs.filter(pl.col("fran").is_between(*(pl.lit(day) for day in period)))
        x, y = part["ost"].to_numpy(), part["nord"].to_numpy()
        for name in ("Plattan", "Vasagatan 24"):
            share[half, name] = shapely.intersects_xy(ground.places[name], x, y).mean()

    assert share["after", "Plattan"] < 0.85 * share["before", "Plattan"]
    assert share["after", "Vasagatan 24"] > 1.4 * share["before", "Vasagatan 24"]


def test_intervals_go_forward_and_only_where_the_plan_has_them(incidents: pl.DataFrame, plan: ExercisePlan) -> None:
    with_end = incidents.filter(pl.col("till").is_not_null())
    form = "%Y-%m-%dT%H:%M%:z"
    length = with_end.select(pl.col("till").str.to_datetime(form) - pl.col("fran").str.to_datetime(form)).to_series()

    assert set(with_end["brottstyp"]) == {kind.source_type for kind in plan.kinds if kind.interval_hours}
    assert length.dt.total_minutes().min() >= 15  # type: ignore[operator]
    assert length.dt.total_minutes().max() <= (14 * 60) + 15  # type: ignore[operator]


def test_hours_that_the_spring_change_skips_do_not_occur(plan: ExercisePlan, ground: Ground) -> None:
    """Everything at 02 on one kind of day: on 26 March 2017 it must be 03 with summer time."""
    only_two = tuple(1.0 if hour == 2 else 0.0 for hour in range(24))
    profiles = {name: replace(profile, hours=only_two) for name, profile in plan.profiles.items()}

    drawn = draw_incidents(replace(plan, profiles=profiles), ground, time_zone="Europe/Stockholm")
    spring = drawn.filter(pl.col("fran").str.starts_with("2017-03-26"))

    assert spring.height > 0
    assert set(spring["fran"].str.slice(11, 2)) == {"03"}
    assert set(spring["fran"].str.slice(16, 6)) == {"+02:00"}


def test_largest_remainder_adds_up() -> None:
    assert allot(10, [1, 1, 1]) == [4, 3, 3]
    assert allot(565, [0.64, 0.07, 0.17, 0.12]) == [362, 39, 96, 68]
    assert allot(0, [1, 2]) == [0, 0]


def test_points_are_spread_evenly_over_a_surface() -> None:
    triangle = shapely.Polygon([(0, 0), (100, 0), (0, 100)])

    x, y = points_within(triangle, 4000, rng=np.random.default_rng(1))

    assert len(x) == 4000
    assert (x + y <= 100 + 1e-9).all()
    assert x.mean() == pytest.approx(100 / 3, abs=1.5)
    assert y.mean() == pytest.approx(100 / 3, abs=1.5)


def test_a_plan_whose_groups_exceed_the_total_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "exercise.toml"
    broken.write_text(PLAN.read_text(encoding="utf-8").replace("violence = 565", "violence = 15000"), encoding="utf-8")

    with pytest.raises(ValueError, match="2018"):
        read_plan(broken)


def test_a_place_outside_the_district_is_refused(plan: ExercisePlan, ground: Ground) -> None:
    away = {**ground.places, "Plattan": shapely.box(5000, 5000, 5001, 5001)}

    with pytest.raises(ValueError, match="Plattan"):
        draw_incidents(plan, replace(ground, places=away), time_zone="Europe/Stockholm")


def test_the_moves_begin_on_their_day(plan: ExercisePlan) -> None:
    assert {shift.from_on for shift in plan.patterns["drug-places"].shifts} == {date(2018, 7, 1)}
