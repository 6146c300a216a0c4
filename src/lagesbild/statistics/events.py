"""Events as arrays: which rows of a table take part, and their places in metres and times in days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from lagesbild.core.geo import WGS_84, project
from lagesbild.statistics.refusals import refuse
from lagesbild.statistics.table import Table, Times, read_table

Floats = npt.NDArray[np.float64]
LONGITUDES, LATITUDES = ("lon", "longitude", "lng"), ("lat", "latitude")
# A transverse Mercator zone serves its neighbours too; half the world away it gives numbers without meaning.
MARGIN_DEGREES = 6.0
# Systems for half the world hold small numbers of metres too.
WIDE_DEGREES = 60.0


@dataclass(frozen=True, eq=False)
class Events:
    """The rows that take part, in the order of the file."""

    table: Table
    rows: npt.NDArray[np.int64]
    n_rows: int
    crs: str
    x: Floats
    y: Floats
    times: Times | None
    in_degrees: bool = False

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def t(self) -> Floats:
        assert self.times is not None
        return self.times.days

    @cached_property
    def plane(self) -> str:
        """A system in metres: the one asked for, or the zone of the places if that one is in degrees."""
        if not self.in_degrees or not len(self):
            return self.crs
        zone = int((float(np.median(self.x)) + 180) // 6) % 60 + 1
        return f"EPSG:{(32600 if float(np.median(self.y)) >= 0 else 32700) + zone}"

    @property
    def metres(self) -> tuple[Floats, Floats]:
        if self.plane == self.crs:
            return self.x, self.y
        return project(self.x, self.y, from_crs=self.crs, to_crs=self.plane)

    def back(self, x: float, y: float) -> tuple[float, float]:
        """A point of the plane in the system asked for."""
        if self.plane == self.crs:
            return x, y
        east, north = project([x], [y], from_crs=self.plane, to_crs=self.crs)
        return float(east[0]), float(north[0])

    @property
    def facts(self) -> dict[str, Any]:
        """What was read, for the answer."""
        n = len(self.rows)
        return {"file": self.table.name, "rows": self.n_rows, "used": n, "left_out": self.n_rows - n, "crs": self.crs}

    def numbers(self, name: str) -> Floats:
        return self.table.numbers(name)[self.rows]

    def texts(self, name: str) -> pl.Series:
        return self.table.texts(name).gather(self.rows)


@dataclass(frozen=True)
class Asked:
    """The file, and the options that all methods have in common."""

    file: Path
    x: str
    y: str
    t: str
    category: str
    only: Sequence[str]
    crs: str
    layer: str | None
    seed: int

    @cached_property
    def table(self) -> Table:
        return read_table(self.file, layer=self.layer)

    def events(self, *, places: bool = True, times: bool = True, degrees: bool = False) -> Events:
        """Rows of the wanted categories. A row without the place or time that is needed is left out and counted.

        Degrees, if allowed, are what a system such as EPSG:4326 gives; else it is refused.
        """
        table = self.table
        kept = np.ones(len(table), dtype=np.bool_)
        if self.only:
            kept &= table.texts(self.category).is_in(list(self.only)).fill_null(False).to_numpy()
        n_rows = int(kept.sum())
        x = y = np.zeros(len(table))
        in_degrees = False
        if places:
            in_degrees = _are_degrees(self.crs, allowed=degrees)
            x, y = self._points()
            if in_degrees:
                _check_degrees(table, x, y, (self.x, self.y))
            kept &= ~(np.isnan(x) | np.isnan(y))
        moments = table.times(self.t) if times else None
        if moments is not None:
            kept &= ~np.isnan(moments.days)
        rows = np.flatnonzero(kept)
        chosen = moments and Times(
            days=moments.days[rows],
            seconds=moments.seconds[rows],
            are_dates=moments.are_dates,
            hour_known=moments.hour_known[rows],
        )
        return Events(table, rows, n_rows, self.crs, x[rows], y[rows], chosen, in_degrees)

    def centres(self) -> tuple[Floats, Floats]:
        """The middle of every row's shape, or its point."""
        shapes = self.table.shapes
        if shapes is None or (self.table.has(self.x) and self.table.has(self.y)):
            _are_degrees(self.crs, allowed=False)
            return self._points()
        import shapely

        _are_degrees(self.crs, allowed=False)
        x, y = _xy(shapely.centroid(shapes))
        return self._projected(x, y, self.table.crs) if self.table.crs else (x, y)

    def facts(self) -> dict[str, Any]:
        """What was read when every row counts."""
        return {"file": self.table.name, "rows": len(self.table)}

    def _points(self) -> tuple[Floats, Floats]:
        """Easting and northing of every row in the wanted system; NaN where missing."""
        table = self.table
        if table.has(self.x) and table.has(self.y):
            x, y = table.numbers(self.x), table.numbers(self.y)
            if self.x.casefold() in LONGITUDES and self.y.casefold() in LATITUDES:
                return self._of_degrees(table, x, y, (self.x, self.y))
            if _look_like_degrees(self.crs, x, y):
                refuse(
                    f'"{self.x}" and "{self.y}" are degrees, not metres of {self.crs}. Call them lon and lat.',
                    field="x",
                )
            return x, y
        if table.shapes is not None:
            return self._of_shapes(table)
        lon, lat = (_first(table, names) for names in (LONGITUDES, LATITUDES))
        if lon is None or lat is None:
            table.refuse_missing(self.y if table.has(self.x) else self.x)
        return self._of_degrees(table, table.numbers(lon), table.numbers(lat), (lon, lat))

    def _of_degrees(self, table: Table, lon: Floats, lat: Floats, names: tuple[str, str]) -> tuple[Floats, Floats]:
        _check_degrees(table, lon, lat, names)
        return self._projected(lon, lat, WGS_84)

    def _of_shapes(self, table: Table) -> tuple[Floats, Floats]:
        import shapely

        if bool(np.any(shapely.get_type_id(table.shapes) > 0)):
            refuse(f"{table.name} must hold points. Got other shapes.", field="file")
        x, y = _xy(table.shapes)
        return self._projected(x, y, table.crs) if table.crs else (x, y)

    def _projected(self, x: Floats, y: Floats, from_crs: int | str) -> tuple[Floats, Floats]:
        lon, lat = project(x, y, from_crs=from_crs, to_crs=WGS_84)
        there = np.isfinite(lon) & np.isfinite(lat)
        if bool(there.any()) and not _near(self.crs, float(np.median(lon[there])), float(np.median(lat[there]))):
            turned = _near(self.crs, float(np.median(lat[there])), float(np.median(lon[there])))
            what = "Have lon and lat changed places?" if turned else "Choose a system in metres for it with --crs."
            refuse(f"The places lie outside the area of {self.crs}. {what}", field="crs")
        east, north = project(x, y, from_crs=from_crs, to_crs=self.crs)
        there = np.isfinite(east) & np.isfinite(north)
        return np.where(there, east, np.nan), np.where(there, north, np.nan)


def _xy(points: Any) -> tuple[Floats, Floats]:
    """Coordinates of points; NaN for those that are missing or empty."""
    import shapely

    there = np.where(shapely.is_empty(points), None, points)
    return np.asarray(shapely.get_x(there), dtype=np.float64), np.asarray(shapely.get_y(there), dtype=np.float64)


def _first(table: Table, names: Sequence[str]) -> str | None:
    return next((each for each in table.frame.columns if each.casefold() in names), None)


def _are_degrees(crs: str, *, allowed: bool) -> bool:
    """Whether the system is in degrees; what is neither metres nor allowed degrees is refused."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        system = CRS.from_user_input(crs)
    except CRSError:
        refuse(f'--crs must name a coordinate system such as EPSG:3006. Got "{crs}".', field="crs")
    if allowed and system.is_geographic:
        return True
    if not system.is_projected or any(axis.unit_conversion_factor != 1.0 for axis in system.axis_info[:2]):
        refuse(
            f"--crs must be a plane system in metres. Got {crs} ({system.name}). Degrees in lon and lat are projected.",
            field="crs",
        )
    return False


def _near(crs: str, lon: float, lat: float) -> bool:
    from pyproj import CRS

    area = CRS.from_user_input(crs).area_of_use
    if area is None or area.west > area.east:
        return True
    east_west = area.west - MARGIN_DEGREES <= lon <= area.east + MARGIN_DEGREES
    return east_west and area.south - MARGIN_DEGREES <= lat <= area.north + MARGIN_DEGREES


def _check_degrees(table: Table, lon: Floats, lat: Floats, names: tuple[str, str]) -> None:
    for values, most, name, what in ((lon, 360.0, names[0], "longitude"), (lat, 90.0, names[1], "latitude")):
        wrong = np.flatnonzero(np.abs(values) > most)
        if len(wrong):
            row = int(wrong[0]) + table.first_row
            refuse(f'Row {row}, column "{name}": {values[wrong[0]]:g} is no {what}.', field=name)


def _look_like_degrees(crs: str, x: Floats, y: Floats) -> bool:
    """Whether as degrees every place would lie in the area of a system for one part of the world, in either order."""
    from pyproj import CRS

    area = CRS.from_user_input(crs).area_of_use
    there = np.isfinite(x) & np.isfinite(y)
    if area is None or not 0 < area.east - area.west < WIDE_DEGREES or not bool(there.any()):
        return False
    return any(
        bool(np.all((lon >= area.west) & (lon <= area.east) & (lat >= area.south) & (lat <= area.north)))
        for lon, lat in ((x[there], y[there]), (y[there], x[there]))
    )
