"""The import wizard, page by page, as Anna walks it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import translation

from lagesbild.accounts.models import SharingLevel
from lagesbild.core.models import Job
from lagesbild.observations import imports
from lagesbild.observations.models import BatchState, ImportBatch, Source
from lagesbild.observations.store import IncidentStore
from lagesbild.observations.uploads import BatchFolder
from tests.cast import Cast
from tests.observations import csvfiles, world

BASE = "/c/ekby/reports/"


@pytest.fixture
def anna(cast: Cast, client: Client) -> Client:
    client.force_login(cast.anna.user)
    return client


def upload(client: Client, path: Path, **fields: str) -> HttpResponse:
    values = {"source": "__new__", "name": "Vakternas rapporter", "sharing": "partners", **fields}
    file = SimpleUploadedFile(path.name, path.read_bytes())
    return client.post(f"{BASE}imports/new/", {**values, "file": file}, follow=True)


def text(response: HttpResponse) -> str:
    return response.content.decode()


def mapping_form(client: Client, batch: ImportBatch) -> dict[str, str]:
    """The form as the browser would send it, unchanged."""
    form = client.get(f"{BASE}imports/{batch.pk}/mapping/").context["form"]
    return {name: value for name in form.fields if (value := form[name].value()) not in (None, False)}


def check(client: Client, batch: ImportBatch, **changes: str) -> HttpResponse:
    values = mapping_form(client, batch) | changes
    return client.post(f"{BASE}imports/{batch.pk}/mapping/", values, follow=True)


def test_from_file_to_stored_incidents(anna: Client, tmp_path: Path) -> None:
    shown = upload(anna, csvfiles.good(tmp_path / "a.csv"))
    batch = ImportBatch.objects.get()
    assert shown.redirect_chain[-1][0] == f"{BASE}imports/{batch.pk}/mapping/"
    assert "Händelse" in text(shown)
    assert IncidentStore("ekby").version() is None

    checked = check(anna, batch)
    assert checked.redirect_chain[-1][0] == f"{BASE}imports/{batch.pk}/"
    batch.refresh_from_db()
    assert (batch.state, batch.n_rows, batch.n_added) == (BatchState.CHECKED, 10, 10)
    assert IncidentStore("ekby").version() is None

    stored = anna.post(f"{BASE}imports/{batch.pk}/apply/", follow=True)
    assert stored.status_code == 200
    batch.refresh_from_db()
    assert batch.state == BatchState.APPLIED
    assert IncidentStore("ekby").count() == 10


def test_the_mapping_is_guessed_and_shown(anna: Client, tmp_path: Path) -> None:
    upload(anna, csvfiles.good(tmp_path / "a.csv"))
    values = mapping_form(anna, ImportBatch.objects.get())
    guessed = {"source_id": "Ärendenr", "source_type": "Händelse", "occurred": "Datum", "occurred_time": "Tid"}
    assert values.items() >= {**guessed, "x": "E", "y": "N", "note": "Anteckning"}.items()


def test_three_bad_rows_are_listed_by_row_and_column_and_nothing_can_be_stored(anna: Client, tmp_path: Path) -> None:
    upload(anna, csvfiles.with_three_bad_rows(tmp_path / "a.csv"))
    batch = ImportBatch.objects.get()
    page = check(anna, batch)
    rows = [(problem["row"], problem["column"]) for problem in page.context["page_obj"]]
    assert rows == [(3, "Datum"), (4, "Händelse"), (6, "Anteckning")]
    assert "811218" not in text(page)
    refused = anna.post(f"{BASE}imports/{batch.pk}/apply/", follow=True)
    assert refused.status_code == 200
    assert IncidentStore("ekby").version() is None
    batch.refresh_from_db()
    assert batch.state == BatchState.CHECKED


def test_the_problems_can_be_downloaded(anna: Client, tmp_path: Path) -> None:
    upload(anna, csvfiles.with_three_bad_rows(tmp_path / "a.csv"))
    batch = ImportBatch.objects.get()
    check(anna, batch)
    response = anna.get(f"{BASE}imports/{batch.pk}/problems.csv")
    assert response["Content-Type"].startswith("text/csv")
    assert len(response.content.decode("utf-8-sig").splitlines()) == 4


def test_a_personal_number_is_not_left_lying_on_the_server(anna: Client, tmp_path: Path) -> None:
    upload(anna, csvfiles.with_three_bad_rows(tmp_path / "a.csv"))
    check(anna, ImportBatch.objects.get())
    assert not any(b"811218" in path.read_bytes() for path in (tmp_path / "uploads").rglob("*") if path.is_file())


def test_a_changed_column_is_used_and_remembered_for_the_source(anna: Client, tmp_path: Path) -> None:
    upload(anna, csvfiles.good(tmp_path / "a.csv"))
    batch = ImportBatch.objects.get()
    check(anna, batch, place_text="Anteckning", note="")
    anna.post(f"{BASE}imports/{batch.pk}/apply/")
    source = Source.objects.get()
    assert source.mapping["place_text"] == "Anteckning"

    upload(anna, csvfiles.good(tmp_path / "b.csv", 12), source=source.slug)
    again = ImportBatch.objects.latest("pk")
    assert mapping_form(anna, again)["place_text"] == "Anteckning"


def test_a_mapping_without_a_date_is_refused_with_the_form_shown_again(anna: Client, tmp_path: Path) -> None:
    upload(anna, csvfiles.good(tmp_path / "a.csv"))
    batch = ImportBatch.objects.get()
    response = anna.post(
        f"{BASE}imports/{batch.pk}/mapping/", mapping_form(anna, batch) | {"occurred": "", "occurred_time": ""}
    )
    assert response.status_code == 422
    assert "occurred" in response.context["form"].errors


def test_an_import_without_file_or_name_is_refused(anna: Client) -> None:
    response = anna.post(f"{BASE}imports/new/", {"source": "__new__", "name": "", "sharing": "partners"})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"file", "name"}
    assert not Source.objects.exists()


def test_a_file_that_is_no_table_says_so(anna: Client, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"%PDF-1.7")
    page = upload(anna, path)
    batch = ImportBatch.objects.get()
    assert batch.state == BatchState.FAILED
    assert page.redirect_chain[-1][0] == f"{BASE}imports/{batch.pk}/"
    assert "PDF" in text(page)


def test_a_file_over_the_limit_is_refused(anna: Client, tmp_path: Path, settings) -> None:
    path = csvfiles.good(tmp_path / "a.csv", 30_000)
    settings.LAGESBILD = {**settings.LAGESBILD.values, "max_upload_mb": 1}
    response = upload(anna, path)
    assert response.status_code == 422
    assert not ImportBatch.objects.exists()
    assert not list((tmp_path / "uploads" / "incoming").iterdir())


@pytest.mark.django_db(transaction=True)
def test_a_cancelled_import_leaves_nothing(anna: Client, tmp_path: Path) -> None:
    upload(anna, csvfiles.good(tmp_path / "a.csv"))
    batch = ImportBatch.objects.get()
    anna.post(f"{BASE}imports/{batch.pk}/cancel/")
    batch.refresh_from_db()
    assert batch.state == BatchState.CANCELLED
    assert not BatchFolder(batch.pk).path.exists()
    assert anna.post(f"{BASE}imports/{batch.pk}/apply/", follow=True).status_code == 200
    assert IncidentStore("ekby").version() is None


def test_a_large_file_goes_by_the_page_of_its_job(anna: Client, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(imports, "AT_ONCE_BYTES", 10)
    file = SimpleUploadedFile("a.csv", csvfiles.good(tmp_path / "a.csv").read_bytes())
    values = {"source": "__new__", "name": "Vakter", "sharing": "partners", "file": file}
    response = anna.post(f"{BASE}imports/new/", values)
    job = Job.objects.get()
    assert response["Location"] == f"/jobs/{job.pk}/"
    assert anna.get(f"{BASE}imports/{ImportBatch.objects.get().pk}/")["Location"] == f"/jobs/{job.pk}/"


def test_a_new_source_with_a_taken_name_is_refused(anna: Client, cast: Cast, tmp_path: Path) -> None:
    world.source(cast.police, "vakternas-rapporter")
    response = upload(anna, csvfiles.good(tmp_path / "a.csv"))
    assert response.status_code == 422
    assert "name" in response.context["form"].errors


def test_the_name_of_a_hidden_source_is_not_told_by_a_refusal(anna: Client, cast: Cast, tmp_path: Path) -> None:
    world.source(cast.police, "vakternas-rapporter", sharing=SharingLevel.OWN)
    upload(anna, csvfiles.good(tmp_path / "a.csv"))
    assert Source.objects.filter(owner=cast.municipality).exists()


def test_another_organisations_source_cannot_be_imported_to(anna: Client, cast: Cast, tmp_path: Path) -> None:
    world.source(cast.police, "polisen")
    response = upload(anna, csvfiles.good(tmp_path / "a.csv"), source="polisen")
    assert response.status_code == 422
    assert not ImportBatch.objects.exists()


def test_the_pages_are_in_swedish_and_in_english(anna: Client, tmp_path: Path) -> None:
    upload(anna, csvfiles.with_three_bad_rows(tmp_path / "a.csv"))
    batch = ImportBatch.objects.get()
    check(anna, batch)
    address = f"{BASE}imports/{batch.pk}/"
    assert "är inget datum" in text(anna.get(address))
    with translation.override("en"):
        english = anna.get(address, headers={"accept-language": "en"})
    assert "is not a date" in text(english)
