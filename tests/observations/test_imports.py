"""The states of an import: what may follow what, and that a step taken twice is the same as once."""

from __future__ import annotations

from pathlib import Path

import pytest

from lagesbild.core import jobs
from lagesbild.core.errors import UserError
from lagesbild.core.models import AuditEvent, Job, JobState
from lagesbild.observations import actions, imports, intake, uploads
from lagesbild.observations.models import BatchState, ImportBatch
from lagesbild.observations.store import IncidentStore
from tests.cast import Cast
from tests.observations import csvfiles, world


@pytest.fixture
def batch(cast: Cast, tmp_path: Path) -> ImportBatch:
    """Ten good rows, checked."""
    source = world.source(cast.municipality, "vakter")
    chunks = uploads.chunks_of(csvfiles.good(tmp_path / "a.csv"))
    made = actions.receive_file(source, chunks, file_name="a.csv", actor=cast.anna.user)
    return imports.check_batch(made, actor=cast.anna.user)


def test_a_check_stores_nothing_and_tells_what_would_happen(batch: ImportBatch) -> None:
    assert (batch.state, batch.n_rows, batch.n_added, batch.n_refused) == (BatchState.CHECKED, 10, 10, 0)
    assert IncidentStore("ekby").version() is None


def test_each_step_leaves_its_row_in_the_audit_log(batch: ImportBatch, cast: Cast) -> None:
    imports.apply_batch(batch, actor=cast.anna.user)
    codes = list(
        AuditEvent.objects.filter(target_id=str(batch.pk), code__startswith="imports.")
        .order_by("pk")
        .values_list("code", flat=True)
    )
    assert codes == ["imports.received", "imports.checked", "imports.committing", "imports.applied"]
    applied = AuditEvent.objects.get(code="imports.applied")
    assert applied.actor == cast.anna.user
    assert applied.details["added"] == 10


def test_applied_twice_is_the_same_as_once(batch: ImportBatch) -> None:
    imports.apply_batch(batch, actor=None)
    again = imports.apply_batch(ImportBatch.objects.get(pk=batch.pk), actor=None)
    assert (again.state, again.n_added) == (BatchState.APPLIED, 10)
    assert IncidentStore("ekby").version() == again.data_version
    assert AuditEvent.objects.filter(code="imports.applied").count() == 1


def test_a_job_asked_to_stop_before_the_commit_leaves_the_import_as_checked(batch: ImportBatch, cast: Cast) -> None:
    job = actions.begin(batch, "observations.apply", actor=cast.anna.user)
    Job.objects.filter(pk=job.pk).update(cancel_requested=True)
    jobs.run(str(job.pk))
    job.refresh_from_db()
    batch.refresh_from_db()
    assert (job.state, batch.state) == (JobState.CANCELLED, BatchState.CHECKED)
    assert IncidentStore("ekby").version() is None


def test_an_import_that_is_cancelled_cannot_be_stored(batch: ImportBatch) -> None:
    actions.cancel_batch(batch, actor=None)
    with pytest.raises(UserError) as caught:
        imports.apply_batch(ImportBatch.objects.get(pk=batch.pk), actor=None)
    assert caught.value.code == "import.ended"
    assert IncidentStore("ekby").version() is None


def test_an_import_with_refused_rows_cannot_be_stored(cast: Cast, tmp_path: Path) -> None:
    source = world.source(cast.municipality, "vakter")
    with pytest.raises(UserError) as caught:
        imports.import_file(source, csvfiles.with_three_bad_rows(tmp_path / "b.csv"), actor=None)
    assert caught.value.code == "import.rows_refused"
    bad = ImportBatch.objects.get()
    with pytest.raises(UserError):
        imports.apply_batch(bad, actor=None)
    assert IncidentStore("ekby").version() is None


def test_an_import_that_is_stored_cannot_be_cancelled(batch: ImportBatch) -> None:
    imports.apply_batch(batch, actor=None)
    assert not actions.cancel_batch(batch, actor=None)
    assert IncidentStore("ekby").count() == 10


def test_another_mapping_makes_the_check_invalid(batch: ImportBatch) -> None:
    actions.choose_mapping(batch, intake.mapping_for(batch, None), actor=None)  # type: ignore[arg-type]
    with pytest.raises(UserError):
        imports.apply_batch(batch, actor=None)


def test_what_goes_wrong_while_storing_leaves_the_import_as_checked(
    batch: ImportBatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("lagesbild.observations.store.table.append", full)
    with pytest.raises(OSError, match="no space"):
        imports.apply_batch(batch, actor=None)
    batch.refresh_from_db()
    assert batch.state == BatchState.CHECKED
    monkeypatch.undo()
    assert imports.apply_batch(batch, actor=None).n_added == 10


def test_the_counts_of_a_batch_are_its_own_when_two_are_checked_before_either_is_stored(
    batch: ImportBatch, cast: Cast, tmp_path: Path
) -> None:
    second = actions.receive_file(
        batch.source, uploads.chunks_of(csvfiles.good(tmp_path / "b.csv", 12)), file_name="b.csv", actor=None
    )
    imports.check_batch(second, actor=None)
    assert second.n_added == 12
    imports.apply_batch(batch, actor=None)
    imports.apply_batch(second, actor=None)
    assert (second.n_added, second.n_unchanged) == (2, 10)
    assert IncidentStore("ekby").count() == 12
