"""What is kept and what is deleted: data versions, uploads, small files."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from lagesbild.core import clock
from lagesbild.observations import actions, imports, upkeep, uploads
from lagesbild.observations.importing import FRAME_SCHEMA
from lagesbild.observations.models import BatchState, ImportBatch
from lagesbild.observations.store import CONTENT, IncidentStore, incident_store
from tests.cast import Cast
from tests.observations import csvfiles, world
from tests.observations.frames import frame, incident


@pytest.mark.one_database
def test_what_the_check_gives_is_what_the_store_takes() -> None:
    assert {"source_id": FRAME_SCHEMA["source_id"], **CONTENT, "row": FRAME_SCHEMA["row"]} == FRAME_SCHEMA


@pytest.fixture
def keepers(monkeypatch: pytest.MonkeyPatch) -> dict:
    """Only those whom the test registers say what to keep."""
    monkeypatch.setattr(upkeep, "autodiscover_modules", lambda _name: None)
    monkeypatch.setattr(upkeep, "_keepers", {})
    return upkeep._keepers


def fill(n: int) -> IncidentStore:
    store = IncidentStore("ekby")
    for batch in range(1, n + 1):
        store.commit(frame(incident("a", note=str(batch))), source="vakter", batch_id=batch)
    for batch in range(1, n + 1):
        store.commit(frame(incident(f"b{batch}")), source="vakter", batch_id=n + batch)
    return store


def test_tidying_joins_files_and_spares_what_a_keeper_names(
    cast: Cast, keepers: dict, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = fill(18)
    upkeep.keeps_versions("prov")(lambda _collaboration: [3])
    vacuum = IncidentStore.vacuum
    monkeypatch.setattr(IncidentStore, "vacuum", lambda self, kept: vacuum(self, kept, retention_hours=0))
    assert store.needs_compaction()
    upkeep.tidy(cast.ekby)
    assert not store.needs_compaction()
    assert not store.needs_vacuum()
    assert store.scan(3).filter(source_id="a").collect()["note"].to_list() == ["3"]
    with pytest.raises(FileNotFoundError):
        store.scan(4).collect()


def test_without_keepers_nothing_is_deleted(cast: Cast, keepers: dict, monkeypatch: pytest.MonkeyPatch) -> None:
    store = fill(18)
    monkeypatch.setattr(IncidentStore, "vacuum", lambda *_: pytest.fail("something was deleted"))
    upkeep.tidy(cast.ekby)
    assert store.scan(4).collect().height == 1


def test_a_store_in_order_is_left_alone(cast: Cast) -> None:
    store = fill(2)
    upkeep.tidy(cast.ekby)
    assert store.version() == 4
    assert incident_store.SMALL_FILES > 2


@pytest.fixture
def batch(cast: Cast, tmp_path: Path) -> ImportBatch:
    source = world.source(cast.municipality, "vakter")
    path = csvfiles.good(tmp_path / "a.csv")
    return actions.receive_file(source, uploads.chunks_of(path), file_name="a.csv", actor=None)


def test_the_files_of_an_open_import_are_kept_a_week(batch: ImportBatch) -> None:
    imports.repair()
    assert uploads.batch_folders() == [batch.pk]
    with clock.frozen(clock.now() + timedelta(days=8)):
        imports.repair()
    assert uploads.batch_folders() == []


def test_the_files_of_an_ended_import_are_deleted(batch: ImportBatch) -> None:
    ImportBatch.objects.update(state=BatchState.FAILED)
    imports.repair()
    assert uploads.batch_folders() == []


def test_uploads_that_broke_off_are_deleted_after_a_day(cast: Cast, tmp_path: Path) -> None:
    old, young = (uploads.receive([b"x"], file_name="a.csv").path for _ in range(2))
    os.utime(old, (time.time() - 90_000,) * 2)
    imports.repair()
    assert (old.exists(), young.exists()) == (False, True)


@pytest.mark.one_database
def test_the_name_of_an_upload_is_never_a_path(data_dir: Path) -> None:
    received = uploads.receive([b"x"], file_name="../../../etc/passwd.tar.gz;rm")
    assert received.path.parent == data_dir / "uploads" / "incoming"
    assert uploads.receive([b"x"], file_name="Händelser 2025.CSV.GZ").path.suffixes == [".csv", ".gz"]


@pytest.mark.one_database
def test_an_upload_that_fails_half_way_leaves_nothing(data_dir: Path) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"x"
        raise OSError("broke off")

    with pytest.raises(OSError, match="broke off"):
        uploads.receive(chunks(), file_name="a.csv")
    assert list((data_dir / "uploads" / "incoming").iterdir()) == []
