"""Plans of visits: within the time, as good as possible, and not to be foreseen."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from lagesbild.stats import VisitPlanResult, plan_visits, travel_minutes

pytestmark = pytest.mark.one_database

Floats = npt.NDArray[np.float64]


def best_by_hand(scores: Floats, travel: Floats, budget: float, visit: float, start_hour: float, back: bool) -> float:
    """All orders of all subsets, each visit on arrival or when any later hour begins."""

    def extend(order: tuple[int, ...], free_at: float, score: float) -> float:
        home = travel[order[-1] + 1, 0] if back and order else 0.0
        if free_at + home > budget + 1e-9:
            return -1.0
        best = score
        for place in set(range(len(scores))) - set(order):
            arrival = free_at + travel[order[-1] + 1 if order else 0, place + 1]
            starts = [arrival]
            if scores.ndim == 2:
                first = np.floor(start_hour + arrival / 60 + 1e-9)
                starts += [(hour - start_hour) * 60 for hour in first + np.arange(1, budget // 60 + 2)]
            for start in starts:
                hour = int(start_hour + start / 60 + 1e-9) % 24
                worth = scores[place] if scores.ndim == 1 else scores[place, hour]
                best = max(best, extend((*order, place), start + visit, score + worth))
        return best

    return extend((), 0.0, 0.0)


def check(
    plan: VisitPlanResult, scores: Floats, travel: Floats, budget: float, visit: float, back: bool = True
) -> None:
    """The plan holds together and adds up."""
    at, clock = 0, 0.0
    for stop in plan.visits:
        assert stop.travel_minutes == travel[at, stop.place + 1]
        assert stop.arrive_minute == pytest.approx(clock + stop.travel_minutes)
        assert stop.begin_minute >= stop.arrive_minute - 1e-9
        assert stop.end_minute == stop.begin_minute + visit
        at, clock = stop.place + 1, stop.end_minute
    home = travel[at, 0] if back and plan.visits else 0.0
    assert plan.end_minute == pytest.approx(clock + home)
    assert plan.end_minute <= budget + 1e-6
    assert len({stop.place for stop in plan.visits}) == len(plan.visits)
    assert plan.score == pytest.approx(sum(stop.score for stop in plan.visits))


def town(k: int, seed: int, *, by_hour: bool = False) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    x, y = rng.random((2, k)) * 3_000
    scores = rng.gamma(1, 2, (k, 24) if by_hour else k)
    return scores, travel_minutes(x, y, base=(1_500, 1_500), speed_kmh=4)


def test_the_way_is_straight_and_at_one_speed() -> None:
    table = travel_minutes([0, 300], [400, 0], base=(0, 0), speed_kmh=6)
    assert table.tolist() == [[0, 4, 3], [4, 0, 5], [3, 5, 0]]
    assert travel_minutes([0], [0], speed_kmh=6).tolist() == [[0, 0], [0, 0]]


def test_as_many_visits_as_there_is_time_for_the_dearest_first() -> None:
    plan = plan_visits([5, 9, 7], np.zeros((4, 4)), budget_minutes=44.9, rng=1)
    assert {stop.place for stop in plan.visits} == {1, 2}
    assert plan.optimal
    assert plan.gap == 0
    assert len(plan_visits([5, 9, 7], np.zeros((4, 4)), budget_minutes=45, rng=1).visits) == 3


def test_a_far_place_is_left_for_two_near_ones() -> None:
    travel = np.array([[0, 30, 5, 5], [30, 0, 30, 30], [5, 30, 0, 5], [5, 30, 5, 0]], dtype=float)
    plan = plan_visits([10, 6, 6], travel, budget_minutes=75, rng=1)
    assert sorted(stop.place for stop in plan.visits) == [1, 2]
    assert plan.score == 12
    one_way = plan_visits([10, 6, 6], travel, budget_minutes=45, return_to_base=False, rng=1)
    assert one_way.score == 12
    assert one_way.end_minute == 40


def test_hot_hours_are_waited_for_when_that_pays() -> None:
    scores = np.zeros((2, 24))
    scores[0, 18], scores[1, 17] = 10, 1
    plan = plan_visits(scores, np.zeros((3, 3)), budget_minutes=60, start_hour=17.5, rng=1)
    assert [(stop.place, stop.begin_minute, stop.score) for stop in plan.visits] == [(1, 0, 1), (0, 30, 10)]
    night = np.zeros((1, 24))
    night[0, 0] = 3
    assert plan_visits(night, np.zeros((2, 2)), budget_minutes=90, start_hour=23.5, rng=1).visits[0].begin_minute == 30


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("by_hour", [False, True])
def test_the_exact_search_finds_what_trying_everything_finds(seed: int, by_hour: bool) -> None:
    rng = np.random.default_rng(seed)
    k = int(rng.integers(1, 6))
    scores, travel = town(k, seed, by_hour=by_hour)
    travel *= rng.random(travel.shape) + 0.5  # not symmetric, and not always shortest
    back, visit, hour = bool(seed % 2), float(rng.integers(10, 21)), float(rng.integers(0, 48)) / 2
    how = {"budget_minutes": 110.0, "visit_minutes": visit, "start_hour": hour, "return_to_base": back}
    exact = plan_visits(scores, travel, **how, rng=1)  # type: ignore[arg-type]
    check(exact, scores, travel, 110, visit, back)
    best = best_by_hand(scores, travel, 110, visit, hour, back)
    assert exact.optimal
    assert exact.best_score == pytest.approx(best)
    heuristic = plan_visits(scores, travel, **how, max_nodes=0, rng=1)  # type: ignore[arg-type]
    check(heuristic, scores, travel, 110, visit, back)
    assert heuristic.best_score <= best + 1e-9 <= heuristic.bound + 2e-9
    assert heuristic.gap == pytest.approx(1 - heuristic.best_score / heuristic.bound)


@pytest.mark.parametrize("by_hour", [False, True])
def test_the_heuristic_comes_near_the_proven_best_of_fourteen_places(by_hour: bool) -> None:
    shares = []
    for seed in range(6):
        scores, travel = town(14, seed, by_hour=by_hour)
        exact = plan_visits(scores, travel, budget_minutes=240, start_hour=18, rng=1)
        quick = plan_visits(scores, travel, budget_minutes=240, start_hour=18, max_nodes=0, rng=1)
        assert exact.optimal
        assert exact.bound == exact.best_score <= quick.bound + 1e-9
        shares.append(quick.best_score / exact.best_score)
    assert min(shares) > 0.9
    assert np.mean(shares) > 0.97


def test_an_unproven_plan_states_its_gap() -> None:
    scores, travel = town(30, 3)
    plan = plan_visits(scores, travel, budget_minutes=300, max_nodes=10, rng=1)
    check(plan, scores, travel, 300, 15)
    assert not plan.optimal
    assert 0 < plan.gap < 0.5
    assert [note.code for note in plan.notes] == ["visits.not_proven"]
    assert plan_visits(scores, travel, budget_minutes=300, max_nodes=10, n_restarts=40, rng=2).best_score <= plan.bound


def test_with_leeway_the_order_cannot_be_foreseen_and_is_nearly_as_good() -> None:
    scores, travel = town(8, 4)
    plans = [plan_visits(scores, travel, budget_minutes=170, leeway=0.2, rng=seed) for seed in range(12)]
    orders = {tuple(stop.place for stop in plan.visits) for plan in plans}
    assert len(orders) >= 6
    for plan in plans:
        check(plan, scores, travel, 170, 15)
        assert plan.score >= 0.8 * plan.best_score
        assert plan.best_score == pytest.approx(plans[0].best_score)
        assert plan.n_choices > 1
    fixed = [plan_visits(scores, travel, budget_minutes=170, rng=seed) for seed in range(3)]
    assert {plan.score for plan in fixed} == {fixed[0].best_score}


def test_the_same_seed_gives_the_same_plan_and_arguments_are_left_alone() -> None:
    scores, travel = town(12, 5, by_hour=True)
    before = scores.copy(), travel.copy()
    plans = [plan_visits(scores, travel, budget_minutes=200, leeway=0.2, rng=9).to_dict() for _ in range(2)]
    assert plans[0] == plans[1]
    assert np.array_equal(scores, before[0])
    assert np.array_equal(travel, before[1])


def test_names_of_places_and_the_unit_of_score_do_not_matter() -> None:
    scores, travel = town(9, 6)
    order = np.random.default_rng(7).permutation(9)
    rows = np.concatenate([[0], order + 1])
    first = plan_visits(scores, travel, budget_minutes=160, rng=1)
    second = plan_visits(scores[order] * 10, travel[np.ix_(rows, rows)], budget_minutes=160, rng=1)
    assert second.best_score == pytest.approx(first.best_score * 10)


def test_no_places_no_time_and_no_worth_are_answers() -> None:
    nowhere = plan_visits([], np.zeros((1, 1)), budget_minutes=60, rng=1)
    assert (nowhere.visits, nowhere.best_score, nowhere.gap) == ((), 0, 0)
    short = plan_visits([3], np.zeros((2, 2)), budget_minutes=10, rng=1)
    assert short.visits == ()
    assert [note.code for note in short.notes] == ["visits.none"]
    assert plan_visits([0, 0], np.zeros((3, 3)), budget_minutes=60, rng=1).best_score == 0
    assert plan_visits(np.zeros((0, 24)), np.zeros((1, 1)), budget_minutes=60, rng=1).n_places == 0


def test_unusual_lengths_are_noted() -> None:
    codes = [note.code for note in plan_visits([1], np.zeros((2, 2)), budget_minutes=60, visit_minutes=30, rng=1).notes]
    assert codes == ["visits.unusual_length"]
    for usual in (10, 20):
        assert plan_visits([1], np.zeros((2, 2)), budget_minutes=60, visit_minutes=usual, rng=1).notes == ()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"scores": [1, -1]}, "`scores` must not be negative"),
        ({"scores": np.ones((2, 12))}, "`scores` must have the shape"),
        ({"travel": np.zeros((2, 2))}, "`travel` must have the shape"),
        ({"travel": -np.ones((3, 3))}, "`travel` must not be negative"),
        ({"budget_minutes": 0}, "`budget_minutes` must be a positive"),
        ({"visit_minutes": -15}, "`visit_minutes` must be a positive"),
        ({"start_hour": 24}, "`start_hour` must be 0 or more"),
        ({"leeway": 1}, "`leeway` must be 0 or more"),
        ({"n_restarts": 0}, "`n_restarts` must be 1 or more"),
    ],
)
def test_other_arguments_are_refused(arguments: dict[str, object], message: str) -> None:
    given = {"scores": [1, 2], "travel": np.zeros((3, 3)), "budget_minutes": 60, "rng": 1} | arguments
    with pytest.raises(ValueError, match=message):
        plan_visits(**given)  # type: ignore[arg-type]
