"""Whatever bytes come in: a table with its problems, or a UserError. Never another exception."""

from __future__ import annotations

import gzip
from pathlib import Path

import polars as pl
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lagesbild.core.errors import UserError
from lagesbild.observations.importing import Limits, Mapping, RawTable, guess_mapping, problems_csv, read_table
from tests.observations.importing.files import STOCKHOLM, SWEREF, checked, workbook

SMALL = Limits(max_bytes=1 << 20, max_uncompressed_bytes=1 << 20)
CSV = (
    "Ärendenr;Brottstyp;Datum;Tid;Lat;Long;Plats\n"
    'A1;Stöld;2026-02-28;14:05;59,33;18,07;"Vasagatan; x"\n'
    "A2;Rån;31 feb;2500;59,33;;x\n"
)
JSON = (
    '[{"id":1,"datetime":"2026-03-06 14:05:13 +01:00","name":"06 mars 13.32, Rån, Ekby","type":"Rån",'
    '"location":{"name":"D","gps":"61.09,14.66"}}]'
)
LINES = '{"id":1,"typ":"a","datum":"2026-01-01"}\n{"id":2,"typ":"b","datum":"2026-01-02"}\n'
SEEDS = [
    CSV.encode(),
    CSV.encode("utf-16"),
    CSV.encode("cp1252"),
    gzip.compress(CSV.encode()),
    JSON.encode(),
    LINES.encode(),
]
PIECES = st.sampled_from(
    [
        b'"',
        b";",
        b"\n",
        b"\x00",
        b"\xff",
        b"\xe5",
        b"{",
        b"[",
        b"\r",
        b"\xed\xa0\x80",
        b"PK\x03\x04",
        b"\x1f\x8b",
        b"9" * 40,
    ]
)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A good file with some bytes replaced, put in or cut away."""
    content = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(content)))
        content = content[:at] + draw(PIECES | st.binary(max_size=4)) + content[at + draw(st.integers(0, 8)) :]
    return content


def survive(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    try:
        raw = read_table(path, limits=SMALL)
        mapping = guess_mapping(raw, time_zone=STOCKHOLM, working_crs=SWEREF)
        result = checked(raw, mapping, bounds=(6e5, 6.5e6, 7e5, 6.6e6))
    except UserError as error:
        str(error)  # the message can be filled in
        return
    problems_csv(result.problems)
    assert result.frame.height <= result.n_rows
    assert result.ok == (result.n_errors == 0)
    assert not result.ok or result.frame.height + result.n_duplicates_in_file == result.n_rows


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=400) | damaged())
@example(b"\xff\xfe")
@example(b"\xff\xfea")
@example(b"sep=;")
@example(b"sep=\xff\n1")
@example(b'"')
@example(b"\x1f\x8b")
@example(b"PK\x03\x04")
@example(b"SQLite format 3\x00")
@example(b"\xd0\xcf\x11\xe0")
@example(b'{"id": NaN, "id": Infinity}')
def test_arbitrary_bytes_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    survive(tmp_path / "upload", content)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 4000), put=st.binary(max_size=6), cut=st.integers(0, 20))
def test_damaged_workbooks_are_read_or_refused(tmp_path: Path, at: int, put: bytes, cut: int) -> None:
    good = workbook(
        tmp_path, '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>'
    ).read_bytes()
    at %= len(good)
    survive(tmp_path / "upload", good[:at] + put + good[at + cut :])


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.tuples(*[st.text(max_size=12) | st.none()] * 5), min_size=1, max_size=6))
def test_arbitrary_text_under_a_full_mapping_is_checked(rows: list[tuple[str | None, ...]]) -> None:
    names = ("D", "T", "X", "Y", "E")
    columns = {name: pl.Series([row[position] for row in rows], dtype=pl.String) for position, name in enumerate(names)}
    mapping = Mapping(occurred="D", occurred_time="T", source_type="E", x="X", y="Y", crs="EPSG:4326", note="E")
    try:
        result = checked(RawTable(pl.DataFrame(columns), "csv", 2), mapping)
    except UserError as error:
        str(error)
        return
    assert result.frame.height <= result.n_rows <= len(rows)
