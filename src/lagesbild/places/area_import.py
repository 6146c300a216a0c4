"""What an import of areas will do, worked out before anything is written: parents, drawings, doubts.

Reads the database and the file; the writing is `actions.import_areas`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext_lazy as _

from lagesbild.accounts.models import Collaboration
from lagesbild.core.errors import UserError
from lagesbild.places import queries
from lagesbild.places.assignment import OUTSIDE, AreaIndex, Geometries, Ids, build_index
from lagesbild.places.drawing import draw_outline, draw_shapes
from lagesbild.places.models import AreaSet, AreaSetVersion
from lagesbild.places.reading import DEFAULT_LIMITS, FileProblemsError, Limits, ReadAreas, Remark, read_areas

LEAST_SHARE = 0.05  # neighbours whose borders differ by a hair do not hold one another


@dataclass(frozen=True)
class AreaFile:
    """A file of areas and how it is to be read; kept with the version that it made."""

    path: Path
    code_field: str
    name_field: str
    parent_set: str | None = None
    parent_field: str | None = None
    alias_fields: Sequence[str] = ()
    crs: str | None = None
    layer: str | None = None

    def reading(self) -> dict[str, Any]:
        """The options alone, as they are stored."""
        return {
            "code_field": self.code_field,
            "name_field": self.name_field,
            "parent_set": self.parent_set or "",
            "parent_field": self.parent_field or "",
            "alias_fields": list(self.alias_fields),
            "crs": str(self.crs or ""),
            "layer": self.layer or "",
        }


@dataclass(frozen=True)
class PlannedAreas:
    """Everything that will be stored, computed.

    ``parents`` are primary keys or None, by row; ``relinks`` gives areas of child sets the code of their new parent.
    """

    read: ReadAreas
    parent_set: AreaSet | None
    parents: tuple[int | None, ...]
    shapes: tuple[str, ...]
    outline: str
    relinks: Mapping[int, str]
    repairs: tuple[Remark, ...]


def plan_areas(
    collaboration: Collaboration, file: AreaFile, *, slug: str, limits: Limits = DEFAULT_LIMITS
) -> PlannedAreas:
    """Read the file and work out what it will become.

    Raises
    ------
    UserError
        If the file cannot be read; `FileProblemsError` with every row if rows are wrong.
    """
    parent = _parent_index(collaboration, file, slug)
    read = read_areas(
        file.path,
        working_crs=collaboration.working_crs,
        code_field=file.code_field,
        name_field=file.name_field,
        parent_field=file.parent_field,
        alias_fields=file.alias_fields,
        crs=file.crs,
        layer=file.layer,
        limits=limits,
    )
    parents, problems, orphans = _parents(read, parent, by_code=bool(file.parent_field), set_name=file.parent_set or "")
    if read.problems or problems:
        raise FileProblemsError([*read.problems, *problems])
    doubts = _doubts(collaboration, read, slug, has_parent=parent is not None)
    return PlannedAreas(
        read=read,
        parent_set=queries.area_set_by_slug(collaboration, file.parent_set) if file.parent_set else None,
        parents=parents,
        shapes=tuple(draw_shapes(read.geometries, crs=collaboration.working_crs)),
        outline=draw_outline(read.geometries, crs=collaboration.working_crs),
        relinks=_relinks(collaboration, slug, read),
        repairs=(*read.repairs, *orphans, *doubts),
    )


def _relinks(collaboration: Collaboration, slug: str, read: ReadAreas) -> dict[int, str]:
    """For the areas whose set lies in this one: the code of their new parent, "" if none.

    The old parent's code if it still exists, else by position.
    """
    index = _index_of(read)
    known = set(read.codes)
    links: dict[int, str] = {}
    for version in queries.current_versions(collaboration):
        parent_set = version.area_set.parent_set
        if parent_set is not None and parent_set.slug == slug:
            rows = list(queries.areas_with_parent_code(version))
            found = holders(queries.from_wkb([boundary for _area, _code, boundary in rows]), index)
            for (area, code, _boundary), key in zip(rows, found.tolist(), strict=True):
                links[area] = code if code in known else read.codes[key - 1] if key != OUTSIDE else ""
    return links


def _index_of(read: ReadAreas) -> AreaIndex:
    """An index of areas that have no keys yet: row number plus one stands for them."""
    return build_index(
        area_set_id=0,
        version_id=0,
        parent_set_id=None,
        ids=[row + 1 for row in range(len(read))],
        codes=read.codes,
        names=read.names,
        aliases=read.aliases,
        parents=[None] * len(read),
        geometries=read.geometries,
    )


def holders(geometries: Geometries, index: AreaIndex) -> Ids:
    """The area that holds each shape: where its inner point lies, else where the larger part of it does; 0 if nowhere.

    Official sets are cut at different shores, so the inner point of a quay may lie in nobody's water.
    """
    points = shapely.point_on_surface(geometries)
    found = index.assign(shapely.get_x(points), shapely.get_y(points))
    adrift = np.flatnonzero(found == OUTSIDE)
    if adrift.size and index.ids.size:
        rows, areas = shapely.STRtree(index.geometries).query(geometries[adrift], predicate="intersects")
        shared = shapely.area(shapely.intersection(geometries[adrift[rows]], index.geometries[areas]))
        held = shared >= LEAST_SHARE * shapely.area(geometries[adrift[rows]])
        rows, areas, shared = rows[held], areas[held], shared[held]
        largest_last = np.argsort(shared, kind="stable")
        found[adrift[rows[largest_last]]] = index.ids[areas[largest_last]]
    return found


def _parent_index(collaboration: Collaboration, file: AreaFile, slug: str) -> AreaIndex | None:
    if not file.parent_set:
        return None
    version = queries.current_version(collaboration, file.parent_set)
    if version is None or file.parent_set == slug:
        raise UserError(
            "places.no_such_area_set",
            _("There is no set of areas “{slug}” to lie in. Import it first."),
            "parent_set",
            slug=file.parent_set,
        )
    return queries.area_index(version)


def _parents(
    read: ReadAreas, index: AreaIndex | None, *, by_code: bool, set_name: str
) -> tuple[tuple[int | None, ...], list[Remark], list[Remark]]:
    """The parents' keys, rows whose parent is unknown, and rows that lie in none."""
    if index is None or not len(read):
        return (None,) * len(read), [], []
    if by_code:
        found = index.by_name_or_code(read.parents)
        unknown = [
            Remark("unknown_parent", row, name, {"value": parent, "parent_set": set_name})
            for row, name, parent, key in zip(read.rows, read.names, read.parents, found, strict=True)
            if key == OUTSIDE
        ]
        return tuple(int(key) or None for key in found), unknown, []
    found = holders(read.geometries, index)
    orphans = [
        Remark("no_parent", row, name, {"parent_set": set_name})
        for row, name, key in zip(read.rows, read.names, found, strict=True)
        if key == OUTSIDE
    ]
    return tuple(int(key) or None for key in found), [], orphans


def _doubts(collaboration: Collaboration, read: ReadAreas, slug: str, *, has_parent: bool) -> list[Remark]:
    """A set that touches nothing else is probably read in the wrong zone (SWEREF 99 12 00 for 18 00, say)."""
    if has_parent:
        return []
    others = queries.extents(collaboration, except_slug=slug)
    if not others.size:
        return []
    west, south, east, north = shapely.total_bounds(read.geometries)
    touches = (others[:, 0] <= east) & (others[:, 2] >= west) & (others[:, 1] <= north) & (others[:, 3] >= south)
    return [] if bool(np.any(touches)) else [Remark("far_from_others", params={"crs": read.crs})]


def same_as(version: AreaSetVersion | None, file: AreaFile, file_sha256: str) -> bool:
    """Whether the version was made from this very file, read in this very way."""
    return version is not None and version.file_sha256 == file_sha256 and version.reading == file.reading()
