"""Documents: what goes in comes out, as text, in both formats, and no text becomes markup."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import docx
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.core.documents import (
    Bullets,
    Callout,
    Document,
    Figure,
    Heading,
    Paragraph,
    Piece,
    Table,
    render_pdf,
    render_word,
)

pytestmark = pytest.mark.one_database

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20" fill="red"/></svg>'


def document(**changes: Any) -> Document:
    values: dict[str, Any] = {
        "title": "Lägesbild för Ekby",
        "subtitle": "januari–mars",
        "language": "sv",
        "author": "Trygga Ekby",
        "made_at": datetime(2026, 3, 1, 12, 0, tzinfo=UTC),
        "footer": "dataversion 7",
        "facts": (("Källa", "Polisen"),),
        "blocks": (
            Heading(text="Var"),
            Paragraph(text="Tre platser."),
            Bullets(items=("först", "sedan")),
            Callout(title="Tänk på", items=("spaningsbrott",)),
            Table(caption="Platser", header=("Plats", "Antal"), rows=(("Torget", "12"),), numeric=(False, True)),
            Figure(svg=SVG, alt="En röd ruta", caption="Karta"),
        ),
    }
    return Document(**{**values, **changes})


def pdf_text(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages)


def word_text(word: bytes) -> str:
    opened = docx.Document(BytesIO(word))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    section = opened.sections[0]
    headers = [paragraph.text for paragraph in (*section.header.paragraphs, *section.footer.paragraphs)]
    return "\n".join([*(paragraph.text for paragraph in opened.paragraphs), *cells, *headers])


WORDS = ("Lägesbild för Ekby", "Var", "Tre platser.", "sedan", "Tänk på", "spaningsbrott", "Torget", "12", "Polisen")


def test_every_block_is_in_the_pdf() -> None:
    text = pdf_text(render_pdf(document()))
    assert [word for word in WORDS if word not in text] == []


def test_every_block_is_in_the_word_file() -> None:
    text = word_text(render_word(document()))
    assert [word for word in WORDS if word not in text] == []


def test_the_pdf_says_that_it_is_tagged_and_in_swedish() -> None:
    reader = pypdf.PdfReader(BytesIO(render_pdf(document())))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]).startswith("sv")
    assert b"pdfuaid:part" in reader.xmp_metadata.stream.get_data()  # type: ignore[union-attr]
    assert reader.metadata is not None
    assert reader.metadata.title == "Lägesbild för Ekby"


def test_the_same_document_is_the_same_pdf() -> None:
    assert render_pdf(document()) == render_pdf(document())


def test_a_banner_is_on_every_page_of_the_pdf_and_in_the_word_header() -> None:
    rows = tuple((f"Plats {number}", "1") for number in range(120))
    long = Table(caption="Många", header=("Plats", "Antal"), rows=rows, numeric=(False, True))
    marked = document(banner="ÖVNINGSDATA", blocks=(long,))
    pages = pypdf.PdfReader(BytesIO(render_pdf(marked))).pages
    assert len(pages) > 1
    assert all("ÖVNINGSDATA" in page.extract_text() for page in pages)
    assert "ÖVNINGSDATA" in word_text(render_word(marked))


def test_a_figure_has_its_alternative_text_in_word() -> None:
    assert b'descr="En r' in _part(render_word(document()), "word/document.xml")


def test_a_table_repeats_its_header_in_word() -> None:
    assert b"<w:tblHeader/>" in _part(render_word(document()), "word/document.xml")


@settings(max_examples=25, deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=30))
def test_no_text_becomes_markup(text: str) -> None:
    tricky = f"#strong[{text}] *x* $y$ <w:t> {{{text}}}"
    made = document(title="T", blocks=(Paragraph(text=tricky), Bullets(items=(tricky,))))
    assert "#strong[" in "".join(pdf_text(render_pdf(made)).split())
    assert tricky in word_text(render_word(made))


@pytest.mark.parametrize("sign", ["😀", "سلام", "\u066e", "漢字"])
def test_a_sign_that_the_font_lacks_does_not_cost_the_document(sign: str) -> None:
    pdf = render_pdf(document(blocks=(Paragraph(text=f"Före {sign} efter"),)))
    text = pdf_text(pdf)
    assert "Före" in text
    assert "efter" in text
    assert pypdf.PdfReader(BytesIO(pdf)).trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_a_row_with_a_cell_too_few_is_refused() -> None:
    with pytest.raises(ValueError, match=r"Row 2 of 'Platser' must have 2 cells. Got 1"):
        Table(caption="Platser", header=("Plats", "Antal"), rows=(("a", "1"), ("b",)), numeric=(False, True))


def _part(word: bytes, name: str) -> bytes:
    import zipfile

    return zipfile.ZipFile(BytesIO(word)).read(name)


def linked() -> Document:
    """A paragraph, a list and a table of which one piece each leads somewhere, and a list of contents."""
    pieces = (Piece(text="Andelen var "), Piece(text="78 %", url="https://ekby.example/m1"))
    blocks = (
        Heading(text="Ett"),
        Paragraph(text=pieces),
        Bullets(items=(pieces, "utan länk")),
        Table(caption="T", header=("a", "b"), rows=(("x", pieces),), numeric=(False, True), widths=(3, 1)),
    )
    return document(blocks=blocks, contents=True)


def _notes(page: Any) -> list[Any]:
    return list(page.get("/Annots", []))


def test_a_number_leads_to_its_source_in_pdf() -> None:
    reader = pypdf.PdfReader(BytesIO(render_pdf(linked())))
    links: list[Any] = [note.get_object() for page in reader.pages for note in _notes(page)]
    addresses = [str(link["/A"]["/URI"]) for link in links if "/URI" in link.get("/A", {})]
    assert addresses == ["https://ekby.example/m1"] * 3
    assert "pdfuaid" in reader.xmp_metadata.stream.get_data().decode()  # type: ignore[union-attr]
    assert "Innehåll" in reader.pages[0].extract_text()


def test_a_number_leads_to_its_source_in_word() -> None:
    word = docx.Document(BytesIO(render_word(linked())))
    assert word.element.xml.count("<w:hyperlink") == 3
    targets = [each.target_ref for each in word.part.rels.values() if each.is_external]
    assert set(targets) == {"https://ekby.example/m1"}
    table = word.tables[0]
    assert table.columns[0].width > 2 * table.columns[1].width
