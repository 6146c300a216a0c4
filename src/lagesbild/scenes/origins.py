"""The guest arena as it is shown: one table with its margins, small numbers hidden, and everything else made from it.

Flows, trends and letters take their numbers from the shown table alone, so that two of them never give away together
what each hides. A published table is shown as printed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.conf import settings
from django.utils.formats import number_format
from shapely.geometry import shape

from lagesbild.accounts.access import visible_to
from lagesbild.accounts.models import Membership
from lagesbild.core.geo import WGS_84, project
from lagesbild.places.drawing import join_features
from lagesbild.places.models import Area, AreaSet, AreaSetVersion, BaseLayer, BaseLayerKind
from lagesbild.places.queries import newest
from lagesbild.scenes.models import FeedbackLetter, OriginCount, OriginKind, OriginTable
from lagesbild.stats.disclosure import suppress

NAMED = (OriginKind.DISTRICT, OriginKind.MUNICIPALITY)


@dataclass(frozen=True)
class Shown:
    """One cell. ``value`` is None where it is hidden, or nothing was counted (``given`` False): never zero."""

    value: float | None
    given: bool = True
    is_share: bool = False

    @property
    def hidden(self) -> bool:
        """Whether a number is there that may not be told."""
        return self.given and self.value is None

    @property
    def text(self) -> str:
        """As it is written; empty where nothing was counted."""
        if self.value is None:
            return ""
        return number_format(round(self.value), force_grouping=True) + ("\u00a0%" if self.is_share else "")


@dataclass(frozen=True)
class OriginLine:
    """One origin over the columns."""

    origin: str
    kind: str
    cells: tuple[Shown, ...]
    total: Shown
    columns: tuple[tuple[int, str], ...] = ()

    @property
    def labelled(self) -> list[tuple[Shown, str]]:
        """Each cell with the heading of its column, for narrow screens."""
        return list(zip(self.cells, map(heading, self.columns), strict=True))

    @property
    def is_named(self) -> bool:
        """Whether it is a district or municipality that one can write to."""
        return self.kind in NAMED


@dataclass(frozen=True)
class OriginView:
    """The whole table; ``columns`` are (year, group) in order."""

    columns: tuple[tuple[int, str], ...]
    lines: tuple[OriginLine, ...]
    totals: tuple[Shown, ...]
    total: Shown
    n_hidden: int
    is_share: bool
    threshold: int

    @property
    def labelled_totals(self) -> list[tuple[Shown, str]]:
        """The sum of each column with its heading."""
        return list(zip(self.totals, map(heading, self.columns), strict=True))


def heading(column: tuple[int, str]) -> str:
    """Year and group in one line."""
    return f"{column[0]} {column[1]}".strip()


def tables_of(membership: Membership) -> list[OriginTable]:
    """The tables that may be seen."""
    rows = OriginTable.objects.filter(visible_to(membership)).select_related("place", "owner")
    return list(rows.defer("place__geometry", "place__drawing"))


def letters_of(table: OriginTable, membership: Membership) -> list[FeedbackLetter]:
    """Letters about the table that may be seen, newest first."""
    return list(FeedbackLetter.objects.filter(visible_to(membership), table=table))


def table_named(collaboration_id: int, title: str) -> OriginTable | None:
    """The table with this title."""
    return OriginTable.objects.filter(collaboration=collaboration_id, title=title).first()


def view_of(table: OriginTable) -> OriginView:
    """The table as it may be shown. One query."""
    return shown(list(OriginCount.objects.filter(table=table)), published=table.is_published)


def shown(rows: Sequence[OriginCount], *, published: bool, threshold: int | None = None) -> OriginView:
    """The table of the rows; small counts hidden, with as many more as protect them, unless published before."""
    limit = threshold or int(settings.LAGESBILD["suppression_threshold"])
    columns = tuple(sorted({(row.year, row.group) for row in rows}))
    kinds = {row.origin: row.kind for row in rows}
    found = {(row.origin, row.year, row.group): row for row in rows}
    is_share = any(row.share_pct is not None for row in rows)
    if is_share:
        lines = [_share_line(origin, kind, columns, found) for origin, kind in kinds.items()]
        nothing = Shown(None, given=False)
        return OriginView(columns, tuple(lines), tuple(nothing for _ in columns), nothing, 0, True, limit)
    counts = np.array(
        [[_count(found.get((origin, *column))) for column in columns] for origin in kinds], dtype=np.int64
    ).reshape(len(kinds), len(columns))
    return _count_view(columns, kinds, found, counts, None if published else limit, limit)


def _count_view(
    columns: tuple[tuple[int, str], ...],
    kinds: dict[str, str],
    found: dict[tuple[str, int, str], OriginCount],
    counts: np.ndarray,
    suppressed_below: int | None,
    limit: int,
) -> OriginView:
    cells: list[list[int | None]] = counts.tolist()
    row_totals: list[int | None] = counts.sum(axis=1).tolist()
    totals: list[int | None] = counts.sum(axis=0).tolist()
    total: int | None = int(counts.sum())
    n_hidden = 0
    if suppressed_below is not None and counts.size:
        hidden = suppress(counts, threshold=suppressed_below)
        cells = [list(row) for row in hidden.table]  # type: ignore[arg-type]
        row_totals, totals, total = list(hidden.row_totals), list(hidden.column_totals), hidden.total
        n_hidden = hidden.n_hidden
    lines = [
        OriginLine(
            origin,
            kind,
            tuple(
                Shown(value, given=(origin, *column) in found) for value, column in zip(cells[at], columns, strict=True)
            ),
            Shown(row_totals[at]),
            columns,
        )
        for at, (origin, kind) in enumerate(kinds.items())
    ]
    lines.sort(key=lambda line: (line.total.value is None, -(line.total.value or 0), line.origin))
    view_totals = tuple(Shown(value) for value in totals)
    return OriginView(columns, tuple(lines), view_totals, Shown(total), n_hidden, False, limit)


def _share_line(
    origin: str, kind: str, columns: Sequence[tuple[int, str]], found: dict[tuple[str, int, str], OriginCount]
) -> OriginLine:
    rows = [found.get((origin, *column)) for column in columns]
    cells = tuple(Shown(row.share_pct if row else None, given=row is not None, is_share=True) for row in rows)
    return OriginLine(origin, kind, cells, Shown(None, given=False), tuple(columns))


def _count(row: OriginCount | None) -> int:
    return row.count or 0 if row is not None else 0


def most_concerned(view: OriginView, column: tuple[int, str], *, n: int = 5) -> list[tuple[OriginLine, int]]:
    """The districts and municipalities that most come from in a column, of those whose number may be told."""
    if view.is_share or column not in view.columns:
        return []
    at = view.columns.index(column)
    rows = [(line, int(line.cells[at].value or 0)) for line in view.lines if line.is_named]
    return sorted((row for row in rows if row[1] > 0), key=lambda row: (-row[1], row[0].origin))[:n]


def flows(membership: Membership, table: OriginTable, view: OriginView, at: int) -> tuple[str, tuple[str, ...]]:
    """Lines from where people live to the place, for the map, and the origins that no known area is called after."""
    told = {line.origin: line.cells[at] for line in view.lines if line.is_named and line.cells[at].value}
    if table.place is None or not told:
        return join_features([], []), tuple(told)
    spots = _spots(membership, set(told))
    drawn = [origin for origin in told if origin in spots]
    ends = [(spots[origin], (table.place.x, table.place.y)) for origin in drawn]
    lon, lat = project(
        [x for pair in ends for x, _y in pair],
        [y for pair in ends for _x, y in pair],
        from_crs=membership.collaboration.working_crs,
        to_crs=WGS_84,
    )
    points = np.column_stack([lon, lat]).round(5).reshape(-1, 2, 2)
    shapes = [json.dumps({"type": "LineString", "coordinates": line.tolist()}) for line in points]
    names = [{"title": origin, "text": told[origin].text} for origin in drawn]
    return join_features(shapes, names), tuple(origin for origin in told if origin not in spots)


def _spots(membership: Membership, names: set[str]) -> dict[str, tuple[float, float]]:
    """Where each name is: the largest area called so, else the land of the base map called so."""
    sets = AreaSet.objects.filter(visible_to(membership))
    versions = newest(AreaSetVersion.objects.filter(area_set__in=sets)).values("pk")
    rows = Area.objects.filter(version__in=versions, name__in=names).order_by("area_m2")
    found = {name: (x, y) for name, x, y in rows.values_list("name", "label_x", "label_y")}
    return {**_land_spots(membership, names - set(found)), **found}


def _land_spots(membership: Membership, names: set[str]) -> dict[str, tuple[float, float]]:
    if not names:
        return {}
    layers = BaseLayer.objects.filter(visible_to(membership), kind=BaseLayerKind.LAND).values_list("geojson", flat=True)
    points = {
        name: shape(feature["geometry"]).representative_point()
        for layer in layers
        for feature in json.loads(layer)["features"]
        if (name := feature["properties"].get("name")) in names
    }
    x, y = project(
        [point.x for point in points.values()],
        [point.y for point in points.values()],
        from_crs=WGS_84,
        to_crs=membership.collaboration.working_crs,
    )
    return {name: (float(east), float(north)) for name, east, north in zip(points, x, y, strict=True)}
