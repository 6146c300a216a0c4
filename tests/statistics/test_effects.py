"""``effect`` and ``randomise``: the library's answers on files, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from lagesbild.stats import (
    before_after,
    covariate_balance,
    difference_in_differences,
    interrupted_series,
    match_blocks,
    trial_effect,
)
from lagesbild.stats import randomise as randomise_
from tests.statistics.command import answer, csv, refusal, run

pytestmark = pytest.mark.one_database

BEFORE, AFTER = ("--before", "2024-01-01,2025-01-01"), ("--after", "2025-01-01,2026-01-01")
AREAS = ("Klara", "Norrmalm", "Östermalm", "Vasastan", "Söder", "Kungsholmen", "Årsta", "Kista")
DAY = np.datetime64("2024-01-01")


@pytest.fixture
def events(tmp_path: Path) -> tuple[Path, np.ndarray]:
    """Two years of events by area and month; the first three areas have half as many in the second year."""
    rng = np.random.default_rng(2)
    counts = rng.poisson(12, (8, 24))
    counts[:3, 12:] = rng.poisson(6, (3, 12))
    months = np.arange(np.datetime64("2024-01"), np.datetime64("2026-01"))
    rows = [
        (months[month].astype("datetime64[D]") + int(rng.integers(0, 28)), AREAS[area])
        for area, month in np.ndindex(8, 24)
        for _ in range(counts[area, month])
    ]
    return csv(tmp_path / "events.csv", "t,area", [rows[at] for at in rng.permutation(len(rows))]), counts


def days_of_months() -> np.ndarray:
    months = np.arange(np.datetime64("2024-01"), np.datetime64("2026-02")).astype("datetime64[D]")
    return np.diff(months).astype(float)


def same(found: dict[str, object], expected: dict[str, object]) -> None:
    """All that the library says but the notes and the verdict, which have their words added."""
    for name, value in expected.items():
        if name not in ("notes", "verdict"):
            assert found[name] == value, name


def test_before_and_after_by_month_is_that_of_the_library(events: tuple[Path, np.ndarray]) -> None:
    path, counts = events
    found = answer("effect", path, "--method", "before-after", *BEFORE, *AFTER, "--step", "month")
    days = days_of_months()
    sums = counts.sum(axis=0)
    same(
        found,
        before_after(sums[:12], sums[12:], exposure_before=days[:12], exposure_after=days[12:]).to_dict(),
    )
    assert found["verdict"]["text"].startswith("Events fell: -")
    assert found["input"]["used"] == int(counts.sum())


def test_without_steps_the_sums_are_compared_exactly_with_their_lengths(events: tuple[Path, np.ndarray]) -> None:
    path, counts = events
    found = answer("effect", path, "--method", "before-after", *BEFORE, "--after", "2025-01-01,2025-07-01")
    expected = before_after(
        int(counts[:, :12].sum()), int(counts[:, 12:18].sum()), exposure_before=366, exposure_after=181
    )
    same(found, expected.to_dict())


def test_steps_of_days_are_laid_from_the_start_and_the_rest_is_shorter(tmp_path: Path) -> None:
    path = csv(tmp_path / "e.csv", "t,n", [(0, 5), (3, 2), (10, 7), (17, 4), (20, 1)])
    found = answer(
        *("effect", path, "--method", "before-after", "--before", "0,10", "--after", "10,21"),
        *("--step", 7, "--count", "n"),
    )
    # Days 0 to 2 and 3 to 9; 10 to 16 and 17 to 20.
    same(found, before_after([5, 2], [7, 5], exposure_before=[3, 7], exposure_after=[7, 4]).to_dict())


def test_difference_in_differences_of_events_by_area_is_that_of_the_library(events: tuple[Path, np.ndarray]) -> None:
    path, counts = events
    treated = [each for name in AREAS[:3] for each in ("--treated", name)]
    how = ("--method", "did", "--by", "area", *BEFORE, *AFTER, "--step", "month")
    found = answer("effect", path, *how, *treated, "--alternative", "less")
    order = np.argsort(AREAS)
    expected = difference_in_differences(
        counts[order], treated=np.isin(order, [0, 1, 2]), start=12, alternative="less", rng=1
    )
    same(found, expected.to_dict())
    assert found["ratio"] == pytest.approx(0.5, abs=0.15)
    assert [row["name"] for row in found["areas"] if row["treated"]] == sorted(AREAS[:3])


def test_areas_without_events_count_when_they_are_listed(events: tuple[Path, np.ndarray], tmp_path: Path) -> None:
    path, _ = events
    listed = csv(
        tmp_path / "areas.csv", "area,treated,block", [(each, int(each in AREAS[:3]), "a") for each in (*AREAS, "Tom")]
    )
    found = answer("effect", path, "--method", "did", "--by", "area", "--areas", listed, *BEFORE, *AFTER)
    assert (found["n_treated"], found["n_control"], found["input"]["elsewhere"]) == (3, 6, 0)
    fewer = csv(tmp_path / "fewer.csv", "area,treated", [(each, int(each in AREAS[:3])) for each in AREAS[:6]])
    assert (
        answer("effect", path, "--method", "did", "--by", "area", "--areas", fewer, *BEFORE, *AFTER)["input"][
            "elsewhere"
        ]
        > 0
    )


def test_a_table_of_sums_serves_did_and_trial(tmp_path: Path) -> None:
    rows = [(10, 5, 1, "x"), (20, 10, "true", "y"), (10, 10, 0, "x"), (20, 21, "false", "y")]
    path = csv(tmp_path / "sums.csv", "before,after,treated,block", rows)
    before, after, treated = np.array([10, 20, 10, 20]), np.array([5, 10, 10, 21]), np.array([True, True, False, False])
    block = ["x", "y", "x", "y"]
    did = difference_in_differences(np.column_stack([before, after]), treated=treated, start=1, block=block, rng=1)
    same(answer("effect", path, "--method", "did"), did.to_dict())
    trial = trial_effect(after, treated=treated, baseline=before, block=block, n_replicates=999, rng=1)
    found = answer("effect", path, "--method", "trial")
    same(found, trial.to_dict())
    assert found["verdict"]["text"].startswith("The difference is")


def test_a_series_of_months_is_that_of_the_library_with_its_control(events: tuple[Path, np.ndarray]) -> None:
    path, counts = events
    how = ("--method", "its", "--period", "2024-01-01,2026-01-01", "--start", "2025-01-01")
    days = days_of_months()
    found = answer("effect", path, *how)
    expected = interrupted_series(counts.sum(axis=0), start=12, exposure=days, season_length=12)
    same(found, expected.to_dict())
    assert [step["count"] for step in found["steps"]] == counts.sum(axis=0).tolist()
    assert found["steps"][1] == {"from": "2024-02-01", "days": 29.0, "count": int(counts[:, 1].sum())}
    areas = ("--by", "area", "--treated", AREAS[0], "--control", AREAS[6], "--control", AREAS[7])
    compared = answer("effect", path, *how, *areas, "--season", "none", "--impact", "level-and-slope")
    with_control = interrupted_series(
        counts[0], start=12, exposure=days, control=counts[6] + counts[7], impact="level-and-slope"
    )
    same(compared, with_control.to_dict())


def test_a_series_of_weeks_has_the_season_of_the_year(events: tuple[Path, np.ndarray]) -> None:
    path, _ = events
    how = ("--method", "its", "--period", "2024-01-01,2026-01-01", "--start", "2025-01-06", "--step", 7)
    found = answer("effect", path, *how, "--errors", "newey-west", "--phase-in", 4)
    assert found["parameters"]["season_length"] == pytest.approx(365.25 / 7)
    assert (found["n_before"], found["n_after"]) == (53, 48)
    assert found["steps"][-1]["days"] == 3


def test_a_trial_goes_from_the_draw_to_the_effect(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    places = [f"P{at:02d}" for at in range(20)]
    calls = rng.poisson(rng.lognormal(3, 0.5, 20))
    table = csv(tmp_path / "places.csv", "name,calls", zip(places, calls, strict=True))
    draw = tmp_path / "draw.csv"
    drawn = answer("randomise", table, "--id", "name", "--match", "calls", "--seed", 9, "-o", draw)
    block = (match_blocks(calls).block + 1).astype(str)
    expected = randomise_(places, block=block, seed=9)
    assert drawn["checksum"] == expected.checksum
    assert [row["treated"] for row in drawn["allocation"]] == expected.treated.astype(int).tolist()
    assert drawn["matching"]["n_blocks"] == 10
    even = covariate_balance(calls, treated=expected.treated, block=block, names=["calls"])
    assert drawn["balance"]["largest"] == even.largest
    assert pl.read_csv(draw)["id"].to_list() == places
    after = rng.poisson(calls * np.where(expected.treated, 0.3, 1.0))
    rows = [
        (DAY + int(rng.integers(0, 200)) + late, name)
        for counts, late in ((calls, 0), (after, 200))
        for name, n in zip(places, counts, strict=True)
        for _ in range(n)
    ]
    path = csv(tmp_path / "events.csv", "t,place", rows)
    periods = ("--before", "2024-01-01,2024-07-19", "--after", "2024-07-19,2025-02-04")
    found = answer("effect", path, "--method", "trial", "--by", "place", "--areas", draw, *periods)
    trial = trial_effect(after, treated=expected.treated, baseline=calls, block=block, n_replicates=999, rng=1)
    same(found, trial.to_dict())
    assert found["verdict"]["code"] == "trial.fewer"


def test_a_draw_is_made_once_and_the_same_on_every_machine(tmp_path: Path) -> None:
    table = csv(tmp_path / "places.csv", "id,level", [("a", 1), ("b", 1), ("c", 2), ("d", 2)])
    out = tmp_path / "draw.csv"
    found = answer("randomise", table, "--block", "level", "--seed", 3, "-o", out)
    assert out.read_text(encoding="utf-8").splitlines()[0] == "id,block,treated"
    assert [row["size"] for row in found["blocks"]] == [2, 2]
    assert found["checksum"] == "f769cd8a58ca1b15"
    assert "draw.csv exists. A draw is made once" in refusal("randomise", table, "-o", out)
    assert "cannot be written" in refusal("randomise", table, "-o", tmp_path / "nowhere" / "draw.csv")
    text = run("randomise", table, "--treatment-share", 0.25)
    assert text.exit_code == 0
    assert "allocation:" in text.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--method", "before-after"), "--method before-after needs both --before and --after."),
        (("--method", "before-after", *BEFORE, "--after", "2024-06-01,2025-01-01"), "must not overlap"),
        (("--method", "before-after", *BEFORE, *AFTER, "--by", "area"), "--by is not for --method before-after."),
        (("--method", "its"), "--method its needs --period and --start."),
        (("--method", "its", "--period", "2024-01-01,2026-01-01", "--start", "2025-01-15"), "the first of a month"),
        (("--method", "its", "--period", "2024-01-01,2026-01-01", "--start", "soon"), '"soon" must be a date'),
        (("--method", "did", *BEFORE, *AFTER), "--method did needs --by"),
        (("--method", "did", "--by", "area", *BEFORE, *AFTER), "Say which areas had the measure"),
        (("--method", "did", "--by", "area", "--treated", "Ekby", *BEFORE, *AFTER), 'There is no area "Ekby".'),
        (("--method", "did"), "or a table with the columns before and after"),
        (("--method", "trial", "--season", "none"), "--season is not for --method trial."),
        ((), "Missing option '--method'"),
    ],
)
def test_what_does_not_fit_is_one_line_and_code_2(
    events: tuple[Path, np.ndarray], arguments: tuple[str, ...], said: str
) -> None:
    assert said in refusal("effect", events[0], *arguments)


def test_places_that_cannot_be_drawn_are_refused(tmp_path: Path) -> None:
    table = csv(tmp_path / "places.csv", "id,level", [("a", 1), ("a", 1), ("c", 2)])
    assert "--id must name each place once" in refusal("randomise", table)
    other = csv(tmp_path / "other.csv", "id,level", [("a", 1), ("b", 1), ("c", 2)])
    assert "--treatment-share must lie between 0 and 1" in refusal("randomise", other, "--treatment-share", 1)
    assert "Give --block or --match" in refusal("randomise", other, "--block", "level", "--match", "level")
    assert "--within must leave 2 places or more" in refusal(
        "randomise", other, "--match", "level", "--within", "level"
    )
    error = json.loads(refusal("randomise", other, "--id", "name", "--json"))["error"]
    assert error["field"] == "name"
