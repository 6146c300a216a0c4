"""A whole table of facts at once: all of it or nothing, with one audit row."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from lagesbild.core.errors import UserError
from lagesbild.core.models import AuditEvent
from lagesbild.places.actions import record_facts
from lagesbild.places.actions.facts import FactText
from lagesbild.places.models import Area, Fact
from tests.cast import Cast
from tests.places.builders import a_board

RESIDENTS = FactText(kind="residents", value=1800, valid_from=date(2019, 1, 1), source="A table")


@pytest.fixture
def areas(cast: Cast, tmp_path: Path) -> list[Area]:
    version = a_board(cast, tmp_path)
    return list(version.areas.select_related("version__area_set").order_by("code"))


def test_each_area_gets_its_own_fact_and_the_log_one_row(cast: Cast, areas: list[Area]) -> None:
    facts = [(area, replace(RESIDENTS, value=number)) for number, area in enumerate(areas)]

    assert record_facts(cast.ekby, cast.municipality, facts, actor=None) == 4

    assert list(Fact.objects.order_by("area__code").values_list("area", "value", "owner")) == [
        (area.pk, float(number), cast.municipality.pk) for number, area in enumerate(areas)
    ]
    assert AuditEvent.objects.get(code="facts.table_recorded").details == {"facts": 4, "sources": ["A table"]}


def test_no_facts_leave_no_trace(cast: Cast) -> None:
    assert record_facts(cast.ekby, cast.municipality, [], actor=None) == 0

    assert not AuditEvent.objects.filter(code="facts.table_recorded").exists()


def test_one_wrong_number_stops_the_whole_table(cast: Cast, areas: list[Area]) -> None:
    facts = [(areas[0], RESIDENTS), (areas[1], replace(RESIDENTS, value=-1))]

    with pytest.raises(UserError) as refused:
        record_facts(cast.ekby, cast.municipality, facts, actor=None)

    assert refused.value.code == "places.negative_fact"
    assert not Fact.objects.exists()


def test_a_personal_number_in_a_note_is_refused(cast: Cast, areas: list[Area]) -> None:
    facts = [(areas[0], replace(RESIDENTS, note="Ring 811218-9876"))]

    with pytest.raises(ValidationError):
        record_facts(cast.ekby, cast.municipality, facts, actor=None)

    assert not Fact.objects.exists()


def test_an_area_of_another_collaboration_is_refused(cast: Cast, areas: list[Area]) -> None:
    with pytest.raises(ValueError, match="collaboration"):
        record_facts(cast.sjovik, cast.municipality, [(areas[0], RESIDENTS)], actor=None)
