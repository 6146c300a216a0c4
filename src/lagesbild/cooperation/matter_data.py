"""Matters for the map and for spreadsheets."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from lagesbild.cooperation.queries.matters import MatterRow
from lagesbild.core.geo import WGS_84, project
from lagesbild.places.tables import to_csv

DECIMALS = 6


def csv_of(rows: Sequence[MatterRow], kinds: Mapping[str, str]) -> bytes:
    """One line for each matter."""
    header = [
        _("Number"), _("Title"), _("Kind"), _("Where"), _("State"), _("Forum"), _("Responsible"), _("Raised on"),
        _("Age, days"), _("Days in the forum"), _("Stuck"), _("Raised by how many"), _("Open actions"), _("Closed on"),
        _("Why it was closed"), "x", "y", _("Exercise data"),
    ]  # fmt: skip
    return to_csv(header, [_line(row, kinds) for row in rows])


def _line(row: MatterRow, kinds: Mapping[str, str]) -> list[object]:
    matter = row.matter
    return [
        matter.number,
        matter.title,
        kinds.get(matter.object_kind, matter.object_kind),
        row.where,
        matter.get_state_display(),
        matter.holder.name,
        matter.responsible.name if matter.responsible else "",
        matter.raised_at.date().isoformat(),
        row.age_days,
        row.held_days,
        _("yes") if row.stuck else _("no"),
        row.n_raisers,
        row.n_open_actions,
        matter.closed_at.date().isoformat() if matter.closed_at else "",
        matter.closing_reason,
        matter.x,
        matter.y,
        _("yes") if matter.is_exercise else _("no"),
    ]


def geojson_of(rows: Sequence[MatterRow], *, crs: int) -> str:
    """A point for each matter that has one, of its own or of its place."""
    placed = [(row, *point) for row in rows if (point := _point(row)) is not None]
    lon, lat = project([x for _row, x, _y in placed], [y for _row, _x, y in placed], from_crs=crs, to_crs=WGS_84)
    features = [
        {
            "type": "Feature",
            "id": row.matter.number,
            "geometry": {
                "type": "Point",
                "coordinates": [round(float(lon[at]), DECIMALS), round(float(lat[at]), DECIMALS)],
            },
            "properties": {
                "id": row.matter.number,
                "title": str(row.matter),
                "text": f"{row.matter.get_state_display()} · {row.matter.holder.name}",
                "age_days": row.age_days,
            },
        }
        for at, (row, _x, _y) in enumerate(placed)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def _point(row: MatterRow) -> tuple[float, float] | None:
    matter = row.matter
    if matter.x is not None and matter.y is not None:
        return matter.x, matter.y
    return (matter.place.x, matter.place.y) if matter.place else None
