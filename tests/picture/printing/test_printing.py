"""The printed picture: every fact is there, in the asked language, with its caveats and its mark of exercise."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from lagesbild.picture.printing import Backdrop, Freeze, Remark, to_docx, to_pdf
from tests.core.documents.test_documents import pdf_text, word_text
from tests.picture.printing.contents import make_content

pytestmark = pytest.mark.one_database

BACKDROP = Backdrop(crs=3006)
FREEZE = Freeze(
    title="Inför forum i april",
    note="Underlag.",
    sharing="Operativt forum",
    frozen_at=datetime(2026, 4, 1, 8, 0, tzinfo=UTC),
    sha256="abc" * 21 + "a",
    remarks=(Remark(organisation="Polisen", function="Kommunpolis", stance="Delvis", text="Mer vid bron."),),
    changes=("En ny hot spot.",),
)


def both(**parts: Any) -> list[str]:
    """The text of the PDF and of the Word file."""
    arguments: dict[str, Any] = {"language": "sv", "backdrop": BACKDROP, **parts}
    content = arguments.pop("content", make_content())
    pdf = pdf_text(to_pdf(content, **arguments))
    return [" ".join(pdf.split()), " ".join(word_text(to_docx(content, **arguments)).split())]


def test_a_hot_spot_is_printed_with_its_support() -> None:
    for text in both():
        assert "Vasagatan 24" in text
        assert "+50 %" in text  # the change
        assert "< 0,001" in text  # p after correction


def test_caveats_follow_the_figures() -> None:
    assert all("Följer polisens insatser. (V, Anmälda brott)" in text for text in both())


def test_hidden_counts_stay_hidden() -> None:
    assert all("<5" in text for text in both())


def test_exercise_data_says_so_and_real_data_does_not() -> None:
    mark = "ÖVNINGSDATA"
    assert all(mark in text for text in both(content=replace(make_content(), is_exercise=True)))
    assert all(mark not in text for text in both())


def test_a_frozen_picture_tells_what_the_actors_see_and_what_changed() -> None:
    for text in both(freeze=FREEZE):
        assert "Inför forum i april" in text
        assert "Mer vid bron." in text
        assert "En ny hot spot." in text
        assert "abcabcabcabc" in text


def test_the_same_picture_in_english() -> None:
    for text in both(language="en"):
        assert "Hot spots and their support" in text
        assert "Follows police activity." in text
        assert "1,234 events" in text


def test_a_picture_without_hot_spots_is_printed_too() -> None:
    empty = replace(make_content(), hot_spots=None, season=None, categories=(), caveats=(), notes=())
    assert all("1 234" in text for text in both(content=empty))
