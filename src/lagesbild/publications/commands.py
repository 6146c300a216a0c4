"""``lagesbild report``: the yearly report as a file or as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.queries import collaboration_named
from lagesbild.core import clock
from lagesbild.core.documents import render_pdf, render_word
from lagesbild.core.errors import UserError
from lagesbild.goals.readers import reader_for
from lagesbild.publications import content, queries
from lagesbild.publications.building import build, data_of
from lagesbild.publications.models import Layout, Report
from lagesbild.publications.rendering import make_document

RENDERERS = {".pdf": render_pdf, ".docx": render_word}


@click.command()
@click.option("--collaboration", "slug", required=True, metavar="SLUG", help="The collaboration, by its short name.")
@click.option("--year", required=True, type=click.IntRange(1990, 2100), help="The year that the report is about.")
@click.option("--layout", type=click.Choice(Layout.values), default=Layout.YEARLY.value, help="The kind of report.")
@click.option("--language", type=click.Choice(("sv", "en")), help="Language of the file. Default: that of the server.")
@click.option("-o", "--output", "path", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE")
@click.option("--json", "as_json", is_flag=True, help="Write goals, figures and traces as JSON.")
def report(slug: str, year: int, layout: str, language: str | None, path: Path | None, as_json: bool) -> None:
    """Make the report of a year as FILE (.pdf or .docx), or print its figures as JSON.

    The report must have been begun on its page. Figures are those of now; a published edition is fetched on the page.

    \b
    lagesbild report --collaboration klara --year 2019 -o klara-2019.pdf
    lagesbild report --collaboration klara --year 2019 --json
    """
    if path is None and not as_json:
        raise UserError("report.nothing_asked", _("Say -o FILE, or --json, or both."), field="output")
    if path is not None and path.suffix.lower() not in RENDERERS:
        raise UserError("report.file_kind_unknown", _("The name of the file ends with .pdf or .docx."), field="output")
    found = _report(slug, year, layout)
    written = _write(found, language or settings.LANGUAGE_CODE, path)
    if as_json:
        click.echo(json.dumps(written | data_of(reader_for(found.owner), year), ensure_ascii=False))
    elif path is not None:
        click.echo(path)


def _report(slug: str, year: int, layout: str) -> Report:
    collaboration = collaboration_named(slug)
    if collaboration is None:
        raise UserError(
            "collaboration.unknown", _('There is no collaboration "{slug}".'), field="collaboration", slug=slug
        )
    found = queries.report_of(collaboration, year, layout)
    if found is None:
        raise UserError("report.unknown", _("No report for {year} has been begun."), field="year", year=year)
    return found


def _write(found: Report, language: str, path: Path | None) -> dict[str, Any]:
    """Build the report, write the file if one is wanted, and tell what was made."""
    made = build(found, reader_for(found.owner), language=language)
    if path is not None:
        path.write_bytes(RENDERERS[path.suffix.lower()](make_document(made, made_at=clock.now())))
    return {
        "collaboration": made["collaboration"],
        "year": made["year"],
        "title": made["title"],
        "file": str(path) if path else None,
        "numbers": [vars(each) for each in content.numbers(made)],
    }
