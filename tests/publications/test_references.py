"""Live references in a text."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.publications.content import Block, Span, plain_text, span, table
from lagesbild.publications.references import (
    LostReference,
    Reference,
    Resolvers,
    bare_numbers,
    blocks_of,
    references_in,
)

pytestmark = pytest.mark.one_database


def _value(reference: Reference) -> Span:
    return span(f"<{' '.join(reference.arguments)}>", "/trace/")


def _goals(_reference: Reference) -> list[Block]:
    return [table("Goals", ["Goal"], [[span("1")]], numeric=[False])]


RESOLVERS = Resolvers(inline={"value": _value}, blocks={"goals": _goals})


def test_paragraphs_headings_and_lists_are_told_apart() -> None:
    made = blocks_of("# Rubrik\n\nEn text\nsom fortsätter.\n\n- ett\n- två", RESOLVERS)
    assert [block["kind"] for block in made] == ["heading", "paragraph", "bullets"]
    assert plain_text(made[1]) == "En text som fortsätter."
    assert plain_text(made[2]) == "– ett\n– två"


def test_a_figure_stands_within_its_sentence_and_carries_its_trace() -> None:
    [made] = blocks_of("Det anmäldes [[value vald Aug 2019]] brott.", RESOLVERS)
    assert made["spans"] == [
        {"text": "Det anmäldes "},
        {"text": "<vald Aug 2019>", "trace": "/trace/"},
        {"text": " brott."},
    ]


def test_a_table_stands_on_a_line_of_its_own() -> None:
    assert [block["kind"] for block in blocks_of("Före\n\n[[ goals ]]\n\nEfter", RESOLVERS)] == [
        "paragraph", "table", "paragraph",
    ]  # fmt: skip
    with pytest.raises(LostReference) as caught:
        blocks_of("Se [[goals]] här", RESOLVERS)
    assert caught.value.code == "reference.own_line"


def test_an_unknown_reference_is_named() -> None:
    with pytest.raises(LostReference) as caught:
        blocks_of("Se [[velue vald 2019]]", RESOLVERS)
    assert "[[velue vald 2019]]" in caught.value.message


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Under 2018 sjönk det", []),
        ("Det var 565 brott", ["565"]),
        ("Andelen var 45 %, mot 5,5 % i staden", ["45 %", "5,5 %"]),
        ("Totalt 14 261 brott", ["14 261"]),
        ("[[value vald 2018]] och mål 1", ["1"]),
        ("Skr. 2016/17:126 § 11, den 2019-03-27", []),
    ],
)
def test_numbers_that_somebody_typed_are_found(text: str, found: list[str]) -> None:
    assert bare_numbers(text) == found


@given(st.text(alphabet=st.sampled_from("ab [] #\n-1v"), max_size=80))
def test_any_text_becomes_blocks_or_says_what_is_wrong(text: str) -> None:
    made: list[Block] = []
    with contextlib.suppress(LostReference):
        made = blocks_of(text, RESOLVERS)
    kept = "".join("".join(plain_text(block).split()) for block in made).replace("–", "")
    wanted = "".join(text.split())
    assert all(kept.count(letter) <= wanted.count(letter) for letter in "abv1")


@given(st.lists(st.from_regex(r"[a-z]{1,6}( [a-z0-9-]{1,8}){0,3}", fullmatch=True), max_size=5))
def test_every_reference_is_found_in_order(written: list[str]) -> None:
    text = " text ".join(f"[[{each}]]" for each in written)
    assert [" ".join((each.name, *each.arguments)) for each in references_in(text)] == [
        " ".join(w.split()) for w in written
    ]
