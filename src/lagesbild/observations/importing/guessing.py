"""A first guess of what the columns mean, from their names and their values. People see it and change it.

The words are in ``synonyms``; what is done with the answer is in ``checking``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from lagesbild.observations.importing.columns import text_of
from lagesbild.observations.importing.dates import cleaned, guess_date_order, read_dates, read_times
from lagesbild.observations.importing.known import POLISEN
from lagesbild.observations.importing.mapping import Mapping
from lagesbild.observations.importing.positions import area_of_use, read_numbers, read_pairs
from lagesbild.observations.importing.raw import GEOM_X, GEOM_Y, RawTable
from lagesbild.observations.importing.synonyms import PART_SYNONYMS, PRECISION_WORDS, SYNONYMS, plain

SAMPLE_ROWS = 5_000
MOSTLY = 0.8
POLISEN_COLUMNS = {"id", "datetime", "name", "type", "location.name", "location.gps"}

# Ranges of (east, north) in metres over Sweden, from the definitions of the systems (Lantmäteriet).
SWEREF_99_TM = ((200_000, 1_000_000), (6_050_000, 7_750_000))
RT_90 = ((1_150_000, 1_950_000), (6_050_000, 7_750_000))
SWEREF_LOCAL = ((20_000, 280_000), (6_050_000, 7_750_000))
SWEDEN_DEGREES = ((9.5, 25.0), (54.5, 69.5))


def guess_mapping(raw: RawTable, *, time_zone: str, working_crs: int | str) -> Mapping:
    """The most likely mapping. Fields it cannot tell stay empty; ``check`` says what is missing."""
    if set(raw.columns) >= POLISEN_COLUMNS:
        absent = {name: None for name in ("note", "source_url") if getattr(POLISEN, name) not in raw.columns}
        return replace(POLISEN, **absent)  # type: ignore[arg-type]
    sample = raw.of_rows(_spread(raw.frame.height))
    guess = _Guess(sample, free=dict.fromkeys(raw.columns))
    mapping = Mapping(time_zone=time_zone)
    mapping = _when(guess, mapping)
    mapping = _where(guess, mapping, working_crs=working_crs)
    mapping = _what(guess, mapping)
    return replace(mapping, source_id=_identity(guess, raw))


@dataclass
class _Guess:
    """A sample of the rows, and the columns nothing has claimed yet."""

    raw: RawTable
    free: dict[str, None]

    def named(self, field: str) -> str | None:
        """The first free column with one of the field's names."""
        return next(iter(self.all_named(field)), None)

    def all_named(self, field: str) -> list[str]:
        names = (SYNONYMS | PART_SYNONYMS)[field]
        return sorted(
            (column for column in self.free if plain(column) in names), key=lambda column: names.index(plain(column))
        )

    def take(self, column: str | None) -> str | None:
        if column is not None:
            self.free.pop(column, None)
        return column

    def texts(self, column: str) -> pl.Series:
        return cleaned(text_of(self.raw, column))


def _spread(n: int) -> pl.Series:
    """Every k-th row, so that a guess sees the whole file."""
    step = max(n // SAMPLE_ROWS, 1)
    return pl.int_range(n, eager=True) % step == 0


def _share(hits: pl.Series, texts: pl.Series) -> float:
    filled = int(texts.is_not_null().sum())
    return int(hits.sum()) / filled if filled else 0.0


# When ------------------------------------------------------------------------------------------------------------


def _when(guess: _Guess, mapping: Mapping) -> Mapping:
    parts = {part: column for part in PART_SYNONYMS if (column := guess.named(part)) is not None}
    dates = _named_dates(guess)
    if {"year", "month", "day"} <= set(parts) and not any(
        plain(column) not in PART_SYNONYMS["month"] for column in dates
    ):
        for column in parts.values():
            guess.take(column)
        return replace(mapping, occurred_parts=parts)
    occurred = guess.take(dates[0] if dates else _any_date(guess))
    if occurred is None:
        return mapping
    end = next((column for column in guess.all_named("occurred_to") if _is_date(guess, column)), None)
    reported = next((c for c in guess.all_named("reported") if c != occurred and _is_date(guess, c)), None)
    return replace(
        mapping,
        occurred=occurred,
        occurred_time=guess.take(_time_beside(guess, occurred, "occurred_time")),
        occurred_to=guess.take(end),
        occurred_to_time=guess.take(_time_beside(guess, end, "occurred_to_time")) if end else None,
        reported=guess.take(reported),
        date_order=guess_date_order(guess.texts(occurred)),
        time_precision="month" if _is_month(guess, occurred) else "auto",
    )


def _named_dates(guess: _Guess) -> list[str]:
    """Columns named like dates that mostly hold dates; failing that, those that hold any."""
    named = [column for field in ("occurred", "reported") for column in guess.all_named(field)]
    return [c for c in named if _is_date(guess, c)] or [c for c in named if _is_date(guess, c, least=0.01)]


def _is_date(guess: _Guess, column: str, *, least: float = MOSTLY) -> bool:
    texts = guess.texts(column)
    read = read_dates(texts, date_order=guess_date_order(texts))
    if texts.str.contains(r"^[0-9]{1,6}$").all() and plain(column) not in SYNONYMS["occurred"]:
        return False
    return _share(read["day"].is_not_null(), texts) >= least


def _any_date(guess: _Guess) -> str | None:
    """A column that holds dates though its name does not say so."""
    for column in guess.free:
        texts = guess.texts(column)
        if texts.str.contains(r"[-/. :]|[a-z]").any() and _is_date(guess, column):
            return column
    return None


def _time_beside(guess: _Guess, date_column: str, field: str) -> str | None:
    """A column with times of day, if the dates have none."""
    read = read_dates(guess.texts(date_column), date_order="dmy")
    if (read["second"].fill_null(0) > 0).any():
        return None
    for column in guess.all_named(field):
        texts = guess.texts(column)
        times = read_times(texts)
        if _share(times["second"].is_not_null() & ~times["wrong"], texts) >= MOSTLY:
            return column
    return None


def _is_month(guess: _Guess, column: str) -> bool:
    """Dates that are all the first of a month, in a column called month."""
    if plain(column) not in PART_SYNONYMS["month"]:
        return False
    days = read_dates(guess.texts(column), date_order="ymd")["day"].drop_nulls()
    return len(days) > 0 and bool((days.dt.day() == 1).all())


# Where -----------------------------------------------------------------------------------------------------------


def _where(guess: _Guess, mapping: Mapping, *, working_crs: int | str) -> Mapping:
    if GEOM_X in guess.free and GEOM_Y in guess.free:
        return replace(mapping, x=guess.take(GEOM_X), y=guess.take(GEOM_Y), crs=guess.raw.crs)
    for x, y in zip(guess.all_named("x"), guess.all_named("y"), strict=False):
        xs, ys = _values(guess, x), _values(guess, y)
        if not len(xs) or not len(ys):
            continue
        guess.take(x), guess.take(y)
        crs, swapped = guess_crs(xs, ys, hint=f"{x} {y}", working_crs=working_crs)
        return replace(mapping, x=y if swapped else x, y=x if swapped else y, crs=crs)
    for column in guess.all_named("xy"):
        pairs = read_pairs(guess.texts(column))
        if _share(pairs["x"].is_not_null(), guess.texts(column)) >= MOSTLY:
            crs, swapped = guess_crs(pairs["x"], pairs["y"], hint=column, working_crs=working_crs)
            return replace(mapping, xy=guess.take(column), crs=crs, swap_axes=swapped)
    return mapping


def _values(guess: _Guess, column: str) -> pl.Series:
    """The numbers of a column without blanks and zeros."""
    if guess.raw.frame[column].dtype == pl.Float64:
        return guess.raw.frame[column].drop_nulls()
    texts = guess.texts(column)
    numbers = read_numbers(texts, decimal="auto")
    return numbers.filter((numbers != 0).fill_null(value=False))


def guess_crs(x: pl.Series, y: pl.Series, *, hint: str, working_crs: int | str) -> tuple[str, bool]:
    """The system that fits the numbers, and whether the columns must change places.

    Swedish maps have called north X and east Y; the ranges tell which is which.
    """
    if _degrees(x, y) or _degrees(y, x):
        return "EPSG:4326", _degrees_swapped(x, y, working_crs)
    stated = next((int(code) for code in _figures(hint) if code in ("3006", "3021", "3857", *LOCAL_ZONES)), None)
    for (east, north), code in ((SWEREF_99_TM, 3006), (RT_90, 3021), (SWEREF_LOCAL, 3011)):
        for first, second, swapped in ((x, y, False), (y, x, True)):
            if _mostly_within(first, east) and _mostly_within(second, north):
                return f"EPSG:{stated or _settled(code, working_crs)}", swapped
    return f"EPSG:{stated}" if stated else _name(working_crs), False


LOCAL_ZONES = tuple(str(code) for code in range(3007, 3019))


def _settled(code: int, working_crs: int | str) -> int:
    """The working system itself, if it is one of those with the same range of numbers."""
    digits = _name(working_crs).removeprefix("EPSG:")
    return int(digits) if code == 3011 and digits in LOCAL_ZONES else code


def _name(crs: int | str) -> str:
    return f"EPSG:{crs}" if str(crs).isdigit() else str(crs)


def _figures(text: str) -> list[str]:
    return "".join(letter if letter.isdigit() else " " for letter in text).split()


def _degrees(lon: pl.Series, lat: pl.Series) -> bool:
    return _mostly_within(lon, (-180, 180)) and _mostly_within(lat, (-90, 90))


def _degrees_swapped(lon: pl.Series, lat: pl.Series, working_crs: int | str) -> bool:
    """Do the degrees fit the working system's area only when they change places?"""
    area = area_of_use(working_crs)
    if area is None:
        return False
    west, south, east, north = area
    as_named = _mostly_within(lon, (west, east)) and _mostly_within(lat, (south, north))
    return not as_named and _mostly_within(lat, (west, east)) and _mostly_within(lon, (south, north))


def _mostly_within(values: pl.Series, limits: tuple[float, float]) -> bool:
    known = values.drop_nulls()
    return len(known) > 0 and int(known.is_between(*limits).sum()) / len(known) >= MOSTLY


# What ------------------------------------------------------------------------------------------------------------


def _what(guess: _Guess, mapping: Mapping) -> Mapping:
    kind = guess.take(guess.named("source_type"))
    precision = _precision_column(guess)
    return replace(
        mapping,
        source_type=kind,
        precision_column=guess.take(precision[0]) if precision else None,
        precision_values=precision[1] if precision else {},
        area_name=guess.take(guess.named("area_name")),
        place_text=guess.take(guess.named("place_text")),
        note=guess.take(guess.named("note")),
        source_url=guess.take(guess.named("source_url")),
    )


def _precision_column(guess: _Guess) -> tuple[str, dict[str, str]] | None:
    """A column whose every value is a known word for precision."""
    for column in guess.all_named("precision_column"):
        values = text_of(guess.raw, column).drop_nulls().unique().sort().to_list()
        meant = {value: PRECISION_WORDS.get(plain(value)) for value in values}
        own = {"exact", "street", "area", "municipality", "none"}
        if values and all(meaning or value in own for value, meaning in meant.items()):
            return column, {value: meaning for value, meaning in meant.items() if meaning}
    return None


def _identity(guess: _Guess, raw: RawTable) -> str | None:
    """A column named like an identity whose values are all there and all different (exact copies of rows aside)."""
    for column in guess.all_named("source_id"):
        ids = text_of(raw, column)
        if not len(ids) or ids.is_null().sum() > 0.02 * len(ids):
            continue
        repeated = ids.is_duplicated() & ids.is_not_null()
        if not repeated.any() or raw.frame.filter(repeated).unique().height == ids.filter(repeated).n_unique():
            return column
    return None
