"""Matching: pairs and blocks of places that are alike."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest
from scipy.optimize import LinearConstraint, milp
from scipy.sparse import csr_array

from lagesbild.stats import match_blocks

pytestmark = pytest.mark.one_database

Floats = npt.NDArray[np.float64]


def scaled(measures: Floats) -> Floats:
    return np.asarray((measures - measures.mean(axis=0)) / measures.std(axis=0))


def least_sum(points: Floats) -> float:
    """The smallest sum of distances of any pairing, by integer programming."""
    n = len(points)
    pairs = [(a, b) for a in range(n) for b in range(a + 1, n)]
    cost = [math.dist(points[a], points[b]) for a, b in pairs]
    rows = np.array(pairs).ravel()
    meets = csr_array((np.ones(len(rows)), (rows, np.repeat(np.arange(len(pairs)), 2))), shape=(n, len(pairs)))
    return float(milp(cost, constraints=LinearConstraint(meets, 1, 1), integrality=np.ones(len(pairs))).fun)


def test_neighbours_on_a_line_are_paired() -> None:
    result = match_blocks([1.0, 9.0, 1.1, 5.0, 9.2, 5.3])
    assert result.block.tolist() == [0, 1, 0, 2, 1, 2]
    assert (result.n_blocks, result.optimal) == (3, True)


def test_the_best_pairs_are_found_where_the_nearest_would_mislead() -> None:
    # 2 and 3 are nearest, but pairing them leaves 0 with 5.2.
    result = match_blocks([0.0, 2.0, 3.0, 5.2])
    assert result.block.tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize("n", [2, 8, 14, 18])
def test_few_places_have_the_least_sum_there_is(n: int) -> None:
    points = np.random.default_rng(n).normal(size=(n, 2))
    result = match_blocks(points)
    assert result.optimal
    assert result.total_distance == pytest.approx(least_sum(scaled(points)))


def test_pairs_of_56_places_come_near_the_least_sum() -> None:
    above = []
    for seed in range(6):
        points = np.random.default_rng(seed).lognormal(0, 0.7, size=(56, 2))
        result = match_blocks(points)
        assert not result.optimal
        assert np.bincount(result.block).tolist() == [2] * 28
        above.append(result.total_distance / least_sum(scaled(points)) - 1)
    assert min(above) >= -1e-9
    assert np.mean(above) < 0.05
    assert max(above) < 0.12


@pytest.mark.parametrize(
    ("n", "size", "sizes"), [(12, 4, [4, 4, 4]), (14, 4, [4, 5, 5]), (7, 2, [2, 2, 3]), (5, 4, [5])]
)
def test_blocks_have_the_size_asked_for_and_share_what_is_left_over(n: int, size: int, sizes: list[int]) -> None:
    result = match_blocks(np.random.default_rng(3).normal(size=(n, 3)), block_size=size)
    assert sorted(result.sizes.tolist()) == sizes
    assert bool(result.notes) == (n % size != 0)


def test_planted_groups_are_found() -> None:
    rng = np.random.default_rng(4)
    centres = rng.normal(0, 10, (8, 2))
    group = rng.permutation(np.repeat(np.arange(8), 4))
    result = match_blocks(centres[group] + rng.normal(0, 0.1, (32, 2)), block_size=4)
    assert all(len(set(result.block[group == each].tolist())) == 1 for each in range(8))
    assert (result.mean_distance or 9) < 0.05 * (result.mean_distance_of_all or 0)


def test_groups_that_must_not_be_mixed_are_not() -> None:
    within = ["north"] * 6 + ["south"] * 4
    result = match_blocks(np.random.default_rng(5).normal(size=10), within=within)
    for number in range(result.n_blocks):
        assert len({within[at] for at in np.flatnonzero(result.block == number)}) == 1


def test_units_and_order_do_not_matter_and_input_is_untouched() -> None:
    points = np.random.default_rng(6).normal(size=(16, 2))
    kept = points.copy()
    one, other = match_blocks(points), match_blocks(points * [1000.0, 0.1] + 5)
    assert one.block.tolist() == other.block.tolist()
    order = np.random.default_rng(7).permutation(16)
    mixed = match_blocks(points[order])
    same = one.block[order][:, None] == one.block[order]
    np.testing.assert_array_equal(mixed.block[:, None] == mixed.block, same)
    np.testing.assert_array_equal(points, kept)


def test_a_measure_without_weight_does_not_count() -> None:
    rng = np.random.default_rng(8)
    points = rng.normal(size=(12, 2))
    assert match_blocks(points, weights=[1, 0]).block.tolist() == match_blocks(points[:, 0]).block.tolist()


def test_places_all_alike_and_no_places_are_an_answer() -> None:
    assert match_blocks(np.ones((20, 2))).total_distance == 0
    assert match_blocks([]).n_blocks == 0


def test_what_cannot_be_matched_is_refused() -> None:
    with pytest.raises(ValueError, match="`within` must leave 2 places or more together"):
        match_blocks([1, 2, 3], within=["a", "a", "b"])
    with pytest.raises(ValueError, match="`block_size` must be 2 or more"):
        match_blocks([1, 2], block_size=1)
    with pytest.raises(ValueError, match="`weights` must hold one number"):
        match_blocks([[1, 2], [3, 4]], weights=[1])
    with pytest.raises(ValueError, match="`measures` must hold finite numbers"):
        match_blocks([1, math.nan])
