"""What a report tells of open drug scenes: how many the mappings found, and where those who come live."""

from __future__ import annotations

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from lagesbild.accounts.models import Membership
from lagesbild.publications.content import Block, Span, paragraph, span, table, traced
from lagesbild.scenes import origins, queries
from lagesbild.scenes.models import OriginTable


def mappings(membership: Membership) -> list[Block]:
    """Each mapping round and how many scenes each source says it found. Sources that disagree stand side by side."""
    path = reverse("scenes:scenes", args=[membership.collaboration.slug])
    rounds = queries.rounds_of(membership)
    rows = [
        [span(each.title, path), span(number_format(count.n_scenes), path), span(count.source, path)]
        for each in rounds
        for count in each.counts.all()
    ]
    if not rows:
        return [paragraph(span(_("No mapping of open drug scenes is here.")))]
    notes = [traced(each.note, path) for each in rounds if each.note]
    header = [_("Mapping"), _("Scenes"), _("Source")]
    return [table(_("Open drug scenes found by mappings"), header, rows, numeric=[False, True, False], notes=notes)]


def guests(membership: Membership) -> list[Block]:
    """Where people come from, as it may be shown; what the tables say against each other stands below each."""
    return [_origins(membership, each) for each in origins.tables_of(membership)]


def _origins(membership: Membership, found: OriginTable) -> Block:
    path = reverse("scenes:origins", args=[membership.collaboration.slug, found.pk])
    view = origins.view_of(found)
    rows = [[span(line.origin), *(_cell(cell, path) for cell in line.cells)] for line in view.lines]
    header = [_("Comes from"), *(f"{group} {year}".strip() for year, group in view.columns)]
    notes = [traced(line, path) for line in found.note.splitlines() if line.strip()]
    notes.append(traced(_("Source: {source}.").format(source=found.source), path))
    return table(found.title, header, rows, numeric=[False, *[True] * len(view.columns)], notes=notes)


def _cell(cell: origins.Shown, path: str) -> Span:
    if cell.hidden:
        return span(_("hidden"), path)
    return span(cell.text, path if cell.text else "")
