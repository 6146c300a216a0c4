"""Workbooks: true dates, chosen sheets, titles above the header, broken cells, formulas that are never run."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest

from lagesbild.core.errors import UserError
from lagesbild.observations.importing import Limits, Mapping, read_table
from tests.observations.importing.files import checked, told, workbook


def saved_book(folder: Path, rows: list[list[object]], name: str = "bok.xlsx") -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    other = book.create_sheet("Andra")
    other.append(["a"])
    other.append(["b"])
    book.save(folder / name)
    return folder / name


def test_true_dates_times_and_numbers_are_read_as_shown(tmp_path: Path) -> None:
    moment = datetime(2026, 2, 28, 14, 5)  # noqa: DTZ001 - a cell has no zone
    path = saved_book(
        tmp_path,
        [
            ["Ärendenr", "Datum", "Tid", "N", "E", "Typ"],
            [201900027888, moment, None, 6580822.5, 674032, "Rån"],
            [2, date(2026, 2, 28), time(14, 5), 6580823, 674033, "Stöld"],
            [3, "28/2 2026", "1405", "6580824,5", "674034", "Stöld"],
        ],
    )
    raw = read_table(path)
    result = checked(
        raw, Mapping(source_id="Ärendenr", source_type="Typ", occurred="Datum", occurred_time="Tid", x="E", y="N")
    )
    assert told(result) == []
    assert result.frame["source_id"].to_list() == ["201900027888", "2", "3"]
    assert result.frame["local_hour"].to_list() == [14, 14, 14]
    assert result.frame["y"].to_list() == [6580822.5, 6580823, 6580824.5]


def test_the_kind_is_told_by_content_and_not_by_name(tmp_path: Path) -> None:
    path = saved_book(tmp_path, [["a"], ["b"]], name="export.csv")
    assert read_table(path).kind == "excel"


def test_sheets_are_named_and_can_be_chosen(tmp_path: Path) -> None:
    path = saved_book(tmp_path, [["x"], ["y"]])
    assert read_table(path).sheets == ("Sheet", "Andra")
    assert read_table(path, sheet="Andra").columns == ["a"]
    with pytest.raises(UserError, match="Tredje"):
        read_table(path, sheet="Tredje")


def test_titles_and_empty_rows_above_the_header_count_as_rows(tmp_path: Path) -> None:
    raw = read_table(saved_book(tmp_path, [["Anmälda brott 2026"], [], ["Datum", "Typ", "Plats"], ["igår", "x", "y"]]))
    assert raw.columns == ["Datum", "Typ", "Plats"]
    assert told(checked(raw, Mapping(occurred="Datum", source_type="Typ"))) == [(4, "Datum", "import.date_refused")]


def test_text_that_looks_like_a_formula_is_only_text(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        cells(*(f'<c r="A{row}" t="inlineStr"><is><t>{text}</t></is></c>' for row, text in ((1, "a"), (2, "=1+1")))),
    )
    assert read_table(path).frame.row(0) == ("=1+1",)


def cells(*rows: str) -> str:
    return "".join(f'<row r="{number}">{row}</row>' for number, row in enumerate(rows, start=1))


HEAD = '<c r="B1" t="inlineStr"><is><t>Datum</t></is></c><c r="C1" t="inlineStr"><is><t>Typ</t></is></c>'


def test_a_formula_gives_the_value_it_had(tmp_path: Path) -> None:
    path = workbook(
        tmp_path, cells(HEAD, '<c r="B2"><f>1+1</f><v>46081</v></c><c r="C2" t="str"><f>"x"</f><v>Rån</v></c>')
    )
    raw = read_table(path)
    assert raw.frame.row(0) == ("46081", "Rån")
    assert raw.problems.is_empty()


def test_errors_and_formulas_without_value_are_told_by_row_and_column(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        cells(
            HEAD,
            '<c r="B2" t="e"><v>#REF!</v></c><c r="C2"><v>1</v></c>',
            '<c r="B3"><v>46081</v></c><c r="C3"><f>A1</f></c>',
            '<c r="B4"><v>46081</v></c><c r="C4"><f>A1</f><v></v></c>',
            '<c r="B5" s="1"/><c r="C5"><f>A1</f><v>2</v></c>',
        ),
    )
    listed = read_table(path).problems.select("row", "column", "code", "value").rows()
    assert listed == [
        (2, "Datum", "import.cell_broken", "#REF!"),
        (3, "Typ", "import.formula_without_value", None),
        (4, "Typ", "import.formula_without_value", None),
    ]


def test_a_value_in_the_last_cell_of_the_sheet_is_refused_before_room_is_made_for_it(tmp_path: Path) -> None:
    far = workbook(tmp_path, cells(HEAD) + '<row r="1048576"><c r="ZZ1048576"><v>1</v></c></row>')
    with pytest.raises(UserError) as refused:
        read_table(far, limits=Limits(max_columns=1000))
    assert refused.value.code == "import.cells_too_many"
    assert refused.value.params == {"row": 1_048_576, "columns": 702}


@pytest.mark.parametrize(
    ("sheet", "code"),
    [
        ('<row r="2"><c r="XFD2"><v>1</v></c></row>', "import.columns_too_many"),
        ('<row r="2"><c r="ZZ1048576"><v>1</v></c></row>', "import.columns_too_many"),
        ('<row r="2"><c r="AZ1048576"><v>1</v></c></row>', "import.cells_too_many"),
        ("<row r='2'><c r='XFD1048576'><v>1</v></c></row>", "import.file_damaged"),
        ('<row r="2"><c r = "XFD1048576"><v>1</v></c></row>', "import.file_damaged"),
        ('<row r="2"><a-b:c r="XFD1048576"><v>1</v></a-b:c></row>', "import.file_damaged"),
        (f'<row r="2"><{"p" * 30}:c r="XFD1048576"><v>1</v></{"p" * 30}:c></row>', "import.file_damaged"),
        (f'<row r="2"><c {"s" * 501} r="XFD1048576"><v>1</v></c></row>', "import.file_damaged"),
        (f'<row r="2"><c {"s" * 501} r="B1048576"><v>1</v></c></row>', "import.file_damaged"),
        ('<row r="2"><c r="&#88;FD1048576"><v>1</v></c></row>', "import.file_damaged"),
    ],
)
def test_no_spelling_of_a_far_address_gets_through(tmp_path: Path, sheet: str, code: str) -> None:
    with pytest.raises(UserError) as refused:
        read_table(workbook(tmp_path, cells(HEAD) + sheet))
    assert refused.value.code == code


def test_a_tall_narrow_sheet_is_within_the_limits(tmp_path: Path) -> None:
    raw = read_table(workbook(tmp_path, cells(HEAD) + '<row r="1048576"><c r="C1048576"><v>1</v></c></row>'))
    assert raw.frame.height == 1_048_575


def test_one_long_text_used_in_many_cells_is_refused(tmp_path: Path) -> None:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    shared = f'<sst xmlns="{main}"><si><t>{"x" * 1000}</t></si></sst>'
    body = cells(*['<c r="A1" t="s"><v>0</v></c>'.replace("A1", f"A{row}") for row in range(1, 101)])
    path = workbook(tmp_path, body, extra={"xl/sharedStrings.xml": shared})
    assert read_table(path, limits=Limits(max_sheet_bytes=200_000)).frame.height == 99
    with pytest.raises(UserError) as refused:
        read_table(path, limits=Limits(max_sheet_bytes=50_000))
    assert refused.value.code == "import.sheet_too_large"
