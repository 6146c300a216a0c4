"""From the rows of a file to areas: codes, names and valid polygons in working coordinates, with what was wrong.

Every problem is reported by row at once; nothing here knows the database.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext_lazy as _

from lagesbild.core.errors import UserError
from lagesbild.core.geo import Floats
from lagesbild.core.privacy import find_personal_numbers
from lagesbild.places.reading.crs import Reading, inside_region, understand
from lagesbild.places.reading.layer import Geometries, Layer, read_layer
from lagesbild.places.reading.limits import DEFAULT_LIMITS, Limits
from lagesbild.places.reading.remarks import Remark
from lagesbild.places.reading.shapes import make_polygons, to_working

CODE_LENGTH = 60
NAME_LENGTH = 200


@dataclass(frozen=True)
class ReadAreas:
    """What a file of areas says. Row i of every sequence is one area; ``rows`` is its number in the file, from 1."""

    rows: tuple[int, ...]
    codes: tuple[str, ...]
    names: tuple[str, ...]
    aliases: tuple[tuple[str, ...], ...]
    parents: tuple[str, ...]
    geometries: Geometries
    crs: str
    file_sha256: str
    repairs: tuple[Remark, ...]
    problems: tuple[Remark, ...]

    def __len__(self) -> int:
        return len(self.codes)


def read_areas(
    path: Path,
    *,
    working_crs: int,
    code_field: str,
    name_field: str,
    parent_field: str | None = None,
    alias_fields: Sequence[str] = (),
    crs: str | None = None,
    layer: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> ReadAreas:
    """Read polygons with a code and a name each.

    Rows with problems are in ``problems`` and not among the areas. Cost: the whole file in memory, about
    sixteen bytes a vertex twice over.

    Raises
    ------
    UserError
        If the file cannot be read, its coordinate system is missing or impossible, or a field is not there.
    """
    source = read_layer(path, layer=layer, limits=limits)
    codes = _texts(source, code_field, "code_field")
    names = _texts(source, name_field, "name_field")
    parents = _texts(source, parent_field, "parent_field") if parent_field else [""] * len(source)
    aliases = [_texts(source, field, "alias_fields") for field in alias_fields]
    names = [name or code for name, code in zip(names, codes, strict=True)]

    reading = understand_layer(source, crs=crs, working_crs=working_crs)
    made = make_polygons(source.geometries, source.unreadable, swapped=reading.swapped)
    geometries, lost = to_working(made.geometries, reading, working_crs=working_crs)
    problems = _named(
        [
            *_text_problems(codes, names, code_field),
            *made.problems,
            *lost,
            *_elsewhere(made.geometries, reading, working_crs),
        ],
        names,
    )
    bad = {problem.row for problem in problems}
    kept = [row for row in range(len(source)) if row + 1 not in bad]
    return ReadAreas(
        rows=tuple(row + 1 for row in kept),
        codes=tuple(codes[row] for row in kept),
        names=tuple(names[row] for row in kept),
        aliases=tuple(_aliases(names[row], [column[row] for column in aliases]) for row in kept),
        parents=tuple(parents[row] for row in kept),
        geometries=geometries[kept],
        crs=reading.label,
        file_sha256=file_digest(path),
        repairs=(*reading.remarks, *_named(made.repairs, names)),
        problems=tuple(problems[: limits.max_problems]),
    )


def file_digest(path: Path) -> str:
    """SHA-256 of the file; of a Shapefile lying beside its parts, of them all."""
    digest = hashlib.sha256()
    parts = [path]
    if path.suffix.lower() == ".shp":
        parts += sorted(p for p in path.parent.iterdir() if p.stem == path.stem and p != path)
    for part in parts:
        with part.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def understand_layer(source: Layer, *, crs: str | None, working_crs: int) -> Reading:
    """The coordinate system of a layer, judged by the middle of each geometry."""
    x, y = _middles(source.geometries)
    there = np.isfinite(x) & np.isfinite(y)
    return understand(x[there], y[there], stated=source.crs, given=crs, kind=source.kind, working_crs=working_crs)


def _middles(geometries: Geometries) -> tuple[Floats, Floats]:
    bounds = shapely.bounds(geometries).reshape(-1, 4)
    return (bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2


def _elsewhere(geometries: Geometries, reading: Reading, working_crs: int) -> list[Remark]:
    """Single rows far from all the others' region: a typing error or a stray test row."""
    x, y = _middles(geometries)
    there = np.isfinite(x) & np.isfinite(y)
    outside = np.zeros(len(x), dtype=bool)
    outside[there] = ~inside_region(x[there], y[there], reading.crs, working_crs=working_crs)
    return [Remark("outside_region", int(row) + 1) for row in np.flatnonzero(outside)]


def _texts(source: Layer, field: str, option: str) -> list[str]:
    if field not in source.fields:
        raise UserError(
            "places.no_such_field",
            _("The file has no field “{name}”. It has: {fields}."),
            option,
            name=field,
            fields=", ".join(list(source.fields)[:40]),
        )
    return [as_text(value) for value in source.fields[field]]


def as_text(value: Any) -> str:
    """A code or name as people write it: 10102.0 is "10102", missing is ""."""
    if value is None or (isinstance(value, float | np.floating) and not np.isfinite(value)):
        return ""
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return " ".join(str(value).replace("\x00", "").split())


def _aliases(name: str, others: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(other for other in others if other and other != name))


def _text_problems(codes: Sequence[str], names: Sequence[str], code_field: str) -> list[Remark]:
    problems: list[Remark] = []
    first: dict[str, int] = {}
    for row, (code, name) in enumerate(zip(codes, names, strict=True), start=1):
        if not code:
            problems.append(Remark("no_code", row, params={"field": code_field}))
        elif len(code) > CODE_LENGTH:
            problems.append(Remark("code_too_long", row, params={"value": code[:80], "limit": CODE_LENGTH}))
        elif code in first:
            problems.append(Remark("duplicate_code", row, params={"value": code, "other": first[code]}))
        else:
            first[code] = row
        if len(name) > NAME_LENGTH:
            problems.append(Remark("name_too_long", row, params={"value": name[:80], "limit": NAME_LENGTH}))
        if find_personal_numbers(name):
            problems.append(Remark("personal_number", row))
    return problems


def _named(remarks: Sequence[Remark], names: Sequence[str]) -> list[Remark]:
    """The same remarks in order of row, each with the name that stands on its row (never one that is refused)."""
    secret = {remark.row for remark in remarks if remark.code == "personal_number"}
    ordered = sorted(remarks, key=lambda remark: remark.row)
    return [
        replace(remark, name=names[remark.row - 1][:80]) if remark.row and remark.row not in secret else remark
        for remark in ordered
    ]
