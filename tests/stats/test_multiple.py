"""Correction for many tests at once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from lagesbild.stats import benjamini_hochberg
from tests.stats import twins
from tests.stats.untimed import untimed

pytestmark = pytest.mark.one_database

PVALUES = [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216]


def test_ten_pvalues_give_two_rejections() -> None:
    result = benjamini_hochberg(PVALUES, alpha=0.05)
    assert result.n_rejected == 2
    assert result.rejected.tolist() == [True, True] + [False] * 8
    assert result.adjusted[:2].tolist() == pytest.approx([0.01, 0.04])


def test_a_pvalue_exactly_on_its_line_is_rejected() -> None:
    assert benjamini_hochberg([0.025, 0.9], alpha=0.05).n_rejected == 1
    assert benjamini_hochberg([0.0251, 0.9], alpha=0.05).n_rejected == 0


def test_a_later_pvalue_under_its_line_takes_the_earlier_ones_with_it() -> None:
    assert benjamini_hochberg([0.04, 0.049], alpha=0.05).n_rejected == 2


def test_equal_pvalues_share_their_fate() -> None:
    assert benjamini_hochberg([0.03, 0.03, 0.03, 0.9], alpha=0.05).rejected.tolist() == [True, True, True, False]


def test_no_tests_is_an_answer() -> None:
    result = benjamini_hochberg([], alpha=0.05)
    assert (result.n_tests, result.n_rejected, result.rejected.tolist()) == (0, 0, [])


def test_pvalues_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="`pvalues` must hold finite numbers"):
        benjamini_hochberg([0.1, float("nan")], alpha=0.05)
    with pytest.raises(ValueError, match="between 0 and 1"):
        benjamini_hochberg([0.1, 1.1], alpha=0.05)
    with pytest.raises(ValueError, match="`alpha` must lie between 0 and 1"):
        benjamini_hochberg([0.1], alpha=5)


@untimed
@given(st.lists(st.floats(0, 1), min_size=1, max_size=40), st.sampled_from([0.01, 0.05, 0.2]))
def test_it_agrees_with_its_twin(pvalues: list[float], alpha: float) -> None:
    assert benjamini_hochberg(pvalues, alpha=alpha).rejected.tolist() == twins.benjamini_hochberg(pvalues, alpha)


@untimed
@given(st.lists(st.floats(1e-6, 1), min_size=1, max_size=40))
def test_it_agrees_with_statsmodels(pvalues: list[float]) -> None:
    multitest = pytest.importorskip("statsmodels.stats.multitest")
    rejected, adjusted, _, _ = multitest.multipletests(pvalues, alpha=0.05, method="fdr_bh")
    ours = benjamini_hochberg(pvalues, alpha=0.05)
    np.testing.assert_allclose(ours.adjusted, adjusted, rtol=1e-12)
    assert ours.rejected.tolist() == rejected.tolist()


@untimed
@given(st.lists(st.floats(0, 1), min_size=2, max_size=20), st.randoms())
def test_order_does_not_matter(pvalues: list[float], random: object) -> None:
    shuffled = list(range(len(pvalues)))
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    here = benjamini_hochberg(pvalues, alpha=0.1)
    there = benjamini_hochberg([pvalues[i] for i in shuffled], alpha=0.1)
    assert there.adjusted.tolist() == pytest.approx([here.adjusted[i] for i in shuffled])


def test_the_share_of_false_rejections_is_held() -> None:
    rng = np.random.default_rng(5)
    false_share = []
    for _ in range(600):
        pvalues = rng.random(100)
        pvalues[:20] *= 1e-3
        rejected = benjamini_hochberg(pvalues, alpha=0.1).rejected
        false_share.append(rejected[20:].sum() / max(rejected.sum(), 1))
    # Theory: exactly alpha times the share of true null hypotheses, 0.08.
    assert np.mean(false_share) == pytest.approx(0.08, abs=4 * np.std(false_share) / np.sqrt(600))


def test_with_nothing_to_find_something_is_found_in_at_most_alpha_of_all_cases() -> None:
    rng = np.random.default_rng(6)
    found = sum(benjamini_hochberg(rng.random(50), alpha=0.05).n_rejected > 0 for _ in range(1_000))
    assert binomtest(found, 1_000, 0.05).pvalue > 0.001
