"""The shape of files and functions, and what may not stand in them."""

from __future__ import annotations

import re

import pytest

from tests.architecture.source import PACKAGE, ROOT, functions, modules

pytestmark = pytest.mark.one_database

FILE_LINES, FUNCTION_LINES = 400, 60
# One hot loop over a dozen counters that it alone moves: parted, each part would take some twenty arguments.
WHOLE_LOOPS = {"stats/_scan_kernel.py scan_circles": 120}


def test_files_stay_below_400_lines() -> None:
    long = [f"{m.name}: {m.text.count(chr(10))}" for m in modules() if m.text.count("\n") >= FILE_LINES]
    assert not long


def test_functions_stay_below_60_lines_of_code() -> None:
    """Docstrings are not counted: a library function says everything there."""
    long = []
    for module in modules():
        for function in functions(module.tree):
            first = function.body[1] if len(function.body) > 1 and _is_text(function.body[0]) else function.body[0]
            lines = (function.end_lineno or 0) - first.lineno + 1
            if lines > WHOLE_LOOPS.get(f"{module.name} {function.name}", FUNCTION_LINES):
                long.append(f"{module.name}:{function.lineno} {function.name}: {lines}")
    assert not long


def _is_text(node: object) -> bool:
    return getattr(getattr(node, "value", None), "value", None).__class__ is str


def test_every_module_says_what_lives_there() -> None:
    silent = [m.name for m in modules() if m.tree.body and not _is_text(m.tree.body[0])]
    assert not silent


def test_there_is_no_drawer_for_everything() -> None:
    names = {"utils.py", "util.py", "helpers.py", "misc.py", "common.py"}
    assert not [path for path in PACKAGE.rglob("*.py") if path.name in names]


def test_no_path_of_one_machine_stands_in_the_repository() -> None:
    pattern = re.compile(r"(?<![\w.{}])/(?:work|root|home)/\w")
    found = []
    for folder in ("src", "tests", "tools", "docs", "examples", "benchmarks", "changes"):
        for path in (ROOT / folder).rglob("*"):
            if (
                path.suffix not in (".py", ".md", ".toml", ".html", ".js", ".css", ".po")
                or path.name == "test_shape.py"
            ):
                continue
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                if pattern.search(line):
                    found.append(f"{path.relative_to(ROOT)}:{number}")
    assert not found


def test_pages_hold_no_inline_script_or_style() -> None:
    """The content policy would stop them; better they never come."""
    pattern = re.compile(
        r"<style|\sstyle=|\son\w+=|javascript:|<script(?![^>]*\b(?:src|type=\"application/json\"))[^>]*>", re.I
    )
    found = []
    for path in PACKAGE.rglob("templates/**/*.html"):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if pattern.search(line):
                found.append(f"{path.relative_to(PACKAGE)}:{number} {line.strip()[:80]}")
    assert not found


def test_pages_fetch_nothing_from_elsewhere() -> None:
    pattern = re.compile(r"""(?:src|href|action)=["']?(?:https?:)?//""", re.I)
    found = [
        f"{path.relative_to(PACKAGE)}:{number}"
        for path in [*PACKAGE.rglob("templates/**/*.html"), *PACKAGE.rglob("static/**/*.css")]
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line) or "@import" in line
    ]
    assert not found
