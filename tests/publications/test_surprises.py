"""Series that would mislead: page and report say what is the matter, in both languages, and give no percentage."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lagesbild.core import clock
from lagesbild.goals import actions
from lagesbild.goals.models import Indicator, SourceKind, Unit
from lagesbild.goals.rule import Direction, Target, TargetKind
from lagesbild.places.models import Area, Fact
from lagesbild.publications import actions as reports
from lagesbild.publications.building import SectionProblem, build
from lagesbild.publications.content import plain_text
from lagesbild.publications.models import Report
from tests.cast import Cast
from tests.goals.permissions import a_goal
from tests.picture.world import planted
from tests.publications.permissions import a_report

pytestmark = pytest.mark.django_db
UP = Target(TargetKind.DIRECTION, Direction.UP)


@pytest.fixture(autouse=True)
def _in_spring() -> Iterator[None]:
    with clock.frozen(datetime(2020, 3, 1, 12, tzinfo=UTC)):
        yield


def series(cast: Cast, *rows: dict[str, Any], target: Target = UP) -> Indicator:
    """Yearly figures from 2017; a row may say more than its value."""
    text = actions.IndicatorText("Antal besök", "Räkning", Unit.COUNT, SourceKind.CONTACTS, target, is_published=True)
    indicator = actions.ensure_indicator(a_goal(cast), "besok", text, actor=None)
    texts = []
    for at, row in enumerate(rows):
        missing = "" if row.get("value") is not None else "not_measured"
        texts.append(
            actions.MeasurementText(
                date(2017 + at, 1, 1), date(2018 + at, 1, 1), str(2017 + at), source="Räkning", **row, missing=missing
            )
        )
    actions.record_measurements(indicator, texts, actor=None)
    return indicator


CASES = [
    (
        "gap",
        [{"value": 40.0}, {"value": None}, {"value": None}],
        ("Den senaste hela mätningen är från 2017", "The latest whole measurement is from 2017"),
    ),
    (
        "partial",
        [{"value": 40.0}, {"value": 50.0}, {"value": 30.0, "is_partial": True}],
        ("del av perioden", "a part of the period and is set aside"),
    ),
    (
        "zero base",
        [{"value": None}, {"value": 0.0}, {"value": 30.0}],
        ("Från 0 till 30:", "From 0 to 30:"),
    ),
    (
        "changed definition",
        [{"value": 40.0}, {"value": 50.0}, {"value": 90.0, "after_break": True}],
        ("på annat sätt än förut", "in another way than before"),
    ),
]


def words_of(report: Report, cast: Cast, language: str = "sv") -> str:
    """Everything that the report says."""
    made = build(report, cast.anna, language=language)
    return "\n".join(plain_text(block) for section in made["sections"] for block in section["blocks"])


@pytest.mark.parametrize(("name", "rows", "told"), CASES, ids=[case[0] for case in CASES])
def test_a_surprise_is_told_and_no_percentage_is_made_of_it(
    cast: Cast, client: Client, name: str, rows: list[dict[str, Any]], told: tuple[str, str]
) -> None:
    series(cast, *rows)
    wrong = "−40" if name == "partial" else "%"  # 30 until now against 50 in a year; two whole years may be compared
    client.force_login(cast.anna.user)
    for language, sentence in zip(("sv", "en"), told, strict=True):
        client.cookies["django_language"] = language
        page = client.get(f"{reverse('goals:goals', args=['ekby'])}?year=2019").content.decode()
        assert sentence in page
        assert wrong not in page.split("<tbody>")[-1]
    report = a_report(cast)
    for language, sentence in zip(("sv", "en"), told, strict=True):
        text = words_of(report, cast, language)
        assert name == "zero base" or sentence in text  # there the figures say it themselves
        assert wrong not in text


def test_a_change_that_says_nothing_is_refused_and_one_from_zero_has_no_per_cent(cast: Cast) -> None:
    series(cast, {"value": 0.0}, {"value": 50.0}, {"value": 30.0, "is_partial": True})
    report = a_report(cast)
    section = report.sections.get(code="causes")
    reports.write_section(section, 1, "Ändrat med [[change besok 2017 2018]].", actor=None)
    assert "Ändrat med +50." in words_of(report, cast)
    reports.write_section(section, 2, "Ändrat med [[change besok 2018 2019]].", actor=None)
    with pytest.raises(SectionProblem):
        words_of(report, cast)


@pytest.mark.parametrize(("language", "told"), [("sv", "inget tal per invånare"), ("en", "inget tal per invånare")])
def test_residents_of_zero_give_no_rate_and_the_page_and_the_report_say_why(
    cast: Cast, client: Client, language: str, told: str
) -> None:
    """The reason is stored with the figure, in the language of the house."""
    world = planted(cast)
    Fact.objects.update(value=0)
    area = Area.objects.get(version=world.areas, code="A1").pk
    query = f"category=narcotics&area={area}"
    definition = {"kind": "incidents", "first_year": 2024, "last_year": 2024, "query": query}
    text = actions.IndicatorText(
        "Brott", "Register", Unit.PER_100000, SourceKind.REGISTER, UP, definition=definition, is_published=True
    )
    actions.refresh_indicator(actions.ensure_indicator(a_goal(cast), "takt", text, actor=None), actor=None)
    client.force_login(cast.anna.user)
    client.cookies["django_language"] = language
    assert told in client.get(f"{reverse('goals:goals', args=['ekby'])}?year=2024").content.decode()
    assert told in words_of(a_report(cast, 2024), cast, language)
