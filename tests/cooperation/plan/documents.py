"""Documents as people make them, each telling of who made it: ``SECRET`` stands in all, ``SHOWN`` on their pages."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime

import docx
import openpyxl
import pypdf
from openpyxl.comments import Comment
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pypdf.annotations import FreeText

from lagesbild.core.documents import Document, Paragraph, render_pdf

SECRET, SHOWN = "Hemligsson", "Besiktning av trappan"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
_SPACES = (
    f'xmlns:office="{_ODF}:office:1.0" xmlns:text="{_ODF}:text:1.0" xmlns:meta="{_ODF}:meta:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"'
)


def a_picture(kind: str = "JPEG") -> bytes:
    """One that says who took it."""
    out, image = io.BytesIO(), Image.new("RGB", (64, 48), (180, 40, 40))
    if kind == "PNG":
        told = PngInfo()
        told.add_text("Author", SECRET)
        image.save(out, "PNG", pnginfo=told)
    else:
        exif = Image.Exif()
        exif[0x013B] = SECRET
        image.save(out, "JPEG", exif=exif, comment=SECRET)
    return out.getvalue()


def a_letter() -> bytes:
    """Word, with a remark and two pictures."""
    made, out = docx.Document(), io.BytesIO()
    properties = made.core_properties
    properties.author = properties.last_modified_by = properties.title = SECRET
    said = made.add_paragraph(SHOWN)
    made.add_comment(said.runs, "Lampan saknas", author=SECRET, initials=SECRET)
    made.add_picture(io.BytesIO(a_picture()))
    made.add_picture(io.BytesIO(a_picture("PNG")))
    made.save(out)
    return out.getvalue()


def a_sheet() -> bytes:
    """Excel, with a remark."""
    made, out = openpyxl.Workbook(), io.BytesIO()
    made.properties.creator = made.properties.lastModifiedBy = SECRET
    made.active["A1"] = SHOWN
    made.active["A1"].comment = Comment("Lampan saknas", SECRET)
    made.save(out)
    return out.getvalue()


def an_open_letter() -> bytes:
    """OpenDocument, with a tracked change, in the form that LibreOffice gives it."""
    change = f"<office:change-info><dc:creator>{SECRET}</dc:creator></office:change-info>"
    return packed({
        "mimetype": b"application/vnd.oasis.opendocument.text",
        "Thumbnails/thumbnail.png": a_picture("PNG"),
        "Pictures/foto.jpg": a_picture(),
        "content.xml": f"{_HEAD}<office:document-content {_SPACES}>{change}<text:p>{SHOWN}</text:p>"
        "</office:document-content>".encode(),
        "meta.xml": f"{_HEAD}<office:document-meta {_SPACES}><office:meta><meta:initial-creator>{SECRET}"
        "</meta:initial-creator></office:meta></office:document-meta>".encode(),
    })  # fmt: skip


def a_pdf(*, remark: bool = True) -> bytes:
    """PDF with properties, XMP, a remark with its writer's name, and an older revision left in the file."""
    document = Document(
        title=SHOWN, subtitle="", language="sv", author=SECRET, made_at=datetime(2026, 3, 2, tzinfo=UTC), footer="",
        blocks=(Paragraph(text="Trasig lampa"),),
    )  # fmt: skip
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(render_pdf(document)))
    writer.add_metadata({"/Author": SECRET, "/Keywords": SECRET})
    if remark:
        note = FreeText(text="Bytt", rect=(50, 50, 200, 100))
        note[pypdf.generic.NameObject("/T")] = pypdf.generic.TextStringObject(SECRET)
        writer.add_annotation(0, note)
    first = io.BytesIO()
    writer.write(first)
    later, out = pypdf.PdfWriter(first, incremental=True), io.BytesIO()
    later.add_metadata({"/Subject": SECRET})
    later.write(out)
    return out.getvalue()


def packed(parts: Mapping[str, bytes]) -> bytes:
    """A packed folder; what is called mimetype is not compressed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            kind = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(name, content, compress_type=kind)
    return out.getvalue()


def unpacked(data: bytes) -> dict[str, bytes]:
    """The parts of a packed folder."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def everything_in(data: bytes) -> bytes:
    """All that one could find in the file with the right tools, as far as compression hides it."""
    if data.startswith(b"PK"):
        return b"\n".join(name.encode() + everything_in(part) for name, part in unpacked(data).items())
    found = [data]
    for stream in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL):
        try:
            found.append(zlib.decompress(stream[1]))
        except zlib.error:
            found.append(stream[1])
    return b"\n".join(found).replace(b"\0", b"")
