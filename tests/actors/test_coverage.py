"""The duty of an ordinary week, by place and situation, held against what happens."""

from __future__ import annotations

from dataclasses import replace

from lagesbild.actors.coverage import DutyWeek, duty_week, posts_of
from lagesbild.actors.gathering import gather
from lagesbild.actors.help_now import Asked
from lagesbild.picture import queries as picture
from lagesbild.places.models import Place
from tests.actors.builders import duty, kind, place_at, profile_of, zone_at
from tests.cast import Cast


def _week(cast: Cast, situation: str = "", place: Place | None = None) -> DutyWeek:
    ground = picture.ground(cast.ekby, cast.bo)
    data = replace(gather(cast.bo, only_weeks=True), places=posts_of(ground))
    where = Asked(situation, place.pk, place.x, place.y) if place else Asked(situation)
    return duty_week(data, where, time_zone="Europe/Stockholm")


def _counts(week: DutyWeek, weekday: int) -> list[int]:
    return [cell.count for cell in week.rows[weekday]]


def test_functions_are_counted_by_hour_from_half_an_hour_on(cast: Cast) -> None:
    kind(cast)
    duty(profile_of(cast.police, "Polis", own=["disorder"]), "09:30-11:29", [1])
    duty(profile_of(cast.housing, "Vakt", own=["disorder"]), "10-12", [1])
    counts = _counts(_week(cast), 0)
    assert counts[9:12] == [1, 2, 1]
    assert sum(counts) == 4
    assert sum(_counts(_week(cast), 1)) == 0


def test_only_those_who_take_care_of_the_situation_are_counted(cast: Cast) -> None:
    kind(cast)
    duty(profile_of(cast.police, "Polis", own=["disorder"]), "00-24")
    duty(profile_of(cast.municipality, "Belysning", own=["lighting"]), "00-24")
    duty(profile_of(cast.municipality, "Utan mandat"), "00-24")
    assert _week(cast, "lighting").functions == ("Belysning, Ekby kommun",)
    assert len(_week(cast).functions) == 2


def test_a_post_counts_where_it_stands_and_at_places_inside_it(cast: Cast) -> None:
    kind(cast)
    torg, corner = place_at(cast, "Torget", radius_m=200), place_at(cast, "Hörnet", dx=100, radius_m=10)
    away = place_at(cast, "Bort", dx=900)
    duty(profile_of(cast.housing, "Vakt", own=["disorder"]), "00-24", place=torg)
    assert [len(_week(cast, place=place).functions) for place in (torg, corner, away)] == [1, 1, 0]


def test_guards_do_not_count_where_they_have_no_powers(cast: Cast) -> None:
    kind(cast)
    inside, outside = place_at(cast, "Inne"), place_at(cast, "Ute", dx=900)
    guard = profile_of(cast.housing, "Vakt", own=["disorder"], needs_zone=True)
    duty(guard, "00-24")
    zone_at(cast, actors=[(cast.housing, guard.function, "")])
    assert [len(_week(cast, place=place).functions) for place in (inside, outside)] == [1, 0]


def test_whose_hours_are_not_known_is_said_and_not_counted(cast: Cast) -> None:
    kind(cast)
    profile_of(cast.police, "Okänd", own=["disorder"])
    week = _week(cast)
    assert (week.functions, week.unknown) == ((), ("Okänd, Polisen",))
