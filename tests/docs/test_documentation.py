"""The documentation says what is so."""

from __future__ import annotations

from pathlib import Path

import pytest

from lagesbild.cli import COMMANDS, load
from lagesbild.core.configuration import PREFIX, SETTINGS
from tools import changes, documentation

pytestmark = pytest.mark.one_database
ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_has_its_heading_default_and_help(setting) -> None:
    page = (ROOT / "docs" / "operate" / "settings.md").read_text(encoding="utf-8")
    section = page.split(f"## {PREFIX}{setting.name}\n")[1].split("\n## ")[0]
    assert setting.help in section
    if setting.name != "DATA_DIR":
        assert (f"`{setting.default}`" if setting.default else "empty") in section


def test_the_settings_page_has_no_setting_that_is_gone() -> None:
    page = (ROOT / "docs" / "operate" / "settings.md").read_text(encoding="utf-8")
    headings = {line.removeprefix("## ") for line in page.splitlines() if line.startswith("## ")}
    assert headings == {PREFIX + setting.name for setting in SETTINGS}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_on_its_page_with_an_example(name: str) -> None:
    page = (ROOT / "docs" / "operate" / "commands.md").read_text(encoding="utf-8")
    sections = [
        part for part in page.split("\n## ")[1:] if part.startswith((f"lagesbild {name}\n", f"lagesbild {name} "))
    ]
    assert sections
    for section in sections:
        title = section.splitlines()[0]
        assert f"  {title}" in section.partition("Usage:")[2], f"no example in the help of {title}"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_and_the_command_itself_agree(name: str) -> None:
    assert load(name).get_short_help_str(200).rstrip(".") == COMMANDS[name].help.rstrip(".")


def test_links_lead_somewhere_and_named_files_exist() -> None:
    found = [
        f"{p.relative_to(ROOT)}: {line}"
        for p in documentation.markdown_files()
        for line in documentation._page_problems(p)
    ]
    assert not found


def test_a_broken_link_and_a_missing_heading_are_found(tmp_path: Path) -> None:
    page = tmp_path / "a.md"
    page.write_text(
        "# One heading\n[a](b.md) [b](#one-heading) [c](#two) `src/lagesbild/gone.py`\n```\n[d](e.md)\n```\n"
    )
    assert len(list(documentation._page_problems(page))) == 3


def test_change_fragments_are_of_the_form(tmp_path: Path) -> None:
    assert not changes.problems()
    (tmp_path / "Wrong.txt").write_text("")
    assert len(changes.problems(tmp_path)) == 2


def test_the_licence_is_the_whole_eupl() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "EUROPEAN UNION PUBLIC LICENCE v. 1.2" in text
    assert all(f"\n{number}. " in text for number in range(1, 16))
    assert "‘Compatible Licences’ according to Article 5 EUPL" in text


def test_decision_notes_are_short_and_of_one_form() -> None:
    for path in (ROOT / "docs" / "develop" / "decisions").glob("*.md"):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert len(lines) <= 40, path.name
        if path.name != "index.md":
            headings = [line for line in lines if line.startswith("## ")]
            assert headings == ["## Question", "## Options", "## Choice", "## Cost", "## Look again"], path.name
