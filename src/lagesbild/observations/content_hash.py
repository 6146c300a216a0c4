"""A fingerprint of what an incident says, so that a second import can tell changed rows from unchanged ones.

The same content has the same fingerprint on every machine and with every version of the libraries: the row is written
in one plain form (whole numbers and text) and hashed by our own kernel. Polars' own hash may change between versions.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

_SEPARATOR = "\x1f"
_MISSING = "\x00"


def content_hash(frame: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    """One Int64 per row over ``columns`` in the given order. Coordinates count to the millimetre."""
    from lagesbild.observations._fingerprint import fnv1a

    plain = frame.select(
        pl.concat_str([_plain(name, frame.schema[name]) for name in columns], separator=_SEPARATOR).alias("plain")
    )["plain"]
    arrow = plain.to_arrow(compat_level=pl.CompatLevel.oldest())
    _, offsets, data = arrow.buffers()
    starts = np.frombuffer(offsets, dtype=np.int64)[arrow.offset : arrow.offset + len(arrow) + 1]
    content = np.frombuffer(data, dtype=np.uint8) if data is not None else np.empty(0, np.uint8)
    return pl.Series("content_hash", fnv1a(content, starts), dtype=pl.Int64)


def _plain(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if dtype.is_float():
        column = (column * 1000).round().cast(pl.Int64)
    elif dtype.is_temporal():
        column = column.to_physical()
    return column.cast(pl.String).fill_null(_MISSING)
