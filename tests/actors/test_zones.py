"""Who may act at a point, and what lies outside all zones."""

from __future__ import annotations

from datetime import date

import pytest
import shapely
from django.db import IntegrityError, transaction

from lagesbild.actors import actions
from lagesbild.actors.models import Zone
from lagesbild.actors.zones import places_outside, zones_at, zones_not_covering
from lagesbild.core.conflicts import EditConflict
from lagesbild.core.errors import UserError
from tests.actors.builders import disc, function_of, place_at, zone_at
from tests.cast import Cast
from tests.places.builders import EAST, NORTH

DAY = date(2019, 9, 1)


def _names(cast: Cast, dx: float, on: date = DAY) -> list[str]:
    return [zone.name for zone in zones_at(cast.bo, EAST + dx, NORTH, on=on)]


def test_zones_at_a_point_come_smallest_first(cast: Cast) -> None:
    zone_at(cast, "Centrum", radius_m=500)
    zone_at(cast, "Stationen", radius_m=50)
    assert _names(cast, 10) == ["Stationen", "Centrum"]
    assert _names(cast, 400) == ["Centrum"]
    assert _names(cast, 501) == []


def test_the_corner_of_the_extent_is_not_inside_the_circle(cast: Cast) -> None:
    zone_at(cast, radius_m=100)
    assert zones_at(cast.bo, EAST + 95, NORTH + 95, on=DAY) == []


def test_a_zone_holds_in_its_half_open_period(cast: Cast) -> None:
    zone_at(cast, valid_from=date(2019, 8, 1), valid_to=date(2020, 8, 1))
    days = (date(2019, 7, 31), date(2019, 8, 1), date(2020, 7, 31), date(2020, 8, 1))
    assert [len(_names(cast, 0, on=day)) for day in days] == [0, 1, 1, 0]


def test_who_may_act_is_a_function_or_all_of_an_organisation(cast: Cast, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    guard = function_of(cast.housing, "Ordningsvakt")
    zone_at(cast, actors=[(cast.housing, guard, "avvisa"), (cast.police, None, "")])
    with django_assert_num_queries(2):
        (zone,) = zones_at(cast.bo, EAST, NORTH, on=DAY)
        assert [str(each) for each in zone.actors.all()] == ["Ordningsvakt, Ekbyhem AB", "Polisen"]


def test_other_collaborations_zones_are_not_seen(cast: Cast) -> None:
    zone_at(cast)
    assert zones_at(cast.cecilia, EAST, NORTH, on=DAY) == []


def test_what_lies_outside_is_told_with_its_share(cast: Cast) -> None:
    zone_at(cast, radius_m=1000)
    box = shapely.box(EAST - 100, NORTH - 100, EAST + 100, NORTH + 100)
    half = shapely.box(EAST - 3000, NORTH - 10, EAST, NORTH + 10)
    shapes = [box, half, shapely.Point(EAST + 2000, NORTH), shapely.Point(EAST, NORTH)]
    found = zones_not_covering(cast.ekby, shapes, on=DAY)
    assert [(each.number, round(each.share_outside, 2)) for each in found] == [(1, 0.67), (2, 1.0)]


def test_two_zones_side_by_side_cover_what_crosses_their_border(cast: Cast) -> None:
    zone_at(cast, "Väst", dx=-90, radius_m=100)
    zone_at(cast, "Öst", dx=90, radius_m=100)
    across = shapely.box(EAST - 50, NORTH - 5, EAST + 50, NORTH + 5)
    assert zones_not_covering(cast.ekby, [across], on=DAY) == []


def test_without_zones_nothing_lies_outside(cast: Cast) -> None:
    zone_at(cast, valid_to=date(2018, 1, 1))
    assert zones_not_covering(cast.ekby, [shapely.Point(EAST, NORTH)], on=DAY) == []


def test_places_outside_the_zones_are_told_with_how_much_of_them(cast: Cast) -> None:
    zone_at(cast, radius_m=200)
    for name, dx in (("Inne", 0), ("På gränsen", 200), ("Ute", 900)):
        place_at(cast, name, dx=dx)
    told = {place.name: share for place, share in places_outside(cast.bo)}
    assert told == {"På gränsen": pytest.approx(0.54, abs=0.02), "Ute": 1.0}
    assert places_outside(cast.cecilia) == []


def test_a_zone_changed_by_two_at_once_keeps_the_first_and_refuses_the_second(cast: Cast) -> None:
    zone = zone_at(cast)
    mine, theirs = Zone.objects.get(pk=zone.pk), Zone.objects.get(pk=zone.pk)
    actions.change_zone(cast.anna, mine, 1, disc(), actors=[(cast.police, None, "")], note="min")
    with pytest.raises(EditConflict):
        actions.change_zone(cast.ada, theirs, 1, disc(), actors=[], note="deras")
    stored = Zone.objects.get(pk=zone.pk)
    assert (stored.note, stored.version, stored.actors.count()) == ("min", 2, 1)


def test_two_zones_of_one_name_need_different_first_days(cast: Cast) -> None:
    zone_at(cast)
    with pytest.raises(UserError) as refused:
        zone_at(cast)
    assert refused.value.code == "zones.name_taken"
    zone_at(cast, valid_from=date(2020, 1, 1))


def test_no_database_lets_an_organisation_stand_twice_in_a_zone(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        zone_at(cast, actors=[(cast.police, None, ""), (cast.police, None, "avvisa")])


def test_powers_stay_when_a_zone_is_changed_on_its_page(cast: Cast) -> None:
    guard = function_of(cast.housing, "Ordningsvakt")
    zone = zone_at(cast, actors=[(cast.housing, guard, "avvisa"), (cast.police, None, "")])
    actions.change_zone(cast.anna, zone, 1, disc(), actors=[(cast.housing, guard, ""), (cast.housing, None, "")])
    assert [(each.function, each.powers) for each in zone.actors.order_by("powers")] == [(None, ""), (guard, "avvisa")]
