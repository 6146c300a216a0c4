"""The rules of the watch list that have to be computed: new hot spots, alarms, rising indices.

Each asks what the picture asks, so that the numbers are those of its pages; answers are kept by what they depend on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
import shapely
from django.http import QueryDict
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Membership
from lagesbild.core import clock
from lagesbild.observations.filters import EventFilter
from lagesbild.observations.queries import in_language
from lagesbild.observations.questions import Question, point_events
from lagesbild.picture import answer, kept
from lagesbild.picture.asking import Ask
from lagesbild.places.models import Place
from lagesbild.places.queries import from_wkb
from lagesbild.scenes.counting import Spec
from lagesbild.scenes.index_values import Rise, YearIndex, recipes_of, rises
from lagesbild.scenes.models import Scene
from lagesbild.scenes.queries import scenes_of
from lagesbild.scenes.watch import Finding, Rule
from lagesbild.stats.alarm import alarm

VERSION = "1"
PAST_MONTHS = 60
FALSE_ALARM_RATE = 0.01
FEWEST_TOLD = 5  # smaller numbers are never told, see disclosure
MOST_SELECTIONS = 5  # pictures beside that of everything
LEAST_P = 0.001  # smaller ones are told as smaller than this
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Computed:
    """What the rules found, whether exercise data is among what they rest on, and which selections were looked at."""

    findings: tuple[Finding, ...]
    is_exercise: bool = False
    selections: tuple[str, ...] = ()


def computed(membership: Membership) -> Computed:
    """New hot spots of the picture, places whose newest whole month is above what its past lets one expect, and
    indices of scenes that rise.

    Hot spots are looked for among all incidents, and in each selection of categories that an index recipe counts: that
    is what the collaboration has agreed to watch.
    """
    present = list(scenes_of(membership).filter(ended_on=None, place__isnull=False))
    rising = _rising_indices(membership, present)
    prepared = answer.prepare(membership.collaboration, membership, Ask(EventFilter()))
    if not prepared.covered.spans:
        return Computed(tuple(rising), any(each.is_exercise for each in rising))
    places = list(Place.objects.filter(visible_to(membership), retired_on=None).defer("drawing"))
    selections = _selections(present)
    found = [*_hot_spots(membership, prepared, places, ""), *_alarms(membership, prepared, places)]
    for query in selections:
        found += _hot_spots(membership, prepared, places, query)
    is_exercise = any(source.is_exercise for source in prepared.ground.sources)
    names = tuple(_words(prepared, query) for query in selections)
    return Computed((*found, *rising), is_exercise or any(each.is_exercise for each in rising), names)


def _selections(scenes: Iterable[Scene]) -> list[str]:
    """The selections of categories that recipes count, each once."""
    specs = [Spec.of_part(part) for recipe in recipes_of(scenes).values() for part in recipe.parts]
    chosen = {tuple(sorted(spec.filters.categories)) for spec in specs if spec is not None}
    queries = sorted(EventFilter(categories=frozenset(codes)).to_query() for codes in chosen if codes)
    return queries[:MOST_SELECTIONS]


def _words(prepared: answer.Prepared, query: str) -> str:
    nodes = prepared.ground.mapping.by_code
    codes = sorted(EventFilter.from_query(QueryDict(query)).categories & set(nodes))
    return ", ".join(in_language(nodes[code].name, nodes[code].name_en) for code in codes)


def _source(prepared: answer.Prepared) -> str:
    """The sources by name, those without incidents left out."""
    there = {span.slug for span in prepared.covered.spans}
    return ", ".join(each.name for each in prepared.ground.sources if each.slug in there)


def _hot_spots(
    membership: Membership, everything: answer.Prepared, places: Sequence[Place], query: str
) -> list[Finding]:
    filters = EventFilter.from_query(QueryDict(query))
    if everything.ground.mapping.unknown(filters.categories):
        return []
    prepared = answer.prepare(
        membership.collaboration,
        membership,
        Ask(filters),
        ground=everything.ground,
        data_version=everything.data_version,
    )
    found = answer.answer(prepared, membership)
    spots = found.content.hot_spots.spots if found.content.hot_spots else ()
    named = {place.name: place for place in places}
    period = found.ask.filters
    path = f"{reverse('picture:picture', args=[membership.collaboration.slug])}?{found.ask.to_query()}"
    what = _words(prepared, query) or _("Incidents of all kinds")
    key = f"hot_spot:{period.from_on}" + (f":{hashlib.sha256(query.encode()).hexdigest()[:12]}" if query else "")
    made = []
    for spot in spots:
        place = named.get(spot.name.name) if spot.name.kind == "place" else None
        if place is not None and spot.status == "new" and spot.n is not None:
            p = (
                number_format(round(spot.p_adjusted, 3))
                if spot.p_adjusted >= LEAST_P
                else f"< {number_format(LEAST_P)}"
            )
            words = {"what": what, "n": spot.n, "from": period.from_on, "to": _last(period), "p": p}
            why = _("{what}: {n} from {from} to {to}; adjusted p {p}.").format(**words)
            exercise = prepared.events.is_exercise
            made.append(Finding(place.pk, place.name, Rule.HOT_SPOT, key, why, path, _source(prepared), exercise))
    return list({each.place: each for each in reversed(made)}.values())


def _last(period: EventFilter) -> date | None:
    return period.to_on - timedelta(days=1) if period.to_on else None


def _alarms(membership: Membership, prepared: answer.Prepared, places: Sequence[Place]) -> list[Finding]:
    today = clock.today(membership.collaboration.time_zone)
    end = (prepared.covered.period.to_on if prepared.covered.period else today).replace(day=1)
    months = whole_months(end, PAST_MONTHS)
    question = prepared.events.asked_with(EventFilter(from_on=months[0], to_on=end))
    first, until = months[-1], end - timedelta(days=1)
    path = reverse("picture:picture", args=[membership.collaboration.slug])
    found = []
    for place, (observed, upper) in _alarming(question, prepared.data_version, places, months):
        words = {"month": f"{first:%Y-%m}", "n": observed, "upper": upper}
        why = _("{n} incidents in {month}; up to {upper} were to be expected.").format(**words)
        address = f"{path}?place={place.pk}&from={first}&to={until}"
        key = f"alarm:{first:%Y-%m}"
        exercise = prepared.events.is_exercise
        found.append(Finding(place.pk, place.name, Rule.ALARM, key, why, address, _source(prepared), exercise))
    return found


def _alarming(
    question: Question, version: int | None, places: Sequence[Place], months: Sequence[date]
) -> list[tuple[Place, tuple[int, int]]]:
    """The places that stand out, with what was seen and what was to be expected; kept until data or places change."""
    grounds = hashlib.sha256(b"".join(b"%d:%b" % (place.pk, bytes(place.geometry)) for place in places)).hexdigest()
    key = f"{VERSION}|{question.digest()}|{version}|{grounds}"
    data = kept.recall("watch", key)
    if data is None:
        frame = question.events(version)
        points = point_events(frame).select("x", "y", month=pl.col("local_date").dt.truncate("1mo")).collect()
        stands = [stands_out(counts) for counts in counts_by_place(points, places, months)]
        data = json.dumps(stands).encode()
        kept.keep("watch", key, data)
    return [(place, (each[0], each[1])) for place, each in zip(places, json.loads(data), strict=True) if each]


def _rising_indices(membership: Membership, scenes: Sequence[Scene]) -> list[Finding]:
    return [_rise(membership, each) for each in rises(membership, scenes) if each.scene.place is not None]


def _rise(membership: Membership, rise: Rise) -> Finding:
    place = rise.scene.place
    assert place is not None
    words = {"number": rise.indicator, "before": _told(rise.before), "now": _told(rise.now)}
    words |= {"then": rise.before.year, "year": rise.now.year}
    why = _("Indicator {number}: index {before} in {then}, {now} in {year}.").format(**words)
    path = reverse("scenes:scene_index", args=[membership.collaboration.slug, rise.scene.pk])
    address = f"{path}?year={rise.now.year}#index-{rise.indicator}"
    key = f"index:{rise.scene.pk}:{rise.indicator}:{rise.now.year}"
    known = [each.part.title for each in rise.now.figures if each.part.value is not None]
    return Finding(place.pk, place.name, Rule.INDEX, key, why, address, "; ".join(known), rise.now.is_exercise)


def _told(index: YearIndex) -> str:
    value = number_format(round(index.result.value or 0.0))
    if index.result.interval is None:
        return value
    low, high = (number_format(round(end)) for end in index.result.interval)
    return f"{value} ({low}–{high})"


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
