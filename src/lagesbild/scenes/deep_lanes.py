"""The lanes of a deep dive: what each earlier subject holds of a place, in one or two short queries each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import shapely
from django.db.models import F, Q
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from lagesbild.accounts.access import visible_to
from lagesbild.actors.models import Agreement, Promise, PromiseStatus, Zone
from lagesbild.cooperation.models import Action, ActionType, Event, Matter
from lagesbild.fieldreports.models import FieldReport
from lagesbild.observations.models import SeriesTable, SeriesValue
from lagesbild.places.models import Fact
from lagesbild.places.queries import from_wkb
from lagesbild.scenes.deep_items import MOST_PER_LANE, Asked, Item
from lagesbild.scenes.indicators import count_text, result_text
from lagesbild.scenes.models import Assessment
from lagesbild.scenes.queries import newest_grounds, result_of, scenes_of


def _here(asked: Asked) -> Q:
    """At the place by name, or by a point in the box around its ground; `_inside` sorts out the corners."""
    west, south, east, north = asked.ground.bounds
    return Q(place=asked.place) | Q(place=None, x__gte=west, x__lte=east, y__gte=south, y__lte=north)


def _inside(rows: Iterable[Any], asked: Asked) -> list[Any]:
    return [row for row in rows if row.place_id == asked.place.pk or shapely.intersects_xy(asked.ground, row.x, row.y)]


def _last(each: Any, asked: Asked) -> date:
    """The last day on which it holds; today, or its first day if that is still to come, for what has no end."""
    last: date = each.valid_to - timedelta(days=1) if each.valid_to else max(asked.today, each.valid_from)
    return last


def reports(asked: Asked) -> list[Item]:
    """What was seen, suspected or heard here; joined reports once."""
    rows = FieldReport.objects.filter(visible_to(asked.membership), _here(asked), lead=None)
    return [
        Item(
            "reports",
            asked.day(each.occurred_from),
            None,
            _("Report {number}: {category}").format(number=each.number, category=each.what),
            str(each.note),
            reverse("fieldreports:report", args=[asked.slug, each.pk]),
            is_exercise=each.is_exercise,
        )
        for each in _inside(rows.select_related("category")[:MOST_PER_LANE], asked)
    ]


def matters(asked: Asked) -> list[Item]:
    """From raised to closed, or to today."""
    rows = Matter.objects.filter(visible_to(asked.membership), _here(asked), joined_into=None)
    return [
        Item(
            "matters",
            asked.day(each.raised_at),
            asked.day(each.closed_at) if each.closed_at else asked.today,
            str(each),
            f"{each.get_state_display()}. {each.closing_reason}".strip(),
            reverse("cooperation:matter", args=[asked.slug, each.number]),
            goes_on=each.closed_at is None,
            is_exercise=each.is_exercise,
        )
        for each in _inside(rows.order_by("-raised_at")[:MOST_PER_LANE], asked)
    ]


def actions(asked: Asked) -> tuple[list[Item], set[int]]:
    """From decided to ended, with kind and responsible; and the agreements that they come from."""
    named = _here(asked) | Q(place=None, matter__place=asked.place)
    rows = Action.objects.filter(visible_to(asked.membership), named).select_related("responsible", "matter")
    found, agreed = [], set()
    for each in rows.order_by("-created_at")[:MOST_PER_LANE]:
        if not _is_here(each, asked):
            continue
        if each.agreement_id:
            agreed.add(each.agreement_id)
        kinds = ", ".join(str(ActionType(kind).label) for kind in each.types if kind in ActionType.values)
        found.append(
            Item(
                "actions",
                min(asked.day(each.created_at), each.ended_on or asked.today),
                each.ended_on or asked.today,
                str(each),
                " ".join(part for part in (f"{each.get_state_display()}. {each.responsible.name}.", kinds) if part),
                reverse("cooperation:action", args=[asked.slug, each.number]),
                goes_on=each.ended_on is None,
                is_late=each.ended_on is None and each.due_on is not None and each.due_on < asked.today,
            )
        )
    return found, agreed


def _is_here(action: Action, asked: Asked) -> bool:
    if action.place_id == asked.place.pk or (action.matter is not None and action.matter.place_id == asked.place.pk):
        return True
    if action.x is None or action.y is None:
        return False
    return bool(shapely.intersects_xy(asked.ground, action.x, action.y))


def agreements(asked: Asked, agreed: set[int]) -> list[Item]:
    """The agreements of the collaboration: those that actions here come from, and those that hold for all of it."""
    rows = Agreement.objects.filter(visible_to(asked.membership)).prefetch_related("parties")[:MOST_PER_LANE]
    whole = _("Holds for the whole collaboration")
    found = []
    for each in rows:
        parties = ", ".join(party.name for party in each.parties.all())
        why = _("Actions here come from it") if each.pk in agreed else whole
        found.append(
            Item(
                "agreements",
                each.valid_from,
                _last(each, asked),
                each.title,
                f"{why}. {parties}".strip(),
                reverse("actors:agreement", args=[asked.slug, each.pk]),
                goes_on=each.valid_to is None,
            )
        )
    return found


def promises(asked: Asked) -> list[Item]:
    """From given to due."""
    rows = Promise.objects.filter(visible_to(asked.membership), place=asked.place).select_related("owner")
    path = reverse("actors:promises", args=[asked.slug])
    return [
        Item(
            "promises",
            each.given_on,
            each.due_on if each.due_on and each.due_on >= each.given_on else max(asked.today, each.given_on),
            str(each.text),
            f"{each.get_status_display()}. {each.owner.name}",
            path,
            is_late=each.status == PromiseStatus.BROKEN
            or (each.due_on is not None and each.due_on < asked.today and each.status != PromiseStatus.KEPT),
            is_exercise=each.is_exercise,
        )
        for each in rows[:MOST_PER_LANE]
    ]


def events(asked: Asked) -> list[Item]:
    """What was known to come: demonstrations, festivals, works."""
    rows = Event.objects.filter(visible_to(asked.membership), place=asked.place)
    return [
        Item(
            "events",
            each.from_on,
            each.to_on - timedelta(days=1),
            str(each.title),
            f"{each.get_kind_display()}. {each.after_note or each.description}".strip(),
            reverse("cooperation:event", args=[asked.slug, each.pk]),
        )
        for each in rows[:MOST_PER_LANE]
    ]


def zones(asked: Asked) -> list[Item]:
    """Ground with powers that the place touches, while they hold."""
    west, south, east, north = asked.ground.bounds
    box = {"min_x__lte": east, "max_x__gte": west, "min_y__lte": north, "max_y__gte": south}
    rows = list(Zone.objects.filter(visible_to(asked.membership), **box).defer("drawing")[:MOST_PER_LANE])
    path = reverse("actors:zones", args=[asked.slug])
    return [
        Item(
            "zones",
            each.valid_from,
            _last(each, asked),
            f"{each.get_kind_display()}: {each.name}",
            each.source,
            path,
            goes_on=each.valid_to is None,
        )
        for each, ground in zip(rows, from_wkb([bytes(each.geometry) for each in rows]), strict=True)
        if shapely.intersects(ground, asked.ground)
    ]


def assessments(asked: Asked) -> tuple[list[Item], dict[int, str]]:
    """Assessments of the scenes that are tied to the place or cover its middle; and those scenes by key."""
    seen = scenes_of(asked.membership)
    x, y = asked.place.x, asked.place.y
    grounds = newest_grounds(seen.values_list("pk", flat=True))
    over = {pk for pk, ground in grounds.items() if shapely.intersects_xy(ground, x, y)}
    scenes = {each.pk: each for each in seen.filter(Q(place=asked.place) | Q(pk__in=over))}
    said = Assessment.objects.filter(scene__in=scenes).select_related("organisation").prefetch_related("answers")
    found = []
    for each in said[:MOST_PER_LANE]:
        result, scene = result_of(each), scenes[each.scene_id]
        title = _("{scene} {year}: {count} of 7").format(scene=scene.name, year=each.year, count=count_text(result))
        path = f"{reverse('scenes:scene', args=[asked.slug, scene.pk])}#assessment-{each.pk}"
        first = each.assessed_on or asked.today.replace(year=each.year, month=1, day=1)
        last = None if each.assessed_on else asked.today.replace(year=each.year, month=12, day=31)
        found.append(Item("assessments", first, last, title, result_text(result), path))
    return found, {pk: scene.name for pk, scene in scenes.items()}


def figures(asked: Asked) -> list[Item]:
    """Surveys and other stored figures that name the place as what they are about; not those of areas around it."""
    names = {asked.place.name, *asked.place.aliases}
    tables = SeriesTable.objects.filter(visible_to(asked.membership))
    rows = SeriesValue.objects.filter(series__table__in=tables, series__area_text__in=names, value__isnull=False)
    found = []
    for each in rows.select_related("series__table").order_by("-period_from")[:MOST_PER_LANE]:
        series = each.series
        value = each.printed or number_format(each.value or 0.0)
        path = reverse("observations:series_table", args=[asked.slug, series.table.slug])
        last = each.period_to - timedelta(days=1)
        partial = _("A part of the period.") if each.is_partial else ""
        found.append(
            Item(
                "figures",
                each.period_from,
                last,
                f"{series.title}: {value}",
                f"{series.table.source} {partial}".strip(),
                f"{path}#{series.key}",
            )
        )
    return found


def facts(asked: Asked) -> list[Item]:
    """Dated numbers about the place."""
    rows = Fact.objects.filter(visible_to(asked.membership), place=asked.place).order_by(F("valid_from").desc())
    path = reverse("places:place", args=[asked.slug, asked.place.pk])
    return [
        Item(
            "facts",
            each.valid_from,
            _last(each, asked),
            f"{each.get_kind_display()}: {number_format(round(each.value), force_grouping=True)}",
            each.source,
            path,
        )
        for each in rows[:MOST_PER_LANE]
    ]
