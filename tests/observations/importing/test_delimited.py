"""CSV dialects: separators, quotation marks, encodings, row numbers and ragged rows."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.core.errors import UserError
from lagesbild.observations.importing import Limits, read_table
from lagesbild.observations.importing.delimited import read_delimited, scan_rows
from lagesbild.observations.importing.limits import DEFAULT_LIMITS
from lagesbild.observations.importing.text import Text
from tests.observations.importing.files import saved


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_each_separator_is_found(tmp_path: Path, separator: str) -> None:
    raw = read_table(saved(tmp_path, f"id{separator}typ\n1{separator}Rån\n2{separator}Stöld\n"))
    assert raw.separator == separator
    assert raw.frame.to_dicts() == [{"id": "1", "typ": "Rån"}, {"id": "2", "typ": "Stöld"}]


def test_decimal_commas_do_not_make_comma_the_separator(tmp_path: Path) -> None:
    raw = read_table(saved(tmp_path, "lat;lon\n59,33;18,07\n59,34;18,08\n"))
    assert raw.columns == ["lat", "lon"]
    assert raw.frame.row(0) == ("59,33", "18,07")


def test_the_separator_excel_states_in_its_first_line_is_used_and_counted_as_a_row(tmp_path: Path) -> None:
    raw = read_table(saved(tmp_path, "sep=|\na|b,c\n1|2\n"))
    assert raw.separator == "|"
    assert raw.columns == ["a", "b,c"]
    assert raw.first_row == 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_swedish_letters_survive_every_usual_encoding(tmp_path: Path, encoding: str) -> None:
    raw = read_table(saved(tmp_path, "Område;Händelse\nÅrsta;Rån och stöld i affär\n".encode(encoding)))
    assert raw.frame.to_dicts() == [{"Område": "Årsta", "Händelse": "Rån och stöld i affär"}]


def test_windows_dashes_and_quotes_are_not_control_characters(tmp_path: Path) -> None:
    raw = read_table(saved(tmp_path, "a;b\n\u201cx\u201d;\u2013\n".encode("cp1252")))
    assert raw.frame.row(0) == ("\u201cx\u201d", "\u2013")
    assert raw.encoding == "cp1252"


def test_mixed_encodings_name_a_row_of_each(tmp_path: Path) -> None:
    content = b"a;b\nx;1\n" + "å;2\n".encode() + "å;3\n".encode("latin-1")
    with pytest.raises(UserError) as refused:
        read_table(saved(tmp_path, content))
    assert refused.value.code == "import.encoding_mixed"
    assert (refused.value.params["first"], refused.value.params["second"]) == (3, 4)


def test_quoted_values_may_hold_separators_line_ends_and_quotation_marks(tmp_path: Path) -> None:
    raw = read_table(saved(tmp_path, 'a;b\n"x;y";"rad 1\nrad 2"\n"sa ""hej""";z\n'))
    assert raw.frame.rows() == [("x;y", "rad 1\nrad 2"), ('sa "hej"', "z")]
    assert raw.problems.is_empty()


def test_a_quotation_mark_inside_a_value_is_a_letter(tmp_path: Path) -> None:
    raw = read_table(saved(tmp_path, 'a;b\nrör 12" långt;x\n5";y\n'))
    assert raw.frame.rows() == [('rör 12" långt', "x"), ('5"', "y")]


def test_a_quotation_mark_that_never_closes_is_told_with_its_row(tmp_path: Path) -> None:
    with pytest.raises(UserError) as refused:
        read_table(saved(tmp_path, 'a;b\n1;x\n2;"y\n3;z\n'))
    assert refused.value.code == "import.quote_unclosed"
    assert refused.value.params["row"] == 3


def test_ragged_rows_are_listed_with_row_and_counts_and_the_rest_is_read(tmp_path: Path) -> None:
    raw = read_table(saved(tmp_path, "a;b;c\n1;2;3\n4;5\n6;7;8;9\n10;11;12\n"))
    listed = raw.problems.select("row", "value", "detail", "code").rows()
    assert listed == [(3, "2", "3", "import.row_ragged"), (4, "4", "3", "import.row_ragged")]
    assert raw.frame.row(3) == ("10", "11", "12")


def test_empty_lines_are_no_problem_and_keep_the_row_numbers_right(tmp_path: Path) -> None:
    raw = read_table(saved(tmp_path, "a;b\r\n1;2\r\n\r\n   \r\n3;4;5\r\n\r\n"))
    assert raw.problems["row"].to_list() == [5]


def test_lines_before_the_header_count(tmp_path: Path) -> None:
    raw = read_table(saved(tmp_path, "\n\na;b\n1;2\n"))
    assert raw.columns == ["a", "b"]
    assert raw.row_numbers().to_list() == [4]


def test_missing_and_repeated_column_names_are_repaired_and_told(tmp_path: Path) -> None:
    raw = read_table(saved(tmp_path, "a;;a;a (2)\n1;2;3;4\n"))
    assert raw.columns == ["a", "column 2", "a (3)", "a (2)"]
    assert "column 2" in str(raw.notes[0])


def test_old_macintosh_line_ends_are_read(tmp_path: Path) -> None:
    assert read_table(saved(tmp_path, "a;b\r1;2\r3;4\r")).frame.rows() == [("1", "2"), ("3", "4")]


def test_the_last_row_needs_no_line_end(tmp_path: Path) -> None:
    assert read_table(saved(tmp_path, "a;b\n1;2")).frame.rows() == [("1", "2")]


def test_a_packed_file_is_unpacked(tmp_path: Path) -> None:
    raw = read_table(saved(tmp_path, gzip.compress(b"a;b\n1;2\n"), "file.csv.gz"))
    assert raw.frame.rows() == [("1", "2")]


def test_a_header_alone_is_a_table_without_rows(tmp_path: Path) -> None:
    raw = read_table(saved(tmp_path, "a;b\n"))
    assert (raw.columns, raw.frame.height) == (["a", "b"], 0)


def test_a_row_exactly_as_long_as_the_limit_is_read_and_one_more_is_not(tmp_path: Path) -> None:
    limits = Limits(max_line_bytes=20)
    read_table(saved(tmp_path, "a;b\n" + "x" * 18 + ";y\n"), limits=limits)
    with pytest.raises(UserError) as refused:
        read_table(saved(tmp_path, "a;b\n1;2\n" + "x" * 19 + ";y\n"), limits=limits)
    assert (refused.value.code, refused.value.params["row"]) == ("import.line_too_long", 3)


def test_too_long_values_are_listed_by_row_and_column(tmp_path: Path) -> None:
    raw = read_table(saved(tmp_path, "a;b\n1;" + "å" * 10 + "\n2;" + "å" * 11 + "\n"), limits=Limits(max_cell_chars=10))
    assert raw.problems.select("row", "column", "code").rows() == [(3, "b", "import.cell_too_long")]


def test_as_many_rows_as_the_limit_are_read_and_one_more_is_not(tmp_path: Path) -> None:
    limits = Limits(max_rows=2)
    assert read_table(saved(tmp_path, "a;b\n1;2\n3;4\n"), limits=limits).frame.height == 2
    with pytest.raises(UserError, match="3 "):
        read_table(saved(tmp_path, "a;b\n1;2\n3;4\n5;6\n"), limits=limits)


VALUES = st.text(alphabet='ab1 åÖ;,|"\n\r', max_size=6)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(VALUES, min_size=3, max_size=3), min_size=1, max_size=8), st.sampled_from(["\n", "\r\n"]))
def test_whatever_the_standard_writer_writes_is_read_back(rows: list[list[str]], line_end: str) -> None:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", lineterminator=line_end, quoting=csv.QUOTE_ALL)
    writer.writerows([["k1", "k2", "k3"], *rows])
    raw = read_delimited(Text(stream.getvalue().encode(), "utf-8"), limits=DEFAULT_LIMITS)
    assert raw.frame.fill_null("").rows() == [tuple(row) for row in rows]
    assert raw.problems.is_empty()


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(VALUES, min_size=1, max_size=5), min_size=1, max_size=8), st.integers(1, 40))
def test_the_scan_counts_values_as_the_standard_reader_does(rows: list[list[str]], chunk: int) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=";", lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lagesbild.observations.importing.delimited.SCAN_CHUNK", chunk)
        scan = scan_rows(stream.getvalue().encode(), separator=";")
    assert scan.counts.tolist() == [len(row) for row in rows]
    assert scan.regular


def test_all_columns_are_text(tmp_path: Path) -> None:
    raw = read_table(saved(tmp_path, "a;b\n007;1.50\n"))
    assert raw.frame.schema == {"a": pl.String, "b": pl.String}
    assert raw.frame.row(0) == ("007", "1.50")
