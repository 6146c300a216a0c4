"""Clusters of cells that stand out."""

from __future__ import annotations

import gzip
import math

import numpy as np
import numpy.typing as npt
import pytest
from scipy.stats import binomtest

from lagesbild.stats import Grid, HotSpotsResult, Window, gi_star_grid, hot_spots
from tests.shared_data import shared_data

pytestmark = pytest.mark.one_database

GRID = Grid(1_000, 2_000, 100, n_cols=30, n_rows=20)


def found_in(counts: npt.NDArray[np.int64], *, min_count: int = 5, inside: object = None) -> HotSpotsResult:
    gi = gi_star_grid(counts, window=Window.queen(1), inside=inside)  # type: ignore[arg-type]
    return hot_spots(counts, grid=GRID, gi=gi, min_count=min_count)


def town(seed: int = 1) -> npt.NDArray[np.int64]:
    """Even noise with a large hot place in the south-west and a small one in the north-east."""
    counts = np.random.default_rng(seed).poisson(2, GRID.shape).astype(np.int64)
    counts[4:7, 5:8] = 20
    counts[5, 6] = 40
    counts[15:17, 24:26] = 15
    return counts


def test_each_hot_place_is_one_cluster_and_the_one_with_most_events_comes_first() -> None:
    counts = town()
    result = found_in(counts)
    assert [spot.label for spot in result.hot] == [1, 2]
    first, second = result.hot
    assert (first.peak_x, first.peak_y) == (1_650.0, 2_550.0)
    assert first.peak_cell == 5 * 30 + 6
    assert first.peak_events == 40
    assert second.n_events < first.n_events
    assert 1_000 + 24 * 100 <= second.centroid_x <= 1_000 + 26 * 100


def test_the_figures_of_a_cluster_are_those_of_its_cells() -> None:
    counts = town()
    result = found_in(counts)
    spot = result.hot[0]
    mask = result.labels == 1
    assert spot.cells.tolist() == np.flatnonzero(mask).tolist()
    assert spot.n_events == counts[mask].sum()
    assert spot.area_m2 == mask.sum() * 10_000
    assert spot.expected == pytest.approx(counts.mean() * mask.sum())
    x, y = GRID.centres()
    assert spot.centroid_x == pytest.approx((x * counts)[mask].sum() / counts[mask].sum())
    assert spot.centroid_y == pytest.approx((y * counts)[mask].sum() / counts[mask].sum())
    gi = gi_star_grid(counts, window=Window.queen(1))
    assert spot.z_max == gi.z[mask].max()
    assert spot.p_adjusted_min == result.p_adjusted[mask].min() < 0.05


def test_cells_that_touch_at_a_corner_are_one_cluster() -> None:
    counts = np.ones(GRID.shape, dtype=np.int64)
    counts[5, 5] = counts[6, 6] = 100
    gi = gi_star_grid(counts, window=Window.queen(0))
    result = hot_spots(counts, grid=GRID, gi=gi)
    assert [spot.cells.tolist() for spot in result.hot] == [[5 * 30 + 5, 6 * 30 + 6]]


def test_empty_places_are_cold_not_hot() -> None:
    counts = np.full(GRID.shape, 8, dtype=np.int64) + np.random.default_rng(2).integers(-1, 2, GRID.shape)
    counts[8:12, 10:14] = 0
    result = found_in(counts)
    assert result.hot == ()
    assert [spot.label for spot in result.cold] == [-1]
    assert result.cold_mask[9, 11]
    assert not result.hot_mask.any()
    assert result.cold[0].z_max < 0
    assert counts.ravel()[result.cold[0].peak_cell] == 0


def test_a_cluster_with_too_few_events_is_left_out_with_a_note() -> None:
    counts = np.zeros(GRID.shape, dtype=np.int64)
    counts[3, 3] = 4
    counts[12, 20] = 5
    result = found_in(counts, min_count=5)
    assert [spot.n_events for spot in result.hot] == [5]
    note = next(note for note in result.notes if note.code == "hot_spots.below_min_count")
    assert note.values == {"n": 1, "min_count": 5}
    assert result.labels[3, 3] == 0


def test_the_correction_counts_every_cell_of_the_study_area_and_no_other() -> None:
    inside = np.ones(GRID.shape, dtype=bool)
    inside[:, 28:] = False
    result = found_in(town(), inside=inside)
    assert result.n_tests == 20 * 28
    assert (result.p_adjusted[:, 28:] == 1).all()


def test_nothing_hot_is_an_answer() -> None:
    for counts in (np.zeros(GRID.shape, dtype=np.int64), np.full(GRID.shape, 3, dtype=np.int64)):
        result = found_in(counts)
        assert result.hot == result.cold == ()
        assert {"hot_spots.none", "gi_star.zero_variance"} <= {note.code for note in result.notes}


def test_another_shape_is_refused() -> None:
    gi = gi_star_grid(np.ones((3, 3), dtype=int), window=Window.queen())
    with pytest.raises(ValueError, match="`counts` must have the shape"):
        hot_spots(np.ones((3, 3)), grid=GRID, gi=gi)


def test_the_parameters_tell_the_whole_story() -> None:
    assert found_in(town()).parameters == {
        "window": "queen 1",
        "window_cells": 9,
        "alpha": 0.05,
        "correction": "benjamini_hochberg",
        "min_count": 5,
    }


def test_chance_makes_hot_spots_in_at_most_alpha_of_all_cases() -> None:
    rng = np.random.default_rng(3)
    found = sum(found_in(rng.poisson(10, GRID.shape)).n_significant > 0 for _ in range(300))
    assert binomtest(found, 300, 0.05, alternative="greater").pvalue > 0.001


def test_the_open_drug_market_of_san_francisco_is_found() -> None:
    # 3,897 drug offences, July to December 2012; the market was in the Tenderloin and by Civic Center.
    import csv

    with gzip.open(shared_data("sf-crime-2012") / "incidents.csv.gz", "rt", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["Category"].startswith("DRUG")]
    lon = np.array([float(row["lon"]) for row in rows])
    lat = np.array([float(row["lat"]) for row in rows])
    assert len(rows) == 3_897
    metres = 111_195.0
    x, y = lon * metres * math.cos(math.radians(37.77)), lat * metres
    grid = Grid.covering(x, y, cell_m=100)
    counts = grid.count(x, y)
    gi = gi_star_grid(counts, window=Window.disc(radius_m=200, cell_m=100))
    largest = hot_spots(counts, grid=grid, gi=gi).hot[0]
    market_x, market_y = -122.4135 * metres * math.cos(math.radians(37.77)), 37.7825 * metres
    assert math.hypot(largest.peak_x - market_x, largest.peak_y - market_y) < 600
    assert largest.n_events > 0.3 * 3_897
