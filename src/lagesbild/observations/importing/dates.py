"""Dates and times of day as people and programs write them, whole columns at a time.

Here texts become a local date, seconds of the day and a precision. What instant that is in a zone is in ``zones``.
"""

from __future__ import annotations

import polars as pl

MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan", "feb", "mar", "apr", "maj may", "jun", "jul", "aug", "sep", "okt oct", "nov", "dec"), start=1
    )
    for name in names.split()
}
# A written month is told by its first three letters; the pattern sees to it that the rest is right.
_MONTH = (
    r"(?P<name>jan(?:uari|uary)?|feb(?:ruari|ruary)?|mar(?:s|ch)?|apr(?:il)?|maj|may|jun[ie]?|jul[iy]?|"
    r"aug(?:usti|ust)?|sept?(?:ember)?|o[kc]t(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_WEEKDAY = (
    r"(?:(?:(?:mån|tis|ons|tors?|fre|lör|sön)(?:dag)?(?:en)?|(?:mon|tue|wed|thu|fri|sat|sun)(?:day)?|"
    r"tuesday|wednesday|thursday|saturday)[.,]*\s+)?(?:den\s+)?"
)
_YEAR = r"(?P<y>[0-9]{4})"
_SHORT_YEAR = r"(?P<y>[0-9]{4}|[0-9]{2})"
_TIME = (
    r"(?:(?:[t,\s]|kl\.?|klockan)+(?P<h>[0-9]{1,2})(?:[:.]?(?P<mi>[0-9]{2})(?:[:.]?(?P<s>[0-9]{2})(?:[.,][0-9]+)?)?)?"
    r"\s*(?P<half>am|pm|a\.m\.|p\.m\.)?)?"
)
_ZONE = r"\s*(?P<zone>z|utc|gmt|[+-][0-9]{2}(?::?[0-9]{2})?)?"

ISO = rf"^{_YEAR}[-/.](?P<mo>[0-9]{{1,2}})[-/.](?P<d>[0-9]{{1,2}}){_TIME}{_ZONE}$"
COMPACT = (
    r"^(?P<y>(?:19|20)[0-9]{2})(?P<mo>[0-9]{2})(?P<d>[0-9]{2})"
    rf"(?:[t\s]?(?P<h>[0-9]{{2}}):?(?P<mi>[0-9]{{2}})(?::?(?P<s>[0-9]{{2}})(?:[.,][0-9]+)?)?)?{_ZONE}$"
)
FIGURES = rf"^(?P<a>[0-9]{{1,2}})[-/. ]+(?P<b>[0-9]{{1,2}})[-/. ]+(?P<c>[0-9]{{4}}|[0-9]{{2}}){_TIME}{_ZONE}$"
WORDS = rf"^{_WEEKDAY}(?P<d>[0-9]{{1,2}})(?::?[ae]|st|nd|rd|th)?[.\s-]*{_MONTH}[.,]?[\s-]*{_YEAR}{_TIME}{_ZONE}$"
WORDS_AMERICAN = rf"^{_WEEKDAY}{_MONTH}\.?\s+(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?,?\s+{_YEAR}{_TIME}{_ZONE}$"
MONTH_FIGURES = r"^(?P<y>(?:19|20)[0-9]{2})(?:[-/](?P<mo>[0-9]{1,2})|(?P<mo6>[0-9]{2}))$"
MONTH_WORDS = rf"^{_MONTH}\.?,?[\s-]+{_YEAR}$"
SERIAL = r"^(?P<serial>[1-9][0-9]{4})(?:[.,](?P<fraction>[0-9]{1,12}))?$"
PATTERNS = (ISO, COMPACT, FIGURES, WORDS, WORDS_AMERICAN, MONTH_FIGURES, MONTH_WORDS, SERIAL)
# What programs write, with the length of the text and how exact it is.
COMMON_FORMS = {
    "%Y-%m-%d": (10, "day"),
    "%Y-%m-%d %H:%M": (16, "minute"),
    "%Y-%m-%dt%H:%M": (16, "minute"),
    "%Y-%m-%d %H:%M:%S": (19, "minute"),
    "%Y-%m-%dt%H:%M:%S": (19, "minute"),
}
_GROUPS = ["y", "mo", "mo6", "d", "name", "a", "b", "c", "h", "mi", "s", "half", "zone", "serial", "fraction"]

_HALF = r"(?P<half>am|pm|a\.m\.|p\.m\.)?"
CLOCK = (
    r"^(?:kl\.?|klockan)?\s*(?P<h>[0-9]{1,2})[:.](?P<mi>[0-9]{2})(?:[:.](?P<s>[0-9]{2})(?:[.,][0-9]+)?)?"
    rf"\s*{_HALF}$"
)
# A time cell of a spreadsheet is a moment on the first day of its calendar.
CLOCK_AFTER_DATE = (
    r"^(?:1899-12-3[01]|1900-01-0[0-9]|1970-01-01)[t ](?P<h>[0-9]{2}):(?P<mi>[0-9]{2}):(?P<s>[0-9]{2})(?:\.[0-9]+)?$"
)
CLOCK_FIGURES = r"^(?:kl\.?|klockan)?\s*(?P<h>[0-9]{1,2}?)(?P<mi>[0-9]{2})(?P<s>[0-9]{2})?$"
CLOCK_HOUR = r"^(?:kl\.?|klockan)?\s*(?P<h>[0-9]{1,2})\s*(?P<half>am|pm|a\.m\.|p\.m\.)?$"
CLOCK_FRACTION = r"^0?[.,](?P<fraction>[0-9]{1,12})$"

DAY_IN_TEXT = rf"^\s*(?P<d>[0-9]{{1,2}}) {_MONTH} (?P<h>[0-9]{{1,2}})[.:](?P<mi>[0-9]{{2}})"

EXCEL_EPOCH_DAYS = -25_569  # 1899-12-30, counted from 1970-01-01
DAY_SECONDS = 86_400
BLANKS = ("", "na", "n/a", "nan", "null", "none", "nil", "-", "--", "okänt", "okänd", "unknown", "uppgift saknas")


def cleaned(texts: pl.Series) -> pl.Series:
    """Lower case, ordinary spaces, and null for all that means "no value"."""
    text = texts.cast(pl.String).str.replace_all(r"[\u00a0\u2000-\u200b\u202f\ufeff]", " ").str.strip_chars()
    lower = text.str.to_lowercase()
    return lower.set(lower.is_in(list(BLANKS)), None)


def read_dates(texts: pl.Series, *, date_order: str) -> pl.DataFrame:
    """Every text as a local date with time, if it is one.

    Returns columns ``day`` (Date), ``second`` (Int32, of the day, null without a time), ``offset`` (Int32 seconds east
    of UTC, null unless written), ``precision`` ("minute", "hour", "day", "month"). ``day`` is null where the text is
    blank or no date.
    """
    text = cleaned(texts)
    common = _in_common_form(text)
    left = common["day"].is_null()
    if not left.any():
        return common
    slow = _in_any_form(text.filter(left), date_order)
    if left.all():
        return slow
    order = pl.concat([left.not_().arg_true(), left.arg_true()])
    return pl.concat([common.filter(~left), slow]).select(pl.all().gather(order.arg_sort()))


def _in_common_form(text: pl.Series) -> pl.DataFrame:
    """The texts written exactly as the first one is, if that is one of the forms programs write; else all null.

    Four times as fast as the patterns. What is read here, the patterns read the same.
    """
    first = text.drop_nulls().head(1)
    for form, (length, precision) in COMMON_FORMS.items():
        if not len(first) or len(first[0]) != length or first.str.to_datetime(form, strict=False)[0] is None:
            continue
        alike = (
            (text.str.len_bytes() == length)
            & text.str.contains(r"^[0-9]")
            & ~text.str.starts_with("0000")
            & ~text.str.ends_with(":60")
        )
        moment = text.set(~alike, None).str.to_datetime(form, strict=False, time_unit="us")
        return pl.DataFrame({"moment": moment}).select(
            day=pl.col("moment").dt.date(),
            second=(
                (pl.col("moment").dt.epoch("s") % DAY_SECONDS).cast(pl.Int32)
                if precision == "minute"
                else pl.lit(None, dtype=pl.Int32)
            ),
            offset=pl.lit(None, dtype=pl.Int32),
            precision=pl.lit(precision),
        )
    nothing = {"day": pl.Date, "second": pl.Int32, "offset": pl.Int32, "precision": pl.String}
    return pl.DataFrame({name: pl.repeat(None, len(text), dtype=dtype, eager=True) for name, dtype in nothing.items()})


def _in_any_form(text: pl.Series, date_order: str) -> pl.DataFrame:
    parts = matched(text, PATTERNS)
    parts = _in_order(parts, date_order)
    month = pl.coalesce(_int("mo"), _int("mo6"), pl.col("name").str.slice(0, 3).replace_strict(MONTHS, default=None))
    year = _int("y")
    year = pl.when(pl.col("y").str.len_bytes() == 2).then(year + 2000).otherwise(year)
    serial = _int("serial") + EXCEL_EPOCH_DAYS
    fraction = _serial_seconds()
    result = parts.with_columns(
        days=pl.coalesce(days_since_1970(year, month, _int("d").fill_null(1)), serial),
        second=pl.coalesce(_seconds(), fraction),
        offset=_offset(),
        precision=_precision(),
        wrong=_time_wrong(),
    )
    whole_days = pl.col("second") // DAY_SECONDS  # 24:00 is the next day's midnight
    return result.select(
        day=pl.when(pl.col("wrong")).then(None).otherwise(pl.col("days") + whole_days.fill_null(0)).cast(pl.Date),
        second=pl.col("second") % DAY_SECONDS,
        offset="offset",
        precision="precision",
    )


def read_times(texts: pl.Series) -> pl.DataFrame:
    """Times of day in a column of their own: ``second`` (Int32), ``precision`` and ``wrong``.

    Blank is no time and not wrong. Figures alone are HHMM if any value has three or more, hours otherwise.
    """
    text = cleaned(texts)
    figures = text.str.extract(r"^([0-9]+)(?:\.0)?$", 1)
    text = pl.select(pl.coalesce(figures, text)).to_series()
    if (figures.str.len_bytes().max() or 0) >= 3:  # type: ignore[operator]
        text = pl.select(pl.coalesce(figures.str.zfill(4), text)).to_series()
    fractions = text.str.contains(r"^0?[.,][0-9]{3,}$").any()
    patterns = (CLOCK_FRACTION,) if fractions else ()
    parts = matched(text, (*patterns, CLOCK, CLOCK_AFTER_DATE, CLOCK_FIGURES, CLOCK_HOUR, CLOCK_FRACTION))
    second = pl.coalesce(_seconds(), _fraction_seconds())
    return parts.select(
        second=second,
        precision=_precision(),
        wrong=(second.is_null() & pl.Series(text).is_not_null()) | _time_wrong(),
    )


def read_day_in_text(texts: pl.Series, *, published: pl.Series) -> pl.DataFrame:
    """Day, month and time that a text begins with, in the latest year that is not after the day of publication + 1.

    Same columns as ``read_dates``. The police write so: "26 september 14:21, Mord/dråp, försök, Stockholm".
    """
    parts = matched(texts.str.to_lowercase(), (DAY_IN_TEXT,)).with_columns(published=published)
    month = pl.col("name").str.slice(0, 3).replace_strict(MONTHS, default=None)
    limit = pl.col("published").cast(pl.Int32) + 1
    day = pl.lit(None, dtype=pl.Int32)
    for back in (4, 3, 2, 1, 0, -1):  # a leap day may be up to four years back
        candidate = days_since_1970(pl.col("published").dt.year() - back, month, _int("d"))
        day = pl.when(candidate <= limit).then(candidate).otherwise(day)
    return parts.select(
        day=pl.when(_time_wrong()).then(None).otherwise(day).cast(pl.Date),
        second=_seconds(),
        offset=pl.lit(None, dtype=pl.Int32),
        precision=pl.lit("minute"),
    )


def guess_date_order(texts: pl.Series) -> str:
    """How dates in figures alone are written, judged by the whole column; day first when nothing tells."""
    parts = matched(cleaned(texts), (ISO, COMPACT, FIGURES)).filter(pl.col("a").is_not_null())
    if parts.is_empty():
        return "ymd"
    a, b, c = (parts[name].cast(pl.Int32) for name in "abc")
    if (parts["c"].str.len_bytes() == 2).all() and (c <= 31).all() and (b <= 12).all():
        dashes = cleaned(texts).str.contains(r"^[0-9]{2}-").any()
        if (a > 31).any() or (dashes and (a > 12).any() and (a >= 20).all()):
            return "ymd"
    if (a <= 12).all() and ((b > 12).any() or parts["half"].is_not_null().any()):
        return "mdy"
    return "dmy"


def matched(texts: pl.Series, patterns: tuple[str, ...]) -> pl.DataFrame:
    """The named groups of the first pattern that fits each text; null where none does."""
    left = pl.DataFrame({"text": texts}).with_row_index("i").filter(pl.col("text").is_not_null())
    found = []
    for pattern in patterns:
        if left.is_empty():
            break
        groups = left.select("i", pl.col("text").str.extract_groups(pattern)).unnest("text")
        fits = left["text"].str.contains(pattern)
        hits = groups.filter(fits)
        missing = [pl.lit(None, dtype=pl.String).alias(name) for name in _GROUPS if name not in hits.columns]
        found.append(hits.with_columns(missing).select("i", *_GROUPS))
        left = left.filter(~fits)
    empty = {"i": pl.UInt32, **dict.fromkeys(_GROUPS, pl.String)}
    hits = pl.concat(found) if found else pl.DataFrame(schema=empty)
    if hits.height == len(texts) and len(found) == 1:
        return hits.drop("i")
    every = pl.DataFrame({"i": pl.int_range(len(texts), dtype=pl.UInt32, eager=True)})
    return every.join(hits, on="i", how="left", maintain_order="left").drop("i")


def days_since_1970(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    """Days in the Gregorian calendar; null if there is no such day.

    Months are counted from March so that the leap day comes last (Hinnant, "chrono-compatible low-level date
    algorithms", days_from_civil).
    """
    leap = ((year % 4 == 0) & (year % 100 != 0)) | (year % 400 == 0)
    length = (
        pl.when(month == 2)
        .then(pl.when(leap).then(29).otherwise(28))
        .when(month.is_in([4, 6, 9, 11]))
        .then(30)
        .otherwise(31)
    )
    y = pl.when(month <= 2).then(year - 1).otherwise(year)
    era = y // 400
    year_of_era = y - era * 400
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    day_of_era = year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year
    valid = (year >= 1) & month.is_between(1, 12) & (day >= 1) & (day <= length)
    return pl.when(valid).then(era * 146_097 + day_of_era - 719_468).otherwise(None).cast(pl.Int32)


def _in_order(parts: pl.DataFrame, date_order: str) -> pl.DataFrame:
    """Dates in figures alone become year, month and day."""
    short = pl.col("c").str.len_bytes() == 2
    a, b, c = pl.col("a"), pl.col("b"), pl.col("c")
    year, month, day = (c, a, b) if date_order == "mdy" else (c, b, a)
    if date_order == "ymd":
        year, day = pl.when(short).then(a).otherwise(c), pl.when(short).then(c).otherwise(a)
    return parts.with_columns(
        y=pl.coalesce(pl.col("y"), year), mo=pl.coalesce(pl.col("mo"), month), d=pl.coalesce(pl.col("d"), day)
    )


def _int(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.Int32, strict=False)


def _hour() -> pl.Expr:
    """The hour on a 24-hour clock; 12 am is midnight, 12 pm is noon."""
    half = pl.col("half").str.slice(0, 1)
    twelve = pl.when(half == "p").then(_int("h") % 12 + 12).when(half == "a").then(_int("h") % 12)
    return twelve.otherwise(_int("h"))


def _seconds() -> pl.Expr:
    return _hour() * 3600 + _int("mi").fill_null(0) * 60 + _int("s").fill_null(0)


def _time_wrong() -> pl.Expr:
    """An hour, minute or second that no clock shows. 24:00 is allowed."""
    hour, minute, second = _int("h"), _int("mi").fill_null(0), _int("s").fill_null(0)
    late = (hour > 24) | ((hour == 24) & (minute + second > 0)) | (minute > 59) | (second > 59)
    twelve = pl.col("half").is_not_null() & ~hour.is_between(1, 12)
    return (late | twelve).fill_null(value=False)


def _fraction_seconds() -> pl.Expr:
    """A part of a day, as Excel keeps times, to the nearest second."""
    share = pl.concat_str(pl.lit("0."), pl.col("fraction")).cast(pl.Float64, strict=False)
    return (share * DAY_SECONDS).round().cast(pl.Int32)


def _serial_seconds() -> pl.Expr:
    return pl.when(pl.col("serial").is_not_null()).then(_fraction_seconds())


def _offset() -> pl.Expr:
    zone = pl.col("zone")
    digits = zone.str.replace_all(r"[^0-9]", "")
    seconds = digits.str.slice(0, 2).cast(pl.Int32, strict=False) * 3600 + (
        digits.str.slice(2, 2).cast(pl.Int32, strict=False).fill_null(0) * 60
    )
    signed = pl.when(zone.str.starts_with("-")).then(-seconds).otherwise(seconds)
    return pl.when(zone.is_in(["z", "utc", "gmt"])).then(0).otherwise(signed).cast(pl.Int32)


def _precision() -> pl.Expr:
    has_minute = pl.col("mi").is_not_null() | pl.col("fraction").is_not_null()
    only_month = pl.col("d").is_null() & pl.col("serial").is_null() & pl.col("h").is_null()
    return (
        pl.when(has_minute)
        .then(pl.lit("minute"))
        .when(pl.col("h").is_not_null())
        .then(pl.lit("hour"))
        .when(only_month)
        .then(pl.lit("month"))
        .otherwise(pl.lit("day"))
    )
