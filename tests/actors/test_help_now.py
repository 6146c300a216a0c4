"""Who can help now: mandate, powers, ages and duty decide who, and in what order; and who takes over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from lagesbild.actors import actions
from lagesbild.actors.gathering import gather
from lagesbild.actors.help_now import Asked, HelpAnswer, Helper, who_can_help
from lagesbild.actors.hours import Hours
from lagesbild.actors.models import Schedule
from lagesbild.core import clock
from tests.actors.builders import duty, place_at, profile_of, zone_at
from tests.cast import Cast
from tests.places.builders import EAST, NORTH

FRIDAY_NOON = datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("Europe/Stockholm")).astimezone(UTC)


@pytest.fixture(autouse=True)
def _friday(cast: Cast) -> Iterator[None]:
    actions.begin_vocabulary(cast.ekby, actor=None)
    with clock.frozen(FRIDAY_NOON):
        yield


def _ask(cast: Cast, situation: str = "disorder", **more: Any) -> HelpAnswer:
    return who_can_help(gather(cast.bo), Asked(situation=situation, **more))


def _names(helpers: list[Helper]) -> list[str]:
    return [each.candidate.name for each in helpers]


def test_those_on_duty_whose_task_it_is_come_before_those_who_may_help(cast: Cast) -> None:
    for name, levels in (("Aktiv", {"may": ["disorder"]}), ("Ordningsvakt", {"own": ["disorder"]})):
        duty(profile_of(cast.housing, name, **levels), "10-18")
    duty(profile_of(cast.police, "Fältare", own=["minor"]), "10-18")
    answer = _ask(cast)
    assert _names(answer.on_duty) == ["Ordningsvakt", "Aktiv"]
    assert answer.off_duty == answer.unknown == answer.not_here == []


def test_who_is_off_duty_comes_with_the_next_time_soonest_first(cast: Cast) -> None:
    duty(profile_of(cast.police, "Natt", own=["disorder"]), "22-02")
    duty(profile_of(cast.police, "Kväll", own=["disorder"]), "18-22")
    duty(profile_of(cast.police, "Vår", own=["disorder"]), "10-18", valid_from=date(2027, 4, 1))
    profile_of(cast.police, "Okänd", own=["disorder"])
    answer = _ask(cast)
    assert _names(answer.off_duty) == ["Kväll", "Natt", "Vår"]
    assert answer.off_duty[0].next_from == FRIDAY_NOON.replace(hour=17)
    assert answer.off_duty[2].next_from is None
    assert _names(answer.unknown) == ["Okänd"]


def test_who_takes_over_is_the_first_in_order_at_that_moment(cast: Cast) -> None:
    duty(profile_of(cast.housing, "Dag", own=["disorder"]), "08-16")
    duty(profile_of(cast.police, "Helper", may=["disorder"]), "08-22")
    duty(profile_of(cast.police, "Kväll", own=["disorder"]), "16-23")
    answer = _ask(cast)
    day = answer.on_duty[0]
    assert day.takes_over is not None
    assert (day.candidate.name, day.takes_over.candidate.name, day.takes_over.after_gap) == ("Dag", "Kväll", False)


def test_a_gap_before_the_next_is_told(cast: Cast) -> None:
    duty(profile_of(cast.housing, "Dag", own=["disorder"]), "08-16")
    duty(profile_of(cast.police, "Natt", own=["disorder"]), "22-02")
    (day,) = _ask(cast).on_duty
    assert day.takes_over is not None
    assert (day.takes_over.candidate.name, day.takes_over.after_gap) == ("Natt", True)
    assert day.takes_over.at == FRIDAY_NOON.replace(hour=21)


def test_the_only_one_takes_over_from_itself_after_the_gap(cast: Cast) -> None:
    duty(profile_of(cast.housing, "Dag", own=["disorder"]), "08-16")
    (day,) = _ask(cast).on_duty
    assert day.takes_over is not None
    assert (day.takes_over.candidate.name, day.takes_over.after_gap) == ("Dag", True)
    assert day.takes_over.at == datetime(2026, 11, 21, 7, tzinfo=UTC)


def test_round_the_clock_has_no_end_and_nobody_takes_over(cast: Cast) -> None:
    duty(profile_of(cast.housing, "Vakt", own=["disorder"]), "00-24")
    (guard,) = _ask(cast).on_duty
    assert (guard.is_round_the_clock, guard.until, guard.takes_over) == (True, None, None)


def test_a_guard_without_powers_at_the_point_is_not_sent_there(cast: Cast) -> None:
    profile = profile_of(cast.housing, "Vakt", own=["disorder"], needs_zone=True)
    duty(profile, "00-24")
    zone_at(cast, "Centrum", actors=[(cast.housing, profile.function, "")], radius_m=100)
    inside, outside = _ask(cast, x=EAST, y=NORTH), _ask(cast, x=EAST + 500, y=NORTH)
    assert [(each.candidate.name, each.zone and each.zone.name) for each in inside.on_duty] == [("Vakt", "Centrum")]
    assert (outside.on_duty, [each.why_not for each in outside.not_here]) == ([], ["zone"])


def test_powers_of_the_organisation_are_those_of_its_functions_and_no_others(cast: Cast) -> None:
    for organisation in (cast.housing, cast.police):
        duty(profile_of(organisation, "Vakt", own=["disorder"], needs_zone=True), "00-24")
    zone_at(cast, actors=[(cast.housing, None, "")])
    answer = _ask(cast, x=EAST, y=NORTH)
    assert [each.candidate.organisation for each in answer.on_duty] == ["Ekbyhem AB"]


def test_a_zone_that_has_ended_gives_no_powers(cast: Cast) -> None:
    duty(profile_of(cast.housing, "Vakt", own=["disorder"], needs_zone=True), "00-24")
    zone_at(cast, actors=[(cast.housing, None, "")], valid_to=date(2026, 11, 20))
    assert _names(_ask(cast, x=EAST, y=NORTH).not_here) == ["Vakt"]


@pytest.mark.parametrize(("age", "fits"), [(12, False), (13, True), (19, True), (20, False), (None, True)])
def test_ages_at_the_limits(cast: Cast, age: int | None, fits: bool) -> None:
    duty(profile_of(cast.municipality, "Fältassistent", own=["minor"], min_age=13, max_age=19), "00-24")
    answer = _ask(cast, "minor", age=age)
    assert bool(answer.on_duty) is fits
    assert [each.why_not for each in answer.not_here] == ([] if fits else ["age"])


def test_ages_of_the_situation_count_when_no_age_is_told(cast: Cast) -> None:
    """A minor is 0–17: a team for adults is not sent, even where its list of situations says so."""
    duty(profile_of(cast.municipality, "Uppsökare", own=["minor"], min_age=18), "00-24")
    assert _names(_ask(cast, "minor").not_here) == ["Uppsökare"]


def test_duty_at_another_place_is_told_as_such_and_at_this_place_comes_first(cast: Cast) -> None:
    torg, station = place_at(cast, "Torget"), place_at(cast, "Stationen", dx=1000)
    duty(profile_of(cast.housing, "Annan", own=["disorder"]), "10-18")
    duty(profile_of(cast.housing, "Vid torget", own=["disorder"]), "10-18", place=torg)
    duty(profile_of(cast.housing, "Vid stationen", own=["disorder"]), "10-18", place=station)
    answer = _ask(cast, place=torg.pk, x=torg.x, y=torg.y)
    assert _names(answer.on_duty) == ["Vid torget", "Annan"]
    assert [(each.candidate.name, each.why_not) for each in answer.not_here] == [("Vid stationen", "elsewhere")]
    assert sorted(_names(_ask(cast).on_duty)) == ["Annan", "Vid stationen", "Vid torget"]


def test_a_date_that_differs_counts_today(cast: Cast) -> None:
    schedule = duty(profile_of(cast.municipality, "Vakt", own=["disorder"]), "10-18")
    actions.add_exception(cast.anna, schedule, date(2026, 11, 20), [])
    assert _ask(cast).on_duty == []
    actions.add_exception(cast.anna, schedule, date(2026, 11, 20), [Hours(clock.now().time(), clock.now().time())])
    assert Schedule.objects.get().exceptions.count() == 1


def test_what_one_may_not_see_is_not_in_the_answer(cast: Cast) -> None:
    duty(profile_of(cast.housing, "Hemlig", own=["disorder"], sharing="own"), "00-24")
    assert _names(_ask(cast).on_duty) == ["Hemlig"]  # Bo is of the housing company
    assert who_can_help(gather(cast.eva), Asked("disorder")).is_empty
    assert who_can_help(gather(cast.cecilia), Asked()).is_empty


def test_the_answer_takes_seven_queries_whatever_the_number(cast: Cast, django_assert_num_queries: Any) -> None:
    torg = place_at(cast, "Torget")
    for number in range(6):
        profile = profile_of(cast.municipality, f"Vakt {number}", own=["disorder", "lighting"])
        duty(profile, "08-16, 20-02", place=torg)
        actions.add_contact(cast.anna, profile, channel="phone", value="08-465 004 00")
        zone_at(cast, f"Zon {number}", actors=[(cast.municipality, profile.function, "")])
    with django_assert_num_queries(7):
        data = gather(cast.bo)
    with django_assert_num_queries(0):
        answer = who_can_help(data, Asked("disorder", torg.pk, torg.x, torg.y))
    assert len(answer.on_duty) == 6
