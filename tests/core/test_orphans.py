"""Files that no row names are deleted once they are old, and only then."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lagesbild.core import clock, orphans

pytestmark = pytest.mark.one_database
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def a_file(folder: Path, name: str, age: timedelta) -> None:
    path = folder / name
    path.write_bytes(b"x")
    at = (NOON - age).timestamp()
    os.utime(path, (at, at))


def swept(folder: Path, named: list[str]) -> tuple[int, list[str]]:
    with clock.frozen(NOON):
        count = orphans.sweep(folder, named)
    return count, sorted(path.name for path in folder.iterdir())


def test_old_files_that_nothing_names_go_and_named_or_young_ones_stay(tmp_path: Path) -> None:
    a_file(tmp_path, "named.jpg", timedelta(days=900))
    a_file(tmp_path, "left.jpg", orphans.AGE + timedelta(seconds=1))
    a_file(tmp_path, ".half.jpg.part", timedelta(days=2))
    a_file(tmp_path, "just.jpg", orphans.AGE)
    (tmp_path / "folder").mkdir()
    assert swept(tmp_path, ["named.jpg", "gone.jpg"]) == (2, ["folder", "just.jpg", "named.jpg"])


def test_a_folder_that_is_not_there_yet_is_no_error(tmp_path: Path) -> None:
    assert orphans.sweep(tmp_path / "files" / "photos", []) == 0


@pytest.mark.parametrize(("named", "deleted"), [(50, 0), (51, 51)])
def test_most_of_a_large_folder_is_never_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: int, deleted: int
) -> None:
    monkeypatch.setattr(orphans, "MANY", 50)
    names = [f"{number}.jpg" for number in range(51 + named)]
    for name in names:
        a_file(tmp_path, name, timedelta(days=2))
    assert swept(tmp_path, names[:named])[0] == deleted
