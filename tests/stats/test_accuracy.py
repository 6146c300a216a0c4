"""How well a forecast of cells did, beside last period's cells and the best possible."""

from __future__ import annotations

import itertools
import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from lagesbild.stats import forecast_accuracy, top_cells
from tests.shared_data import shared_data
from tests.stats.untimed import untimed

pytestmark = pytest.mark.one_database

CELLS = st.lists(st.tuples(st.booleans(), st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=8)


def test_a_quarter_of_the_events_in_a_twentieth_of_the_area_is_five_times_chance() -> None:
    # n = 25 of N = 100 events, a = 1 of A = 20, at best n* = 40.
    counts = [25, 40, *[0] * 17, 35]
    found = forecast_accuracy(np.arange(20) == 0, counts).forecast
    assert (found.pai, found.pei) == (5.0, 0.625)


def test_the_published_table_of_cumulated_cells() -> None:
    path = shared_data("reference-statistics") / "expected.json"
    case = json.loads(path.read_text(encoding="utf-8"))["pai_pei_rri"]
    for at in range(3):
        found = forecast_accuracy(np.arange(3) <= at, case["obs"], areas=case["area"]).forecast
        assert found.pai == pytest.approx(case["PAI"][at])
        assert found.pei == pytest.approx(case["PEI"][at])


def test_the_recapture_rate_holds_the_chosen_cells_against_all() -> None:
    # 30 to 20 in the chosen cell, 60 to 50 everywhere: (20 / 30) / (50 / 60).
    found = forecast_accuracy([True, False], [20, 30], counts_before=[30, 30])
    assert found.forecast.rri == pytest.approx(0.8)


def test_last_period_s_cells_take_the_same_area() -> None:
    found = forecast_accuracy([True, True, False, False], [4, 1, 9, 2], counts_before=[5, 0, 8, 1])
    assert found.last_period is not None
    assert (found.last_period.hits, found.best.hits, found.forecast.hits) == (13, 13, 5)
    assert found.difference == -8
    assert found.last_period.area_share == found.best.area_share == 0.5


def test_cells_that_tie_at_the_edge_count_as_a_random_choice_among_them() -> None:
    found = forecast_accuracy([True, True, False, False], [4, 6, 8, 1], counts_before=[7, 2, 2, 2])
    assert found.last_period is not None
    assert found.last_period.hits == pytest.approx(4 + (6 + 8 + 1) / 3)
    assert "accuracy.ties" in [note.code for note in found.notes]


def test_cells_of_other_sizes_are_ranked_by_events_per_area() -> None:
    found = forecast_accuracy([False, True, True], [10, 6, 6], areas=[4.0, 1.0, 1.0], counts_before=[9, 1, 1])
    assert found.best.hits == 12
    assert found.last_period is not None
    assert found.last_period.hits == pytest.approx(5)  # half of the large cell
    assert found.forecast.area_share == pytest.approx(1 / 3)
    assert "accuracy.areas_differ" in [note.code for note in found.notes]


@untimed
@given(cells=CELLS)
def test_the_best_and_the_last_are_what_trying_every_choice_gives(cells: list[tuple[bool, int, int]]) -> None:
    chosen, counts, before = (np.array(each) for each in zip(*cells, strict=True))
    found = forecast_accuracy(chosen, counts, counts_before=before)
    picks = [list(each) for each in itertools.combinations(range(len(counts)), int(chosen.sum()))]
    assert found.best.hits == pytest.approx(max(counts[pick].sum() for pick in picks))
    worst = max(before[pick].sum() for pick in picks)
    caught = [counts[pick].sum() for pick in picks if before[pick].sum() == worst]
    assert found.last_period is not None
    assert found.last_period.hits == pytest.approx(np.mean(caught))
    assert found.forecast.hits <= found.best.hits


def test_the_order_of_cells_and_the_unit_of_area_do_not_matter() -> None:
    rng = np.random.default_rng(1)
    chosen, counts, before = rng.random(50) < 0.2, rng.poisson(2, 50), rng.poisson(2, 50)
    areas, order = rng.random(50) + 0.5, rng.permutation(50)
    first = forecast_accuracy(chosen, counts, counts_before=before, areas=areas)
    second = forecast_accuracy(chosen[order], counts[order], counts_before=before[order], areas=areas[order] * 1e6)
    for name in ("forecast", "last_period", "best"):
        one, other = getattr(first, name), getattr(second, name)
        assert [one.hits, one.pai, one.pei, one.rri] == pytest.approx([other.hits, other.pai, other.pei, other.rri])


def test_arguments_are_left_alone() -> None:
    chosen, counts, before = np.array([True, False]), np.array([2, 3]), np.array([1, 4])
    forecast_accuracy(chosen, counts, counts_before=before)
    assert (chosen.tolist(), counts.tolist(), before.tolist()) == ([True, False], [2, 3], [1, 4])


def test_a_random_choice_is_as_good_as_chance_and_its_intervals_hold() -> None:
    rng = np.random.default_rng(2)
    risk = rng.gamma(1, 3, 60)
    pai, share_held, difference_held = [], 0, 0
    for _ in range(400):
        chosen = rng.permutation(60) < 12
        before, after = rng.poisson(risk), rng.poisson(risk)
        found = forecast_accuracy(chosen, after, counts_before=before)
        pai.append(found.forecast.pai)
        share_held += found.hit_share_low <= risk[chosen].sum() / risk.sum() <= found.hit_share_high
        last = np.argsort(-before, kind="stable")[:12]
        exact = risk[chosen].sum() - risk[last].sum()
        if before[last[-1]] > np.sort(before)[-13]:
            assert found.difference_low is not None
            assert found.difference_high is not None
            difference_held += found.difference_low <= exact <= found.difference_high
        else:
            difference_held += 1
    assert np.mean(pai) == pytest.approx(1, abs=4 * np.std(pai) / math.sqrt(400))
    assert binomtest(share_held, 400, 0.95, alternative="less").pvalue > 0.001
    assert binomtest(difference_held, 400, 0.95, alternative="less").pvalue > 0.001


def test_a_forecast_that_knows_the_risk_beats_last_period_s_cells() -> None:
    rng = np.random.default_rng(3)
    risk = np.where(np.arange(400) < 40, 3.0, 0.7)
    found = forecast_accuracy(np.arange(400) < 40, rng.poisson(risk), counts_before=rng.poisson(risk))
    assert found.difference_low is not None
    assert found.difference_low > 0
    assert found.forecast.pei is not None
    assert 0.5 < found.forecast.pei < 1


def test_no_events_no_choice_and_everything_chosen_are_answers() -> None:
    nothing = forecast_accuracy([True, False], [0, 0], counts_before=[0, 0])
    assert (nothing.forecast.pai, nothing.forecast.pei, nothing.forecast.rri) == (None, None, None)
    assert [note.code for note in nothing.notes] == ["accuracy.no_events"]
    none = forecast_accuracy([False, False], [1, 2])
    assert (none.forecast.hits, none.forecast.pai) == (0, None)
    assert [note.code for note in none.notes] == ["accuracy.nothing_chosen"]
    every = forecast_accuracy([True, True], [1, 2])
    assert (every.forecast.pai, every.forecast.pei) == (1, 1)
    assert forecast_accuracy(np.zeros(0, dtype=bool), []).n_cells == 0
    assert nothing.to_dict()["forecast"]


def test_few_events_are_said_to_be_few() -> None:
    few = forecast_accuracy([True, False, False], [3, 2, 1], counts_before=[0, 3, 2])
    assert "accuracy.few_events" in [note.code for note in few.notes]
    assert forecast_accuracy([True, False, False], [30, 20, 1], counts_before=[0, 3, 2]).notes == ()


def test_top_cells_stay_within_their_share_and_never_split_a_tie() -> None:
    assert top_cells([1, 5, 3, 2, 4], area_share=0.4).tolist() == [False, True, False, False, True]
    assert top_cells([5, 3, 3, 1, 0], area_share=0.4).tolist() == [True, False, False, False, False]
    assert not top_cells([0, 0, 0], area_share=0.99).any()
    assert top_cells(np.arange(10), area_share=0.3).sum() == 3
    assert top_cells([9, 5, 4], area_share=0.5, areas=[4, 1, 1]).tolist() == [False, False, False]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"chosen": [True], "counts": [1, 2]}, "`chosen` must have the shape"),
        ({"chosen": [True], "counts": [-1]}, "`counts` must hold whole numbers"),
        ({"chosen": [True], "counts": [1], "counts_before": [1, 2]}, "`counts_before` must have the length"),
        ({"chosen": [True], "counts": [1], "areas": [0.0]}, "`areas` must be positive"),
        ({"chosen": [True], "counts": [1], "areas": [1.0, 2.0]}, "`areas` must have one number"),
        ({"chosen": [True], "counts": [1], "conf": 2.0}, "`conf` must lie between 0 and 1"),
    ],
)
def test_other_arguments_are_refused(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        forecast_accuracy(**arguments)  # type: ignore[arg-type]
