"""The planted world gives the picture that was planted."""

from __future__ import annotations

from datetime import date

import pytest
from django.http import QueryDict

from lagesbild.accounts.models import Membership
from lagesbild.picture import answer, kept, texts
from lagesbild.picture.asking import Ask
from lagesbild.picture.content import HotSpot, PictureContent
from tests.picture.world import N_SPOT, N_SPREAD, NOW, PARK, SQUARE_M, STATION, TORG, World


def picture_of(world: World, query: str = NOW, *, member: Membership | None = None) -> PictureContent:
    """What the coordinator of the owner organisation sees, unless another member is named."""
    member = member or world.cast.anna
    prepared = answer.prepare(world.cast.ekby, member, Ask.from_query(QueryDict(query)))
    return answer.answer(prepared, member).content


def spot_at(content: PictureContent, place: tuple[float, float]) -> HotSpot:
    assert content.hot_spots is not None
    near = [s for s in content.hot_spots.spots if abs(s.x - place[0]) <= 100 and abs(s.y - place[1]) <= 100]
    assert len(near) == 1, content.hot_spots.spots
    return near[0]


def test_the_planted_hot_spots_are_found_and_no_others(world: World) -> None:
    content = picture_of(world)
    assert content.hot_spots is not None
    assert len(content.hot_spots.spots) == 3
    assert {spot.status for spot in content.hot_spots.spots} == {"new", "persistent", "fading"}


def test_a_hot_spot_in_both_periods_is_persistent_and_named_by_its_place(world: World) -> None:
    torg = spot_at(picture_of(world), TORG)
    assert torg.status == "persistent"
    assert texts.spot_name(torg.name) in ("Torget med omnejd", "Torget and surroundings")
    assert torg.n is not None
    assert torg.n >= N_SPOT
    assert torg.p_adjusted < 0.01


def test_a_hot_spot_only_now_is_new_and_has_no_ratio(world: World) -> None:
    station = spot_at(picture_of(world), STATION)
    assert station.status == "new"
    assert station.n is not None
    assert station.n_before is not None
    assert station.n - station.n_before == N_SPOT
    assert station.change is not None
    assert station.change.is_clear
    assert texts.spot_name(station.name) in ("I Kvarter D4", "In Kvarter D4")


def test_a_hot_spot_only_before_is_fading_and_keeps_its_support_from_then(world: World) -> None:
    park = spot_at(picture_of(world), PARK)
    assert park.status == "fading"
    assert park.n is not None
    assert park.n_before is not None
    assert park.n_before - park.n == N_SPOT
    assert park.p_adjusted < 0.01
    assert park.rank == 3  # those of now come first


def test_totals_tell_how_well_events_are_located(world: World) -> None:
    totals = picture_of(world).totals
    assert totals.n == 2 * N_SPOT + N_SPREAD + 3
    assert totals.n_before == 2 * N_SPOT + N_SPREAD
    assert totals.n_points == totals.n - 1
    assert totals.n_withheld == 1
    assert totals.n_hour_unknown == 1


def test_only_days_that_the_data_covers_count(world: World) -> None:
    """The last event of 2025 is on 31 May: June has no data, and the comparison is per day covered."""
    content = picture_of(world)
    assert content.basis.data_to_on == date(2025, 6, 1)
    assert content.totals.days == 151
    assert content.totals.days_before == 182
    assert "picture.period_partly_covered" in {note.code for note in content.notes}


def test_the_series_adds_up_to_the_total_and_marks_what_is_partial(world: World) -> None:
    content = picture_of(world)
    assert content.series.unit == "week"
    assert sum(point.n or 0 for point in content.series.points) == content.totals.n
    assert sum(point.n_before or 0 for point in content.series.points) == content.totals.n_before
    first, *_rest, last = content.series.points
    assert first.partial  # 1 January 2025 was a Wednesday
    assert first.days_covered == 5
    assert last.n is None  # nothing is known of the last week of June: not zero


def test_hours_weekdays_and_unknown_hours_add_up_to_the_total(world: World) -> None:
    week = picture_of(world).week
    shown = sum(value or 0 for row in week.hours for value in row) + sum(value or 0 for value in week.hour_unknown)
    assert shown == pytest.approx(163, abs=0.01)


def test_an_interval_is_shared_over_the_local_hours_that_it_covers(world: World) -> None:
    """20.30 to 22.30 UTC on Saturday 8 March is 21.30 to 23.30 in Sweden: a quarter, a half, a quarter."""
    saturday = picture_of(world, f"{NOW}&category=damage").week.hours[5]
    whole = [round((value or 0) % 1, 2) for value in saturday]
    assert (whole[21], whole[22], whole[23]) == (0.25, 0.5, 0.25)


def test_categories_count_what_lies_below_and_types_without_category_are_told(world: World) -> None:
    content = picture_of(world)
    counts = {row.code: (row.n, row.n_before, row.depth) for row in content.categories}
    assert counts["public-order"] == (61, 60, 0)
    assert counts["narcotics"] == (61, 60, 1)
    assert counts["damage"] == (101, 100, 0)
    assert counts[""] == (1, 0, 0)
    assert "picture.unmapped" in {note.code for note in content.notes}


def test_areas_have_rates_per_year_of_days_covered(world: World) -> None:
    table = picture_of(world).areas
    assert table is not None
    row = next(row for row in table.rows if row.code == "D4")
    assert row.n == N_SPOT + 4  # and those of the spread whose west and south corner is in it
    assert row.population == 1000
    assert row.rate == pytest.approx((row.n or 0) * 100_000 / 1000 * 365.25 / 151, rel=1e-4)
    assert table.n_unplaced == 1
    assert table.population_source == "Folkbokföringen, påhittad"


def test_the_caveat_of_a_category_follows_wherever_it_is_counted(world: World) -> None:
    assert [c.text_en for c in picture_of(world).caveats] == ["Detection crime: follows the work of the police."]
    assert len(picture_of(world, f"{NOW}&category=narcotics").caveats) == 1
    assert picture_of(world, f"{NOW}&category=damage").caveats == ()


def test_filters_narrow_every_part_alike(world: World) -> None:
    content = picture_of(world, f"{NOW}&category=narcotics&hour=22")
    assert content.totals.n == 2 * N_SPOT
    assert sum(point.n or 0 for point in content.series.points) == 2 * N_SPOT
    assert content.week.by_hour[22] == 2 * N_SPOT
    assert content.hot_spots is not None
    assert content.hot_spots.grid.n_points == 2 * N_SPOT
    assert content.areas is not None
    assert sum(row.n or 0 for row in content.areas.rows) == 2 * N_SPOT
    assert [row.code for row in content.categories] == ["narcotics"]


def test_an_area_becomes_the_study_area(world: World) -> None:
    pk = next(area for area in world.areas.areas.all() if area.code == "A1").pk
    content = picture_of(world, f"{NOW}&area={pk}")
    assert content.hot_spots is not None
    grid = content.hot_spots.grid
    assert grid.study_area == "Kvarter A1"
    assert grid.cell_m == 50.0  # a quarter is resolved finer than a town
    assert grid.n_cells == (SQUARE_M / 50) ** 2
    assert content.totals.n == N_SPOT + 9 + 2


def test_too_few_points_say_so_and_show_no_hot_spot(world: World) -> None:
    content = picture_of(world, "from=2025-01-01&to=2025-01-10")
    assert content.hot_spots is None
    note = next(note for note in content.notes if note.code == "picture.too_few_points")
    assert note.values["n"] == content.totals.n_points


def test_no_events_is_an_answer(world: World) -> None:
    content = picture_of(world, "from=2019-01-01&to=2019-01-31")
    assert content.totals.n == 0
    assert texts.headline(content)
    assert content.hot_spots is None


def test_without_data_before_nothing_is_called_new(world: World) -> None:
    content = picture_of(world, "from=2024-01-01&to=2024-06-30")
    assert content.hot_spots is not None
    assert {spot.status for spot in content.hot_spots.spots} == {None}
    assert content.totals.n_before is None
    assert content.totals.change is None
    assert "picture.no_comparison_data" in {note.code for note in content.notes}


def test_the_same_question_is_answered_from_what_is_kept(world: World) -> None:
    first = picture_of(world)
    assert len(list(kept.folder("pictures").iterdir())) == 1
    assert picture_of(world).sha256 == first.sha256
    assert len(list(kept.folder("pictures").iterdir())) == 1


def test_a_type_moved_to_another_category_is_counted_there_at_once(world: World) -> None:
    picture_of(world)
    world.damage.type_mappings.update(category=world.narcotics)
    counts = {row.code: row.n for row in picture_of(world).categories}
    assert counts["narcotics"] == 162


def test_content_survives_the_way_through_json(world: World) -> None:
    content = picture_of(world)
    again = PictureContent.from_bytes(content.to_bytes())
    assert again.sha256 == content.sha256
    assert again.totals == content.totals
    assert again.question == content.question
