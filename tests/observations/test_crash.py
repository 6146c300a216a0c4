"""The process is killed at every step between the store and the database: nothing is lost, nothing is doubled."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from lagesbild.core import clock, jobs
from lagesbild.core.models import Job, JobState
from lagesbild.observations import actions, imports, uploads
from lagesbild.observations.models import BatchState, ImportBatch
from lagesbild.observations.store import IncidentStore
from tests.cast import Cast
from tests.observations import csvfiles, world
from tests.observations.processes import Forks

pytestmark = pytest.mark.django_db(transaction=True)

DIE = """
import signal
def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def die_after(function):
    def wrapped(*arguments, **named):
        function(*arguments, **named)
        die()
    return wrapped

from lagesbild.core import jobs
from lagesbild.observations import imports, intake
from lagesbild.observations.actions import imports as actions
from lagesbild.observations.store import incident_store, table
"""
MOMENTS = {
    "while the state is being changed": "actions._record = die",
    "before anything is computed": "imports.intake.store_rows = die",
    "with files written and nothing committed": """
def half(table, rows, **_):
    rows.write_parquet(incident_store.Path(table.table_uri.removeprefix("file://")) / "half.parquet")
    die()
table.append = half
""",
    "with the store committed": "table.append = die_after(table.append)",
    "with the store committed and read back": "intake.store_rows = die_after(intake.store_rows)",
    "while the database is being told": "actions.save_mapping = die",
    "with the database told": "actions.finish_batch = die_after(actions.finish_batch)",
}
RUN = """
jobs.run(sys.argv[1])
"""


@pytest.fixture(scope="module")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    prepared = Forks(tmp_path_factory.mktemp("forks"))
    yield prepared
    prepared.close()


def interrupted(cast: Cast, forks: Forks, tmp_path: Path, moment: str) -> ImportBatch:
    """An import of ten incidents whose process was killed at the moment."""
    source = world.source(cast.municipality, "vakter")
    batch = actions.receive_file(
        source, uploads.chunks_of(csvfiles.good(tmp_path / "a.csv")), file_name="a.csv", actor=cast.anna.user
    )
    imports.check_batch(batch, actor=cast.anna.user)
    job = actions.begin(batch, "observations.apply", actor=cast.anna.user)
    assert forks.run(DIE + MOMENTS[moment] + RUN, str(job.pk), data_dir=tmp_path) == -signal.SIGKILL
    batch.refresh_from_db()
    return batch


def expire_leases() -> None:
    Job.objects.filter(state=JobState.RUNNING).update(lease_until=clock.now() - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("moment", "repair_first"),
    [
        *((moment, True) for moment in MOMENTS),
        ("before anything is computed", False),
        ("with the store committed", False),
        ("with the database told", False),
    ],
)
def test_an_interrupted_import_ends_stored_once(
    cast: Cast, forks: Forks, tmp_path: Path, moment: str, repair_first: bool
) -> None:
    batch = interrupted(cast, forks, tmp_path, moment)
    expire_leases()
    if repair_first:
        imports.repair()
        batch.refresh_from_db()
        assert batch.state in (BatchState.CHECKED, BatchState.APPLIED)
    jobs.requeue_expired()
    jobs.run(str(batch.job_id))

    batch.refresh_from_db()
    store = IncidentStore("ekby")
    assert (batch.state, batch.n_added, batch.n_updated, batch.n_unchanged) == (BatchState.APPLIED, 10, 0, 0)
    assert store.count() == 10
    assert batch.data_version == store.batch_version(batch.pk) == store.version()
    assert Job.objects.get(pk=batch.job_id).state == JobState.DONE
    assert uploads.batch_folders() == []


def test_the_state_agrees_with_the_store_after_the_repair_alone(cast: Cast, forks: Forks, tmp_path: Path) -> None:
    batch = interrupted(cast, forks, tmp_path, "with the store committed")
    assert batch.state == BatchState.COMMITTING
    expire_leases()
    assert imports.repair() == 1
    batch.refresh_from_db()
    assert (batch.state, batch.n_added) == (BatchState.APPLIED, 10)
    assert imports.repair() == 0


def test_an_import_that_never_reached_the_store_can_be_cancelled_after_the_repair(
    cast: Cast, forks: Forks, tmp_path: Path
) -> None:
    batch = interrupted(cast, forks, tmp_path, "before anything is computed")
    expire_leases()
    imports.repair()
    batch.refresh_from_db()
    assert batch.state == BatchState.CHECKED
    assert actions.cancel_batch(batch, actor=cast.anna.user)
    assert IncidentStore("ekby").version() is None


def test_the_repair_leaves_an_import_alone_whose_job_is_at_work(cast: Cast, forks: Forks, tmp_path: Path) -> None:
    batch = interrupted(cast, forks, tmp_path, "before anything is computed")
    assert imports.repair() == 0
    batch.refresh_from_db()
    assert batch.state == BatchState.COMMITTING
