"""The periods of a saved definition, and figures computed over them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.core import clock
from lagesbild.core.errors import UserError
from lagesbild.goals import actions
from lagesbild.goals.computing import periods_of
from lagesbild.goals.models import Indicator, Measurement, Missing, SourceKind, Unit
from lagesbild.goals.rule import Direction, Target, TargetKind
from tests.cast import Cast
from tests.goals.permissions import a_goal, an_indicator
from tests.picture.world import World, planted

pytestmark = pytest.mark.django_db
TODAY = date(2025, 8, 1)


def told(**definition: Any) -> list[tuple[str, str, str]]:
    return [(str(each.from_on), str(each.to_on), each.label) for each in periods_of(definition, TODAY)]


def test_years_end_with_the_one_that_goes_on_or_the_one_that_is_named() -> None:
    assert told(first_year=2024) == [
        ("2024-01-01", "2025-01-01", "2024"), ("2025-01-01", "2026-01-01", "2025"),
    ]  # fmt: skip
    assert [label for *_days, label in told(first_year=2017, last_year=2018)] == ["2017", "2018"]
    assert [label for *_days, label in told(first_year=2024, last_year=2026)] == ["2024", "2025", "2026"]


def test_quarters_and_months_are_labelled_as_the_import_of_tables_reads_them() -> None:
    quarters = told(every="quarter", first_year=2025)
    assert quarters[-1] == ("2025-07-01", "2025-10-01", "2025-Q3")
    assert len(quarters) == 3
    months = told(every="month", first_year=2024)
    assert months[11] == ("2024-12-01", "2025-01-01", "2024-12")
    assert months[-1][2] == "2025-08"


def test_own_days_once_or_again_every_year() -> None:
    summer = {"every": "own", "from_on": "2019-06-01", "to_on": "2019-09-01"}
    assert told(**summer) == [("2019-06-01", "2019-09-01", "2019-06-01 – 2019-08-31")]
    assert [start for start, *_rest in told(**summer, first_year=2017, last_year=2019)] == [
        "2017-06-01", "2018-06-01", "2019-06-01",
    ]  # fmt: skip
    over_new_year = {"every": "own", "from_on": "2024-02-29", "to_on": "2025-01-07", "first_year": 2023}
    assert told(**over_new_year)[0][:2] == ("2023-02-28", "2024-01-07")


@given(st.sampled_from(["year", "quarter", "month"]), st.integers(1990, 2025))
def test_each_period_begins_where_the_one_before_ends(every: str, first_year: int) -> None:
    made = periods_of({"every": every, "first_year": first_year}, TODAY)
    assert all(one.to_on == next_.from_on for one, next_ in pairwise(made))
    assert made[0].from_on == date(first_year, 1, 1)
    assert made[-1].from_on <= TODAY < made[-1].to_on


@pytest.fixture
def world(cast: Cast) -> Iterator[World]:
    with clock.frozen(datetime(2025, 8, 1, 12, tzinfo=UTC)):
        yield planted(cast)


def computed(cast: Cast, definition: dict[str, Any]) -> dict[str, tuple[float | None, bool, str]]:
    target = Target(TargetKind.DIRECTION, Direction.DOWN)
    text = actions.IndicatorText("Brott", "Register", Unit.COUNT, SourceKind.REGISTER, target, definition=definition)
    indicator = actions.ensure_indicator(a_goal(cast), f"kod-{len(definition)}", text, actor=None)
    actions.refresh_indicator(indicator, actor=None)
    rows = Measurement.objects.filter(indicator=indicator)
    return {each.label: (each.value, each.is_partial, each.missing) for each in rows}


def test_quarters_and_months_count_together_what_the_year_counts(world: World) -> None:
    base = {"kind": "incidents", "query": "category=narcotics", "first_year": 2024, "last_year": 2024}
    year = computed(world.cast, base)["2024"][0]
    quarters = computed(world.cast, base | {"every": "quarter"})
    Indicator.objects.all().delete()
    months = computed(world.cast, base | {"every": "month"})
    assert (len(quarters), len(months)) == (4, 12)
    for parts in (quarters, months):
        assert sum(value or 0 for value, _partial, _missing in parts.values()) == year


def test_days_before_the_first_source_are_not_measured_and_a_whole_month_is_whole(world: World) -> None:
    days = {"kind": "incidents", "query": "", "every": "own", "from_on": "2023-06-01", "to_on": "2023-09-01"}
    assert computed(world.cast, days)["2023-06-01 – 2023-08-31"] == (None, False, Missing.NOT_MEASURED)
    months = {"kind": "incidents", "query": "", "every": "month", "first_year": 2025}
    found = computed(world.cast, months)
    assert found["2025-08"][1] or found["2025-08"][2]  # this month is not over
    assert not found["2025-03"][1]


def test_more_periods_than_anybody_reads_are_refused_in_words(world: World) -> None:
    with pytest.raises(UserError) as caught:
        computed(world.cast, {"kind": "incidents", "query": "", "every": "month", "first_year": 1990})
    assert caught.value.code == "indicator.too_many_periods"


def survey(cast: Cast, parts: dict[str, tuple[float | None, int | None]]) -> Indicator:
    """A survey of 2019: share and n by gender."""
    asked: Indicator = an_indicator(cast)
    rows = [
        actions.MeasurementText(
            date(2019, 1, 1), date(2020, 1, 1), "2019", value, "Enkäten", gender=gender, n=n,
            missing="" if value is not None else "not_measured",
        )
        for gender, (value, n) in parts.items()
    ]  # fmt: skip
    actions.record_measurements(asked, rows, actor=None)
    return asked


def of_survey(cast: Cast, gender: str = "") -> Measurement:
    target = Target(TargetKind.VALUE, Direction.UP, 80)
    definition = {"kind": "survey", "survey": "trygga", "gender": gender, "age_group": ""}
    text = actions.IndicatorText("Trygga", "Enkät", Unit.SHARE, SourceKind.SURVEY, target, definition=definition)
    indicator = actions.ensure_indicator(a_goal(cast), "ur-enkaten", text, actor=None)
    actions.refresh_indicator(indicator, actor=None)
    return Measurement.objects.get(indicator=indicator)


def test_one_group_of_a_survey_with_the_interval_that_its_n_gives(cast: Cast) -> None:
    survey(cast, {"": (70.0, 400), "women": (66.0, 190)})
    women = of_survey(cast, "women")
    assert (women.value, women.n, women.label) == (66.0, 190, "2019")
    # Wilson for 66 % of 190, by hand: 65.68 ± 6.68, that is 59.01 to 72.36
    assert (round(women.low or 0, 1), round(women.high or 0, 1)) == (59.0, 72.4)


def test_all_together_are_the_groups_weighted_by_their_n(cast: Cast) -> None:
    survey(cast, {"women": (60.0, 300), "men": (80.0, 100)})
    assert (of_survey(cast).value, of_survey(cast).n) == (65.0, 400)


@pytest.mark.parametrize("men", [(80.0, None), (None, 100)])
def test_a_group_without_share_or_n_leaves_no_share_of_all(cast: Cast, men: tuple[float | None, int | None]) -> None:
    survey(cast, {"women": (60.0, 300), "men": men})
    found = of_survey(cast)
    assert (found.value, found.missing) == (None, Missing.NOT_MEASURED)
    assert found.footnote


def test_a_survey_that_is_gone_is_told_in_words(cast: Cast) -> None:
    a_goal(cast)
    with pytest.raises(UserError) as caught:
        of_survey(cast)
    assert caught.value.code == "indicator.survey"
