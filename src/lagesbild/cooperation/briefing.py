"""The evening's picture for a shift: the hottest places, and the hours to expect most of tonight. No request.

Made from the same picture as the picture page, with the same counts hidden from those who may not see them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lagesbild.accounts.models import Membership
from lagesbild.core.errors import UserError
from lagesbild.picture import answer, texts
from lagesbild.picture.asking import Ask
from lagesbild.picture.content import PictureContent

SPOTS, WATCH_HOURS, MOST_CAVEATS = 5, 3, 3
EVENING = (*range(15, 24), *range(5))  # the hours that follow an afternoon's meeting


@dataclass(frozen=True)
class Spot:
    rank: int
    name: str
    status: str
    status_name: str
    n: str


@dataclass(frozen=True)
class Evening:
    """``hours`` are those of the evening with most events on this weekday, "21–24"; empty where nothing is known."""

    headline: str
    period: str
    spots: tuple[Spot, ...]
    hours: str
    query: str
    is_exercise: bool
    caveats: tuple[str, ...] = ()


def evening(membership: Membership, on: date) -> Evening | None:
    """What the picture says of tonight; None where it cannot be made. Three queries once it has been computed."""
    try:
        prepared = answer.prepare(membership.collaboration, membership, Ask.from_query({}))
    except UserError:
        return None
    content = answer.answer(prepared, membership).content
    spots = content.hot_spots.spots if content.hot_spots else ()
    threshold = content.disclosure.threshold
    return Evening(
        headline=texts.headline(content),
        period=texts.period(content.question.period),
        spots=tuple(
            Spot(
                each.rank,
                texts.spot_name(each.name),
                each.status or "",
                texts.status(each.status),
                texts.count(each.n, threshold=threshold),
            )
            for each in spots[:SPOTS]
            if each.status != "fading"
        ),
        hours=hot_hours(content.week.hours[on.weekday()]),
        query=prepared.ask.to_query(),
        is_exercise=content.is_exercise,
        caveats=_caveats(content),
    )


def hot_hours(by_hour: Sequence[float | None]) -> str:
    """The three hours in a row of the evening with most events; empty if none has any or all are hidden."""
    known = [by_hour[hour] or 0.0 for hour in EVENING]
    sums = [sum(known[start : start + WATCH_HOURS]) for start in range(len(EVENING) - WATCH_HOURS + 1)]
    if not max(sums):
        return ""
    start = sums.index(max(sums))
    return f"{EVENING[start]:02}–{(EVENING[start] + WATCH_HOURS) % 24:02}"


def _caveats(content: PictureContent) -> tuple[str, ...]:
    """The reservations that follow the figures everywhere, each once."""
    return tuple(dict.fromkeys(texts.caveat(each)[1] for each in content.caveats))[:MOST_CAVEATS]
