"""Every cell of the tables of Vision Klara's chapter Måluppfyllnad, held against a second reading of the report."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from lagesbild.accounts.models import Membership
from lagesbild.goals import queries
from lagesbild.goals.models import Judgement, Measurement
from lagesbild.goals.queries import Cell, GoalView, Row
from tests.goals.klara import load_klara, loaded

pytestmark = pytest.mark.django_db
PRINTED = tomllib.loads(Path(__file__).with_name("v_tables.toml").read_text(encoding="utf-8"))
WORDS = {"uppnås": "met", "delvis uppnås": "partly met", "inte uppnås": "not met"}


@pytest.fixture(scope="module")
def anna(django_db_setup: None, django_db_blocker: Any) -> Iterator[Membership]:
    with loaded(django_db_blocker) as anna:
        yield anna


@pytest.fixture
def swedish() -> Iterator[None]:
    with translation.override("sv"):
        yield


@pytest.fixture
def views(anna: Membership, swedish: None) -> dict[str, GoalView]:
    return {view.goal.number: view for view in queries.goal_views(anna, 2019)}


def plain(text: str) -> str:
    """Letters and digits only; the report writes some compounds with and without their s, or parted by a hyphen."""
    letters = re.sub(r"[\W_]", "", text).casefold()
    return letters.replace("sområde", "område").replace("upptäckts", "upptäcks")


def row_of(view: GoalView, printed: str) -> tuple[tuple[str, ...], Row]:
    """The row with this question; the one row that the report names wrongly is known."""
    wanted = plain(printed.replace("Andel anmälda våldsbrott", "Anmälda våldsbrott"))
    rows = [(table.columns, row) for table in view.tables for row in table.rows]
    found = [each for each in rows if plain(each[1].indicator.question) == wanted]
    assert len(found) == 1, (printed, [row.indicator.question for _columns, row in rows])
    return found[0]


def test_every_cell_is_what_the_report_prints(views: dict[str, GoalView]) -> None:
    wrong = []
    rows = [(table, *row) for table in PRINTED["tables"] for row in table["rows"]]
    for table, question, *cells in rows:
        columns, row = row_of(views[table["goal"]], question)
        for label, printed in zip(table["columns"], cells, strict=True):
            stored = row.target if label == "Mål" else _text(row.cells[columns.index(label)])
            if plain(stored) != plain(printed) or ("-" in printed) != (stored == "–"):
                wrong.append((question, label, printed, stored))
        for flag in ("partial", "uncertain"):
            flagged = [cell.label for cell in row.cells if cell is not None and getattr(cell, flag)]
            assert flagged == table.get(flag, []), (question, flag)
    assert not wrong


def _text(cell: Cell | None) -> str:
    assert cell is not None
    return cell.text


def test_no_row_of_a_printed_table_is_missing_and_none_is_invented(views: dict[str, GoalView]) -> None:
    printed = sum(len(table["rows"]) for table in PRINTED["tables"])
    shown = [row.indicator.code for view in views.values() for table in view.tables for row in table.rows]
    assert len(shown) == printed + 1  # all crime in Klara, which the report draws without printing a table
    assert "brott-antal-klara" in shown


PROPOSED = {"1": "not met", "2": "not met", "3": "cannot be judged", "4": "partly met", "5": "partly met"}


def test_the_proposal_stands_beside_the_stated_judgement_and_differences_are_explained(
    views: dict[str, GoalView],
) -> None:
    for goal, proposed in PROPOSED.items():
        view = views[goal]
        assert view.judgement is not None
        assert view.judgement.verdict == WORDS[PRINTED["judgements"][goal]]
        assert view.proposal.verdict == view.judgement.proposed == proposed
        assert bool(view.judgement.difference) == (view.judgement.verdict != proposed)


def test_every_figure_leads_to_its_source(views: dict[str, GoalView]) -> None:
    for view in views.values():
        for table in view.tables:
            for row in table.rows:
                assert all(cell is None or "/goals/indicators/" in cell.trace for cell in row.cells)
    assert not Measurement.objects.filter(source="").exists()


def test_loading_again_changes_nothing(anna: Membership) -> None:
    before = list(Measurement.objects.order_by("pk").values())
    load_klara()
    assert list(Measurement.objects.order_by("pk").values()) == before
    assert Judgement.objects.count() == 5


def test_all_goals_take_few_queries(anna: Membership) -> None:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        for view in queries.goal_views(anna, 2019):
            assert [row for table in view.tables for row in table.rows]
    assert len(captured) <= 5


def test_the_narcotics_table_and_the_populations_it_implies() -> None:
    """The report prints none: count over rate gives them, and no two areas share one."""
    implied = {
        name: [round(_int(count) / _int(rate) * 100_000) for count, rate in zip(counts, rates, strict=True)]
        for (name, *counts), (_name, *rates) in zip(
            PRINTED["narcotics"]["counts"], PRINTED["narcotics"]["rates"], strict=True
        )
    }
    assert abs(implied["Norrmalms stadsdelsområde"][7] - 69_420) < 10  # 2015
    assert abs(implied["LPO Norrmalm"][10] - 270_300) < 100  # 2018
    assert abs(implied["Norrmalms stadsdelsområde"][10] - 71_900) < 100


def _int(text: str) -> int:
    return int(text.replace(" ", ""))
