"""Which coordinate system a file is in, and whether that can be true.

The test is the region where the collaboration's working coordinates are meant to be used (Sweden for SWEREF 99 TM): a
file that lands elsewhere has another system than it says, or north before east.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError

from lagesbild.core.errors import UserError
from lagesbild.core.geo import WGS_84, Floats, project
from lagesbild.places.reading.remarks import Remark

# What Swedish files come in: SWEREF 99 TM and its twelve zones, RT 90, WGS 84 and the map web's Mercator.
COMMON_CRS = (3006, *range(3007, 3019), 3021, WGS_84, 3857)
REGION_MARGIN_DEGREES = 1.0  # boundaries at sea reach a little outside
USE_MARGIN_DEGREES = 3.0  # zones are used somewhat beyond their own strip
ALMOST_ALL = 0.99
CANDIDATES_SHOWN = 6


@dataclass(frozen=True)
class Reading:
    """How the numbers of a file are to be understood."""

    crs: CRS
    swapped: bool
    remarks: tuple[Remark, ...]

    @property
    def label(self) -> str:
        return label(self.crs)


def parse_crs(text: str | int) -> CRS:
    """A coordinate system from "EPSG:3011", "3011", a name or WKT; `UserError` if unknown."""
    try:
        return _parse(str(text).strip())
    except CRSError as error:
        raise UserError(
            "places.unknown_crs",
            _("“{value}” is no coordinate system that is known. Write its EPSG number, such as EPSG:3006."),
            "crs",
            value=str(text)[:60],
        ) from error


@lru_cache(maxsize=64)
def _parse(text: str) -> CRS:
    return CRS.from_user_input(int(text) if text.isascii() and text.isdigit() else text)


def label(crs: CRS) -> str:
    """ "EPSG:3011" if the system is in the register, else its name; at most 60 characters."""
    number = crs.to_epsg(min_confidence=60)
    return f"EPSG:{number}" if number else crs.name[:60]


def understand(x: Floats, y: Floats, *, stated: str | None, given: str | None, kind: str, working_crs: int) -> Reading:
    """Decide the coordinate system of points that stand for the rows (one each, finite).

    ``stated`` is what the file says, ``given`` what the person said; the person wins, and is told so.

    Raises
    ------
    UserError
        If neither says, or if the numbers cannot lie in the collaboration's region whichever way they are read.
    """
    remarks: list[Remark] = []
    if given:
        crs = parse_crs(given)
        if stated and not parse_crs(stated).equals(crs, ignore_axis_order=True):
            params = {"stated": label(parse_crs(stated)), "used": label(crs)}
            remarks.append(Remark("crs_replaced", params=params))
    else:
        crs = _stated(x, y, stated, kind=kind, working_crs=working_crs)
    swapped = _axes(x, y, crs, working_crs)
    if swapped:
        remarks.append(Remark("axes_swapped"))
        x, y = y, x
    if not _share(inside_use(x, y, crs)) >= 0.5:
        remarks.append(Remark("outside_use", params={"crs": f"{crs.name} ({label(crs)})"}))
    return Reading(crs, swapped, tuple(remarks))


def inside_region(x: Floats, y: Floats, crs: CRS, *, working_crs: int) -> NDArray[np.bool_]:
    """Which points lie where the working coordinates are meant to be used."""
    return _inside(x, y, crs, _parse(str(working_crs)), REGION_MARGIN_DEGREES)


def inside_use(x: Floats, y: Floats, crs: CRS) -> NDArray[np.bool_]:
    """Which points lie where ``crs`` itself is meant to be used; all, if it does not say."""
    return _inside(x, y, crs, crs, USE_MARGIN_DEGREES)


def _stated(x: Floats, y: Floats, stated: str | None, *, kind: str, working_crs: int) -> CRS:
    if stated:
        return parse_crs(stated)
    if kind == "geojson" and bool(np.all((np.abs(x) <= 180) & (np.abs(y) <= 180))):
        return _parse(str(WGS_84))
    raise UserError(
        "places.crs_missing",
        _("The file does not say its coordinate system. Choose one. {hint}"),
        "crs",
        hint=_hint(_candidates(x, y, working_crs)),
    )


def _axes(x: Floats, y: Floats, crs: CRS, working_crs: int) -> bool:
    """Whether x and y must change places; an error if the file is elsewhere both ways."""
    if _share(inside_region(x, y, crs, working_crs=working_crs)) >= 0.5:
        return False
    if _share(inside_region(y, x, crs, working_crs=working_crs)) >= ALMOST_ALL:
        return True
    raise UserError(
        "places.crs_wrong",
        _("With coordinate system {crs} the file lies outside {region}. {hint}"),
        "crs",
        crs=f"{crs.name} ({label(crs)})",
        region=_region(working_crs),
        hint=_hint(_candidates(x, y, working_crs)),
    )


def _region(working_crs: int) -> str:
    use = _parse(str(working_crs)).area_of_use
    return use.name.split(" - ")[0] if use else f"EPSG:{working_crs}"


def _candidates(x: Floats, y: Floats, working_crs: int) -> list[CRS]:
    """Common systems in which the numbers, either way round, would lie in the region."""
    found = []
    for number in dict.fromkeys((working_crs, *COMMON_CRS)):
        crs = _parse(str(number))
        for east, north in ((x, y), (y, x)):
            here = inside_region(east, north, crs, working_crs=working_crs) & inside_use(east, north, crs)
            if _share(here) >= ALMOST_ALL:
                found.append(crs)
                break
    return found


def _hint(candidates: Iterable[CRS]) -> str:
    names = [f"{crs.name} ({label(crs)})" for crs in candidates][:CANDIDATES_SHOWN]
    if not names:
        return str(_("None of the usual systems fits the numbers: ask who made the file."))
    return str(_("The numbers would fit: {names}.")).format(names=", ".join(names))


def _inside(x: Floats, y: Floats, crs: CRS, used_in: CRS, margin: float) -> NDArray[np.bool_]:
    use = used_in.area_of_use
    if use is None:
        return np.isfinite(x) & np.isfinite(y)
    lon, lat = project(x, y, from_crs=crs.to_wkt(), to_crs=WGS_84)
    lat_ok = (lat >= use.south - margin) & (lat <= use.north + margin)
    if use.west > use.east:  # over the date line
        return lat_ok & ((lon >= use.west - margin) | (lon <= use.east + margin))
    return lat_ok & (lon >= use.west - margin) & (lon <= use.east + margin)


def _share(inside: NDArray[np.bool_]) -> float:
    return float(inside.mean()) if inside.size else 1.0
