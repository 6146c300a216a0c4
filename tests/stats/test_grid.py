"""Which cell a point lies in, and how many lie in each."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.stats import Grid
from tests.stats.untimed import untimed

pytestmark = pytest.mark.one_database

GRID = Grid(x0=100.0, y0=200.0, cell_m=50.0, n_cols=3, n_rows=2)
COORDINATE = st.floats(min_value=-1e7, max_value=1e7, allow_nan=False)


def test_cells_are_numbered_from_the_south_west_along_rows() -> None:
    x, y = [101, 151, 201, 101, 249], [201, 201, 201, 251, 299]
    assert GRID.cell_index(x, y).tolist() == [0, 1, 2, 3, 5]


def test_a_point_on_a_shared_edge_belongs_to_the_cell_north_east_of_it() -> None:
    assert GRID.cell_index([100, 150, 150], [200, 200, 250]).tolist() == [0, 1, 4]


def test_the_outer_northern_and_eastern_edges_are_outside() -> None:
    assert GRID.cell_index([250, 249.999, 99.999, 100], [200, 300, 200, 199.999]).tolist() == [-1, -1, -1, -1]


def test_counts_have_one_row_per_row_of_cells_and_leave_out_points_outside() -> None:
    counts = GRID.count([101, 102, 249, 0], [201, 202, 299, 0])
    assert counts.dtype == np.int64
    assert counts.tolist() == [[2, 0, 0], [0, 0, 1]]


def test_weights_are_summed() -> None:
    counts = GRID.count([101, 102, 249], [201, 202, 299], weights=[0.5, 0.25, 2])
    assert counts.tolist() == [[0.75, 0, 0], [0, 0, 2]]


def test_each_centre_lies_in_its_own_cell() -> None:
    x, y = GRID.centres()
    assert x.shape == y.shape == GRID.shape == (2, 3)
    assert GRID.cell_index(x.ravel(), y.ravel()).tolist() == [0, 1, 2, 3, 4, 5]


def test_edges_are_whole_multiples_of_the_cell_size_so_that_cells_recur() -> None:
    spring = Grid.covering([674_033.0, 674_250.0], [6_580_110.0, 6_580_199.0], cell_m=100)
    autumn = Grid.covering([673_901.0, 674_160.0], [6_580_010.0, 6_580_120.0], cell_m=100)
    assert (spring.x0, spring.y0, spring.n_cols, spring.n_rows) == (674_000.0, 6_580_100.0, 3, 1)
    assert (autumn.x0, autumn.y0, autumn.n_cols, autumn.n_rows) == (673_900.0, 6_580_000.0, 3, 2)


def test_a_point_on_a_multiple_gets_a_cell_of_its_own() -> None:
    grid = Grid.covering([0.0, 100.0], [0.0, 0.0], cell_m=100)
    assert (grid.n_cols, grid.n_rows) == (2, 1)
    assert grid.count([0.0, 100.0], [0.0, 0.0]).tolist() == [[1, 1]]


def test_bounds_are_covered_exactly_and_decide_over_points() -> None:
    grid = Grid.covering([5_000.0], [5_000.0], cell_m=100, bounds=(0.0, -50.0, 200.0, 150.0))
    assert grid == Grid(0.0, -100.0, 100, n_cols=2, n_rows=3)
    assert grid.bounds == (0.0, -100.0, 200.0, 200.0)


def test_a_stray_coordinate_is_refused_before_it_fills_the_memory() -> None:
    with pytest.raises(ValueError, match="`cell_m` must be large enough"):
        Grid.covering([0.0, 674_000.0], [0.0, 6_580_000.0], cell_m=10)


def test_an_edge_whose_quotient_is_rounded_down_still_opens_the_next_cell() -> None:
    grid = Grid(649 * 12.7, 0.0, 12.7, n_cols=3_000, n_rows=1)
    edge = grid.x0 + 2_738 * 12.7
    assert (edge - grid.x0) / 12.7 < 2_738
    assert grid.cell_index([edge], [0.0]).tolist() == [2_738]


@pytest.mark.parametrize("cell_m", [0, -50, float("nan"), float("inf")])
def test_the_cell_size_must_be_positive(cell_m: float) -> None:
    with pytest.raises(ValueError, match="`cell_m` must be a positive number of metres"):
        Grid(0, 0, cell_m, 1, 1)


def test_missing_coordinates_are_refused_and_not_put_somewhere() -> None:
    with pytest.raises(ValueError, match="`x` must hold finite numbers"):
        GRID.cell_index([np.nan], [200])


def test_lists_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="same length"):
        GRID.count([101, 102], [201])


def test_nothing_to_cover_is_refused_with_the_way_out() -> None:
    with pytest.raises(ValueError, match="`bounds` must be given"):
        Grid.covering([], [], cell_m=100)


def test_no_points_make_an_empty_count() -> None:
    assert GRID.count([], []).tolist() == [[0, 0, 0], [0, 0, 0]]


def test_inputs_are_left_as_they_were() -> None:
    x, y = np.array([101.0, 400.0]), np.array([201.0, 201.0])
    GRID.count(x, y)
    assert x.tolist() == [101.0, 400.0]
    assert y.tolist() == [201.0, 201.0]


@untimed
@given(x=COORDINATE, y=COORDINATE, cell_m=st.floats(min_value=0.5, max_value=5_000))
def test_every_covered_point_lies_between_the_edges_of_its_cell(x: float, y: float, cell_m: float) -> None:
    grid = Grid.covering([x], [y], cell_m=cell_m)
    cell = int(grid.cell_index([x], [y])[0])
    assert cell >= 0
    row, col = divmod(cell, grid.n_cols)
    assert grid.x0 + col * cell_m <= x < grid.x0 + (col + 1) * cell_m
    assert grid.y0 + row * cell_m <= y < grid.y0 + (row + 1) * cell_m


@untimed
@given(st.lists(st.tuples(COORDINATE, COORDINATE), max_size=30))
def test_points_inside_and_outside_make_all(points: list[tuple[float, float]]) -> None:
    x, y = [p[0] for p in points], [p[1] for p in points]
    grid = Grid(-1e6, -1e6, 10_000, 200, 200)
    assert grid.count(x, y).sum() + np.count_nonzero(grid.cell_index(x, y) < 0) == len(points)


def test_a_place_too_far_away_for_its_cell_to_have_edges_is_refused() -> None:
    with pytest.raises(ValueError, match="to tell cells apart at 1e"):
        Grid.covering([1e300, 0.0], [0.0, 0.0], cell_m=100.0)
