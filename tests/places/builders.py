"""Small area files on the plane, and places, for tests. Squares are 1 km, near Stockholm in SWEREF 99 TM."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import mapping

from lagesbild.accounts.models import Collaboration, Organisation
from lagesbild.core.geo import project_geometry
from lagesbild.places.actions import import_areas
from lagesbild.places.models import AreaSetVersion
from tests.cast import Cast

EAST, NORTH = 674_000, 6_580_000  # the middle of Stockholm


def square(column: int = 0, row: int = 0, *, side: float = 1000) -> shapely.Polygon:
    """A square of a chessboard whose first stands at EAST, NORTH."""
    west, south = EAST + column * side, NORTH + row * side
    return shapely.box(west, south, west + side, south + side)


def geojson(
    features: Sequence[tuple[Mapping[str, Any], shapely.Geometry | None]], *, crs: int = 4326, told: str | None = None
) -> str:
    """A FeatureCollection of shapes given in SWEREF 99 TM, written in ``crs``; ``told`` is the old crs member."""
    document: dict[str, Any] = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": dict(properties),
                "geometry": None if shape is None else mapping(project_geometry(shape, from_crs=3006, to_crs=crs)),
            }
            for properties, shape in features
        ],
    }
    if told:
        document["crs"] = {"type": "name", "properties": {"name": told}}
    return json.dumps(document)


def board(folder: Path, *, columns: int = 2, rows: int = 2, prefix: str = "", name: str = "board.geojson") -> Path:
    """A file with a chessboard of areas: codes ``00``, ``01``… by column and row, names "Ruta 00"…"""
    features = [
        ({"code": f"{prefix}{column}{row}", "name": f"Ruta {prefix}{column}{row}"}, square(column, row))
        for column in range(columns)
        for row in range(rows)
    ]
    path = folder / name
    path.write_text(geojson(features), encoding="utf-8")
    return path


def store(
    collaboration: Collaboration, owner: Organisation, file: Path, *, slug: str = "rutor", **more: Any
) -> AreaSetVersion:
    """The file as an area set, by the action that everybody uses."""
    options: dict[str, Any] = {
        "name": slug.title(),
        "source": "Drawn for the test",
        "valid_from": None,
        "code_field": "code",
        "name_field": "name",
        "actor": None,
    }
    return import_areas(collaboration, owner, slug=slug, file=file, **{**options, **more})


def a_board(cast: Cast, folder: Path) -> AreaSetVersion:
    """Four areas of Ekby, owned by the municipality."""
    return store(cast.ekby, cast.municipality, board(folder))
