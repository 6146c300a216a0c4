"""Methods that ask who is whose neighbour: moran, gistar on places, chains."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas
import numpy as np
import pytest
from shapely import box

from tests.shared_data import shared_data
from tests.statistics.command import answer, csv, refusal

pytestmark = pytest.mark.one_database

LINE = [(0, 0, 1), (10, 0, 2), (20, 0, 3), (30, 0, 4), (40, 0, 5)]
FEW = ("--replicates", "99")


@pytest.fixture
def line(tmp_path: Path) -> Path:
    return csv(tmp_path / "line.csv", "x,y,rate", LINE)


def test_moran_agrees_with_the_published_value_for_saint_louis() -> None:
    folder = shared_data("reference-statistics")
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["moran_stl_HR8893"]
    places, links = folder / "stl_homicides.csv", folder / "stl_neighbors.csv"
    found = answer("moran", places, "--value", "HR8893", "--links", links, *FEW)
    assert found["moran_i"] == pytest.approx(expected["I"], abs=1e-12)
    assert found["z_normal"] == pytest.approx(expected["z_norm"], abs=1e-9)
    assert found["p_normal"] == pytest.approx(expected["p_norm_two_sided"], abs=1e-12)


def test_every_way_of_being_a_neighbour_gives_the_same_line(tmp_path: Path, line: Path) -> None:
    links = csv(
        tmp_path / "links.csv", "id,neighbor", [(a, b) for a in range(1, 6) for b in (a - 1, a + 1) if 0 < b < 6]
    )
    shapes = [box(x - 5, 0, x + 5, 10) for x, _, _ in LINE]
    areas = geopandas.GeoDataFrame({"rate": [each for *_, each in LINE]}, geometry=shapes, crs=3006)
    areas.to_file(tmp_path / "areas.gpkg", driver="GPKG")
    # Deviations -2 … 2. Rows that sum to 1: 2 + 1 + 0 + 1 + 2 over 10. As they are: 5/8 of 8 over 10.
    for ways in ((line, "--radius", 10), (line, "--links", links), (tmp_path / "areas.gpkg",)):
        assert answer("moran", *ways, "--value", "rate", *FEW)["moran_i"] == pytest.approx(0.6)
    assert answer("moran", line, "--value", "rate", "--radius", 10, "--binary", *FEW)["moran_i"] == pytest.approx(0.5)
    assert answer("moran", line, "--value", "rate", "--nearest", 1, *FEW)["n_links"] == 5


def test_local_moran_tells_of_each_place(line: Path) -> None:
    found = answer("moran", line, "--value", "rate", "--radius", 10, "--local", *FEW)["local"]
    assert len(found["quadrant"]) == len(found["p_adjusted"]) == len(found["significant"]) == 5
    assert found["quadrant"][0] == "low-low"


def test_moran_of_events_counts_them_in_cells(tmp_path: Path) -> None:
    rows = [(50 + 100 * col, 50 + 100 * row) for row in range(4) for col in range(4) for _ in range(1 + 5 * (col < 2))]
    found = answer("moran", csv(tmp_path / "e.csv", "x,y", rows), "--cell", 100, *FEW)
    assert found["n_places"] == 16
    # 16 cells with all eight neighbours: 4 corners x 3 + 8 edges x 5 + 4 inner x 8.
    assert found["n_links"] == 84
    assert found["moran_i"] > 0.4
    assert found["p_upper"] == 0.01


def test_places_that_are_not_listed_and_ways_that_clash_are_refused(tmp_path: Path, line: Path) -> None:
    links = csv(tmp_path / "links.csv", "id,neighbor", [(1, 9)])
    assert 'Row 2 of links.csv: "9" is no place of line.csv.' in refusal(
        "moran", line, "--value", "rate", "--links", links
    )
    assert "only one of" in refusal("moran", line, "--value", "rate", "--radius", 5, "--nearest", 2)
    assert "Say which places are neighbours" in refusal("moran", line, "--value", "rate")
    assert "must be below the number of places, 5" in refusal("gistar", line, "--value", "rate", "--nearest", 5)
    assert "need --value" in refusal("moran", line, "--nearest", 2)


def test_gistar_on_places_agrees_with_the_documented_example(tmp_path: Path) -> None:
    folder = shared_data("reference-statistics")
    toy = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["getis_ord_toy"]
    path = csv(tmp_path / "toy.csv", "x,y,v", [(*xy, v) for xy, v in zip(toy["points"], toy["y"], strict=True)])
    found = answer("gistar", path, "--value", "v", "--radius", 15)
    assert found["z"] == pytest.approx(toy["Gistar_z_binary"], abs=1e-6)
    assert found["n_tests"] == 6


def test_gistar_by_permutation_finds_what_is_planted_and_depends_on_the_seed(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    x, y = rng.integers(0, 1000, 100), rng.integers(0, 1000, 100)
    x[:30], y[:30] = 450 + x[:30] % 100, 450 + y[:30] % 100
    path = csv(tmp_path / "e.csv", "x,y", zip(x, y, strict=True))
    options = ("gistar", path, "--cell", 100, "--replicates", 999, "--alternative", "greater", "--largest")
    found = answer(*options)
    assert found["method"] == "gi_star_permutation"
    assert found["z"] == answer("gistar", path, "--cell", 100)["z"]
    assert found["pvalue"][4][4] == 0.001
    # What the normal distribution would need is not said of p-values that do without it.
    assert not [note for note in found["notes"] if note["code"].startswith("gi_star.few")]
    assert found["p_max"][4][4] < 0.05
    assert len(found["hot"]) >= 1
    assert answer(*options, "--seed", 1) == found
    assert answer(*options, "--seed", 2)["pvalue"] != found["pvalue"]
    assert "need --replicates" in refusal("gistar", path, "--largest")


def test_a_radius_that_reaches_no_other_cell_is_an_answer_and_one_round_the_world_is_not(tmp_path: Path) -> None:
    path = csv(tmp_path / "e.csv", "x,y", [(50 * i, 40 * i) for i in range(20)])
    found = answer("moran", path, "--cell", 100, "--radius", 50, "--replicates", 9)
    assert [note["code"] for note in found["notes"]] == ["moran.too_few_places"]
    assert "--radius must reach over at most 2000 cells" in refusal("moran", path, "--radius", 1e9)
    assert "--neighbours must reach over at most 2000 cells" in refusal("gistar", path, "--neighbours", 10**8)


def test_chains_are_those_of_the_reference_and_name_rows_of_the_file(tmp_path: Path) -> None:
    folder = shared_data("reference-statistics")
    cases = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["near_repeat_strings"]["cases"]
    for case in cases:
        path = csv(tmp_path / "e.csv", "x,y,t", zip(case["x"], case["y"], case["t"], strict=True))
        limits = ("--radius", case["dist_threshold"], "--days", case["time_threshold"])
        assert answer("near-repeat-chains", path, *limits)["chain"] == case["component"]


def test_chains_count_rows_from_0_and_tell_their_days(tmp_path: Path) -> None:
    rows = [("", 0, "2026-03-01"), (0, 0, "2026-03-01"), (900, 0, "2026-03-02"), (50, 0, "2026-03-05 12:00")]
    found = answer("near-repeat-chains", csv(tmp_path / "e.csv", "x,y,t", rows), "--radius", 50, "--days", 4.5)
    assert found["rows"] == [1, 2, 3]
    assert found["chain"] == [1, 0, 1]
    only = found["chains"][0]
    assert (only["events"], only["from"], only["to"]) == ([1, 3], "2026-03-01", "2026-03-05")
    assert "--radius must be a positive" in refusal("near-repeat-chains", tmp_path / "e.csv", "--radius", 0)
