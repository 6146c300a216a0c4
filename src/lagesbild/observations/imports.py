"""One import from file to store, step by step. Each step can be run again after a crash, with the same result.

uploaded → checked → committing → applied. Between the commit to the store and the row that says so the process may
die: then the store's history tells, by the number of the import, whether the commit was made.
"""

from __future__ import annotations

from pathlib import Path

from lagesbild.accounts.models import User
from lagesbild.core import jobs
from lagesbild.core.errors import UserError
from lagesbild.core.jobs import LeaseLost
from lagesbild.core.models import Job
from lagesbild.observations import intake, uploads
from lagesbild.observations.actions import imports as actions
from lagesbild.observations.importing import Mapping
from lagesbild.observations.intake import Progress
from lagesbild.observations.models import BatchState, ImportBatch, Source
from lagesbild.observations.store import IncidentStore
from lagesbild.observations.uploads import BatchFolder

AT_ONCE_BYTES = 5_000_000  # up to this size a step takes a second or two: nobody should have to wait for a worker


def take_step(batch: ImportBatch, kind: str, *, actor: User | None) -> Job:
    """Start a step as a job. A small file's step is done here and now, unless a worker was quicker."""
    job = actions.begin(batch, kind, actor=actor)
    if batch.file_bytes <= AT_ONCE_BYTES:
        jobs.run(str(job.pk))
        job.refresh_from_db()
    return job


def preview_batch(batch: ImportBatch, *, progress: Progress = intake.nothing, actor: User | None) -> None:
    """Read the file, show its first rows and propose a mapping. A file that cannot be read ends the import."""
    try:
        preview = intake.preview(batch, progress)
    except UserError as error:
        actions.fail_batch(batch, error, actor=actor)
        raise
    BatchFolder(batch.pk).save_preview(preview)


def check_batch(batch: ImportBatch, *, progress: Progress = intake.nothing, actor: User | None) -> ImportBatch:
    """Read and check every row. A file that cannot be read ends the import; refused rows do not."""
    if batch.state not in actions.CHECKABLE:
        return batch
    try:
        outcome = intake.check_file(batch, progress)
    except UserError as error:
        if error.field is None:  # else it is about the mapping, which can be chosen again
            actions.fail_batch(batch, error, actor=actor)
        raise
    return actions.record_check(batch, outcome, actor=actor)


def apply_batch(batch: ImportBatch, *, progress: Progress = intake.nothing, actor: User | None) -> ImportBatch:
    """Store all rows in one version, or none. Stopped before the commit, the import is as it was when checked."""
    if batch.state == BatchState.APPLIED:
        return batch
    actions.start_committing(batch, actor=actor)
    try:
        commit = intake.store_rows(batch, progress)
    except LeaseLost:
        raise  # another worker has the import now
    except BaseException:
        settle(batch, actor=actor)
        raise
    return actions.finish_batch(batch, commit, actor=actor)


def settle(batch: ImportBatch, *, actor: User | None) -> None:
    """Make the state of an import that was being stored agree with the store."""
    commit = IncidentStore(batch.collaboration.slug).find_batch(batch.pk)
    if commit is not None:
        actions.finish_batch(batch, commit, actor=actor)
    else:
        actions.step_back(batch, actor=actor)


def repair() -> int:
    """Settle every import whose process died while storing, and delete files that nobody will ask for; how many."""
    caught = actions.caught_batches()
    for batch in caught:
        settle(batch, actor=None)
    uploads.delete_abandoned_incoming()
    delete_old_files()
    return len(caught)


def delete_old_files() -> int:
    """Delete the files of imports that ended, or that nobody has touched for a week; how many."""
    folders = uploads.batch_folders()
    wanted = set(actions.batches_with_files_wanted(folders))
    for pk in folders:
        if pk not in wanted:
            BatchFolder(pk).delete()
    return len(folders) - len(wanted)


def import_file(
    source: Source,
    path: Path,
    *,
    actor: User | None,
    mapping: Mapping | None = None,
    progress: Progress = intake.nothing,
) -> ImportBatch:
    """The whole way at once, for example worlds and programs. Raises `UserError` if any row is refused."""
    batch = actions.receive_file(source, uploads.chunks_of(path), file_name=path.name, actor=actor)
    if mapping is not None:
        actions.choose_mapping(batch, mapping, actor=actor)
    check_batch(batch, progress=progress, actor=actor)
    if batch.n_refused:
        raise actions.rows_refused(batch)
    return apply_batch(batch, progress=progress, actor=actor)
