"""Two waves of a survey: change or chance?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, ttest_ind
from statsmodels.stats.proportion import confint_proportions_2indep

from lagesbild.stats import compare_waves, printed_mean, printed_share, survey_mean, survey_share
from tests.stats.untimed import untimed

pytestmark = pytest.mark.one_database


def test_the_published_interval_for_two_shares() -> None:
    # Newcombe (1998), table II (a), method 10: 56 of 70 and 48 of 80 differ by 0.2, interval 0.0524 to 0.3339.
    found = compare_waves(printed_share(48 / 80, 80), printed_share(56 / 70, 70))
    assert found.difference == pytest.approx(0.2)
    assert (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)


@untimed
@given(
    shares=st.tuples(st.integers(0, 50), st.integers(0, 50)),
    numbers=st.tuples(st.integers(50, 200), st.integers(50, 200)),
    conf=st.sampled_from([0.8, 0.95, 0.99]),
)
def test_the_interval_is_that_of_statsmodels_and_p_agrees_with_it(
    shares: tuple[int, int], numbers: tuple[int, int], conf: float
) -> None:
    before, after = (printed_share(k / n, n) for k, n in zip(shares, numbers, strict=True))
    found = compare_waves(before, after, conf=conf)
    theirs = confint_proportions_2indep(shares[1], numbers[1], shares[0], numbers[0], method="newcomb", alpha=1 - conf)
    assert (found.low, found.high) == pytest.approx(theirs, abs=1e-9)
    assert found.low is not None
    assert found.high is not None
    assert found.pvalue is not None
    assert 0 < found.pvalue <= 1
    if abs(found.pvalue - (1 - conf)) > 1e-9:
        assert (found.low > 0 or found.high < 0) == (found.pvalue < 1 - conf) == found.beyond_chance


def test_two_means_are_compared_as_by_welch() -> None:
    rng = np.random.default_rng(1)
    before, after = rng.normal(3.2, 0.7, 80), rng.normal(3.5, 1.1, 60)
    found = compare_waves(survey_mean(before), survey_mean(after))
    theirs = ttest_ind(after, before, equal_var=False)
    interval = theirs.confidence_interval()
    assert found.pvalue == pytest.approx(theirs.pvalue)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high))


def test_turning_the_waves_round_turns_the_answer_round() -> None:
    one, other = printed_share(0.2, 150), printed_share(0.35, 90)
    forth, back = compare_waves(one, other), compare_waves(other, one)
    assert forth.difference == -(back.difference or 0)
    assert (forth.low, forth.high) == pytest.approx((-(back.high or 0), -(back.low or 0)))
    assert forth.pvalue == pytest.approx(back.pvalue)


def test_p_is_right_when_nothing_changed() -> None:
    rng = np.random.default_rng(2)
    small: dict[str, int] = {"share": 0, "weighted": 0, "mean": 0}
    for _ in range(600):
        said = rng.random((2, 300)) < 0.35
        weights, values = rng.gamma(4, 1, (2, 300)), rng.normal(3, 1, (2, 40))
        small["share"] += bool(compare_waves(survey_share(said[0]), survey_share(said[1])).beyond_chance)
        waves = [survey_share(each, weights=w) for each, w in zip(said, weights, strict=True)]
        small["weighted"] += bool(compare_waves(*waves).beyond_chance)
        small["mean"] += bool(compare_waves(survey_mean(values[0]), survey_mean(values[1])).beyond_chance)
    for name, times in small.items():
        assert binomtest(times, 600, 0.05).pvalue > 0.001, (name, times)


def test_a_real_change_is_found() -> None:
    rng = np.random.default_rng(3)
    found = [
        compare_waves(survey_share(rng.random(400) < 0.25), survey_share(rng.random(400) < 0.40)).beyond_chance
        for _ in range(100)
    ]
    assert sum(map(bool, found)) > 95


def test_a_wave_without_n_leaves_the_question_open() -> None:
    found = compare_waves(printed_share(0.2, None), printed_share(0.05, 400))
    assert found.difference == pytest.approx(-0.15)
    assert (found.low, found.high, found.pvalue, found.beyond_chance) == (None, None, None, None)
    assert [note.code for note in found.notes] == ["survey.no_interval"]


def test_a_wave_that_is_not_shown_has_no_difference() -> None:
    found = compare_waves(printed_share(0.2, 8), printed_share(0.05, 400))
    assert (found.before, found.difference) == (None, None)
    assert [note.code for note in found.notes] == ["survey.no_difference"]


def test_extremes_are_answers() -> None:
    same = compare_waves(printed_share(0.0, 50), printed_share(0.0, 50))
    assert (same.difference, same.pvalue) == (0, 1)
    most = compare_waves(printed_share(0.0, 10_000), printed_share(1.0, 10_000))
    assert most.pvalue is not None
    assert 0 < most.pvalue < 1e-200
    still = compare_waves(printed_mean(3, 20, sd=0), printed_mean(3, 20, sd=0))
    assert (still.low, still.high, still.pvalue) == (0, 0, 1)


def test_a_share_is_not_compared_with_a_mean() -> None:
    with pytest.raises(ValueError, match="both be shares or both means"):
        compare_waves(printed_share(0.2, 50), printed_mean(3, 50, sd=1))
    with pytest.raises(ValueError, match="`conf` must lie between"):
        compare_waves(printed_share(0.2, 50), printed_share(0.2, 50), conf=2)
