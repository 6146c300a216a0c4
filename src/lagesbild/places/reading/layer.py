"""From a file to rows: names of fields, their values, and geometries as the file has them.

What a file is is told from its content, never from its name alone. The reading of coordinate systems and the
checking of boundaries live beside this.
"""

from __future__ import annotations

import json
import math
import re
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from lagesbild.core.errors import UserError
from lagesbild.places.reading.limits import DEFAULT_LIMITS, Limits

Geometries = NDArray[np.object_]
SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


@dataclass(frozen=True)
class Layer:
    """Rows of a file. ``crs`` is what the file says of itself: an authority's code, WKT or PROJJSON; None if nothing.

    ``unreadable`` marks rows whose geometry was there but could not be read.
    """

    kind: str
    fields: Mapping[str, Sequence[Any]]
    geometries: Geometries
    unreadable: NDArray[np.bool_]
    crs: str | None
    layers: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.geometries)


def read_layer(path: Path, *, layer: str | None = None, limits: Limits = DEFAULT_LIMITS) -> Layer:
    """Read GeoJSON, GeoPackage, GeoParquet, or a Shapefile (zipped, or beside its parts).

    Raises
    ------
    UserError
        If the file is none of these, is damaged, or is larger than ``limits``.
    """
    size = path.stat().st_size
    if size > limits.max_bytes:
        raise UserError(
            "places.file_too_large",
            _("The file is {size_mb} MB; the largest that is read is {limit_mb} MB."),
            "file",
            size_mb=math.ceil(size / 1e6),
            limit_mb=limits.max_bytes // 10**6,
        )
    read = _check_size(_read(path, layer, limits), limits)
    return read


def _read(path: Path, layer: str | None, limits: Limits) -> Layer:
    with path.open("rb") as stream:
        head = stream.read(4096)
    if head.startswith(b"PK\x03\x04"):
        with _unpacked(path, limits) as inner:
            return _read(inner, layer, limits)
    if head.startswith(b"SQLite format 3\x00"):
        return _with_name(path, ".gpkg", layer, limits)
    if head.startswith(b"\x00\x00\x27\x0a"):
        return _shapefile(path, limits)
    if head.startswith(b"PAR1"):
        return _geoparquet(path, limits)
    if head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        return _geojson(path, limits)
    raise UserError(
        "places.unknown_file",
        _("“{name}” is no file of areas that can be read. Use GeoJSON, GeoPackage, GeoParquet or a zipped Shapefile."),
        "file",
        name=path.name,
    )


def _check_size(layer: Layer, limits: Limits) -> Layer:
    vertices = int(shapely.get_num_coordinates(layer.geometries).sum())
    if len(layer) > limits.max_features or vertices > limits.max_vertices or len(layer.fields) > limits.max_fields:
        raise _too_much(limits)
    if not len(layer):
        raise UserError("places.file_empty", _("The file holds no areas."), "file")
    return layer


def _too_much(limits: Limits) -> UserError:
    return UserError(
        "places.file_too_much",
        _("The file holds more than is read: at most {features} rows, {fields} fields and {vertices} points."),
        "file",
        features=limits.max_features,
        fields=limits.max_fields,
        vertices=limits.max_vertices,
    )


def _damaged(reason: object) -> UserError:
    return UserError("places.file_damaged", _("The file is damaged: {reason}"), "file", reason=str(reason)[:300])


# GeoJSON is read by ourselves: the general driver is slower to refuse, and guesses.
def _geojson(path: Path, limits: Limits) -> Layer:
    try:
        document = json.loads(path.read_text("utf-8-sig"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise _damaged(error) from error
    features = _features(document)
    if len(features) > limits.max_features:
        raise _too_much(limits)
    geometries, unreadable = _geojson_geometries([feature.get("geometry") for feature in features])
    return Layer(
        kind="geojson",
        fields=_columns([feature.get("properties") or {} for feature in features]),
        geometries=geometries,
        unreadable=unreadable,
        crs=_geojson_crs(document),
    )


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number")


def _features(document: object) -> list[dict[str, Any]]:
    if isinstance(document, dict):
        kind = document.get("type")
        if kind == "FeatureCollection" and isinstance(document.get("features"), list):
            rows: list[dict[str, Any]] = document["features"]
            if all(isinstance(row, dict) and isinstance(row.get("properties") or {}, dict) for row in rows):
                return rows
        elif kind == "Feature" and isinstance(document.get("properties") or {}, dict):
            return [document]
    raise _damaged(_("it is JSON, but no GeoJSON FeatureCollection."))


def _columns(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    names = dict.fromkeys(str(name) for row in rows for name in row)
    return {name: [row.get(name) for row in rows] for name in names}


def _geojson_geometries(geometries: list[Any]) -> tuple[Geometries, NDArray[np.bool_]]:
    """One call for all; ``from_geojson`` answers None for what it cannot read."""
    texts = np.array([None if geometry is None else json.dumps(geometry) for geometry in geometries], dtype=object)
    read: Geometries = np.asarray(shapely.from_geojson(texts, on_invalid="ignore"), dtype=object).reshape(-1)
    unreadable = np.array([text is not None for text in texts], dtype=bool) & shapely.is_missing(read)
    return shapely.force_2d(read), unreadable


def _geojson_crs(document: Any) -> str | None:
    """The old ``crs`` member if there; else None, which for GeoJSON means WGS 84 unless the numbers say otherwise."""
    member = document.get("crs")
    if not isinstance(member, dict):
        return None
    name = (member.get("properties") or {}).get("name") if isinstance(member.get("properties"), dict) else None
    if not isinstance(name, str):
        return None
    return "EPSG:4326" if name.upper().endswith("CRS84") else name


def _geoparquet(path: Path, limits: Limits) -> Layer:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
        unpacked = sum(file.metadata.row_group(i).total_byte_size for i in range(file.metadata.num_row_groups))
        if file.metadata.num_rows > limits.max_features or unpacked > limits.max_unpacked_bytes:
            raise _too_much(limits)
        geo = json.loads((file.schema_arrow.metadata or {}).get(b"geo", b"null"))
        if not isinstance(geo, dict):
            raise _damaged(_("it is Parquet without a description of geometry (GeoParquet)."))
        column = str(geo["primary_column"])
        description = geo["columns"][column]
        table = file.read()
        values = table.column(column).to_pylist()
        fields = {name: table.column(name).to_pylist() for name in table.column_names if name != column}
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(error) from error
    crs = description.get("crs", "OGC:CRS84")  # absent means longitude and latitude, null means unknown
    geometries, unreadable = _from_wkb(values)
    return Layer(
        kind="geoparquet",
        fields=fields,
        geometries=geometries,
        unreadable=unreadable,
        crs=json.dumps(crs) if isinstance(crs, dict) else crs,
    )


def _from_wkb(values: Sequence[bytes | None]) -> tuple[Geometries, NDArray[np.bool_]]:
    texts = np.empty(len(values), dtype=object)
    texts[:] = [value if isinstance(value, bytes) else None for value in values]
    read: Geometries = np.asarray(shapely.from_wkb(texts, on_invalid="ignore"), dtype=object).reshape(-1)
    there = np.array([value is not None for value in values], dtype=bool)
    return shapely.force_2d(read), there & shapely.is_missing(read)


def _ogr(path: Path, *, kind: str, layer: str | None, limits: Limits) -> Layer:
    """GeoPackage and Shapefile through GDAL. The caller gives a file whose content and ending agree."""
    import pyogrio
    import pyogrio.errors
    from pyogrio import raw

    try:
        names = tuple(str(name) for name, geometry in pyogrio.list_layers(path) if geometry is not None)
        chosen = _choose_layer(names, layer)
        info = pyogrio.read_info(path, layer=chosen, force_feature_count=True)
        if info["features"] > limits.max_features or len(info["fields"]) > limits.max_fields:
            raise _too_much(limits)
        meta, _ids, geometry, columns = raw.read(path, layer=chosen, force_2d=True, datetime_as_string=True)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError) as error:
        raise _damaged(_without_path(str(error), path)) from error
    except (ValueError, RuntimeError, UnicodeError) as error:
        raise _damaged(_without_path(str(error), path)) from error
    geometries, unreadable = _from_wkb(list(geometry))
    fields = {str(name): list(values) for name, values in zip(meta["fields"], columns, strict=True)}
    return Layer(
        kind=kind, fields=fields, geometries=geometries, unreadable=unreadable, crs=meta["crs"] or None, layers=names
    )


def _choose_layer(names: tuple[str, ...], wanted: str | None) -> str:
    if not names:
        raise _damaged(_("it holds no layer with geometry."))
    if wanted is None and len(names) == 1:
        return names[0]
    if wanted in names:
        return str(wanted)
    raise UserError(
        "places.choose_layer",
        _("The file has several layers: {layers}. Say which one."),
        "layer",
        layers=", ".join(names),
        names=names,
    )


def _without_path(message: str, path: Path) -> str:
    return re.sub(r"\s+", " ", message.replace(str(path), "…"))


def _with_name(path: Path, suffix: str, layer: str | None, limits: Limits) -> Layer:
    """GDAL chooses its driver by ending too: give it a link whose ending says what the content is."""
    with tempfile.TemporaryDirectory(prefix="lagesbild-") as folder:
        link = Path(folder) / f"areas{suffix}"
        link.symlink_to(path.resolve())
        return _ogr(link, kind="gpkg", layer=layer, limits=limits)


def _shapefile(path: Path, limits: Limits) -> Layer:
    parts = {sibling.suffix.lower(): sibling for sibling in path.parent.iterdir() if sibling.stem == path.stem}
    missing = [suffix for suffix in (".shx", ".dbf") if suffix not in parts]
    if missing:
        raise UserError(
            "places.shapefile_incomplete",
            _("A Shapefile is several files, and {missing} is missing. Pack them all in one zip."),
            "file",
            missing=", ".join(missing),
        )
    with tempfile.TemporaryDirectory(prefix="lagesbild-") as folder:
        for suffix in SHAPEFILE_PARTS:
            if suffix in parts:
                (Path(folder) / f"areas{suffix}").symlink_to(parts[suffix].resolve())
        (Path(folder) / "areas.shp").unlink()
        (Path(folder) / "areas.shp").symlink_to(path.resolve())
        return _ogr(Path(folder) / "areas.shp", kind="shapefile", layer=None, limits=limits)


@contextmanager
def _unpacked(path: Path, limits: Limits) -> Iterator[Path]:
    """The one file of areas in a zip, unpacked with its parts under names of our own."""
    with tempfile.TemporaryDirectory(prefix="lagesbild-") as folder:
        try:
            with zipfile.ZipFile(path) as archive:
                yield _unpack(archive, Path(folder), limits)
        except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError) as error:
            raise _damaged(error) from error


def _unpack(archive: zipfile.ZipFile, folder: Path, limits: Limits) -> Path:
    members = [member for member in archive.infolist() if not member.is_dir() and "__MACOSX" not in member.filename]
    if len(archive.infolist()) > limits.max_members or sum(m.file_size for m in members) > limits.max_unpacked_bytes:
        raise _too_much(limits)
    main = [m for m in members if PurePosixPath(m.filename).suffix.lower() in (".shp", ".gpkg", ".geojson", ".json")]
    if len(main) != 1:
        raise UserError(
            "places.zip_not_one",
            _("The zip must hold exactly one Shapefile, GeoPackage or GeoJSON file. It holds {count}."),
            "file",
            count=len(main),
        )
    stem = str(PurePosixPath(main[0].filename).with_suffix(""))
    left = limits.max_unpacked_bytes
    for member in members:
        name = PurePosixPath(member.filename)
        if member is main[0] or (str(name.with_suffix("")) == stem and name.suffix.lower() in SHAPEFILE_PARTS):
            left -= _unpack_one(archive, member, folder / f"areas{name.suffix.lower()}", left, limits)
    return folder / f"areas{PurePosixPath(main[0].filename).suffix.lower()}"


def _unpack_one(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, left: int, limits: Limits) -> int:
    """Copy slice by slice and stop at the limit: the size that the zip states may be a lie."""
    if member.flag_bits & 0x1:
        raise _damaged(_("it is locked with a password."))
    with archive.open(member) as source, target.open("wb") as copy:
        written = 0
        while part := source.read(1 << 20):
            written += len(part)
            if written > left:
                raise _too_much(limits)
            copy.write(part)
    return written
