"""Rules for all templates and scripts: nothing inline, nothing from elsewhere, every named file is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import lagesbild
from lagesbild.web import texts

pytestmark = pytest.mark.one_database
PACKAGE = Path(lagesbild.__file__).parent
TEMPLATES = sorted(PACKAGE.glob("*/templates/**/*.html"))
STATIC = PACKAGE / "web" / "static"
SCRIPTS = sorted(STATIC.glob("web/*.js"))
VENDOR = {"vendor/maplibre-gl.js", "vendor/maplibre-gl.css", "vendor/htmx.min.js", "vendor/vega.js"}


def _named(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


@pytest.mark.parametrize("path", TEMPLATES, ids=_named)
def test_no_style_script_or_handler_is_inline(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=", source)
    assert not re.search(r"<style\b", source)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", source)
    assert not re.search(r"\shx-on[:\s=-]", source)
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", source)


@pytest.mark.parametrize("path", TEMPLATES, ids=_named)
def test_nothing_is_fetched_from_elsewhere(path: Path) -> None:
    assert not re.search(r"(src|href|action)\s*=\s*[\"'](https?:)?//", path.read_text(encoding="utf-8"))


def test_every_static_file_that_a_template_names_is_there() -> None:
    named = {
        name for path in TEMPLATES for name in re.findall(r"{% static '([^']+)' %}", path.read_text(encoding="utf-8"))
    }
    ours = {
        str(path.relative_to(folder))
        for folder in PACKAGE.glob("*/static")
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert named <= ours | VENDOR


def test_every_text_that_a_script_asks_for_is_handed_over_and_none_else() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in SCRIPTS)
    asked = set(re.findall(r"\btext\(\"(\w+)\"\)", source)) | set(re.findall(r"\btexts\.(\w+)\b", source))
    asked |= set(re.findall(r"text\([^)]*\? \"(\w+)\" : \"(\w+)\"\)", source)[0])
    asked |= set(re.findall(r"\[\"(draw\w+)\",", source)) | {"new", "persistent", "fading"}
    assert asked == set(texts.script_texts())


def test_only_one_script_knows_the_map_library() -> None:
    assert [path.name for path in SCRIPTS if "maplibregl." in path.read_text(encoding="utf-8")] == ["map.js"]


def test_light_and_dark_have_the_same_tokens() -> None:
    style = (STATIC / "web" / "style.css").read_text(encoding="utf-8")
    by_device = re.search(r":root:not\(\[data-theme=\"light\"\]\) {(.*?)}", style, re.S)
    by_choice = re.search(r":root\[data-theme=\"dark\"\] {(.*?)}", style, re.S)
    assert by_device is not None
    assert by_choice is not None
    assert by_device[1].split() == by_choice[1].split()


def test_every_token_that_is_used_is_given() -> None:
    style = (STATIC / "web" / "style.css").read_text(encoding="utf-8")
    used = set(re.findall(r"var\((--[\w-]+)\)", style))
    used |= {name for path in SCRIPTS for name in re.findall(r"\"(--[a-z][\w-]*)\"", path.read_text(encoding="utf-8"))}
    assert used <= set(re.findall(r"(--[\w-]+):", style))
