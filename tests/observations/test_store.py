"""The incident store: what a commit does, what a version keeps."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from lagesbild.core.errors import UserError
from lagesbild.observations.store import Commit, IncidentStore
from tests.observations.frames import frame, incident, many

pytestmark = pytest.mark.one_database


@pytest.fixture
def store(data_dir: Path) -> IncidentStore:
    return IncidentStore("ekby")


def stored(store: IncidentStore, version: int | None = None) -> list[tuple[str, str]]:
    return store.scan(version).select("source", "source_id").sort(pl.all()).collect().rows()


def test_an_empty_store_answers_with_an_empty_frame(store: IncidentStore) -> None:
    assert store.version() is None
    assert store.scan(columns=["source_id", "area_3"]).collect().shape == (0, 2)


def test_new_incidents_are_added(store: IncidentStore) -> None:
    commit = store.commit(many(3), source="vakter", batch_id=1)
    assert (commit.added, commit.updated, commit.unchanged) == (3, 0, 0)
    assert stored(store) == [("vakter", "i0"), ("vakter", "i1"), ("vakter", "i2")]


def test_the_columns_come_back_as_they_went_in(store: IncidentStore) -> None:
    rows = frame(
        incident("a", note="stökigt", place_text="Torget", area_name="Norrmalm", source_url="https://example.org/1"),
        incident("b", hour=None, x=None, y=None, precision="none"),
    )
    store.commit(rows, source="vakter", batch_id=1)
    assert store.scan(columns=rows.columns).sort("source_id").collect().equals(rows)


def test_the_same_incidents_again_make_no_version(store: IncidentStore) -> None:
    first = store.commit(many(100), source="vakter", batch_id=1)
    again = store.commit(many(100).reverse(), source="vakter", batch_id=2)
    assert again == Commit(first.version, 0, 0, 100)
    assert store.version() == first.version


def test_a_changed_incident_replaces_the_stored_one(store: IncidentStore) -> None:
    store.commit(many(80), source="vakter", batch_id=1)
    commit = store.commit(
        pl.concat([many(79), frame(incident("i79", "2025-01-19", 7, note="rättad"))]), source="vakter", batch_id=2
    )
    assert (commit.added, commit.updated, commit.unchanged) == (0, 1, 79)
    row = store.scan().filter(source_id="i79").collect()
    assert row["note"].to_list() == ["rättad"]
    assert row["batch_id"].to_list() == [2]
    assert store.count() == 80


def test_an_update_that_moves_to_another_year_leaves_nothing_behind(store: IncidentStore) -> None:
    store.commit(frame(incident("a", "2024-12-31"), incident("b", "2025-06-01")), source="vakter", batch_id=1)
    commit = store.commit(frame(incident("a", "2025-01-01"), incident("c", "2023-01-01")), source="vakter", batch_id=2)
    assert (commit.added, commit.updated) == (1, 1)
    assert store.scan().select("source_id", "year").sort(pl.all()).collect().rows() == [
        ("a", 2025),
        ("b", 2025),
        ("c", 2023),
    ]


def test_every_content_column_counts_as_a_change(store: IncidentStore) -> None:
    original = frame(incident("a"))
    store.commit(original, source="vakter", batch_id=1)
    changes = {
        "source_type": "Klotter",
        "occurred_to": original["occurred_from"][0],
        "time_precision": "hour",
        "local_hour": 13,
        "x": 674_000.01,
        "y": None,
        "precision": "street",
        "area_name": "Norr",
        "place_text": "Torget",
        "note": "",
        "source_url": "x",
    }
    for name, value in changes.items():
        changed = original.with_columns(pl.lit(value, original.schema[name]).alias(name))
        assert store.compare(changed, source="vakter").updated == 1, name


def test_texts_that_only_together_are_equal_are_different(store: IncidentStore) -> None:
    store.commit(frame(incident("a", place_text="ab", note="c")), source="vakter", batch_id=1)
    assert store.compare(frame(incident("a", place_text="a", note="bc")), source="vakter").updated == 1


def test_the_same_identity_from_two_sources_is_two_incidents(store: IncidentStore) -> None:
    store.commit(frame(incident("1")), source="vakter", batch_id=1)
    commit = store.commit(frame(incident("1", note="annan")), source="polisen", batch_id=2)
    assert (commit.added, commit.updated) == (1, 0)
    assert stored(store) == [("polisen", "1"), ("vakter", "1")]


def test_comparing_writes_nothing(store: IncidentStore) -> None:
    assert store.compare(many(5), source="vakter").added == 5
    assert store.version() is None


def test_a_repeated_identity_is_refused(store: IncidentStore) -> None:
    with pytest.raises(ValueError, match="unique"):
        store.commit(frame(incident("a"), incident("a", note="igen")), source="vakter", batch_id=1)
    assert store.version() is None


def test_a_source_that_is_no_slug_is_refused(store: IncidentStore) -> None:
    with pytest.raises(ValueError, match="slug"):
        store.commit(many(1), source="x' OR 'a'='a", batch_id=1)


def test_an_older_version_stays_as_it_was(store: IncidentStore) -> None:
    first = store.commit(frame(incident("a", note="först")), source="vakter", batch_id=1)
    store.commit(frame(incident("a", note="sedan"), incident("b")), source="vakter", batch_id=2)
    assert store.scan(first.version, columns=["source_id", "note"]).collect().rows() == [("a", "först")]


def test_a_version_that_never_was_is_a_clear_error(store: IncidentStore) -> None:
    store.commit(many(1), source="vakter", batch_id=1)
    with pytest.raises(UserError) as caught:
        store.scan(99)
    assert caught.value.code == "store.version_missing"


def test_a_batch_is_found_in_the_history_with_its_counts(store: IncidentStore) -> None:
    store.commit(many(3), source="vakter", batch_id=41)
    second = store.commit(pl.concat([many(2), frame(incident("ny"))]), source="vakter", batch_id=42)
    assert store.find_batch(42) == second == Commit(second.version, 1, 0, 2)
    assert store.batch_version(41) == second.version - 1
    assert store.find_batch(4) is None


def test_a_new_area_set_becomes_a_new_column(store: IncidentStore) -> None:
    first = store.commit(frame(incident("a", area_1=10)), source="vakter", batch_id=1)
    store.commit(frame(incident("b", area_1=11, area_2=20)), source="vakter", batch_id=2)
    store.commit(frame(incident("a", note="rättad", area_1=12, area_3=30)), source="vakter", batch_id=3)
    columns = ["source_id", "area_1", "area_2", "area_3"]
    assert store.scan(columns=columns).sort("source_id").collect().rows() == [
        ("a", 12, None, 30),
        ("b", 11, 20, None),
    ]
    assert store.scan(first.version, columns=columns).collect().rows() == [("a", 10, None, None)]
    assert store.area_columns() == ["area_1", "area_2", "area_3"]


def by_x(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(area_7=pl.when(pl.col("x") > 500).then(1).otherwise(None).cast(pl.Int32))


def test_areas_are_assigned_anew_in_one_version(store: IncidentStore) -> None:
    store.commit(
        frame(incident("a", x=100.0), incident("b", x=900.0), incident("c", "2023-05-05", x=901.0)),
        source="vakter",
        batch_id=1,
    )
    store.commit(frame(incident("d", x=1000.0, note="n")), source="polisen", batch_id=2)
    before = store.scan().sort("source_id").collect()
    version = store.reassign(by_x)
    assert version == store.version() == store.find_batch(2).version + 1
    after = store.scan().sort("source_id").collect()
    assert after["area_7"].to_list() == [None, 1, 1, 1]
    assert after.drop("area_7").equals(before.select(after.drop("area_7").columns))


def test_areas_that_are_right_already_make_no_version(store: IncidentStore) -> None:
    store.commit(frame(incident("a", x=100.0, area_7=None), incident("b", x=900.0, area_7=1)), source="v", batch_id=1)
    assert store.reassign(by_x) is None


def test_a_kept_version_opens_after_checkpoint_compaction_and_vacuum(store: IncidentStore) -> None:
    first = store.commit(many(5), source="vakter", batch_id=1)
    for batch in range(2, 62):  # passes a checkpoint
        store.commit(frame(incident("i0", note=f"ändring {batch}")), source="vakter", batch_id=batch)
    dropped = store.version()
    store.commit(frame(incident("i0", note="sist")), source="vakter", batch_id=99)
    store.compact()
    assert list(store.path.glob("_delta_log/*.checkpoint.parquet"))
    assert store.vacuum([first.version], retention_hours=0) > 0
    assert store.scan(first.version).sort("source_id").collect()["note"].to_list() == [None] * 5
    assert store.scan().filter(source_id="i0").collect()["note"].to_list() == ["sist"]
    with pytest.raises(FileNotFoundError):
        store.scan(dropped).collect()


def test_vacuum_leaves_what_is_young(store: IncidentStore) -> None:
    first = store.commit(frame(incident("a")), source="vakter", batch_id=1)
    store.commit(frame(incident("a", note="ny")), source="vakter", batch_id=2)
    assert store.vacuum([]) == 0
    assert store.scan(first.version).collect().height == 1


def test_many_small_files_are_worth_compacting(store: IncidentStore) -> None:
    for batch in range(18):
        store.commit(frame(incident(f"i{batch}")), source="vakter", batch_id=batch + 1)
    assert store.needs_compaction()
    store.compact()
    assert not store.needs_compaction()
    assert store.count() == 18


def test_two_collaborations_have_nothing_in_common(store: IncidentStore) -> None:
    store.commit(many(2), source="vakter", batch_id=1)
    assert IncidentStore("sjovik").scan().collect().height == 0


def test_areas_are_found_only_for_rows_that_are_written(store: IncidentStore) -> None:
    asked: list[int] = []

    def assign(rows: pl.DataFrame) -> pl.DataFrame:
        asked.append(rows.height)
        return rows.select(area_7=pl.col("x").cast(pl.Int32))

    store.commit(frame(incident("a", x=1.0), incident("b", x=2.0)), source="v", batch_id=1, assign=assign)
    store.commit(frame(incident("a", x=1.0), incident("b", x=3.0)), source="v", batch_id=2, assign=assign)
    store.commit(frame(incident("a", x=1.0), incident("b", x=3.0)), source="v", batch_id=3, assign=assign)
    assert asked == [2, 1]
    assert store.scan(columns=["source_id", "area_7"]).sort("source_id").collect().rows() == [("a", 1), ("b", 3)]
