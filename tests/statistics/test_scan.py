"""``lagesbild stats scan``: models, files of places and people, dates, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lagesbild.stats import ScanWindows, scan_permutation
from tests.shared_data import shared_data
from tests.statistics.command import answer, csv, refusal

pytestmark = pytest.mark.one_database

FEW = ("--replicates", "9")


def planted(folder: Path) -> tuple[Path, Any]:
    rng = np.random.default_rng(4)
    x, y, t = rng.integers(0, 4000, 200), rng.integers(0, 4000, 200), rng.integers(0, 60, 200)
    x[:8], y[:8], t[:8] = 2000 + 10 * np.arange(8), 2000, 30 + np.arange(8) % 3
    return csv(folder / "cases.csv", "x,y,t", zip(x, y, t, strict=True)), (x, y, t)


def test_the_planted_cluster_is_found_with_the_library_s_numbers(tmp_path: Path) -> None:
    path, (x, y, t) = planted(tmp_path)
    found = answer("scan", path, "--max-radius", 300, "--max-days", 7, "--replicates", 99, "--seed", 6)
    windows = ScanWindows(max_radius_m=300, max_days=7)
    expected = scan_permutation(x, y, t, windows=windows, n_replicates=99, rng=6).clusters[0]
    top = found["clusters"][0]
    for name in ("observed", "expected", "statistic", "p", "x", "y"):
        assert top[name] == getattr(expected, name), name
    assert top["radius"] == expected.radius_m
    assert (top["from"], top["to"]) == (30, 32)
    assert set(range(8)) <= set(top["events"])
    assert top["p"] == 0.01


def test_rows_are_those_of_the_file_and_days_are_dates_when_the_file_has_dates(tmp_path: Path) -> None:
    _, (x, y, t) = planted(tmp_path)
    days = [str(np.datetime64("2026-01-01") + int(each)) for each in t]
    rows = [("", "", "2026-01-01"), *zip(x, y, days, strict=True)]
    path = csv(tmp_path / "dated.csv", "x,y,t", rows)
    top = answer("scan", path, "--max-radius", 300, "--max-days", 7, *FEW)["clusters"][0]
    assert (top["from"], top["to"]) == ("2026-01-31", "2026-02-02")
    assert set(range(1, 9)) <= set(top["events"])


def test_several_cases_in_a_row_count_as_so_many_rows(tmp_path: Path) -> None:
    rows = [(0, 0, 1, 3), (500, 0, 2, 1), (900, 0, 9, 2), (0, 0, 9, 1), (900, 0, 1, 0)]
    short = csv(tmp_path / "short.csv", "x,y,t,n", rows)
    long = csv(tmp_path / "long.csv", "x,y,t", [row[:3] for row in rows for _ in range(row[3])])
    one, other = answer("scan", short, "--count", "n", *FEW), answer("scan", long, *FEW)
    assert one["n_cases"] == other["n_cases"] == 7
    assert one["clusters"][0]["statistic"] == other["clusters"][0]["statistic"]
    # Both cases of day 9 at 900, of three that day; the row counts once.
    assert (one["clusters"][0]["observed"], one["clusters"][0]["events"]) == (2, [2])


def test_people_explain_cases_in_a_poisson_scan(tmp_path: Path) -> None:
    cases = csv(tmp_path / "cases.csv", "x,y,t", [(0, 0, day) for day in range(8)] + [(900, 0, 3)] * 8)
    people = csv(tmp_path / "people.csv", "x,y,population", [(0, 0, 1000), (900, 0, 100), (1800, 0, 900)])
    found = answer("scan", cases, "--model", "poisson", "--population", people, "--design", "space", *FEW)
    top = found["clusters"][0]
    assert (top["x"], top["observed"]) == (900, 8)
    assert top["expected"] == pytest.approx(16 * 100 / 2000)
    assert (top["from"], top["to"]) == (None, None)


def test_people_of_several_kinds_standardise(tmp_path: Path) -> None:
    """All cases are old; the place with the old people is then as expected."""
    cases = csv(
        tmp_path / "cases.csv", "x,y,t,category", [(0, 0, day, "old") for day in range(9)] + [(900, 0, 4, "old")]
    )
    rows = [(0, 0, "old", 90), (0, 0, "young", 10), (900, 0, "old", 10), (900, 0, "young", 90)]
    people = csv(tmp_path / "people.csv", "x,y,category,population", rows)
    found = answer("scan", cases, "--model", "poisson", "--population", people, "--design", "space", *FEW)
    assert found["clusters"] == []
    strange = csv(tmp_path / "strange.csv", "x,y,t,category", [(0, 0, 1, "middle")])
    assert 'no people of category "middle"' in refusal("scan", strange, "--model", "poisson", "--population", people)


def test_the_share_of_cases_in_a_bernoulli_scan(tmp_path: Path) -> None:
    rows = [(0, 0, "theft")] * 20 + [(500, 0, "Drugs")] * 9 + [(500, 0, "theft")] + [(900, 0, "theft")] * 20
    path = csv(tmp_path / "e.csv", "x,y,category", rows)
    found = answer("scan", path, "--model", "bernoulli", "--case", "drugs", "--design", "space", *FEW)
    assert (found["clusters"][0]["x"], found["clusters"][0]["observed"], found["n_people"]) == (500, 9, 50)
    assert "No row is a case" in refusal("scan", path, "--model", "bernoulli", "--design", "space")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--model", "poisson"), "needs --population"),
        (("--model", "guess"), "'guess' is not one of"),
        (("--case", "drugs"), "--case is for --model bernoulli"),
        (("--design", "space"), "scans space and time together"),
        (("--max-radius", "-1"), "--max-radius must be a positive number of metres"),
        (("--stop-after", "0"), "--stop-after must be 1 or more"),
    ],
)
def test_choices_that_do_not_go_together_are_refused(tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    path, _ = planted(tmp_path)
    assert said in refusal("scan", path, *FEW, *options)


def rows_of(path: Path) -> list[list[str]]:
    return [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def expected_clusters(name: str) -> list[dict[str, Any]]:
    found = json.loads((shared_data("satscan-samples") / "expected.json").read_text(encoding="utf-8"))
    clusters: list[dict[str, Any]] = found["results"][name]
    return clusters


def test_robberies_in_memphis_have_the_clusters_of_satscan(tmp_path: Path) -> None:
    folder = shared_data("satscan-samples") / "memphis-robberies-q1"
    places = {name: (float(x) * 1000, float(y) * 1000) for name, x, y in rows_of(folder / "memphis_q1.geo")}
    rows = [(*places[name], day) for name, n, day in rows_of(folder / "memphis_q1.cas") for _ in range(int(n))]
    path = csv(tmp_path / "robberies.csv", "x,y,t", rows)
    found = answer(
        *("scan", path, "--crs", "EPSG:32616", "--max-radius", 2000, "--max-days", 14),
        *("--period", "2019-01-01,2019-04-01", *FEW),
    )
    for ours, theirs in zip(found["clusters"], expected_clusters("memphis_q1_space_time_permutation"), strict=False):
        assert ours["observed"] == theirs["observed"]
        assert round(ours["statistic"], 6) == theirs["statistic"]
        first, last = ours["from"].split("-"), ours["to"].split("-")
        frame = " to ".join("/".join(str(int(part)) for part in each) for each in (first, last))
        assert frame == theirs["time_frame"]


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:32618"])
def test_fever_in_new_york_is_found_from_degrees(tmp_path: Path, crs: str) -> None:
    """SaTScan measures on the sphere, as is done in degrees; in the plane of the zone the same circles are found."""
    folder = shared_data("satscan-samples")
    places = {name: (lon, lat) for name, lat, lon in rows_of(folder / "NYCfever.geo")}
    rows = [(*places[name], day) for name, n, day in rows_of(folder / "NYCfever.cas") for _ in range(int(n))]
    cases = csv(tmp_path / "fever.csv", "lon,lat,t", rows)
    everywhere = csv(tmp_path / "zip.csv", "lon,lat", places.values())
    found = answer(
        *("scan", cases, "--places", everywhere, "--crs", crs, "--max-radius", 3000, "--max-days", 7),
        *("--period", "2001-11-01,2001-11-25", "--prospective", *FEW),
    )
    for ours, theirs in zip(found["clusters"], expected_clusters("nyc_fever_space_time_permutation"), strict=False):
        assert len(ours["places"]) == len(theirs["locations"])
        assert round(ours["statistic"], 6) == theirs["statistic"]


def test_new_mexico_by_years_with_people_by_age_and_sex(tmp_path: Path) -> None:
    """Years as numbers: leap days are left out, which moves expected cases by a tenth."""
    folder = shared_data("satscan-samples")
    places = {name: (lon, lat) for name, lat, lon in rows_of(folder / "nm.geo")}
    rows = [(*places[c], year, n, f"{age}-{sex}") for c, n, year, age, sex in rows_of(folder / "nm.cas")]
    cases = csv(tmp_path / "cases.csv", "lon,lat,t,n,category", rows)
    rows = [(*places[c], f"19{year}.5", f"{age}-{sex}", n) for c, year, n, age, sex in rows_of(folder / "nm.pop")]
    people = csv(tmp_path / "people.csv", "lon,lat,t,category,population", rows)
    found = answer(
        *("scan", cases, "--count", "n", "--model", "poisson", "--population", people, "--crs", "EPSG:32613"),
        *("--period", "1973,1992", *FEW),
    )
    top, theirs = found["clusters"][0], expected_clusters("new_mexico_space_time_poisson")[0]
    assert (top["observed"], top["from"], top["to"]) == (theirs["observed"], 1985, 1989)
    assert top["expected"] == pytest.approx(theirs["expected"], abs=0.1)
    assert top["statistic"] == pytest.approx(theirs["statistic"], abs=0.05)
