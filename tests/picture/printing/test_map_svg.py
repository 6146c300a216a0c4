"""The printed map: true to scale, complete, and empty when there is nothing to show."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
import shapely
from shapely.geometry import shape

from lagesbild.picture.content import AreaRow, AreaTable
from lagesbild.picture.printing.map_svg import Backdrop, area_classes, draw_map
from tests.picture.printing.contents import make_content, square

pytestmark = pytest.mark.one_database

BACKDROP = Backdrop(crs=3006, layers=(("water", shape(square(18.06, 59.33, 0.01))),))
SVG = "{http://www.w3.org/2000/svg}"


def area_row(number: int, n: int | None) -> AreaRow:
    return AreaRow(id=number, code=str(number), name=f"Område {number}", parent="", n=n, n_before=None, change=None)


def area_table(counts: list[int | None]) -> AreaTable:
    rows = tuple(area_row(number, n) for number, n in enumerate(counts))
    return AreaTable(area_set="a", area_set_name="A", version=1, rows=rows, n_unplaced=0)


def test_each_hot_spot_is_drawn_with_its_number() -> None:
    drawn = draw_map(make_content(), BACKDROP, legend=["1–50"], title="Karta")
    assert drawn is not None
    root = ElementTree.fromstring(drawn)
    numbers = [text.text for text in root.iter(f"{SVG}text") if text.get("font-weight") == "bold"]
    assert sorted(numbers) == ["1", "2"]


def test_a_fading_hot_spot_is_dashed_so_that_colour_is_not_needed() -> None:
    drawn = draw_map(make_content(), BACKDROP, legend=[], title="Karta")
    assert drawn is not None
    assert drawn.count('stroke-dasharray="5 4"') == 1


def test_the_scale_bar_is_as_long_as_it_says() -> None:
    drawn = draw_map(make_content(), BACKDROP, legend=[], title="Karta")
    assert drawn is not None
    label = re.search(r">(\d+) m</text>", drawn)
    bar = re.search(r"v4h([\d.]+)v-4", drawn)
    assert label
    assert bar
    # two circles whose distance on the ground is known: the hot spots, 0.007 degrees of longitude apart at 59.333° N
    centres = [float(x) for x in re.findall(r'<circle cx="([\d.]+)" cy="[\d.]+" r="9"', drawn)]
    ground_m = shapely.distance(*_points_m([(18.057, 59.333), (18.064, 59.333)]))
    units_per_m = abs(centres[0] - centres[1]) / ground_m
    assert float(bar[1]) == pytest.approx(int(label[1]) * units_per_m, rel=0.02)


def test_nothing_to_show_is_no_map() -> None:
    content = make_content(hot_spots=None, areas=None)
    assert draw_map(content, BACKDROP, legend=[], title="Karta") is None


def test_areas_are_shaded_by_class_and_unknown_is_white() -> None:
    shapes = {number: shape(square(18.05 + 0.003 * number, 59.33)) for number in range(6)}
    content = make_content(hot_spots=None, areas=area_table([1, 2, 3, 4, 50, None]))
    drawn = draw_map(content, Backdrop(crs=3006, areas=shapes), legend=[], title="Karta")
    assert drawn is not None
    fills = re.findall(r'<path d="M[^"]*" fill="(#\w+)"', drawn)
    assert len(set(fills[:5])) == 5
    assert fills[5] == "#ffffff"


def test_classes_hold_every_value_and_do_not_overlap() -> None:
    classes = area_classes(make_content(areas=area_table([5, 1, 9, 9, 9, 2, 30])))
    assert classes[0][0] == 1
    assert classes[-1][1] == 30
    assert all(one[1] == other[0] for one, other in pairwise(classes))


def test_equal_values_make_one_class() -> None:
    assert area_classes(make_content(areas=area_table([4, 4, 4]))) == [(4.0, 4.0)]


def _points_m(lonlat: list[tuple[float, float]]) -> list[shapely.Point]:
    from lagesbild.core import geo

    x, y = geo.project([lon for lon, _ in lonlat], [lat for _, lat in lonlat], from_crs=4326, to_crs=3006)
    return [shapely.Point(px, py) for px, py in zip(x, y, strict=True)]
