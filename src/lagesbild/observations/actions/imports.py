"""The state of an import: received, checked, being stored, stored, failed, cancelled.

The state is changed by conditional updates whose row count tells who won. Reading, checking and storing are in
``intake.py``; ``imports.py`` puts the steps together.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Collaboration, User
from lagesbild.core import audit, clock, jobs
from lagesbild.core.errors import UserError
from lagesbild.core.models import Job, JobState
from lagesbild.observations import uploads
from lagesbild.observations.actions.sources import save_mapping
from lagesbild.observations.importing import Mapping
from lagesbild.observations.intake import CheckOutcome
from lagesbild.observations.models import BatchState, ImportBatch, Source
from lagesbild.observations.store import Commit, IncidentStore
from lagesbild.observations.uploads import BatchFolder
from lagesbild.places.models import AreaSetVersion

CHECKABLE = (BatchState.UPLOADED, BatchState.CHECKED)
OPEN = CHECKABLE
KEEP_FILES = timedelta(days=7)  # long enough to come back after a weekend; uploads may hold what must not be kept


def receive_file(source: Source, chunks: Iterable[bytes], *, file_name: str, actor: User | None) -> ImportBatch:
    """Take in a file for the source. Nothing of it is read yet."""
    received = uploads.receive(chunks, file_name=file_name)
    with transaction.atomic():
        batch = ImportBatch.objects.create(
            collaboration=source.collaboration,
            owner=source.owner,
            sharing=source.sharing,
            source=source,
            file_name=file_name[-255:],
            file_sha256=received.sha256,
            file_bytes=received.n_bytes,
            created_by=actor,
            created_at=clock.now(),
        )
        BatchFolder(batch.pk).delete()  # of an import that was rolled back
        BatchFolder(batch.pk).adopt(received)
        _record("imports.received", batch, actor, sha256=received.sha256)
    return batch


@transaction.atomic
def begin(batch: ImportBatch, kind: str, *, actor: User | None) -> Job:
    """Start a step of the import as a job; the page of the job leads back to the import."""
    job = jobs.start(kind, actor=actor, collaboration=batch.collaboration.slug, arguments={"batch": batch.pk})
    ImportBatch.objects.filter(pk=batch.pk).update(job=job)
    batch.job = job
    _record("imports.step_begun", batch, actor, kind=kind)
    return job


@transaction.atomic
def choose_mapping(batch: ImportBatch, mapping: Mapping, *, actor: User | None, sheet: str | None = None) -> None:
    """Say what the columns mean. What was checked before is no longer valid."""
    values: dict[str, Any] = {"mapping": mapping.to_dict(), "state": BatchState.UPLOADED}
    if sheet is not None:
        values["sheet"] = sheet
    if not ImportBatch.objects.filter(pk=batch.pk, state__in=CHECKABLE).update(**values):
        raise ended()
    batch.refresh_from_db()
    _record("imports.mapping_chosen", batch, actor)


@transaction.atomic
def choose_sheet(batch: ImportBatch, sheet: str, *, actor: User | None) -> None:
    """Read another sheet or layer of the file; its columns are guessed anew."""
    changed = ImportBatch.objects.filter(pk=batch.pk, state__in=CHECKABLE).update(
        sheet=sheet, mapping={}, state=BatchState.UPLOADED
    )
    if not changed:
        raise ended()
    batch.refresh_from_db()
    _record("imports.sheet_chosen", batch, actor, sheet=sheet)


@transaction.atomic
def record_check(batch: ImportBatch, outcome: CheckOutcome, *, actor: User | None) -> ImportBatch:
    """What the check found. Only an import without refused rows can go on."""
    checked, against = outcome.checked, outcome.against_store
    ImportBatch.objects.filter(pk=batch.pk, state__in=CHECKABLE).update(
        state=BatchState.CHECKED,
        mapping=outcome.mapping.to_dict(),
        findings=outcome.findings,
        n_rows=checked.n_rows,
        n_added=against.added if against else 0,
        n_updated=against.updated if against else 0,
        n_unchanged=against.unchanged if against else 0,
        n_refused=outcome.n_refused,
        n_withheld=checked.n_withheld,
        n_warnings=checked.n_warnings,
    )
    batch.refresh_from_db()
    _record("imports.checked", batch, actor, refused=batch.n_refused)
    return batch


@transaction.atomic
def fail_batch(batch: ImportBatch, error: UserError, *, actor: User | None) -> None:
    """The file as a whole cannot be used."""
    failed = ImportBatch.objects.filter(pk=batch.pk, state__in=CHECKABLE).update(
        state=BatchState.FAILED, error_code=error.code, error_message=error.message
    )
    if failed:
        batch.refresh_from_db()
        _record("imports.failed", batch, actor, error=error.code)
        transaction.on_commit(BatchFolder(batch.pk).delete)


@transaction.atomic
def start_committing(batch: ImportBatch, *, actor: User | None) -> None:
    """From here the store may change. Raises `UserError` if rows are refused or the import has ended."""
    ready = ImportBatch.objects.filter(pk=batch.pk, state=BatchState.CHECKED, n_refused=0)
    if not ready.update(state=BatchState.COMMITTING):
        batch.refresh_from_db()
        if batch.state != BatchState.COMMITTING:
            raise rows_refused(batch) if batch.n_refused else ended()
    _record("imports.committing", batch, actor)


@transaction.atomic
def finish_batch(batch: ImportBatch, commit: Commit, *, actor: User | None) -> ImportBatch:
    """The store holds the rows: say so. Done twice it is the same as once."""
    finished = ImportBatch.objects.filter(pk=batch.pk).exclude(state=BatchState.APPLIED)
    changed = finished.update(
        state=BatchState.APPLIED,
        n_added=commit.added,
        n_updated=commit.updated,
        n_unchanged=commit.unchanged,
        data_version=commit.version,
        applied_at=clock.now(),
    )
    batch.refresh_from_db()
    if changed:
        counts = {"added": commit.added, "updated": commit.updated, "unchanged": commit.unchanged}
        _record("imports.applied", batch, actor, version=commit.version, **counts)
        save_mapping(batch.source, batch.mapping, actor=actor)
    transaction.on_commit(BatchFolder(batch.pk).delete)
    return batch


@transaction.atomic
def step_back(batch: ImportBatch, *, actor: User | None) -> None:
    """The store was not changed: the import is as it was when checked."""
    if ImportBatch.objects.filter(pk=batch.pk, state=BatchState.COMMITTING).update(state=BatchState.CHECKED):
        _record("imports.stepped_back", batch, actor)


@transaction.atomic
def cancel_batch(batch: ImportBatch, *, actor: User | None) -> bool:
    """Leave the import and delete its files. False if it is being stored or has ended."""
    if batch.job_id:
        jobs.request_cancel(batch.job)  # type: ignore[arg-type]  # the job is there when its id is
    cancelled = ImportBatch.objects.filter(pk=batch.pk, state__in=OPEN).update(state=BatchState.CANCELLED)
    if cancelled:
        batch.refresh_from_db()
        _record("imports.cancelled", batch, actor)
        transaction.on_commit(BatchFolder(batch.pk).delete)
    return bool(cancelled)


def caught_batches() -> list[ImportBatch]:
    """Imports that began to be stored and whose job is no longer at work."""
    now = clock.now()
    at_work = Q(job__state=JobState.QUEUED) | Q(job__state=JobState.RUNNING, job__lease_until__gte=now)
    caught = ImportBatch.objects.filter(state=BatchState.COMMITTING).exclude(at_work)
    return list(caught.select_related("source", "collaboration"))


def batches_with_files_wanted(batches: Iterable[int]) -> list[int]:
    """Of these imports, those whose files may still be asked for: open ones, for a week."""
    young = Q(created_at__gte=clock.now() - KEEP_FILES)
    wanted = ImportBatch.objects.filter(Q(state=BatchState.COMMITTING) | Q(state__in=OPEN) & young)
    return list(wanted.filter(pk__in=list(batches)).values_list("pk", flat=True))


@transaction.atomic
def begin_assigning(collaboration: Collaboration, *, actor: User | None) -> Job:
    """Find anew, in the background, which areas every stored incident lies in."""
    job = jobs.start("observations.assign_areas", actor=actor, collaboration=collaboration.slug)
    audit.record("areas.assigning_begun", collaboration, actor=actor, collaboration=collaboration.slug)
    return job


def when_areas_change(version: AreaSetVersion) -> None:
    """New boundaries: incidents already stored must be placed again."""
    collaboration = version.area_set.collaboration
    if IncidentStore(collaboration.slug).exists():
        begin_assigning(collaboration, actor=None)


def rows_refused(batch: ImportBatch) -> UserError:
    return UserError(
        "import.rows_refused",
        _("{refused} rows cannot be stored, so nothing was. Correct them and try again."),
        refused=batch.n_refused,
    )


def ended() -> UserError:
    return UserError("import.ended", _("This import has already ended."))


def _record(code: str, batch: ImportBatch, actor: User | None, **details: Any) -> None:
    audit.record(code, batch, actor=actor, collaboration=batch.collaboration.slug, source=batch.source.slug, **details)
