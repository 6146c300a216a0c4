"""The background of every map."""

from __future__ import annotations

from pathlib import Path

from django.test import Client

from lagesbild.accounts.models import SharingLevel
from lagesbild.core.models import AuditEvent
from lagesbild.places.actions import ensure_base_layer
from tests.cast import Cast
from tests.places.builders import a_board, geojson, square

ADDRESS = "/c/ekby/map/base.geojson"


def _water(cast: Cast, folder: Path, **more: object) -> None:
    file = folder / "water.geojson"
    file.write_text(geojson([({"name": "Ån"}, square(1, 1)), ({}, square(0, 1))]), encoding="utf-8")
    ensure_base_layer(
        cast.ekby,
        cast.municipality,
        slug="water",
        name="Vatten",
        kind="water",
        file=file,
        source="The city's map",
        name_field="name",
        actor=None,
        **more,  # type: ignore[arg-type]
    )


def test_layers_lie_below_the_outlines_of_areas_and_sources_are_told(
    cast: Cast, tmp_path: Path, client: Client
) -> None:
    a_board(cast, tmp_path)
    _water(cast, tmp_path)
    client.force_login(cast.dag.user)
    answer = client.get(ADDRESS)
    features = answer.json()["features"]
    assert [feature["properties"]["kind"] for feature in features] == ["water", "water", "area"]
    assert features[0]["properties"]["name"] == "Ån"
    assert answer.json()["sources"] == ["The city's map", "Drawn for the test"]


def test_every_border_is_drawn_once(cast: Cast, tmp_path: Path, client: Client) -> None:
    a_board(cast, tmp_path)
    client.force_login(cast.dag.user)
    (outline,) = client.get(ADDRESS).json()["features"]
    drawn = sum(len(line) - 1 for line in outline["geometry"]["coordinates"])
    assert drawn == 12  # a board of two by two has twelve sides, four of them shared


def test_a_browser_that_has_the_map_is_told_so_until_it_changes(cast: Cast, tmp_path: Path, client: Client) -> None:
    a_board(cast, tmp_path)
    client.force_login(cast.dag.user)
    etag = client.get(ADDRESS)["ETag"]
    assert client.get(ADDRESS, headers={"if-none-match": etag}).status_code == 304
    _water(cast, tmp_path)
    assert client.get(ADDRESS, headers={"if-none-match": etag}).status_code == 200


def test_the_map_takes_six_queries(cast: Cast, tmp_path: Path, client: Client, django_assert_max_num_queries) -> None:
    a_board(cast, tmp_path)
    _water(cast, tmp_path)
    client.force_login(cast.dag.user)
    with django_assert_max_num_queries(7):  # two of them are the session's
        client.get(ADDRESS)


def test_what_is_not_shared_is_not_drawn_for_others(cast: Cast, tmp_path: Path, client: Client) -> None:
    _water(cast, tmp_path, sharing=SharingLevel.OWN)
    client.force_login(cast.eva.user)
    assert client.get(ADDRESS).json()["features"] == []
    client.force_login(cast.anna.user)
    assert len(client.get(ADDRESS).json()["features"]) == 2


def test_the_same_file_is_drawn_once_and_a_new_one_takes_its_place(cast: Cast, tmp_path: Path) -> None:
    _water(cast, tmp_path)
    _water(cast, tmp_path)
    assert AuditEvent.objects.filter(code__startswith="base_layers.").count() == 1
    _water(cast, tmp_path, tolerance_m=5.0)
    assert AuditEvent.objects.filter(code="base_layers.changed").count() == 1
