"""Balance: standardised differences, with and without blocks."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lagesbild.stats import covariate_balance, match_blocks, randomise

pytestmark = pytest.mark.one_database

FIRST = np.array([True, True, False, False])


def test_two_against_two_by_hand() -> None:
    result = covariate_balance([4.0, 8.0, 1.0, 3.0], treated=FIRST, names=["calls"])
    (calls,) = result.measures
    # Means 6 and 2, variances 8 and 2, mean variance 5.
    assert (calls.name, calls.mean_treated, calls.mean_control) == ("calls", 6, 2)
    assert calls.standardised == pytest.approx(4 / math.sqrt(5))
    assert calls.variance_ratio == pytest.approx(4)
    assert result.largest == pytest.approx(4 / math.sqrt(5))
    assert [note.code for note in result.notes] == ["balance.uneven"]


def test_within_blocks_only_differences_of_neighbours_count() -> None:
    result = covariate_balance([10.0, 100.0, 12.0, 101.0], treated=FIRST, block=["low", "high", "low", "high"])
    scale = math.sqrt((4050 + 3960.5) / 2)
    assert result.measures[0].within_blocks == pytest.approx(-1.5 / scale)
    assert result.measures[0].standardised == pytest.approx(-1.5 / scale)


def test_blocks_of_unlike_size_weigh_as_much_as_they_tell() -> None:
    treated = np.array([True, False, True, False, False])
    result = covariate_balance([3.0, 1.0, 10.0, 4.0, 6.0], treated=treated, block=[1, 1, 2, 2, 2])
    scale = math.sqrt((np.var([3, 10], ddof=1) + np.var([1, 4, 6], ddof=1)) / 2)
    # Differences 2 and 5 with weights 1/2 and 2/3.
    assert result.measures[0].within_blocks == pytest.approx((2 / 2 + 5 * 2 / 3) / (1 / 2 + 2 / 3) / scale)


def test_pairs_make_groups_more_alike_than_a_plain_draw() -> None:
    rng = np.random.default_rng(2)
    paired, plain = [], []
    for seed in range(60):
        measures = rng.lognormal(0, 0.7, (30, 2))
        names = [str(at) for at in range(30)]
        pairs = match_blocks(measures).block
        paired.append(covariate_balance(measures, treated=randomise(names, block=pairs, seed=seed).treated).largest)
        plain.append(covariate_balance(measures, treated=randomise(names, seed=seed).treated).largest)
    assert np.mean(paired) < 0.6 * np.mean(plain)  # type: ignore[arg-type]


def test_the_unit_and_the_order_do_not_matter() -> None:
    measures, order = np.random.default_rng(3).normal(size=(12, 2)), np.random.default_rng(4).permutation(12)
    treated = np.arange(12) < 5
    one = covariate_balance(measures, treated=treated)
    other = covariate_balance(measures[order] * 7 + 3, treated=treated[order])
    assert one.largest == pytest.approx(other.largest)


def test_too_little_is_an_answer() -> None:
    alone = covariate_balance([1.0, 2.0, 3.0], treated=np.arange(3) == 0)
    assert alone.measures[0].standardised is None
    assert [note.code for note in alone.notes] == ["balance.one_group"]
    assert covariate_balance([2.0, 2.0, 2.0, 2.0], treated=FIRST).largest is None


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="`names` must have one text for each of the 1 measures"):
        covariate_balance([1.0, 2.0, 3.0, 4.0], treated=FIRST, names=["a", "b"])
    with pytest.raises(ValueError, match="`treated` must have one value for each of the 3 places"):
        covariate_balance([1.0, 2.0, 3.0], treated=FIRST)
