"""Two processes that commit at once: one is first, the other compares again, and both end up in."""

from __future__ import annotations

from pathlib import Path

import pytest

from lagesbild.observations.store import IncidentStore
from tests.observations import processes

pytestmark = pytest.mark.one_database

# Each writer commits ten batches of the same ids: without a comparison on the newest version they would be doubled.
WRITER = """
from lagesbild.observations.store import IncidentStore
from tests.observations.frames import frame, incident
writer = int(sys.argv[1])
store = IncidentStore("ekby")
sys.stdin.readline()  # both start together
for batch in range(10):
    rows = [incident(f"i{batch}-{k}", note=None) for k in range(20)] + [incident(f"only-{writer}-{batch}")]
    store.commit(frame(*rows), source="vakter", batch_id=writer * 100 + batch)
"""


def test_two_processes_at_once_lose_and_double_nothing(data_dir: Path) -> None:
    writers = [processes.start(WRITER, str(k), data_dir=data_dir) for k in (1, 2)]
    for writer in writers:
        assert writer.stdin
        writer.stdin.write("go\n")
        writer.stdin.close()
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0]
    store = IncidentStore("ekby")
    ids = store.scan().collect()["source_id"]
    assert ids.n_unique() == len(ids) == 10 * 20 + 2 * 10
    batches = {entry["batch_id"] for entry in store.history() if "batch_id" in entry}
    assert batches == {str(writer * 100 + batch) for writer in (1, 2) for batch in range(10)}
