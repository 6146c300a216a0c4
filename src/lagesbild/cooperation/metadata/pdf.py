"""PDF files: written anew with what their pages need, without what they tell of who made them.

Only what is reached from the first object is carried over, so that older revisions, which stay in the file when a
programme adds to its end, are gone as well.
"""

from __future__ import annotations

import io
from typing import Any

from lagesbild.cooperation.metadata.pictures import without_camera_data
from lagesbild.cooperation.metadata.refusing import Reason, Refused

TELLING = ("/Metadata", "/PieceInfo", "/LastModified")  # of any object: XMP, and what programmes keep for themselves
REMARK = ("/T", "/M", "/CreationDate")  # who wrote the remark, and when
SIGNATURE, FILE_WITHIN = "/ByteRange", "/EF"
MOST_OBJECTS = 500_000


def without_pdf_data(data: bytes) -> bytes:
    """The same pages without who made them. Raises `Refused`."""
    from pypdf import PdfReader, PdfWriter  # a tenth of a second that most requests never need

    out = io.BytesIO()
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            raise Refused(Reason.LOCKED)
        if not len(reader.pages):
            raise Refused(Reason.UNREADABLE)
        _strip(reader.trailer["/Root"])
        writer = PdfWriter(clone_from=reader, keep_initial_header=True)
        writer.metadata = None
        writer.write(out)
    except Refused:
        raise
    except Exception as error:  # whatever a broken file makes the reader stumble on
        raise Refused(Reason.UNREADABLE) from error
    return out.getvalue()


def _strip(root: Any) -> None:
    """Take away what tells, in everything that is reached from the root. The reader keeps what it has read."""
    from pypdf.generic import DictionaryObject, IndirectObject

    todo, known = [root], set()
    while todo:
        each = todo.pop()
        if isinstance(each, IndirectObject):
            if each.idnum in known:
                continue
            known.add(each.idnum)
            if len(known) > MOST_OBJECTS:
                raise Refused(Reason.TOO_LARGE)
            each = each.get_object()
        if isinstance(each, DictionaryObject):
            _strip_one(each)
            todo += each.values()
        elif isinstance(each, list):
            todo += each


def _strip_one(each: Any) -> None:
    """One dictionary, which may stand before a stream."""
    if SIGNATURE in each:
        raise Refused(Reason.SIGNED)
    if FILE_WITHIN in each:
        raise Refused(Reason.HOLDS_FILES)
    is_remark = "/Subtype" in each and "/Rect" in each and each.get("/FT") is None
    for name in (*TELLING, *(REMARK if is_remark and each["/Subtype"] != "/Widget" else ())):
        each.pop(name, None)
    if each.get("/Subtype") == "/Image" and each.get("/Filter") in ("/DCTDecode", ["/DCTDecode"]):
        each._data = without_camera_data(each._data)
