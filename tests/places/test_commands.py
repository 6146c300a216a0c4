"""The command line for areas and places."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import shapely
from click.testing import CliRunner, Result

from lagesbild.cli import main
from lagesbild.places.models import AreaSet
from tests.cast import Cast
from tests.places.builders import EAST, NORTH, board, geojson
from tests.places.permissions import a_place

pytestmark = pytest.mark.django_db


def _import(file: Path, *more: str) -> Result:
    fixed = ["--collaboration", "ekby", "--set", "rutor", "--source", "Staden", "--code-field", "code"]
    return CliRunner().invoke(main, ["areas", "import", str(file), *fixed, "--name-field", "name", *more])


def test_areas_are_imported_once(cast: Cast, tmp_path: Path) -> None:
    told = [json.loads(_import(board(tmp_path), "--json").stdout) for _ in range(2)]
    assert [(each["areas"], each["version"], each["changed"]) for each in told] == [(4, 1, True), (4, 1, False)]


def test_repairs_are_listed_and_end_with_two_until_accepted(cast: Cast, tmp_path: Path) -> None:
    crossing = shapely.Polygon([(EAST, NORTH), (EAST + 900, NORTH + 900), (EAST + 900, NORTH), (EAST, NORTH + 900)])
    file = tmp_path / "a.geojson"
    file.write_text(geojson([({"code": "1", "name": "Fluga"}, crossing)]), encoding="utf-8")
    refused = _import(file)
    assert refused.exit_code == 2
    assert "Fluga" in refused.stderr
    assert not AreaSet.objects.exists()
    assert _import(file, "--accept-repairs").exit_code == 0


def test_errors_are_json_where_json_was_asked_for(cast: Cast, tmp_path: Path) -> None:
    answer = _import(board(tmp_path), "--json", "--parent-set", "saknas")
    assert answer.exit_code == 2
    assert json.loads(answer.stderr)["error"]["code"] == "places.no_such_area_set"


def test_an_unknown_collaboration_is_named(cast: Cast) -> None:
    answer = CliRunner().invoke(main, ["places", "list", "--collaboration", "nej"])
    assert answer.exit_code == 2
    assert "nej" in answer.stderr


def test_places_are_listed_for_programs(cast: Cast) -> None:
    a_place(cast)
    answer = CliRunner().invoke(main, ["places", "list", "--collaboration", "ekby", "--json"])
    assert [(row["name"], row["radius_m"]) for row in json.loads(answer.stdout)] == [("Stortorget", 50.0)]
