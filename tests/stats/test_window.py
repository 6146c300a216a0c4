"""Sums over moving neighbourhoods."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.stats import Window
from tests.stats.twins import disc_offsets, window_sum
from tests.stats.untimed import untimed

pytestmark = pytest.mark.one_database


def test_the_queen_window_has_nine_cells() -> None:
    assert Window.queen(1).n_cells == 9
    assert Window.queen(0).n_cells == 1


def test_the_disc_takes_in_centres_at_exactly_the_radius() -> None:
    assert Window.disc(radius_m=500, cell_m=100).half_widths == (0, 3, 4, 4, 4, 5, 4, 4, 4, 3, 0)
    assert Window.disc(radius_m=100, cell_m=100).n_cells == 5
    assert Window.disc(radius_m=99.9, cell_m=100).n_cells == 1


def test_a_radius_that_is_no_exact_binary_number_still_takes_in_the_limit() -> None:
    assert Window.disc(radius_m=0.3, cell_m=0.1).half_widths[3] == 3


def test_sums_stop_at_the_edge_of_the_grid() -> None:
    ones = np.ones((3, 4), dtype=np.int64)
    assert Window.queen(1).sums(ones).tolist() == [[4, 6, 6, 4], [6, 9, 9, 6], [4, 6, 6, 4]]


def test_large_whole_numbers_are_summed_exactly() -> None:
    values = np.array([[2**53, 1, 1], [0, 0, 0]], dtype=np.int64)
    sums = Window.queen(1).sums(values)
    assert sums.dtype == np.int64
    assert sums[0, 0] == 2**53 + 1


def test_a_window_that_is_not_symmetric_is_refused() -> None:
    with pytest.raises(ValueError, match="`half_widths` must be symmetric"):
        Window((1, 2, 3))


@untimed
@given(
    shape=st.tuples(st.integers(1, 6), st.integers(1, 6)),
    radius_m=st.floats(1, 900),
    seed=st.integers(0, 1000),
)
def test_the_disc_agrees_with_its_twin(shape: tuple[int, int], radius_m: float, seed: int) -> None:
    values = np.random.default_rng(seed).integers(0, 50, shape)
    slow = window_sum(values.astype(np.float64), disc_offsets(radius_m, 100.0))
    fast = Window.disc(radius_m=radius_m, cell_m=100.0).sums(values)
    assert fast.tolist() == slow.tolist()


@untimed
@given(shape=st.tuples(st.integers(1, 5), st.integers(1, 5)), order=st.integers(0, 7), seed=st.integers(0, 1000))
def test_queen_windows_agree_with_their_twin_even_when_larger_than_the_grid(
    shape: tuple[int, int], order: int, seed: int
) -> None:
    values = np.random.default_rng(seed).normal(size=shape)
    steps = range(-order, order + 1)
    slow = window_sum(values, [(a, b) for a in steps for b in steps])
    np.testing.assert_allclose(Window.queen(order).sums(values), slow, atol=1e-12)


def test_a_window_wider_than_any_map_is_refused() -> None:
    with pytest.raises(ValueError, match="`order` must reach over at most 2000 cells"):
        Window.queen(10**8)
    with pytest.raises(ValueError, match="`radius_m` must reach over at most 2000 cells"):
        Window.disc(radius_m=1e9, cell_m=1.0)
