"""Before and after: ratio, overdispersion, unequal periods."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest
import statsmodels.api as sm
from scipy import stats as scipy_stats
from scipy.stats import binomtest

from lagesbild.stats import before_after, compare_counts

pytestmark = pytest.mark.one_database

Ints = npt.NDArray[np.int64]


def bursts(rng: np.random.Generator, mean: float, n: int) -> Ints:
    """Counts with variance μ + μ² / 3."""
    return rng.negative_binomial(3, 3 / (3 + mean), n)


def codes(result: object) -> set[str]:
    return {note.code for note in result.notes}  # type: ignore[attr-defined]


def test_half_as_many_in_four_periods_by_hand() -> None:
    result = before_after([10, 12, 8, 10], [5, 4, 6, 5])
    # χ² = 8/10 + 2/5 over 6 degrees of freedom: less than chance, so chance it is.
    assert result.dispersion == pytest.approx(1.2 / 6)
    reach = scipy_stats.t.ppf(0.975, 6) * math.sqrt(1 / 40 + 1 / 20)
    assert (result.ratio, result.before, result.after) == (0.5, 40, 20)
    assert result.low == pytest.approx(0.5 * math.exp(-reach))
    assert result.high == pytest.approx(0.5 * math.exp(reach))
    assert result.verdict.code == "effect.unclear" if (result.high or 0) > 1 else "effect.fell"


def test_quasi_poisson_is_that_of_statsmodels_also_with_unequal_periods() -> None:
    rng = np.random.default_rng(3)
    before, after = bursts(rng, 9, 14), bursts(rng, 6, 9)
    days_before, days_after = rng.integers(20, 32, 14), rng.integers(20, 32, 9)
    result = before_after(before, after, exposure_before=days_before, exposure_after=days_after)
    design = np.column_stack([np.ones(23), np.arange(23) >= 14])
    fit = sm.GLM(
        np.concatenate([before, after]),
        design,
        family=sm.families.Poisson(),
        exposure=np.concatenate([days_before, days_after]),
    ).fit(scale="X2")
    assert result.dispersion == pytest.approx(fit.scale)
    assert result.ratio == pytest.approx(math.exp(fit.params[1]))
    reach = scipy_stats.t.ppf(0.975, 21) * fit.bse[1]
    assert result.high == pytest.approx(math.exp(fit.params[1] + reach))
    assert result.pvalue == pytest.approx(2 * scipy_stats.t.sf(abs(fit.params[1] / fit.bse[1]), 21))


def test_negative_binomial_has_the_dispersion_at_which_residuals_are_as_large_as_they_should_be() -> None:
    rng = np.random.default_rng(4)
    before, after = bursts(rng, 20, 15), bursts(rng, 10, 15)
    result = before_after(before, after, errors="negative-binomial")
    y, design = np.concatenate([before, after]), np.column_stack([np.ones(30), np.arange(30) >= 15])

    def fit(alpha: float) -> object:
        return sm.GLM(y, design, family=sm.families.NegativeBinomial(alpha=alpha)).fit()

    grid = np.linspace(0.05, 1.0, 400)
    alpha = grid[np.argmin([abs(fit(each).pearson_chi2 - 28) for each in grid])]  # type: ignore[attr-defined]
    assert result.low is not None
    assert result.high is not None
    reach = scipy_stats.t.ppf(0.975, 28) * fit(alpha).bse[1]  # type: ignore[attr-defined]
    assert math.log(result.high / result.low) == pytest.approx(2 * reach, rel=5e-3)


def test_sums_without_periods_are_compared_exactly() -> None:
    result = before_after(80, 60, exposure_before=365, exposure_after=300)
    exact = compare_counts(80, 60, exposure_before=365, exposure_after=300)
    assert (result.ratio, result.low, result.high, result.pvalue) == (exact.ratio, exact.low, exact.high, exact.pvalue)
    assert result.parameters["errors"] == "exact"
    assert result.rate_after == pytest.approx(0.2)


@pytest.mark.parametrize("errors", ["quasi-poisson", "negative-binomial"])
def test_bursts_do_not_make_changes_out_of_nothing(errors: str) -> None:
    rng = np.random.default_rng(5)
    n = 600 if errors == "quasi-poisson" else 30
    below = sum(before_after(bursts(rng, 8, 16), bursts(rng, 8, 9), errors=errors).pvalue < 0.05 for _ in range(n))  # type: ignore[arg-type]
    assert binomtest(below, n, 0.05).pvalue > 0.001


def test_the_exact_test_would() -> None:
    rng = np.random.default_rng(6)
    below = sum(before_after(bursts(rng, 8, 16), bursts(rng, 8, 9), errors="exact").pvalue < 0.05 for _ in range(300))
    assert below > 45


def test_the_interval_holds_the_true_ratio_as_often_as_it_says() -> None:
    rng = np.random.default_rng(7)
    found = [before_after(bursts(rng, 10, 20), bursts(rng, 6, 12)) for _ in range(600)]
    held = sum((each.low or 0) <= 0.6 <= (each.high or math.inf) for each in found)
    assert binomtest(held, len(found), 0.95).pvalue > 0.001
    assert np.mean([each.pvalue < 0.05 for each in found]) > 0.3


def test_a_change_planted_is_told_in_a_sentence() -> None:
    rng = np.random.default_rng(8)
    fell = before_after(rng.poisson(20, 26), rng.poisson(10, 26))
    rose = before_after(rng.poisson(10, 26), rng.poisson(20, 26))
    same = before_after(rng.poisson(20, 26), rng.poisson(20, 26))
    assert [each.verdict.code for each in (fell, rose, same)] == ["effect.fell", "effect.rose", "effect.unclear"]
    assert fell.verdict.values["change"] == pytest.approx(((fell.ratio or 0) - 1) * 100, abs=0.051)
    assert "%" in fell.verdict.text


def test_longer_periods_with_as_much_more_are_no_change_and_the_unit_does_not_matter() -> None:
    one = before_after([7, 9, 8], [14, 18, 16], exposure_before=7, exposure_after=14)
    other = before_after([7, 9, 8], [14, 18, 16], exposure_before=1, exposure_after=2)
    assert one.ratio == pytest.approx(1)
    assert (one.low, one.pvalue) == pytest.approx((other.low, other.pvalue))


def test_the_order_of_periods_matters_only_to_their_likeness() -> None:
    before, after = np.array([3, 9, 4, 12, 6]), np.array([2, 8, 5])
    kept = before.copy()
    one, other = before_after(before, after), before_after(before[::-1], after[::-1])
    assert (one.ratio, one.low, one.pvalue) == (other.ratio, other.low, other.pvalue)
    np.testing.assert_array_equal(before, kept)


def test_neighbours_that_are_alike_are_told() -> None:
    waves = (30 + 25 * np.sin(np.arange(40) / 4)).astype(int)
    assert "before_after.autocorrelated" in codes(before_after(waves[:20], waves[20:]))


@pytest.mark.parametrize(
    ("before", "after", "ratio"), [([0, 0, 0], [3, 2, 4], None), ([3, 2, 4], [0, 0], 0.0), ([0, 0], [0, 0], None)]
)
def test_none_on_one_side_has_the_exact_limits(before: list[int], after: list[int], ratio: float | None) -> None:
    result = before_after(before, after)
    exact = compare_counts(sum(before), sum(after), exposure_before=len(before), exposure_after=len(after))
    assert (result.ratio, result.low, result.high) == (ratio, exact.low, exact.high)
    assert {"effect.few_events", "effect.no_comparison"} <= codes(result)


def test_what_is_no_count_or_exposure_is_refused() -> None:
    with pytest.raises(ValueError, match="`before` must hold whole numbers"):
        before_after([1.5], [2])
    with pytest.raises(ValueError, match="`exposure_after` must be a positive number"):
        before_after([1, 2], [2, 3], exposure_after=[1, 0])
    with pytest.raises(ValueError, match="one number, or one for each period"):
        before_after([1, 2], [2, 3], exposure_before=[1, 2, 3])
    with pytest.raises(ValueError, match="`errors` must be exact with fewer than three periods"):
        before_after(1, 2, errors="quasi-poisson")
    with pytest.raises(ValueError, match="`errors` must be one of exact"):
        before_after(1, 2, errors="robust")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="one count or more"):
        before_after([], [2])
