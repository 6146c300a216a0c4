"""The documentation that is made from the code, and the checks that keep the rest true.

python -m tools.documentation write      write docs/operate/settings.md and docs/operate/commands.md
python -m tools.documentation check      fail on stale pages, broken links and names of files that are gone
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
NAMED_FILE = re.compile(r"`((?:src|tests|docs|tools|examples|benchmarks|changes)/[\w./-]+)`")
CODE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
MADE = "<!-- Made by `make docs` from the code; do not edit here. -->"


def settings_page() -> str:
    """Every setting, from the table in ``core/configuration.py``."""
    from lagesbild.core.configuration import PREFIX, SETTINGS

    lines = [
        "# Settings",
        "",
        MADE,
        "",
        "Everything is configured by environment variables. An unknown name that begins with `LAGESBILD_` stops",
        "the start, and so does a value of the wrong kind. A secret may instead come from a file: `…_FILE` names it.",
        "`lagesbild check` shows what is in force.",
    ]
    for setting in SETTINGS:
        default = "the user's data folder" if setting.name == "DATA_DIR" else f"`{setting.default}`"
        lines += ["", f"## {PREFIX}{setting.name}", "", setting.help, ""]
        lines.append(f"Default: {default if setting.default else 'empty'}")
        if setting.secret:
            lines[-1] += (
                f". Secret: may come from the file that `{PREFIX}{setting.name}_FILE` names, and is never shown."
            )
    return "\n".join(lines) + "\n"


def commands_page() -> str:
    """What ``--help`` says of every command."""
    import click

    from lagesbild.cli import COMMANDS, load, main

    top = main.get_help(click.Context(main, info_name="lagesbild", max_content_width=100))
    lines = ["# Commands", "", MADE, "", "```text", _trimmed(top), "```"]
    for name in COMMANDS:
        for title, help_text in _helps(load(name), f"lagesbild {name}"):
            lines += ["", f"## {title}", "", "```text", _trimmed(help_text), "```"]
    return "\n".join(lines) + "\n"


def _trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.rstrip().splitlines())


def _helps(command: object, title: str) -> Iterator[tuple[str, str]]:
    import click

    assert isinstance(command, click.Command)
    context = click.Context(command, info_name=title, max_content_width=100)
    if not isinstance(command, click.Group):
        yield title, command.get_help(context)
        return
    for name, each in sorted(command.commands.items()):
        yield from _helps(each, f"{title} {name}")


PAGES = {"docs/operate/settings.md": settings_page, "docs/operate/commands.md": commands_page}


def markdown_files() -> list[Path]:
    """Every page that we wrote."""
    found = [path for folder in ("docs", "changes", "examples", "benchmarks") for path in (ROOT / folder).rglob("*.md")]
    return sorted([*ROOT.glob("*.md"), *found])


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as Git servers make them."""
    headings = re.findall(r"^#+ +(.+)$", CODE.sub("", text), re.MULTILINE)
    made = set()
    for heading in headings:
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").strip().lower()
        made.add(re.sub(r"[^\w\- ]", "", plain).replace(" ", "-"))
    return made


def problems() -> list[str]:
    """One line for each thing that is not so."""
    lines = []
    for name, make in PAGES.items():
        path = ROOT / name
        if not path.exists() or path.read_text(encoding="utf-8") != make():
            lines.append(f"{name}: does not say what the code says; run `make docs`")
    for path in markdown_files():
        lines += [f"{path.relative_to(ROOT)}: {problem}" for problem in _page_problems(path)]
    return lines


def _page_problems(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    prose = CODE.sub("", text)
    for target in (first or second for first, second in LINK.findall(prose)):
        if re.match(r"[a-z]+:", target):
            continue
        file_name, _, anchor = target.partition("#")
        file = (path.parent / file_name) if file_name else path
        if not file.exists():
            yield f"links to {target}, which is not there"
        elif anchor and file.suffix == ".md" and anchor not in anchors(file.read_text(encoding="utf-8")):
            yield f"links to {target}, but there is no such heading"
    for name in NAMED_FILE.findall(prose):
        if "<" not in name and not (ROOT / name.rstrip("/.")).exists():
            yield f"names {name}, which is not there"


def _quiet_environment(folder: str) -> None:
    """The pages must not depend on who makes them."""
    for name in [name for name in os.environ if name.startswith("LAGESBILD_")]:
        del os.environ[name]
    os.environ["LAGESBILD_DATA_DIR"] = folder
    os.environ["TERM"] = "dumb"


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="lagesbild-docs-") as folder:
        _quiet_environment(folder)
        if sys.argv[1:] == ["write"]:
            for name, make in PAGES.items():
                (ROOT / name).write_text(make(), encoding="utf-8")
            return
        found = problems()
    print("\n".join(found) or "Every page says what is so.")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
