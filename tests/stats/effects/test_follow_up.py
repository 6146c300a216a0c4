"""Power of a planned follow-up: by hand, against simulated studies, and the numbers needed."""

from __future__ import annotations

import math
from typing import Any

import pytest
from scipy.stats import norm

from lagesbild.stats import FollowUpResult, follow_up_power

pytestmark = pytest.mark.one_database

BEFORE_AFTER: dict[str, Any] = {"design": "before-after", "events_per_period": 10, "periods_before": 24}
COMPARED: dict[str, Any] = {
    **{"design": "difference-in-differences", "events_per_period": 8, "periods_before": 12, "periods_after": 12},
    **{"n_treated": 6, "n_control": 6, "area_sd": 0.15},
}
TRIAL: dict[str, Any] = {
    **{"design": "trial", "events_per_period": 20, "periods_before": 7, "periods_after": 7},
    **{"n_treated": 28, "n_control": 28, "area_sd": 0.2, "dispersion": 1.5},
}


def codes(result: FollowUpResult) -> set[str]:
    return {note.code for note in result.notes}


def test_long_series_have_the_power_of_the_normal_distribution_by_hand() -> None:
    result = follow_up_power(
        design="before-after", ratio=0.8, events_per_period=1, periods_before=400, periods_after=400, dispersion=2
    )
    signal = abs(math.log(0.8)) / math.sqrt(2 * (1 / 400 + 1 / 320))
    assert result.power == pytest.approx(norm.sf(1.96 - signal) + norm.cdf(-1.96 - signal), abs=2e-3)


@pytest.mark.parametrize(
    "plan",
    [
        {**BEFORE_AFTER, "ratio": 0.7, "periods_after": 12},
        {**BEFORE_AFTER, "ratio": 0.6, "periods_after": 12, "dispersion": 3},
        {**COMPARED, "ratio": 0.7},
        {**TRIAL, "ratio": 0.85},
    ],
)
def test_simulated_studies_find_as_much_as_the_formula_says(plan: dict[str, Any]) -> None:
    result = follow_up_power(**plan, n_simulations=150, rng=5)
    assert result.simulated is not None
    assert result.simulated == pytest.approx(result.power, abs=0.13)
    assert 0.2 < result.power < 0.95
    assert (result.simulated_low or 1) < result.simulated < (result.simulated_high or 0)


def test_the_numbers_needed_are_the_smallest_that_are_enough() -> None:
    short = follow_up_power(**BEFORE_AFTER, ratio=0.7, periods_after=6)
    assert short.verdict.code == "follow_up.too_small"
    assert short.periods_needed is not None
    enough = follow_up_power(**BEFORE_AFTER, ratio=0.7, periods_after=short.periods_needed)
    assert enough.power >= 0.8
    assert enough.verdict.code == "follow_up.enough"
    assert follow_up_power(**BEFORE_AFTER, ratio=0.7, periods_after=short.periods_needed - 1).power < 0.8
    few = follow_up_power(**{**COMPARED, "n_treated": 3, "n_control": 3}, ratio=0.7)
    assert few.areas_needed is not None
    both = {"n_treated": few.areas_needed, "n_control": few.areas_needed}
    assert follow_up_power(**{**COMPARED, **both}, ratio=0.7).power >= 0.8


@pytest.mark.parametrize("plan", [{**BEFORE_AFTER, "periods_after": 12}, COMPARED, TRIAL])
def test_the_smallest_effect_seen_is_seen_just_so(plan: dict[str, Any]) -> None:
    smallest = follow_up_power(**plan, ratio=0.5).smallest_ratio
    assert smallest is not None
    assert follow_up_power(**plan, ratio=smallest).power == pytest.approx(0.8, abs=1e-3)


def test_where_areas_go_their_own_ways_more_months_do_not_help_but_more_areas_do() -> None:
    plan = {**COMPARED, "area_sd": 0.5, "ratio": 0.75}
    result = follow_up_power(**plan)
    assert result.periods_needed is None
    assert result.areas_needed is not None
    assert result.areas_needed > 50


def test_more_of_anything_and_stronger_effects_mean_more_power() -> None:
    base = follow_up_power(**COMPARED, ratio=0.8).power
    for better in ({"events_per_period": 20}, {"periods_after": 36}, {"n_control": 20}, {"area_sd": 0.05}):
        assert follow_up_power(**{**COMPARED, **better}, ratio=0.8).power > base
    assert follow_up_power(**COMPARED, ratio=0.7).power > base
    assert follow_up_power(**{**COMPARED, "dispersion": 3}, ratio=0.8).power < base


def test_a_week_is_a_quarter_of_a_month_when_nothing_but_chance_is_about() -> None:
    months = follow_up_power(
        design="before-after", ratio=0.7, events_per_period=8, periods_before=300, periods_after=150
    )
    weeks = follow_up_power(
        design="before-after", ratio=0.7, events_per_period=2, periods_before=1200, periods_after=600
    )
    assert months.power == pytest.approx(weeks.power, abs=1e-3)


def test_the_simulation_depends_on_the_seed_and_on_nothing_else() -> None:
    plan = {**BEFORE_AFTER, "ratio": 0.7, "periods_after": 12}
    one, same, other = (follow_up_power(**plan, n_simulations=40, rng=seed).simulated for seed in (1, 1, 2))
    assert one == same
    assert one != other


def test_little_is_told_to_be_little() -> None:
    tiny = follow_up_power(**{**COMPARED, "events_per_period": 0.3, "n_treated": 2, "n_control": 3}, ratio=0.5)
    assert {"follow_up.few_events", "follow_up.few_areas"} <= codes(tiny)
    hopeless = follow_up_power(
        design="before-after", ratio=0.9, events_per_period=1e-3, periods_before=3, periods_after=3
    )
    assert (hopeless.smallest_ratio, hopeless.periods_needed) == (None, None)
    assert "effect.no_comparison" in codes(hopeless)


def test_plans_that_are_none_are_refused() -> None:
    plan = {**BEFORE_AFTER, "periods_after": 12}
    for change, said in (
        ({"ratio": 1}, "`ratio` must not be 1"),
        ({"ratio": 0.7, "n_control": 1}, "`n_control` must be 0 for before-after"),
        ({"ratio": 0.7, "area_sd": 0.1}, "`area_sd` must be 0 for before-after"),
        ({"ratio": 0.7, "dispersion": 0.5}, "`dispersion` must be 1 or more"),
        ({"ratio": 0.7, "periods_after": 0}, "must be 1 or more"),
        ({"ratio": 0.7, "design": "trial"}, "`n_control` must be 1 or more for trial"),
        ({"ratio": 0.7, "design": "guess"}, "`design` must be one of"),
    ):
        with pytest.raises(ValueError, match=said):
            follow_up_power(**{**plan, **change})
