"""Real public files through the whole import. What must hold is in the README of the data sets."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from lagesbild.observations import imports
from lagesbild.observations.importing import POLISEN
from lagesbild.observations.store import IncidentStore
from tests.cast import Cast
from tests.observations import world
from tests.shared_data import shared_data

pytestmark = pytest.mark.one_database  # what is in large files and the store; test_imports runs on both databases


def contents(slug: str) -> list[tuple]:
    lazy = IncidentStore(slug).scan()
    return lazy.select("source_id", "content_hash").sort("source_id").collect().rows()


def test_the_archive_of_police_events_has_77974_and_again_nothing(cast: Cast) -> None:
    path = shared_data("polisen-events") / "events.jsonl.gz"
    source = world.source(cast.police, "polisen")
    batch = imports.import_file(source, path, actor=None, mapping=POLISEN)
    assert (batch.n_added, batch.n_updated, batch.n_unchanged, batch.n_refused) == (77_974, 0, 0, 0)
    store = IncidentStore("ekby")
    assert store.scan().collect()["source_id"].n_unique() == 77_974
    assert store.scan().select("precision").unique().collect()["precision"].to_list() == ["municipality"]

    again = imports.import_file(source, path, actor=None, mapping=POLISEN)
    assert (again.n_added, again.n_updated, again.n_unchanged) == (0, 0, 77_974)
    assert again.data_version == batch.data_version == store.version()


def snapshots() -> list[Path]:
    paths = sorted((shared_data("polisen-events") / "raw-snapshots").glob("*.json*"))
    assert len(paths) == 12
    return paths


def test_snapshots_in_order_and_again_from_the_start_are_the_same_events(cast: Cast) -> None:
    """The oldest snapshots say again what later ones have changed; the last word must be the last one's."""
    source = world.source(cast.police, "polisen")
    for path in snapshots():
        imports.import_file(source, path, actor=None)
    once = contents("ekby")
    assert {row[0] for row in once} == {str(event["id"]) for path in snapshots() for event in _events(path)}
    for path in snapshots():
        imports.import_file(source, path, actor=None)
    assert contents("ekby") == once


def _events(path: Path) -> list[dict]:
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return json.loads(data)
