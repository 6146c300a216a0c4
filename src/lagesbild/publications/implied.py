"""The residents that printed counts and rates imply, as a table of a report."""

from __future__ import annotations

from django.utils.translation import gettext as _

from lagesbild.goals import sentences
from lagesbild.observations.implied_rates import Implied, ImpliedTable
from lagesbild.publications.content import Block, Span, span, table, traced


def implied_block(implied: ImpliedTable, path: str) -> Block:
    """One line an area, one column a period; below it the rates of the last period computed again."""
    columns = zip(*(cells for _period, cells in implied.rows), strict=True)
    rows = [
        [span(area), *(_cell(cell, path) for cell in column)]
        for area, column in zip(implied.areas, columns, strict=True)
    ]
    header = [_("Area"), *(period for period, _cells in implied.rows)]
    why = _("Count divided by rate, rounded to ten. The source prints no residents; each area has its own number.")
    period, last = implied.rows[-1]
    held = [_again(area, period, cell) for area, cell in zip(implied.areas, last, strict=True) if cell and cell.again]
    return table(
        _("Residents that count and rate imply"),
        header,
        rows,
        numeric=[False, *[True] * len(implied.rows)],
        notes=[traced(text, path) for text in (why, *held)],
    )


def _cell(cell: Implied | None, path: str) -> Span:
    return span(sentences.plain(cell.rounded), path) if cell else span("–")


def _again(area: str, period: str, cell: Implied) -> str:
    assert cell.known is not None
    return _(
        "{area}, {period}: with {people} residents ({source}, {on}) the rate is {again}, {difference} from print. "
        "The source may count residents on another day, in another register or within other boundaries."
    ).format(
        area=area,
        period=period,
        people=sentences.plain(cell.known.value),
        source=cell.known.source,
        on=cell.known.valid_from,
        again=sentences.plain(round(cell.again or 0)),
        difference=cell.signed_difference,
    )
