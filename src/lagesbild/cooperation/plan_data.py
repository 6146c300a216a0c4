"""The action plan for the map and for files: CSV, Excel, Word."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import override

from lagesbild.accounts.models import Membership
from lagesbild.cooperation.models import ActionState
from lagesbild.cooperation.queries.planned import ActionRow, point
from lagesbild.core import clock
from lagesbild.core.documents import Block, Document, Heading, Paragraph, Table, render_word
from lagesbild.core.geo import WGS_84, project
from lagesbild.places.tables import to_csv

DECIMALS = 6
MOST_IN_WORD = 1_000
WIDTHS = (7, 40, 30, 22, 14, 12, 30, 28, 12, 12, 12, 30, 40, 8, 10, 30, 12)


def header() -> list[str]:
    """The columns of both kinds of table."""
    return [
        _("Number"), _("Action"), _("Description"), _("Responsible"), _("State"), _("Due"), _("Where"), _("Forum"),
        _("Ended"), _("Days overdue"), _("Cost, SEK"), _("Type"), _("Why it ended"), _("Matter"), _("Evidence"),
        _("Source"), _("Exercise data"),
    ]  # fmt: skip


def csv_of(rows: Sequence[ActionRow]) -> bytes:
    """One line for each action."""
    return to_csv(header(), [[_written(value) for value in _line(row)] for row in rows])


def excel_of(rows: Sequence[ActionRow]) -> bytes:
    """One line for each action, with dates and money as such; text is text, also when it looks like a formula."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Action plan")[:31])
    sheet.freeze_panes = "C2"
    for number, width in enumerate(WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(WIDTHS))}{len(rows) + 1}"
    names = [WriteOnlyCell(sheet, name) for name in header()]
    for cell in names:
        cell.font = Font(bold=True)
    sheet.append(names)
    for row in rows:
        cells = [WriteOnlyCell(sheet, _clean(value)) for value in _line(row)]
        for cell in cells:
            if isinstance(cell.value, str):
                cell.data_type = "s"
            elif isinstance(cell.value, date):
                cell.number_format = "yyyy-mm-dd"
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _clean(value: object) -> Any:
    """Without the signs that a sheet cannot hold."""
    if not isinstance(value, str):
        return value
    return "".join(sign for sign in value if sign in "\t\n" or ord(sign) >= 32)[:32_000]


def _written(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _line(row: ActionRow) -> list[object]:
    action = row.action
    return [
        action.number,
        action.title,
        action.description,
        action.responsible.name + (f", {action.function.name}" if action.function else ""),
        str(action.get_state_display()),
        action.due_on,
        row.where,
        action.forum.name,
        action.ended_on,
        row.days_late or None,
        int(action.cost_sek) if action.cost_sek is not None else None,
        ", ".join(row.types),
        action.ending_reason,
        row.matter.number if row.matter else None,
        _("yes") if row.has_evidence else _("no"),
        action.source,
        _("yes") if is_exercise(row) else _("no"),
    ]


def is_exercise(row: ActionRow) -> bool:
    """Whether the action belongs to an exercise matter."""
    return row.action.matter is not None and row.action.matter.is_exercise


def geojson_of(membership: Membership, rows: Sequence[ActionRow]) -> str:
    """A point for each action that has one, of its own or of its place."""
    placed = [(row, *at) for row in rows if (at := point(membership, row.action)) is not None]
    crs = membership.collaboration.working_crs
    lon, lat = project([x for _row, x, _y in placed], [y for _row, _x, y in placed], from_crs=crs, to_crs=WGS_84)
    features = [
        {
            "type": "Feature",
            "id": row.action.number,
            "geometry": {
                "type": "Point",
                "coordinates": [round(float(lon[at]), DECIMALS), round(float(lat[at]), DECIMALS)],
            },
            "properties": {
                "id": row.action.number,
                "title": str(row.action),
                "text": f"{row.action.get_state_display()} · {row.action.responsible.name}",
                "days_late": row.days_late,
            },
        }
        for at, (row, _x, _y) in enumerate(placed)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def word_of(
    membership: Membership, rows: Sequence[ActionRow], facts: Mapping[str, str], *, language: Literal["sv", "en"]
) -> bytes:
    """The plan as a document: a table for each state. ``facts`` are what was chosen, in words."""
    shown = rows[:MOST_IN_WORD]
    with override(language):
        blocks: list[Block] = []
        for state in ActionState:
            of_state = [row for row in shown if row.action.state == state]
            if of_state:
                blocks += [Heading(text=str(state.label)), _table(state, of_state)]
        if not rows:
            blocks.append(Paragraph(text=_("No actions match.")))
        if len(rows) > len(shown):
            more = _("The first {n} of {all}; the rest are in the Excel file.")
            blocks.append(Paragraph(text=more.format(n=len(shown), all=len(rows)), quiet=True))
        document = Document(
            title=_("Action plan"),
            subtitle=membership.collaboration.name,
            language=language,
            author=membership.collaboration.name,
            made_at=clock.now(),
            footer=_("Action plan, {name}").format(name=membership.collaboration.name),
            banner=_("Exercise data – not real events") if any(is_exercise(row) for row in shown) else "",
            facts=((_("Made on"), clock.today(membership.collaboration.time_zone).isoformat()), *facts.items()),
            blocks=tuple(blocks),
        )
        return render_word(document)


def _table(state: ActionState, rows: Sequence[ActionRow]) -> Table:
    ended = state in (ActionState.DONE, ActionState.WRITTEN_OFF)
    return Table(
        caption=_("{state}: {n}").format(state=state.label, n=len(rows)),
        header=(_("No."), _("Action"), _("Responsible"), _("Ended") if ended else _("Due"), _("Where")),
        rows=tuple(_table_row(row, row.action.ended_on if ended else row.action.due_on) for row in rows),
        numeric=(True, False, False, False, False),
        widths=(1, 6, 4, 2, 4),
    )


def _table_row(row: ActionRow, on: date | None) -> tuple[str, ...]:
    late = f" ({_('overdue')})" if row.is_overdue else ""
    more = f"\n{row.action.ending_reason}" if row.action.state == ActionState.WRITTEN_OFF else ""
    return (
        str(row.action.number),
        f"{row.action.title}{more}",
        row.action.responsible.name,
        f"{on.isoformat()}{late}" if on else "–",
        row.where or "–",
    )
