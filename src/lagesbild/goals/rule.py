"""The rule that proposes a judgement: measurements and a target in, a verdict with its reasons out.

Pure: no database, no clock, no language. People decide; the rule only says what the figures say (ledger G2, G3).

How an indicator is judged for a year Y

1. Only whole, ended, comparable figures count. A missing figure is not zero. A partial period is set aside – unless it
   already breaks a target of the form "at most", which more time cannot mend. Figures before a break in the definition
   are set aside when figures after it are compared.
2. The latest such figure must lie in Y or the year before (`MAX_AGE_YEARS`); an older one says nothing about Y.
3. It is held against the target: a value with a direction, a direction alone, yes or no, or the mean of a comparison
   group. Equal to the target is met. An unchanged figure has not moved in any direction. A direction is counted from
   the base; without one, from the same part of the year before, so that summer is held against summer; without that,
   from the figure before.

How a goal is judged: all judged indicators met → met; none met → not met; some → partly met; none judged → cannot be
judged. Indicators that could not be judged are told beside the verdict and do not change it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

MAX_AGE_YEARS = 1


class Verdict(StrEnum):
    """In the words of V: *uppnås*, *delvis*, *inte uppnås*; and the fourth, which V lacks."""

    MET = "met"
    PARTLY = "partly met"
    NOT_MET = "not met"
    CANNOT = "cannot be judged"


class TargetKind(StrEnum):
    VALUE = "value"
    DIRECTION = "direction"
    YES_NO = "yes_no"
    COMPARISON = "comparison"


class Direction(StrEnum):
    """Which way is better."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True)
class Target:
    """What is aimed at. ``value`` for VALUE; 0 or 1 for YES_NO; the group's mean, if it is known, for COMPARISON."""

    kind: TargetKind
    direction: Direction
    value: float | None = None
    base: date | None = None  # DIRECTION: the first day of the period to compare with; empty: the figure before


@dataclass(frozen=True)
class Figure:
    """One measurement over a half-open period. ``value`` is None where none was made; ``low``–``high`` an interval."""

    period_from: date
    period_to: date
    value: float | None
    partial: bool = False
    uncertain: bool = False
    after_break: bool = False  # measured in another way than the figures before it
    low: float | None = None
    high: float | None = None

    @property
    def usable(self) -> bool:
        return self.value is not None and math.isfinite(self.value)


@dataclass(frozen=True)
class Reason:
    """Why, as a code with the figures that fill its sentence (see ``sentences.py``)."""

    code: str
    params: tuple[tuple[str, Any], ...] = ()

    @classmethod
    def of(cls, code: str, **params: Any) -> Reason:
        return cls(code, tuple(sorted(params.items())))


@dataclass(frozen=True)
class Judged:
    """What the rule says of one indicator. ``figure`` is the one that decided, ``before`` what it was held against."""

    verdict: Verdict
    figure: Figure | None
    before: Figure | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Proposal:
    """What the rule says of a goal."""

    verdict: Verdict
    indicators: tuple[Judged, ...]
    reasons: tuple[Reason, ...]


def judge_indicator(figures: Sequence[Figure], target: Target, *, year: int) -> Judged:
    """Hold the figures of one indicator against its target, as known at the end of ``year``."""
    known = sorted((each for each in figures if each.period_from.year <= year), key=lambda each: each.period_to)
    usable = [each for each in known if each.usable]
    whole = [each for each in usable if not each.partial]
    broken = _already_broken(usable, target, year)
    if broken is not None:
        return Judged(Verdict.NOT_MET, broken, None, (Reason.of("partial_breaks_target"), *_remarks(broken)))
    notes = tuple(
        Reason.of("partial_set_aside", year=each.period_from.year, value=each.value)
        for each in usable
        if each.partial and each.period_to.year >= year
    )
    if not whole:
        return Judged(Verdict.CANNOT, None, None, (Reason.of("never_measured"), *notes))
    latest = whole[-1]
    if _year_of(latest) < year - MAX_AGE_YEARS:
        return Judged(Verdict.CANNOT, latest, None, (Reason.of("too_old", year=_year_of(latest)), *notes))
    judged = _held_against(latest, whole[:-1], target)
    return Judged(judged.verdict, judged.figure, judged.before, (*judged.reasons, *_remarks(latest), *notes))


def judge_goal(indicators: Sequence[Judged]) -> Proposal:
    """Put the indicators of one goal together."""
    verdicts = [each.verdict for each in indicators if each.verdict is not Verdict.CANNOT]
    met = sum(each is Verdict.MET for each in verdicts)
    counts = Reason.of("counts", met=met, judged=len(verdicts), indicators=len(indicators))
    if not verdicts:
        return Proposal(Verdict.CANNOT, tuple(indicators), (counts,))
    verdict = Verdict.MET if met == len(verdicts) else Verdict.PARTLY if met else Verdict.NOT_MET
    return Proposal(verdict, tuple(indicators), (counts,))


def _year_of(figure: Figure) -> int:
    """The year a figure speaks of: that of its last day."""
    return date.fromordinal(figure.period_to.toordinal() - 1).year


def _already_broken(usable: Sequence[Figure], target: Target, year: int) -> Figure | None:
    """A partial figure of the year itself that is already above what the whole may be. Holds for counts only:
    they can but grow, so the caller gives only counts as partial."""
    if target.kind is not TargetKind.VALUE or target.direction is not Direction.DOWN or target.value is None:
        return None
    of_year = [each for each in usable if each.partial and _year_of(each) == year]
    return next((each for each in of_year if _value(each) > target.value), None)


def _held_against(latest: Figure, earlier: Sequence[Figure], target: Target) -> Judged:
    if target.kind is TargetKind.DIRECTION:
        return _moved(latest, earlier, target)
    if target.value is None:
        return Judged(Verdict.CANNOT, latest, None, (Reason.of("no_target_value"),))
    if target.kind is TargetKind.YES_NO:
        met = _value(latest) == target.value
    else:
        met = _better(_value(latest), target.value, target.direction) or _value(latest) == target.value
    code = f"{target.kind.value}_{'met' if met else 'not_met'}"
    reasons = [Reason.of(code, value=latest.value, target=target.value)]
    if latest.low is not None and latest.high is not None and latest.low < target.value < latest.high:
        reasons.append(Reason.of("interval_holds_target", low=latest.low, high=latest.high))
    return Judged(Verdict.MET if met else Verdict.NOT_MET, latest, None, tuple(reasons))


def _moved(latest: Figure, earlier: Sequence[Figure], target: Target) -> Judged:
    """Has it moved the way it should, since the base or the figure before?"""
    if target.base is not None:
        before = next((each for each in earlier if each.period_from == target.base), None)
    else:
        before = _year_before(latest, earlier) or (earlier[-1] if earlier else None)
    if before is None:
        return Judged(Verdict.CANNOT, latest, None, (Reason.of("nothing_to_compare_with"),))
    later = [each for each in (*earlier, latest) if each.period_from > before.period_from]
    if any(each.after_break for each in later):
        return Judged(Verdict.CANNOT, latest, before, (Reason.of("definition_changed"),))
    if _length(latest) != _length(before):
        return Judged(Verdict.CANNOT, latest, before, (Reason.of("periods_differ"),))
    if _value(latest) == _value(before):
        return Judged(Verdict.NOT_MET, latest, before, (Reason.of("unchanged", value=latest.value),))
    met = _better(_value(latest), _value(before), target.direction)
    reason = Reason.of(f"direction_{'met' if met else 'not_met'}", before=before.value, value=latest.value)
    return Judged(Verdict.MET if met else Verdict.NOT_MET, latest, before, (reason,))


def _year_before(latest: Figure, earlier: Sequence[Figure]) -> Figure | None:
    """The figure of the same part of the year before."""
    start, end = latest.period_from, latest.period_to
    wanted = (start.year - 1, start.month, start.day), (end.year - 1, end.month, end.day)
    return next((each for each in earlier if (_day(each.period_from), _day(each.period_to)) == wanted), None)


def _day(on: date) -> tuple[int, int, int]:
    return on.year, on.month, on.day


def _remarks(figure: Figure) -> tuple[Reason, ...]:
    return (Reason.of("uncertain_figure"),) if figure.uncertain else ()


def _length(figure: Figure) -> int:
    """Months, so that a leap year is as long as any other; days for periods shorter than a month."""
    months = (figure.period_to.year - figure.period_from.year) * 12 + figure.period_to.month - figure.period_from.month
    return months * 31 if months else (figure.period_to - figure.period_from).days


def _value(figure: Figure) -> float:
    assert figure.value is not None
    return figure.value


def _better(value: float, than: float, direction: Direction) -> bool:
    return value > than if direction is Direction.UP else value < than
