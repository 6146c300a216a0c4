"""The rule that proposes judgements: V's own figures, odd series, and what must hold for every series."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.goals.rule import (
    Direction,
    Figure,
    Judged,
    Target,
    TargetKind,
    Verdict,
    judge_goal,
    judge_indicator,
)

pytestmark = pytest.mark.one_database
UP, DOWN = Direction.UP, Direction.DOWN
MET, PARTLY, NOT_MET, CANNOT = Verdict.MET, Verdict.PARTLY, Verdict.NOT_MET, Verdict.CANNOT


def years(first: int, *values: float | None) -> list[Figure]:
    return [Figure(date(first + i, 1, 1), date(first + i + 1, 1, 1), value) for i, value in enumerate(values)]


def value_target(value: float, direction: Direction) -> Target:
    return Target(TargetKind.VALUE, direction, value)


def moves(direction: Direction, base: date | None = None) -> Target:
    return Target(TargetKind.DIRECTION, direction, base=base)


def verdict_of(figures: Sequence[Figure], target: Target, year: int = 2019) -> Verdict:
    return judge_indicator(figures, target, year=year).verdict


def codes(judged: Judged) -> list[str]:
    return [reason.code for reason in judged.reasons]


UNTIL_OCTOBER = Figure(date(2019, 1, 1), date(2019, 11, 1), 0, partial=True)
INTERVIEWS_2019 = Figure(date(2019, 1, 1), date(2020, 1, 1), 79, partial=True, uncertain=True)

# The tables of Vision Klara – Rapport 1 (2019), Måluppfyllnad.
V = {
    1: [
        *[(years(2017, 1, 1, 1), Target(TargetKind.YES_NO, DOWN, 0))] * 7,
        ([*years(2015, 6, 4, 7, 1), UNTIL_OCTOBER], value_target(0, DOWN)),
        ([*years(2013, 407, 315, 287, 129, 106, 130), INTERVIEWS_2019], value_target(300, UP)),
    ],
    2: [
        (years(2016, None, 20, None, None), Target(TargetKind.COMPARISON, DOWN, 5.5)),
        (years(2016, 84, 78, 84, 81), value_target(86, UP)),
        (years(2017, 2.9, 3.5, 3.5), value_target(3.8, UP)),
        (years(2019, 45), value_target(50, UP)),
    ],
    3: [(years(2016, None, 45, None, None), Target(TargetKind.COMPARISON, DOWN, 6))],
    4: [(years(2019, 100), value_target(100, UP)), (years(2019, 83), value_target(100, UP))],
    5: [
        (years(2015, 1795, 1625, 1313, 1137), moves(DOWN)),
        (years(2015, 1247, 1130, 912, 818), moves(DOWN)),
        (years(2015, 935, 792, 727, 565), moves(DOWN)),
        (years(2015, 4471, 3680, 3894, 3884), moves(UP)),
        (years(2015, 3104, 2559, 2704, 2794), moves(UP)),
    ],
}


@pytest.mark.parametrize(("goal", "proposed"), [(1, NOT_MET), (2, NOT_MET), (3, CANNOT), (4, PARTLY), (5, PARTLY)])
def test_what_the_rule_says_of_the_five_goals_of_vision_klara(goal: int, proposed: Verdict) -> None:
    judged = [judge_indicator(figures, target, year=2019) for figures, target in V[goal]]
    assert judge_goal(judged).verdict is proposed


def test_the_count_rises_while_the_rate_falls_and_the_rule_shows_both() -> None:
    judged = [judge_indicator(figures, target, year=2019) for figures, target in V[5]]
    assert [each.verdict for each in judged[3:]] == [NOT_MET, MET]


def test_a_year_that_is_not_over_is_set_aside_and_told_of() -> None:
    judged = judge_indicator(*V[1][7], year=2019)
    assert judged.figure is not None
    assert (judged.verdict, judged.figure.value) == (NOT_MET, 1)
    assert "partial_set_aside" in codes(judged)


def test_a_part_of_a_year_can_break_a_ceiling_but_never_keep_it() -> None:
    part = Figure(date(2019, 1, 1), date(2019, 7, 1), 9, partial=True)
    assert verdict_of([*years(2018, 3), part], value_target(5, DOWN)) is NOT_MET
    low = Figure(date(2019, 1, 1), date(2019, 7, 1), 2, partial=True)
    assert verdict_of([low], value_target(5, DOWN)) is CANNOT


def test_a_part_of_a_year_above_what_is_to_be_reached_breaks_nothing() -> None:
    part = Figure(date(2019, 1, 1), date(2019, 7, 1), 9, partial=True)
    assert verdict_of([part], value_target(5, UP)) is CANNOT
    assert verdict_of([*years(2018, 6), part], value_target(5, UP)) is MET


def test_missing_is_not_zero() -> None:
    assert verdict_of(years(2018, 3, None), value_target(0, DOWN)) is NOT_MET
    assert verdict_of(years(2018, None, None), value_target(0, DOWN)) is CANNOT


def test_an_old_figure_says_nothing_of_this_year() -> None:
    figures = years(2017, 45)
    assert [verdict_of(figures, value_target(6, DOWN), year) for year in (2017, 2018, 2019)] == [
        NOT_MET, NOT_MET, CANNOT,
    ]  # fmt: skip


def test_what_came_later_is_not_known_yet() -> None:
    assert verdict_of(years(2018, 9, 3), value_target(5, DOWN), 2018) is NOT_MET
    assert verdict_of(years(2018, 9, 3), value_target(5, DOWN), 2019) is MET


def test_a_direction_needs_something_comparable_to_move_from() -> None:
    assert codes(judge_indicator(years(2019, 5), moves(UP), year=2019)) == ["nothing_to_compare_with"]
    broken = [*years(2018, 5), Figure(date(2019, 1, 1), date(2020, 1, 1), 9, after_break=True)]
    assert codes(judge_indicator(broken, moves(UP), year=2019)) == ["definition_changed"]
    half = [Figure(date(2018, 1, 1), date(2018, 7, 1), 5), *years(2019, 9)]
    assert codes(judge_indicator(half, moves(UP), year=2019)) == ["periods_differ"]


def test_a_leap_year_is_as_long_as_any_other() -> None:
    assert verdict_of(years(2015, 5, 9), moves(UP), 2016) is MET


def test_a_direction_counts_from_its_base_where_one_is_named() -> None:
    figures = years(2016, 10, 2, 5)
    assert verdict_of(figures, moves(DOWN, date(2016, 1, 1)), 2018) is MET
    assert verdict_of(figures, moves(DOWN), 2018) is NOT_MET


def test_summer_is_held_against_summer_and_else_against_what_came_before() -> None:
    def quarter(year: int, first_month: int, value: float) -> Figure:
        return Figure(date(year, first_month, 1), date(year, first_month + 3, 1), value)

    lately = [quarter(2019, 1, 2), quarter(2019, 4, 5)]
    assert verdict_of([quarter(2018, 4, 9), *lately], moves(DOWN)) is MET
    assert verdict_of(lately, moves(DOWN)) is NOT_MET


def test_unchanged_is_no_movement_and_a_base_of_zero_is_no_trouble() -> None:
    assert verdict_of(years(2018, 4, 4), moves(DOWN)) is NOT_MET
    assert verdict_of(years(2018, 0, 4), moves(UP)) is MET
    assert verdict_of(years(2018, 0, 0), value_target(0, DOWN)) is MET


def test_an_interval_around_the_target_is_told_of() -> None:
    figure = Figure(date(2019, 1, 1), date(2020, 1, 1), 52, low=46, high=58)
    assert "interval_holds_target" in codes(judge_indicator([figure], value_target(50, UP), year=2019))


def test_a_goal_without_indicators_cannot_be_judged() -> None:
    assert judge_goal([]).verdict is CANNOT


VALUES = st.one_of(st.none(), st.integers(-50, 50).map(float))
SERIES = st.lists(VALUES, min_size=0, max_size=6).map(lambda values: years(2014, *values))
KINDS = st.sampled_from([TargetKind.VALUE, TargetKind.COMPARISON, TargetKind.DIRECTION])
TARGETS = st.tuples(KINDS, st.sampled_from([UP, DOWN]), st.integers(-50, 50).map(float)).map(lambda each: Target(*each))


def mirrored(figure: Figure) -> Figure:
    value = None if figure.value is None else -figure.value
    return Figure(figure.period_from, figure.period_to, value, figure.partial)


@given(SERIES, TARGETS)
def test_turning_everything_upside_down_changes_nothing(figures: list[Figure], target: Target) -> None:
    other = DOWN if target.direction is UP else UP
    assert target.value is not None
    turned = Target(target.kind, other, -target.value)
    assert verdict_of(figures, target) is verdict_of([mirrored(each) for each in figures], turned)


@given(SERIES, TARGETS, st.integers(0, 30))
def test_a_better_last_figure_never_makes_the_verdict_worse(figures: list[Figure], target: Target, gain: int) -> None:
    before = judge_indicator(figures, target, year=2019)
    if before.figure is None:
        return
    better = (before.figure.value or 0) + (gain if target.direction is UP else -gain)
    at = figures.index(before.figure)
    last = Figure(before.figure.period_from, before.figure.period_to, better)
    after = verdict_of([*figures[:at], last, *figures[at + 1 :]], target)
    if before.verdict is MET:
        assert after is MET
    if before.verdict is CANNOT:
        assert after is CANNOT


@given(SERIES, TARGETS, st.randoms(use_true_random=False))
def test_the_order_in_which_figures_come_does_not_matter(figures: list[Figure], target: Target, random: object) -> None:
    shuffled = list(figures)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert judge_indicator(figures, target, year=2019) == judge_indicator(shuffled, target, year=2019)


@given(st.lists(st.sampled_from([MET, NOT_MET, CANNOT]), max_size=8))
def test_one_indicator_more_that_is_met_never_lowers_a_goal(verdicts: list[Verdict]) -> None:
    order = [CANNOT, NOT_MET, PARTLY, MET]
    judged = [Judged(each, None, None, ()) for each in verdicts]
    one_more = [*judged, Judged(MET, None, None, ())]
    assert order.index(judge_goal(one_more).verdict) >= order.index(judge_goal(judged).verdict)
    unjudged = [*judged, Judged(CANNOT, None, None, ())]
    assert judge_goal(unjudged).verdict is judge_goal(judged).verdict
