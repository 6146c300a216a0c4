"""Correction by the largest statistic of each replicate."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest

from lagesbild.stats import max_statistic

pytestmark = pytest.mark.one_database


def test_three_statistics_by_hand() -> None:
    result = max_statistic([5.0, 2.0, -1.0], [1, 2, 3, 0], alpha=0.25)
    assert result.adjusted.tolist() == [1 / 5, 3 / 5, 1]
    assert result.rejected.tolist() == [True, False, False]
    assert (result.n_tests, result.n_rejected, result.n_replicates) == (3, 1, 4)


def test_a_pvalue_exactly_at_the_level_is_rejected() -> None:
    assert max_statistic([5.0], [1, 2, 3, 4], alpha=0.2).rejected.tolist() == [True]


def test_a_maximum_equal_to_the_statistic_counts_against_it() -> None:
    assert max_statistic([3.0], [3.0], alpha=0.5).adjusted.tolist() == [1]
    assert max_statistic([0.3], [0.1 + 0.2], alpha=0.5).adjusted.tolist() == [1]
    assert max_statistic([0.1 + 0.2], [0.3], alpha=0.5).adjusted.tolist() == [1]


def test_negative_statistics_tie_too() -> None:
    assert max_statistic([-0.3], [-0.1 - 0.2], alpha=0.5).adjusted.tolist() == [1]


def test_the_shape_is_kept_and_the_input_left_alone() -> None:
    observed, maxima = np.arange(6.0).reshape(2, 3), np.array([4.0, 1.0])
    result = max_statistic(observed, maxima, alpha=0.5)
    assert result.adjusted.shape == (2, 3)
    assert maxima.tolist() == [4, 1]


def test_no_tests_are_an_answer() -> None:
    assert max_statistic([], [1.0], alpha=0.05).n_tests == 0


def test_a_replicate_in_which_nothing_could_be_tested_never_wins() -> None:
    assert max_statistic([0.0], [-np.inf, -np.inf, -np.inf], alpha=0.25).adjusted.tolist() == [0.25]


@pytest.mark.parametrize("maxima", [[], [[1.0]], [np.nan]])
def test_maxima_that_are_none_are_refused(maxima: list[float]) -> None:
    with pytest.raises(ValueError, match="`maxima` must hold"):
        max_statistic([1.0], maxima, alpha=0.05)


def test_the_chance_of_any_false_alarm_among_many_is_held_and_not_squandered() -> None:
    rng = np.random.default_rng(1)
    common = rng.normal(size=(600, 1, 1))
    found = 0
    for each in common:
        # 30 statistics that vary together, as those of overlapping neighbourhoods do.
        replicates = rng.normal(size=(100, 30)) + 2 * rng.normal(size=(100, 1))
        observed = rng.normal(size=30) + 2 * each[0]
        found += max_statistic(observed, replicates[:99].max(axis=1), alpha=0.05).n_rejected > 0
    assert binomtest(found, 600, 0.05).pvalue > 0.001


def test_a_planted_effect_is_found_alone() -> None:
    rng = np.random.default_rng(2)
    observed = rng.normal(size=200)
    observed[17] = 8
    result = max_statistic(observed, rng.normal(size=(999, 200)).max(axis=1), alpha=0.05)
    assert np.flatnonzero(result.rejected).tolist() == [17]
