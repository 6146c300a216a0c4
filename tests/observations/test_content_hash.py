"""The fingerprint must never change: stored ones are compared with new ones for years."""

from __future__ import annotations

import polars as pl
import pytest

from lagesbild.observations.content_hash import content_hash
from lagesbild.observations.store import CONTENT
from tests.observations.frames import frame, incident

pytestmark = pytest.mark.one_database

_MASK = (1 << 64) - 1


def by_hand(data: bytes) -> int:
    """FNV-1a 64 (Fowler, Noll, Vo) and the 64-bit finaliser of MurmurHash3 (Appleby), written out in plain Python."""
    state = 0xCBF29CE484222325
    for byte in data:
        state = ((state ^ byte) * 0x100000001B3) & _MASK
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        state ^= state >> 33
        state = (state * factor) & _MASK
    state ^= state >> 33
    return state - (1 << 64) if state >> 63 else state


def test_it_is_the_published_function_over_the_plain_form() -> None:
    rows = pl.DataFrame({"t": ["å", None, ""], "x": [1.2344, None, -0.0001]})
    plain = ["å\x1f1234", "\x00\x1f\x00", "\x1f0"]
    assert content_hash(rows, ["t", "x"]).to_list() == [by_hand(text.encode()) for text in plain]


def test_an_incident_has_the_fingerprint_it_has_always_had() -> None:
    rows = frame(incident("a", note="n"))
    plain = "Skadegörelse|1741953600000000|\0|minute|20161|12|\0|674000000|6580000000|exact|\0|\0|n|\0".replace(
        "|", "\x1f"
    )
    assert content_hash(rows, list(CONTENT)).to_list() == [by_hand(plain.encode())]


def test_no_rows_have_no_fingerprints() -> None:
    assert content_hash(frame(), list(CONTENT)).to_list() == []


def test_a_slice_has_the_fingerprints_of_its_rows() -> None:
    rows = pl.DataFrame({"t": ["a", "bb", "ccc", "dddd"]})
    assert content_hash(rows[2:], ["t"]).to_list() == content_hash(rows, ["t"]).to_list()[2:]
