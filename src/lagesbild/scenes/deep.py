"""Everything known of one place on one time axis: what each subject holds of it, in one short query each.

Incidents and who is on duty come as parts of their own, since they are computed; see ``views/deep.py``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import shapely
from django.db.models import F, Q
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from shapely.geometry.base import BaseGeometry

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Membership
from lagesbild.actors.models import Promise, ResponsibilityEntry
from lagesbild.cooperation.models import Action, Matter
from lagesbild.core import clock
from lagesbild.fieldreports.models import FieldReport
from lagesbild.observations.queries import in_language
from lagesbild.places.models import Fact, Place
from lagesbild.places.queries import place_geometry
from lagesbild.scenes.indicators import count_text, result_text
from lagesbild.scenes.models import Assessment
from lagesbild.scenes.queries import result_of, scenes_of

MOST_PER_TRACK = 200
TRACKS: dict[str, str | Lazy] = {
    "reports": gettext_lazy("Field reports"),
    "matters": gettext_lazy("Matters"),
    "actions": gettext_lazy("Actions"),
    "assessments": gettext_lazy("Assessments"),
    "promises": gettext_lazy("Citizen promises"),
    "facts": gettext_lazy("Facts"),
}


@dataclass(frozen=True)
class Item:
    """One thing on the axis; ``to_on`` is None for a moment, and today's date for what goes on."""

    track: str
    from_on: date
    to_on: date | None
    title: str
    text: str = ""
    path: str = ""
    goes_on: bool = False
    is_exercise: bool = False

    @property
    def track_name(self) -> str:
        """The track in words."""
        return str(TRACKS[self.track])


@dataclass(frozen=True)
class DeepDive:
    """The items, newest first; how many of each; the scenes here; who answers for what."""

    items: tuple[Item, ...]
    counts: tuple[tuple[str, int], ...]
    scenes: tuple[tuple[int, str], ...]
    responsible: tuple[ResponsibilityEntry, ...]
    cut: tuple[str, ...]  # tracks with more than are shown

    @property
    def is_exercise(self) -> bool:
        """Whether something here is an exercise."""
        return any(item.is_exercise for item in self.items)


def dive(membership: Membership, place: Place) -> DeepDive:
    """What the member may see of the place. Eight queries, whatever there is."""
    ground = place_geometry(place)
    zone = ZoneInfo(membership.collaboration.time_zone)
    today = clock.today(membership.collaboration.time_zone)
    assessments = _assessments(membership, place)
    items = [
        *_reports(membership, place, ground, zone),
        *_matters(membership, place, ground, zone, today),
        *_actions(membership, place, ground, zone, today),
        *_assessed(membership, assessments),
        *_promises(membership, place, today),
        *_facts(membership, place, today),
    ]
    counts = Counter(item.track for item in items)
    scenes = dict.fromkeys((each.scene_id, each.scene.name) for each in assessments)
    return DeepDive(
        items=tuple(sorted(items, key=lambda item: (item.from_on, item.track, item.title), reverse=True)),
        counts=tuple((str(name), counts[track]) for track, name in TRACKS.items()),
        scenes=tuple(scenes),
        responsible=tuple(_responsible(membership, place)),
        cut=tuple(str(TRACKS[track]) for track, n in counts.items() if n >= MOST_PER_TRACK),
    )


def _here(place: Place, ground: BaseGeometry) -> Q:
    """At the place by name, or by a point in the box around its ground; `_inside` sorts out the corners."""
    west, south, east, north = ground.bounds
    return Q(place=place) | Q(place=None, x__gte=west, x__lte=east, y__gte=south, y__lte=north)


def _inside(rows: Iterable[Any], place: Place, ground: BaseGeometry) -> list[Any]:
    return [row for row in rows if row.place_id == place.pk or shapely.intersects_xy(ground, row.x, row.y)]


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def _reports(membership: Membership, place: Place, ground: BaseGeometry, zone: ZoneInfo) -> list[Item]:
    rows = FieldReport.objects.filter(visible_to(membership), _here(place, ground), lead=None)
    slug = membership.collaboration.slug
    return [
        Item(
            "reports",
            _day(each.occurred_from, zone),
            None,
            _("Report {number}: {category}").format(
                number=each.number, category=in_language(each.category.name, each.category.name_en)
            ),
            str(each.note),
            reverse("fieldreports:report", args=[slug, each.pk]),
            is_exercise=each.is_exercise,
        )
        for each in _inside(rows.select_related("category")[:MOST_PER_TRACK], place, ground)
    ]


def _category(report: FieldReport) -> str:
    return in_language(report.category.name, report.category.name_en)


def _matters(membership: Membership, place: Place, ground: BaseGeometry, zone: ZoneInfo, today: date) -> list[Item]:
    rows = Matter.objects.filter(visible_to(membership), _here(place, ground), joined_into=None)
    slug = membership.collaboration.slug
    return [
        Item(
            "matters",
            _day(each.raised_at, zone),
            _day(each.closed_at, zone) if each.closed_at else today,
            str(each),
            f"{each.get_state_display()}. {each.closing_reason}".strip(),
            reverse("cooperation:matter", args=[slug, each.number]),
            goes_on=each.closed_at is None,
            is_exercise=each.is_exercise,
        )
        for each in _inside(rows.order_by("-raised_at")[:MOST_PER_TRACK], place, ground)
    ]


def _actions(membership: Membership, place: Place, ground: BaseGeometry, zone: ZoneInfo, today: date) -> list[Item]:
    rows = Action.objects.filter(visible_to(membership), _here(place, ground) | Q(place=None, matter__place=place))
    slug = membership.collaboration.slug
    found = rows.select_related("responsible", "matter").order_by("-created_at")[:MOST_PER_TRACK]
    return [
        Item(
            "actions",
            min(_day(each.created_at, zone), each.ended_on or today),
            each.ended_on or today,
            str(each),
            f"{each.get_state_display()}. {each.responsible.name}",
            reverse("cooperation:action", args=[slug, each.number]),
            goes_on=each.ended_on is None,
        )
        for each in found
        if each.place_id == place.pk
        or (each.matter is not None and each.matter.place_id == place.pk)
        or (each.x is not None and each.y is not None and shapely.intersects_xy(ground, each.x, each.y))
    ]


def _assessments(membership: Membership, place: Place) -> list[Assessment]:
    """Assessments of the scenes tied to the place; two queries."""
    rows = Assessment.objects.filter(scene__in=scenes_of(membership).filter(place=place))
    return list(rows.select_related("scene", "organisation").prefetch_related("answers")[:MOST_PER_TRACK])


def _assessed(membership: Membership, assessments: list[Assessment]) -> list[Item]:
    slug = membership.collaboration.slug
    found = []
    for each in assessments:
        result = result_of(each)
        first = each.assessed_on or date(each.year, 1, 1)
        last = None if each.assessed_on else date(each.year, 12, 31)
        title = _("{scene} {year}: {count} of 7").format(
            scene=each.scene.name, year=each.year, count=count_text(result)
        )
        path = f"{reverse('scenes:scene', args=[slug, each.scene_id])}#assessment-{each.pk}"
        found.append(Item("assessments", first, last, title, result_text(result), path))
    return found


def _promises(membership: Membership, place: Place, today: date) -> list[Item]:
    rows = Promise.objects.filter(visible_to(membership), place=place).select_related("owner")
    path = reverse("actors:promises", args=[membership.collaboration.slug])
    return [
        Item(
            "promises",
            each.given_on,
            each.due_on if each.due_on and each.due_on >= each.given_on else today,
            str(each.text),
            f"{each.get_status_display()}. {each.owner.name}",
            path,
            is_exercise=each.is_exercise,
        )
        for each in rows[:MOST_PER_TRACK]
    ]


def _facts(membership: Membership, place: Place, today: date) -> list[Item]:
    rows = Fact.objects.filter(visible_to(membership), place=place)
    path = reverse("places:place", args=[membership.collaboration.slug, place.pk])
    return [
        Item(
            "facts",
            each.valid_from,
            each.valid_to - timedelta(days=1) if each.valid_to else today,
            f"{each.get_kind_display()}: {number_format(round(each.value), force_grouping=True)}",
            each.source,
            path,
        )
        for each in rows[:MOST_PER_TRACK]
    ]


def _responsible(membership: Membership, place: Place) -> list[ResponsibilityEntry]:
    today = clock.today(membership.collaboration.time_zone)
    holds = (Q(valid_from=None) | Q(valid_from__lte=today)) & (Q(valid_to=None) | Q(valid_to__gt=today))
    rows = ResponsibilityEntry.objects.filter(visible_to(membership), holds, place=place)
    return list(rows.select_related("kind", "organisation").order_by(F("kind__order").asc(nulls_last=True)))
