"""What a file holds before anyone has said what the columns mean: text in rows and columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

import polars as pl

from lagesbild.observations.importing.problems import Note, empty_problems

Kind = Literal["csv", "excel", "json", "jsonl", "gpkg"]
Progress = Callable[[float], None]
"""Called now and then with the share done, 0 to 1."""

GEOM_X = "geom_x"
GEOM_Y = "geom_y"


@dataclass(frozen=True)
class RawTable:
    """All columns are text, except ``geom_x`` and ``geom_y`` which come from parsed geometry."""

    frame: pl.DataFrame
    kind: Kind
    first_row: int
    """What the user sees as the row number of the first row of ``frame``."""
    sheets: tuple[str, ...] = ()
    """Sheets (Excel) or layers (GeoPackage) to choose from."""
    sheet: str | None = None
    encoding: str | None = None
    separator: str | None = None
    rows: pl.Series | None = None
    """Row numbers, if they are not consecutive."""
    crs: str | None = None
    """Coordinate system the file itself states for ``geom_x`` and ``geom_y``."""
    problems: pl.DataFrame = field(default_factory=empty_problems)
    """Rows that could not be read as they should (ragged, broken cells); ``check`` includes them."""
    notes: tuple[Note, ...] = ()

    @property
    def columns(self) -> list[str]:
        return self.frame.columns

    def row_numbers(self) -> pl.Series:
        """The user's row number of every row of ``frame``."""
        if self.rows is not None:
            return self.rows
        first = self.first_row
        return pl.int_range(first, first + self.frame.height, dtype=pl.UInt32, eager=True).alias("row")

    def of_rows(self, kept: pl.Series) -> RawTable:
        """Only some rows; they keep their numbers."""
        return replace(self, frame=self.frame.filter(kept), rows=self.row_numbers().filter(kept))


def named_columns(names: list[str | None]) -> tuple[list[str], tuple[Note, ...]]:
    """Names that are all there and all different; every repair is told."""
    taken: set[str] = set()
    repaired = []
    result = []
    wanted = [(name or "").strip() for name in names]
    for position, name in enumerate(wanted, start=1):
        base = name or f"column {position}"
        unique, number = base, 2
        while unique in taken or (unique != name and unique in wanted):
            unique, number = f"{base} ({number})", number + 1
        taken.add(unique)
        result.append(unique)
        if unique != name:
            repaired.append(unique)
    notes = (Note("import.names_repaired", {"columns": ", ".join(repaired)}),) if repaired else ()
    return result, notes
