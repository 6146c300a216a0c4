"""JSON, GeoJSON and JSON Lines: objects become rows, nested names are joined with dots (``location.gps``).

Numbers keep the spelling of the file. Which column means what is not decided here.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast

import polars as pl
from django.utils.translation import gettext_lazy as _

from lagesbild.core.errors import UserError
from lagesbild.observations.importing.delimited import long_cells, too_many_columns, too_many_rows
from lagesbild.observations.importing.limits import MEBIBYTE, Limits
from lagesbild.observations.importing.problems import ProblemRows
from lagesbild.observations.importing.raw import GEOM_X, GEOM_Y, Kind, RawTable
from lagesbild.observations.importing.text import Text

LIST_NAMES = ("features", "events", "items", "data", "results", "records", "rows", "value", "incidents", "handelser")
MAX_DEPTH = 8
BATCH_ROWS = 50_000

Row = dict[str, str | float | None]


class NotJsonError(Exception):
    """The text is not JSON at all; another reader may take it."""

    def __init__(self, row: int, character: int) -> None:
        super().__init__(row, character)
        self.row = row
        self.character = character


def read_json(text: Text, *, limits: Limits) -> RawTable:
    """A list of objects, or an object that holds one. Raises ``NotJsonError`` if it cannot be parsed."""
    if len(text.data) > limits.max_tree_bytes:
        raise UserError(
            "import.json_too_large",
            _("A JSON file may be at most {limit} MB. Write it as JSON Lines (one object per line), or split it."),
            limit=limits.max_tree_bytes // MEBIBYTE,
        )
    try:
        tree = _decoder().decode(text.data.decode("utf-8").strip())
    except RecursionError as error:
        raise UserError("import.json_too_deep", _("The JSON is nested too deep to be a list of incidents.")) from error
    except json.JSONDecodeError as error:
        raise NotJsonError(error.lineno, error.colno) from error
    items = _items(tree)
    crs = (
        _stated_crs(tree)
        if any(isinstance(each, dict) and each.get("type") == "Feature" for each in items[:1])
        else None
    )
    return _table(enumerate(items, start=1), kind="json", encoding=text.encoding, crs=crs, limits=limits)


def looks_like_lines(data: bytes) -> bool:
    """Is the first line a whole object, with more lines after it?"""
    first, _newline, rest = data.lstrip().partition(b"\n")
    if not first.lstrip().startswith(b"{") or not rest.strip():
        return False
    try:
        return isinstance(_decoder().decode(first.decode("utf-8").strip()), dict)
    except (ValueError, RecursionError):
        return False


def read_json_lines(text: Text, *, limits: Limits) -> RawTable:
    """One object per line; lines that are not are listed as problems."""
    return _table(_lines(text.data), kind="jsonl", encoding=text.encoding, crs=None, limits=limits)


@dataclass(frozen=True)
class _BrokenLine:
    """A line that could not be parsed, and at which character."""

    character: int


def _lines(data: bytes) -> Iterator[tuple[int, object]]:
    decoder = _decoder()
    for number, line in enumerate(io.BytesIO(data), start=1):
        stripped = line.decode("utf-8").strip()
        if not stripped:
            continue
        try:
            yield number, decoder.decode(stripped)
        except json.JSONDecodeError as error:
            yield number, _BrokenLine(error.colno)
        except RecursionError:
            yield number, _BrokenLine(1)


def _decoder() -> json.JSONDecoder:
    """Numbers stay text, so that no digit is lost; NaN and Infinity are no values."""
    return json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=lambda _name: None)


def _items(tree: object) -> list[Any]:
    """The list of rows, wherever the file keeps it."""
    if isinstance(tree, list):
        return tree
    if isinstance(tree, dict):
        for name in LIST_NAMES:
            if isinstance(tree.get(name), list):
                return cast("list[Any]", tree[name])
        lists = [each for each in tree.values() if isinstance(each, list) and each and isinstance(each[0], dict)]
        return lists[0] if len(lists) == 1 else [tree]
    raise UserError(
        "import.json_without_rows",
        _("The JSON holds no list of objects. Each incident must be an object with named values."),
    )


def _stated_crs(tree: object) -> str:
    """GeoJSON is WGS 84; older files may name another system."""
    try:
        return str(tree["crs"]["properties"]["name"])  # type: ignore[index]
    except (KeyError, TypeError):
        return "EPSG:4326"


def _table(
    numbered: Iterable[tuple[int, object]], *, kind: Kind, encoding: str, crs: str | None, limits: Limits
) -> RawTable:
    rows: list[Row] = []
    numbers: list[int] = []
    frames: list[pl.DataFrame] = []
    problems = ProblemRows()
    columns: dict[str, None] = {}
    for number, item in numbered:
        row = _row(number, item, from_features=crs is not None, problems=problems)
        numbers.append(number)
        rows.append(row)
        columns.update(dict.fromkeys(row))
        if len(columns) > limits.max_columns:
            raise too_many_columns(len(columns), limits)
        if len(numbers) > limits.max_rows:
            raise too_many_rows(len(numbers), limits)
        if len(rows) == BATCH_ROWS:
            frames.append(_batch(rows))
            rows = []
    frames.append(_batch(rows))
    frame = pl.concat(frames, how="diagonal").select(*columns) if columns else pl.DataFrame()
    if not numbers or not columns:
        raise UserError("import.file_without_rows", _("The file holds no incidents."))
    counted = pl.Series("row", numbers, dtype=pl.UInt32)
    return RawTable(
        frame,
        kind,
        1,
        encoding=encoding,
        crs=crs,
        rows=counted,
        problems=pl.concat([problems.frame(), *long_cells(frame, counted, limits=limits)]),
    )


def _batch(rows: list[Row]) -> pl.DataFrame:
    names = dict.fromkeys(name for row in rows for name in row)
    return pl.DataFrame([_series(name, [row.get(name) for row in rows]) for name in names])


def _series(name: str, values: list[str | float | None]) -> pl.Series:
    dtype = pl.Float64 if name in (GEOM_X, GEOM_Y) and not any(isinstance(v, str) for v in values) else pl.String
    return pl.Series(name, [_clean(value) for value in values], dtype=dtype)


def _clean(value: str | float | None) -> str | float | None:
    """Text without zero bytes and half characters, which no database takes."""
    if isinstance(value, str) and not value.isascii():
        return value.encode("utf-8", "replace").decode("utf-8")
    return value


def _row(number: int, item: object, *, from_features: bool, problems: ProblemRows) -> Row:
    if not isinstance(item, dict):
        character = item.character if isinstance(item, _BrokenLine) else 1
        problems.add(number, "import.json_unreadable", detail=str(character))
        return {}
    if not from_features or item.get("type") != "Feature":
        return _flat(item)
    properties = item.get("properties")
    row = _flat(properties) if isinstance(properties, dict) else {}
    if "id" in item and "id" not in row:
        row["id"] = _text(item["id"])
    geometry = item.get("geometry")
    point = _point(geometry)
    if geometry is not None and point is None:
        kind = str(geometry.get("type")) if isinstance(geometry, dict) else type(geometry).__name__
        problems.add(number, "import.geometry_refused", value=kind)
    row[GEOM_X], row[GEOM_Y] = point or (None, None)
    return row


def _point(geometry: object) -> tuple[float, float] | None:
    """East and north of a GeoJSON point."""
    if not isinstance(geometry, dict) or geometry.get("type") != "Point":
        return None
    try:
        x, y = (float(each) for each in geometry["coordinates"][:2])
    except (KeyError, TypeError, ValueError):
        return None
    return x, y


def _flat(item: dict[str, Any]) -> Row:
    row: Row = {}
    _flatten(item, "", row, 0)
    return row


def _flatten(item: dict[str, Any], prefix: str, row: Row, depth: int) -> None:
    for name, value in item.items():
        key = _text(prefix + name) or name
        if isinstance(value, dict) and depth < MAX_DEPTH:
            _flatten(value, f"{key}.", row, depth + 1)
        else:
            row[key] = _text(value)


def _text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, str):
        text = value
    elif isinstance(value, bool):
        text = "true" if value else "false"
    else:
        text = json.dumps(value, ensure_ascii=False)
    return text.replace("\x00", "") if "\x00" in text else text
