"""The pure script modules, alone, in the browser that will run them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Route

import lagesbild

pytestmark = pytest.mark.one_database


STATIC = Path(lagesbild.__file__).parent / "web" / "static" / "web"


@pytest.fixture
def run(chromium: Browser) -> Iterator[Callable[[str, str], Any]]:
    """``run("map-classes.js", "m.classOf(5, [5])")``: an expression on a module's exports. No server is needed."""
    page = chromium.new_page()
    page.route("**/*", _from_the_package)
    page.goto("http://modules.test/")

    def run_one(module: str, expression: str) -> Any:
        return page.evaluate(f"async () => {{ const m = await import('/{module}'); return {expression}; }}")

    yield run_one
    page.close()


def _from_the_package(route: Route) -> None:
    name = route.request.url.rsplit("/", 1)[-1]
    if name:
        route.fulfill(body=(STATIC / name).read_text(encoding="utf-8"), content_type="text/javascript")
    else:
        route.fulfill(body="<!doctype html><title>-</title>", content_type="text/html")


def test_classes_break_and_are_named_as_they_are_coloured(run: Any) -> None:
    module = "map-classes.js"
    assert [run(module, f"m.classOf({value}, [5, 10])") for value in (4.9, 5, 9, 10, 11)] == [0, 1, 1, 2, 2]
    assert run(module, "m.quantileBreaks([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])") == [3, 5, 7, 9]
    assert run(module, "m.quantileBreaks([3, 3, 3])") == []
    assert run(module, "m.quantileBreaks([])") == []
    assert run(module, "m.spread(['a','b','c','d','e'], 3)") == ["a", "c", "e"]
    names = run(module, "m.classNames([5, 10], {format: String, orMore: 'eller fler', lowest: 0})")
    assert names == ["0 – 5", "5 – 10", "10 eller fler"]


def test_a_grid_becomes_squares_that_meet(run: Any) -> None:
    grid = """{type: "LagesbildGrid", columns: 2, rows: 2, corners: [[0,0],[2,0],[2,2],[0,2]],
        cells: [0, 3], values: [7, 9], properties: {p: [0.01, 0.2]}}"""
    features = run("map-grid.js", f"m.expandGrid({grid}).features")
    assert features[0]["geometry"]["coordinates"][0] == [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]
    assert features[1]["geometry"]["coordinates"][0][0] == features[0]["geometry"]["coordinates"][0][2]
    assert features[1]["properties"] == {"id": 3, "value": 9, "p": 0.2}


def test_an_answer_gives_its_part_and_the_breaks_that_it_or_the_layer_names(run: Any) -> None:
    point = "{type: 'Feature', id: 7, properties: {v: 3}, geometry: {type: 'Point', coordinates: [18, 59]}}"
    whole = f"{{type: 'FeatureCollection', features: [{point}]}}"
    assert run("map-data.js", f"m.pick({{a: {whole}}}, 'a').features.length") == 1
    assert run("map-data.js", f"m.pick({{a: {whole}}}, 'b').features.length") == 0
    assert run("map-data.js", f"m.pick({point}, 'a').features.map(m.keyOf)") == ["7"]
    assert run("map-data.js", f"m.described({{property: 'v', breaks: [2]}}, {whole}).breaks") == [2]
    assert run("map-data.js", f"m.described({{property: 'v', breaks: [2]}}, {{...{whole}, breaks: [5]}}).breaks") == [5]
    assert run("map-data.js", f"m.described({{property: 'w'}}, {whole}).hasMissing") is True


def test_small_geometry(run: Any) -> None:
    module = "map-geometry.js"
    point = "{type: 'Feature', properties: {}, geometry: {type: 'Point', coordinates: [18, 59]}}"
    assert run(module, f"m.boundsOf({point})") == [18, 59, 18, 59]
    assert run(module, "m.boundsOf({type: 'FeatureCollection', features: []})") is None
    assert run(module, "m.metresBetween([18, 59], [18, 60])") == pytest.approx(111_320)
    radius = run(module, "m.metresBetween([18, 59], m.circleRing([18, 59], 250)[0])")
    assert radius == pytest.approx(250, rel=0.001)


def test_names_that_would_cover_an_earlier_one_are_left_out(run: Any) -> None:
    boxes = """[{left: 0, right: 50, top: 0, bottom: 10}, {left: 40, right: 90, top: 5, bottom: 15},
        {left: 60, right: 90, top: 0, bottom: 10}]"""
    assert run("map-labels.js", f"[...m.withoutOverlap({boxes})]") == [0, 2]
    assert run("map-labels.js", f"[...m.withoutOverlap({boxes}, 2)]") == [0, 1]


def test_a_specification_keeps_its_own_width_and_colours(run: Any) -> None:
    assert run("chart.js", "m.fitted({mark: 'bar'}).width") == "container"
    assert run("chart.js", "m.fitted({mark: 'bar', width: 300}).width") == 300
    assert "width" not in run("chart.js", "m.fitted({hconcat: []})")
    assert run("chart.js", "m.layOver({axis: {a: 1, b: 2}}, {axis: {b: 3}})") == {"axis": {"a": 1, "b": 3}}
