"""Document → Word (.docx) with python-docx: real headings, captions, header rows and alternative texts."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import docx
import vl_convert
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from lagesbild.core.documents.blocks import (
    Block,
    Bullets,
    Callout,
    Document,
    Figure,
    Heading,
    Paragraph,
    Piece,
    Table,
    Text,
)

INK = RGBColor(0x17, 0x23, 0x2E)
QUIET = RGBColor(0x4A, 0x57, 0x63)
ACCENT = RGBColor(0x0B, 0x5A, 0x6F)
TEXT_WIDTH_MM = 170
MANY_COLUMNS = 8
FIGURE_DPI_SCALE = 2.0
PRINT_FONT, DRAWN_FONT = "Libertinus Serif", "Liberation Sans"  # the one comes with Typst, the other with vl-convert


def render_word(document: Document) -> bytes:
    """The document as a Word file."""
    word = docx.Document()
    _set_up(word, document)
    word.add_heading(document.title, level=0)
    _line(word, document.subtitle, size_pt=12, colour=QUIET)
    for label, value in document.facts:
        paragraph = word.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(2)
        paragraph.add_run(f"{label}: ").bold = True
        paragraph.add_run(value)
    for block in document.blocks:
        _add(word, block)
    buffer = BytesIO()
    word.save(buffer)
    return buffer.getvalue()


def _set_up(word: Any, document: Document) -> None:
    properties = word.core_properties
    properties.title = document.title
    properties.subject = document.subtitle
    properties.author = document.author
    properties.language = {"sv": "sv-SE", "en": "en-GB"}[document.language]
    properties.created = properties.modified = document.made_at.replace(tzinfo=None)
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin = section.bottom_margin = Mm(20)
    _set_styles(word, properties.language)
    if document.banner:
        header = section.header.paragraphs[0]
        header.alignment = WD_ALIGN_PARAGRAPH.CENTER
        header.add_run(document.banner).bold = True
        _shade(header._p.get_or_add_pPr(), "FDF3D7")
    section.footer.paragraphs[0].add_run(f"{document.footer}\t\t").font.size = Pt(8)
    _page_number(section.footer.paragraphs[0].add_run())


def _page_number(run: Any) -> None:
    run.font.size = Pt(8)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        part.text = text or None
        run._r.append(part)


def _set_styles(word: Any, language: str) -> None:
    normal = word.styles["Normal"]
    normal.font.name, normal.font.size, normal.font.color.rgb = "Calibri", Pt(10.5), INK
    tag = OxmlElement("w:lang")
    tag.set(qn("w:val"), language)
    normal.element.get_or_add_rPr().append(tag)
    for name, size, colour in (("Title", 21, INK), ("Heading 1", 13.5, ACCENT), ("Heading 2", 11, INK)):
        style = word.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = "Calibri", Pt(size), colour
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(attribute), None)


def _add(word: Any, block: Block) -> None:
    match block:
        case Heading():
            word.add_heading(block.text, level=block.level)
        case Paragraph():
            _line(word, block.text, size_pt=9 if block.quiet else 10.5, colour=QUIET if block.quiet else INK)
        case Bullets():
            for item in block.items:
                _write(word.add_paragraph(style="List Bullet"), item)
        case Callout():
            _add_callout(word, block)
        case Table():
            _add_table(word, block)
        case Figure():
            _add_figure(word, block)


def _line(word: Any, text: Text, *, size_pt: float, colour: RGBColor) -> Any:
    paragraph = word.add_paragraph()
    for run in _write(paragraph, text):
        run.font.size, run.font.color.rgb = Pt(size_pt), colour
    return paragraph


def _write(paragraph: Any, text: Text) -> list[Any]:
    """Put the text in; its runs. A link is a run within a hyperlink."""
    pieces = (Piece(text=text),) if isinstance(text, str) else text
    runs = []
    for piece in pieces:
        run = paragraph.add_run(piece.text)
        if piece.url:
            link = OxmlElement("w:hyperlink")
            link.set(qn("r:id"), paragraph.part.relate_to(piece.url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
            link.append(run._r)
            paragraph._p.append(link)
        runs.append(run)
    return runs


def _caption(word: Any, text: str) -> None:
    paragraph = word.add_paragraph(text, style="Caption")
    paragraph.paragraph_format.keep_with_next = True
    for run in paragraph.runs:
        run.font.color.rgb, run.font.size = QUIET, Pt(9)


def _add_callout(word: Any, block: Callout) -> None:
    title = word.add_paragraph()
    title.paragraph_format.keep_with_next = True
    title.add_run(block.title).bold = True
    _shade(title._p.get_or_add_pPr(), "FDF3D7")
    for item in block.items:
        _shade(word.add_paragraph(item, style="List Bullet")._p.get_or_add_pPr(), "FDF3D7")


def _add_table(word: Any, block: Table) -> None:
    _caption(word, block.caption)
    size_pt = 9 if len(block.header) <= MANY_COLUMNS else 8
    table = word.add_table(rows=0, cols=len(block.header))
    _rule(table)
    for number, row in enumerate((block.header, *block.rows)):
        cells = table.add_row().cells
        for cell, text, numeric in zip(cells, row, block.numeric, strict=True):
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(1)
            if number == 0:
                _shade(cell._tc.get_or_add_tcPr(), "E8EEF0")
            for run in _write(paragraph, text):
                run.font.size, run.bold = Pt(size_pt), number == 0
            if numeric:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _set_widths(table, block.widths or (1,) * len(block.header))
    header = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(header)
    word.add_paragraph()


def _rule(table: Any) -> None:
    """Thin lines between the rows, none between the columns."""
    borders = OxmlElement("w:tblBorders")
    for edge in ("top", "bottom", "insideH"):
        line = OxmlElement(f"w:{edge}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "B9C2CA")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    table._tbl.tblPr.append(borders)
    margins = OxmlElement("w:tblCellMar")
    for edge in ("left", "right"):
        side = OxmlElement(f"w:{edge}")
        side.set(qn("w:w"), "50")  # twentieths of a point: room for many columns
        side.set(qn("w:type"), "dxa")
        margins.append(side)
    table._tbl.tblPr.append(margins)


def _set_widths(table: Any, widths: tuple[int, ...]) -> None:
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(TEXT_WIDTH_MM * width / sum(widths))
        for cell in column.cells:
            cell.width = column.width


def _add_figure(word: Any, block: Figure) -> None:
    _caption(word, block.caption)
    png = vl_convert.svg_to_png(block.svg.replace(PRINT_FONT, DRAWN_FONT), scale=FIGURE_DPI_SCALE)
    picture = word.add_picture(BytesIO(png), width=Mm(TEXT_WIDTH_MM * block.width_pct / 100))
    picture._inline.docPr.set("descr", block.alt)


def _shade(properties: Any, fill: str) -> None:
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:color"), "auto")
    shade.set(qn("w:fill"), fill)
    properties.append(shade)
