"""What field reports offer to the situational picture: how many, which, where on the map, and the way to them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import override

from lagesbild.fieldreports.map_data import MOST_ON_MAP, on_map
from lagesbild.fieldreports.models import Certainty, FieldReport, Precision
from lagesbild.fieldreports.queries import SOURCE
from lagesbild.observations.areas import assigner
from lagesbild.observations.categories import CategoryMapping
from lagesbild.observations.filters import EventFilter
from lagesbild.observations.questions import Question, point_events
from lagesbild.picture.access import seen_by_all
from lagesbild.picture.beside import Counted, Reports, ReportUsed
from lagesbild.picture.content import Period
from lagesbild.picture.offers import Asked

COLUMNS = {
    "pk": pl.Int64(),
    "number": pl.Int64(),
    "version": pl.Int64(),
    "source_type": pl.String(),
    "occurred_from": pl.Datetime("us", "UTC"),
    "x": pl.Float64(),
    "y": pl.Float64(),
    "precision": pl.String(),
    "certainty": pl.String(),
    "place": pl.Int64(),
    "is_exercise": pl.Boolean(),
}
FIELDS = {"source_type": "category__code"}


class Offer:
    """The teller that is registered with the picture."""

    def counted(self, asked: Asked) -> Reports:
        frame, question = _frame(asked), _question(asked)
        now = _matching(frame, question, asked.period)
        before = _matching(frame, question, asked.before) if asked.before and _known_then(asked, frame) else None
        ordered = now.sort("occurred_from", "pk")
        return Reports(
            n=now.height,
            n_before=None if before is None else before.height,
            n_points=point_events(now.lazy()).collect().height,
            kinds=tuple(_kinds(question.mapping, now, before)),
            certainties=tuple(_certainties(now, before)),
            used=tuple(
                ReportUsed(id=pk, number=number, version=version)
                for pk, number, version in ordered.select("pk", "number", "version").iter_rows()
            ),
            is_exercise=bool(now["is_exercise"].any()),
        )

    def on_map(self, asked: Asked) -> dict[str, Any]:
        keys = point_events(_matching(_frame(asked), _question(asked), asked.period).lazy()).collect()["pk"].to_list()
        newest = FieldReport.objects.filter(pk__in=keys[:MOST_ON_MAP]).select_related("category__parent", "place")
        drawn: dict[str, Any] = json.loads(on_map(asked.membership.collaboration, list(newest)))
        return drawn

    def list_path(self, asked: Asked) -> str:
        filters = asked.events.filters
        query = EventFilter(
            from_on=asked.period.from_on,
            to_on=asked.period.to_on,
            categories=filters.categories,
            place=filters.place,
        ).to_query()
        return f"{reverse('fieldreports:reports', args=[asked.membership.collaboration.slug])}?{query}"

    def report_path(self, slug: str, pk: int) -> str:
        return reverse("fieldreports:report", args=[slug, pk])


def _question(asked: Asked) -> Question:
    """The same question of reports: their source type is the code of their category."""
    nodes = asked.events.mapping.nodes
    mapping = CategoryMapping(nodes, tuple((SOURCE, node.code, node.code) for node in nodes))
    return replace(asked.events, sources=(SOURCE,), mapping=mapping)


def _frame(asked: Asked) -> pl.DataFrame:
    """The reports of both periods that may be told of, with the columns that a question asks for. Newest first."""
    collaboration = asked.membership.collaboration
    zone = ZoneInfo(collaboration.time_zone)
    spans = [asked.period] + ([asked.before] if asked.before else [])
    within = Q(
        occurred_from__gte=_midnight(min(span.from_on for span in spans), zone),
        occurred_from__lt=_midnight(max(span.to_on for span in spans), zone),
    )
    rows = (
        FieldReport.objects.filter(seen_by_all(asked.membership, asked.sharing), within, lead=None)
        .order_by("-occurred_from", "-pk")
        .values_list(*(FIELDS.get(name, name) for name in COLUMNS))
    )
    frame = pl.DataFrame(list(rows), schema=COLUMNS, orient="row")
    local = pl.col("occurred_from").dt.convert_time_zone(collaboration.time_zone)
    frame = frame.with_columns(
        source=pl.lit(SOURCE),
        local_date=local.dt.date(),
        local_hour=local.dt.hour(),
        year=local.dt.year(),
        area_name=pl.lit(None, pl.String),
    )
    if not asked.events.areas:
        return frame
    return pl.concat([frame, assigner(collaboration)(frame)], how="horizontal")


def _known_then(asked: Asked, frame: pl.DataFrame) -> bool:
    """Whether reports were written in or before the earlier period: none at all is not "fewer". One query at most."""
    if asked.before is None or frame.is_empty():
        return False
    if bool((frame["local_date"] < asked.before.to_on).any()):
        return True
    after = _midnight(asked.before.to_on, ZoneInfo(asked.membership.collaboration.time_zone))
    return FieldReport.objects.filter(seen_by_all(asked.membership, asked.sharing), occurred_from__lt=after).exists()


def _matching(frame: pl.DataFrame, question: Question, period: Period) -> pl.DataFrame:
    """Those of the period. At a place are those that name it and those with a point in it."""
    filters = replace(question.filters, from_on=period.from_on, to_on=period.to_on)
    anywhere = replace(question, filters=filters, place=None).narrowed(frame.lazy())
    if question.place is None:
        return anywhere.collect()
    at = [point_events(anywhere).filter(question.place.condition()), anywhere.filter(place=question.filters.place)]
    return pl.concat(pl.collect_all(at)).unique("pk", keep="first", maintain_order=True)


def _kinds(mapping: CategoryMapping, now: pl.DataFrame, before: pl.DataFrame | None) -> Iterable[Counted]:
    """Every category with reports, in the order of the tree, each by itself."""
    n, n_before = Counter(now["source_type"]), None if before is None else Counter(before["source_type"])
    for node, _depth in mapping.in_order():
        if n[node.code] or (n_before and n_before[node.code]):
            earlier = None if n_before is None else n_before[node.code]
            yield Counted(code=node.code, name=node.name, name_en=node.name_en, n=n[node.code], n_before=earlier)


def _certainties(now: pl.DataFrame, before: pl.DataFrame | None) -> Iterable[Counted]:
    n, n_before = Counter(now["certainty"]), None if before is None else Counter(before["certainty"])
    for each in Certainty:
        earlier = None if n_before is None else n_before[each.value]
        yield Counted(
            code=each.value, name=_label(each, "sv"), name_en=_label(each, "en"), n=n[each.value], n_before=earlier
        )


def _label(each: Certainty | Precision, language: str) -> str:
    with override(language):
        return str(each.label)


def _midnight(day: Any, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
