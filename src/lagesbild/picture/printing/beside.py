"""Zones and field reports in the printed picture, in the active language."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext

from lagesbild.core.documents import Block, Heading, Paragraph, Table
from lagesbild.picture.content import PictureContent
from lagesbild.picture.present_beside import report_lines, zone_lines


def zones(content: PictureContent) -> Iterator[Block]:
    """How much lies in which zone."""
    found = zone_lines(content)
    if found is None or content.zones is None:
        return
    yield Paragraph(text=f"{found.sentence} {found.spots}".strip())
    header = [gettext("Zone"), gettext("Kind of zone"), gettext("Events"), gettext("Share")]
    before = [gettext("Before")] if found.compared else []
    yield Table(
        caption=gettext("Events and hot spots in zones that had not ended on {on}").format(
            on=content.zones.on.isoformat()
        ),
        header=(*header, *before, gettext("Hot spots")),
        rows=tuple(
            (line.name, line.kind, line.n, line.share, *([line.n_before] if found.compared else []), line.spots)
            for line in found.zones
        ),
        numeric=(False, False, True, True, *([True] if found.compared else []), True),
        widths=(16, 10, 7, 7, *([7] if found.compared else []), 9),
    )


def reports(content: PictureContent) -> Iterator[Block]:
    """Field reports, apart from the events."""
    found = report_lines(content)
    if found is None or content.reports is None or not (content.reports.n or content.reports.n_before):
        return
    yield Heading(text=gettext("Field reports"))
    yield Paragraph(text=found.sentence)
    if found.kinds:
        yield Table(
            caption=gettext("Field reports by category"),
            header=(gettext("Category"), gettext("Reports"), *([gettext("Before")] if found.compared else [])),
            rows=tuple((line.name, line.n, *([line.n_before] if found.compared else [])) for line in found.kinds),
            numeric=(False, True, True)[: 3 if found.compared else 2],
            widths=(20, 8, 8)[: 3 if found.compared else 2],
        )
    yield Paragraph(
        quiet=True,
        text=gettext(
            "What people in the field have seen, suspect or have heard. Not counted among the events: a report and an "
            "event may be of the same thing."
        ),
    )
