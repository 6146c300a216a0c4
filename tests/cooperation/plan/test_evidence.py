"""Evidence that an action was done: photos without their data, documents, and who may fetch them."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from lagesbild.accounts.models import Membership, SharingLevel
from lagesbild.cooperation import evidence as files
from lagesbild.cooperation.models import Action, Evidence
from tests.cooperation.matters.world import World
from tests.cooperation.plan.builders import PLAN, a_photo, an_action
from tests.cooperation.plan.documents import SECRET, SHOWN, a_letter, a_pdf, everything_in

PDF = a_pdf(remark=False)


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def _as(client: Client, person: Membership) -> Client:
    client.force_login(person.user)
    return client


def _sent(data: bytes, name: str = "IMG_20260302_211400.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def _kept(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "files").rglob("*") if path.is_file())


def _zip(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


def test_an_action_is_done_with_a_photo_in_one_step_and_the_photo_says_nothing_of_when_and_where(
    world: World, client: Client
) -> None:
    an_action(world, responsible=world.cast.housing)
    bo = _as(client, world.cast.bo)
    assert bo.post(f"{PLAN}1/done/", {"words": "Bytt", "version": "1", "file": _sent(a_photo())}).status_code == 302
    assert Action.objects.get().state == "done"
    kept = Evidence.objects.get()
    assert (kept.name, kept.media_type) == ("foto.jpg", "image/jpeg")
    answer = bo.get(f"{PLAN}1/evidence/{kept.pk}/")
    data = b"".join(answer.streaming_content)
    assert (len(data), hashlib.sha256(data).hexdigest()) == (kept.size, kept.sha256)
    with Image.open(io.BytesIO(data)) as image:
        assert not image.getexif()
    assert b"Fotografens" not in data
    assert b"2026:03:02" not in data


def test_if_the_action_cannot_be_done_the_photo_is_not_kept(world: World, client: Client, tmp_path: Path) -> None:
    an_action(world)
    answer = _as(client, world.greta).post(f"{PLAN}1/done/", {"version": "7", "file": _sent(a_photo())})
    assert answer.status_code == 422
    assert not Evidence.objects.exists()
    assert _kept(tmp_path) == []


def test_a_document_is_kept_without_who_made_it_and_fetched_not_shown(
    world: World, client: Client, tmp_path: Path
) -> None:
    an_action(world)
    greta = _as(client, world.greta)
    greta.post(f"{PLAN}1/evidence/", {"file": _sent(PDF, "besiktning.pdf"), "note": "Besiktning utan anmärkning"})
    kept = Evidence.objects.get()
    answer = greta.get(f"{PLAN}1/evidence/{kept.pk}/")
    data = b"".join(answer.streaming_content)
    assert SHOWN in pypdf.PdfReader(io.BytesIO(data)).pages[0].extract_text()
    assert SECRET.encode() not in everything_in(data)
    assert (len(data), hashlib.sha256(data).hexdigest()) == (kept.size, kept.sha256)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="besiktning.pdf"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert _kept(tmp_path) == [kept.file]
    assert "besiktning" not in kept.file


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("sida.html", b"<script>alert(1)</script>"),
        ("bild.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("besiktning.pdf", b"<script>alert(1)</script>"),
        ("brev.docx", PDF),
        ("brev.docx", _zip("word/document.xml", "word/vbaProject.bin")),
        ("tabell.xlsx", _zip("word/document.xml")),
        ("191212121212.pdf", PDF),
        ("besiktning.pdf", PDF[:900]),
        ("brev.docx", a_letter()[:-40]),
    ],
)
def test_what_is_no_photo_and_no_document_of_its_kind_is_refused(
    world: World, client: Client, tmp_path: Path, name: str, data: bytes
) -> None:
    an_action(world)
    answer = _as(client, world.greta).post(f"{PLAN}1/evidence/", {"file": _sent(data, name)})
    assert answer.status_code == 422
    assert answer.context["evidence_form"].errors["file"]
    assert not Evidence.objects.exists()
    assert _kept(tmp_path) == []


@pytest.mark.parametrize(("over", "status"), [(0, 302), (1, 422)])
def test_a_document_of_exactly_the_most_is_kept(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch, over: int, status: int
) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", len(PDF))
    an_action(world)
    sent = _sent(PDF + b"\n" * over, "besiktning.pdf")
    assert _as(client, world.greta).post(f"{PLAN}1/evidence/", {"file": sent}).status_code == status


def test_whoever_may_not_see_the_action_or_names_another_action_gets_no_file(world: World, client: Client) -> None:
    hidden = an_action(world, sharing=SharingLevel.STRATEGIC)
    an_action(world, "En annan")
    _as(client, world.greta).post(f"{PLAN}{hidden.number}/evidence/", {"file": _sent(PDF, "besiktning.pdf")})
    pk = Evidence.objects.get().pk
    assert _as(client, world.cast.anna).get(f"{PLAN}1/evidence/{pk}/").status_code == 200
    assert client.get(f"{PLAN}2/evidence/{pk}/").status_code == 404
    assert _as(client, world.cast.bo).get(f"{PLAN}1/evidence/{pk}/").status_code == 404


def test_evidence_is_taken_away_with_its_file_by_who_added_it_or_who_plans(
    world: World, client: Client, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    an_action(world, responsible=world.cast.housing)
    _as(client, world.hanna).post(f"{PLAN}1/evidence/", {"file": _sent(a_photo())})
    kept = Evidence.objects.get()
    remove = f"{PLAN}1/evidence/{kept.pk}/remove/"
    assert _as(client, world.cast.bo).post(remove).status_code == 403
    with django_capture_on_commit_callbacks(execute=True):
        assert _as(client, world.hanna).post(remove).status_code == 302
    assert not Evidence.objects.exists()
    assert _kept(tmp_path) == []
    history = [change.fields for change in Action.objects.get().changes.all()]
    assert history[-2:] == [{"evidence": ["", "foto.jpg"]}, {"evidence": ["foto.jpg", ""]}]
