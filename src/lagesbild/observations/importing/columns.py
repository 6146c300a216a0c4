"""Small readings of text columns that several checks share."""

from __future__ import annotations

import polars as pl

from lagesbild.observations.importing.raw import RawTable


def text_of(raw: RawTable, column: str | None) -> pl.Series:
    """A column trimmed of spaces; null for blank cells and for columns the file does not have."""
    if column is None:
        return pl.repeat(None, raw.frame.height, dtype=pl.String, eager=True)
    trimmed = raw.frame[column].cast(pl.String).str.strip_chars()
    return trimmed.set(trimmed == "", None)


def blank_rows(frame: pl.DataFrame) -> pl.Series:
    """Rows without a single value: empty lines at the end of a sheet are no mistakes."""
    if not frame.width:
        return pl.repeat(True, frame.height, dtype=pl.Boolean, eager=True)
    empty = [pl.col(name).cast(pl.String).fill_null("").str.strip_chars() == "" for name in frame.columns]
    return frame.select(pl.all_horizontal(empty)).to_series()
