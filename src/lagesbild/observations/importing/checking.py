"""The check of a whole file: every row read by its mapping, every problem listed, nothing stored.

The order is when, where, what, which; each is a module of its own. Duplicates against the store are the store's
business.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import polars as pl
from django.utils.translation import gettext_lazy as _

from lagesbild.core.errors import UserError
from lagesbild.core.privacy import find_personal_numbers, mask_personal_numbers
from lagesbild.observations.importing.columns import blank_rows, text_of
from lagesbild.observations.importing.identity import content_ids, drop_copies
from lagesbild.observations.importing.mapping import PRECISIONS, Mapping
from lagesbild.observations.importing.moments import read_when
from lagesbild.observations.importing.positions import Bounds, Where, read_where
from lagesbild.observations.importing.problems import ERROR, WARNING, Note, ProblemLog, with_messages
from lagesbild.observations.importing.raw import Progress, RawTable
from lagesbild.observations.importing.zones import UTC

Cancel = Callable[[], bool]

FRAME_SCHEMA: dict[str, pl.DataType] = {
    "source_id": pl.String(),
    "source_type": pl.String(),
    "occurred_from": UTC,
    "occurred_to": UTC,
    "time_precision": pl.String(),
    "local_date": pl.Date(),
    "local_hour": pl.Int8(),
    "reported_at": UTC,
    "x": pl.Float64(),
    "y": pl.Float64(),
    "precision": pl.String(),
    "area_name": pl.String(),
    "place_text": pl.String(),
    "note": pl.String(),
    "source_url": pl.String(),
    "row": pl.UInt32(),
}
FREE_TEXT = ("source_type", "area_name", "place_text", "note")
# Ten digits, perhaps set apart in the ways people write identity numbers. Wide on purpose: the guard itself decides.
MAYBE_PERSONAL = r"(?:\d[\W_]{0,3}){9}\d"
MOST_IDS = 0.5
UNREADABLE = ("import.row_ragged", "import.json_unreadable")
"""Rows with these problems are not checked further: their values stand in the wrong columns, or nowhere."""


@dataclass(frozen=True)
class Checked:
    """What an import would store, and all that stands in its way."""

    frame: pl.DataFrame
    """Rows without errors, columns as ``FRAME_SCHEMA``."""
    problems: pl.DataFrame
    """row, column, value, code, detail, severity, message (in the language active during the check)."""
    n_rows: int
    """Rows with anything in them."""
    n_withheld: int
    n_duplicates_in_file: int
    notes: tuple[Note, ...] = ()

    @property
    def n_errors(self) -> int:
        return int((self.problems["severity"] == ERROR).sum())

    @property
    def n_warnings(self) -> int:
        return int((self.problems["severity"] == WARNING).sum())

    @property
    def ok(self) -> bool:
        """May be stored: all rows, or none."""
        return self.n_errors == 0


def check(
    raw: RawTable,
    mapping: Mapping,
    *,
    working_crs: int | str,
    time_zone: str,
    today: date,
    bounds: Bounds | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Checked:
    """Read every row by the mapping and list every problem by row and column.

    ``bounds`` are west, south, east and north in working metres; positions beyond them are warnings.
    Raises ``UserError`` if the mapping does not fit the file, or if ``cancel`` answers true.
    """
    mapping.validate(raw.columns)
    raw, n_rows, log = _readable_rows(raw)
    if not n_rows:
        raise UserError("import.file_without_rows", _("The file holds no incidents."))
    _step(0.05, progress, cancel)
    when = read_when(raw, mapping, time_zone=time_zone, today=today, log=log)
    _step(0.4, progress, cancel)
    where = read_where(raw, mapping, working_crs=working_crs, bounds=bounds, log=log)
    _step(0.6, progress, cancel)
    frame = _frame(raw, mapping, when=when, where=where, log=log)
    _refuse_personal_numbers(frame, mapping, log=log)
    _step(0.8, progress, cancel)
    frame, copies = _identified(mapping, frame, where=where, log=log)
    problems = with_messages(log.frame())
    kept = frame.filter(~log.bad & ~copies)
    n_copies = int(copies.sum())
    n_withheld = int((where.withheld & ~log.bad & ~copies).sum()) if mapping.x or mapping.xy else 0
    _step(1.0, progress, cancel)
    return Checked(
        frame=kept.select(*FRAME_SCHEMA),
        problems=problems,
        n_rows=n_rows,
        n_withheld=n_withheld,
        n_duplicates_in_file=n_copies,
        notes=_notes(raw, mapping, n_withheld=n_withheld, n_copies=n_copies),
    )


def _readable_rows(raw: RawTable) -> tuple[RawTable, int, ProblemLog]:
    """The rows whose values can be trusted, how many rows there were, and the problems found on reading."""
    numbers = raw.row_numbers()
    shifted = raw.problems.filter(pl.col("code").is_in(UNREADABLE))["row"].unique()
    unreadable = numbers.is_in(shifted.implode())
    blank = blank_rows(raw.frame) & ~unreadable
    readable = raw.of_rows(~blank & ~unreadable)
    log = ProblemLog(readable.row_numbers())
    log.extend(raw.problems)
    return readable, int((~blank).sum()), log


def _frame(raw: RawTable, mapping: Mapping, *, when: pl.DataFrame, where: Where, log: ProblemLog) -> pl.DataFrame:
    kind = text_of(raw, mapping.source_type)
    if mapping.source_type_constant:
        kind = kind.fill_null(mapping.source_type_constant)
    log.add(kind.is_null(), "import.type_missing", column=mapping.source_type)
    url = text_of(raw, mapping.source_url)
    if mapping.url_prefix:
        prefixed = pl.concat_str(pl.lit(mapping.url_prefix), pl.lit(url))
        url = pl.select(pl.when(pl.lit(url).str.starts_with("/")).then(prefixed).otherwise(pl.lit(url))).to_series()
    return when.with_columns(
        source_id=text_of(raw, mapping.source_id),
        source_type=kind,
        x=where.x,
        y=where.y,
        precision=_precision(raw, mapping, where=where, log=log),
        area_name=text_of(raw, mapping.area_name),
        place_text=_place_text(raw, mapping, kind),
        note=text_of(raw, mapping.note),
        source_url=url,
        row=log.rows,
    ).select(*FRAME_SCHEMA)


def _precision(raw: RawTable, mapping: Mapping, *, where: Where, log: ProblemLog) -> pl.Series:
    """The mapped class; "none" where there is no position and no area either."""
    stated = pl.repeat(mapping.precision, raw.frame.height, dtype=pl.String, eager=True)
    if mapping.precision_column is not None:
        shown = text_of(raw, mapping.precision_column)
        known = {name: name for name in PRECISIONS} | mapping.precision_values
        read = shown.replace_strict(known, default=None, return_dtype=pl.String)
        log.add(
            shown.is_not_null() & read.is_null() & where.x.is_not_null(),
            "import.precision_unknown",
            column=mapping.precision_column,
            values=shown,
        )
        stated = read.fill_null(mapping.precision)
    point = stated.is_in(["exact", "street"])
    named = text_of(raw, mapping.area_name).is_not_null()
    lost = where.x.is_null() & (point | ~named)
    return stated.set(lost, "none")


def _place_text(raw: RawTable, mapping: Mapping, kind: pl.Series) -> pl.Series:
    """The place in words; of the police's "day time, type, place" only the place."""
    text = text_of(raw, mapping.place_text)
    if mapping.place_text is None or mapping.place_text != mapping.occurred_text:
        return text
    pieces = pl.DataFrame({"text": text, "kind": kind}).with_columns(
        rest=pl.col("text").str.replace(r"^[^,]*, ", ""),
    )
    without_kind = pl.col("rest").str.strip_prefix(pl.col("kind")).str.strip_chars(" ,")
    last = pl.col("text").str.extract(r"([^,]+)$", 1).str.strip_chars()
    return pieces.select(
        pl.when(pl.col("rest").str.starts_with(pl.col("kind"))).then(without_kind.replace("", None)).otherwise(last)
    ).to_series()


def _refuse_personal_numbers(frame: pl.DataFrame, mapping: Mapping, *, log: ProblemLog) -> None:
    """Rows whose text says who a private person is. The number itself never reaches the list of problems."""
    sources = {
        "source_type": mapping.source_type,
        "area_name": mapping.area_name,
        "place_text": mapping.place_text,
        "note": mapping.note,
    }
    for name in FREE_TEXT:
        _log_personal(frame[name], sources[name], log=log)
    ids = frame["source_id"]
    maybe = ids.str.contains(MAYBE_PERSONAL).fill_null(value=False)
    if mapping.source_id and maybe.sum() > MOST_IDS * max(len(ids), 1):
        sample = ids.filter(maybe).head(1000)
        if sum(bool(find_personal_numbers(each)) for each in sample) > MOST_IDS * len(sample):
            _log_personal(ids, mapping.source_id, log=log)


def _log_personal(texts: pl.Series, column: str | None, *, log: ProblemLog) -> None:
    maybe = texts.str.contains(MAYBE_PERSONAL).fill_null(value=False)
    if column is None or not maybe.any():
        return
    masked = [mask_personal_numbers(each) for each in texts.filter(maybe)]
    found = pl.DataFrame({"row": log.rows.filter(maybe), "masked": masked, "text": texts.filter(maybe)})
    hits = found.filter(pl.col("masked") != pl.col("text"))
    every = pl.DataFrame({"row": log.rows}).join(hits, on="row", how="left", maintain_order="left")
    log.add(every["masked"].is_not_null(), "import.personal_number", column=column, values=every["masked"])


def _identified(
    mapping: Mapping, frame: pl.DataFrame, *, where: Where, log: ProblemLog
) -> tuple[pl.DataFrame, pl.Series]:
    """The frame with identities, and which rows are copies to leave out."""
    if mapping.source_id is None:
        ids = content_ids(frame, places=where.shown)
        return frame.with_columns(source_id=ids), pl.repeat(False, frame.height, dtype=pl.Boolean, eager=True)
    log.add(frame["source_id"].is_null(), "import.id_missing", column=mapping.source_id)
    return frame, drop_copies(frame, column=mapping.source_id, log=log)


def _notes(raw: RawTable, mapping: Mapping, *, n_withheld: int, n_copies: int) -> tuple[Note, ...]:
    notes = list(raw.notes)
    if mapping.source_id is None:
        notes.append(Note("import.ids_from_content"))
    if n_withheld:
        notes.append(Note("import.places_withheld", {"count": n_withheld}))
    if n_copies:
        notes.append(Note("import.duplicates_dropped", {"count": n_copies}))
    return tuple(notes)


def _step(share: float, progress: Progress | None, cancel: Cancel | None) -> None:
    if cancel is not None and cancel():
        raise UserError("import.cancelled", _("The import was cancelled. Nothing was stored."))
    if progress is not None:
        progress(share)
