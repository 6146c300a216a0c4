"""Small numbers are hidden and the others rounded, so that subtracting what is shown gives none of them back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from django.http import QueryDict

from lagesbild.picture import answer
from lagesbild.picture.asking import Ask
from lagesbild.picture.content import PictureContent
from lagesbild.picture.disclosure import Hider, hidden
from tests.picture.world import NOW, World

T = 5


def full(world: World, query: str = NOW) -> PictureContent:
    return answer.answer(answer.prepare(world.cast.ekby, None, Ask.from_query(QueryDict(query))), None).content


def shown(world: World, query: str = NOW) -> PictureContent:
    return hidden(full(world, query), T)


def counts(content: PictureContent) -> Iterator[tuple[str, int | float | None]]:
    """Every number of events in the picture, with a name that is the same in every picture."""
    totals = vars(content.totals)
    yield from ((name, value) for name, value in totals.items() if name.startswith("n") and name != "n_spots")
    for row in content.categories:
        yield from ((f"category {row.code} {name}", getattr(row, name)) for name in ("n", "n_before"))
    for area in content.areas.rows if content.areas else ():
        yield from ((f"area {area.code} {name}", getattr(area, name)) for name in ("n", "n_before"))
    for point in content.series.points:
        yield from ((f"from {point.from_on} {name}", getattr(point, name)) for name in ("n", "n_before"))
    for spot in content.hot_spots.spots if content.hot_spots else ():
        yield from ((f"spot {spot.key} {name}", getattr(spot, name)) for name in ("n", "n_before"))
    for month in content.season.months if content.season else ():
        yield f"month {month.month}", month.n
    for weekday, hours in enumerate(content.week.hours):
        yield from ((f"{weekday} {hour}", value) for hour, value in enumerate(hours))
    yield from ((f"hour {hour}", value) for hour, value in enumerate(content.week.by_hour))
    yield from ((f"weekday {day}", value) for day, value in enumerate(content.week.by_weekday))
    yield from ((f"unknown hour {day}", value) for day, value in enumerate(content.week.hour_unknown))
    if content.areas:
        yield "unplaced", content.areas.n_unplaced
    if content.hot_spots:
        yield "points", content.hot_spots.grid.n_points
        yield "points before", content.hot_spots.grid.n_points_before
    yield from ((note.code, note.values["n"]) for note in content.notes if isinstance(note.values.get("n"), int))


def test_a_number_is_hidden_below_the_threshold_and_rounded_above_it() -> None:
    hide = Hider(5)
    assert hide.counts([None, 0, 1, 4, 5, 9, 10, 12, 13]) == [None, 0, None, None, 5, 5, 10, 10, 15]
    assert hide.n_hidden == 2
    assert Hider(4).counts([3, 4, 7, 8, 9, 10]) == [None, 4, 4, 8, 8, 12]


def test_every_number_of_the_picture_is_hidden_or_a_multiple(world: World) -> None:
    found = dict(counts(shown(world)))
    assert len(found) > 200
    assert any(value for value in found.values())
    wrong = {name: value for name, value in found.items() if value is not None and value % T}
    assert not wrong


def test_a_hidden_count_takes_its_change_and_rate_with_it(world: World) -> None:
    content = shown(world, f"{NOW}&hour=22")
    assert content.areas is not None
    small = [row for row in content.areas.rows if row.n is None]
    assert small
    assert all(row.rate is None and row.change is None for row in small)


def test_changes_and_rates_are_worked_out_from_what_is_shown(world: World) -> None:
    exact, content = full(world), shown(world)
    assert (exact.totals.n, content.totals.n) == (163, 165)
    assert exact.totals.change is not None
    assert content.totals.change is not None
    days = content.totals.days_before / content.totals.days
    assert content.totals.change.ratio == pytest.approx(165 / 160 * days, rel=1e-5)
    assert exact.totals.change.ratio == pytest.approx(163 / 160 * days, rel=1e-5)
    assert content.areas is not None
    row = next(row for row in content.areas.rows if row.n and row.rate)
    assert row.rate == pytest.approx((row.n or 0) / 1000 * 100_000 / (content.totals.days / 365.25), rel=1e-5)


def test_the_shape_of_the_year_tells_nothing_of_what_a_hidden_month_holds(world: World) -> None:
    content = full(world)
    assert content.season is not None

    def with_june(n: int) -> Any:
        months = tuple(replace(row, n=n, days=30.0, index=1.0) if row.month == 6 else row for row in season.months)
        return hidden(replace(content, season=replace(season, months=months)), T).season

    season = content.season
    assert with_june(1) == with_june(4)
    assert with_june(4) != with_june(40)


def test_hidden_areas_stand_in_no_telling_order(world: World) -> None:
    content = full(world)
    assert content.areas is not None
    areas = content.areas

    def names(*numbers: int) -> list[str]:
        rows = [replace(row, n=n, n_before=0) for row, n in zip(areas.rows, numbers, strict=False)]
        table = hidden(replace(content, areas=replace(areas, rows=tuple(rows))), T).areas
        return [row.name for row in table.rows] if table else []

    assert names(4, 2, 1) == names(1, 2, 4)


def test_remarks_keep_small_numbers_to_themselves(world: World) -> None:
    notes = {note.code: note.values for note in shown(world).notes}
    assert notes["picture.unmapped"]["n"] == "<5"
    assert notes["aoristic.hour_unknown"]["n"] == "<5"
    assert notes["picture.rounded"] == {"threshold": 5}


def test_a_total_below_the_threshold_is_hidden_too(world: World) -> None:
    content = shown(world, "from=2025-03-03&to=2025-03-03&category=narcotics")
    assert content.totals.n is None
    assert content.totals.change is None
    assert all(value is None or value == 0 for row in content.week.hours for value in row)


def test_what_is_given_is_not_changed(world: World) -> None:
    content = full(world)
    before = content.sha256
    hidden(content, T)
    assert content.sha256 == before


QUERIES = [
    "from=2025-01-01&to=2025-06-30",
    "from=2025-01-01&to=2025-05-30",
    "from=2025-01-02&to=2025-06-30",
    "from=2025-01-01&to=2025-03-03",
    "from=2025-01-01&to=2025-03-02",
    "from=2025-01-01&to=2025-06-30&category=narcotics",
    "from=2025-01-01&to=2025-06-30&category=narcotics,damage",
    "from=2025-01-01&to=2025-06-30&hour=0-21",
    "from=2025-01-01&to=2025-06-30&weekday=1-6",
    "from=2025-01-01&to=2025-06-30&month=1-4",
]


def test_neighbouring_filters_do_not_give_a_hidden_count_by_subtraction(world: World) -> None:
    """Whoever subtracts any number of one picture from the same number of another, of ten that differ a little."""
    exact = [dict(counts(full(world, query))) for query in QUERIES]
    seen = [dict(counts(shown(world, query))) for query in QUERIES]
    n_small = 0
    for (true_a, shown_a), (true_b, shown_b) in combinations(zip(exact, seen, strict=True), 2):
        for name in true_a.keys() & true_b.keys() & shown_a.keys() & shown_b.keys():
            values = true_a[name], true_b[name], shown_a[name], shown_b[name]
            if any(value is None or isinstance(value, str) for value in values):
                continue
            true_difference, difference = abs(values[0] - values[1]), abs(values[2] - values[3])  # type: ignore[operator]
            if 0 < true_difference < T:
                n_small += 1
                assert difference in (0, T), name  # each may be 0-4 or 1-9: never the number itself
    assert n_small > 50


def test_a_child_category_is_not_what_its_parent_lacks(world: World) -> None:
    """Parent 24, one child 21, the other 3: the difference between what is shown is no help."""
    content = full(world)
    first = content.categories[0]
    rows = tuple(
        replace(first, code=code, n=n, n_before=0, change=None) for code, n in (("p", 24), ("a", 21), ("b", 3))
    )
    table = hidden(replace(content, categories=rows), T).categories
    assert [row.n for row in table] == [25, 20, None]


def test_parts_and_totals_of_one_picture_do_not_give_a_hidden_count(world: World) -> None:
    """The week's rows and columns, the areas and what lies in none: no sum of shown numbers leaves a small rest."""
    content = shown(world)
    hours = [value for row in content.week.hours for value in row if value]
    areas = [row.n for row in content.areas.rows if row.n] if content.areas else []
    for parts in (hours, areas, [value for value in content.week.by_weekday if value]):
        assert content.totals.n is not None
        assert (content.totals.n - sum(parts)) % T == 0
