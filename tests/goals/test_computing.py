"""Figures by a saved definition: from incidents, from actions, held against a comparison group."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lagesbild.core import clock
from lagesbild.core.models import Job
from lagesbild.core.periodic import start_due
from lagesbild.goals import actions, queries
from lagesbild.goals.computing import incidents, periods
from lagesbild.goals.models import Indicator, Measurement, Missing, SourceKind, Unit
from lagesbild.goals.readers import reader_for
from lagesbild.goals.rule import Direction, Target, TargetKind
from lagesbild.observations.models import Source
from lagesbild.observations.store import IncidentStore
from lagesbild.places.models import Area, Fact
from lagesbild.publications.building import build
from tests.cast import Cast
from tests.cooperation.matters.world import make_world
from tests.cooperation.plan.builders import an_action
from tests.goals.permissions import a_goal
from tests.observations.frames import frame, incident
from tests.picture.world import World, planted
from tests.publications.permissions import a_report

pytestmark = pytest.mark.django_db
AUGUST = datetime(2025, 8, 1, 12, tzinfo=UTC)
DOWN = Target(TargetKind.DIRECTION, Direction.DOWN)


@pytest.fixture
def in_august() -> Iterator[None]:
    with clock.frozen(AUGUST):
        yield


@pytest.fixture
def world(cast: Cast, in_august: None) -> World:
    return planted(cast)


def an_indicator(cast: Cast, definition: dict[str, Any], *, unit: str = Unit.COUNT, target: Target = DOWN) -> Indicator:
    text = actions.IndicatorText("Brott", "Register", unit, SourceKind.REGISTER, target, definition=definition)
    return actions.ensure_indicator(a_goal(cast), f"kod-{unit}-{len(definition)}", text, actor=None)


def measured(indicator: Indicator) -> list[tuple[str, float | None, bool, str]]:
    actions.refresh_indicator(indicator, actor=None)
    rows = Measurement.objects.filter(indicator=indicator)
    return [(each.label, each.value, each.is_partial, each.missing) for each in rows]


def narcotics(world: World, *areas: str) -> dict[str, Any]:
    chosen = Area.objects.filter(version=world.areas, code__in=areas).values_list("pk", flat=True)
    query = "&".join(["category=narcotics", *(f"area={pk}" for pk in chosen)])
    return {"kind": "incidents", "first_year": 2023, "query": query}


def test_a_year_without_data_is_not_zero_and_one_that_is_not_over_is_partial(world: World) -> None:
    rows = measured(an_indicator(world.cast, narcotics(world)))
    assert rows[:2] == [("2023", None, False, Missing.NOT_MEASURED), ("2024", 60.0, False, "")]
    assert rows[2][2]


def test_the_same_data_version_gives_the_same_figure_and_a_newer_one_the_new(world: World) -> None:
    indicator = an_indicator(world.cast, narcotics(world))
    measured(indicator)
    then = Measurement.objects.get(indicator=indicator, label="2024").origin
    late = incident("late", "2024-02-02", 12, source_type="Narkotika")
    IncidentStore("ekby").commit(frame(late), source=world.source.slug, batch_id=2)
    reader, period = reader_for(world.cast.municipality), periods.year(2024, date(2025, 8, 1))
    again = incidents.compute(reader, indicator, period, version=then["data_version"])
    assert (again.value, again.origin["query"]) == (60.0, then["query"])
    assert dict(row[:2] for row in measured(indicator))["2024"] == 61.0


def test_refreshing_what_has_not_changed_changes_nothing(world: World) -> None:
    indicator = an_indicator(world.cast, narcotics(world))
    measured(indicator)
    before = list(Measurement.objects.values())
    assert actions.refresh_indicator(indicator, actor=None) == 0
    assert list(Measurement.objects.values()) == before


def test_a_rate_is_of_the_residents_of_its_own_area(world: World) -> None:
    indicator = an_indicator(world.cast, narcotics(world, "A1"), unit=Unit.PER_100000)
    assert measured(indicator)[1] == ("2024", 3000.0, False, "")  # 30 on the square, 1,000 residents
    origin = Measurement.objects.get(indicator=indicator, label="2024").origin
    assert (origin["count"], origin["residents"]) == (30, 1000)


def test_what_is_counted_from_invented_events_is_marked_on_page_and_in_print(world: World, client: Client) -> None:
    indicator = an_indicator(world.cast, narcotics(world))
    measured(indicator)
    report = a_report(world.cast, 2024)
    client.force_login(world.cast.anna.user)
    paths = [reverse("goals:indicator", args=["ekby", indicator.code]), reverse("goals:goals", args=["ekby"])]
    paths.append(reverse("publications:report", args=["ekby", report.pk]))
    assert not any(client.get(path).context["exercise"] for path in paths)
    Source.objects.update(is_exercise=True)
    measured(indicator)
    assert all(client.get(path).context["exercise"] for path in paths)
    assert build(report, world.cast.anna, language="sv")["exercise"]


@pytest.mark.parametrize("areas", [("A1", "B1"), ()])
def test_several_areas_or_none_have_no_rate(world: World, areas: tuple[str, ...]) -> None:
    rows = measured(an_indicator(world.cast, narcotics(world, *areas), unit=Unit.PER_100000))
    assert all(value is None and missing == Missing.NOT_MEASURED for _label, value, _partial, missing in rows)


@pytest.mark.parametrize("changes", [{"value": 0}, {"valid_to": date(2024, 1, 1)}])
def test_a_population_of_zero_or_of_another_time_gives_no_rate(world: World, changes: dict[str, Any]) -> None:
    Fact.objects.update(**changes)
    rows = measured(an_indicator(world.cast, narcotics(world, "A1"), unit=Unit.PER_100000))
    assert rows[1][1] is None


def test_what_the_owner_may_not_see_is_not_counted(cast: Cast, in_august: None) -> None:
    world = planted(cast, owner=cast.police, sharing="own")
    assert measured(an_indicator(cast, narcotics(world)))[1][1] is None


def test_a_figure_leads_to_the_picture_of_its_selection(world: World, client: Client) -> None:
    indicator = an_indicator(world.cast, narcotics(world, "A1"))
    measured(indicator)
    client.force_login(world.cast.anna.user)
    page = client.get(reverse("goals:indicator", args=["ekby", indicator.code])).content.decode()
    query = Measurement.objects.get(indicator=indicator, label="2024").origin["query"]
    address = f"{reverse('picture:picture', args=['ekby'])}?{query}"
    assert address.replace("&", "&amp;") in page
    assert "from=2024-01-01" in address
    assert client.get(address).status_code == 200


def test_all_made_figures_are_refreshed_every_day_and_a_bad_one_stops_no_other(
    world: World, run_jobs: Callable[[], list[Job]]
) -> None:
    good = an_indicator(world.cast, narcotics(world))
    broken = {"kind": "incidents", "first_year": 2024, "query": "category=finns-inte", "x": 1}
    bad = an_indicator(world.cast, broken)
    assert good.pk != bad.pk
    start_due()
    [job] = [each for each in run_jobs() if each.kind == "goals.refresh"]
    assert job.result["refused"] == [bad.code]
    assert Measurement.objects.filter(indicator=good, label="2024", value=60).exists()


def test_actions_done_in_time_are_a_share_of_those_that_were_due(cast: Cast, in_august: None) -> None:
    made = make_world(cast)
    days = [(date(2025, 3, 1), date(2025, 3, 1)), (date(2025, 3, 1), date(2025, 3, 2)), (date(2025, 12, 1), None)]
    for due, ended in days:
        each = an_action(made, due_on=due)
        state = "done" if ended else "planned"
        type(each).objects.filter(pk=each.pk).update(state=state, ended_on=ended)
    in_time = an_indicator(cast, {"kind": "actions_in_time", "first_year": 2024}, unit=Unit.SHARE)
    assert measured(in_time) == [("2024", None, False, Missing.NOT_MEASURED), ("2025", 50.0, True, "")]
    done = an_indicator(cast, {"kind": "actions_done", "first_year": 2025})
    assert measured(done) == [("2025", 2.0, True, "")]


def _area(cast: Cast, code: str, *values: float | None) -> Indicator:
    target = Target(TargetKind.COMPARISON, Direction.DOWN)
    text = actions.IndicatorText("Otrygga", "Enkät", Unit.SHARE, SourceKind.SURVEY, target)
    indicator = actions.ensure_indicator(a_goal(cast), code, text, actor=None)
    rows = [
        actions.MeasurementText(
            date(2017 + at, 1, 1), date(2018 + at, 1, 1), str(2017 + at), value, "Enkäten",
            missing="" if value is not None else "not_measured",
        )
        for at, value in enumerate(values)
    ]  # fmt: skip
    actions.record_measurements(indicator, rows, actor=None)
    return indicator


@pytest.mark.parametrize(
    ("others", "verdict"),
    [((6.0, 4.0), "met"), ((4.0, 4.0), "not met"), ((6.0, None), "cannot be judged")],
)
def test_a_comparison_group_is_the_mean_of_its_members_in_the_same_period(
    cast: Cast, others: tuple[float | None, ...], verdict: str
) -> None:
    own = _area(cast, "har", 9.0, 5.0)
    own.compared_with.set([_area(cast, f"dar-{at}", 1.0, value) for at, value in enumerate(others)])
    assert queries.judge(own, 2018).verdict == verdict
