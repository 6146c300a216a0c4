"""Files whose report or action never came to be are swept: the server was killed between the file and the row."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest

from lagesbild.cooperation import evidence
from lagesbild.cooperation.actions.evidence import with_evidence
from lagesbild.cooperation.models import Action, Evidence
from lagesbild.core import clock, jobs
from lagesbild.fieldreports import photos
from lagesbild.fieldreports.models import FieldReport
from lagesbild.fieldreports.reporting import ReportText
from lagesbild.fieldreports.sending import send
from tests.cooperation.matters.world import World
from tests.cooperation.plan.builders import a_photo, an_action
from tests.cooperation.plan.documents import a_pdf
from tests.fieldreports.builders import categories
from tests.observations.processes import Forks

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[3]
LAMP = ReportText("lighting", place_text="under bron")
KILLED = """
import io, os, signal, uuid
from lagesbild.accounts.models import Membership
from lagesbild.cooperation.actions import evidence
from lagesbild.cooperation.models import Action
from lagesbild.core import audit
from lagesbild.fieldreports import sending
from lagesbild.fieldreports.reporting import ReportText
def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
audit.record = die  # the row is written, and not committed
member = Membership.objects.get(user__email="bo@example.org")
upload = open(sys.argv[2], "rb")
if sys.argv[1] == "report":
    text = ReportText("lighting", place_text="Torget")
    sending.send(member, text, client_id=uuid.uuid4(), upload=upload)
else:
    evidence.with_evidence(member, Action.objects.get(), upload, sys.argv[2])
"""


@pytest.fixture(scope="module")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    prepared = Forks(tmp_path_factory.mktemp("forks"))
    yield prepared
    prepared.close()


def kept(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "files").rglob("*.*"))


def a_day_later() -> None:
    for kind in ("fieldreports.sweep_photos", "evidence.sweep"):
        job = jobs.start(kind, actor=None)
        with clock.frozen(clock.now() + timedelta(hours=25)):
            jobs.run(str(job.pk))


@pytest.mark.parametrize(("of", "name"), [("report", "foto.jpg"), ("action", "foto.jpg"), ("action", "protokoll.pdf")])
def test_a_file_whose_server_was_killed_before_the_row_was_stored_is_swept_and_no_other(
    world: World, forks: Forks, tmp_path: Path, of: str, name: str
) -> None:
    categories(world.cast)
    bo = world.cast.bo
    action = an_action(world, responsible=world.cast.housing)
    stored = [
        send(bo, LAMP, client_id=uuid4(), upload=BytesIO(a_photo())).report.photo,
        with_evidence(bo, action, BytesIO(a_photo()), "foto.jpg").file,
        with_evidence(bo, action, BytesIO(a_pdf()), "protokoll.pdf").file,
    ]
    sent = tmp_path / name
    sent.write_bytes(a_pdf() if name.endswith("pdf") else a_photo())
    assert forks.run(KILLED, of, str(sent), data_dir=tmp_path) == -signal.SIGKILL
    assert len(kept(tmp_path)) == 4
    assert (FieldReport.objects.count(), Evidence.objects.count()) == (1, 2)
    assert photos.sweep() == evidence.sweep() == 0  # it may still be on its way
    a_day_later()
    assert kept(tmp_path) == sorted(stored)
    assert Action.objects.count() == 1


def test_every_subject_that_keeps_photos_says_which_they_are() -> None:
    keeping = {
        path.relative_to(ROOT / "src" / "lagesbild").parts[0]
        for path in (ROOT / "src" / "lagesbild").rglob("*.py")
        if re.search(r"\bkeep_photo\(", path.read_text(encoding="utf-8"))
    }
    assert keeping == set(photos._named_by)
