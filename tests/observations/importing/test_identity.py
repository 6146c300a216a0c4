"""Identities and copies: from the file, from the content, the same row twice, the same identity for two things."""

from __future__ import annotations

from lagesbild.observations.importing import Mapping
from tests.observations.importing.files import checked, raw_of, told

WITH_ID = Mapping(source_id="Id", source_type="Typ", occurred="D")
WITHOUT_ID = Mapping(source_type="Typ", occurred="D", place_text="Plats")


def test_exact_copies_are_counted_once_and_told() -> None:
    result = checked(raw_of(Id=["1", "2", "1"], Typ=["a", "b", "a"], D=["2026-02-28"] * 3), WITH_ID)
    assert result.ok
    assert (result.n_rows, result.n_duplicates_in_file) == (3, 1)
    assert result.frame["row"].to_list() == [2, 3]


def test_one_identity_for_two_things_is_an_error_that_names_both_rows() -> None:
    result = checked(raw_of(Id=["1", "2", "1"], Typ=["a", "b", "c"], D=["2026-02-28"] * 3), WITH_ID)
    assert told(result) == [(2, "Id", "import.id_conflicting"), (4, "Id", "import.id_conflicting")]
    assert result.problems["detail"].to_list() == ["4", "2"]
    assert result.frame["source_id"].to_list() == ["2"]


def test_a_copy_beside_a_conflict_is_neither_kept_nor_told_twice() -> None:
    result = checked(raw_of(Id=["1", "1", "1"], Typ=["a", "a", "b"], D=["2026-02-28"] * 3), WITH_ID)
    assert told(result) == [(2, "Id", "import.id_conflicting"), (4, "Id", "import.id_conflicting")]
    assert result.frame.is_empty()


def test_the_same_day_spelt_in_two_ways_is_the_same_content() -> None:
    result = checked(raw_of(Id=["1", "1"], Typ=["a", "a"], D=["2026-02-28", "28 feb 2026"]), WITH_ID)
    assert result.ok
    assert result.n_duplicates_in_file == 1


def test_a_missing_identity_is_an_error() -> None:
    result = checked(raw_of(Id=["1", None], Typ=["a", "b"], D=["2026-02-28"] * 2), WITH_ID)
    assert told(result) == [(3, "Id", "import.id_missing")]


def test_identities_made_from_content_are_the_same_next_time_and_in_any_order() -> None:
    columns = {"Typ": ["a", "b", "a"], "D": ["2026-02-28", "2026-02-28", "2026-03-01"], "Plats": ["x", "x", None]}
    first = checked(raw_of(**columns), WITHOUT_ID).frame["source_id"].to_list()
    turned = checked(raw_of(**{name: values[::-1] for name, values in columns.items()}), WITHOUT_ID).frame
    assert len(set(first)) == 3
    assert turned["source_id"].to_list() == first[::-1]


def test_identities_made_from_content_never_change_between_versions() -> None:
    result = checked(raw_of(Typ=["Stöld"], D=["2026-02-28 14:05"], Plats=["Vasagatan 24"]), WITHOUT_ID)
    assert result.frame["source_id"].to_list() == ["dee21682b0451aa45bb4"]


def test_equal_rows_without_identity_are_different_incidents() -> None:
    result = checked(raw_of(Typ=["a"] * 3, D=["2026-02-28"] * 3, Plats=["x"] * 3), WITHOUT_ID)
    first, second, third = result.frame["source_id"].to_list()
    assert (second, third) == (f"{first}-2", f"{first}-3")
    assert [note.code for note in result.notes] == ["import.ids_from_content"]
