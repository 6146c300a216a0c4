"""The rule of the seven indicators: what answers to them say of a place. Pure; knows no database and no language.

Source of the rule: the handbook of the Stockholm region (2018), as told in Vision Klara, report 1: five or more
indicators make an open drug scene serious; where all seven hold, the scene is called *kvalificerad*.

Our reading, where the handbook says nothing:

1. Only *yes* counts towards five. *Partly* is told beside the count and never turns a scene serious by itself.
2. *Unknown* is neither yes nor no: the result is a range, from all unknown being no to all being yes.
3. An indicator nobody has answered is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

N_INDICATORS = 7
SERIOUS_FROM = 5
NUMBERS = tuple(range(1, N_INDICATORS + 1))


class Answer(StrEnum):
    """What one says of one indicator."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    UNKNOWN = "unknown"


class Grade(StrEnum):
    """How many indicators hold, in the steps of the handbook."""

    BELOW = "below"
    SERIOUS = "serious"
    ALL = "all"


@dataclass(frozen=True)
class Result:
    """The count of each answer. ``low`` and ``high`` differ where what is unknown decides."""

    n_yes: int
    n_partly: int
    n_no: int
    n_unknown: int

    @property
    def n_most(self) -> int:
        """How many would hold if everything unknown did."""
        return self.n_yes + self.n_unknown

    @property
    def low(self) -> Grade:
        """The grade if nothing unknown holds."""
        return grade_of(self.n_yes)

    @property
    def high(self) -> Grade:
        """The grade if everything unknown holds."""
        return grade_of(self.n_most)

    @property
    def is_settled(self) -> bool:
        """Whether the grade is the same whatever the unknown turns out to be."""
        return self.low == self.high


def grade_of(n_yes: int) -> Grade:
    """The grade of a place for which this many indicators hold."""
    if n_yes >= N_INDICATORS:
        return Grade.ALL
    return Grade.SERIOUS if n_yes >= SERIOUS_FROM else Grade.BELOW


def judge(answers: Mapping[int, Answer | str]) -> Result:
    """What the answers, by number of the indicator, come to. One that is not there is unknown.

    Raises
    ------
    ValueError
        If a number is not 1 to 7, or an answer is not one of `Answer`.
    """
    for number in answers:
        if number not in NUMBERS:
            raise ValueError(f"An indicator must be one of 1 to {N_INDICATORS}. Got {number!r}.")
    given = [Answer(answers.get(number, Answer.UNKNOWN)) for number in NUMBERS]
    return Result(*(given.count(each) for each in Answer))
