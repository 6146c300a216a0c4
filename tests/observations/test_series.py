"""Tables of figures: what a file may look like, and that a missing figure is never zero."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lagesbild.core.errors import UserError
from lagesbild.core.models import AuditEvent
from lagesbild.observations import actions
from lagesbild.observations.models import Series, SeriesTable, SeriesValue
from lagesbild.observations.series_charts import period_name
from lagesbild.observations.series_file import SeriesProblemsError, read_series
from tests.cast import Cast
from tests.observations import world

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "klara" / "series.csv"


def file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "figures.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_swedish_table_is_read_with_decimal_comma_and_flags(cast: Cast, tmp_path: Path) -> None:
    path = file(
        tmp_path,
        "Titel;Enhet;Område;Period;Värde;Ofullständig;Preliminär;Anmärkning;Källa\n"
        "Oro;procent;Klara;2018;12,5;nej;ja;;Mätningen 2019\n"
        "Oro;procent;Klara;2019-03;–;ja;;inte mätt;Mätningen 2019\n"
        "Oro;procent;Norrmalm;2018-Q4;1 234;;;;Mätningen 2019\n",
    )
    (table,) = actions.import_series(cast.municipality, path, title="Trygghet", actor=None)
    assert (table.slug, table.title, table.source) == ("trygghet", "Trygghet", "Mätningen 2019")
    rows = SeriesValue.objects.order_by("series__order", "period_from").values_list(
        "series__area_text", "period_from", "period_to", "value", "is_partial", "is_provisional", "note", "printed"
    )
    assert list(rows) == [
        ("Klara", date(2018, 1, 1), date(2019, 1, 1), 12.5, False, True, "", "12,5"),
        ("Klara", date(2019, 3, 1), date(2019, 4, 1), None, True, False, "inte mätt", "–"),
        ("Norrmalm", date(2018, 10, 1), date(2019, 1, 1), 1234.0, False, False, "", "1 234"),
    ]


def test_the_same_file_again_changes_nothing(cast: Cast, tmp_path: Path) -> None:
    path = file(tmp_path, "title,unit,period,value\nBrott,antal,2018,7\n")
    actions.import_series(cast.municipality, path, title="Brott", actor=None)
    before = (list(SeriesValue.objects.values_list("pk")), AuditEvent.objects.count())
    actions.import_series(cast.municipality, path, title="Brott", actor=None)
    assert (list(SeriesValue.objects.values_list("pk")), AuditEvent.objects.count()) == before


def test_a_new_file_replaces_the_figures_of_its_table(cast: Cast, tmp_path: Path) -> None:
    actions.import_series(
        cast.municipality, file(tmp_path, "title,unit,period,value\nA,st,2018,7\nB,st,2018,8\n"), title="T", actor=None
    )
    actions.import_series(
        cast.municipality, file(tmp_path, "title,unit,period,value\nA,st,2018,9\n"), title="T", actor=None
    )
    assert list(SeriesValue.objects.values_list("series__title", "value")) == [("A", 9.0)]


def test_every_wrong_row_is_told_and_nothing_is_stored(cast: Cast, tmp_path: Path) -> None:
    path = file(
        tmp_path,
        "title,unit,period_from,period_to,value,partial\n"
        "A,st,2018-01-01,2019-01-01,7,no\n"
        "A,st,2018-01-01,2019-01-01,8,no\n"
        "A,st,2019-13-01,2020-01-01,8,no\n"
        "A,st,2020-01-01,2020-01-01,8,no\n"
        "A,st,2021-01-01,2022-01-01,sju,no\n"
        "A,st,2022-01-01,2023-01-01,8,kanske\n"
        ",st,2023-01-01,2024-01-01,8,no\n"
        "A,procent,2024-01-01,2025-01-01,8,no\n"
        "811218-9876,st,2024-01-01,2025-01-01,8,no\n",
    )
    with pytest.raises(SeriesProblemsError) as caught:
        actions.import_series(cast.municipality, path, title="T", actor=None)
    assert [problem.split(":")[0].split()[-1] for problem in caught.value.problems] == [
        str(row) for row in range(3, 11)
    ]
    assert "811218" not in " ".join(caught.value.problems)
    assert not SeriesTable.objects.exists()


def test_a_file_that_is_no_table_of_figures_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="value"):
        read_series(file(tmp_path, "title,period\nA,2018\n"))


def test_another_organisations_table_is_not_replaced(cast: Cast, tmp_path: Path) -> None:
    path = file(tmp_path, "title,unit,period,value\nA,st,2018,7\n")
    actions.import_series(cast.municipality, path, title="T", actor=None)
    with pytest.raises(UserError) as caught:
        actions.import_series(cast.police, path, title="T", actor=None)
    assert caught.value.code == "series.owned_by_another"


def test_series_are_tied_to_categories_and_the_newest_area(cast: Cast, tmp_path: Path) -> None:
    world.category(cast.ekby, "narcotics")
    world.area_version(cast.municipality, "stadsdelar", "N", number=1)
    newest = world.area_version(cast.municipality, "stadsdelar", "N", number=2)
    path = file(
        tmp_path,
        "title,unit,area_set,area_code,category,period,value\n"
        "A,st,stadsdelar,N,narcotics,2018,7\n"
        "B,st,stadsdelar,saknas,,2018,7\n",
    )
    actions.import_series(cast.municipality, path, title="T", actor=None)
    assert list(Series.objects.order_by("title").values_list("area__version", "category__code")) == [
        (newest.pk, "narcotics"),
        (None, None),
    ]


def test_an_unknown_category_is_refused(cast: Cast, tmp_path: Path) -> None:
    path = file(tmp_path, "title,unit,category,period,value\nA,st,finns-inte,2018,7\n")
    with pytest.raises(UserError, match="finns-inte"):
        actions.import_series(cast.municipality, path, title="T", actor=None)


@pytest.mark.one_database
def test_the_published_figures_of_the_example_are_read_whole() -> None:
    tables = read_series(EXAMPLE)
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    assert sum(len(line.figures) for table in tables for line in table.series.values()) == len(lines) - 1
    drugs = next(table for table in tables if table.slug == "anmalda-narkotikabrott")
    region = drugs.series["narkotika-antal-region"]
    assert [figure.value for figure in region.figures][:2] == [22_235, 22_996]


@pytest.mark.one_database
def test_periods_are_called_what_people_call_them() -> None:
    names = {
        (date(2018, 1, 1), date(2019, 1, 1)): "2018",
        (date(2018, 12, 1), date(2019, 1, 1)): "2018-12",
        (date(2018, 2, 1), date(2018, 3, 1)): "2018-02",
        (date(2019, 1, 1), date(2019, 11, 1)): "2019-01-01 – 2019-10-31",
        (date(2018, 7, 1), date(2019, 7, 1)): "2018-07-01 – 2019-06-30",
    }
    assert {period: period_name(*period) for period in names} == names


def test_a_table_is_shown_with_a_gap_for_what_is_missing_and_downloads_as_it_was(
    cast: Cast, client: Client, tmp_path: Path
) -> None:
    path = file(
        tmp_path,
        "title,unit,area,period,value,partial,note,citation\n"
        "A,st,Klara,2018,7,no,,Källan\nA,st,Klara,2019,,yes,inte mätt,Källan\nB,st,Klara,2019,0,no,,Källan\n",
    )
    actions.import_series(cast.municipality, path, title="T", actor=None)
    client.force_login(cast.dag.user)
    grid = client.get("/c/ekby/reports/series/t/").context["grids"][0]
    assert [(row.period, [figure and figure.value for figure in row.figures]) for row in grid.rows] == [
        ("2018", [7.0, None]),
        ("2019", [None, 0.0]),
    ]
    assert grid.rows[0].figures[1] is None
    assert grid.remarks == ["A, 2019: inte mätt", "Källan"]

    downloaded = tmp_path / "again.csv"
    downloaded.write_bytes(client.get("/c/ekby/reports/series/t.csv").content)
    before = list(
        SeriesValue.objects.values_list("series__key", "period_from", "period_to", "value", "is_partial", "note")
    )
    actions.import_series(cast.municipality, downloaded, actor=None)
    after = list(
        SeriesValue.objects.values_list("series__key", "period_from", "period_to", "value", "is_partial", "note")
    )
    assert after == before


def test_a_file_of_figures_is_taken_in_on_its_page(cast: Cast, client: Client) -> None:
    client.force_login(cast.anna.user)
    good = SimpleUploadedFile("f.csv", b"title,unit,period,value\nA,st,2018,7\n")
    response = client.post("/c/ekby/reports/series/new/", {"title": "Trygghet", "file": good})
    assert response["Location"] == "/c/ekby/reports/series/trygghet/"
    bad = SimpleUploadedFile("f.csv", b"title,unit,period,value\nA,st,2018,sju\nB,st,18,7\n")
    refused = client.post("/c/ekby/reports/series/new/", {"title": "Oro", "file": bad})
    assert refused.status_code == 422
    assert len(refused.context["problems"]) == 2
    assert SeriesTable.objects.count() == 1
