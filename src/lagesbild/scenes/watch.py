"""Which places stand out, by which rule and why. Rules point; people decide what it means.

`written` asks the database; `computed` asks the picture and the incident store and takes longer. The key of a finding
is what the rule saw: when it sees something new, a dismissed place stands on the list again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np
import polars as pl
import shapely
from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from numpy.typing import NDArray

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Membership
from lagesbild.actors.models import Promise, PromiseStatus
from lagesbild.cooperation.models import Matter
from lagesbild.cooperation.models.matters import OPEN
from lagesbild.core import clock
from lagesbild.observations.filters import EventFilter
from lagesbild.observations.questions import Question, point_events
from lagesbild.picture import answer
from lagesbild.picture.asking import Ask
from lagesbild.places.models import Place
from lagesbild.places.queries import from_wkb
from lagesbild.scenes.models import Scene, WatchDismissal
from lagesbild.scenes.queries import latest_two, result_of, scenes_of
from lagesbild.stats.alarm import alarm

MANY_MATTERS = 5  # open at one place at the same time: more than one meeting takes up
PAST_MONTHS = 60
FALSE_ALARM_RATE = 0.01
FEWEST_TOLD = 5  # smaller numbers are never told, see disclosure
Counts = NDArray[np.int64]


class Rule(StrEnum):
    """The rules, in the order in which they are told."""

    ALARM = "alarm"
    HOT_SPOT = "hot_spot"
    RISING = "rising"
    MATTERS = "matters"
    PROMISE = "promise"


RULES: dict[str, str | Lazy] = {
    Rule.ALARM: gettext_lazy("Alarm: more incidents than its own past lets one expect"),
    Rule.HOT_SPOT: gettext_lazy("New hot spot"),
    Rule.RISING: gettext_lazy("More indicators of an open drug scene than before"),
    Rule.MATTERS: gettext_lazy("Many open matters"),
    Rule.PROMISE: gettext_lazy("A promise that is not kept"),
}


@dataclass(frozen=True)
class Finding:
    """One rule that points at one place."""

    place: int
    name: str
    rule: Rule
    key: str
    why: str
    path: str

    @property
    def rule_name(self) -> str:
        """The rule in words."""
        return str(RULES[self.rule])


@dataclass(frozen=True)
class Watched:
    """A place with every rule that points at it."""

    place: int
    name: str
    findings: tuple[Finding, ...]


def written(membership: Membership) -> list[Finding]:
    """What the records say. Four queries."""
    return [*_rising(membership), *_many_matters(membership), *_failing_promises(membership)]


def by_place(found: Iterable[Finding], dismissed: set[tuple[int, str]]) -> list[Watched]:
    """The places that still stand out, those with most rules first."""
    places: dict[int, list[Finding]] = defaultdict(list)
    for each in found:
        if (each.place, each.key) not in dismissed:
            places[each.place].append(each)
    order = list(Rule)
    rows = [
        Watched(place, each[0].name, tuple(sorted(each, key=lambda one: order.index(one.rule))))
        for place, each in places.items()
    ]
    return sorted(rows, key=lambda row: (-len(row.findings), row.name))


def dismissals(membership: Membership) -> list[WatchDismissal]:
    """What was taken from the list, newest first."""
    rows = WatchDismissal.objects.filter(visible_to(membership)).select_related("place", "owner")
    return list(rows.defer("place__geometry", "place__drawing"))


def _rising(membership: Membership) -> list[Finding]:
    present = scenes_of(membership).filter(ended_on=None, place__isnull=False)
    scenes: dict[int, Scene] = {scene.pk: scene for scene in present}
    found = []
    for pk, (newest, before) in latest_two(scenes.values()).items():
        now, then = result_of(newest), result_of(before)
        scene = scenes[pk]
        if now.n_yes > then.n_yes and scene.place is not None:
            words = {"before": then.n_yes, "then": before.year, "n": now.n_yes, "year": newest.year}
            why = _("{before} of 7 in {then}, {n} of 7 in {year}.").format(**words)
            path = reverse("scenes:scene", args=[membership.collaboration.slug, pk])
            found.append(Finding(scene.place.pk, scene.place.name, Rule.RISING, f"rising:{newest.pk}", why, path))
    return found


def _many_matters(membership: Membership) -> list[Finding]:
    rows = (
        Matter.objects.filter(visible_to(membership), state__in=OPEN, place__isnull=False)
        .values("place", "place__name")
        .annotate(n=Count("pk"), newest=Max("number"))
        .filter(n__gte=MANY_MATTERS)
        .order_by("place")
    )
    path = reverse("cooperation:matters", args=[membership.collaboration.slug])
    return [
        Finding(
            row["place"],
            row["place__name"],
            Rule.MATTERS,
            f"matters:{row['newest']}",
            _("{n} matters are open here.").format(n=row["n"]),
            f"{path}?place={row['place']}",
        )
        for row in rows
    ]


def _failing_promises(membership: Membership) -> list[Finding]:
    today = clock.today(membership.collaboration.time_zone)
    failing = Q(status=PromiseStatus.BROKEN) | (Q(due_on__lt=today) & ~Q(status=PromiseStatus.KEPT))
    rows = Promise.objects.filter(visible_to(membership), failing, place__isnull=False).select_related("place")
    path = reverse("actors:promises", args=[membership.collaboration.slug])
    return [
        Finding(
            each.place.pk,
            each.place.name,
            Rule.PROMISE,
            f"promise:{each.pk}:{each.status}",
            _("{promise} Due {due}.").format(promise=each.text, due=each.due_on) if each.due_on else str(each.text),
            path,
        )
        for each in rows
        if each.place is not None
    ]


def computed(membership: Membership) -> tuple[list[Finding], bool]:
    """New hot spots of the picture, and places whose newest whole month is above what its past lets one expect.

    And whether exercise data is among what they rest on.
    """
    prepared = answer.prepare(membership.collaboration, membership, Ask(EventFilter()))
    is_exercise = any(source.is_exercise for source in prepared.ground.sources)
    if not prepared.covered.spans:
        return [], is_exercise
    places = list(Place.objects.filter(visible_to(membership), retired_on=None))
    last = prepared.covered.period.to_on if prepared.covered.period else clock.today(membership.collaboration.time_zone)
    everything = prepared.events.asked_with(EventFilter())
    hot_spots = _new_hot_spots(membership, answer.answer(prepared, membership), places)
    return [*hot_spots, *_alarms(membership, everything, places, last)], is_exercise


def _new_hot_spots(membership: Membership, found: answer.Answer, places: Sequence[Place]) -> list[Finding]:
    spots = found.content.hot_spots.spots if found.content.hot_spots else ()
    named = {place.name: place for place in places}
    period = found.ask.filters
    path = f"{reverse('picture:picture', args=[membership.collaboration.slug])}?{found.ask.to_query()}"
    made = []
    for spot in spots:
        place = named.get(spot.name.name) if spot.name.kind == "place" else None
        if place is not None and spot.status == "new" and spot.n is not None:
            words = {"n": spot.n, "from": period.from_on, "p": f"{spot.p_adjusted:.3f}"}
            why = _("{n} incidents since {from}; adjusted p {p}.").format(**words)
            made.append(Finding(place.pk, place.name, Rule.HOT_SPOT, f"hot_spot:{period.from_on}", why, path))
    return list({each.place: each for each in reversed(made)}.values())


def _alarms(membership: Membership, events: Question, places: Sequence[Place], last: date) -> list[Finding]:
    end = last.replace(day=1)
    months = whole_months(end, PAST_MONTHS)
    frame = events.asked_with(EventFilter(from_on=months[0], to_on=end)).events()
    points = point_events(frame).select("x", "y", month=pl.col("local_date").dt.truncate("1mo")).collect()
    path = reverse("picture:picture", args=[membership.collaboration.slug])
    found = []
    for place, counts in zip(places, counts_by_place(points, places, months), strict=True):
        stands = stands_out(counts)
        if stands is not None:
            first, until = months[-1], end - timedelta(days=1)
            words = {"month": f"{first:%Y-%m}", "n": stands[0], "upper": stands[1]}
            why = _("{n} incidents in {month}; up to {upper} were to be expected.").format(**words)
            address = f"{path}?place={place.pk}&from={first}&to={until}"
            found.append(Finding(place.pk, place.name, Rule.ALARM, f"alarm:{first:%Y-%m}", why, address))
    return found


def whole_months(end: date, n: int) -> list[date]:
    """The first days of the ``n`` months before ``end``, which is the first of a month."""
    numbers = range(end.year * 12 + end.month - 1 - n, end.year * 12 + end.month - 1)
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]


def counts_by_place(points: pl.DataFrame, places: Sequence[Place], months: Sequence[date]) -> list[Counts]:
    """Incidents of each month at each place; months before the first incident of all are left out."""
    order = {month: number for number, month in enumerate(months)}
    numbers = np.array([order[month] for month in points["month"]], dtype=np.int64)
    known = int(numbers.min()) if numbers.size else len(months)
    x, y = points["x"].to_numpy(), points["y"].to_numpy()
    found = []
    for ground in from_wkb([place.geometry for place in places]):
        inside = shapely.intersects_xy(ground, x, y)
        found.append(np.bincount(numbers[inside], minlength=len(months))[known:])
    return found


def stands_out(counts: Counts) -> tuple[int, int] | None:
    """(observed, most to be expected) of the newest month, if it is an alarm that may be told."""
    if counts.size < 2 or counts[-1] < FEWEST_TOLD:
        return None
    result = alarm(counts, periods_per_year=12, false_alarm_rate=FALSE_ALARM_RATE)
    if not bool(result.is_alarm[-1]):
        return None
    return int(result.observed[-1]), int(result.upper[-1])
