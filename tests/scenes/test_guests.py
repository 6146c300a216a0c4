"""The guest arena: rows are checked, small numbers hidden everywhere, letters logged and then left alone."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lagesbild.core.errors import UserError
from lagesbild.places import actions as places
from lagesbild.places import ground
from lagesbild.places.actions.places import PlaceText
from lagesbild.places.models import BaseLayer
from lagesbild.scenes import actions, origin_trend, origins, origins_file
from lagesbild.scenes.models import FeedbackLetter, OriginCount, OriginTable
from tests.cast import Cast
from tests.places.builders import EAST, NORTH, geojson, square, store
from tests.scenes.permissions import CSV, a_letter, an_origin_table

pytestmark = pytest.mark.django_db


def path(name: str, *args: object) -> str:
    return reverse(f"scenes:{name}", args=["ekby", *args])


@pytest.fixture
def anna(cast: Cast, client: Client) -> Client:
    client.force_login(cast.anna.user)
    return client


def test_every_problem_is_told_by_row_and_column() -> None:
    lines = ["ursprung;typ;år;antal", "Nacka;planet;2024;3", ";kommun;24;-1", "Farsta;;2024;4", "farsta;;2024;4"]
    text = "\n".join([*lines, "850709-9805;;2024;1", ""])
    rows, problems = origins_file.read(text.encode())
    assert [row.origin for row in rows] == ["Farsta"]
    assert [(each.row, each.column) for each in problems] == [
        (2, "kind"),
        (3, "origin"),
        (3, "year"),
        (3, "count"),
        (5, "origin"),
        (6, "origin"),
    ]


def test_a_file_without_the_columns_or_without_text_is_refused() -> None:
    assert {each.column for each in origins_file.read(b"kommun;antal\nNacka;3\n")[1]} == {"year"}
    assert origins_file.read(b"")[1]
    assert origins_file.read(b"PK\x03\x04\0\0")[1]


def test_commas_and_western_letters_are_read() -> None:
    rows, problems = origins_file.read("Kommun,År,Antal\nTyresö,2024,1 200\n".encode("cp1252"))
    assert not problems
    assert (rows[0].origin, rows[0].count) == ("Tyresö", 1200)


def test_a_file_with_a_problem_stores_nothing_and_the_same_file_twice_is_one_table(cast: Cast, anna: Client) -> None:
    def send(csv: str) -> int:
        data: dict[str, Any] = {"title": "Gripna", "source": "Polisen", "sharing": "partners"}
        return anna.post(path("origins_new"), data | {"file": SimpleUploadedFile("a.csv", csv.encode())}).status_code

    assert send(CSV + "Nacka;kommun;2023;;många\n") == 422
    assert not OriginTable.objects.exists()
    assert send(CSV) == 302
    assert send(CSV) == 302
    assert OriginCount.objects.count() == 3
    assert send(CSV + "Nacka;kommun;2023;;4\n") == 422


def test_small_numbers_are_hidden_and_cannot_be_worked_out(cast: Cast) -> None:
    view = origins.view_of(an_origin_table(cast))
    cells = {line.origin: line.cells[0] for line in view.lines}
    assert cells["Tyresö"].hidden
    hidden = [origin for origin, cell in cells.items() if cell.hidden]
    assert len(hidden) > 1 or view.total.hidden
    assert view.n_hidden >= 2


def test_what_was_not_counted_is_not_a_zero(cast: Cast) -> None:
    csv = "ursprung;typ;år;antal\nNacka;kommun;2023;20\nNacka;kommun;2024;0\nFarsta;stadsdel;2024;30\n"
    view = origins.view_of(an_origin_table(cast, csv))
    farsta, nacka = sorted(view.lines, key=lambda line: line.origin)
    assert [cell.given for cell in farsta.cells] == [False, True]
    assert [cell.text for cell in nacka.cells] == ["20", "0"]


def test_no_letter_is_written_from_a_hidden_number(cast: Cast) -> None:
    table = an_origin_table(cast)
    view = origins.view_of(table)
    told = {line.origin for line, _n in origins.most_concerned(view, (2024, ""))}
    for line in view.lines:
        assert (line.origin in told) == (line.cells[0].value is not None)
        if line.origin not in told:
            with pytest.raises(UserError):
                actions.draft_letter(cast.anna, table, line.origin, (2024, ""))


def test_a_letter_that_was_sent_stands_as_it_is(cast: Cast, anna: Client) -> None:
    letter = a_letter(cast)
    assert "20" in letter.text
    edit = path("letter_edit", letter.pk)
    assert anna.post(edit, {"version": 1, "text": "Hej Nacka"}).status_code == 302
    assert anna.post(edit, {"version": 1, "text": "Hej igen"}).status_code == 409
    sent = {"sent_to": "Nackas registratur", "sent_on": "2025-02-01"}
    assert anna.post(path("letter_sent", letter.pk), {"sent_on": "2025-02-01"}).status_code == 422
    assert anna.post(path("letter_sent", letter.pk), sent).status_code == 302
    assert anna.post(edit, {"version": 2, "text": "Annat"}).status_code == 422
    assert anna.post(path("letter_sent", letter.pk), sent | {"sent_to": "Annan"}).status_code == 422
    stored = FeedbackLetter.objects.get()
    assert (stored.text, stored.sent_to, stored.sent_on) == ("Hej Nacka", "Nackas registratur", date(2025, 2, 1))
    assert "Nackas registratur" in anna.get(path("letter", letter.pk)).content.decode()


def test_a_letter_is_a_pdf(cast: Cast, anna: Client) -> None:
    response = anna.get(path("letter_pdf", a_letter(cast).pk))
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")


def test_flows_are_drawn_from_known_areas_and_the_others_are_named(cast: Cast, anna: Client, tmp_path: Path) -> None:
    file = tmp_path / "kommuner.geojson"
    file.write_text(geojson([({"code": "1", "name": "Nacka"}, square(3, 3))]), encoding="utf-8")
    store(cast.ekby, cast.municipality, file, slug="kommuner")
    table = an_origin_table(cast)
    where = ground.circle(EAST, NORTH, 100.0, crs=3006, working_crs=3006)
    table.place = places.create_place(cast.anna, PlaceText("Torget", "Ekby"), where)
    table.save()
    view = origins.view_of(table)
    drawn, undrawn = origins.flows(cast.anna, table, view, 0)
    assert drawn.count("LineString") == 1
    assert "Nacka" not in undrawn
    assert "Tyresö" not in drawn + "".join(undrawn)  # hidden in the table, hidden on the map
    assert "lagesbild-map" in anna.get(path("origins", table.pk)).content.decode()


YEARS = """ursprung;typ;år;antal
Farsta;stadsdel;2022;30
Nacka;kommun;2022;40
Tyresö;kommun;2022;20
Okänd;okänt;2022;10
Farsta;stadsdel;2023;20
Nacka;kommun;2023;60
Tyresö;kommun;2023;3
Okänd;okänt;2023;17
Farsta;stadsdel;2024;10
Nacka;kommun;2024;80
Tyresö;kommun;2024;10
Okänd;okänt;2024;10
"""


def test_the_share_of_guests_is_followed_over_the_years_and_a_hidden_number_is_a_gap(cast: Cast) -> None:
    view = origins.view_of(an_origin_table(cast, YEARS))
    found = origin_trend.trend(view, "")
    assert found is not None
    assert found.years == (2022, 2023, 2024)
    guests = {point.year: point.share_pct for point in found.guests.points}
    assert guests[2022] == pytest.approx(100 * 60 / 90)  # those whose home is not known are left out
    assert guests[2023] is None
    assert guests[2024] is None  # one more cell of the row is hidden, so that the small one cannot be worked out
    low, high = found.guests.points[0].low, found.guests.points[0].high
    assert low is not None
    assert high is not None
    assert low < 100 * 60 / 90 < high
    assert [line.title for line in found.origins] == ["Nacka", "Farsta", "Tyresö"]
    tyreso = {point.year: point.share_pct for point in found.origins[2].points}
    assert tyreso[2022] == pytest.approx(20.0)
    assert tyreso[2023] is None


def test_the_drawing_and_its_table_tell_no_hidden_number(cast: Cast, anna: Client) -> None:
    table = an_origin_table(cast, YEARS)
    response = anna.get(path("origins", table.pk))
    values = response.context["trend_chart"]["data"]["values"]
    hidden = [each for each in values if each["year"] == "2023" and each["line"] == "Tyresö"]
    assert [(each["share"], each["low"], each["high"]) for each in hidden] == [(None, None, None)]
    assert 'data-label="2023"' in response.content.decode()


def test_one_year_is_no_trend(cast: Cast) -> None:
    assert origin_trend.trend(origins.view_of(an_origin_table(cast)), "") is None


def test_an_origin_that_only_the_base_map_knows_is_drawn_too(cast: Cast) -> None:
    torget = places.create_place(
        cast.anna, PlaceText("Torget", "Ekby"), ground.circle(EAST, NORTH, 50.0, crs=3006, working_crs=3006)
    )
    table = an_origin_table(cast)
    OriginTable.objects.filter(pk=table.pk).update(place=torget)
    box = [[[18.1, 59.2], [18.2, 59.2], [18.2, 59.3], [18.1, 59.3], [18.1, 59.2]]]
    feature = {"type": "Feature", "properties": {"name": "Nacka"}, "geometry": {"type": "Polygon", "coordinates": box}}
    land = {"slug": "land", "name": "Stadsdelar", "kind": "land", "source": "Kommunen"}
    collection = json.dumps({"type": "FeatureCollection", "features": [feature]})
    BaseLayer.objects.create(collaboration=cast.ekby, owner=cast.municipality, geojson=collection, **land)
    table.refresh_from_db()
    drawn, undrawn = origins.flows(cast.anna, table, origins.view_of(table), 0)
    [line] = json.loads(drawn)["features"]
    assert line["properties"]["title"] == "Nacka"
    assert line["geometry"]["coordinates"][0] == pytest.approx([18.15, 59.25], abs=0.01)
    assert undrawn == ()  # the others are hidden, and so neither drawn nor named
