"""Zip archives from outside: how large they really become, before any library opens them."""

from __future__ import annotations

import struct
import zipfile
import zlib
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from lagesbild.core.errors import UserError
from lagesbild.observations.importing.limits import MEBIBYTE, Limits

LOCAL_HEADER = struct.Struct("<4s5H3L2H")
PIECE = MEBIBYTE
MAX_MEMBERS = 10_000
ENCRYPTED = 0x1
UNREADABLE = (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error, zlib.error, EOFError)


def open_bounded(path: Path, *, limits: Limits) -> zipfile.ZipFile:
    """The archive, once every member has been unpacked to nowhere and found within the limits.

    The sizes an archive states are not believed: members are unpacked piece by piece and counted.
    """
    try:
        archive = zipfile.ZipFile(path)
    except UNREADABLE as error:
        raise damaged() from error
    try:
        _measure(path, archive.infolist(), limits=limits)
    except UNREADABLE as error:
        archive.close()
        raise damaged() from error
    except UserError:
        archive.close()
        raise
    return archive


def _measure(path: Path, members: list[zipfile.ZipInfo], *, limits: Limits) -> None:
    if len(members) > MAX_MEMBERS or sum(each.file_size for each in members) > limits.max_uncompressed_bytes:
        raise _bomb(limits)
    total = 0
    with path.open("rb") as stream:
        for member in members:
            if member.flag_bits & ENCRYPTED or member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise damaged()
            stream.seek(member.header_offset)
            fields = LOCAL_HEADER.unpack(stream.read(LOCAL_HEADER.size))
            stream.seek(fields[9] + fields[10], 1)
            total += _unpacked_size(stream.read(member.compress_size), member, limits.max_uncompressed_bytes - total)
            if total > limits.max_uncompressed_bytes:
                raise _bomb(limits)


def damaged() -> UserError:
    return UserError(
        "import.file_damaged", _("The file is cut off or damaged and cannot be unpacked. Fetch or export it again.")
    )


def _unpacked_size(packed: bytes, member: zipfile.ZipInfo, room: int) -> int:
    """Bytes after unpacking; stops counting once there is no more room."""
    if member.compress_type == zipfile.ZIP_STORED:
        return len(packed)
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    size, rest = 0, packed
    while rest and not inflate.eof and size <= room:
        size += len(inflate.decompress(rest, PIECE))
        rest = inflate.unconsumed_tail
    return size


def _bomb(limits: Limits) -> UserError:
    return UserError(
        "import.file_too_large_unpacked",
        _("Unpacked, the file is more than {limit} MB. Split it, for example by year."),
        limit=limits.max_uncompressed_bytes // MEBIBYTE,
    )
