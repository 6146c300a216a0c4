"""The exercise field reports of a world, stored through the actions of ``fieldreports``. Again changes nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from lagesbild.accounts.models import Collaboration, Function, Organisation
from lagesbild.accounts.queries import user_with
from lagesbild.core.geo import WGS_84, project
from lagesbild.fieldreports import actions
from lagesbild.fieldreports.models import FieldReport, Status
from lagesbild.fieldreports.reporting import Author, ReportText
from lagesbild.observations.actions import ensure_category
from lagesbild.observations.models import Detection
from lagesbild.places.models import Place
from lagesbild.worlds import queries
from lagesbild.worlds.description import World

FILE = "fieldreports.toml"
BELOW_THE_TREE = 500
SENT_AFTER, HANDLED_AFTER, ANSWERED_AFTER = timedelta(minutes=30), timedelta(hours=18), timedelta(days=7)


def load(world: World, collaboration: Collaboration, organisations: Mapping[str, Organisation]) -> None:
    """Nothing if the world has no field reports."""
    path = world.folder / FILE
    if path.is_file():
        _load(path, collaboration, organisations)


def _load(path: Path, collaboration: Collaboration, organisations: Mapping[str, Organisation]) -> None:
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    for order, category in enumerate(raw["categories"]):
        ensure_category(
            collaboration, detection=Detection.NOT_CRIME, order=BELOW_THE_TREE + order, actor=None, **category
        )
    writers = {name: _writer(organisations, each) for name, each in raw["writers"].items()}
    reviewer = writers[raw["handling"]["writer"]]
    places, zone = queries.places_by_name(collaboration), ZoneInfo(collaboration.time_zone)
    stored: dict[int, FieldReport] = {}
    for each in raw["reports"]:
        when = each["when"].replace(tzinfo=zone)
        stored[each["number"]] = report = _store(collaboration, writers[each["writer"]], each, places, when)
        after = ANSWERED_AFTER if "answer" in each else HANDLED_AFTER
        _handle(reviewer.at(when + after), report, each, stored)


def _writer(organisations: Mapping[str, Organisation], raw: Mapping[str, str]) -> Author:
    function = Function.objects.select_related("organisation").get(
        organisation=organisations[raw["organisation"]], name=raw["function"]
    )
    return Author(function, user_with(raw["user"]) if "user" in raw else None)


def _store(
    collaboration: Collaboration, writer: Author, raw: Mapping[str, Any], places: Mapping[str, Place], when: datetime
) -> FieldReport:
    lon, lat = _point(places[raw["at"]], raw, collaboration.working_crs) if "at" in raw else (None, None)
    text = ReportText(
        raw["category"],
        certainty=raw["certainty"],
        act=raw.get("act", ""),
        visibility=raw.get("visibility", ""),
        occurred_from=when,
        place_text=raw["place"],
        note=raw["note"],
        lon=lon,
        lat=lat,
    )
    key = uuid5(NAMESPACE_URL, f"lagesbild:{collaboration.slug}:fieldreports:{raw['number']}")
    author = writer.at(when + SENT_AFTER)
    return actions.record_report(collaboration, author, text, client_id=key, is_exercise=True).report


def _point(place: Place, raw: Mapping[str, Any], crs: int) -> tuple[float, float]:
    lon, lat = project([place.x + raw.get("dx", 0)], [place.y + raw.get("dy", 0)], from_crs=crs, to_crs=WGS_84)
    return round(float(lon[0]), 7), round(float(lat[0]), 7)


def _handle(reviewer: Author, report: FieldReport, raw: Mapping[str, Any], stored: Mapping[int, FieldReport]) -> None:
    """What the coordinator did with it, once: a report that is no longer new has been handled."""
    if report.status != Status.NEW:
        return
    if "joins" in raw:
        actions.join_reports(reviewer, report, stored[raw["joins"]])
    elif "answer" in raw:
        actions.answer_report(reviewer, report, seen=report.version, text=raw["answer"])
    elif raw.get("reviewed"):
        actions.review_report(reviewer, report, seen=report.version, category=report.category.code)
