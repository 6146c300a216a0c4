"""Random assignment within blocks: every one as likely, and intervals by turning the test round."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from scipy import stats as scipy_stats

from lagesbild.stats import _assignments
from lagesbild.stats._assignments import Assignments, Inversion, block_numbers

pytestmark = pytest.mark.one_database

OPTIONS = {"n_replicates": 3000, "rng": 4, "threads": 1, "scheduler": None, "progress": None}


@pytest.mark.parametrize("n_treated", [1, 2, 3, 4])
def test_every_choice_within_a_block_is_drawn_as_often(n_treated: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_assignments, "MOST_LISTED", 0)
    treated = np.arange(5) < n_treated
    drawn, listed = Assignments.of(treated, None).sums(2.0 ** np.arange(5)[:, None], **OPTIONS)
    values, counts = np.unique(drawn, return_counts=True)
    assert not listed
    assert set(values) == {sum(2.0**at for at in each) for each in itertools.combinations(range(5), n_treated)}
    assert scipy_stats.chisquare(counts).pvalue > 0.001


def test_few_assignments_are_listed_each_once_and_keep_to_their_blocks() -> None:
    treated = np.array([True, False, False, True, True, False])
    block = ["b", "a", "b", "a", "b", "a"]
    assigned = Assignments.of(treated, block)
    sums, listed = assigned.sums(2.0 ** np.arange(6)[:, None], **OPTIONS)
    expected = sorted(2**a + 2**b + 2**c for a in (1, 3, 5) for b, c in ((0, 2), (0, 4), (2, 4)))
    assert listed
    assert assigned.n_possible == 9
    assert sorted(sums[:, 0].tolist()) == expected


def test_drawn_assignments_keep_to_their_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_assignments, "MOST_LISTED", 0)
    treated = np.array([True, True, False, False, False, True, False])
    block = np.array([7, 3, 3, 7, 7, 3, 7])
    assigned = Assignments.of(treated, block)
    sums, _ = assigned.sums(np.column_stack([block == 3, block == 7]).astype(float), **OPTIONS)
    assert np.unique(sums, axis=0).tolist() == [[2.0, 1.0]]


def test_blocks_are_whole_numbers_or_texts_one_for_each_place() -> None:
    assert block_numbers(["x", "a", "x"], 3)[1].tolist() == [1, 0, 1]
    with pytest.raises(ValueError, match="`block` must have one value for each of the 4 places"):
        block_numbers([1, 2], 4)
    with pytest.raises(TypeError, match="`block` must hold whole numbers or texts"):
        block_numbers([1.5, 2.0], 2)


@pytest.mark.parametrize("extra", [0, 1])
@pytest.mark.parametrize("n_same", [1, 3])
def test_the_interval_holds_exactly_the_effects_that_are_not_rejected(extra: int, n_same: int) -> None:
    crossings = np.random.default_rng(3).normal(0, 1, 96).round(1)
    inversion = Inversion(crossings, n_same=n_same, extra=extra)
    low, high = inversion.interval(0.9)
    for effect in np.arange(-4, 4, 0.05):
        kept = min(inversion.pvalue(effect, "greater"), inversion.pvalue(effect, "less")) > 0.05
        assert kept == (low - 1e-9 <= effect <= high + 1e-9), effect


def test_too_few_assignments_set_no_limits() -> None:
    assert Inversion(np.array([0.1, 0.2]), n_same=1, extra=0).interval(0.95) == (-math.inf, math.inf)
