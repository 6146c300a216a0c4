"""The columns and properties of the Delta table. What the columns mean is in ``docs/develop/incident-frame.md``."""

from __future__ import annotations

import re

import polars as pl
from deltalake import WriterProperties

INSTANT = pl.Datetime("us", "UTC")
CONTENT: dict[str, pl.DataType] = {
    "source_type": pl.String(),
    "occurred_from": INSTANT,
    "occurred_to": INSTANT,
    "time_precision": pl.String(),
    "local_date": pl.Date(),
    "local_hour": pl.Int8(),
    "reported_at": INSTANT,
    "x": pl.Float64(),
    "y": pl.Float64(),
    "precision": pl.String(),
    "area_name": pl.String(),
    "place_text": pl.String(),
    "note": pl.String(),
    "source_url": pl.String(),
}
SCHEMA: dict[str, pl.DataType] = {
    "source_id": pl.String(),
    **CONTENT,
    "batch_id": pl.Int64(),
    "content_hash": pl.Int64(),
    "source": pl.String(),
    "year": pl.Int32(),
}
PARTITIONS = ["source", "year"]
AREA_COLUMN = re.compile(r"area_\d+")
SOURCE = re.compile(r"[-a-zA-Z0-9_]+")

FOREVER = "interval 36500 days"  # a frozen picture may name any version; Delta forgets the log after 30 days by default
CONFIGURATION: dict[str, str | None] = {
    "delta.logRetentionDuration": FOREVER,
    "delta.deletedFileRetentionDuration": FOREVER,
    "delta.enableExpiredLogCleanup": "false",
    "delta.checkpointInterval": "50",
    "delta.dataSkippingStatsColumns": "source_id,source_type,occurred_from,local_date,x,y",
}
# Rows of one type lie together, so that a question about one type skips most row groups.
ORDER_WITHIN_FILES = ["year", "source_type", "occurred_from"]
WRITER = WriterProperties(compression="ZSTD", compression_level=3, max_row_group_size=131_072)
