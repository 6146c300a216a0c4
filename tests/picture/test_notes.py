"""Every remark that a picture can carry has a sentence for readers who are not analysts."""

from __future__ import annotations

import string

from django.utils.translation import override

from lagesbild.picture.content import NoteFact
from lagesbild.picture.notes import SENTENCES, sentence, wording
from lagesbild.stats import NOTES


def fields(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name}


USED = ("aoristic", "change", "density", "disclosure", "gi_star", "hot_spots", "rate", "season")
CODES = {code: text for code, text in NOTES.items() if code.partition(".")[0] in USED}


def test_every_remark_that_a_picture_can_carry_has_a_sentence() -> None:
    assert set(CODES) <= set(SENTENCES)


def test_sentences_use_only_values_that_the_remark_has() -> None:
    for code, text in CODES.items():
        for language in ("sv", "en"):
            with override(language):
                assert fields(wording(code, 1)) | fields(wording(code, 2)) <= fields(text), code


def test_numbers_are_written_as_the_reader_does() -> None:
    note = NoteFact(code="gi_star.few_events", values={"expected": 1234.5})
    with override("sv"):
        assert "1\xa0234,5" in sentence(note)
    with override("en"):
        assert "1,234.5" in sentence(note)


def test_one_event_is_one_event() -> None:
    with override("sv"):
        assert sentence(NoteFact(code="aoristic.end_before_start", values={"n": 1})).startswith("1 händelse slutar")
        assert sentence(NoteFact(code="aoristic.end_before_start", values={"n": 2})).startswith("2 händelser slutar")
