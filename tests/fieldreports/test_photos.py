"""Photos lose everything but the picture, and are only shown to those who may see their report."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from django.test import Client

from lagesbild.accounts.models import SharingLevel
from lagesbild.core.errors import UserError
from lagesbild.fieldreports import photos
from lagesbild.fieldreports.models import FieldReport
from tests.cast import Cast
from tests.fieldreports.builders import LIST, NEW, categories, picture, typed

Image = pytest.importorskip("PIL.Image", reason="Pillow is not installed")


@pytest.fixture
def bo(cast: Cast, client: Client) -> Client:
    categories(cast)
    client.force_login(cast.bo.user)
    return client


def _files(data_dir: Path) -> list[Path]:
    return sorted((data_dir / "files").rglob("*.*"))


def test_nothing_but_the_picture_is_kept_and_it_stands_upright(data_dir: Path) -> None:
    kept = photos.photo_path(photos.keep_photo(picture((64, 48))).name)
    assert kept is not None
    content = kept.read_bytes()
    assert b"HEMLIG" not in content
    assert b"Exif" not in content
    with Image.open(kept) as image:
        assert image.size == (48, 64)  # turned as the camera was held
        assert not dict(image.getexif())
        assert not {"comment", "exif", "icc_profile", "xmp"} & set(image.info)
        red, green, blue = image.convert("RGB").getpixel((10, 10))
        assert blue > 100
        assert max(red, green) < 30


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_kinds_of_image_become_the_same_kind_of_file(data_dir: Path, kind: str) -> None:
    kept = photos.photo_path(photos.keep_photo(picture(kind=kind)).name)
    assert kept is not None
    assert Image.open(kept).format == "JPEG"


def test_a_large_photo_is_made_smaller(data_dir: Path) -> None:
    kept = photos.photo_path(photos.keep_photo(picture((4000, 1000), kind="PNG")).name)
    assert Image.open(kept).size == (1600, 400)


@pytest.mark.parametrize(
    "content", [b"", b"not a photo", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\xff\xd8\xff\xe0" + b"\0" * 50]
)
def test_what_is_no_photo_is_refused_and_leaves_no_file(data_dir: Path, content: bytes) -> None:
    with pytest.raises(UserError) as refused:
        photos.keep_photo(io.BytesIO(content))
    assert refused.value.field == "photo"
    assert not _files(data_dir)


def test_half_a_photo_is_refused(data_dir: Path) -> None:
    with pytest.raises(UserError):
        photos.keep_photo(io.BytesIO(picture((400, 400)).read()[:600]))
    assert not _files(data_dir)


def test_too_many_pixels_and_too_many_bytes_are_refused_before_they_are_unpacked(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photos, "MOST_PIXELS", 64 * 48 - 1)
    with pytest.raises(UserError) as pixels:
        photos.keep_photo(picture())
    monkeypatch.setattr(photos, "MOST_BYTES", 100)
    with pytest.raises(UserError) as size:
        photos.keep_photo(picture())
    assert [refused.value.code for refused in (pixels, size)] == ["photos.too_many_pixels", "photos.too_large"]


@pytest.mark.parametrize("name", ["", "../secret_key", "/etc/passwd", "gone.jpg", "a/b.jpg"])
def test_a_name_of_none_of_ours_leads_to_no_file(data_dir: Path, name: str) -> None:
    (data_dir / "secret_key").write_text("x")
    assert photos.photo_path(name) is None


def test_a_photo_is_sent_shown_and_seen_by_those_who_see_the_report(cast: Cast, bo: Client, data_dir: Path) -> None:
    bo.post(NEW, typed(photo=picture(), sharing=SharingLevel.OWN))
    report = FieldReport.objects.get()
    address = f"{LIST}{report.pk}/photo/"
    assert address in bo.get(f"{LIST}{report.pk}/").content.decode()
    answer = bo.get(address)
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert Image.open(io.BytesIO(b"".join(answer.streaming_content))).size == (48, 64)  # type: ignore[attr-defined]
    bo.force_login(cast.anna.user)
    assert bo.get(address).status_code == 404


def test_sent_again_with_its_photo_it_is_one_report_and_one_file(cast: Cast, bo: Client, data_dir: Path) -> None:
    sent = typed()
    for _ in range(3):
        assert bo.post(NEW, {**sent, "photo": picture()}).status_code == 302
    assert FieldReport.objects.count() == len(_files(data_dir)) == 1


def test_a_refused_report_leaves_no_file_and_says_that_the_photo_must_be_chosen_again(
    cast: Cast, bo: Client, data_dir: Path
) -> None:
    answer = bo.post(NEW, typed(place_text="", photo=picture()))
    assert answer.status_code == 422
    assert answer.context["photo_lost"]
    assert not _files(data_dir)


def test_a_file_that_is_no_photo_is_told_at_its_field(cast: Cast, bo: Client) -> None:
    answer = bo.post(NEW, typed(photo=io.BytesIO(b"nothing")))
    assert "photo" in answer.context["form"].errors


def test_a_photo_cut_off_while_it_is_written_leaves_nothing(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full_disk(_descriptor: int) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="No space"):
        photos.keep_photo(picture())
    assert _files(data_dir) == []
    monkeypatch.undo()
    kept = photos.keep_photo(picture())
    assert [path.name for path in _files(data_dir)] == [kept.name]
