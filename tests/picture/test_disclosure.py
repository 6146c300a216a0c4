"""Small numbers are hidden, with everything that would give them back."""

from __future__ import annotations

from dataclasses import replace

from django.http import QueryDict

from lagesbild.picture import answer
from lagesbild.picture.asking import Ask
from lagesbild.picture.content import PictureContent
from lagesbild.picture.disclosure import hidden
from tests.picture.world import NOW, World

T = 5


def full(world: World, query: str = NOW) -> PictureContent:
    return answer.answer(answer.prepare(world.cast.ekby, None, Ask.from_query(QueryDict(query))), None).content


def test_no_count_from_one_to_four_is_left(world: World) -> None:
    shown = hidden(full(world), T)
    counts = [row.n for row in shown.categories] + [row.n_before for row in shown.categories]
    counts += [point.n for point in shown.series.points] + [point.n_before for point in shown.series.points]
    if shown.areas:
        counts += [row.n for row in shown.areas.rows] + [row.n_before for row in shown.areas.rows]
    if shown.hot_spots:
        counts += [spot.n for spot in shown.hot_spots.spots] + [spot.n_before for spot in shown.hot_spots.spots]
    assert counts
    assert all(n is None or n == 0 or n >= T for n in counts)


def test_a_hidden_count_takes_its_change_and_rate_with_it(world: World) -> None:
    content = full(world)
    assert content.hot_spots is not None
    assert content.areas is not None
    shown = hidden(content, T)
    assert shown.hot_spots is not None
    assert shown.areas is not None
    for before, after in zip(content.hot_spots.spots, shown.hot_spots.spots, strict=True):
        if after.n is None or (after.n_before is None and before.n_before is not None):
            assert after.change is None
    for row in shown.areas.rows:
        if row.n is None:
            assert row.rate is None
            assert row.change is None


def test_one_hidden_area_cannot_be_worked_out_from_the_total(world: World) -> None:
    content = full(world)
    assert content.areas is not None
    rows = tuple(replace(row, n=n, n_before=None) for row, n in zip(content.areas.rows, (20, 10, 3), strict=False))
    table = replace(content.areas, rows=rows, n_unplaced=0)
    shown = hidden(replace(content, areas=table), T).areas
    assert shown is not None
    assert [row.n for row in shown.rows].count(None) >= 2


def test_large_numbers_stay_and_nothing_is_said(world: World) -> None:
    content = full(world)
    shown = hidden(content, 2)
    assert shown.totals.n == content.totals.n
    assert shown.disclosure.threshold == 2


def test_a_total_below_the_threshold_is_hidden_too(world: World) -> None:
    shown = hidden(full(world, "from=2025-03-03&to=2025-03-03&category=narcotics"), T)
    assert shown.totals.n is None
    assert shown.totals.change is None
    assert all(value is None or value == 0 for row in shown.week.hours for value in row)


def test_what_is_given_is_not_changed(world: World) -> None:
    content = full(world)
    before = content.sha256
    hidden(content, T)
    assert content.sha256 == before
