"""The import of areas, page by page."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lagesbild.places import uploads
from lagesbild.places.models import Area, AreaSet
from tests.cast import Cast
from tests.places.builders import EAST, NORTH, board, geojson, square

START = "/c/ekby/areas/import/"
FIELDS = {"code_field": "code", "name_field": "name"}
CROSSING = shapely.Polygon([(EAST, NORTH), (EAST + 900, NORTH + 900), (EAST + 900, NORTH), (EAST, NORTH + 900)])


@pytest.fixture
def anna(cast: Cast, client: Client) -> Client:
    client.force_login(cast.anna.user)
    return client


def _upload(client: Client, text: str | bytes, *, name: str = "Rutor") -> str:
    file = SimpleUploadedFile("a.geojson", text.encode() if isinstance(text, str) else text)
    answer = client.post(START, {"file": file, "name": name, "source": "Staden, CC0", "valid_from": "2026-01-01"})
    return str(answer.headers.get("Location", "")) if answer.status_code == 302 else str(answer.status_code)


def test_a_sound_file_is_guessed_checked_and_stored(anna: Client, tmp_path: Path, data_dir: Path) -> None:
    step = _upload(anna, board(tmp_path).read_text(encoding="utf-8"))
    form = anna.get(step).context["form"]
    assert (form.initial["code_field"], form.initial["name_field"]) == ("code", "name")
    checked = anna.post(step, {**FIELDS, "do": "check"})
    assert len(checked.context["planned"].read) == 4
    assert not AreaSet.objects.exists()
    stored = anna.post(step, {**FIELDS, "do": "store"})
    assert stored.headers["Location"] == "/c/ekby/areas/rutor/"
    assert Area.objects.count() == 4
    assert list((data_dir / "uploads" / "areas").iterdir()) == []


def test_problems_are_listed_and_nothing_is_stored(anna: Client) -> None:
    step = _upload(anna, geojson([({"code": "1", "name": "a"}, square()), ({"code": "1", "name": "b"}, None)]))
    answer = anna.post(step, {**FIELDS, "do": "store"})
    assert answer.status_code == 422
    assert {problem.code for problem in answer.context["problems"]} == {"duplicate_code", "empty_geometry"}
    assert not AreaSet.objects.exists()


def test_repairs_are_shown_and_must_be_accepted(anna: Client) -> None:
    step = _upload(anna, geojson([({"code": "1", "name": "Fluga"}, CROSSING)]))
    shown = anna.post(step, {**FIELDS, "do": "check"})
    assert [repair.name for repair in shown.context["repairs"]] == ["Fluga"]
    refused = anna.post(step, {**FIELDS, "do": "store"})
    assert refused.status_code == 422
    assert not AreaSet.objects.exists()
    anna.post(step, {**FIELDS, "do": "store", "accept_repairs": "1"})
    assert Area.objects.get().name == "Fluga"


def test_a_missing_coordinate_system_is_asked_for_at_its_field(anna: Client) -> None:
    step = _upload(anna, geojson([({"code": "1", "name": "a"}, square())], crs=3011))
    answer = anna.post(step, {**FIELDS, "do": "check"})
    assert answer.status_code == 422
    assert "EPSG:3011" in answer.context["form"].errors["crs"][0]
    anna.post(step, {**FIELDS, "crs": "3011", "do": "store"})
    assert Area.objects.count() == 1


def test_a_file_of_something_else_is_refused_at_once_and_not_kept(anna: Client, data_dir: Path) -> None:
    assert _upload(anna, b"%PDF-1.7 not areas") == "422"
    assert list((data_dir / "uploads" / "areas").iterdir()) == []


def test_the_name_of_a_set_adds_a_version_to_it_and_remembers_its_fields(anna: Client, tmp_path: Path) -> None:
    step = _upload(anna, board(tmp_path).read_text(encoding="utf-8"))
    anna.post(step, {"code_field": "code", "name_field": "code", "do": "store"})
    again = _upload(anna, board(tmp_path, columns=3).read_text(encoding="utf-8"), name="rutor")
    assert anna.get(again).context["form"].initial["name_field"] == "code"
    anna.post(again, {**FIELDS, "do": "store"})
    assert AreaSet.objects.get().versions.count() == 2


def test_another_organisations_set_gets_no_new_version_from_me(cast: Cast, anna: Client, tmp_path: Path) -> None:
    text = board(tmp_path).read_text(encoding="utf-8")
    anna.post(_upload(anna, text), {**FIELDS, "do": "store"})
    anna.force_login(cast.eva.user)
    assert _upload(anna, text) == "403"


def test_an_upload_is_found_by_nobody_else(cast: Cast, anna: Client, tmp_path: Path) -> None:
    step = _upload(anna, board(tmp_path).read_text(encoding="utf-8"))
    assert anna.get(step).status_code == 200
    anna.force_login(cast.eva.user)
    assert anna.get(step).status_code == 404
    anna.force_login(cast.cecilia.user)
    assert anna.get(step).status_code == 404


@pytest.mark.parametrize("token", ["..", "a/b", "0" * 31, "%2e%2e"])
def test_a_token_names_nothing_outside_its_folder(data_dir: Path, token: str) -> None:
    (data_dir / "uploads").mkdir()
    (data_dir / "uploads" / "about.json").write_text("{}", encoding="utf-8")
    assert uploads.kept(token) is None
