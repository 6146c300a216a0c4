"""Minutes and briefing on paper: what was closed, with later corrections, and the evening on one sheet."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import docx
import pypdf
import pytest

from lagesbild.cooperation import printing
from lagesbild.cooperation.actions import holding
from lagesbild.cooperation.actions.holding import DecisionText, TaskText
from lagesbild.cooperation.briefing import Evening, Spot, hot_hours
from lagesbild.cooperation.models import Meeting
from lagesbild.cooperation.queries import meetings as queries
from lagesbild.core import clock
from tests.cast import Cast
from tests.cooperation.forums.builders import NOW, a_forum, a_meeting, an_open_meeting, function_of


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


def text_of(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages).replace("\n", " ")


def closed(cast: Cast) -> Meeting:
    meeting = an_open_meeting(cast, a_forum(cast))
    point = meeting.points.all()[0]
    holding.note_point(cast.anna, point, notes="Vi hjälps åt", seen=point.version)
    holding.decide(cast.anna, meeting, DecisionText(text="Laga lampan", responsible=cast.housing))
    gone = holding.decide(cast.anna, meeting, DecisionText(text="Riv muren"))
    holding.withdraw_decision(cast.anna, gone)
    return holding.close_meeting(cast.anna, meeting)


def test_minutes_have_notes_decisions_corrections_and_the_digest(cast: Cast) -> None:
    meeting = closed(cast)
    holding.add_addendum(cast.anna, meeting, text="Det var fem")
    told = printing.minutes_file(meeting, queries.addenda_of(meeting), "pdf", language="sv", author="Ekby")
    text = text_of(told)
    for part in ("Protokoll: Utsattning", "Vi hjälps åt", "Laga lampan", "#1", "Återtaget: Riv muren", "Det var fem"):
        assert part in text
    assert meeting.content_sha256[:16] in text
    assert "Övningsdata" not in text


def test_the_word_file_has_the_same_and_exercise_is_marked(cast: Cast) -> None:
    meeting = an_open_meeting(cast, a_forum(cast))
    Meeting.objects.update(is_exercise=True)
    meeting = holding.close_meeting(cast.anna, meeting)
    told = printing.minutes_file(meeting, [], "docx", language="sv", author="Ekby")
    document = docx.Document(BytesIO(told))
    header = " ".join(each.text for section in document.sections for each in section.header.paragraphs)
    whole = header + " ".join(each.text for each in document.paragraphs)
    assert "Övningsdata" in whole
    assert "Protokoll: Utsattning" in whole


def test_the_evening_is_one_sheet_even_when_everybody_has_a_task(cast: Cast) -> None:
    meeting = a_meeting(cast)
    for organisation in (cast.police, cast.housing):
        text = TaskText(
            organisation=organisation, function=function_of(organisation), task="Rondera " * 20, aim="Lugnt"
        )
        holding.set_task(cast.anna, meeting, text, seen=0)
    tonight = Evening(
        "40 händelser.", "mars 2026", (Spot(1, "Torget", "new", "Ny", "12"),), "21–24", "", is_exercise=False
    )
    told = printing.briefing_file(meeting, queries.seats(meeting), tonight, on=NOW.date(), language="sv")
    assert len(pypdf.PdfReader(BytesIO(told)).pages) == 1
    assert "Flest händelser på den här veckodagen: 21–24" in text_of(told)


@pytest.mark.parametrize(
    ("busy", "hours"),
    [({21: 5.0, 22: 9.0, 23: 5.0}, "21–00"), ({0: 4.0, 1: 4.0, 2: 4.0}, "00–03"), ({10: 99.0}, ""), ({}, "")],
)
def test_the_hot_hours_are_three_in_a_row_of_the_evening(busy: dict[int, float], hours: str) -> None:
    assert hot_hours([busy.get(hour, 0.0) for hour in range(24)]) == hours


def test_hidden_hours_count_as_nothing() -> None:
    assert hot_hours([None] * 24) == ""
