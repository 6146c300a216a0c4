"""GeoPackage: the points of one layer and their attributes, in the system the file states."""

from __future__ import annotations

import sqlite3
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import shapely
from django.utils.translation import gettext_lazy as _

from lagesbild.core.errors import UserError
from lagesbild.observations.importing.delimited import long_cells, too_many_columns, too_many_rows
from lagesbild.observations.importing.limits import MEBIBYTE, Limits
from lagesbild.observations.importing.problems import empty_problems, problem_frame
from lagesbild.observations.importing.raw import GEOM_X, GEOM_Y, RawTable

POINT, MULTIPOINT = 0, 4


def read_geopackage(path: Path, *, limits: Limits, sheet: str | None = None) -> RawTable:
    """One layer. Only plain tables are read: views and virtual tables would run what the file says."""
    if path.stat().st_size > limits.max_bytes:
        raise UserError(
            "import.file_too_large",
            _("The file is {size} MB; at most {limit} MB can be read. Split it, for example by year."),
            size=f"{path.stat().st_size / MEBIBYTE:.0f}",
            limit=f"{limits.max_bytes / MEBIBYTE:.0f}",
        )
    layers = _layers(path, limits=limits)
    if sheet is not None and sheet not in layers:
        raise UserError("import.layer_missing", _('The file has no layer "{layer}".'), field="sheet", layer=sheet)
    if not layers:
        raise UserError("import.file_without_rows", _("The file holds no incidents."))
    layer = sheet or layers[0]
    meta, fids, geometry, values = _read(path, layer, limits=limits)
    return _table(meta, fids, geometry, values, layers=tuple(layers), layer=layer, limits=limits)


def _layers(path: Path, *, limits: Limits) -> list[str]:
    """Names of the layers that are plain tables; those with points first."""
    own_views = (
        "SELECT name FROM sqlite_master WHERE name LIKE 'gpkg%' AND (type = 'view' OR sql LIKE 'CREATE VIRTUAL%')"
    )
    query = """
        SELECT c.table_name, m.sql, upper(coalesce(g.geometry_type_name, ''))
        FROM gpkg_contents AS c
        JOIN sqlite_master AS m ON m.name = c.table_name AND m.type = 'table'
        LEFT JOIN gpkg_geometry_columns AS g ON g.table_name = c.table_name
        WHERE c.data_type IN ('features', 'attributes')
    """
    try:
        database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        database.text_factory = lambda raw: raw.decode("utf-8", "replace")
        try:
            if database.execute(own_views).fetchone():
                raise _unreadable()
            found = database.execute(query).fetchmany(limits.max_columns)
        finally:
            database.close()
    except (sqlite3.Error, UnicodeDecodeError) as error:  # the text of its own error may be cut out of the file
        raise _unreadable() from error
    plain = [
        (name, kind)
        for name, sql, kind in found
        if isinstance(name, str) and isinstance(sql, str) and sql.upper().startswith("CREATE TABLE")
    ]
    return [name for name, kind in sorted(plain, key=lambda each: "POINT" not in each[1])]


def _read(path: Path, layer: str, *, limits: Limits) -> tuple[dict[str, Any], Any, Any, list[Any]]:
    import pyogrio  # here, because most processes never read one and it takes long to load
    import pyogrio.errors

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # a file name without .gpkg
            meta, fids, geometry, values = pyogrio.raw.read(
                f"GPKG:{path.absolute()}",
                layer=layer,
                return_fids=True,
                datetime_as_string=True,
                max_features=limits.max_rows + 1,
            )
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError, RuntimeError) as error:
        raise _unreadable() from error
    if len(fids) > limits.max_rows:
        raise too_many_rows(len(fids), limits)
    if len(meta["fields"]) > limits.max_columns:
        raise too_many_columns(len(meta["fields"]), limits)
    return meta, fids, geometry, list(values)


def _table(
    meta: dict[str, Any],
    fids: Any,
    geometry: Any,
    values: list[Any],
    *,
    layers: tuple[str, ...],
    layer: str,
    limits: Limits,
) -> RawTable:
    fields = [str(name) for name in meta["fields"]]
    columns = [_text(name, each) for name, each in zip(fields, values, strict=True)]
    if "fid" not in (name.lower() for name in fields):
        columns.insert(0, pl.Series("fid", np.asarray(fids)).cast(pl.String))
    rows = pl.int_range(1, len(fids) + 1, dtype=pl.UInt32, eager=True)
    problems = []
    if geometry is not None:
        x, y, refused = _points(geometry)
        columns += [x, y]
        bad = refused.is_not_null()
        problems.append(
            problem_frame(
                rows=rows.filter(bad),
                code="import.geometry_refused",
                column=None,
                values=refused.filter(bad),
                detail=None,
            )
        )
    frame = pl.DataFrame([each for each in columns if each.name not in (GEOM_X, GEOM_Y) or each.dtype == pl.Float64])
    problems += long_cells(frame, rows, limits=limits)
    crs = meta.get("crs")
    return RawTable(
        frame,
        "gpkg",
        1,
        sheets=layers,
        sheet=layer,
        crs=str(crs) if crs else None,
        problems=pl.concat(problems) if problems else empty_problems(),
    )


def _text(name: str, values: Any) -> pl.Series:
    """A field as text; missing values are null."""
    if values.dtype == object:
        clean = [None if each is None else str(each).replace("\x00", "") for each in values]
        return pl.Series(name, [each and each.encode("utf-8", "replace").decode() for each in clean], dtype=pl.String)
    return (
        pl.Series(name, values).fill_nan(None).cast(pl.String)
        if values.dtype.kind == "f"
        else pl.Series(name, values).cast(pl.String)
    )


def _points(wkb: Any) -> tuple[pl.Series, pl.Series, pl.Series]:
    """East and north of every point, and the kind of every geometry that is none."""
    shapes = shapely.from_wkb(wkb, on_invalid="ignore")
    kinds = shapely.get_type_id(shapes)
    single = (kinds == MULTIPOINT) & (shapely.get_num_geometries(shapes) == 1)
    shapes = np.where(single, shapely.get_geometry(shapes, 0), shapes)
    kinds = np.where(single, POINT, kinds)
    is_point = kinds == POINT
    x = np.where(is_point, shapely.get_x(shapes), np.nan)
    y = np.where(is_point, shapely.get_y(shapes), np.nan)
    names = [None if kind in (-1, POINT) else str(shape.geom_type) for kind, shape in zip(kinds, shapes, strict=True)]
    return (
        pl.Series(GEOM_X, x).fill_nan(None),
        pl.Series(GEOM_Y, y).fill_nan(None),
        pl.Series("kind", names, dtype=pl.String),
    )


def _unreadable() -> UserError:
    return UserError(
        "import.geopackage_unreadable",
        _("The file is not a GeoPackage that can be read; it may be cut off or damaged."),
    )
