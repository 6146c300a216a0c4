"""Which incident a row is: identities from the file or from the content, and rows that say the same thing twice."""

from __future__ import annotations

from hashlib import blake2b

import polars as pl

from lagesbild.observations.importing.problems import ProblemLog

CONTENT = (
    "source_type",
    "occurred_from",
    "occurred_to",
    "time_precision",
    "reported_at",
    "precision",
    "area_name",
    "place_text",
    "note",
    "source_url",
)
POSITION = ("x", "y")
HASH_BYTES = 10


def content_ids(frame: pl.DataFrame, *, places: pl.Series) -> pl.Series:
    """A stable name for what each row says; the second of two equal rows gets "-2", the third "-3".

    ``places`` are the coordinates as the file writes them: projected ones depend on the software in their last digits.
    The hash is of text, by a published algorithm, so that it is the same with every version of every library.
    """
    parts = [*(_as_text(name) for name in CONTENT), pl.lit(places).fill_null("")]
    text = frame.select(pl.concat_str(parts, separator="\x1f")).to_series()
    hashes = [blake2b(each.encode(), digest_size=HASH_BYTES).hexdigest() for each in text]
    ids = pl.DataFrame({"id": pl.Series(hashes, dtype=pl.String)})
    number = pl.int_range(1, pl.len() + 1).over("id")
    again = pl.concat_str(pl.col("id"), pl.lit("-"), number)
    return ids.select(pl.when(number > 1).then(again).otherwise("id")).to_series()


def drop_copies(frame: pl.DataFrame, *, column: str, log: ProblemLog) -> pl.Series:
    """True for rows to leave out: exact copies of an earlier row. Same identity with other content is an error."""
    ids = frame["source_id"]
    repeated = ids.is_duplicated() & ids.is_not_null()
    if not repeated.any():
        return pl.repeat(False, frame.height, dtype=pl.Boolean, eager=True)
    judged = _judged(frame.select("source_id", "row", pl.struct(*CONTENT, *POSITION).hash().alias("content")))
    log.add(judged["conflicts"] & repeated, "import.id_conflicting", column=column, values=ids, detail=judged["other"])
    return judged["copy"] & repeated & ~log.bad


def _judged(content: pl.DataFrame) -> pl.DataFrame:
    """For each row: does its identity appear with other content, in which row, and is it a later copy?"""
    first_row = pl.col("row").first().over("source_id")
    differs = pl.col("content") != pl.col("content").first().over("source_id")
    first_other = pl.when(differs).then(pl.col("row")).min().over("source_id")
    return content.select(
        conflicts=differs.any().over("source_id") & (differs | (pl.col("row") == first_row)),
        other=pl.when(pl.col("row") == first_row).then(first_other).otherwise(first_row).cast(pl.String),
        copy=~differs & (pl.col("row") != first_row),
    )


def _as_text(name: str) -> pl.Expr:
    if name in ("occurred_from", "occurred_to", "reported_at"):
        return pl.col(name).dt.epoch("s").cast(pl.String).fill_null("")
    return pl.col(name).cast(pl.String).fill_null("")
