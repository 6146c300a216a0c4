"""The report of Klara for 2019: every cell, every trace, on the page, in print and from the command line."""

from __future__ import annotations

import io
import json
import random
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf
import pytest
from click.testing import CliRunner
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lagesbild.accounts.models import Membership
from lagesbild.cli import main
from lagesbild.core import clock
from lagesbild.core.documents import render_pdf
from lagesbild.goals.models import Indicator, Measurement
from lagesbild.goals.readers import reader_for
from lagesbild.observations.models import SeriesTable
from lagesbild.publications import content, queries
from lagesbild.publications.building import build, data_of
from lagesbild.publications.models import Report
from lagesbild.publications.references import bare_numbers
from lagesbild.publications.rendering import make_document
from lagesbild.scenes.models import AssessmentAnswer
from lagesbild.worlds import load_forums, load_reports
from lagesbild.worlds.description import read_world, worlds_folder
from tests.goals.klara import loaded
from tests.publications.pdf_ua import problems_of

pytestmark = pytest.mark.django_db
PRINTED = tomllib.loads((Path(__file__).parents[1] / "goals" / "v_tables.toml").read_text(encoding="utf-8"))


def _with_report(anna: Membership) -> None:
    world = read_world(worlds_folder() / "klara")
    load_forums.load(world, anna.collaboration)
    load_reports.load(world, anna.organisation)


@pytest.fixture(scope="module")
def report(django_db_setup: None, django_db_blocker: Any) -> Iterator[Report]:
    with loaded(django_db_blocker, _with_report) as anna:
        found = queries.report_of(anna.collaboration, 2019)
        assert found is not None
        yield found


def made(report: Report, language: str = "sv") -> dict[str, Any]:
    return build(report, reader_for(report.owner), language=language)


def squeezed(text: str) -> str:
    return re.sub(r"[\W_]", "", text).casefold().replace("sområde", "område").replace("upptäckts", "upptäcks")


def rows_of(built: dict[str, Any]) -> dict[str, list[str]]:
    """The texts of each row of the results' tables, by the row's question."""
    results = next(section for section in built["sections"] if section["code"] == "results")
    tables = [block for block in results["blocks"] if block["kind"] == "table"]
    return {squeezed(row[0]["text"]): [cell["text"] for cell in row[1:]] for table in tables for row in table["rows"]}


def test_the_results_chapter_writes_itself_cell_by_cell(report: Report) -> None:
    rows = rows_of(made(report))
    checked = 0
    for table in PRINTED["tables"]:
        for question, *cells in table["rows"]:
            wanted = squeezed(question.replace("Andel anmälda våldsbrott", "Anmälda våldsbrott"))
            [row] = [texts for name, texts in rows.items() if name.endswith(wanted)]
            assert [squeezed(text) for text in row] == [squeezed(text) for text in cells], question
            assert [text == "–" for text in row] == [text == "-" for text in cells], question
            flagged = table.get("partial", []) + table.get("uncertain", [])
            assert [bool(re.search(r"\*|\(\?\)", text)) for text in row] == [
                name in flagged for name in table["columns"]
            ]
            checked += len(cells)
    assert checked > 100


def test_the_narcotics_tables_are_as_printed(report: Report) -> None:
    picture = next(section for section in made(report)["sections"] if section["code"] == "picture")
    tables = [block for block in picture["blocks"] if block["kind"] == "table"]
    shown = {squeezed(row[0]["text"]): [cell["text"] for cell in row[1:]] for table in tables for row in table["rows"]}
    for kind, prefix in (
        ("counts", "Totalt anmälda narkotikabrott "),
        ("rates", "Anmälda narkotikabrott per 100 000 invånare "),
    ):
        for name, *cells in PRINTED["narcotics"][kind]:
            assert [squeezed(text) for text in shown[squeezed(prefix + name)]] == [squeezed(text) for text in cells]


def test_no_number_is_without_a_trace_and_none_was_typed(report: Report) -> None:
    found = content.numbers(made(report))
    assert len(found) > 200
    assert [each for each in found if not each.trace] == []
    assert {
        section.code: bare_numbers(section.text) for section in report.sections.all() if bare_numbers(section.text)
    } == {}


def test_random_numbers_lead_back_to_the_measurement_they_show(report: Report, client: Client) -> None:
    client.force_login(Membership.objects.get(user__email="anna@klara.example").user)
    found = [each for each in content.numbers(made(report)) if "#m" in each.trace and each.text not in ("", "–")]
    assessed = [each for each in found if "/drogscen-" in each.trace]
    assert len(assessed) == 21
    for number in [*random.Random(5).sample(found, 12), *random.Random(6).sample(assessed, 3)]:
        path, _hash, anchor = number.trace.partition("#")
        page = client.get(path, headers={"accept-language": "sv"})
        assert page.status_code == 200
        assert f'id="{anchor}"' in page.content.decode()
        measured = Measurement.objects.get(pk=int(anchor.removeprefix("m")))
        if number.where:  # a sentence may tell of a change instead
            assert _shown(measured) in number.text.replace("\xa0", " ").casefold(), number
        if measured.origin.get("kind") == "series":
            table = SeriesTable.objects.get(slug=measured.origin["table"])
            values = table.series.get(key=measured.origin["series"]).values
            assert values.get(period_from=measured.period_from).value == measured.value
        if measured.origin.get("kind") == "assessment":
            _follow_to_the_answer(client, measured, page.content.decode())


def _follow_to_the_answer(client: Client, measured: Measurement, page: str) -> None:
    """From the indicator's page to the answer on the scene's, and from the answer to the figure again."""
    answer = AssessmentAnswer.objects.select_related("assessment__scene").get(pk=measured.origin["answer"])
    newest = answer.assessment.scene.assessments.filter(year=measured.period_from.year).first()
    assert answer.assessment == newest
    assert {"yes": 1.0, "partly": 0.5, "no": 0.0}[answer.answer] == measured.value
    address = f"/c/klara/scenes/{answer.assessment.scene_id}/"
    assert f'href="{address}#answer-{answer.pk}"' in page
    assert f'id="answer-{answer.pk}"' in client.get(address).content.decode()


def _shown(measured: Measurement) -> str:
    value, indicator = measured.value, measured.indicator
    assert value is not None
    if indicator.unit == "yes_no":
        return "ja" if value else "nej"
    whole = f"{value:,.{indicator.decimals}f}".replace(",", " ").replace(".", ",")
    return whole


def test_it_takes_few_queries_however_many_references_there_are(report: Report) -> None:
    with CaptureQueriesContext(connection) as captured:
        made(report)
    assert len(captured) < 60


def test_both_languages_and_a_tagged_pdf_and_word(report: Report, tmp_path: Path) -> None:
    for language, word in (("sv", "Uppnås inte"), ("en", "Not met")):
        path = tmp_path / f"{language}.pdf"
        command = ["report", "--collaboration", "klara", "--year", "2019", "--language", language, "-o", str(path)]
        result = CliRunner().invoke(main, command)
        assert result.exit_code == 0, result.output
        pdf = pypdf.PdfReader(io.BytesIO(path.read_bytes()))
        text = " ".join(page.extract_text() for page in pdf.pages)
        assert word in text
        assert "565" in text
        root: Any = pdf.trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"]
        assert "pdfuaid" in pdf.xmp_metadata.stream.get_data().decode()  # type: ignore[union-attr]
    word_file = tmp_path / "r.docx"
    CliRunner().invoke(main, ["report", "--collaboration", "klara", "--year", "2019", "-o", str(word_file)])
    assert word_file.read_bytes()[:2] == b"PK"


def test_the_whole_report_passes_every_rule_of_pdf_ua(report: Report, tmp_path: Path) -> None:
    path = tmp_path / "klara.pdf"
    path.write_bytes(render_pdf(make_document(made(report), made_at=clock.now())))
    checks, problems = problems_of(path)
    assert problems == []
    assert checks > 10_000


# Where the source contradicts itself, both stand in the report, beside the figure (what it says, in which section).
CONTRADICTIONS = [
    ("53", "picture"),
    ("59", "picture"),
    ("69 470", "results"),
    ("69 420", "results"),
    ("270 300", "results"),
    ("270 330", "picture"),
    ("71 940", "picture"),
    ("döljs annars", "results"),
    ("antalet ökade med 90", "results"),
    ("kan mätas först med trygghetsmätningen 2020", "results"),
    ("83 % av 100 %", "results"),
    ("noll till och med oktober", "results"),
    ("sannolikt del av år", "results"),
    ("inte i hemmet eller på krogen", "results"),
    ("heter ”Andel”", "results"),
    ("RAR och Pust", "results"),
    ("inte varandras komplement", "results"),
    ("inte varandras komplement", "picture"),
    ("tabellen börjar i augusti 2017", "results"),
    ("2014 och 2015 nämns", "results"),
    ("Säkerhetsenheten och Jernhusen deltar enligt sina egna avsnitt men saknas", "goals"),
    ("har inget eget avsnitt", "goals"),
    ("44", "picture"),
    ("annan period och annan källa", "picture"),
    ("till den informella", "theory"),
    ("omfördelning i tid vanligast", "theory"),
]


@pytest.mark.parametrize(("told", "code"), CONTRADICTIONS)
def test_what_the_source_says_against_itself_stands_in_the_report(built: dict[str, str], told: str, code: str) -> None:
    assert told in built[code]


@pytest.fixture(scope="module")
def built(report: Report) -> dict[str, str]:
    """The words of each section."""
    sections = made(report)["sections"]
    texts = {each["code"]: "\n".join(content.plain_text(block) for block in each["blocks"]) for each in sections}
    return {code: text.replace("\xa0", " ") for code, text in texts.items()}


def test_each_source_is_told_once_with_all_that_was_taken_from_it(report: Report) -> None:
    [table] = next(each for each in made(report)["sections"] if each["code"] == "sources")["blocks"]
    sources = [row[0]["text"] for row in table["rows"]]
    assert len(sources) == len(set(sources))
    [assessed] = [row[1]["text"] for row in table["rows"] if row[0]["text"].endswith("Måluppfyllnad, mål 1")]
    assert assessed.split("; ") == [f"Indikator {number}" for number in range(1, 8)]
    assert not any(source.startswith("V,") for source in sources)


def test_the_json_says_judgement_and_proposal_and_every_measurement(report: Report) -> None:
    result = CliRunner().invoke(main, ["report", "--collaboration", "klara", "--year", "2019", "--json"])
    data = json.loads(result.output)
    assert [(goal["number"], goal["judgement"], goal["proposal"]) for goal in data["goals"]] == [
        ("1", "not met", "not met"),
        ("2", "not met", "not met"),
        ("3", "not met", "cannot be judged"),
        ("4", "met", "partly met"),
        ("5", "partly met", "partly met"),
    ]
    overdoses = next(i for goal in data["goals"] for i in goal["indicators"] if i["code"] == "avlidna-overdos-klara")
    assert [(m["period"], m["value"], m["partial"]) for m in overdoses["measurements"]] == [
        ("2015", 6, False), ("2016", 4, False), ("2017", 7, False), ("2018", 1, False), ("2019", 0, True),
        ("2020", None, False),
    ]  # fmt: skip
    assert {"table", "key", "values"} <= set(data["series"][0])
    assert data == json.loads(json.dumps(data))


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--collaboration", "klara", "--year", "2018", "--json"], 2),
        (["--collaboration", "ingen", "--year", "2019", "--json"], 2),
        (["--collaboration", "klara", "--year", "2019"], 2),
        (["--collaboration", "klara", "--year", "2019", "-o", "r.txt"], 2),
    ],
)
@pytest.mark.usefixtures("report")
def test_what_cannot_be_made_is_said_in_words(arguments: list[str], code: int) -> None:
    assert CliRunner().invoke(main, ["report", *arguments]).exit_code == code


def test_data_for_machines_agree_with_the_database(report: Report) -> None:
    data = data_of(reader_for(report.owner), 2019)
    counted = sum(len(i["measurements"]) for goal in data["goals"] for i in goal["indicators"])
    assert counted == Measurement.objects.filter(indicator__in=Indicator.objects.all()).count()
