"""Events per km², smoothed."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.stats import Grid, density, density_of_counts
from lagesbild.stats.density import Kernel
from tests.stats.twins import gaussian, quartic
from tests.stats.untimed import untimed

pytestmark = pytest.mark.one_database

GRID = Grid(0, 0, 100, n_cols=40, n_rows=30)
KERNELS: tuple[Kernel, ...] = ("quartic", "gaussian")


def test_one_event_seen_close_has_the_peak_of_the_quartic_kernel() -> None:
    grid = Grid(0, 0, 10, n_cols=101, n_rows=101)
    result = density([505], [505], grid=grid, bandwidth_m=300, edge_correction=False)
    # 3 / (π h²) = 3 / (π 0.3²) events per km²
    assert result.per_km2[50, 50] == pytest.approx(3 / (math.pi * 0.3**2), rel=2e-3)


def test_beyond_the_bandwidth_there_is_exactly_nothing() -> None:
    result = density([2_050], [1_550], grid=GRID, bandwidth_m=300)
    row = result.per_km2[15]
    # The cell whose centre is 300 m away has its western half within reach; the next one has nothing.
    assert row[20 + 3] > 0
    assert row[20 + 4] == 0.0
    assert np.count_nonzero(result.per_km2[:10]) == 0


def test_a_large_busy_city_leaves_no_noise_in_its_empty_quarter() -> None:
    grid = Grid(0, 0, 100, n_cols=700, n_rows=700)
    counts = np.random.default_rng(24).poisson(20, grid.shape)
    counts[350:, 350:] = 0
    result = density_of_counts(counts, grid=grid, bandwidth_m=330)
    # Four cells from the last busy row every point is more than 330 m away, three cells from it some are not.
    assert not result.per_km2[353:, 353:].any()
    assert result.per_km2[352, 400] > 0


@pytest.mark.parametrize("kernel", KERNELS)
def test_far_from_the_edge_density_times_area_is_the_number_of_events(kernel: Kernel) -> None:
    rng = np.random.default_rng(1)
    x, y = rng.uniform(1_500, 2_500, 200), rng.uniform(1_300, 1_700, 200)
    result = density(x, y, grid=GRID, kernel=kernel, bandwidth_m=230, edge_correction=False)
    assert result.per_km2.sum() * 0.01 == pytest.approx(200, rel=1e-5)
    assert result.n_events == 200


@pytest.mark.parametrize(("kernel", "formula"), [("quartic", quartic), ("gaussian", gaussian)])
def test_the_grid_agrees_with_the_formula_event_by_event(kernel: Kernel, formula: object) -> None:
    rng = np.random.default_rng(2)
    grid = Grid(0, 0, 25, n_cols=80, n_rows=80)
    # Events at cell centres: what remains is the average over each cell instead of its centre.
    col, row = rng.integers(30, 50, 60), rng.integers(30, 50, 60)
    x, y = (col + 0.5) * 25.0, (row + 0.5) * 25.0
    result = density(x, y, grid=grid, kernel=kernel, bandwidth_m=250, edge_correction=False)
    east, north = grid.centres()
    twin = np.zeros(grid.shape)
    for at_x, at_y in zip(x, y, strict=True):
        twin += formula(np.hypot(east - at_x, north - at_y), 250.0) * 1e6  # type: ignore[operator]
    assert np.abs(result.per_km2 - twin).max() < 0.005 * twin.max()


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("edge_correction", [True, False])
def test_smoothing_and_edge_correction_agree_with_their_twin(kernel: Kernel, edge_correction: bool) -> None:
    rng = np.random.default_rng(3)
    grid = Grid(0, 0, 100, n_cols=9, n_rows=7)
    inside = rng.random(grid.shape) < 0.7
    counts = rng.poisson(2.0, grid.shape)
    big = Grid(0, 0, 100, n_cols=41, n_rows=41)
    one = density([2_050], [2_050], grid=big, kernel=kernel, bandwidth_m=220, edge_correction=False).per_km2
    weights = one / one.sum()
    expected = np.zeros(grid.shape)
    for r, c in np.argwhere(inside):
        kernel_here = weights[20 - r : 20 - r + 7, 20 - c : 20 - c + 9]
        mass = kernel_here[inside].sum() if edge_correction else 1.0
        expected[r, c] = (kernel_here * counts)[inside].sum() / mass * 100
    result = density_of_counts(
        counts, grid=grid, kernel=kernel, bandwidth_m=220, inside=inside, edge_correction=edge_correction
    )
    np.testing.assert_allclose(result.per_km2, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("kernel", KERNELS)
def test_an_even_spread_is_even_up_to_the_edge_of_a_crooked_area(kernel: Kernel) -> None:
    inside = np.ones(GRID.shape, dtype=bool)
    inside[10:, 12:] = False
    result = density_of_counts(np.ones(GRID.shape), grid=GRID, kernel=kernel, bandwidth_m=350, inside=inside)
    np.testing.assert_allclose(result.per_km2[inside], 100.0, rtol=1e-9)
    assert not result.per_km2[~inside].any()


def test_without_edge_correction_the_edge_looks_emptier() -> None:
    result = density_of_counts(np.ones(GRID.shape), grid=GRID, bandwidth_m=350, edge_correction=False)
    assert result.per_km2[0, 0] < 50
    assert result.per_km2[15, 20] == pytest.approx(100)


def test_events_outside_the_study_area_are_left_out_and_said_so() -> None:
    inside = np.ones(GRID.shape, dtype=bool)
    inside[:, 20:] = False
    result = density([1_050, 2_050, -50], [1_550, 1_550, 0], grid=GRID, bandwidth_m=300, inside=inside)
    assert result.n_events == 1
    assert [(note.code, note.values["n"]) for note in result.notes] == [("density.events_outside", 2)]


def test_a_weight_of_two_is_two_events() -> None:
    twice = density([1_050, 1_050, 1_450], [1_550, 1_550, 1_550], grid=GRID, bandwidth_m=300)
    weighted = density([1_050, 1_450], [1_550, 1_550], grid=GRID, bandwidth_m=300, weights=[2, 1])
    np.testing.assert_allclose(weighted.per_km2, twice.per_km2, rtol=1e-9, atol=1e-9)


def test_points_and_their_counts_give_the_same() -> None:
    rng = np.random.default_rng(4)
    x, y = rng.uniform(0, 4_000, 500), rng.uniform(0, 3_000, 500)
    from_points = density(x, y, grid=GRID, bandwidth_m=300)
    from_counts = density_of_counts(GRID.count(x, y), grid=GRID, bandwidth_m=300)
    assert np.array_equal(from_points.per_km2, from_counts.per_km2)


def test_no_events_is_an_answer() -> None:
    result = density([], [], grid=GRID, bandwidth_m=300)
    assert not result.per_km2.any()
    assert "density.no_events" in [note.code for note in result.notes]


def test_identical_points_add_up() -> None:
    one = density([2_050], [1_550], grid=GRID, bandwidth_m=300)
    many = density([2_050] * 50, [1_550] * 50, grid=GRID, bandwidth_m=300)
    np.testing.assert_allclose(many.per_km2, 50 * one.per_km2, rtol=1e-9, atol=1e-9)


def test_a_narrow_bandwidth_is_remarked_and_still_conserves_events() -> None:
    result = density([2_050], [1_550], grid=GRID, bandwidth_m=40, edge_correction=False)
    assert [note.code for note in result.notes] == ["density.narrow_bandwidth"]
    assert result.per_km2[15, 20] == pytest.approx(100)


@pytest.mark.parametrize("bandwidth_m", [0, -50, float("nan")])
def test_the_bandwidth_must_be_positive(bandwidth_m: float) -> None:
    with pytest.raises(ValueError, match="`bandwidth_m` must be a positive number of metres"):
        density([1], [1], grid=GRID, bandwidth_m=bandwidth_m)


def test_an_unknown_kernel_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="quartic, gaussian"):
        density([1], [1], grid=GRID, bandwidth_m=300, kernel="box")  # type: ignore[arg-type]


def test_negative_weights_are_refused() -> None:
    with pytest.raises(ValueError, match="`weights` must not be negative"):
        density([1], [1], grid=GRID, bandwidth_m=300, weights=[-1])


@untimed
@given(seed=st.integers(0, 10_000), steps=st.tuples(st.integers(-3, 3), st.integers(-3, 3)))
def test_order_and_shifts_by_whole_cells_change_nothing(seed: int, steps: tuple[int, int]) -> None:
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(1_000, 3_000, 40), rng.uniform(1_000, 2_000, 40)
    order = rng.permutation(40)
    there = Grid(steps[0] * 100, steps[1] * 100, 100, n_cols=40, n_rows=30)
    here = density(x, y, grid=GRID, bandwidth_m=250)
    moved = density(x[order] + steps[0] * 100, y[order] + steps[1] * 100, grid=there, bandwidth_m=250)
    np.testing.assert_allclose(moved.per_km2, here.per_km2, rtol=1e-9, atol=1e-9)
    assert float(here.per_km2.min()) >= 0


def test_the_same_question_has_the_same_answer_and_leaves_its_input_alone() -> None:
    x, y = np.array([1_050.0, 1_100.0]), np.array([1_550.0, 1_500.0])
    inside = np.ones(GRID.shape, dtype=bool)
    first = density(x, y, grid=GRID, bandwidth_m=300, inside=inside)
    second = density(x, y, grid=GRID, bandwidth_m=300, inside=inside)
    assert np.array_equal(first.per_km2, second.per_km2)
    assert x.tolist() == [1_050.0, 1_100.0]
    inside[:] = False
    assert first.inside.all()


def test_a_bandwidth_far_from_the_size_of_a_cell_needs_no_memory() -> None:
    grid = Grid(0.0, 0.0, 1e8, 2, 1)
    found = density([1.0, 2.0], [1.0, 2.0], grid=grid, bandwidth_m=1.0, edge_correction=False)
    assert found.per_km2.tolist() == [[pytest.approx(2e-10), 0.0]]
    with pytest.raises(ValueError, match="`bandwidth_m` must reach over at most 2000 cells"):
        density([1.0], [1.0], grid=Grid(0.0, 0.0, 1.0, 2, 2), bandwidth_m=1e9)
