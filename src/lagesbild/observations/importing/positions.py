"""Where it happened: coordinates in any system become metres in the collaboration's own, all in one call."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import polars as pl
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError

from lagesbild.core.errors import UserError
from lagesbild.core.geo import WGS_84, project
from lagesbild.observations.importing.columns import text_of
from lagesbild.observations.importing.dates import BLANKS
from lagesbild.observations.importing.mapping import Mapping
from lagesbild.observations.importing.problems import WARNING, ProblemLog
from lagesbild.observations.importing.raw import GEOM_X, GEOM_Y, RawTable

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Bounds = tuple[float, float, float, float]

PAIR = r"^\(?\s*([+-]?[0-9]+(?:[.,][0-9]+)?)\s*[;\s]\s*([+-]?[0-9]+(?:[.,][0-9]+)?)\s*\)?$"
PAIR_COMMA = r"^\(?\s*([+-]?[0-9]+(?:\.[0-9]+)?)\s*,\s*([+-]?[0-9]+(?:\.[0-9]+)?)\s*\)?$"
WKT_POINT = r"(?i)^(?:SRID=[0-9]+;)?\s*POINT\s*Z?\s*\(\s*([+-]?[0-9.]+)\s+([+-]?[0-9.]+)[^)]*\)$"
DEGREES_MARGIN = 3.0
"""How far outside its stated area of use a projection is still trusted [degrees]."""
MOST = 0.5


@dataclass(frozen=True)
class Where:
    """East and north in the working system; NaN where withheld."""

    x: pl.Series
    y: pl.Series
    withheld: pl.Series
    shown: pl.Series
    """The coordinates as the file writes them."""


def read_where(
    raw: RawTable, mapping: Mapping, *, working_crs: int | str, bounds: Bounds | None, log: ProblemLog
) -> Where:
    """Read, project and check every position."""
    if mapping.x is None and mapping.xy is None:
        nowhere = pl.repeat(None, raw.frame.height, dtype=pl.Float64, eager=True)
        return Where(nowhere, nowhere, nowhere.is_null(), nowhere.cast(pl.String))
    crs = _horizontal_crs(mapping.crs or raw.crs or working_crs)
    shown, label = _shown(raw, mapping)
    x, y, wrong = _numbers(raw, mapping, example="59.33" if crs.is_geographic else "6580822", log=log)
    if mapping.swap_axes:
        x, y = y, x
    withheld = _withheld(x, y) & ~wrong
    x, y = x.set(withheld, None), y.set(withheld, None)
    east, north = _projected(x, y, crs, working_crs)
    inside = _in_use(east, north, working_crs)
    outside = ~np.isnan(x.fill_null(np.nan).to_numpy()) & ~np.isnan(y.fill_null(np.nan).to_numpy()) & ~inside
    placed = int((x.is_not_null() & y.is_not_null()).sum())
    if outside.any():
        _log_outside(x, y, outside, placed, crs=crs, working_crs=working_crs, shown=shown, label=label, log=log)
    px, py = pl.Series(east).fill_nan(None), pl.Series(north).fill_nan(None)
    if bounds is not None:
        _log_beyond(px, py, pl.Series(inside), bounds, shown=shown, label=label, log=log)
    return Where(px, py, withheld, shown)


@lru_cache(maxsize=64)
def known_crs(name: int | str) -> CRS:
    """A coordinate system by EPSG number or name. Raises ``UserError`` for what pyproj does not know."""
    text = str(name).strip()
    try:
        return CRS.from_user_input(int(text) if text.isdigit() else text)
    except CRSError as error:
        raise UserError(
            "import.crs_unknown",
            _('"{crs}" is no known coordinate system. Write its EPSG number, like EPSG:3006.'),
            field="crs",
            crs=text,
        ) from error


def read_numbers(texts: pl.Series, *, decimal: str) -> pl.Series:
    """Decimal numbers with point or comma, thousands set apart by spaces; null for anything else.

    With "auto" each value tells by itself (the last sign is the decimal one, a repeated sign is not); only a single
    sign before exactly three figures is judged by the whole column.
    """
    text = texts.str.replace_all(r"[\s\u00a0\u202f']", "").str.replace("−", "-", literal=True)
    pointed = _pointed(text, pl.lit(decimal) if decimal != "auto" else _own_decimal(guess_decimal(text)))
    plain = pointed.str.contains(r"^[+-]?[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]{1,3})?$|^[+-]?[0-9]+\.$")
    return pointed.set(~plain, None).cast(pl.Float64, strict=False)


def guess_decimal(texts: pl.Series) -> str:
    """Comma if more values end in a comma and figures than in a point and figures."""
    comma = texts.str.contains(r"^[+-]?[0-9.]*,[0-9]+$").sum()
    point = texts.str.contains(r"^[+-]?[0-9,]*\.[0-9]+$").sum()
    return "," if comma > point else "."


def _own_decimal(column: str) -> pl.Expr:
    """The decimal sign of each value; ``column`` is that of most values."""
    text = pl.col("text")
    points, commas = text.str.count_matches(".", literal=True), text.str.count_matches(",", literal=True)
    by_last = pl.when(text.str.contains(r",[^.]*$")).then(pl.lit(",")).otherwise(pl.lit("."))
    return (
        pl.when((points > 0) & (commas > 0))
        .then(by_last)
        .when((points > 1) | (commas > 1))
        .then(pl.when(points > 1).then(pl.lit(",")).otherwise(pl.lit(".")))
        .when(text.str.contains(r"^[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}$"))
        .then(pl.lit(column))
        .otherwise(by_last)
    )


def _pointed(texts: pl.Series, decimal: pl.Expr) -> pl.Series:
    """Thousands signs taken away and a point as decimal sign."""
    text = pl.col("text")
    from_comma = text.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    from_point = text.str.replace_all(",", "", literal=True)
    return (
        pl.DataFrame({"text": texts}).select(pl.when(decimal == ",").then(from_comma).otherwise(from_point)).to_series()
    )


def read_pairs(texts: pl.Series) -> pl.DataFrame:
    """``x`` and ``y`` out of "59.33,18.07" (latitude first), "59,33; 18,07" or "POINT(18.07 59.33)"."""
    text = pl.col("text")
    north = pl.coalesce(text.str.extract(PAIR_COMMA, 1), text.str.extract(PAIR, 1), text.str.extract(WKT_POINT, 2))
    east = pl.coalesce(text.str.extract(PAIR_COMMA, 2), text.str.extract(PAIR, 2), text.str.extract(WKT_POINT, 1))
    numbers = [each.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False) for each in (east, north)]
    return pl.DataFrame({"text": texts}).select(x=numbers[0], y=numbers[1])


def area_of_use(crs: int | str) -> Bounds | None:
    """Longitudes and latitudes (west, south, east, north) the system is made for, with a margin."""
    area = known_crs(crs).area_of_use
    if area is None or area.west > area.east:
        return None
    m = DEGREES_MARGIN
    return area.west - m, area.south - m, area.east + m, area.north + m


def _shown(raw: RawTable, mapping: Mapping) -> tuple[pl.Series, str]:
    """Both coordinates as the file writes them, and the names of their columns."""
    if mapping.xy is not None:
        return text_of(raw, mapping.xy), mapping.xy
    both = pl.concat_str(
        pl.lit(text_of(raw, mapping.y)), pl.lit(text_of(raw, mapping.x)), separator=", ", ignore_nulls=True
    )
    return pl.select(both).to_series(), f"{mapping.y}, {mapping.x}"


def _horizontal_crs(name: int | str) -> CRS:
    """A system that says where on the ground; one for heights or for a drawing board does not."""
    crs = known_crs(name)
    if not (crs.is_geographic or crs.is_projected):
        raise UserError(
            "import.crs_unusable",
            _('"{crs}" does not say where on Earth the coordinates are. Choose the coordinate system of the file.'),
            field="crs",
            crs=str(crs.name),
        )
    return crs


def _numbers(
    raw: RawTable, mapping: Mapping, *, example: str, log: ProblemLog
) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Both coordinates, and which rows had something in their place that is none."""
    if mapping.xy is not None:
        shown = text_of(raw, mapping.xy)
        text = _without_blanks(shown)
        pairs = read_pairs(text)
        wrong = text.is_not_null() & (pairs["x"].is_null() | pairs["y"].is_null())
        log.add(wrong, "import.coordinate_refused", column=mapping.xy, values=shown, detail="59.3293, 18.0686")
        return pairs["x"], pairs["y"], wrong
    read = []
    wrong = pl.repeat(False, raw.frame.height, dtype=pl.Boolean, eager=True)
    for column in (mapping.x, mapping.y):
        if column in (GEOM_X, GEOM_Y) and raw.frame[column].dtype == pl.Float64:
            read.append(raw.frame[column].fill_nan(None))
            continue
        shown = text_of(raw, column)
        text = _without_blanks(shown)
        number = read_numbers(text, decimal=mapping.decimal)
        number = number.set(~number.is_finite().fill_null(value=True), None)
        refused = text.is_not_null() & number.is_null()
        log.add(refused, "import.coordinate_refused", column=column, values=shown, detail=example)
        wrong = wrong | refused
        read.append(number)
    x, y = read
    half = (x.is_null() != y.is_null()) & ~wrong
    log.add(half, "import.coordinate_half", column=f"{mapping.y}, {mapping.x}")
    return x, y, wrong | half


def _without_blanks(texts: pl.Series) -> pl.Series:
    return texts.set(texts.str.to_lowercase().is_in(list(BLANKS)), None)


def _withheld(x: pl.Series, y: pl.Series) -> pl.Series:
    """Blank or (0, 0): the source keeps the place to itself."""
    zero = ((x == 0) & (y == 0)).fill_null(value=False)
    return zero | (x.is_null() & y.is_null())


def _projected(x: pl.Series, y: pl.Series, crs: CRS, working_crs: int | str) -> tuple[Floats, Floats]:
    xs = x.fill_null(np.nan).to_numpy()
    ys = y.fill_null(np.nan).to_numpy()
    if crs == known_crs(working_crs):
        return xs.copy(), ys.copy()
    px, py = project(xs, ys, from_crs=crs.to_wkt(), to_crs=known_crs(working_crs).to_wkt())
    return np.where(np.isfinite(px), px, np.nan), np.where(np.isfinite(py), py, np.nan)


def _in_use(east: Floats, north: Floats, working_crs: int | str) -> Bools:
    """Which positions the working system can describe."""
    finite = np.isfinite(east) & np.isfinite(north)
    area = area_of_use(working_crs)
    if area is None:
        return finite
    west, south, east_most, north_most = _frame_around(area, working_crs)
    inside: Bools = finite & (east >= west) & (east <= east_most) & (north >= south) & (north <= north_most)
    return inside


def _frame_around(area: Bounds, working_crs: int | str) -> Bounds:
    """The rectangle in working metres that holds the whole area of use."""
    west, south, east, north = area
    lon = np.concatenate([np.linspace(west, east, 9)] * 2 + [np.full(9, west), np.full(9, east)])
    side = np.linspace(max(south, -89), min(north, 89), 9)
    lat = np.concatenate([np.full(9, side[0]), np.full(9, side[-1]), side, side])
    px, py = project(lon, lat, from_crs=WGS_84, to_crs=known_crs(working_crs).to_wkt())
    px, py = px[np.isfinite(px)], py[np.isfinite(py)]
    return float(px.min()), float(py.min()), float(px.max()), float(py.max())


def _log_outside(
    x: pl.Series,
    y: pl.Series,
    outside: Bools,
    placed: int,
    *,
    crs: CRS,
    working_crs: int | str,
    shown: pl.Series,
    label: str,
    log: ProblemLog,
) -> None:
    """Impossible positions: one message if the whole file is wrong, else one per row; swapped axes are named so."""
    mask = pl.Series(outside)
    turned = _in_use(*_projected(y.set(~mask, None), x.set(~mask, None), crs, working_crs), working_crs)
    swapped = pl.Series(turned) & mask
    system = str(known_crs(working_crs).name)
    for hits, code in ((swapped, "import.axes_swapped"), (mask & ~swapped, "import.system_wrong")):
        if placed > 1 and int(hits.sum()) > MOST * placed:
            log.add_file(code, column=label, value=str(int(hits.sum())), detail=system)
            log.refuse(hits)
        elif code == "import.axes_swapped":
            log.add(hits, "import.coordinate_swapped", column=label, values=shown)
        else:
            log.add(hits, "import.coordinate_impossible", column=label, values=shown, detail=system)


def _log_beyond(
    x: pl.Series, y: pl.Series, inside: pl.Series, bounds: Bounds, *, shown: pl.Series, label: str, log: ProblemLog
) -> None:
    west, south, east, north = bounds
    beyond = ((x < west) | (x > east) | (y < south) | (y > north)).fill_null(value=False) & inside
    log.add(beyond, "import.coordinate_outside", column=label, values=shown, severity=WARNING)
