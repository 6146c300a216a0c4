"""The kind of a hot spot over many periods, and the trend test behind it."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.stats import binom, kendalltau

from lagesbild.stats import (
    Window,
    benjamini_hochberg,
    emerging_hot_spots,
    emerging_hot_spots_grid,
    gi_star_grid,
)
from lagesbild.stats._kendall import kendall
from lagesbild.stats.emerging_hot_spots import kinds
from tests.stats.untimed import untimed

pytestmark = pytest.mark.one_database

QUEEN = Window.queen()


def hot(*rows: str) -> np.ndarray:
    """Periods of one place for each text."""
    return np.array([[mark == "#" for mark in row] for row in rows]).T


def city(rng: np.random.Generator, periods: int, plants: dict[tuple[int, int], list[float]]) -> np.ndarray:
    """Poisson counts of 24 × 24 cells with mean 10, times a factor for each period round the planted cells."""
    mean = np.full((periods, 24, 24), 10.0)
    for (row, col), factors in plants.items():
        mean[:, row - 1 : row + 2, col - 1 : col + 2] *= np.array(factors)[:, None, None]
    return rng.poisson(mean)


@pytest.mark.parametrize(
    ("periods", "trend", "kind"),
    [
        ("............", 0, "none"),
        ("...........#", 0, "new"),
        ("........#.##", 0, "new"),
        (".......#...#", 0, "intermittent"),
        (".......#...#", 1, "emerging"),
        ("########....", 0, "fading"),
        ("########...#", 0, "intermittent"),
        ("########...#", -1, "fading"),
        ("############", 0, "persistent"),
        ("#####.######", 0, "persistent"),
        ("####.#.#####", 0, "intermittent"),
        ("############", 1, "emerging"),
        ("############", -1, "fading"),
        ("..##########", 1, "emerging"),
        ("#.#.#.#.#.#.", 1, "intermittent"),
    ],
)
def test_the_rules_one_by_one(periods: str, trend: int, kind: str) -> None:
    assert kinds(hot(periods), trend=np.array([trend]), recent=4).tolist() == [kind]


@untimed
@given(st.lists(st.integers(0, 8), min_size=2, max_size=25))
def test_tau_agrees_with_scipy_where_nothing_ties(values: list[int]) -> None:
    series = np.array(values) + np.arange(len(values)) * 1e-6 * (-1) ** np.arange(len(values))
    if len(set(series.tolist())) < len(series):
        return
    tau, pvalue = kendall(series[:, None])
    expected = kendalltau(np.arange(len(series)), series, method="exact")
    assert tau[0] == pytest.approx(expected.statistic)
    assert pvalue[0] == pytest.approx(expected.pvalue, rel=1e-9)


def test_p_of_five_periods_agrees_with_all_their_orders() -> None:
    series = np.array([2.0, 1.0, 3.0, 5.0, 4.0])

    def s(order: tuple[float, ...]) -> float:
        return sum(np.sign(order[j] - order[i]) for i in range(5) for j in range(i + 1, 5))

    exact = np.mean([abs(s(order)) >= abs(s(tuple(series))) for order in permutations(series)])
    assert kendall(series[:, None])[1][0] == pytest.approx(exact)


def test_ties_and_long_series_use_the_normal_distribution_with_its_correction() -> None:
    # By hand: S = 2 + 2 + 2 + 1 + 1 - 0 = 8 of 10 pairs, one group of two: (5 × 4 × 15 - 2 × 1 × 9) / 18 = 15.67.
    values = np.array([1.0, 1.0, 2.0, 4.0, 3.0])
    s, variance = 7, (5 * 4 * 15 - 2 * 1 * 9) / 18
    from scipy.stats import norm

    tau, pvalue = kendall(values[:, None])
    assert tau[0] == pytest.approx(s / 10)
    assert pvalue[0] == pytest.approx(2 * norm.sf((s - 1) / variance**0.5))
    long = np.random.default_rng(1).normal(size=(60, 1))
    assert kendall(long)[1][0] == pytest.approx(kendalltau(np.arange(60), long[:, 0]).pvalue, abs=0.01)


def test_planted_places_are_what_they_were_planted_as() -> None:
    rng = np.random.default_rng(2)
    plants = {
        (4, 4): [3.0] * 12,
        (4, 18): [1.0] * 11 + [3.0],
        (18, 4): [3.0] * 6 + [1.0] * 6,
        (18, 18): [1.3 + 0.2 * t for t in range(12)],
        (11, 11): [3.0, 1.0] * 6,
    }
    result = emerging_hot_spots_grid(city(rng, 12, plants), window=QUEEN)
    found = {place: str(result.kind[place]) for place in plants}
    assert found == {
        (4, 4): "persistent",
        (4, 18): "new",
        (18, 4): "fading",
        (18, 18): "emerging",
        (11, 11): "intermittent",
    }
    assert result.kind[0, 11] == "none"
    assert sum(result.n_of_kind.values()) == 576
    assert (result.n_tests, result.n_recent) == (12 * 576, 4)


def test_hot_periods_are_those_of_gi_star_corrected_over_all_periods() -> None:
    counts = city(np.random.default_rng(3), 5, {(8, 8): [1.0, 2.0, 1.0, 3.0, 1.5]})
    result = emerging_hot_spots_grid(counts, window=QUEEN, alpha=0.1)
    each = [gi_star_grid(period, window=QUEEN) for period in counts]
    rejected = benjamini_hochberg(np.concatenate([one.pvalue.ravel() for one in each]), alpha=0.1).rejected
    standing = rejected.reshape(counts.shape)
    assert np.array_equal(result.hot | result.cold, standing)
    assert np.array_equal(result.z, np.stack([one.z for one in each]))
    assert np.array_equal(result.hot, standing & (result.z > 0))


def test_where_nothing_is_planted_hardly_any_city_has_a_hot_cell() -> None:
    rng = np.random.default_rng(4)
    n_worlds = 120
    # Normal values, so that Gi* has its own distribution and only the correction is on trial.
    some = sum(
        bool(emerging_hot_spots_grid(rng.normal(size=(5, 12, 12)), window=QUEEN).hot.any()) for _ in range(n_worlds)
    )
    assert some <= binom.ppf(0.9995, n_worlds, 0.05)


def test_steady_hot_spots_seldom_seem_to_emerge_or_fade() -> None:
    rng = np.random.default_rng(5)
    told = n = 0
    for _ in range(60):
        result = emerging_hot_spots_grid(city(rng, 8, {(10, 10): [2.5] * 8}), window=QUEEN)
        n += 1
        told += bool(((result.trend_p_adjusted <= 0.05) & (result.n_hot >= 7)).any())
    assert told <= binom.ppf(0.9995, n, 0.05)


def test_areas_with_weights_agree_with_the_grid() -> None:
    counts = city(np.random.default_rng(6), 6, {(8, 8): [1.0, 1.0, 1.5, 2.0, 2.5, 3.0]})[:, :12, :12]
    number = np.arange(144).reshape(12, 12)
    weights = np.zeros((144, 144))
    for row in range(12):
        for col in range(12):
            near = number[max(row - 1, 0) : row + 2, max(col - 1, 0) : col + 2]
            weights[number[row, col], near.ravel()] = 1
    areas = emerging_hot_spots(counts.reshape(6, 144), weights=csr_array(weights))
    cells = emerging_hot_spots_grid(counts, window=QUEEN)
    assert areas.kind.tolist() == cells.kind.ravel().tolist()
    assert areas.z.ravel().tolist() == pytest.approx(cells.z.ravel().tolist())


def test_cells_outside_take_no_part() -> None:
    counts = city(np.random.default_rng(7), 5, {(8, 8): [3.0] * 5})
    inside = np.ones((24, 24), dtype=bool)
    inside[:, :4] = False
    counts[:, :, 1] = 500
    result = emerging_hot_spots_grid(counts, window=QUEEN, inside=inside)
    assert result.n_tests == 5 * 24 * 20
    assert set(result.kind[:, :4].ravel().tolist()) == {"none"}
    assert result.kind[8, 8] == "persistent"
    assert sum(result.n_of_kind.values()) == 24 * 20


def test_twice_as_many_events_everywhere_change_nothing_and_time_turned_round_turns_the_trend() -> None:
    counts = city(np.random.default_rng(8), 9, {(8, 8): [1.0 + 0.4 * t for t in range(9)]})
    kept = counts.copy()
    once, twice = (emerging_hot_spots_grid(each, window=QUEEN) for each in (counts, 2 * counts))
    assert np.array_equal(once.kind, twice.kind)
    assert np.array_equal(counts, kept)
    back = emerging_hot_spots_grid(counts[::-1], window=QUEEN)
    assert np.allclose(back.tau, -once.tau)
    assert (once.kind[8, 8], back.kind[8, 8]) == ("emerging", "fading")


@pytest.mark.parametrize("periods", [1, 2, 4])
def test_few_periods_are_an_answer_without_trend(periods: int) -> None:
    counts = city(np.random.default_rng(9), periods, {(8, 8): [3.0] * periods})
    result = emerging_hot_spots_grid(counts, window=QUEEN)
    assert result.kind[8, 8] == ("new" if periods == 1 else "persistent")
    assert "emerging_hot_spots.few_periods" in [note.code for note in result.notes]
    assert (result.trend_p_adjusted > 0.05).all()


def test_nothing_at_all_and_all_alike_are_answers() -> None:
    for counts in (np.zeros((3, 5, 5), dtype=int), np.full((3, 5, 5), 7)):
        result = emerging_hot_spots_grid(counts, window=QUEEN)
        assert result.n_of_kind["none"] == 25
        codes = [note.code for note in result.notes]
        assert "emerging_hot_spots.none" in codes
        assert len(codes) == len(set(codes))


def test_what_is_wrong_is_refused() -> None:
    with pytest.raises(ValueError, match="must have 3 dimensions, periods first"):
        emerging_hot_spots_grid(np.zeros((4, 4)), window=QUEEN)
    with pytest.raises(ValueError, match="at least one period"):
        emerging_hot_spots_grid(np.zeros((0, 4, 4)), window=QUEEN)
    with pytest.raises(ValueError, match="`recent` must be 1 to the number of periods, 3"):
        emerging_hot_spots_grid(np.zeros((3, 4, 4)), window=QUEEN, recent=4)
    with pytest.raises(ValueError, match="`alpha` must lie between"):
        emerging_hot_spots_grid(np.zeros((3, 4, 4)), window=QUEEN, alpha=1)
