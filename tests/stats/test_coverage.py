"""Duty hours beside the hours when things happen."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from scipy.stats import binomtest

from lagesbild.stats import duty_coverage

pytestmark = pytest.mark.one_database

Week = npt.NDArray[np.int64]


def hours(*stretches: tuple[int, int, int], of: int = 1) -> Week:
    """A week with duty on (weekday, first hour, hour after the last), which may run past midnight."""
    week = np.zeros(168, dtype=np.int64)
    for weekday, first, after in stretches:
        week[np.arange(weekday * 24 + first, weekday * 24 + after) % 168] += of
    return week.reshape(7, 24)


def test_the_share_outside_is_that_of_the_events_when_nobody_is_there() -> None:
    events = hours((0, 20, 24)) * 3 + hours((0, 8, 12))
    found = duty_coverage(events, {"police": hours((0, 8, 12))})
    assert (found.n_events, found.outside) == (16, 0.75)
    assert [(each.weekday, each.hour, each.events) for each in found.hours] == [(0, hour, 3) for hour in range(20, 24)]
    assert found.covered.sum() == 4
    assert found.gap[0, 20] == pytest.approx(3 / 16)
    assert found.gap[0, 8] == pytest.approx(1 / 16 - 1 / 4)
    assert found.gap.sum() == pytest.approx(0)


def test_functions_together_cover_what_each_leaves_open() -> None:
    events = hours((2, 18, 22))
    found = duty_coverage(events, {"guards": hours((2, 18, 20)), "outreach": hours((2, 19, 22))})
    assert found.outside == 0
    assert dict(zip(found.functions, found.outside_by_function.tolist(), strict=True)) == {
        "guards": 0.5,
        "outreach": 0.25,
    }
    assert duty_coverage(
        events, {"guards": hours((2, 18, 20)), "outreach": hours((2, 19, 22))}, needed=2
    ).outside == pytest.approx(3 / 4)


def test_the_planted_move_is_found_and_counted() -> None:
    events = hours((4, 21, 25)) * 5 + hours((4, 10, 14))
    found = duty_coverage(events, {"police": hours((4, 10, 14)), "guards": hours((4, 10, 14))})
    first = found.moves[0]
    assert (first.from_weekday, first.from_hour, first.to_weekday, first.to_hour) == (4, 10, 4, 21)
    assert (first.covered_before, first.covered_after) == (4, 24)
    assert {move.function for move in found.moves} == {"police", "guards"}


def test_a_shift_may_run_from_sunday_into_monday() -> None:
    events = hours((6, 22, 26))
    found = duty_coverage(events, {"police": hours((0, 8, 12))})
    assert (found.moves[0].to_weekday, found.moves[0].to_hour) == (6, 22)
    assert found.moves[0].covered_after == 4


def test_a_move_within_the_day_stays_there() -> None:
    events = hours((6, 22, 24)) * 9 + hours((0, 14, 16))
    found = duty_coverage(events, {"police": hours((0, 8, 12))}, same_day=True)
    assert (found.moves[0].to_weekday, found.moves[0].covered_after) == (0, 2)


def test_of_equal_moves_the_nearest_is_named() -> None:
    events = hours((3, 12, 13)) * 7
    found = duty_coverage(events, {"police": hours((3, 6, 10))})
    move = found.moves[0]
    assert (move.to_weekday, move.to_hour, move.n_equal) == (3, 9, 4)


def test_part_of_a_longer_stretch_may_move_and_what_it_leaves_is_counted() -> None:
    events = hours((1, 8, 16)) + hours((1, 18, 20)) * 4
    found = duty_coverage(events, {"police": hours((1, 8, 16))}, shift_hours=2)
    move = found.moves[0]
    assert (move.to_hour, move.covered_before, move.covered_after) == (18, 8, 14)


def test_no_move_is_named_when_none_helps() -> None:
    found = duty_coverage(hours((0, 8, 12)) * 10, {"police": hours((0, 8, 12))})
    assert found.moves == ()
    assert [note.code for note in found.notes] == ["coverage.no_better_move"]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("same_day", [False, True])
def test_the_best_move_is_that_of_trying_each_by_hand(seed: int, same_day: bool) -> None:
    rng = np.random.default_rng(seed)
    events = rng.gamma(0.5, 2, (7, 24))
    duty = {name: (rng.random((7, 24)) < 0.3).astype(np.int64) * rng.integers(1, 3) for name in ("a", "b")}
    needed, length = int(rng.integers(1, 3)), int(rng.integers(1, 5))
    found = duty_coverage(events, duty, needed=needed, shift_hours=length, same_day=same_day)
    total = sum(duty.values()).ravel()
    flat = events.ravel()
    for name, own in duty.items():
        best = flat[total >= needed].sum()
        for start in range(168):
            stretch = [(start + step) % 168 for step in range(length)]
            if own.ravel()[stretch].min() == 0:
                continue
            for to in range(168):
                if same_day and to // 24 != start // 24:
                    continue
                moved = total.copy()
                moved[stretch] -= 1
                moved[[(to + step) % 168 for step in range(length)]] += 1
                best = max(best, flat[moved >= needed].sum())
        got = [move.covered_after for move in found.moves if move.function == name]
        now = flat[total >= needed].sum()
        assert got == ([] if best <= now + 1e-9 else [pytest.approx(best)])


def test_days_and_functions_in_another_order_give_the_same_answer() -> None:
    rng = np.random.default_rng(9)
    events, duty = rng.poisson(2, (7, 24)), {name: rng.integers(0, 2, (7, 24)) for name in ("a", "b", "c")}
    first = duty_coverage(events, duty)
    turned = duty_coverage(
        np.roll(events, 2, axis=0), {name: np.roll(duty[name], 2, axis=0) for name in ("c", "a", "b")}
    )
    assert turned.outside == first.outside
    assert {(move.function, move.covered_after) for move in turned.moves} == {
        (move.function, move.covered_after) for move in first.moves
    }
    tenfold = duty_coverage(events * 10, duty)
    assert [move.covered_after for move in tenfold.moves] == [move.covered_after * 10 for move in first.moves]


def test_the_interval_holds_the_true_share_as_often_as_it_says() -> None:
    rng = np.random.default_rng(10)
    risk = rng.gamma(0.5, 1.5, (7, 24))
    duty = (rng.random((7, 24)) < 0.5).astype(np.int64)
    truth = risk[duty == 0].sum() / risk.sum()
    held = 0
    for _ in range(600):
        found = duty_coverage(rng.poisson(risk), {"police": duty})
        assert found.outside_low is not None
        assert found.outside_high is not None
        held += found.outside_low <= truth <= found.outside_high
    assert binomtest(held, 600, 0.95, alternative="less").pvalue > 0.001


def test_no_events_nobody_on_duty_and_no_functions_are_answers() -> None:
    none = duty_coverage(np.zeros((7, 24)), {"police": hours((0, 8, 12))})
    assert (none.outside, none.moves) == (None, ())
    assert [note.code for note in none.notes] == ["coverage.no_events"]
    nobody = duty_coverage(hours((0, 0, 24)) * 2, {"police": np.zeros((7, 24))})
    assert nobody.outside == 1
    assert [note.code for note in nobody.notes] == ["coverage.nobody_on_duty"]
    assert duty_coverage(hours((0, 0, 24)), {}).outside == 1
    few = duty_coverage(hours((0, 0, 4)), {"police": hours((1, 0, 4))})
    assert [note.code for note in few.notes] == ["coverage.few_events"]
    assert none.to_dict()["outside_by_function"] == [None]


def test_arguments_are_left_alone() -> None:
    events, duty = np.ones((7, 24)), hours((0, 8, 12))
    duty_coverage(events, {"police": duty})
    assert events.sum() == 168
    assert duty.sum() == 4


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"events": np.ones(168)}, "`events` must have the shape"),
        ({"events": -np.ones((7, 24))}, "`events` must not be negative"),
        ({"duty": {"police": np.ones(24)}}, "for 'police'"),
        ({"duty": {"police": np.full((7, 24), 0.5)}}, "`duty` must hold whole numbers"),
        ({"needed": 0}, "`needed` must be 1 or more"),
        ({"shift_hours": 25}, "`shift_hours` must be from 1 to 24"),
        ({"conf": 1.5}, "`conf` must lie between"),
    ],
)
def test_other_arguments_are_refused(arguments: dict[str, object], message: str) -> None:
    given = {"events": np.ones((7, 24)), "duty": {"police": hours((0, 8, 12))}} | arguments
    with pytest.raises(ValueError, match=message):
        duty_coverage(**given)  # type: ignore[arg-type]
