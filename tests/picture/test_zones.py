"""Hot spots and events against zones: what lies inside which, and what outside all."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.http import QueryDict

from lagesbild.accounts.models import Membership, SharingLevel
from lagesbild.actors import actions
from lagesbild.actors.models import Zone
from lagesbild.picture import answer, freezing, whole
from lagesbild.picture.asking import Ask
from lagesbild.picture.content import PictureContent
from lagesbild.places import ground
from tests.cast import Cast
from tests.picture.test_freezing import frozen
from tests.picture.test_page import get, rows
from tests.picture.world import NOW, STATION, TORG, World, planted


def zone(
    cast: Cast,
    name: str,
    at: tuple[float, float],
    *,
    radius_m: float = 200,
    since: date = date(2016, 5, 1),
    **more: Any,
) -> Zone:
    where = ground.circle(*at, radius_m, crs=3006, working_crs=3006)
    return actions.create_zone(cast.anna, where, actors=(), name=name, kind="lov3", valid_from=since, **more)


def seen(cast: Cast, who: Membership | None = None) -> PictureContent:
    who = who or cast.anna
    prepared = answer.prepare_open(who, Ask.from_query(QueryDict(NOW)))
    return whole.whole(prepared, answer.answer(prepared, who), who)


def at_torg(content: PictureContent) -> int:
    assert content.hot_spots is not None
    return next(spot.rank for spot in content.hot_spots.spots if spot.name.name == "Torget")


def test_a_hot_spot_inside_a_zone_and_one_outside_all(world: World) -> None:
    zone(world.cast, "Centrum", TORG, radius_m=500)
    content = seen(world.cast)
    assert content.zones is not None
    shares = {spot.rank: spot.share_inside for spot in content.zones.spots}
    assert shares.pop(at_torg(content)) == 1.0
    assert set(shares.values()) == {0.0}
    text = get(world.cast.anna).content.decode()
    assert "i Centrum" in text
    assert "utanför alla zoner" in text
    assert "Hot spots: 1 helt i en zon, 0 delvis, 2 utanför alla zoner." in text


def test_a_hot_spot_cut_by_a_border_is_in_part(world: World) -> None:
    zone(world.cast, "Västra", (TORG[0] - 200, TORG[1]))
    content = seen(world.cast)
    assert content.zones is not None
    (spot,) = (each for each in content.zones.spots if each.rank == at_torg(content))
    assert 0.2 < spot.share_inside < 0.8
    assert spot.zones[0].share == spot.share_inside


def test_events_in_zones_are_counted_now_and_before_and_once_where_zones_overlap(world: World) -> None:
    torg, station = zone(world.cast, "Torg", TORG, radius_m=40), zone(world.cast, "Station", STATION, radius_m=40)
    again = zone(world.cast, "Torg igen", TORG, radius_m=30)
    found = seen(world.cast).zones
    assert found is not None
    counts = {each.id: (each.n, each.n_before) for each in found.zones}
    assert counts[torg.pk] == counts[again.pk] == (32 + spread(TORG), 30 + spread(TORG))
    assert counts[station.pk] == (30 + spread(STATION), spread(STATION))
    assert found.n_inside == 62 + spread(TORG) + spread(STATION)
    assert (found.n_points, found.n_points_before) == (162, 160)


def spread(at: tuple[float, float]) -> int:
    """How many of the hundred that lie evenly are within 30 to 40 m: the grid of 200 m has a point at 250, 1650."""
    columns = [600_050 + 200 * k for k in range(10)]
    rows_ = [6_600_050 + 200 * k for k in range(10)]
    return sum((x - at[0]) ** 2 + (y - at[1]) ** 2 <= 30**2 for x in columns for y in rows_)


def test_a_zone_that_had_ended_is_not_told_and_a_later_one_with_its_day(world: World) -> None:
    zone(world.cast, "Gammal", TORG, valid_to=date(2025, 6, 30))
    assert seen(world.cast).zones is None
    assert "Inom zoner" not in get(world.cast.anna).content.decode()
    zone(world.cast, "Ny", TORG, since=date(2025, 7, 1))
    text = get(world.cast.anna).content.decode()
    assert "gäller från 2025-07-01" in text
    assert "Gammal" not in text


def test_zones_that_one_may_not_see_are_not_told(world: World) -> None:
    zone(world.cast, "Hemlig", TORG, sharing=SharingLevel.STRATEGIC)
    assert seen(world.cast).zones is not None
    assert "Hemlig" not in get(world.cast.bo).content.decode()
    assert freezing.content_of(frozen(world.cast.anna)).zones is None


def test_numbers_in_zones_of_anothers_data_are_rounded(cast: Cast) -> None:
    planted(cast, owner=cast.police)
    zone(cast, "Centrum", TORG)
    zone(cast, "Liten", (TORG[0] + 200, TORG[1]), radius_m=20)
    found = seen(cast).zones
    assert found is not None
    numbers = [found.n_points, found.n_inside, found.n_points_before, found.n_inside_before]
    numbers += [n for each in found.zones for n in (each.n, each.n_before)]
    assert all(n is None or n % 5 == 0 for n in numbers)
    table = [row["n"] for row in rows(get(cast.anna, "csv", f"{NOW}&part=zone")) if row["part"] == "zone"]
    assert "<5" in table


def test_a_frozen_picture_is_made_again_with_the_zones_of_its_day(world: World) -> None:
    centre = zone(world.cast, "Centrum", TORG)
    picture = frozen(world.cast.anna)
    before = freezing.content_of(picture)
    assert before.zones is not None
    Zone.objects.filter(pk=centre.pk).delete()
    assert freezing.recompute(picture).same
    assert freezing.content_of(frozen(world.cast.anna)).zones is None


@pytest.mark.parametrize("name", ["picture", "csv"])
def test_a_picture_without_points_has_no_zones(cast: Cast, name: str) -> None:
    zone(cast, "Centrum", TORG)
    assert get(cast.anna, name).status_code == 200
    assert seen(cast).zones is None
