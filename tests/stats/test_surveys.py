"""One wave of a survey: shares and means of answers with weights and strata, and of printed figures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

from lagesbild.stats import printed_mean, printed_share, survey_mean, survey_share
from tests.stats.untimed import untimed

pytestmark = pytest.mark.one_database

# Hours of television a week in three strata, Scheaffer, Mendenhall and Ott, Elementary Survey Sampling: 155, 62 and 93
# households, samples of 20, 8 and 12. Printed: mean 27.7, estimated variance 1.97.
TELEVISION = {
    "town a": [35, 43, 36, 39, 28, 28, 29, 25, 38, 27, 26, 32, 29, 40, 35, 41, 37, 31, 45, 34],
    "town b": [27, 15, 4, 41, 49, 25, 10, 30],
    "rural": [8, 14, 12, 15, 30, 32, 21, 20, 34, 7, 11, 24],
}
HOUSEHOLDS = {"town a": 155, "town b": 62, "rural": 93}


def answers(yes: int, no: int) -> np.ndarray:
    return np.arange(yes + no) < yes


def test_the_textbook_s_stratified_mean() -> None:
    values = [each for stratum in TELEVISION.values() for each in stratum]
    strata = [name for name, stratum in TELEVISION.items() for _ in stratum]
    found = survey_mean(values, strata=strata, stratum_sizes=HOUSEHOLDS)
    assert found.estimate == pytest.approx(27.7, abs=0.05)
    assert found.se is not None
    assert found.se**2 == pytest.approx(1.97, abs=0.005)
    assert found.df == 37


@pytest.mark.parametrize(("yes", "no"), [(0, 20), (3, 30), (50, 50), (199, 1), (12, 0)])
def test_equal_weights_give_the_intervals_of_statsmodels(yes: int, no: int) -> None:
    wilson = survey_share(answers(yes, no))
    exact = survey_share(answers(yes, no), interval="korn-graubard")
    assert (wilson.low, wilson.high) == pytest.approx(proportion_confint(yes, yes + no, method="wilson"), abs=1e-9)
    assert (exact.low, exact.high) == pytest.approx(proportion_confint(yes, yes + no, method="beta"), abs=1e-9)
    printed = printed_share(yes / (yes + no), yes + no)
    assert (printed.low, printed.high) == pytest.approx((wilson.low, wilson.high), abs=1e-9)


def test_equal_weights_give_the_mean_and_interval_of_statsmodels() -> None:
    values = np.random.default_rng(1).integers(1, 5, 40).astype(float)
    found, theirs = survey_mean(values), DescrStatsW(values)
    assert (found.low, found.high) == pytest.approx(theirs.tconfint_mean())
    assert found.se == pytest.approx(theirs.std_mean)
    assert found.design_effect == pytest.approx(1)
    printed = printed_mean(float(values.mean()), 40, sd=float(values.std(ddof=1)))
    assert (printed.low, printed.high) == pytest.approx((found.low, found.high))


def test_weights_change_the_estimate_and_cost_answers() -> None:
    found = survey_share(answers(10, 10), weights=[3.0] * 10 + [1.0] * 10)
    assert found.estimate == pytest.approx(0.75)
    assert found.n_kish == pytest.approx((30 + 10) ** 2 / (90 + 10))
    # These weights happen to help; the interval does not count on that.
    assert found.n_effective == 20
    # By hand: Σ (w (y - p))² / (Σw)² × n / (n - 1).
    variance = (10 * (3 * 0.25) ** 2 + 10 * 0.75**2) / 40**2 * 20 / 19
    assert found.se == pytest.approx(variance**0.5)


def test_weights_that_have_nothing_to_do_with_the_answers_cost_what_kish_says() -> None:
    rng = np.random.default_rng(7)
    found = survey_share(rng.random(4_000) < 0.4, weights=rng.gamma(2, 1, 4_000))
    assert found.n_effective == pytest.approx(found.n_kish, rel=0.05)
    assert found.design_effect == pytest.approx(1.5, rel=0.05)


def test_the_exact_limits_of_parts_of_answers_lie_between_those_of_whole_ones() -> None:
    low = [printed_share(k / 40, 40, interval="korn-graubard").low or 0 for k in (0.0, 0.5, 1.0, 1.5)]
    high = [printed_share(1 - k / 40, 40, interval="korn-graubard").high or 0 for k in (0.0, 0.5, 1.0, 1.5)]
    assert low == sorted(set(low))
    assert high == sorted(set(high), reverse=True)


@untimed
@given(
    rows=st.lists(st.tuples(st.integers(0, 9), st.integers(1, 5), st.sampled_from("abc")), min_size=10, max_size=30),
)
def test_the_variance_is_that_of_the_formula_summed_by_hand(rows: list[tuple[int, int, str]]) -> None:
    y, w, strata = (list(each) for each in zip(*rows, strict=True))
    found = survey_mean(y, weights=w, strata=strata)
    mean = sum(a * b for a, b in zip(y, w, strict=True)) / sum(w)
    variance = 0.0
    for name in set(strata):
        z = [b * (a - mean) / sum(w) for a, b, c in rows if c == name]
        middle = sum(z) / len(z) if len(z) > 1 else 0.0
        variance += sum((each - middle) ** 2 for each in z) * len(z) / max(len(z) - 1, 1)
    assert found.estimate == pytest.approx(mean)
    assert found.se == pytest.approx(variance**0.5)
    lonely = [name for name in set(strata) if strata.count(name) == 1 and len(set(strata)) > 1]
    assert [note.code for note in found.notes] == (["survey.lonely_strata"] if lonely else [])


def test_order_and_scale_do_not_matter_and_arguments_are_left_alone() -> None:
    rng = np.random.default_rng(2)
    y, w, strata = rng.integers(1, 5, 60).astype(float), rng.random(60) + 0.5, rng.integers(0, 3, 60)
    copies, order = [each.copy() for each in (y, w, strata)], rng.permutation(60)
    first = survey_mean(y, weights=w, strata=strata)
    second = survey_mean(y[order] * 2 + 7, weights=w[order] * 1_000, strata=strata[order])
    assert second.estimate == pytest.approx((first.estimate or 0) * 2 + 7)
    assert second.se == pytest.approx((first.se or 0) * 2)
    assert second.n_effective == pytest.approx(first.n_effective)
    assert all(np.array_equal(one, other) for one, other in zip(copies, (y, w, strata), strict=True))


def test_the_intervals_of_a_stratified_survey_hold_the_truth_as_often_as_they_say() -> None:
    rng = np.random.default_rng(3)
    # Three areas of unequal size and mood; the small ones are asked as often as the large one.
    sizes, shares, levels = {0: 8_000, 1: 1_500, 2: 500}, (0.2, 0.5, 0.8), (3.2, 2.5, 1.8)
    total = sum(sizes.values())
    share = sum(sizes[at] * shares[at] for at in sizes) / total
    level = sum(sizes[at] * levels[at] for at in sizes) / total
    strata = np.repeat([0, 1, 2], 60)
    held = {"wilson": 0, "korn-graubard": 0, "mean": 0}
    for _ in range(500):
        said = rng.random(180) < np.array(shares)[strata]
        value = np.array(levels)[strata] + rng.normal(0, 0.7, 180)
        for interval in ("wilson", "korn-graubard"):
            found = survey_share(said, strata=strata, stratum_sizes=sizes, interval=interval)  # type: ignore[arg-type]
            held[interval] += (found.low or 0) <= share <= (found.high or 0)
        mean = survey_mean(value, strata=strata, stratum_sizes=sizes)
        held["mean"] += (mean.low or 0) <= level <= (mean.high or 0)
    for name, times in held.items():
        assert binomtest(times, 500, 0.95, alternative="less").pvalue > 0.001, name
    assert binomtest(held["mean"], 500, 0.95).pvalue > 0.001


def test_a_printed_figure_without_n_has_no_interval() -> None:
    found = printed_share(0.2, None)
    assert (found.estimate, found.low, found.high, found.n) == (0.2, None, None, None)
    assert [note.code for note in found.notes] == ["survey.no_interval"]
    assert printed_mean(3.5, 100, sd=None).low is None
    assert printed_mean(3.5, None, sd=0.5).low is None


def test_a_design_effect_widens_the_interval_as_fewer_answers_would() -> None:
    wide, few = printed_share(0.3, 400, design_effect=2), printed_share(0.3, 200)
    assert (wide.low, wide.high) == (few.low, few.high)
    assert (wide.n, wide.n_effective) == (400, 200)


def test_fewer_answers_than_ten_are_not_shown() -> None:
    for hidden in (survey_share(answers(4, 5)), survey_mean(np.arange(9.0)), printed_share(0.3, 9)):
        assert (hidden.estimate, hidden.low, hidden.n) == (None, None, 9)
        assert [note.code for note in hidden.notes] == ["survey.too_few_answers"]
    assert survey_share(answers(5, 5)).estimate == 0.5
    assert printed_share(0.3, 9, min_n=5).estimate == 0.3
    assert survey_share(np.zeros(0, dtype=bool)).n == 0


def test_everybody_alike_is_an_answer() -> None:
    found = survey_share(answers(0, 30), weights=np.arange(1.0, 31))
    assert (found.estimate, found.low, found.se) == (0, 0, 0)
    assert found.high == pytest.approx(proportion_confint(0, found.n_kish, method="wilson")[1])
    same = survey_mean(np.full(20, 3.0))
    assert (same.low, same.estimate, same.high) == (3, 3, 3)
    alone = survey_mean([3.0], min_n=1)
    assert (alone.estimate, alone.low) == (3, None)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"weights": [1.0]}, "`weights` must have one number"),
        ({"weights": [0.0] * 12}, "`weights` must be positive"),
        ({"strata": ["a"]}, "`strata` must have one name"),
        ({"stratum_sizes": {"a": 9}}, "`stratum_sizes` needs `strata`"),
        ({"strata": ["a"] * 12, "stratum_sizes": {}}, "Missing: 'a'"),
        ({"strata": ["a"] * 12, "stratum_sizes": {"a": 5}}, "must not be smaller"),
        ({"conf": 95}, "`conf` must lie between"),
        ({"min_n": 0}, "`min_n` must be 1 or more"),
        ({"interval": "wald"}, "wilson, korn-graubard"),
    ],
)
def test_other_arguments_are_refused(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        survey_share(answers(6, 6), **arguments)  # type: ignore[arg-type]


def test_other_printed_figures_are_refused() -> None:
    with pytest.raises(ValueError, match="`share` must lie from 0 to 1"):
        printed_share(20, 100)
    with pytest.raises(ValueError, match="`design_effect` must be a positive"):
        printed_share(0.2, 100, design_effect=0)
    with pytest.raises(ValueError, match="`sd` must be zero or positive"):
        printed_mean(3, 100, sd=-1)
    with pytest.raises(TypeError, match="`answers` must be a boolean array"):
        survey_share([1, 0] * 10)
