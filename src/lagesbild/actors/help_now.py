"""Who can help now: the functions with mandate for a situation at a place, in order, and who takes over. Pure.

``static/actors/help-rules.js`` follows the same rules when there is no signal; a browser test holds them together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lagesbild.actors.gathering import Candidate, Duty, Ground, HelpData, SituationRow
from lagesbild.actors.hours import HORIZON_DAYS, Interval, joined, next_duty, on_duty

WITHOUT_END = timedelta(days=HORIZON_DAYS - 2)
"""Duty that goes on longer than this from now is told as round the clock."""


@dataclass(frozen=True)
class Asked:
    """What somebody wants help with, and where; every part may be left open."""

    situation: str = ""
    place: int | None = None
    x: float | None = None
    y: float | None = None
    age: int | None = None


@dataclass(frozen=True)
class TakesOver:
    """Who comes next, and from when; ``after_gap`` when nobody is there in between."""

    candidate: Candidate
    at: datetime
    after_gap: bool


@dataclass(frozen=True)
class Helper:
    """A function as an answer: ``why_not`` is empty when its mandate reaches here, else a code."""

    candidate: Candidate
    level: int
    zone: Ground | None = None
    is_posted_here: bool = False
    stretches: tuple[Interval, ...] = ()
    until: datetime | None = None
    is_round_the_clock: bool = False
    next_from: datetime | None = None
    knows_hours: bool = True
    is_exercise: bool = False
    why_not: str = ""
    takes_over: TakesOver | None = None

    @property
    def is_on_duty(self) -> bool:
        return self.until is not None or self.is_round_the_clock

    @property
    def order(self) -> tuple[int, bool, bool, str, str]:
        """Own task first, then who is posted here, then who has powers of the zone here."""
        return self.level, not self.is_posted_here, self.zone is None, self.candidate.organisation, self.candidate.name


@dataclass(frozen=True)
class HelpAnswer:
    """On duty now; off duty with the time of the next; hours not known; and mandate that ends before this place."""

    on_duty: list[Helper] = field(default_factory=list)
    off_duty: list[Helper] = field(default_factory=list)
    unknown: list[Helper] = field(default_factory=list)
    not_here: list[Helper] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.on_duty or self.off_duty or self.unknown or self.not_here)


def who_can_help(data: HelpData, asked: Asked) -> HelpAnswer:
    """The functions that have this situation among theirs, by whether they are on duty and have mandate here."""
    helpers = sorted((_helper(data, asked, each) for each in _concerned(data, asked)), key=lambda each: each.order)
    fitting = [each for each in helpers if not each.why_not]
    on_now = [each for each in fitting if each.is_on_duty]
    off = [each for each in fitting if each.knows_hours and not each.is_on_duty]
    return HelpAnswer(
        on_duty=[_with_successor(each, fitting) for each in on_now],
        off_duty=sorted(off, key=lambda each: (each.next_from is None, each.next_from or data.at, each.order)),
        unknown=[each for each in fitting if not each.knows_hours],
        not_here=[each for each in helpers if each.why_not],
    )


def _concerned(data: HelpData, asked: Asked) -> Iterable[Candidate]:
    return (each for each in data.candidates if (asked.situation in each.levels if asked.situation else each.levels))


def _helper(data: HelpData, asked: Asked, candidate: Candidate) -> Helper:
    situation = next((each for each in data.situations if each.code == asked.situation), None)
    level = candidate.levels[asked.situation] if asked.situation else min(candidate.levels.values())
    zone = _zone(data, asked, candidate)
    posts = [duty for duty in candidate.duties if duty.place is not None]
    here = [duty for duty in posts if is_post_here(data, asked, duty)]
    duties = here + [duty for duty in candidate.duties if duty.place is None]
    stretches = tuple(joined(sorted(each for duty in duties for each in duty.stretches)))
    now = on_duty(stretches, data.at)
    later = next_duty(stretches, data.at)
    endless = now is not None and now.end - data.at > WITHOUT_END
    return Helper(
        candidate,
        level,
        zone=zone,
        is_posted_here=bool(here) and asked_where(asked),
        stretches=stretches,
        until=now.end if now and not endless else None,
        is_round_the_clock=endless,
        next_from=later.start if later else None,
        knows_hours=bool(candidate.duties),
        is_exercise=candidate.is_exercise or any(duty.is_exercise for duty in duties),
        why_not=_why_not(candidate, asked, situation, zone=zone, posted_elsewhere=bool(posts) and not duties),
    )


def reaches(data: HelpData, asked: Asked, candidate: Candidate) -> bool:
    """Whether the mandate of a function reaches what is asked: situation, ages, and powers at the place."""
    if not candidate.levels or (asked.situation and asked.situation not in candidate.levels):
        return False
    return not _helper(data, asked, candidate).why_not


def asked_where(asked: Asked) -> bool:
    """Whether a place or a point was named."""
    return asked.x is not None and asked.y is not None


def _zone(data: HelpData, asked: Asked, candidate: Candidate) -> Ground | None:
    """The zone at the point in which this function may act."""
    if asked.x is None or asked.y is None:
        return None
    return next((each for each in data.zones if each.id in candidate.zones and each.holds(asked.x, asked.y)), None)


def is_post_here(data: HelpData, asked: Asked, duty: Duty) -> bool:
    """Whether a duty that is bound to a place is at the one that is asked about, or holds the point."""
    if asked.x is None or asked.y is None or duty.place == asked.place:
        return True
    post = data.place(duty.place)
    return post is not None and post.holds(asked.x, asked.y)


def _why_not(
    candidate: Candidate, asked: Asked, situation: SituationRow | None, *, zone: Ground | None, posted_elsewhere: bool
) -> str:
    """``age``, ``zone``, ``elsewhere``, or nothing."""
    youngest = situation.min_age if situation and situation.min_age is not None else 0
    oldest = situation.max_age if situation and situation.max_age is not None else 200
    if asked.age is not None:
        youngest = oldest = asked.age
    low = candidate.min_age if candidate.min_age is not None else 0
    high = candidate.max_age if candidate.max_age is not None else 200
    if low > oldest or high < youngest:
        return "age"
    if candidate.needs_zone and asked_where(asked) and zone is None:
        return "zone"
    return "elsewhere" if posted_elsewhere else ""


def _with_successor(helper: Helper, fitting: list[Helper]) -> Helper:
    """The same helper with who takes over when its duty ends; that may be itself, back on its next shift."""
    if helper.until is None:
        return helper
    ends = helper.until
    there = next((each for each in fitting if on_duty(each.stretches, ends)), None)
    if there is not None:
        return _replace(helper, TakesOver(there.candidate, ends, after_gap=False))
    coming = [(later.start, each) for each in fitting if (later := next_duty(each.stretches, ends))]
    if not coming:
        return helper
    start, first = min(coming, key=lambda pair: (pair[0], pair[1].order))
    return _replace(helper, TakesOver(first.candidate, start, after_gap=True))


def _replace(helper: Helper, takes_over: TakesOver) -> Helper:
    return Helper(**{**vars(helper), "takes_over": takes_over})
