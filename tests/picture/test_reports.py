"""Field reports beside the events of the register: the same place, period and kinds, and only what one may see."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from lagesbild.accounts.models import Membership, SharingLevel
from lagesbild.core.geo import WGS_84, project
from lagesbild.fieldreports import actions as fieldreports
from lagesbild.fieldreports.models import FieldReport
from lagesbild.fieldreports.reporting import ReportText
from lagesbild.picture import freezing
from lagesbild.picture.beside import Reports
from tests.picture.test_freezing import frozen, page
from tests.picture.test_page import get, rows
from tests.picture.world import NOW, PARK, TORG, World


def reported(
    who: Membership,
    category: str = "damage",
    *,
    on: str = "2025-03-03",
    at: tuple[float, float] | None = TORG,
    **more: Any,
) -> FieldReport:
    where: dict[str, Any] = {"place_text": "vid muren"}
    if at:
        lon, lat = project([at[0]], [at[1]], from_crs=3006, to_crs=WGS_84)
        where = {"lon": float(lon[0]), "lat": float(lat[0])}
    when = datetime.fromisoformat(f"{on}T20:00").replace(tzinfo=UTC)
    text = ReportText(category, occurred_from=when, **where, **more)
    return fieldreports.send_report(who, text, client_id=uuid4()).report


def everything(who: Membership, query: str = NOW) -> str:
    return shown(who, query)["all"][0]


def shown(who: Membership, query: str = NOW) -> dict[str, tuple[str, str]]:
    table = [row for row in rows(get(who, "csv", f"{query}&part=report")) if row["part"] == "report"]
    return {row["code"]: (row["n"], row["n_before"]) for row in table}


def test_reports_of_the_period_stand_beside_those_before_and_apart_from_events(world: World) -> None:
    reported(world.cast.bo)
    reported(world.cast.bo, "narcotics")
    reported(world.cast.bo, on="2024-03-03")
    reported(world.cast.bo, on="2025-07-01")
    found = shown(world.cast.anna)
    assert found["all"] == ("2", "1")
    assert found["damage"] == ("1", "1")
    assert found["narcotics"] == ("1", "0")
    total = next(row for row in rows(get(world.cast.anna, "csv")) if row["part"] == "total" and not row["code"])
    assert total["n"] == "163"  # no event more
    text = get(world.cast.anna).content.decode()
    assert "2 fältrapporter i perioden, mot 1 i jämförelseperioden" in text
    assert "/c/ekby/fieldreports/?from=2025-01-01&amp;to=2025-06-30" in text


def test_before_the_first_report_nothing_is_compared(world: World) -> None:
    reported(world.cast.bo)
    assert shown(world.cast.anna)["all"] == ("1", "")
    reported(world.cast.bo, "narcotics", on="2023-03-03")
    assert shown(world.cast.anna)["all"] == ("1", "0")


def test_the_filters_narrow_reports_as_they_narrow_events(world: World) -> None:
    reported(world.cast.bo)
    reported(world.cast.bo, "narcotics", at=PARK)
    reported(world.cast.bo, at=None)
    assert everything(world.cast.anna, f"{NOW}&category=public-order") == "1"
    assert everything(world.cast.anna, f"{NOW}&place={world.torg.pk}") == "1"
    area = world.areas.areas.get(code="D1")
    assert everything(world.cast.anna, f"{NOW}&area={area.pk}") == "1"
    assert everything(world.cast.anna, f"{NOW}&hour=2") == "0"
    assert everything(world.cast.anna, f"{NOW}&hour=21") == "3"  # 20 UTC in winter


def test_a_report_that_names_the_place_counts_there_without_a_point(world: World) -> None:
    named = reported(world.cast.bo, at=None)
    FieldReport.objects.filter(pk=named.pk).update(place=world.torg)
    reported(world.cast.bo, at=None)
    assert everything(world.cast.anna, f"{NOW}&place={world.torg.pk}") == "1"


def test_nobody_counts_reports_that_are_not_theirs_to_see(world: World) -> None:
    reported(world.cast.bo, sharing=SharingLevel.OPERATIONAL)
    reported(world.cast.bo, sharing=SharingLevel.OWN)
    assert everything(world.cast.bo) == "2"
    assert everything(world.cast.anna) == "1"  # sits in the operational forum
    assert everything(world.cast.dag) == "0"
    assert "vid muren" not in get(world.cast.dag, "map_data").content.decode()
    points = json.loads(get(world.cast.anna, "map_data").content)["reports"]["features"]
    assert len(points) == 1
    assert points[0]["geometry"]["type"] == "Point"


def test_joined_reports_are_one(world: World) -> None:
    lead, follower = reported(world.cast.bo), reported(world.cast.bo)
    FieldReport.objects.filter(pk=follower.pk).update(lead=lead, status="joined")
    assert everything(world.cast.anna) == "1"


def test_an_empty_section_says_where_reports_are_written(world: World) -> None:
    text = get(world.cast.anna).content.decode()
    assert "0 fältrapporter i perioden" in text
    assert "Gå till fältrapporterna" in text


def kept(who: Membership, sharing: str) -> Reports:
    found = freezing.content_of(frozen(who, sharing=sharing)).reports
    assert found is not None
    return found


def test_a_frozen_picture_keeps_how_many_there_were_and_which(world: World) -> None:
    first, second = reported(world.cast.bo), reported(world.cast.bo, "narcotics", on="2025-02-02")
    picture = frozen(world.cast.anna)
    reported(world.cast.bo)
    FieldReport.objects.filter(pk=first.pk).update(version=7)
    found = freezing.content_of(picture).reports
    assert found is not None
    assert found.n == 2
    assert [(each.id, each.version) for each in found.used] == [(second.pk, 1), (first.pk, 1)]
    status, text = page(world.cast.bo, "frozen", picture.pk)
    assert status == 200
    assert "De 2 rapporterna bakom" in text
    assert reverse("fieldreports:report", args=["ekby", first.pk]) in text
    assert freezing.recompute(picture).same


def test_a_frozen_picture_holds_only_reports_that_all_its_readers_may_see(world: World) -> None:
    reported(world.cast.bo, sharing=SharingLevel.OPERATIONAL)
    reported(world.cast.bo)
    mine = reported(world.cast.anna, sharing=SharingLevel.OWN)
    ours = reported(world.cast.anna, sharing=SharingLevel.OPERATIONAL)
    assert kept(world.cast.anna, SharingLevel.PARTNERS).n == 1
    assert kept(world.cast.anna, SharingLevel.OPERATIONAL).n == 2  # Dag sees the picture, not Bo's report to the forum
    own = kept(world.cast.anna, SharingLevel.OWN)
    assert {mine.pk, ours.pk} < {each.id for each in own.used}
    assert own.n == 3
    assert kept(world.cast.anna, SharingLevel.PUBLIC).n == 0


def test_exercise_reports_mark_the_picture(world: World) -> None:
    report = reported(world.cast.bo)
    FieldReport.objects.filter(pk=report.pk).update(is_exercise=True)
    assert "Övningsdata" in get(world.cast.anna).content.decode()


def test_print_tells_of_reports(world: World) -> None:
    reported(world.cast.bo)
    client = Client(headers={"accept-language": "sv"})
    client.force_login(world.cast.anna.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    response = client.get(f"{reverse('picture:docx', args=['ekby'])}?{NOW}")
    assert response.status_code == 200
    assert "1 fältrapport i perioden" in _words(response.content)


def _words(docx: bytes) -> str:
    import io

    from docx import Document

    return "\n".join(paragraph.text for paragraph in Document(io.BytesIO(docx)).paragraphs)
