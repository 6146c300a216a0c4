"""The front-end libraries come out of installed packages."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from lagesbild.web.vendor import collect_vendor

pytestmark = pytest.mark.one_database


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("vendor")


def test_each_library_that_the_pages_name_is_there_and_packed_beside(folder: Path) -> None:
    paths = collect_vendor(folder)
    assert [path.name for path in paths] == ["maplibre-gl.js", "maplibre-gl.css", "htmx.min.js", "vega.js"]
    for path in paths:
        assert gzip.decompress(path.with_name(path.name + ".gz").read_bytes()) == path.read_bytes()
    assert b"maplibregl" in paths[0].read_bytes()
    assert b"window.vegaEmbed" in paths[3].read_bytes()


def test_once_more_changes_nothing_and_repairs_what_was_spoiled(folder: Path) -> None:
    collect_vendor(folder)
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    spoiled = folder / "htmx.min.js"
    spoiled.write_text("spoiled")
    collect_vendor(folder)
    changed = {path.name for path, at in before.items() if path.stat().st_mtime_ns != at}
    assert changed == {"htmx.min.js", "htmx.min.js.gz"}
    assert b"htmx" in spoiled.read_bytes()
