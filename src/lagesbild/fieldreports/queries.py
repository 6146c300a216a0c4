"""Reads of field reports: lists, what is most reported, others of the same thing, and the frame for analysis."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import polars as pl
from django.db.models import Case, CharField, Count, F, Prefetch, Q, QuerySet, When

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Collaboration, Membership
from lagesbild.fieldreports.filters import ReportFilter
from lagesbild.fieldreports.models import FieldReport, ReportEvent, Status
from lagesbild.observations import queries as observations
from lagesbild.observations.areas import assigner
from lagesbild.observations.categories import CategoryMapping, CategoryNode
from lagesbild.observations.filters import EventFilter
from lagesbild.observations.models import Category
from lagesbild.observations.store.schema import SCHEMA
from lagesbild.places.models import Place

SOURCE = "fieldreports"
"""The name under which field reports stand among the sources of incidents."""
NEAR_M, NEAR_DAYS, MOST_NEAR = 250.0, 14, 5
LARGE_BUTTONS = 8
RECENT = 500


def reports_of(membership: Membership, filters: ReportFilter | None = None) -> QuerySet[FieldReport]:
    """The reports that the member may see and asks for, newest first. One query, one more for a category."""
    reports = FieldReport.objects.filter(visible_to(membership)).select_related(
        "category__parent", "place", "function__organisation", "reported_by"
    )
    return reports.filter(_asked(membership, filters)) if filters else reports


def for_table(membership: Membership, filters: ReportFilter, *, most: int) -> list[FieldReport]:
    """The same for many reports at a time: what they share is fetched once and not with every row. Seven queries."""
    reports = FieldReport.objects.filter(visible_to(membership), _asked(membership, filters))
    shared = Prefetch("place", Place.objects.only("name"))
    return list(reports.prefetch_related("category__parent", "function__organisation", shared)[:most])


def _asked(membership: Membership, filters: ReportFilter) -> Q:
    zone, events = ZoneInfo(membership.collaboration.time_zone), filters.events
    asked = Q(reported_by=membership.user_id) if filters.mine else Q()
    if events.from_on:
        asked &= Q(occurred_from__gte=_midnight(events.from_on, zone))
    if events.to_on:
        asked &= Q(occurred_from__lt=_midnight(events.to_on, zone))
    if events.categories:
        tree = category_tree(membership.collaboration)
        asked &= Q(category__code__in=tree.below(set(events.categories) & set(tree.by_code)))
    if events.place:
        asked &= Q(place=events.place)
    if filters.status:
        asked &= Q(status=filters.status)
    if filters.certainty:
        asked &= Q(certainty=filters.certainty)
    return asked


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def category_tree(collaboration: Collaboration) -> CategoryMapping:
    """The tree of categories, in which a report counts by the code of its own category. One query."""
    rows = Category.objects.filter(collaboration=collaboration).values_list(
        "code", "name", "name_en", "parent__code", "detection"
    )
    nodes = tuple(CategoryNode(*row) for row in rows)
    return CategoryMapping(nodes, tuple((SOURCE, node.code, node.code) for node in nodes))


def most_reported(membership: Membership, tree: CategoryMapping) -> list[CategoryNode]:
    """The categories for the large buttons: what one's own organisation reports most comes first, then what all do.

    Among the latest five hundred; filled up with the top of the tree in its order. One query.
    """
    latest = FieldReport.objects.filter(collaboration=membership.collaboration_id).order_by("-pk").values("pk")[:RECENT]
    own = Count("pk", filter=Q(owner=membership.function.organisation_id))
    rows = FieldReport.objects.filter(pk__in=latest).order_by().values("category__code")
    counted = rows.annotate(own=own, n=Count("pk")).order_by("-own", "-n", "category__order")
    codes = [row["category__code"] for row in counted[:LARGE_BUTTONS]]
    for node in sorted(tree.nodes, key=lambda node: node.parent is not None):  # the top first, else in order
        codes += [node.code] if node.code not in codes else []
    return [tree.by_code[code] for code in codes[:LARGE_BUTTONS] if code in tree.by_code]


def places_to_name(membership: Membership) -> list[tuple[int, str]]:
    """Key and name of the places that a report may name, by name. One query."""
    places = Place.objects.filter(visible_to(membership), retired_on=None).order_by("name")
    return list(places.values_list("pk", "name"))


@dataclass(frozen=True)
class Near:
    """Another report that may be of the same thing."""

    report: FieldReport
    distance_m: float | None


def same_thing(membership: Membership, report: FieldReport) -> list[Near]:
    """Reports of the same category within 250 m and a fortnight, nearest first, at most five. One query.

    Without a point, those at the same place. Joined ones are left out: their lead is there.
    """
    span = timedelta(days=NEAR_DAYS)
    others = reports_of(membership).filter(
        ~Q(pk=report.pk) & ~Q(lead=report.pk),
        category=report.category_id,
        lead=None,
        occurred_from__range=(report.occurred_from - span, report.occurred_from + span),
    )
    if report.lead_id:
        others = others.exclude(pk=report.lead_id)
    if report.x is None or report.y is None:
        named = Q(place=report.place_id) if report.place_id else Q(place_text__iexact=report.place_text)
        return [Near(other, None) for other in others.filter(named)[:MOST_NEAR]]
    box = Q(x__range=(report.x - NEAR_M, report.x + NEAR_M), y__range=(report.y - NEAR_M, report.y + NEAR_M))
    found = [Near(other, _distance(report, other)) for other in others.filter(box)[:200]]
    near = [each for each in found if each.distance_m is not None and each.distance_m <= NEAR_M]
    return sorted(near, key=lambda each: (each.distance_m or 0.0, each.report.pk))[:MOST_NEAR]


def _distance(one: FieldReport, other: FieldReport) -> float:
    return math.hypot((one.x or 0) - (other.x or 0), (one.y or 0) - (other.y or 0))


def report_numbered(membership: Membership, number: int) -> FieldReport | None:
    """The report with this number, if the member may see it."""
    return FieldReport.objects.filter(visible_to(membership), number=number).first()


def history_of(report: FieldReport) -> list[ReportEvent]:
    """What happened to the report, oldest first. One query."""
    return list(report.events.select_related("by", "function__organisation"))


def followers_of(membership: Membership, report: FieldReport) -> list[FieldReport]:
    """The reports joined to this one that the member may see. One query."""
    return list(reports_of(membership).filter(lead=report.pk).order_by("number"))


def lead_of(membership: Membership, report: FieldReport) -> FieldReport | None:
    """The report that this one is joined to, if the member may see it."""
    return reports_of(membership).filter(pk=report.lead_id).first() if report.lead_id else None


def unreviewed(membership: Membership) -> int:
    """How many wait for somebody to look at them."""
    return FieldReport.objects.filter(visible_to(membership), status=Status.NEW).count()


def has_exercise(reports: Iterable[FieldReport]) -> bool:
    return any(report.is_exercise for report in reports)


def event_frame(
    collaboration: Collaboration, filters: EventFilter, *, membership: Membership | None = None
) -> pl.LazyFrame:
    """The reports that match, with the columns of incidents, so that both can be analysed as one.

    The source is ``fieldreports``, the source type the code of the report's category. Reports joined to another are
    one event, that of their lead. ``note`` is left empty: analysis needs no words. Without ``membership``, every
    report: for the server itself. Cost: one query, a few more for the filter; areas are found in one call.
    """
    tree = category_tree(collaboration)
    question = observations.resolve(
        collaboration, replace(filters, sources=frozenset()), membership=membership, mapping=tree
    )
    asked = not filters.sources or SOURCE in filters.sources
    question = replace(question, sources=(SOURCE,) if asked else ())
    return question.narrowed(_frame(collaboration, membership).lazy())


def _frame(collaboration: Collaboration, membership: Membership | None) -> pl.DataFrame:
    sees = visible_to(membership) if membership else Q(collaboration=collaboration)
    where = Case(When(place_text="", then=F("place__name")), default=F("place_text"), output_field=CharField())
    rows = (
        FieldReport.objects.filter(sees, lead=None)
        .annotate(frame_where=where)
        .order_by("occurred_from", "pk")
        .values_list(
            "number",
            "category__code",
            "occurred_from",
            "occurred_to",
            "reported_at",
            "x",
            "y",
            "precision",
            "frame_where",
        )
    )
    columns = list(zip(*rows, strict=True)) or [()] * len(_WRITTEN)
    frame = pl.DataFrame(dict(zip(_WRITTEN, columns, strict=True)), schema_overrides=_WRITTEN, strict=False)
    local = pl.col("occurred_from").dt.convert_time_zone(collaboration.time_zone)
    derived = {
        "time_precision": pl.lit("minute"),
        "local_date": local.dt.date(),
        "local_hour": local.dt.hour(),
        "source": pl.lit(SOURCE),
        "year": local.dt.year(),
    }
    whole = frame.with_columns(**derived).select(
        *(
            (pl.col(n) if n in _WRITTEN or n in derived else pl.lit(None)).cast(kind).alias(n)
            for n, kind in SCHEMA.items()
        )
    )
    return pl.concat([whole, assigner(collaboration)(whole)], how="horizontal")


_WRITTEN: dict[str, pl.DataType] = {
    "source_id": pl.UInt32(),  # the number; text only at the end
    **{
        name: SCHEMA[name]
        for name in ("source_type", "occurred_from", "occurred_to", "reported_at", "x", "y", "precision", "place_text")
    },
}


def photo_names() -> Iterator[str]:
    """The names of the photos of all reports, of every collaboration."""
    return FieldReport.objects.exclude(photo="").order_by().values_list("photo", flat=True).iterator()
