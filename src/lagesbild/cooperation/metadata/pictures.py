"""Pictures within documents: what the camera wrote beside the picture is left out, the picture stays the same bytes.

Only JPEG and PNG are known; other kinds are given back as they came.
"""

from __future__ import annotations

_JPEG, _PNG = b"\xff\xd8", b"\x89PNG\r\n\x1a\n"
_SCAN_BEGINS, _ENDS = 0xDA, 0xD9
_BARE = {0x01, *range(0xD0, 0xD9)}  # markers without a length
_SEGMENTS = {0xE0, 0xEE}  # JFIF and the colours; all else that is APPn tells of camera, place and programme
_COLOURS = b"ICC_PROFILE\0"
_CHUNKS = {b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"}


def without_camera_data(data: bytes) -> bytes:
    """The picture without position, time, owner and remarks. A broken one comes back cut where it breaks."""
    if data.startswith(_JPEG):
        return _plain_jpeg(data)
    return _plain_png(data) if data.startswith(_PNG) else data


def _plain_jpeg(data: bytes) -> bytes:
    kept, at = [_JPEG], 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:  # fill
            at += 1
            continue
        if marker in (_SCAN_BEGINS, _ENDS):
            kept.append(data[at:])
            break
        end = at + 2 if marker in _BARE else at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if not _tells(marker, data[at + 4 : at + 4 + len(_COLOURS)]):
            kept.append(data[at:end])
        at = end
    return b"".join(kept)


def _tells(marker: int, begins: bytes) -> bool:
    if marker == 0xFE:  # a remark
        return True
    return 0xE0 <= marker <= 0xEF and marker not in _SEGMENTS and begins != _COLOURS


def _plain_png(data: bytes) -> bytes:
    kept, at = [_PNG], len(_PNG)
    while at + 12 <= len(data):
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        kind = data[at + 4 : at + 8]
        if kind not in _CHUNKS:
            kept.append(data[at:end])
        if kind == b"IEND":
            break
        at = end
    return b"".join(kept)
