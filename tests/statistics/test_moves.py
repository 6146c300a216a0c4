"""Displacement, the spatial point pattern test and the mix of categories through their commands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from shapely.geometry import Point, Polygon, box

from lagesbild.stats import Circle, Grid, category_mix, displacement, displacement_of_events
from lagesbild.stats import spp_test as spp_test_of
from tests.shared_data import shared_data
from tests.statistics.command import answer, csv, refusal, run

pytestmark = pytest.mark.one_database

YEARS = ("--before", "2024-01-01,2025-01-01", "--after", "2025-01-01,2026-01-01")
BASE = ("--base", "2024-01-01,2025-01-01", "--test", "2025-01-01,2026-01-01")
DAYS: dict[str, Any] = {"before": (19_723, 20_089), "after": (20_089, 20_454)}
CIRCLES = ("--target", "500,500,200", "--control", "2500,500,200")


@pytest.fixture
def events(tmp_path: Path) -> tuple[Path, np.ndarray, np.ndarray, np.ndarray]:
    """Two years in a town of three by one kilometres."""
    rng = np.random.default_rng(1)
    x, y = rng.integers(0, 3_000, 2_500), rng.integers(0, 1_000, 2_500)
    days = rng.integers(19_723, 20_454, 2_500)
    dates = days.astype("datetime64[D]").astype(str)
    kinds = np.where(rng.random(2_500) < 0.3, "theft", "noise")
    path = csv(tmp_path / "events.csv", "x,y,t,category", zip(x, y, dates, kinds, strict=True))
    return path, x, y, days


def shapes(path: Path, polygons: list[Polygon], *, crs: int = 3006, **columns: list[Any]) -> Path:
    import geopandas

    made = geopandas.GeoDataFrame(columns or {"id": range(len(polygons))}, geometry=polygons, crs=crs)
    made.to_file(path, driver="GPKG")
    return path


def test_displacement_is_that_of_the_library(events: tuple[Path, np.ndarray, np.ndarray, np.ndarray]) -> None:
    path, x, y, t = events
    found = answer(
        *("displacement", path, *CIRCLES, *YEARS, "--rings", "100,200", "--slice-days", 28),
        *("--catchment", "station=1500,500,100", "--catchment-control", "station=1500,850,100"),
        *("--size", "control=1.5", "--conf", 0.9),
    )
    expected = displacement_of_events(
        x,
        y,
        t,
        target=Circle(x=500, y=500, radius_m=200),
        control=Circle(x=2_500, y=500, radius_m=200),
        rings_m=[100, 200],
        catchments={"station": Circle(x=1_500, y=500, radius_m=100)},
        catchment_controls={"station": Circle(x=1_500, y=850, radius_m=100)},
        slice_days=28,
        sizes={"control": 1.5},
        conf=0.9,
        **DAYS,
    ).to_dict()
    for name in ("local", "success", "treated_before", "control_after"):
        assert found[name] == expected[name]
    for ours, theirs in zip(found["catchments"], expected["catchments"], strict=True):  # type: ignore[call-overload]
        assert {name: value for name, value in ours.items() if name != "reading_text"} == theirs
    assert [each["name"] for each in found["catchments"]] == ["0-100 m", "100-200 m", "station"]
    assert found["catchments"][0]["reading_text"]
    assert found["notes"][0]["code"] == "displacement.unequal_periods"  # 2024 had 366 days
    assert found["input"]["used"] == 2_500


def test_polygons_of_a_file_stand_for_circles_in_any_system(
    events: tuple[Path, np.ndarray, np.ndarray, np.ndarray], tmp_path: Path
) -> None:
    path, x, y, _ = events
    # A square with a hole: events in the hole are outside, and near.
    ground = Polygon(box(300, 300, 700, 700).exterior.coords, [box(450, 450, 550, 550).exterior.coords])
    target = shapes(tmp_path / "target.gpkg", [ground])
    control = shapes(tmp_path / "control.gpkg", [box(2_300, 300, 2_500, 700), box(2_500, 300, 2_700, 700)])
    found = answer("displacement", path, "--target", target, "--control", control, "--rings", "100", *YEARS)
    inside = (x >= 300) & (x <= 700) & (y >= 300) & (y <= 700)
    hole = (x > 450) & (x < 550) & (y > 450) & (y < 550)
    near = np.array([0 < ground.distance(Point(a, b)) <= 100 for a, b in zip(x, y, strict=True)])
    control_square = (x >= 2_300) & (x <= 2_700) & (y >= 300) & (y <= 700)
    assert found["treated_before"] + found["treated_after"] == np.count_nonzero(inside & ~hole)
    assert found["catchments"][0]["before"] + found["catchments"][0]["after"] == np.count_nonzero(near)
    assert near[hole].all()
    assert found["control_before"] + found["control_after"] == np.count_nonzero(control_square)


def test_polygons_in_degrees_are_projected(tmp_path: Path) -> None:
    import geopandas

    square = box(674_000, 6_580_000, 674_200, 6_580_200)
    degrees = geopandas.GeoSeries([square], crs=3006).to_crs(4326)
    target = shapes(tmp_path / "degrees.gpkg", [degrees.iloc[0]], crs=4326)
    rows = [(674_100, 6_580_100, "2024-05-05"), (674_300, 6_580_100, "2024-05-05")]
    path = csv(tmp_path / "e.csv", "x,y,t", rows)
    found = answer("displacement", path, "--target", target, "--control", "680000,6580000,100", *YEARS)
    assert found["treated_before"] == 1


def test_displacement_takes_a_table_of_counts(tmp_path: Path) -> None:
    rows = [
        ("square", "target", 207, 110),
        ("park", "control", 300, 310),
        ("yard", "control", 8, 8),
        ("ring", "buffer", 178, 157),
        ("ring", "catchment control", 150, 140),
    ]
    path = csv(tmp_path / "counts.csv", "area,role,before,after", rows)
    found = answer("displacement", path, "--counts")
    assert found["catchments"][0]["name"] == "ring"
    assert found["catchments"][0]["total"]["estimate"] == -118
    half = answer("displacement", path, "--counts", "--before-days", 730, "--after-days", 365)
    expected = displacement((207, 110), (308, 318), exposure_before=2)
    assert half["local"]["estimate"] == expected.local.estimate
    assert half["local"]["se"] == expected.local.se


def test_displacement_says_its_gist_as_text(tmp_path: Path) -> None:
    path = csv(
        tmp_path / "c.csv",
        "area,role,before,after",
        [("a", "target", 100, 70), ("b", "control", 200, 200), ("r", "ring", 80, 76)],
    )
    text = run("displacement", path, "--counts").stdout
    assert "reading=diffusion" in text
    assert "Note: What the quotient shows may be chance" in text


def test_displacement_refuses_what_it_cannot_use(
    events: tuple[Path, np.ndarray, np.ndarray, np.ndarray], tmp_path: Path
) -> None:
    path = events[0]
    assert "Give --target" in refusal("displacement", path, "--control", "0,0,9", *YEARS)
    assert "Give both --before and --after" in refusal("displacement", path, *CIRCLES)
    late = ("--before", "2024-01-01,2025-02-01", "--after", "2025-01-01,2026-01-01")
    assert "must not overlap" in refusal("displacement", path, *CIRCLES, *late)
    assert "positive radius" in refusal("displacement", path, "--target", "1,2,-3", "--control", "0,0,9", *YEARS)
    assert "must be x,y,radius" in refusal("displacement", path, "--target", "nowhere.gpkg", *YEARS)
    assert "must be NAME=VALUE" in refusal("displacement", path, *CIRCLES, "--catchment", "1,2,3", *YEARS)
    assert '"treated" and "near" must share no ground' in refusal(
        "displacement", path, *CIRCLES, "--catchment", "near=600,500,200", *YEARS
    )
    assert "--rings must be rising" in refusal("displacement", path, *CIRCLES, "--rings", "200,100", *YEARS)
    assert "each name once" in refusal(
        "displacement", path, *CIRCLES, "--catchment", "a=1500,1,1", "--catchment", "a=1600,1,1", *YEARS
    )
    odd = csv(tmp_path / "odd.csv", "area,role,before,after", [("a", "target", 1, 2), ("b", "other", 1, 2)])
    assert 'Row 3, column "role": "other" must be' in refusal("displacement", odd, "--counts")
    lonely = csv(tmp_path / "lonely.csv", "area,role,before,after", [("a", "target", 1, 2)])
    assert 'no row with the role "control"' in refusal("displacement", lonely, "--counts")
    points = shapes(tmp_path / "points.gpkg", [Point(1, 2)])  # type: ignore[list-item]
    assert "must hold polygons only" in refusal("displacement", path, "--target", points, "--control", "9,9,1", *YEARS)


def test_spp_test_by_cells_is_that_of_the_library(events: tuple[Path, np.ndarray, np.ndarray, np.ndarray]) -> None:
    path, x, y, t = events
    how = ("--samples", 50, "--replicates", 99, "--seed", 4)
    found = answer("spp-test", path, "--cell", 250, *BASE, *how)
    grid = Grid.covering(x, y, cell_m=250)
    early = t < 20_089
    base, test = grid.count(x[early], y[early]).ravel(), grid.count(x[~early], y[~early]).ravel()
    expected = spp_test_of(base, test, n_samples=50, n_replicates=99, rng=4).to_dict()
    for name in ("s_index", "s_robust", "pvalue", "change", "p_area", "base", "parameters"):
        assert found[name] == expected[name]
    assert found["grid"] == grid.to_dict()
    assert found["input"]["elsewhere"] == 0


def test_spp_test_by_areas_counts_each_event_once(
    events: tuple[Path, np.ndarray, np.ndarray, np.ndarray], tmp_path: Path
) -> None:
    path, x, _y, t = events
    parts = [box(0, 0, 1_000, 1_000), box(1_000, 0, 2_000, 1_000), box(9_000, 0, 9_100, 10)]
    areas = shapes(tmp_path / "areas.gpkg", parts, name=["west", "middle", "nowhere"])
    found = answer("spp-test", path, "--areas", areas, "--area-name", "name", *BASE, "--replicates", 9)
    # On the common edge the first area in the file has the event.
    west, middle = x <= 1_000, (x > 1_000) & (x <= 2_000)
    early = t < 20_089
    assert found["areas"] == ["west", "middle", "nowhere"]
    assert found["base"] == [int((west & early).sum()), int((middle & early).sum()), 0]
    assert found["test"] == [int((west & ~early).sum()), int((middle & ~early).sum()), 0]
    assert found["input"]["elsewhere"] == int((x > 2_000).sum())
    assert answer("spp-test", path, "--areas", areas, *BASE, "--replicates", 9)["areas"] == ["1", "2", "3"]


PUBLISHED = {"Drugs": "DRUG/NARCOTIC", "Robbery": "ROBBERY", "Vandalism": "VANDALISM", "CarTheft": "VEHICLE THEFT"}


@pytest.mark.parametrize("column", sorted(PUBLISHED))
def test_spp_test_counts_the_published_numbers_per_block_group_of_san_francisco(column: str) -> None:
    import pyogrio

    folder = shared_data("sf-crime-2012")
    areas = folder / "block_groups_4269.gpkg"
    found = answer(
        *("spp-test", folder / "incidents.csv.gz", "--areas", areas, "--area-name", "GEO_ID"),
        *("--t", "Date", "--category", "Category", "--only", PUBLISHED[column], "--x", "lon", "--y", "lat"),
        *("--crs", "EPSG:26910", "--base", "2012-07-01,2012-10-01", "--test", "2012-10-01,2013-01-01"),
        *("--samples", 9, "--replicates", 9),
    )
    meta, _, _, values = pyogrio.raw.read(areas, read_geometry=False)
    table = dict(zip(meta["fields"], values, strict=True))
    published = dict(zip(table["GEO_ID"], table[column], strict=True))
    ours = np.array(found["base"]) + np.array(found["test"])
    agree = sum(n == published[name] for n, name in zip(ours, found["areas"], strict=True))
    assert len(ours) == 579
    assert agree >= 0.99 * 579
    assert found["input"]["left_out"] == 0


def test_spp_test_takes_a_table_of_counts(tmp_path: Path) -> None:
    # The documented example of the R package sppt.
    path = csv(
        tmp_path / "c.csv", "area,base,test", [(1, 2, 2), (4, 2, 1), (5, 2, 2), (6, 1, 2), (11, 0, 1), (15, 1, 1)]
    )
    found = answer("spp-test", path, "--area-name", "area")
    assert found["s_index"] == pytest.approx(0.8333333, abs=1e-7)
    assert found["change"] == [0, -1, 0, 0, 0, 0]
    assert found["areas"] == ["1", "4", "5", "6", "11", "15"]


def test_spp_test_refuses_what_it_cannot_use(
    events: tuple[Path, np.ndarray, np.ndarray, np.ndarray], tmp_path: Path
) -> None:
    path = events[0]
    areas = shapes(tmp_path / "areas.gpkg", [box(0, 0, 1, 1)])
    assert "Give --areas or --cell" in refusal("spp-test", path, *BASE)
    assert "not both" in refusal("spp-test", path, "--areas", areas, "--cell", 100, *BASE)
    assert "Give both --base and --test" in refusal("spp-test", path, "--cell", 100)
    assert "--sample-share must lie between" in refusal("spp-test", path, "--cell", 100, *BASE, "--sample-share", 2)
    assert "must be a GeoPackage with polygons" in refusal("spp-test", path, "--areas", path, *BASE)


def test_category_mix_takes_events_or_a_table(
    events: tuple[Path, np.ndarray, np.ndarray, np.ndarray], tmp_path: Path
) -> None:
    path = events[0]
    found = answer("category-mix", path, *YEARS, "--replicates", 99)
    assert found["names"] == ["noise", "theft"]
    assert sum(found["before"]) + sum(found["after"]) == 2_500
    expected = category_mix(found["before"], found["after"], names=found["names"], n_replicates=99, rng=1).to_dict()
    assert found["pvalue"] == expected["pvalue"]
    assert found["residual"] == expected["residual"]
    table = csv(
        tmp_path / "c.csv",
        "category,before,after",
        [(name, *pair) for name, *pair in zip(found["names"], found["before"], found["after"], strict=True)],
    )
    assert answer("category-mix", table, "--replicates", 99)["chi2"] == found["chi2"]
    assert "Give both --before and --after" in refusal("category-mix", path)
