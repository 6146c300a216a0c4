"""Tables out of files: CSV, Parquet and GeoPackage, with columns as numbers, times and texts.

Here lives reading. Which rows and columns an analysis takes is in `events`.
"""

from __future__ import annotations

import csv
import gzip
import io
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt
import polars as pl

from lagesbild.statistics.refusals import refuse

SEPARATORS = (";", "\t", ",", "|")
DATE_AND_TIME = (
    r"^\s*(\d{4})(?:[-/](\d{1,2})[-/](\d{1,2})|(\d{2})(\d{2}))"
    r"(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2})?)?\s*$"
)
DAY_S = 86_400
# Sums of squares of larger numbers are no longer numbers.
LARGEST = 1e100
MISSING = ("", "NA", "NULL", "null", "NaN", "nan")


@dataclass(frozen=True, eq=False)
class Times:
    """Days since 1970-01-01 as the clock on the wall showed them, or the numbers of the file. NaN where missing."""

    days: npt.NDArray[np.float64]
    seconds: npt.NDArray[np.int64]
    are_dates: bool
    hour_known: npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Table:
    """Columns by name, and the shapes of a GeoPackage with their coordinate system."""

    name: str
    frame: pl.DataFrame
    first_row: int
    decimal_comma: bool = False
    shapes: npt.NDArray[np.object_] | None = field(default=None)
    crs: str | None = None

    def __len__(self) -> int:
        return len(self.frame) if self.shapes is None else len(self.shapes)

    def has(self, column: str) -> bool:
        return column in self.frame.columns

    def column(self, name: str) -> pl.Series:
        if not self.has(name):
            self.refuse_missing(name)
        return self.frame.get_column(name)

    def refuse_missing(self, name: str) -> NoReturn:
        found = ", ".join(self.frame.columns) or "none"
        refuse(f'{self.name} has no column "{name}". It has: {found}.', field=name)

    def texts(self, name: str) -> pl.Series:
        """Texts without blanks round them; null where empty."""
        try:
            series = self.column(name).cast(pl.String).str.strip_chars()
        except pl.exceptions.PolarsError:
            refuse(f'Column "{name}" of {self.name} must hold texts. It holds {self.column(name).dtype}.', field=name)
        return series.set(series == "", None)

    def numbers(self, name: str) -> npt.NDArray[np.float64]:
        """Floats; NaN where empty."""
        values = self._numbers(name)
        wrong = np.flatnonzero(np.abs(values) > LARGEST)
        if len(wrong):
            row = int(wrong[0]) + self.first_row
            refuse(f'Row {row}, column "{name}": "{values[wrong[0]]}" is too large a number.', field=name)
        return values

    def _numbers(self, name: str, *, what: str = "is no number") -> npt.NDArray[np.float64]:
        series = self.column(name)
        if series.dtype == pl.Boolean or series.dtype.is_temporal():
            refuse(f'Column "{name}" of {self.name} must hold numbers. It holds {series.dtype}.', field=name)
        if series.dtype.is_numeric():
            return series.cast(pl.Float64).fill_null(float("nan")).to_numpy().astype(np.float64)
        texts = self._told(name)
        dotted = texts.str.replace(r"^(-?\d+),(\d+)$", "$1.$2") if self.decimal_comma else texts
        values = dotted.cast(pl.Float64, strict=False)
        self._refuse_first(texts, values.is_null() & texts.is_not_null(), name, what)
        return values.fill_null(float("nan")).to_numpy().astype(np.float64)

    def counts(self, name: str) -> npt.NDArray[np.float64]:
        """Numbers with none missing."""
        values = self.numbers(name)
        if bool(np.isnan(values).any()):
            row = int(np.flatnonzero(np.isnan(values))[0]) + self.first_row
            refuse(f'Row {row}, column "{name}": a number is missing.', field=name)
        return values

    def times(self, name: str) -> Times:
        """Dates with or without time of day, or numbers of days."""
        series = self.column(name)
        if series.dtype == pl.Date or series.dtype == pl.Datetime:
            clock = series.dt.replace_time_zone(None) if series.dtype == pl.Datetime else series
            return _of_moments(clock.cast(pl.Datetime("us")), np.full(len(series), series.dtype != pl.Date))
        if series.dtype.is_float():
            return _of_numbers(self.numbers(name))
        texts = self._told(name)
        parts = texts.str.extract_groups(DATE_AND_TIME).struct.unnest()
        if parts["1"].null_count() == texts.null_count() and texts.null_count() < len(texts):
            moments = _moments(parts)
            self._refuse_first(texts, moments.is_null() & texts.is_not_null(), name, "is no date")
            return _of_moments(moments, parts["6"].is_not_null().to_numpy())
        if bool(parts["1"].is_not_null().any()):
            self._refuse_first(texts, parts["1"].is_null() & texts.is_not_null(), name, "is no date such as 2026-02-28")
        # What is neither is most often a date that is written in another way.
        self._numbers(name, what="is no date such as 2026-02-28, nor a number of days")
        return _of_numbers(self.numbers(name))

    def _told(self, name: str) -> pl.Series:
        """Texts; null also where the program that wrote the file had a word for what is missing."""
        texts = self.texts(name)
        return texts.set(texts.is_in(MISSING), None)

    def _refuse_first(self, texts: pl.Series, wrong: pl.Series, name: str, what: str) -> None:
        if bool(wrong.any()):
            at = int(wrong.arg_true()[0])
            refuse(f'Row {at + self.first_row}, column "{name}": "{texts[at]}" {what}.', field=name)


def _moments(parts: pl.DataFrame) -> pl.Series:
    """From year, month and day in two ways of writing, hour, minute and second."""
    month = parts["2"].fill_null(parts["4"])
    day = parts["3"].fill_null(parts["5"])
    pieces = [parts["1"], *(each.str.zfill(2) for each in (month, day))]
    pieces += [parts[name].fill_null("00").str.zfill(2) for name in ("6", "7", "8")]
    text = pl.select(pl.concat_str([pl.lit(each) for each in pieces], separator="-")).to_series()
    return text.str.to_datetime("%Y-%m-%d-%H-%M-%S", strict=False)


def _of_moments(moments: pl.Series, hour_known: npt.NDArray[np.bool_]) -> Times:
    micros = moments.dt.epoch("us")
    days = micros.cast(pl.Float64).fill_null(float("nan")).to_numpy() / (DAY_S * 1e6)
    seconds = (micros // 1_000_000).fill_null(0).to_numpy().astype(np.int64)
    return Times(days=days, seconds=seconds, are_dates=True, hour_known=hour_known)


def _of_numbers(days: npt.NDArray[np.float64]) -> Times:
    nothing = np.zeros(len(days), dtype=np.int64)
    return Times(days=days, seconds=nothing, are_dates=False, hour_known=np.zeros(len(days), dtype=np.bool_))


def day_text(days: float) -> str:
    """The date so many days after 1970-01-01."""
    return str(np.datetime64(math.floor(days), "D"))


def read_table(path: Path, *, layer: str | None = None) -> Table:
    """The file's one table, by the ending of its name."""
    suffixes = [each.lower() for each in path.suffixes]
    kind = suffixes[-2] if len(suffixes) > 1 and suffixes[-1] == ".gz" else (suffixes or [""])[-1]
    if kind in (".csv", ".tsv", ".txt"):
        return _csv(path)
    if kind in (".parquet", ".pq"):
        return Table(path.name, _parquet(path), first_row=1)
    if kind == ".gpkg":
        return _geopackage(path, layer)
    refuse(f'"{path.name}" must be a CSV, Parquet or GeoPackage file (.csv, .parquet or .gpkg).', field="file")


def _csv(path: Path) -> Table:
    """All columns as texts: what they mean depends on the question."""
    raw = path.read_bytes()
    if raw[:2] == b"\x1f\x8b":
        try:
            raw = gzip.decompress(raw)
        except (OSError, EOFError):
            refuse(f"{path.name} is no whole gzip file.", field="file")
    text = _text(raw)
    head = text.split("\n", 1)[0].strip()
    if not head:
        refuse(f"{path.name} is empty. Its first row must name the columns.", field="file")
    separator = max(SEPARATORS, key=head.count)
    try:
        frame = pl.read_csv(text.encode(), separator=separator, infer_schema_length=0)
        frame = frame.rename({name: name.strip() for name in frame.columns})
    except pl.exceptions.PolarsError:
        refuse(f"{path.name} cannot be read as CSV: {_why_not(text, separator)}", field="file")
    return Table(path.name, frame, first_row=2, decimal_comma=separator != ",")


def _text(raw: bytes) -> str:
    """With ends of lines as they are everywhere but in old programs."""
    try:
        text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    return text if "\n" in text else text.replace("\r", "\n")


def _why_not(text: str, separator: str) -> str:
    """What is wrong with a table that could not be read."""
    rows = csv.reader(io.StringIO(text), delimiter=separator)
    try:
        n = len(next(rows))
        for number, row in enumerate(rows, start=2):
            if len(row) > n:
                return f"row {number} has {len(row)} values, but the first row names {n} columns."
    except csv.Error as error:
        return f"{error}."
    return "two columns have the same name, or a quotation mark is not closed."


def _parquet(path: Path) -> pl.DataFrame:
    try:
        return pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        refuse(f"{path.name} cannot be read as Parquet: {error}", field="file")


def _geopackage(path: Path, layer: str | None) -> Table:
    import pyogrio
    import shapely

    try:
        meta, _, shapes, values = pyogrio.raw.read(path, layer=layer, datetime_as_string=True)
    except pyogrio.errors.DataLayerError:
        found = ", ".join(str(name) for name, _ in pyogrio.list_layers(path)) or "none"
        refuse(f'{path.name} has no layer "{layer}". It has: {found}.', field="layer")
    except (pyogrio.errors.DataSourceError, ValueError):
        refuse(f"{path.name} cannot be read as GeoPackage.", field="file")
    names = [str(each) for each in meta["fields"]]
    columns: dict[str, Any] = {name: pl.Series(name, list(each)) for name, each in zip(names, values, strict=True)}
    read = None if shapes is None else shapely.from_wkb(shapes)
    return Table(path.name, pl.DataFrame(columns), first_row=1, shapes=read, crs=meta["crs"])
