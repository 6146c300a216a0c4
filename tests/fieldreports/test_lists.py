"""The list, its map and its file say the same; the frame has the columns of incidents."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from django.test import Client

from lagesbild.accounts.models import SharingLevel
from lagesbild.fieldreports import actions, queries
from lagesbild.fieldreports.models import FieldReport
from lagesbild.fieldreports.reporting import Author
from lagesbild.observations.filters import EventFilter
from lagesbild.observations.store.schema import SCHEMA
from lagesbild.places.assignment import area_column
from tests.cast import Cast
from tests.fieldreports.builders import LIST, a_place, a_report, categories
from tests.places.builders import a_board

NOON = datetime(2026, 10, 5, 10, 0, tzinfo=UTC)


@pytest.fixture
def anna(cast: Cast, client: Client) -> Client:
    categories(cast)
    client.force_login(cast.anna.user)
    return client


@pytest.fixture
def some(cast: Cast, anna: Client) -> dict[str, FieldReport]:
    """Five reports that differ in one thing each."""
    place = a_place(cast, "Bron", dx=800, radius_m=40)
    return {
        "lamp": a_report(cast.bo, dx=20, when=NOON, note="=HYPERLINK(1)"),
        "late": a_report(cast.eva, when=datetime(2026, 10, 5, 22, 30, tzinfo=UTC)),  # half past midnight in Ekby
        "heard": a_report(cast.eva, "drugs", certainty="heard", when=NOON),
        "bridge": a_report(cast.eva, "litter", place_text=place.name, when=NOON),
        "mine": a_report(cast.anna, "order", place_text="bakom macken", when=NOON),
    }


CASES = [
    ("", {"lamp", "late", "heard", "bridge", "mine"}),
    ("category=environment", {"lamp", "late", "bridge"}),
    ("category=lighting", {"lamp", "late"}),
    ("from=2026-10-06", {"late"}),
    ("to=2026-10-05", {"lamp", "heard", "bridge", "mine"}),
    ("certainty=heard", {"heard"}),
    ("mine=1", {"mine"}),
    ("place=PLACE", {"bridge"}),
    ("status=reviewed", set()),
    ("status=new&category=drugs", {"heard"}),
]


@pytest.mark.parametrize(("query", "wanted"), CASES)
def test_list_file_and_map_are_filtered_alike(
    cast: Cast, anna: Client, some: dict[str, FieldReport], query: str, wanted: set[str]
) -> None:
    query = query.replace("PLACE", str(some["bridge"].place_id))
    numbers = {some[name].number for name in wanted}
    assert {report.number for report, _told in anna.get(f"{LIST}?{query}").context["rows"]} == numbers
    table = anna.get(f"{LIST}reports.csv?{query}").content.decode("utf-8-sig")
    assert {int(row[0]) for row in list(csv.reader(io.StringIO(table), delimiter=";"))[1:]} == numbers
    drawn = {feature["id"] for feature in anna.get(f"{LIST}reports.geojson?{query}").json()["features"]}
    assert drawn == {some[name].pk for name in wanted - {"mine"}}


@pytest.mark.parametrize("query", ["from=x", "status=gone", "certainty=sure", "category=gone&from=2026-02-31"])
def test_a_choice_that_cannot_be_is_told(cast: Cast, anna: Client, query: str) -> None:
    for address in (LIST, f"{LIST}reports.csv", f"{LIST}reports.geojson"):
        assert anna.get(f"{address}?{query}").status_code == 422


def test_no_text_of_the_file_is_a_formula(cast: Cast, anna: Client, some: dict[str, FieldReport]) -> None:
    assert "'=HYPERLINK(1)" in anna.get(f"{LIST}reports.csv").content.decode("utf-8-sig")


def test_a_report_of_ones_own_organisation_is_nobody_elses(cast: Cast, anna: Client, client: Client) -> None:
    report = a_report(cast.eva, note="Polisens egen", sharing=SharingLevel.OWN)
    for address in (LIST, f"{LIST}reports.csv", f"{LIST}reports.geojson"):
        assert str(report.pk) not in re.findall(r"fieldreports/(\d+)/", anna.get(address).content.decode())
        assert "Polisens egen" not in anna.get(address).content.decode()
    assert anna.get(f"{LIST}{report.pk}/").status_code == 404
    client.force_login(cast.eva.user)
    assert client.get(f"{LIST}{report.pk}/").status_code == 200


def test_to_htmx_the_list_alone_is_sent_with_new_data_for_the_map(cast: Cast, anna: Client) -> None:
    a_report(cast.bo)
    answer = anna.get(f"{LIST}?certainty=seen", headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert "<html" not in page
    assert "reports.geojson?certainty=seen" in page
    assert "HX-Request" in answer.headers["Vary"]


def test_long_lists_come_a_page_at_a_time_and_pages_take_few_queries(
    cast: Cast, anna: Client, django_assert_max_num_queries: object
) -> None:
    lead = a_report(cast.bo)
    for _ in range(29):
        report = a_report(cast.eva)
    for other in FieldReport.objects.exclude(pk=lead.pk)[:10]:
        actions.join_reports(Author.of(cast.anna), other, lead)
    assert len(anna.get(f"{LIST}?page=2").context["rows"]) == 5
    for address in (LIST, f"{LIST}new/", f"{LIST}reports.csv", f"{LIST}reports.geojson"):
        with django_assert_max_num_queries(10):  # type: ignore[operator]
            anna.get(address)
    for each in (lead, report):
        with django_assert_max_num_queries(10):  # type: ignore[operator]
            anna.get(f"{LIST}{each.pk}/")


def test_those_who_review_are_led_to_what_waits(cast: Cast, anna: Client, client: Client) -> None:
    done = a_report(cast.bo)
    actions.review_report(Author.of(cast.anna), done, seen=1, category="lighting")
    assert "väntar på granskning" not in anna.get(LIST).content.decode()
    a_report(cast.bo)
    assert "1 rapport väntar på granskning" in anna.get(LIST).content.decode()
    client.force_login(cast.bo.user)
    assert "väntar på granskning" not in client.get(LIST).content.decode()


def test_an_empty_list_says_what_to_do_to_those_who_may(cast: Cast, client: Client) -> None:
    client.force_login(cast.bo.user)
    assert f"{LIST}new/" in client.get(LIST).content.decode()
    client.force_login(cast.dag.user)
    assert f"{LIST}new/" not in client.get(LIST).content.decode()


def test_the_frame_has_the_columns_of_incidents_and_counts_a_joined_report_once(
    cast: Cast, some: dict[str, FieldReport], tmp_path: Path
) -> None:
    version = a_board(cast, tmp_path)
    actions.join_reports(Author.of(cast.anna), some["late"], some["lamp"])
    frame = queries.event_frame(cast.ekby, EventFilter()).collect()
    column = area_column(version.area_set_id)
    assert frame.schema == {**SCHEMA, column: pl.Int32()}
    assert sorted(frame["source_id"], key=int) == ["1", "3", "4", "5"]
    lamp = frame.row(by_predicate=pl.col("source_id") == "1", named=True)
    assert (lamp["source"], lamp["source_type"], lamp["year"]) == ("fieldreports", "lighting", 2026)
    assert (lamp["local_date"], lamp["local_hour"], lamp["precision"]) == (date(2026, 10, 5), 12, "exact")
    assert lamp["note"] is None
    assert lamp[column] == version.areas.get(code="00").pk
    assert frame.row(by_predicate=pl.col("source_id") == "5", named=True)["precision"] == "none"


FRAMES = [
    (EventFilter(), 5),
    (EventFilter(categories=frozenset({"environment"})), 3),
    (EventFilter(from_on=date(2026, 10, 6)), 1),
    (EventFilter(hours=frozenset({0})), 1),
    (EventFilter(sources=frozenset({"fieldreports"})), 5),
    (EventFilter(sources=frozenset({"polisen"})), 0),
]


@pytest.mark.parametrize(("filters", "n"), FRAMES)
def test_the_frame_answers_the_filter_of_incidents(
    cast: Cast, some: dict[str, FieldReport], filters: EventFilter, n: int
) -> None:
    assert queries.event_frame(cast.ekby, filters).collect().height == n


def test_the_frame_holds_what_the_member_may_see(cast: Cast, anna: Client) -> None:
    a_report(cast.eva, sharing=SharingLevel.OWN)
    a_report(cast.bo)
    assert queries.event_frame(cast.ekby, EventFilter()).collect().height == 2
    assert queries.event_frame(cast.ekby, EventFilter(), membership=cast.anna).collect().height == 1


def test_the_frame_of_a_place_holds_the_points_in_it(cast: Cast, some: dict[str, FieldReport]) -> None:
    frame = queries.event_frame(cast.ekby, EventFilter(place=some["bridge"].place_id)).collect()
    assert frame["source_id"].to_list() == [str(some["bridge"].number)]


def test_a_frame_of_nothing_has_its_columns(cast: Cast) -> None:
    categories(cast)
    assert queries.event_frame(cast.ekby, EventFilter()).collect().schema == SCHEMA
