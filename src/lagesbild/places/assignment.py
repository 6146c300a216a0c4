"""Which area each point lies in, many points at a time. Pure: built from arrays, kept in memory, never changed.

A point on a border belongs to the area with the lowest code, so that the answer never depends on order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from lagesbild.places.locating import Locator

Ids = NDArray[np.int32]
Geometries = NDArray[np.object_]
OUTSIDE = 0
MANY = 20_000  # from here on compiled code is worth its loading


@dataclass(frozen=True, eq=False)
class AreaIndex:
    """The areas of one version of one area set. Rows are in order of code.

    ``ids`` are the areas' primary keys; ``parents`` those of their parents (0 for none), in the set ``parent_set_id``.
    """

    area_set_id: int
    version_id: int
    parent_set_id: int | None
    ids: Ids
    codes: tuple[str, ...]
    names: tuple[str, ...]
    parents: Ids
    geometries: Geometries
    by_text: Mapping[str, int]

    @property
    def column(self) -> str:
        """The name of its column in the incident store."""
        return area_column(self.area_set_id)

    def assign(self, x: ArrayLike, y: ArrayLike) -> Ids:
        """The primary key of the area that each point lies in or on the border of; 0 outside and for NaN.

        Cost: few points go through a tree; many through a compiled count of crossings, about 0.4 s for a million
        points in six thousand areas.
        """
        px, py = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
        found = np.zeros(px.shape, dtype=np.int32)
        there = np.flatnonzero(np.isfinite(px) & np.isfinite(py))
        if there.size and self.ids.size:
            search = self._by_tree if there.size < MANY else self._by_crossings
            found[there] = search(px[there], py[there])
        return found

    def _by_tree(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> Ids:
        found = np.zeros(len(x), dtype=np.int32)
        points: Geometries = np.asarray(shapely.points(x, y), dtype=object)
        areas, hits = shapely.STRtree(points).query(self.geometries, predicate="intersects")
        order = np.argsort(areas, kind="stable")[::-1]  # the lowest code is written last and stays
        found[hits[order]] = self.ids[areas[order]]
        return found

    def _by_crossings(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> Ids:
        from lagesbild.places.locating import DOUBTFUL

        rows = self._locator.locate(x, y)
        found: Ids = np.where(rows >= 0, self.ids[np.maximum(rows, 0)], OUTSIDE).astype(np.int32)
        doubtful = np.flatnonzero(rows == DOUBTFUL)
        if doubtful.size:
            found[doubtful] = self._by_tree(x[doubtful], y[doubtful])
        return found

    @cached_property
    def _locator(self) -> Locator:
        from lagesbild.places.locating import build_locator

        return build_locator(self.geometries)

    def by_name_or_code(self, names: Sequence[str | None]) -> Ids:
        """The area that each text names, by code, name or alias, whatever its case; 0 if none or several."""
        texts = np.asarray(["" if name is None else name for name in names], dtype=object)
        if not texts.size:
            return np.zeros(0, dtype=np.int32)
        unique, back = np.unique(texts.astype(str), return_inverse=True)
        keys = np.array([self.by_text.get(fold(text), OUTSIDE) for text in unique], dtype=np.int32)
        found: Ids = keys[back]
        return found


def area_column(area_set_id: int) -> str:
    """``area_<area_set_id>``."""
    return f"area_{area_set_id}"


def fold(text: str) -> str:
    """How names are compared: without case and superfluous space."""
    return " ".join(text.split()).casefold()


def build_index(
    *,
    area_set_id: int,
    version_id: int,
    parent_set_id: int | None,
    ids: Sequence[int],
    codes: Sequence[str],
    names: Sequence[str],
    aliases: Sequence[Sequence[str]],
    parents: Sequence[int | None],
    geometries: Geometries,
) -> AreaIndex:
    """Put the areas in order of code and make the dictionary of what they are called."""
    order = sorted(range(len(ids)), key=lambda row: codes[row])
    sorted_ids = np.array([ids[row] for row in order], dtype=np.int32)
    return AreaIndex(
        area_set_id=area_set_id,
        version_id=version_id,
        parent_set_id=parent_set_id,
        ids=sorted_ids,
        codes=tuple(codes[row] for row in order),
        names=tuple(names[row] for row in order),
        parents=np.array([parents[row] or OUTSIDE for row in order], dtype=np.int32),
        geometries=np.array([geometries[row] for row in order], dtype=object),
        by_text=_dictionary((int(ids[row]), codes[row], names[row], aliases[row]) for row in order),
    )


def _dictionary(areas: Iterable[tuple[int, str, str, Sequence[str]]]) -> dict[str, int]:
    """Codes win over names, names over aliases; what two areas share at the same rank points out neither."""
    ranks: list[dict[str, int]] = [{}, {}, {}]
    for area, code, name, aliases in areas:
        for rank, texts in zip(ranks, ([code], [name], aliases), strict=True):
            for text in texts:
                key = fold(text)
                rank[key] = area if rank.get(key, area) == area else OUTSIDE
    merged = {**ranks[2], **ranks[1], **ranks[0]}
    return {key: area for key, area in merged.items() if key and area}


def assign_areas(
    indexes: Mapping[str, AreaIndex],
    x: ArrayLike,
    y: ArrayLike,
    *,
    names: Sequence[str | None] | None = None,
    use_point: NDArray[np.bool_] | None = None,
) -> dict[str, Ids]:
    """Every area column at once: by point where ``use_point``, else by name; then upwards from child to parent.

    ``use_point`` is False for events whose point only stands for a whole area (precision ``municipality``); without
    it every finite point counts. An event known only by its municipality thus gets its county too.
    """
    px, py = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if use_point is not None:
        px = np.where(use_point, px, np.nan)
    columns = {name: index.assign(px, py) for name, index in indexes.items()}
    if names is not None:
        for name, index in indexes.items():
            unset = np.flatnonzero(columns[name] == OUTSIDE)
            columns[name][unset] = index.by_name_or_code([names[row] for row in unset.tolist()])
    for index in _children_first(indexes):
        _fill_parent(columns, index)
    return columns


def _fill_parent(columns: dict[str, Ids], index: AreaIndex) -> None:
    parent = area_column(index.parent_set_id) if index.parent_set_id else ""
    if parent not in columns or not index.ids.size:
        return
    order = np.argsort(index.ids)
    child = columns[index.column]
    rows = np.flatnonzero((child != OUTSIDE) & (columns[parent] == OUTSIDE))
    place = order[np.searchsorted(index.ids, child[rows], sorter=order)]
    columns[parent][rows] = index.parents[place]


def _children_first(indexes: Mapping[str, AreaIndex]) -> list[AreaIndex]:
    """Each index before the one of its parent set."""

    def depth(index: AreaIndex) -> int:
        parent = indexes.get(area_column(index.parent_set_id)) if index.parent_set_id else None
        return 1 + depth(parent) if parent else 0

    return sorted(indexes.values(), key=depth, reverse=True)
