"""Handovers and reports of concern as counts: one table for each flow and year, small numbers hidden from outsiders."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Membership
from lagesbild.core.errors import Text
from lagesbild.goals.models import Handover
from lagesbild.stats import suppress

GENDERS: dict[str, Text] = {"women": _("Women"), "men": _("Men"), "other": _("Other"), "unknown": _("Unknown")}
AGE_GROUPS: dict[str, Text] = {
    "0-14": "0–14",
    "15-17": "15–17",
    "18-20": "18–20",
    "21-24": "21–24",
    "25-": "25–",
    "unknown": _("Unknown age"),
}
ALWAYS = ("women", "men", "unknown")  # "other" only where somebody counted it


@dataclass(frozen=True)
class FlowRow:
    """One month and gender. A cell is a count, "" where nothing was counted, or hidden (None)."""

    month: date
    gender: Text
    cells: tuple[int | str | None, ...]
    total: int | str | None


@dataclass(frozen=True)
class Flow:
    """What one organisation has counted from one function to another in a year."""

    heading: str
    kind: str
    owner: str
    rows: tuple[FlowRow, ...]
    totals: tuple[int | str | None, ...]
    total: int | None
    is_suppressed: bool
    sources: tuple[str, ...]


def years_of(membership: Membership) -> list[int]:
    """The years with counts, newest first."""
    months = Handover.objects.filter(visible_to(membership)).dates("month", "year", order="DESC")
    return [each.year for each in months]


def flows_of(membership: Membership, year: int) -> list[Flow]:
    """The tables of a year. One query."""
    counted = (
        Handover.objects.filter(visible_to(membership), month__year=year)
        .select_related("owner", "from_function__organisation", "to_function__organisation")
        .order_by("kind", "from_function", "to_function", "owner", "month")
    )
    flows: dict[tuple[object, ...], list[Handover]] = {}
    for each in counted:
        flows.setdefault((each.kind, each.from_function_id, each.to_function_id, each.owner_id), []).append(each)
    return [_flow(membership, members) for members in flows.values()]


def _flow(membership: Membership, counted: list[Handover]) -> Flow:
    first = counted[0]
    cells = {(each.month, each.gender, each.age_group): each.count for each in counted}
    keys = [
        (month, gender)
        for month in sorted({each.month for each in counted})
        for gender in GENDERS
        if gender in ALWAYS or any(key[:2] == (month, gender) for key in cells)
    ]
    table = [[cells.get((month, gender, age), 0) for age in AGE_GROUPS] for month, gender in keys]
    foreign = first.owner_id != membership.function.organisation_id
    shown, row_totals, totals, total = _protected(table) if foreign else _plain(table)
    rows = tuple(
        FlowRow(
            month,
            GENDERS[gender],
            _cells(cells, month, gender, line),
            _if(row_total, (month, gender) in {key[:2] for key in cells}),
        )
        for (month, gender), line, row_total in zip(keys, shown, row_totals, strict=True)
    )
    hidden = [*totals, total, *(row.total for row in rows), *(cell for row in rows for cell in row.cells)]
    return Flow(
        heading=f"{first.from_function} → {first.to_function}",
        kind=first.get_kind_display(),
        owner=first.owner.name,
        rows=rows,
        totals=tuple(_if(each, age in {key[2] for key in cells}) for age, each in zip(AGE_GROUPS, totals, strict=True)),
        total=total,
        is_suppressed=any(each is None for each in hidden),
        sources=tuple(dict.fromkeys(each.source for each in counted if each.source)),
    )


def _cells(
    counted: dict[tuple[date, str, str], int], month: date, gender: str, line: Iterable[int | None]
) -> tuple[int | str | None, ...]:
    """Nothing counted stays empty: it is not zero."""
    return tuple(
        value if value is None or (month, gender, age) in counted else ""
        for age, value in zip(AGE_GROUPS, line, strict=True)
    )


def _if(total: int | None, was_counted: bool) -> int | str | None:
    """The total, or "" where nothing was counted that it could be the total of."""
    return total if was_counted else ""


Protected = tuple[list[list[int | None]], list[int | None], list[int | None], int | None]


def _plain(table: list[list[int]]) -> Protected:
    columns = [sum(column) for column in zip(*table, strict=True)]
    return [list(row) for row in table], [sum(row) for row in table], list(columns), sum(columns)


def _protected(table: list[list[int]]) -> Protected:
    """Whatever can be worked out from what is shown is at least the threshold."""
    found = suppress(table, threshold=settings.LAGESBILD["suppression_threshold"])
    rows = [list(row) for row in found.table if isinstance(row, tuple)]
    return rows, list(found.row_totals), list(found.column_totals), found.total
