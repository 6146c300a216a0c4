"""Word, Excel and OpenDocument files: packed folders in which some parts tell of people, and are written anew.

The other parts are carried over as they are. Names are taken out of tags without reading the whole part as XML: writing
XML again changes prefixes that Word and Excel look for.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from lagesbild.cooperation.metadata.pictures import without_camera_data
from lagesbild.cooperation.metadata.refusing import Reason, Refused

MOST_WITHIN = 200_000_000  # bytes unpacked: ten times the largest file; more is a trap
MOST_PARTS = 10_000
MOST_DEEP = 2  # a table within a letter within a letter
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first moment that the format knows
SOMEBODY = b'"Author"'  # as Word itself says when it has removed the name
_ENCRYPTED = 0x1  # of a part's flags

_HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_CORE = b"http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_OFFICE = b"http://schemas.openxmlformats.org/officeDocument/2006/"
_ODF = b"urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_WORD_2012 = b"http://schemas.microsoft.com/office/word/2012/wordml"
_LABELS = b"http://schemas.microsoft.com/office/2020/mipLabelMetadata"
# Parts that are there to tell of the document, and what stands in their place.
_EMPTIED = (
    (r"docProps/core[^/]*\.xml|.*\.psmdcp", b'<cp:coreProperties xmlns:cp="' + _CORE + b'"/>'),
    (r"docProps/app[^/]*\.xml", b'<Properties xmlns="' + _OFFICE + b'extended-properties"/>'),
    (r"docProps/custom[^/]*\.xml", b'<Properties xmlns="' + _OFFICE + b'custom-properties"/>'),
    (r"docMetadata/LabelInfo\.xml", b'<clbl:labelList xmlns:clbl="' + _LABELS + b'"/>'),
    (r"word/people\.xml", b'<w15:people xmlns:w15="' + _WORD_2012 + b'"/>'),
    (r"customXml/item\d+\.xml", b"<none/>"),  # properties of a document server, among others
    (
        r"(?:.*/)?meta\.xml",
        b'<office:document-meta xmlns:office="'
        + _ODF
        + b'" office:version="1.3"><office:meta/></office:document-meta>',
    ),
)
EMPTIED = [(re.compile(name, re.IGNORECASE), _HEAD + content) for name, content in _EMPTIED]
LEFT_OUT = re.compile(r"docProps/thumbnail\..*|(?:.*/)?Thumbnails/.*", re.IGNORECASE)
SIGNATURE = re.compile(r"_xmlsignatures/.+|META-INF/.*signatures\.xml", re.IGNORECASE)
FILE_WITHIN = re.compile(
    r".*/oleObject[^/]*\.bin|(?:.*/)?Object \d+", re.IGNORECASE
)  # of a kind that nobody can read here
PICTURE = re.compile(r".*\.(?:jpe?g|png)", re.IGNORECASE)
DOCUMENT_WITHIN = re.compile(r".*\.(?:docx|xlsx|pptx|odt|ods|odp)", re.IGNORECASE)
NAMING = re.compile(
    r"word/.*\.xml|xl/(?:workbook|persons/.*|revisions/.*|(?:.*/)?comments?[^/]*)\.xml"
    r"|(?:.*/)?(?:content|styles)\.xml|META-INF/manifest\.xml|(?:.*/)?_rels/[^/]*\.rels",
    re.IGNORECASE,
)

_TAG = re.compile(rb"""<[^!?/<>"'\s](?:"[^"]*"|'[^']*'|[^<>"'])*>""")
_NAME = re.compile(
    rb"""(\s(?:[\w.-]+:)?(?:author|initials|userName|displayName|userId|providerId)\s*=\s*)(?:"[^"]*"|'[^']*')"""
)
_SAYS_NAME = re.compile(
    rb"<((?:\w+:)?(?:creator|creator-initials|sender-initials|author))((?:\s[^<>]*)?)>[^<]*</\1\s*>"
)
_ON_A_COMPUTER = re.compile(rb"""(\sTarget\s*=\s*)(?:"file:[^"]*"|'file:[^']*')""", re.IGNORECASE)
_PATH = re.compile(rb"<(?:\w+:)?absPath\s[^<>]*/>")
_THUMBNAIL = re.compile(rb"<(?:\w+:)?(?:Relationship|file-entry)\s[^<>]*thumbnail[^<>]*/>", re.IGNORECASE)
_LOCKED = re.compile(rb"<(?:\w+:)?encryption-data\b")


def without_office_data(data: bytes, *, depth: int = 0) -> bytes:
    """The same document without who made it. Raises `Refused`."""
    out = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
            for part in _parts(old):
                if not LEFT_OUT.fullmatch(part.filename):
                    plain = zipfile.ZipInfo(part.filename, LONG_AGO)
                    stored = part.compress_type == zipfile.ZIP_STORED  # so must the first part of OpenDocument be
                    plain.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
                    new.writestr(plain, _cleaned(part.filename, old.read(part), depth))
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, NotImplementedError) as error:
        raise Refused(Reason.UNREADABLE) from error
    return out.getvalue()


def _parts(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """What is packed, checked before anything is unpacked. Reading a part stops at the length that it told."""
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_WITHIN:
        raise Refused(Reason.TOO_LARGE)
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise Refused(Reason.LOCKED)
    if any(SIGNATURE.fullmatch(part.filename) for part in parts):
        raise Refused(Reason.SIGNED)
    if any(FILE_WITHIN.fullmatch(part.filename) for part in parts):
        raise Refused(Reason.HOLDS_FILES)
    if len({part.filename for part in parts}) < len(parts):  # which of the two is read is anybody's guess
        raise Refused(Reason.UNREADABLE)
    return parts


def _cleaned(name: str, content: bytes, depth: int) -> bytes:
    for pattern, empty in EMPTIED:
        if pattern.fullmatch(name):
            return empty
    if NAMING.fullmatch(name):
        return _nameless(content)
    if PICTURE.fullmatch(name):
        return without_camera_data(content)
    if DOCUMENT_WITHIN.fullmatch(name):
        if depth == MOST_DEEP:
            raise Refused(Reason.TOO_LARGE)
        return without_office_data(content, depth=depth + 1)
    return content


def _nameless(content: bytes) -> bytes:
    """A part without names in its tags, and without what leads to somebody's computer."""
    if b"\0" in content[:200]:  # UTF-16, which no usual programme writes
        raise Refused(Reason.UNREADABLE)
    if _LOCKED.search(content):
        raise Refused(Reason.LOCKED)
    content = _TAG.sub(_tag, _SAYS_NAME.sub(rb"<\1\2></\1>", content))
    return _THUMBNAIL.sub(b"", _PATH.sub(b"", content))


def _tag(found: re.Match[bytes]) -> bytes:
    tag = _NAME.sub(rb"\1" + SOMEBODY, found[0])
    return _ON_A_COMPUTER.sub(rb'\1"file:///none"', tag)
