"""The yearly report of a world, out of its ``report.toml``. A report that is there is left alone."""

from __future__ import annotations

import tomllib

from lagesbild.accounts.models import Organisation
from lagesbild.publications import actions, queries
from lagesbild.publications.models import Layout
from lagesbild.worlds.description import World


def load(world: World, owner: Organisation) -> None:
    """Begin the report and write its sections, if the world has one."""
    path = world.folder / "report.toml"
    if not path.exists():
        return
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    if queries.report_of(owner.collaboration, raw["year"]) is not None:
        return
    report = actions.begin_report(owner, layout=Layout.YEARLY, year=raw["year"], title=raw["title"], actor=None)
    texts = raw["sections"]
    for section in report.sections.all():
        actions.write_section(section, section.version, texts[section.code].strip(), actor=None)
