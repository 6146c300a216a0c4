"""The pages under docs/methods: one per method, complete, and their examples compute what they print."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from lagesbild import stats

pytestmark = pytest.mark.one_database

METHODS = Path(__file__).resolve().parents[2] / "docs" / "methods"
# Methods that a subject of the product has for itself; their pages are held to the same.
OF_SUBJECTS = {"drug_scene_index"}
PAGES = sorted(path for path in METHODS.glob("*.md") if path.stem != "index")
MODULES = {path.stem for path in Path(stats.__file__).parent.rglob("*.py") if not path.stem.startswith("_")}


def test_each_public_module_has_a_page_and_each_page_a_module() -> None:
    assert {page.stem for page in PAGES} == MODULES | OF_SUBJECTS


def test_the_index_leads_to_every_page() -> None:
    linked = set(re.findall(r"\((\w+)\.md\)", (METHODS / "index.md").read_text(encoding="utf-8")))
    assert linked == MODULES | OF_SUBJECTS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_has_question_use_limits_and_source(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for part in ("# ", "**Question.**", "**Use", "**Do not**", "## Limits", "## Source", "```python"):
        if not (page.stem == "window" and part == "**Do not**"):
            assert part in text, f"{page.name} lacks {part}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\((\w+)\.md\)", page.read_text(encoding="utf-8")):
        assert (METHODS / f"{target}.md").exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_examples_compute_what_they_print(page: Path) -> None:
    blocks = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    parser, runner = doctest.DocTestParser(), doctest.DocTestRunner(verbose=False)
    examples = parser.get_doctest("\n".join(blocks), {}, page.name, str(page), 0)
    assert examples.examples
    report: list[str] = []
    runner.run(examples, out=report.append)
    assert runner.failures == 0, "".join(report)
