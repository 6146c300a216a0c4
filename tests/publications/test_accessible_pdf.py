"""What is printed can be read by everybody: the PDF by the rules of PDF/UA-1, the Word file by its marks."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
import pypdf
import pytest

from lagesbild.core.documents import render_pdf, render_word
from lagesbild.publications.content import bullets, figure, heading, paragraph, span, table
from lagesbild.publications.rendering import make_document
from tests.publications.pdf_ua import problems_of

pytestmark = pytest.mark.one_database
SPEC = {
    "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
    "data": {"values": [{"x": "2018", "y": 3}, {"x": "2019", "y": None}]},
    "mark": "point",
    "encoding": {"x": {"field": "x", "type": "ordinal"}, "y": {"field": "y", "type": "quantitative"}},
}


def content(language: str = "sv") -> dict[str, Any]:
    """Every kind of block once, a table that goes over several pages, and text that looks like markup."""
    rows = [[span(f"Rad {number}", "/c/ekby/goals/"), span(str(number), "/c/ekby/goals/")] for number in range(90)]
    blocks = [
        heading("Under *rubrik* #1"),
        paragraph(span("Andelen var "), span("78 %", "/c/ekby/goals/"), span(" <b>2019</b>.")),
        paragraph(span("Källa: $okänd$ _a_"), quiet=True),
        bullets([span("ett")], [span("två")]),
        table("Tabell", ["Rad", "Antal"], rows, numeric=[False, True], notes=[[span("Not")]]),
        figure(SPEC, alt="2018: 3; 2019: –", caption="Diagram", trace="/c/ekby/goals/"),
    ]
    return {
        "title": "Ekby – rapport 2019", "year": 2019, "layout": "yearly", "language": language,
        "collaboration": "ekby", "collaboration_name": "Ekby", "notes": ["– inte mätt"],
        "sections": [{"code": "picture", "heading": "Lägesbild", "blocks": blocks}],
    }  # fmt: skip


def pdf_of(made: dict[str, Any]) -> bytes:
    return render_pdf(make_document(made, made_at=datetime(2020, 1, 2, tzinfo=UTC)))


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_pdf_passes_every_rule_of_pdf_ua(tmp_path: Path, language: str) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf_of(content(language)))
    checks, problems = problems_of(path)
    assert problems == []
    assert checks > 1000


def test_the_checker_finds_a_figure_without_words(tmp_path: Path) -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf_of(content())))
    objects: list[Any] = list(writer._objects)
    for each in objects:
        if isinstance(each, dict) and each.get("/S") == "/Figure":
            each.pop("/Alt", None)
    path = tmp_path / "mute.pdf"
    writer.write(path)
    _checks, problems = problems_of(path)
    assert [each.split(":")[0] for each in problems] == ["7.3-1"]


def test_the_pdf_has_title_language_and_its_headings_in_order() -> None:
    root: Any = pypdf.PdfReader(io.BytesIO(pdf_of(content()))).trailer["/Root"]
    assert root["/Lang"] == "sv"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    kinds = [str(each) for each in _kinds(root["/StructTreeRoot"])]
    assert [kind for kind in kinds if kind in ("/H1", "/H2", "/H3")][:4] == ["/H1", "/H2", "/H2", "/H3"]
    assert {"/Table", "/TH", "/TD", "/L", "/Figure", "/Caption"} <= set(kinds)


def _kinds(node: Any) -> list[str]:
    """The kinds of all elements below, in reading order."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return [kind for each in node for kind in _kinds(each)]
    if not isinstance(node, dict) or ("/S" not in node and "/K" not in node):
        return []
    own = [str(node["/S"])] if "/S" in node else []
    return own + (_kinds(node["/K"]) if "/K" in node else [])


def test_the_word_file_has_headings_header_rows_language_and_words_for_its_figures() -> None:
    word = docx.Document(io.BytesIO(render_word(make_document(content(), made_at=datetime(2020, 1, 2, tzinfo=UTC)))))
    styles = [each.style.name for each in word.paragraphs if each.style is not None]
    assert [name for name in styles if name in ("Title", "Heading 1", "Heading 2")] == [
        "Title", "Heading 1", "Heading 2",
    ]  # fmt: skip
    assert word.core_properties.language == "sv-SE"
    assert word.core_properties.title == "Ekby – rapport 2019"
    assert "w:tblHeader" in word.tables[0].rows[0]._tr.xml
    assert 'descr="2018: 3; 2019: –"' in word.element.xml
