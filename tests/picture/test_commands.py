"""The command line makes the picture of the page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.http import QueryDict

from lagesbild.core.errors import UserError
from lagesbild.picture import answer
from lagesbild.picture.asking import Ask
from lagesbild.picture.commands import picture
from lagesbild.picture.content import PictureContent
from tests.picture.world import World

PERIOD = ["--from", "2025-01-01", "--to", "2025-06-30"]


def run(*arguments: str) -> Any:
    return CliRunner().invoke(picture, ["--collaboration", "ekby", *arguments], catch_exceptions=False)


def test_the_json_file_is_the_picture_of_the_page(world: World, tmp_path: Path) -> None:
    file = tmp_path / "ekby.json"
    said = run(*PERIOD, "--category", "narcotics", "-o", str(file), "--json")
    content = PictureContent.from_dict(json.loads(file.read_text()))
    ask = Ask.from_query(QueryDict("from=2025-01-01&to=2025-06-30&category=narcotics"))
    page = answer.answer(answer.prepare(world.cast.ekby, world.cast.anna, ask), world.cast.anna).content
    assert content.sha256 == page.sha256
    assert json.loads(said.output)["n"] == page.totals.n
    assert json.loads(said.output)["sha256"] == page.sha256


@pytest.mark.parametrize("name", ["A1", "Kvarter A1", "kvarter a1"])
def test_an_area_is_named_by_code_or_name(world: World, tmp_path: Path, name: str) -> None:
    file = tmp_path / "a.json"
    run(*PERIOD, "--area", name, "-o", str(file))
    assert json.loads(file.read_text())["question"]["areas"][0]["code"] == "A1"


def test_a_place_is_named_too(world: World, tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    run(*PERIOD, "--area", "Torget", "-o", str(file))
    assert json.loads(file.read_text())["question"]["place"]["name"] == "Torget"


@pytest.mark.parametrize(("suffix", "start"), [(".pdf", b"%PDF-"), (".docx", b"PK"), (".csv", b"\xef\xbb\xbf")])
def test_each_kind_of_file_is_made(world: World, tmp_path: Path, suffix: str, start: bytes) -> None:
    file = tmp_path / f"ekby{suffix}"
    run(*PERIOD, "-o", str(file))
    assert file.read_bytes().startswith(start)


@pytest.mark.parametrize(
    "arguments",
    [["--area", "Ingenstans"], ["--category", "ingen"], ["--from", "31 feb"], ["--source", "ingen"], ["--by", "ingen"]],
)
def test_what_does_not_exist_is_told_and_nothing_is_written(world: World, tmp_path: Path, arguments: list[str]) -> None:
    file = tmp_path / "a.json"
    with pytest.raises(UserError):
        run(*arguments, "-o", str(file))
    assert not file.exists()


def test_an_unknown_kind_of_file_is_refused(world: World, tmp_path: Path) -> None:
    with pytest.raises(UserError):
        run("-o", str(tmp_path / "a.xls"))
