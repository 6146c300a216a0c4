"""Files made to break the reader: each gives a clear error, and memory stays bounded."""

from __future__ import annotations

import gzip
import io
import json
import struct
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from lagesbild.core.errors import UserError
from lagesbild.observations.importing import Limits, read_table
from tests.observations.importing.files import saved, workbook
from tests.shared_data import ROOT

MEBIBYTE = 1 << 20


def refusal(path: Path, limits: Limits | None = None) -> UserError:
    with pytest.raises(UserError) as refused:
        read_table(path, limits=limits or Limits())
    assert str(refused.value)
    return refused.value


@pytest.mark.parametrize("content", [b"", b"\n\n", b"   ", b"\xef\xbb\xbf", gzip.compress(b"", mtime=0)])
def test_empty_files(tmp_path: Path, content: bytes) -> None:
    assert refusal(saved(tmp_path, content)).code == "import.file_empty"


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7 x", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"PAR1abc", b"<!DOCTYPE html>", b"<?xml v", b"Rar!xx"],
)
def test_other_kinds_are_called_by_name(tmp_path: Path, content: bytes) -> None:
    assert refusal(saved(tmp_path, content)).code == "import.kind_refused"


def test_zero_bytes_are_told_with_their_row(tmp_path: Path) -> None:
    error = refusal(saved(tmp_path, b"a;b\n1;2\n3;\x00\n"))
    assert (error.code, error.params["row"]) == ("import.file_not_text", 3)


def test_zero_bytes_in_utf_16_are_told_too(tmp_path: Path) -> None:
    error = refusal(saved(tmp_path, "a;b\n1;\x00\n".encode("utf-16")))
    assert (error.code, error.params["row"]) == ("import.file_not_text", 2)


def test_a_cut_off_gzip_file(tmp_path: Path) -> None:
    packed = gzip.compress(b"a;b\n" + b"1;2\n" * 10_000)
    assert refusal(saved(tmp_path, packed[: len(packed) // 2])).code == "import.file_damaged"


def test_a_gzip_bomb_is_stopped_at_the_limit(tmp_path: Path) -> None:
    packed = gzip.compress(b"a;b\n" + b"1;2\n" * 100_000)
    assert (
        refusal(saved(tmp_path, packed), Limits(max_uncompressed_bytes=100_000)).code
        == "import.file_too_large_unpacked"
    )


def test_a_file_larger_than_the_limit_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as stream:
        stream.truncate(3 << 30)
    assert refusal(path).code == "import.file_too_large"


def test_ten_million_columns(tmp_path: Path) -> None:
    assert refusal(saved(tmp_path, b";" * 10_000_000 + b"\n")).code == "import.line_too_long"
    assert refusal(saved(tmp_path, b";".join([b"a"] * 501) + b"\n")).code == "import.columns_too_many"


def test_ten_thousand_names_in_json(tmp_path: Path) -> None:
    content = json.dumps([{f"n{number}": 1 for number in range(10_000)}])
    assert refusal(saved(tmp_path, content, "a.json")).code == "import.columns_too_many"


def test_a_workbook_that_unpacks_to_too_much(tmp_path: Path) -> None:
    path = workbook(tmp_path, "<row/>" * 400_000)
    assert path.stat().st_size < 20_000
    assert refusal(path, Limits(max_uncompressed_bytes=MEBIBYTE)).code == "import.file_too_large_unpacked"
    assert refusal(path, Limits(max_sheet_bytes=MEBIBYTE)).code == "import.sheet_too_large"


def test_a_workbook_that_lies_about_its_size(tmp_path: Path) -> None:
    path = workbook(tmp_path, "<row/>" * 400_000)
    with zipfile.ZipFile(path) as archive:
        true = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    content = path.read_bytes()
    assert content.count(struct.pack("<I", true)) == 2
    path.write_bytes(content.replace(struct.pack("<I", true), struct.pack("<I", 100)))
    assert refusal(path, Limits(max_uncompressed_bytes=MEBIBYTE)).code == "import.file_too_large_unpacked"


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.99])
def test_a_cut_off_workbook(tmp_path: Path, share: float) -> None:
    content = workbook(tmp_path, '<row r="1"><c r="A1"><v>1</v></c></row>').read_bytes()
    assert refusal(saved(tmp_path, content[: int(share * len(content))], "a.xlsx")).code == "import.file_damaged"


def test_a_workbook_with_an_entity_bomb(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><workbook>&b;</workbook>'
    assert refusal(workbook(tmp_path, "", extra={"xl/workbook.xml": bomb})).code == "import.file_damaged"


@pytest.mark.parametrize(
    ("member", "kind"),
    [("word/document.xml", "Word"), ("content.xml", "OpenDocument"), ("xl/workbook.bin", "xlsb"), ("x", "Zip")],
)
def test_archives_of_other_kinds_are_called_by_name(tmp_path: Path, member: str, kind: str) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(member, "x")
    error = refusal(saved(tmp_path, stream.getvalue(), "a.xlsx"))
    assert error.code == "import.kind_refused"
    assert kind in str(error)


def test_a_broken_or_locked_old_workbook(tmp_path: Path) -> None:
    assert refusal(saved(tmp_path, b"\xd0\xcf\x11\xe0" + b"x" * 5000, "a.xls")).code == "import.workbook_unreadable"


MEASURE = """
import resource, sys
import django
from django.conf import settings
settings.configure()
from lagesbild.core.errors import UserError
from lagesbild.observations.importing import Limits, read_table
limits = Limits(max_bytes=4 << 30, max_uncompressed_bytes=4 << 30)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
room = before * 1024 + (512 << 20)
resource.setrlimit(resource.RLIMIT_DATA, (room, room))
try:
    read_table(sys.argv[1], limits=limits)
    code = "read"
except UserError as error:
    code = error.code
print(code, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def two_gigabytes_without_a_line_end(path: Path) -> None:
    mebibyte = gzip.compress(b"x" * MEBIBYTE)
    with path.open("wb") as stream:
        stream.write(gzip.compress(b"a;b\n"))
        for _ in range(2048):
            stream.write(mebibyte)


def two_gigabytes_of_nothing(path: Path) -> None:
    with path.open("wb") as stream:
        stream.write(b"a;b\n")
        stream.truncate(2 << 30)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (two_gigabytes_without_a_line_end, "import.line_too_long"),
        (two_gigabytes_of_nothing, "import.file_not_text"),
    ],
)
def test_a_line_of_two_gigabytes_takes_little_memory(tmp_path: Path, make, code: str) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "hostile"
    make(path)
    run = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={"PYTHONPATH": "src"},
    )
    got, kibibytes = run.stdout.split()
    assert got == code
    assert int(kibibytes) < 64 * 1024


@pytest.mark.parametrize(
    "sheet",
    [
        "<row" + ' t="e"' * 200_000,
        "<c" + ' r="A1"' * 200_000,
        "<row><c " + 't="e" ' * 200_000 + ">",
        "<c><f>" * 200_000,
    ],
)
def test_a_sheet_made_to_be_slow_to_search_is_refused_at_once(tmp_path: Path, sheet: str) -> None:
    started = time.process_time()
    refusal(workbook(tmp_path, sheet))
    assert time.process_time() - started < 5


def test_shared_texts_without_end_are_refused_at_once(tmp_path: Path) -> None:
    started = time.process_time()
    sheet = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    refusal(workbook(tmp_path, sheet, extra={"xl/sharedStrings.xml": "<sst><si>" + "<si>" * 300_000}))
    assert time.process_time() - started < 5


def test_long_lines_in_an_old_encoding_are_read_at_once(tmp_path: Path) -> None:
    started = time.process_time()
    content = b"a;b\n" + (b"x" * 30_000 + b";y\n") * 20 + "å;1\n".encode("latin-1")
    assert read_table(saved(tmp_path, content)).encoding == "cp1252"
    assert time.process_time() - started < 5
