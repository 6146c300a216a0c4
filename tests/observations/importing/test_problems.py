"""How problems are said, listed and downloaded; and what the list must never hold."""

from __future__ import annotations

import re

import pytest
from babel.messages.pofile import read_po

from lagesbild.observations.importing import Mapping, problem_message, problems_csv, with_messages
from lagesbild.observations.importing.problems import MESSAGES, NOTES
from tests.observations.importing.files import checked, raw_of, told
from tests.shared_data import ROOT

# Skatteverket's published test number; no living person has it.
NUMBER = "19121212-1212"
FIELDS = re.compile(r"\{\w+\}")


def test_a_problem_is_said_in_words_with_value_place_and_advice() -> None:
    said = problem_message("import.date_refused", {"row": 14, "column": "Datum", "value": "31 feb"})
    assert said == 'Row 14, column "Datum": "31 feb" is not a date. Write it like 2026-02-28.'


def test_every_problem_and_note_has_a_swedish_text_with_the_same_fields() -> None:
    swedish = catalogue()
    for text in [str(each) for each in MESSAGES.values()]:
        assert sorted(FIELDS.findall(swedish[text])) == sorted(FIELDS.findall(text))
    said = swedish[str(MESSAGES["import.date_refused"])].format(row=14, column="Datum", value="31 feb")
    assert said == 'Rad 14, kolumn "Datum": "31 feb" är inget datum. Skriv som 2026-02-28.'


def catalogue() -> dict[str, str]:
    path = ROOT / "src/lagesbild/observations/locale/sv/LC_MESSAGES/django.po"
    with path.open("rb") as stream:
        return {each.id: each.string for each in read_po(stream) if isinstance(each.id, str) and each.id}


def test_the_list_says_the_same_as_each_problem_alone() -> None:
    result = checked(
        raw_of(D=["31 feb", "2099-01-01", "x"], T=["a", "b", None]), Mapping(occurred="D", source_type="T")
    )
    alone = [problem_message(each["code"], each) for each in result.problems.to_dicts()]
    assert with_messages(result.problems)["message"].to_list() == alone
    assert len(alone) == 4


def test_problems_stand_in_the_order_of_the_file() -> None:
    result = checked(raw_of(D=["x", "2026-01-01", "y"], T=[None, None, None]), Mapping(occurred="D", source_type="T"))
    assert [row for row, _, _ in told(result)] == [2, 2, 3, 4, 4]


def test_every_message_uses_only_fields_it_is_given() -> None:
    for template in MESSAGES.values():
        assert set(re.findall(r"\{(\w+)\}", str(template))) <= {"row", "column", "value", "detail"}
    assert all(code.startswith("import.") for code in [*MESSAGES, *NOTES])


def test_the_download_opens_right_in_excel() -> None:
    result = checked(raw_of(D=["31 feb; x"], T=["a"]), Mapping(occurred="D", source_type="T"))
    content = problems_csv(result.problems)
    assert content.startswith(b"\xef\xbb\xbf")
    header, row, _end = content.decode("utf-8-sig").split("\r\n")
    assert header.count(";") == 4
    assert row.startswith('2;D;"31 feb; x";')


@pytest.mark.parametrize("value", ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "  =1", "=1\n+2"])
def test_nothing_in_the_download_runs_as_a_formula(value: str) -> None:
    result = checked(raw_of(**{"=D": ["2026-01-01"], "T": ["a"], "P": ["x"]}), Mapping(occurred="=D", source_type="T"))
    assert result.ok
    bad = checked(raw_of(**{"=D": [value], "T": ["a"]}), Mapping(occurred="=D", source_type="T"))
    row = problems_csv(bad.problems).decode("utf-8-sig").split("\r\n")[1]
    cells = row.split(";")
    assert cells[1] == "'=D"
    assert cells[2].lstrip('"').startswith("'")


def test_plain_negative_numbers_stay_numbers_in_the_download() -> None:
    mapping = Mapping(occurred="D", source_type_constant="x", x="X", y="Y", crs="EPSG:4326")
    result = checked(raw_of(D=["2026-01-01"] * 2, X=["18.0", "-75.5"], Y=["59.3", "x"]), mapping)
    assert result.n_errors == 1
    assert "'" not in problems_csv(result.problems).decode("utf-8-sig").split("\r\n")[1].split(";")[2]


def test_long_values_are_cut_in_the_list() -> None:
    result = checked(raw_of(D=["x" * 500]), Mapping(occurred="D", source_type_constant="x"))
    assert len(result.problems["value"][0]) == 80


NOTE = Mapping(occurred="D", source_type_constant="x", note="Text")


@pytest.mark.parametrize(
    "spelling", [NUMBER, "191212121212", "121212-1212", "121212 1212", "1912-12-12 1212", "12 12 12–1212"]
)
def test_a_personal_number_in_a_text_is_an_error_and_is_masked_in_the_list(spelling: str) -> None:
    result = checked(raw_of(D=["2026-02-28"] * 2, Text=["lugnt", f"Mötte {spelling} vid entrén"]), NOTE)
    assert told(result) == [(3, "Text", "import.personal_number")]
    everything = problems_csv(result.problems).decode() + str(result.problems.to_dicts()) + str(result.frame.to_dicts())
    assert "1212-1212" not in everything
    assert not re.search(r"12\D{0,2}12\D{0,2}1212", everything)
    assert result.problems["value"][0].startswith("Mötte ")


def test_other_long_numbers_are_let_through() -> None:
    texts = ["Ring 08-123 45 67 89", "Ärende 5000-K123456-26", "2026-02-28 14:05", "1234567890", "6580822 674032"]
    assert checked(raw_of(D=["2026-02-28"] * 5, Text=texts), NOTE).ok


@pytest.mark.parametrize("field", ["place_text", "area_name", "source_type"])
def test_every_text_is_guarded(field: str) -> None:
    mapping = Mapping(occurred="D", **{"source_type_constant": "x", field: "Text"})
    result = checked(raw_of(D=["2026-02-28"], Text=[NUMBER]), mapping)
    assert told(result) == [(2, "Text", "import.personal_number")]


def test_identities_that_are_personal_numbers_are_refused_but_a_chance_likeness_is_not() -> None:
    mapping = Mapping(source_id="Id", occurred="D", source_type_constant="x")
    persons = raw_of(Id=[NUMBER, "121212-1212", "189001019802"], D=["2026-02-28"] * 3)
    assert {code for _, _, code in told(checked(persons, mapping))} == {"import.personal_number"}
    numbers = raw_of(Id=["1212121212", "5000000001", "5000000002"], D=["2026-02-28"] * 3)
    assert checked(numbers, mapping).ok
