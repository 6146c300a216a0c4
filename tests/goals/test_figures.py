"""Indicators and their figures from the page: typed, corrected, taken in as a table, hidden from others when small."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lagesbild.core.models import AuditEvent
from lagesbild.goals import actions, queries
from lagesbild.goals.models import Goal, GoverningDocument, Indicator, Measurement, Missing, Proposal
from tests.cast import Cast
from tests.cooperation.matters.world import make_world
from tests.cooperation.plan.builders import an_action
from tests.goals.permissions import a_goal, an_indicator

pytestmark = pytest.mark.django_db


def path_of(name: str, *args: object) -> str:
    return reverse(f"goals:{name}", args=["ekby", *args])


@pytest.fixture
def anna(cast: Cast, client: Client) -> Client:
    client.force_login(cast.anna.user)
    return client


def indicator_data(goal: Goal, **changes: object) -> dict[str, Any]:
    data = {
        "goal": goal.pk,
        "question": "Andel som undviker torget",
        "measure": "Trygghetsmätning",
        "unit": "share",
        "decimals": 0,
        "source_kind": "survey",
        "target_kind": "value",
        "target_direction": "down",
        "target_value": "10",
        "footnotes": "Not ett\n\nNot två",
        "version": 1,
    }
    return data | changes


def figure_data(**changes: object) -> dict[str, Any]:
    data = {"period_from": "2018-01-01", "period_to": "2019-01-01", "label": "2018", "value": "12", "source": "Enkäten"}
    return data | changes


def test_an_indicator_is_made_and_changed_without_losing_what_another_wrote(cast: Cast, anna: Client) -> None:
    goal = a_goal(cast)
    assert anna.post(path_of("indicator_new"), indicator_data(goal)).status_code == 302
    made = Indicator.objects.get()
    assert (made.code, made.footnotes, made.owner) == (
        "andel-som-undviker-torget", ["Not ett", "Not två"], cast.municipality,
    )  # fmt: skip
    edit = path_of("indicator_edit", made.code)
    assert anna.post(edit, indicator_data(goal, measure="Ny enkät")).status_code == 302
    refused = anna.post(edit, indicator_data(goal, measure="Gammal enkät"))
    assert refused.status_code == 409
    assert "Ny enkät" in refused.content.decode()
    assert "Gammal enkät" in refused.content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"target_value": ""}, "target_value"),
        ({"target_kind": "yes_no", "target_value": "1"}, "target_kind"),
        ({"computed": "incidents", "query": "category=narcotics"}, "first_year"),
        ({"computed": "incidents", "query": "category=finns-inte", "first_year": 2019}, "query"),
        ({"computed": "incidents", "query": "/picture/?hour=99", "first_year": 2019}, "query"),
    ],
)
def test_an_indicator_that_cannot_be_judged_or_computed_is_refused(
    cast: Cast, anna: Client, changes: dict[str, Any], field: str
) -> None:
    response = anna.post(path_of("indicator_new"), indicator_data(a_goal(cast), **changes))
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not Indicator.objects.exists()


def test_a_figure_is_typed_and_a_correction_says_why_and_what_stood_there(cast: Cast, anna: Client) -> None:
    indicator = an_indicator(cast)
    assert anna.post(path_of("measurement_new", indicator.code), figure_data()).status_code == 302
    assert anna.post(path_of("measurement_new", indicator.code), figure_data(value="13")).status_code == 422
    stored = Measurement.objects.get()
    correct = path_of("measurement_correct", indicator.code, stored.pk)
    assert anna.post(correct, figure_data(value="21")).status_code == 422
    assert anna.post(correct, figure_data(value="21", reason="Omkastade siffror")).status_code == 302
    assert Measurement.objects.get().value == 21
    [correction] = queries.corrections_of(indicator)
    assert (correction.before, correction.after, correction.reason) == ("12 %", "21 %", "Omkastade siffror")
    assert "Omkastade siffror" in anna.get(path_of("indicator", indicator.code)).content.decode()


def test_a_corrected_period_moves_the_figure_and_leaves_none_behind(cast: Cast, anna: Client) -> None:
    indicator = an_indicator(cast, 12.0)
    stored = Measurement.objects.get()
    data = figure_data(reason="Fel år")
    assert anna.post(path_of("measurement_correct", indicator.code, stored.pk), data).status_code == 302
    assert [each.period_from for each in Measurement.objects.all()] == [date(2018, 1, 1)]


@pytest.mark.parametrize(
    "changes",
    [
        {"value": ""},
        {"missing": "not_measured"},
        {"period_to": "2018-01-01"},
        {"low": "14", "high": "10"},
        {"low": "10"},
        {"source": ""},
    ],
)
def test_half_a_figure_is_refused(cast: Cast, anna: Client, changes: dict[str, Any]) -> None:
    indicator = an_indicator(cast)
    assert anna.post(path_of("measurement_new", indicator.code), figure_data(**changes)).status_code == 422
    assert not Measurement.objects.exists()


def test_figures_that_are_computed_cannot_be_typed_over(cast: Cast, anna: Client) -> None:
    indicator = an_indicator(cast)
    Indicator.objects.update(definition={"kind": "actions_done", "first_year": 2019})
    assert anna.post(path_of("measurement_new", indicator.code), figure_data()).status_code == 422


def take_in(client: Client, text: str, **data: object) -> Any:
    file = SimpleUploadedFile("matt.csv", text.encode())
    return client.post(path_of("measurements_import"), {"file": file, "source": "Enkäten", **data})


def test_a_table_is_taken_in_with_breakdown_and_the_unknown_is_shown(cast: Cast, anna: Client) -> None:
    indicator = an_indicator(cast)
    table = (
        "indikator;period;värde;kön;ålder;n;nedre;övre;preliminär\n"
        "trygga;2018;70;;;400;65,5;74,5;ja\ntrygga;2018;66;kvinnor;;190;;;\n"
        "trygga;2018;–;okänt;okänd;;;;\ntrygga;2018-Q1;71;;;;;;\n"
    )
    assert take_in(anna, table).status_code == 302
    rows = {(each.label, each.gender): each for each in Measurement.objects.all()}
    assert (rows["2018", ""].low, rows["2018", ""].n, rows["2018", ""].is_provisional) == (65.5, 400, True)
    assert (rows["2018", "unknown"].value, rows["2018", "unknown"].missing) == (None, Missing.NOT_MEASURED)
    assert rows["2018-Q1", ""].period_to == date(2018, 4, 1)
    page = anna.get(path_of("indicator", indicator.code), headers={"accept-language": "en"}).content.decode()
    assert "Unknown" in page
    before = list(Measurement.objects.values())
    assert take_in(anna, table).status_code == 302
    assert list(Measurement.objects.values()) == before


def test_every_problem_of_a_table_is_told_by_row_and_column_and_nothing_is_stored(cast: Cast, anna: Client) -> None:
    an_indicator(cast)
    table = (
        "indikator;period;värde;kön;nedre;övre\ntrygga;2017;70;;;\ntrygga;hösten;7o;flyktingar;9;8\n"
        "okänd;2018;1;;;\ntrygga;2017;71;;;\n"
    )
    anna.cookies["django_language"] = "en"
    response = take_in(anna, table)
    assert response.status_code == 422
    problems = response.context["problems"]
    told = [(3, "value"), (3, "period"), (3, "gender"), (3, "high"), (4, "indicator"), (5, "period")]
    for row, column in told:
        assert any(each.startswith(f'Row {row}, column "{column}"') for each in problems), (row, column, problems)
    assert len(problems) == len(told)
    assert not Measurement.objects.exists()


def test_a_table_for_another_organisations_indicator_is_refused(cast: Cast, client: Client) -> None:
    an_indicator(cast)
    client.force_login(cast.eva.user)
    assert take_in(client, "indikator;period;värde\ntrygga;2018;70\n").status_code == 422
    assert not Measurement.objects.exists()


def counted(cast: Cast, *, published: bool = False) -> Indicator:
    """A count of 40, of whom 3 women, 33 men and 4 unknown; and 2 the year before."""
    indicator: Indicator = an_indicator(cast)
    Indicator.objects.update(unit="count", is_published=published)
    parts = {"": 40.0, "women": 3.0, "men": 33.0, "unknown": 4.0}
    rows = [
        actions.MeasurementText(date(2018, 1, 1), date(2019, 1, 1), "2018", value, "Räkning", gender=gender)
        for gender, value in parts.items()
    ]
    rows.append(actions.MeasurementText(date(2017, 1, 1), date(2018, 1, 1), "2017", 2.0, "Räkning"))
    actions.record_measurements(indicator, rows, actor=None)
    return indicator


def values_seen(client: Client, indicator: Indicator) -> dict[tuple[str, str], float | None]:
    rows = client.get(path_of("indicator", indicator.code)).context["rows"]
    return {(row.measurement.label, row.measurement.gender): row.measurement.value for row in rows}


def test_small_counts_and_what_would_give_them_back_are_hidden_from_others(cast: Cast, client: Client) -> None:
    indicator = counted(cast)
    client.force_login(cast.eva.user)
    seen = values_seen(client, indicator)
    assert seen == {
        ("2017", ""): None, ("2018", ""): 40.0, ("2018", "women"): None, ("2018", "men"): None,
        ("2018", "unknown"): None,
    }  # fmt: skip
    [view] = queries.goal_views(cast.eva, 2018)
    assert [cell.value for cell in view.tables[0].rows[0].cells if cell] == [None, 40.0]
    client.force_login(cast.anna.user)
    assert None not in values_seen(client, indicator).values()


def test_what_is_already_public_is_shown_to_all(cast: Cast, client: Client) -> None:
    indicator = counted(cast, published=True)
    client.force_login(cast.eva.user)
    assert None not in values_seen(client, indicator).values()


def test_a_goal_is_linked_to_actions_and_documents(cast: Cast, anna: Client) -> None:
    action = an_action(make_world(cast))
    goal = a_goal(cast)
    document = {"title": "Trygghetsprogram", "level": "municipal", "valid_from": "2018-01-01"}
    assert anna.post(path_of("document_new"), document).status_code == 302
    assert anna.post(path_of("document_new"), document).status_code == 422
    stored = GoverningDocument.objects.get()
    data = {
        "number": "1", "kind": "goal", "title": "Tryggt torg", "version": 1,
        "actions": [action.pk], "documents": [stored.pk],
    }  # fmt: skip
    assert anna.post(path_of("goal_edit", goal.pk), data).status_code == 302
    page = anna.get(path_of("goal", goal.pk)).content.decode()
    assert reverse("cooperation:action", args=["ekby", action.number]) in page
    assert "Trygghetsprogram" in page
    edit = path_of("document_edit", stored.pk)
    assert anna.post(edit, document | {"note": "Nytt", "version": 1}).status_code == 302
    assert anna.post(edit, document | {"note": "Annat", "version": 1}).status_code == 409


def test_a_proposal_leads_to_its_action(cast: Cast, anna: Client) -> None:
    action = an_action(make_world(cast))
    new = {"year": 2020, "heading": "Bild", "text": "Mät oftare"}
    assert anna.post(path_of("proposal_new"), new).status_code == 302
    proposal = Proposal.objects.get()
    assert (proposal.number, proposal.owner) == (1, cast.municipality)
    decided = {"state": "ongoing", "decision": "Påbörjat", "version": 1, "action_number": 999}
    assert anna.post(path_of("proposal", proposal.pk), decided).status_code == 422
    decided["action_number"] = action.number
    assert anna.post(path_of("proposal", proposal.pk), decided).status_code == 302
    page = anna.get(path_of("proposals")).content.decode()
    assert reverse("cooperation:action", args=["ekby", action.number]) in page


def test_every_change_is_in_the_log(cast: Cast, anna: Client) -> None:
    anna.post(path_of("indicator_new"), indicator_data(a_goal(cast)))
    anna.post(path_of("measurement_new", Indicator.objects.get().code), figure_data())
    codes = set(AuditEvent.objects.values_list("code", flat=True))
    assert {"goals.created", "indicators.created", "measurements.recorded"} <= codes


def test_pages_take_few_queries_however_many_indicators_there_are(cast: Cast, anna: Client) -> None:
    first = counted(cast)
    copies = [Indicator(**_columns(first) | {"code": f"kopia-{at}", "question": f"Fråga {at}"}) for at in range(60)]
    for each in Indicator.objects.bulk_create(copies):
        Measurement.objects.bulk_create(Measurement(**_columns(m) | {"indicator_id": each.pk}) for m in _rows(first))
    pages = {path_of("goals"): 11, path_of("tree"): 8, path_of("goal", first.goal_id): 18}
    for path, most in (pages | {path_of("indicator", first.code): 8}).items():
        with CaptureQueriesContext(connection) as captured:
            assert anna.get(path).status_code == 200
        assert len(captured) <= most, path


def _rows(indicator: Indicator) -> list[Measurement]:
    return list(Measurement.objects.filter(indicator=indicator))


def _columns(row: Any) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.name != "id"}
