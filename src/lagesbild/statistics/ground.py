"""Places named on the command line: a circle as x,y,radius, or the polygons of a file; and areas to count by.

Here live reading, projecting and which events lie inside. What is made of them is the library's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
import numpy.typing as npt

from lagesbild.core.geo import project_geometry
from lagesbild.statistics.events import Events
from lagesbild.statistics.refusals import refuse
from lagesbild.statistics.table import Table, read_table
from lagesbild.stats import Circle

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
POLYGONS = (3, 6)


@dataclass(frozen=True)
class Place:
    """What was written: numbers of a circle, or the name of a file."""

    text: str
    circle: Circle | None
    file: Path | None


class PlaceType(click.ParamType[Any]):
    """x,y,radius in metres, or a GeoPackage with polygons."""

    name = "place"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, Place):
            return value
        text = str(value).strip()
        try:
            x, y, radius = (float(each) for each in text.split(","))
        except ValueError:
            path = Path(text)
            if not path.is_file():
                self.fail(f'"{text}" must be x,y,radius in metres, or a GeoPackage with polygons.', param, ctx)
            return Place(text, None, path)
        try:
            return Place(text, Circle(x=x, y=y, radius_m=radius), None)
        except ValueError:
            self.fail(f'"{text}" must be x,y,radius with a positive radius in metres.', param, ctx)


class NamedType(click.ParamType[Any]):
    """NAME=VALUE, with a value of another kind."""

    name = "named"

    def __init__(self, kind: click.ParamType[Any]) -> None:
        self.kind = kind

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, tuple):
            return value
        name, equals, rest = str(value).partition("=")
        if not equals or not name.strip():
            self.fail(f'"{value}" must be NAME=VALUE.', param, ctx)
        return name.strip(), self.kind.convert(rest, param, ctx)


def inside(places: Sequence[Place], events: Events) -> Bools:
    """Which events lie in any of the places, edges included."""
    return np.asarray(distance(places, events) <= 0)


def distance(places: Sequence[Place], events: Events) -> Floats:
    """Metres from the edge of the nearest of the places; 0 or less inside."""
    import shapely

    nearest = np.full(len(events), np.inf)
    for each in places:
        if each.circle is not None:
            reach = np.sqrt((events.x - each.circle.x) ** 2 + (events.y - each.circle.y) ** 2) - each.circle.radius_m
        else:
            assert each.file is not None
            shape = shapely.union_all(polygons(read_table(each.file), events.crs))
            shapely.prepare(shape)
            reach = np.zeros(len(events))
            out = ~shapely.intersects_xy(shape, events.x, events.y)
            reach[out] = shapely.distance(shape, shapely.points(events.x[out], events.y[out]))
        np.minimum(nearest, reach, out=nearest)
    return nearest


def polygons(table: Table, crs: str) -> npt.NDArray[np.object_]:
    """The polygons of a table in the wanted system."""
    import shapely

    if table.shapes is None or not len(table.shapes):
        refuse(f"{table.name} must be a GeoPackage with polygons.", field="areas")
    if not bool(np.isin(shapely.get_type_id(table.shapes), POLYGONS).all()):
        refuse(f"{table.name} must hold polygons only.", field="areas")
    shapes = shapely.make_valid(table.shapes)
    if table.crs is None:
        return np.asarray(shapes)
    return np.array([project_geometry(each, from_crs=table.crs, to_crs=crs) for each in shapes], dtype=object)


def area_of(table: Table, events: Events) -> npt.NDArray[np.int64]:
    """Number of the area each event lies in, the first in the file's order; -1 outside all."""
    import shapely

    tree = shapely.STRtree(polygons(table, events.crs))
    event, area = tree.query(shapely.points(events.x, events.y), predicate="intersects")
    found = np.full(len(events), len(table), dtype=np.int64)
    np.minimum.at(found, event, area)
    return np.where(found == len(table), -1, found)
