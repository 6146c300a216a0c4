"""The rule of the seven indicators."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.scenes.rule import NUMBERS, Answer, Grade, grade_of, judge

pytestmark = pytest.mark.one_database

ANSWERS = st.fixed_dictionaries({number: st.sampled_from(list(Answer)) for number in NUMBERS})
ORDER = [Grade.BELOW, Grade.SERIOUS, Grade.ALL]


def of(letters: str) -> dict[int, Answer]:
    """ "yyp-nnn" → the answers one to seven."""
    return {
        n: {"y": Answer.YES, "p": Answer.PARTLY, "n": Answer.NO, "-": Answer.UNKNOWN}[c]
        for n, c in enumerate(letters, 1)
    }


@pytest.mark.parametrize(
    ("letters", "low", "high"),
    [
        ("yyyyyyy", Grade.ALL, Grade.ALL),
        ("yyyyyyn", Grade.SERIOUS, Grade.SERIOUS),
        ("yyyyynn", Grade.SERIOUS, Grade.SERIOUS),
        ("yyyynnn", Grade.BELOW, Grade.BELOW),
        ("yyyyppp", Grade.BELOW, Grade.BELOW),
        ("yyyy-nn", Grade.BELOW, Grade.SERIOUS),
        ("yyyyyy-", Grade.SERIOUS, Grade.ALL),
        ("yyy----", Grade.BELOW, Grade.ALL),
        ("nnnnnnn", Grade.BELOW, Grade.BELOW),
    ],
)
def test_five_make_a_scene_serious_and_what_is_unknown_makes_a_range(letters: str, low: Grade, high: Grade) -> None:
    result = judge(of(letters))
    assert (result.low, result.high) == (low, high)
    assert result.is_settled == (low == high)


def test_an_indicator_without_answer_is_unknown_and_not_a_no() -> None:
    result = judge({1: Answer.YES, 2: Answer.YES, 3: Answer.YES, 4: Answer.YES})
    assert (result.n_unknown, result.n_no, result.low, result.high) == (3, 0, Grade.BELOW, Grade.ALL)


def test_an_eighth_indicator_and_an_unknown_word_are_refused() -> None:
    with pytest.raises(ValueError, match="1 to 7"):
        judge({8: Answer.YES})
    with pytest.raises(ValueError, match="kanske"):
        judge({1: "kanske"})


@given(ANSWERS, st.sampled_from(NUMBERS))
def test_a_further_yes_never_lowers_the_grade(answers: dict[int, Answer], number: int) -> None:
    before, after = judge(answers), judge(answers | {number: Answer.YES})
    assert ORDER.index(after.low) >= ORDER.index(before.low)
    assert ORDER.index(after.high) >= ORDER.index(before.high)


@given(ANSWERS)
def test_the_range_holds_whatever_the_unknown_turns_out_to_be(answers: dict[int, Answer]) -> None:
    result = judge(answers)
    for settled in (Answer.YES, Answer.NO, Answer.PARTLY):
        known = {n: settled if a == Answer.UNKNOWN else a for n, a in answers.items()}
        grade = judge(known).low
        assert ORDER.index(result.low) <= ORDER.index(grade) <= ORDER.index(result.high)


def test_the_steps_stand_at_five_and_seven() -> None:
    assert [grade_of(n) for n in (0, 4, 5, 6, 7)] == [Grade.BELOW, Grade.BELOW, Grade.SERIOUS, Grade.SERIOUS, Grade.ALL]
