"""From bytes on disk to clean UTF-8 in memory: unpacking, encodings, lines that never end, what is no text at all.

Reads in pieces and stops at the first sign of trouble, so that a hostile file costs no more memory than one piece.
"""

from __future__ import annotations

import codecs
import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, cast

from django.utils.translation import gettext_lazy as _

from lagesbild.core.errors import UserError
from lagesbild.observations.importing.limits import MEBIBYTE, Limits

CHUNK = 4 * MEBIBYTE
GZIP_MAGIC = b"\x1f\x8b"
HIGH_BYTE_TO_LINE_END = re.compile(rb"[\x80-\xff][^\n]*")


@dataclass(frozen=True)
class Text:
    """The whole file as valid UTF-8 without byte order mark, and what it was written in."""

    data: bytes
    encoding: str


def read_text(path: Path, *, limits: Limits) -> Text:
    """Read, unpack and decode. Raises ``UserError`` for anything that is not text within the limits."""
    with open_unpacked(path, limits=limits) as stream:
        pieces = _pieces(stream, limits=limits)
        head = next(pieces, b"")
        encoding = _unicode_by_mark_or_zeros(head)
        if head.lstrip(codecs.BOM_UTF8 + b" \t\r\n")[:1] in (b"{", b"["):  # JSON is often one single line
            limits = replace(limits, max_line_bytes=max(limits.max_tree_bytes, limits.max_line_bytes))
        whole = _chained(head, pieces)
        if encoding.startswith("utf-16"):
            whole = _from_utf16(whole, encoding)
        data = _collect(whole, limits=limits).removeprefix(codecs.BOM_UTF8)
    if _is_utf8(data):
        return Text(data, encoding)
    return _from_single_bytes(data)


def open_unpacked(path: Path, *, limits: Limits) -> BinaryIO:
    """The file's bytes, unpacked if it is a gzip file."""
    size = path.stat().st_size
    if size > limits.max_bytes:
        raise UserError(
            "import.file_too_large",
            _("The file is {size} MB; at most {limit} MB can be read. Split it, for example by year."),
            size=f"{size / MEBIBYTE:.0f}",
            limit=f"{limits.max_bytes / MEBIBYTE:.0f}",
        )
    with path.open("rb") as stream:
        packed = stream.read(2) == GZIP_MAGIC
    return cast("BinaryIO", gzip.open(path, "rb")) if packed else path.open("rb")


def first_bytes(path: Path, size: int, *, limits: Limits) -> bytes:
    """The beginning of the file, unpacked. Enough to tell its kind."""
    try:
        with open_unpacked(path, limits=limits) as stream:
            return stream.read(size)
    except (OSError, EOFError, zlib.error) as error:
        raise _damaged() from error


def row_at(data: bytes, position: int) -> int:
    """The line number of a byte."""
    return data.count(b"\n", 0, position) + 1


def nul_refused(row: int) -> UserError:
    return UserError(
        "import.file_not_text",
        _("Row {row} holds a zero byte. The file is damaged or not a table; export it again as CSV or Excel."),
        row=row,
    )


def line_refused(row: int, limits: Limits) -> UserError:
    return UserError(
        "import.line_too_long",
        _(
            "Row {row} is longer than {limit} kB. "
            "Check for a quotation mark that never closes, or export the file again."
        ),
        row=row,
        limit=limits.max_line_bytes // 1024,
    )


def _damaged() -> UserError:
    return UserError(
        "import.file_damaged", _("The file is cut off or damaged and cannot be unpacked. Fetch or export it again.")
    )


def _pieces(stream: BinaryIO, *, limits: Limits) -> Iterator[bytes]:
    total = 0
    while True:
        try:
            piece = stream.read(CHUNK)
        except (OSError, EOFError, zlib.error) as error:
            raise _damaged() from error
        if not piece:
            return
        total += len(piece)
        if total > limits.max_uncompressed_bytes:
            raise UserError(
                "import.file_too_large_unpacked",
                _("Unpacked, the file is more than {limit} MB. Split it, for example by year."),
                limit=f"{limits.max_uncompressed_bytes / MEBIBYTE:.0f}",
            )
        yield piece


def _collect(pieces: Iterator[bytes], *, limits: Limits) -> bytes:
    """Join the pieces, refusing zero bytes and endless lines as soon as they are seen."""
    whole = bytearray()
    lines, open_line = 0, 0
    for piece in pieces:
        zero = piece.find(0)
        if zero >= 0:
            raise nul_refused(lines + piece.count(b"\n", 0, zero) + 1)
        longest_row = _row_of_long_line(piece, open_line, limits.max_line_bytes)
        if longest_row is not None:
            raise line_refused(lines + longest_row, limits)
        last = max(piece.rfind(b"\n"), piece.rfind(b"\r"))
        open_line = open_line + len(piece) if last < 0 else len(piece) - last - 1
        lines += piece.count(b"\n")
        whole += piece
    return bytes(whole)


def _row_of_long_line(piece: bytes, carried: int, limit: int) -> int | None:
    """The first line of ``piece`` (from 1) longer than ``limit``; ``carried`` bytes of line 1 came before."""
    start, row = -carried, 1
    while start + limit < len(piece):
        last = max(
            piece.rfind(b"\n", max(start, 0), start + limit + 1), piece.rfind(b"\r", max(start, 0), start + limit + 1)
        )
        if last < 0:
            return row
        row += piece.count(b"\n", max(start, 0), last + 1)
        start = last + 1
    return None


def _chained(head: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield head
    yield from rest


def _unicode_by_mark_or_zeros(head: bytes) -> str:
    """UTF-16 is told by its mark, or by zeros in every other byte as plain Latin text has."""
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if head.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    sample = head[:4096]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = max(len(sample) // 2, 1)
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be"
    return "utf-8"


def _from_utf16(pieces: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """The same pieces as UTF-8."""
    decoder = codecs.getincrementaldecoder(encoding)()
    rows = 1
    try:
        for piece in pieces:
            text = decoder.decode(piece).encode("utf-8")
            rows += text.count(b"\n")
            yield text
        decoder.decode(b"", final=True)
    except UnicodeError as error:
        raise UserError(
            "import.encoding_broken",
            _("The file begins as UTF-16 but is not, somewhere after row {row}. Save it as CSV UTF-8."),
            row=rows,
        ) from error


def _is_utf8(data: bytes) -> bool:
    if data.isascii():
        return True
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), CHUNK):
            decoder.decode(data[start : start + CHUNK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _from_single_bytes(data: bytes) -> Text:
    """Latin-1 or Windows-1252, unless some lines are UTF-8: two encodings in one file cannot be guessed right."""
    first_utf8 = first_other = None
    for match in HIGH_BYTE_TO_LINE_END.finditer(data):
        if _is_utf8(match.group()):
            first_utf8 = match.start() if first_utf8 is None else first_utf8
        else:
            first_other = match.start() if first_other is None else first_other
        if first_utf8 is not None and first_other is not None:
            raise _mixed(row_at(data, first_utf8), row_at(data, first_other))
    for encoding in ("cp1252", "latin-1"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return Text(text.encode("utf-8"), encoding)
    raise AssertionError("Latin-1 reads every byte")


def _mixed(utf8_row: int, other_row: int) -> UserError:
    return UserError(
        "import.encoding_mixed",
        _("The file mixes encodings: row {first} is UTF-8 but row {second} is not. Save the whole file as CSV UTF-8."),
        first=utf8_row,
        second=other_row,
    )
