"""The index: by hand, at its limits, under missing figures, and how it agrees with judgement."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats as sps
from statsmodels.stats.proportion import proportion_confint  # type: ignore[import-untyped]

from lagesbild.scenes.index import Part, agreement, count_interval, index, share_interval

pytestmark = pytest.mark.one_database

VALUES = st.lists(st.tuples(st.floats(0, 100), st.floats(0.1, 10)), min_size=1, max_size=5)


def part(title: str, value: float | None, weight: float = 1.0, **more: float) -> Part:
    return Part(title, weight, more.pop("zero_at", 0.0), more.pop("hundred_at", 100.0), value, **more)


def test_by_hand() -> None:
    """20 % unsafe where 50 % scores 100 is 40; 300 crimes where 200 is 0 and 400 is 100 is 50; (2·40 + 1·50) / 3."""
    found = index([part("otrygga", 20.0, 2.0, hundred_at=50.0), part("brott", 300.0, zero_at=200.0, hundred_at=400.0)])
    assert found.value == pytest.approx(130 / 3)
    assert found.without == (("otrygga", 50.0), ("brott", 40.0))
    assert found.by_weights == pytest.approx((40 + 10 * 0.5 / 4.5, 40 + 10 * 2 / 3))


def test_a_scale_may_run_downwards_and_ends_are_cut() -> None:
    safe = part("trygga", 81.0, zero_at=100.0, hundred_at=50.0)
    assert index([safe]).value == pytest.approx(38.0)
    assert index([part("över", 140.0)]).value == 100.0
    assert index([part("under", -3.0)]).value == 0.0


def test_exactly_half_of_the_weight_is_enough_and_less_is_not() -> None:
    assert index([part("a", 60.0), part("b", None)]).value == 60.0
    found = index([part("a", 60.0, 0.99), part("b", None)])
    assert found.value is None
    assert found.interval is None
    assert found.missing == ("b",)


def test_what_is_missing_is_neither_zero_nor_left_unsaid() -> None:
    found = index([part("a", 60.0), part("b", None)])
    assert found.if_missing == (30.0, 80.0)
    assert found.known_weight == 0.5
    assert index([part("a", None)]).if_missing == (0.0, 100.0)


def test_intervals_add_as_independent_and_what_has_none_is_named() -> None:
    found = index([part("a", 50.0, low=44.0, high=56.0), part("b", 50.0, low=42.0, high=58.0), part("c", 50.0, 2.0)])
    assert found.interval == pytest.approx((50 - math.hypot(6, 8) / 4, 50 + math.hypot(6, 8) / 4))
    assert found.taken_as_exact == ("c",)
    assert index([part("c", 50.0)]).interval is None  # nothing is known of how sure it is


@given(VALUES)
def test_the_index_lies_between_its_scores_and_inside_every_range(values: list[tuple[float, float]]) -> None:
    parts = [part(str(number), value, weight) for number, (value, weight) in enumerate(values)]
    found = index(parts)
    assert found.value is not None
    assert found.by_weights is not None
    slack = 1e-9
    assert min(v for v, _w in values) - slack <= found.by_weights[0] <= found.value + slack
    assert found.value - slack <= found.by_weights[1] <= max(v for v, _w in values) + slack


@given(VALUES, st.floats(0.01, 100))
def test_only_the_proportions_of_the_weights_count(values: list[tuple[float, float]], factor: float) -> None:
    one = index([part(str(number), value, weight) for number, (value, weight) in enumerate(values)])
    two = index([part(str(number), value, weight * factor) for number, (value, weight) in enumerate(values)])
    assert one.value == pytest.approx(two.value)


def test_halved_and_doubled_weights_are_searched_as_brute_force_does() -> None:
    parts = [part("a", 10.0, 1.0), part("b", 40.0, 3.0), part("c", 90.0, 2.0)]
    rng = np.random.default_rng(5)
    weights = np.array([p.weight for p in parts]) * 2.0 ** rng.uniform(-1, 1, size=(20_000, 3))
    tried = weights @ np.array([10.0, 40.0, 90.0]) / weights.sum(axis=1)
    low, high = index(parts).by_weights or (0.0, 0.0)
    assert low <= tried.min() <= low + 2.0
    assert high - 2.0 <= tried.max() <= high


def test_a_weight_of_nothing_and_a_scale_without_length_are_refused() -> None:
    with pytest.raises(ValueError, match="weight"):
        part("a", 1.0, 0.0)
    with pytest.raises(ValueError, match="differ"):
        part("a", 1.0, zero_at=5.0, hundred_at=5.0)
    with pytest.raises(ValueError, match="parts"):
        index([])


def test_intervals_of_counts_and_shares_are_those_of_the_books() -> None:
    """Garwood's interval of 10 is 4.80 to 18.39, of 0 is 0 to 3.69; Wilson's is held against statsmodels 0.14."""
    assert count_interval(10) == pytest.approx((4.795, 18.390), abs=0.001)
    assert count_interval(0) == pytest.approx((0.0, 3.689), abs=0.001)
    for share_pct, n in ((20.0, 100), (0.0, 50), (100.0, 12), (45.0, 40)):
        theirs = proportion_confint(share_pct * n / 100, n, method="wilson")
        assert share_interval(share_pct, n) == pytest.approx((100 * theirs[0], 100 * theirs[1]), abs=1e-9)


def test_agreement_is_the_rank_correlation_of_another_program() -> None:
    indices, judged = [10.0, 35.0, 40.0, 80.0, 90.0, 55.0], [0.0, 0.5, 0.0, 1.0, 1.0, 0.5]
    found = agreement(indices, judged)
    assert found.rho == pytest.approx(sps.spearmanr(indices, judged).statistic)
    assert found.rho is not None
    assert found.interval is not None
    assert found.interval[0] < found.rho < found.interval[1]
    assert found.is_few


def test_too_few_places_or_judgements_all_alike_give_no_correlation() -> None:
    assert agreement([1.0, 2.0, 3.0], [0.0, 0.5, 1.0]).rho is None
    assert agreement([1.0, 2.0, 3.0, 4.0], [1.0] * 4).rho is None
    assert not agreement(list(range(10)), [0.0, 1.0] * 5).is_few
    with pytest.raises(ValueError, match="length"):
        agreement([1.0], [])


def test_perfect_agreement_has_no_interval_rather_than_a_false_one() -> None:
    found = agreement([1.0, 2.0, 3.0, 4.0, 5.0], [1.0, 2.0, 3.0, 4.0, 5.0])
    assert (found.rho, found.interval) == (1.0, None)
