"""Names of persons that can be told from those of places are found; streets, squares and firms are let through."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.fieldreports.individuals import points_out_a_person

pytestmark = pytest.mark.one_database
KLARA = Path(__file__).resolve().parents[2] / "examples" / "klara"
FIRST = ["Anna", "Erik", "Åsa", "Karl-Erik", "Mohamed", "Zlatan", "Elsa", "familjen", "Granne"]
BEFORE = ["", "Vi såg ", "Det var ", "ring ", "(", "Vid bron stod ", "Igår.\n"]
AFTER = ["", ".", " igen", ", Vasagatan 24", " sålde", ")", " på gatan"]
OF_PLACES = """
Vasagatan Sergels torg Klara kyrka Drottninggatan Åhléns Lampan trasig under bron Karl Johans Kungsgatan plan Gallerian
Centralen T-Centralen buss Trafikkontoret Polisen Person Personal Station Television Gustav Adolfs Olof Palmes gata
Hötorget och vid mot Sveavägen två Ordningsvakt Kulturhuset Erikssons Johanssons säsong
"""
WORDS = st.sampled_from(OF_PLACES.split())


@given(
    st.sampled_from(BEFORE),
    st.sampled_from(FIRST),
    st.sampled_from(["Andersson", "Svensson", "Åkesson", "Öhrn Jönsson", "Larsdotter", "Ek-Persson", "E. Nilsson"]),
    st.sampled_from(AFTER),
)
def test_a_first_name_with_a_surname_of_kin_is_found_wherever_it_stands(
    before: str, first: str, surname: str, after: str
) -> None:
    assert points_out_a_person(f"{before}{first} {surname}{after}")


@given(st.lists(WORDS, max_size=12))
def test_words_of_places_in_any_order_are_let_through(words: list[str]) -> None:
    assert not points_out_a_person(" ".join(words))


@pytest.mark.parametrize(
    "text",
    [
        "Hotell Andersson, entrén",
        "Lars Erikssons gata",
        "Karin Larssons plats",
        "Per Olsson Fastigheter AB",
        "Svensson & Co",
        "Sony Ericsson",
        "Vid Ericsson Globe",
        "Utanför Jönssons livs",
        "Hos Ericsson i Kista",
        "en person och en annan Person",
        "bakom Andersson",
    ],
)
def test_firms_streets_and_squares_are_let_through(text: str) -> None:
    assert not points_out_a_person(text)


def test_no_place_organisation_function_or_text_of_klara_looks_like_a_person() -> None:
    """The whole of the example world, every word of it, is about places and organisations."""
    texts = [
        text
        for name in ("actors.toml", "forums.toml", "actions.toml", "matters.toml", "fieldreports.toml")
        for text in _texts(tomllib.loads((KLARA / name).read_text(encoding="utf-8")))
    ]
    places = json.loads((KLARA / "places.geojson").read_text(encoding="utf-8"))
    texts += [str(value) for feature in places["features"] for value in feature["properties"].values()]
    assert len(texts) > 500
    assert [text for text in texts if points_out_a_person(text) and not _is_contact(text)] == []


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for each in value.values() for text in _texts(each)]
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    return [value] if isinstance(value, str) else []


def _is_contact(text: str) -> bool:
    """Of a function: its telephone or address, which are in the directory on purpose."""
    return "@" in text or any(character.isdigit() for character in text)
