"""Documents keep what stands on their pages, and lose what they tell of who made them."""

from __future__ import annotations

import io
from collections.abc import Callable

import docx
import openpyxl
import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lagesbild.cooperation.metadata import Reason, Refused, office, without_metadata
from lagesbild.cooperation.metadata.pictures import without_camera_data
from tests.cooperation.plan.documents import (
    SECRET,
    SHOWN,
    a_letter,
    a_pdf,
    a_picture,
    a_sheet,
    an_open_letter,
    everything_in,
    packed,
    unpacked,
)

pytestmark = pytest.mark.one_database
MADE: dict[str, Callable[[], bytes]] = {".docx": a_letter, ".xlsx": a_sheet, ".odt": an_open_letter, ".pdf": a_pdf}


@pytest.mark.parametrize("ending", MADE)
def test_who_made_it_is_nowhere_in_the_document_any_more(ending: str) -> None:
    before = MADE[ending]()
    assert SECRET.encode() in everything_in(before)
    assert SECRET.encode() not in everything_in(without_metadata(before, ending))


def test_a_letter_still_says_what_it_said_with_its_pictures_and_remarks() -> None:
    read = docx.Document(io.BytesIO(without_metadata(a_letter(), ".docx")))
    assert next(each.text for each in read.paragraphs) == SHOWN
    assert [each.text for each in read.comments] == ["Lampan saknas"]
    assert len(read.inline_shapes) == 2
    assert read.core_properties.author == ""


def test_a_sheet_still_says_what_it_said() -> None:
    read = openpyxl.load_workbook(io.BytesIO(without_metadata(a_sheet(), ".xlsx")))
    assert read.active["A1"].value == SHOWN
    assert read.active["A1"].comment.text == "Lampan saknas"


def test_an_open_letter_begins_with_its_kind_uncompressed_and_loses_its_thumbnail() -> None:
    kept = without_metadata(an_open_letter(), ".odt")
    assert kept[30:77] == b"mimetypeapplication/vnd.oasis.opendocument.text"
    assert list(unpacked(kept)) == ["mimetype", "Pictures/foto.jpg", "content.xml", "meta.xml"]
    assert SHOWN.encode() in unpacked(kept)["content.xml"]


def test_a_pdf_keeps_its_pages_and_remarks_and_no_properties() -> None:
    kept = pypdf.PdfReader(io.BytesIO(without_metadata(a_pdf(), ".pdf")))
    assert SHOWN in kept.pages[0].extract_text()
    assert [each.get_object()["/Contents"] for each in kept.pages[0]["/Annots"]] == ["Bytt"]  # type: ignore[attr-defined]
    assert not kept.metadata
    assert kept.xmp_metadata is None


@pytest.mark.parametrize("ending", [".docx", ".xlsx", ".odt"])
def test_cleaning_twice_is_cleaning_once(ending: str) -> None:
    once = without_metadata(MADE[ending](), ending)
    assert everything_in(without_metadata(once, ending)) == everything_in(once)


def test_text_that_looks_like_a_name_in_a_tag_stays() -> None:
    said = b'<w:p w:author="Hemligsson">author="Anna" &lt;author&gt;</w:p><!-- x --><w:ins w:id="1" w:author=\'A>B\'/>'
    kept = unpacked(without_metadata(packed({"word/document.xml": said}), ".docx"))["word/document.xml"]
    assert kept == (
        b'<w:p w:author="Author">author="Anna" &lt;author&gt;</w:p><!-- x --><w:ins w:id="1" w:author="Author"/>'
    )


def test_the_place_of_the_file_on_somebodys_computer_is_removed() -> None:
    parts = {
        "xl/workbook.xml": rb'<workbook><x15ac:absPath url="C:\Users\hemligsson\x\"/><sheets/></workbook>',
        "word/_rels/settings.xml.rels": b'<Relationship Id="rId1" Target="file:///C:/Users/hemligsson/a.dotx"/>',
    }
    kept = unpacked(without_metadata(packed(parts), ".xlsx"))
    assert kept["xl/workbook.xml"] == b"<workbook><sheets/></workbook>"
    assert kept["word/_rels/settings.xml.rels"] == b'<Relationship Id="rId1" Target="file:///none"/>'


def test_a_document_within_a_document_is_cleaned_too_and_not_without_end() -> None:
    outer = packed({"word/document.xml": b"<w:p/>", "word/embeddings/tabell.xlsx": a_sheet()})
    assert SECRET.encode() not in everything_in(without_metadata(outer, ".docx"))
    for _ in range(office.MOST_DEEP):
        outer = packed({"word/embeddings/brev.docx": outer})
    with pytest.raises(Refused):
        without_metadata(outer, ".docx")


def _locked() -> bytes:
    writer, out = pypdf.PdfWriter(clone_from=io.BytesIO(a_pdf())), io.BytesIO()
    writer.encrypt("hemligt", algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()


def _with(name: str, value: object) -> bytes:
    writer, out = pypdf.PdfWriter(clone_from=io.BytesIO(a_pdf())), io.BytesIO()
    writer.root_object[pypdf.generic.NameObject(name)] = value
    writer.write(out)
    return out.getvalue()


def _attached() -> bytes:
    writer, out = pypdf.PdfWriter(clone_from=io.BytesIO(a_pdf())), io.BytesIO()
    writer.add_attachment("brev.docx", a_letter())
    writer.write(out)
    return out.getvalue()


def _signed() -> bytes:
    generic = pypdf.generic
    signature = generic.DictionaryObject({
        generic.NameObject("/Type"): generic.NameObject("/Sig"),
        generic.NameObject("/ByteRange"): generic.ArrayObject(),
        generic.NameObject("/Name"): generic.TextStringObject(SECRET),
    })  # fmt: skip
    return _with("/Perms", signature)


@pytest.mark.parametrize(
    ("ending", "make", "reason"),
    [
        (".pdf", _locked, Reason.LOCKED),
        (".pdf", _signed, Reason.SIGNED),
        (".pdf", _attached, Reason.HOLDS_FILES),
        (".pdf", lambda: b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n", Reason.UNREADABLE),
        (".pdf", lambda: a_pdf()[:2000], Reason.UNREADABLE),
        (".docx", lambda: packed({"_xmlsignatures/sig1.xml": b""}), Reason.SIGNED),
        (".odt", lambda: packed({"META-INF/documentsignatures.xml": b""}), Reason.SIGNED),
        (".odt", lambda: packed({"META-INF/manifest.xml": b"<manifest:encryption-data/>"}), Reason.LOCKED),
        (".docx", lambda: packed({"word/embeddings/oleObject1.bin": b""}), Reason.HOLDS_FILES),
        (".docx", lambda: a_letter()[:-40], Reason.UNREADABLE),
        (".docx", lambda: packed({"word/document.xml": "<w:p/>".encode("utf-16")}), Reason.UNREADABLE),
    ],
)
def test_what_cannot_be_freed_of_it_is_refused_for_its_reason(
    ending: str, make: Callable[[], bytes], reason: Reason
) -> None:
    with pytest.raises(Refused) as refused:
        without_metadata(make(), ending)
    assert refused.value.reason == reason


@pytest.mark.parametrize("over", [0, 1])
def test_what_unpacks_to_more_than_the_most_is_refused_before_it_is_unpacked(
    monkeypatch: pytest.MonkeyPatch, over: int
) -> None:
    monkeypatch.setattr(office, "MOST_WITHIN", 1000)
    data = packed({"word/media/a.emf": b"\0" * 600, "word/media/b.emf": b"\0" * (400 + over)})
    if not over:
        assert without_metadata(data, ".docx")
        return
    with pytest.raises(Refused) as refused:
        without_metadata(data, ".docx")
    assert refused.value.reason == Reason.TOO_LARGE


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_is_the_same_picture_without_its_camera(kind: str) -> None:
    before = a_picture(kind)
    after = without_camera_data(before)
    assert SECRET.encode() not in after
    with Image.open(io.BytesIO(before)) as old, Image.open(io.BytesIO(after)) as new:
        assert old.tobytes() == new.tobytes()
        assert not new.getexif()


@given(st.one_of(st.binary(max_size=200), st.binary(max_size=200).map(lambda tail: a_picture()[:300] + tail)))
def test_whatever_a_picture_holds_it_comes_to_an_end(data: bytes) -> None:
    for begins in (b"", b"\xff\xd8", b"\x89PNG\r\n\x1a\n"):
        assert len(without_camera_data(begins + data)) <= len(begins + data)


@given(st.binary(max_size=400))
def test_whatever_is_sent_is_cleaned_or_refused(data: bytes) -> None:
    for ending, begins in ((".pdf", b"%PDF-1.7\n"), (".docx", b"PK\x03\x04"), (".odt", b"")):
        try:
            without_metadata(begins + data, ending)
        except Refused:
            continue
