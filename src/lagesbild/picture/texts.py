"""A picture in words: numbers, periods, names and the plain sentences, in the active language.

Used by page, CSV, PDF and Word alike. Remarks have their sentences in ``notes.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, gettext, ngettext

from lagesbild.picture.content import (
    AreaRow,
    CategoryRow,
    CaveatFact,
    Change,
    HotSpot,
    Named,
    Period,
    PictureContent,
    Question,
    SpotName,
    Status,
)

MINUS = "−"


def number(value: float | int, *, decimals: int | None = None) -> str:
    """1234.5 as "1 234,5" in Swedish and "1,234.5" in English."""
    if isinstance(value, float) and decimals is None:
        decimals = 0 if value == int(value) else 1 if abs(value) >= 10 else 2
    text = number_format(abs(value), decimal_pos=decimals or 0, force_grouping=True)
    return f"{MINUS}{text}" if value < 0 and text.strip("0,. ") else text


def count(value: int | None, *, threshold: int | None = None) -> str:
    """A count, or what stands in its place: "<5" where it is hidden, a dash where there is none."""
    if value is not None:
        return number(value)
    return f"<{threshold}" if threshold else "–"


def events(value: int | None, *, threshold: int | None = None) -> str:
    """A count with its noun."""
    if value is None:
        return gettext("{n} events").format(n=count(value, threshold=threshold))
    return ngettext("{n} event", "{n} events", value).format(n=number(value))


def percent(change: Change | None) -> str:
    """+12 % or −8 %; a dash where the ratio has no value."""
    pct = change.change_pct if change is not None else None
    if pct is None:
        return "–"
    sign = "+" if round(pct) > 0 else ""
    return f"{sign}{number(round(pct))}\u00a0%"


def interval(change: Change | None) -> str:
    """The 95 % interval of the change: "−20 % to +5 %"."""
    if change is None or change.low is None:
        return "–"
    low = _signed((change.low - 1.0) * 100.0)
    if change.high is None:
        return gettext("at least {low}").format(low=low)
    return gettext("{low} to {high}").format(low=low, high=_signed((change.high - 1.0) * 100.0))


def _signed(pct: float) -> str:
    rounded = round(pct)
    return f"{'+' if rounded > 0 else ''}{number(rounded)}\u00a0%"


def p_value(value: float | None) -> str:
    """p = 0.012, p < 0.001."""
    if value is None:
        return "–"
    if value < 0.001:
        return f"<\u00a0{number(0.001, decimals=3)}"
    return number(value, decimals=3 if value < 0.1 else 2)


def day(value: date) -> str:
    """6 March 2026."""
    return date_format(value, "j F Y")


def short_day(value: date) -> str:
    """2026-03-06, as Swedes write it and everybody can read."""
    return value.isoformat()


def period(value: Period) -> str:
    """First and last day, both included: 1 January–30 June 2026."""
    first, last = value.from_on, value.last_on
    if first == last:
        return day(first)
    if first.year == last.year:
        return f"{date_format(first, 'j F')}\u2009–\u2009{day(last)}"
    return f"{day(first)}\u2009–\u2009{day(last)}"


def named(value: Named | CategoryRow) -> str:
    """The name in the active language."""
    return value.name_en if value.name_en and (get_language() or "").startswith("en") else value.name


def category_name(row: CategoryRow) -> str:
    """The category in the active language; types that no category holds have a name too."""
    return named(row) if row.code else gettext("In no category")


def caveat(value: CaveatFact) -> tuple[str, str]:
    """What the reservation is about, and its text, in the active language."""
    english = (get_language() or "").startswith("en")
    return (value.about_en if english and value.about_en else value.about), (
        value.text_en if english and value.text_en else value.text
    )


def time_filters(hours: Sequence[int], weekdays: Sequence[int], months: Sequence[int]) -> list[str]:
    """Chosen hours, weekdays and months in words, those that are chosen."""
    parts = []
    if hours:
        parts.append(gettext("hour {hours}").format(hours=_runs(hours)))
    if weekdays:
        parts.append(", ".join(str(WEEKDAYS[number - 1]) for number in sorted(weekdays)))
    if months:
        parts.append(", ".join(str(MONTHS[number]) for number in sorted(months)))
    return parts


def _runs(numbers: Sequence[int]) -> str:
    """0, 1, 2, 22, 23 as "0–2, 22–23"."""
    runs: list[list[int]] = []
    for number_ in sorted(numbers):
        if runs and number_ == runs[-1][-1] + 1:
            runs[-1].append(number_)
        else:
            runs.append([number_])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def spot_name(name: SpotName) -> str:
    """A hot spot by place: "Vasagatan 24 and surroundings"."""
    if name.kind == "place" and name.near:
        return gettext("{place} and surroundings").format(place=name.name)
    if name.kind == "area":
        return gettext("In {area}").format(area=name.name)
    return name.name


def status(value: Status | None) -> str:
    """New, persistent or fading; "not compared" where there was nothing to compare with."""
    if value is None:
        return gettext("Not compared")
    return {"new": gettext("New"), "persistent": gettext("Persistent"), "fading": gettext("Fading")}[value]


def comparison_name(content: PictureContent) -> str:
    """What the picture is compared with, in words."""
    if content.question.comparison_period is None:
        return gettext("nothing")
    if content.question.comparison == "year":
        years = content.question.period.from_on.year - content.question.comparison_period.from_on.year
        if years > 1:
            return gettext("the same period {years} years before").format(years=years)
        return gettext("the same period last year")
    return gettext("the period before")


def narrowed(question: Question) -> list[str]:
    """What the picture is narrowed to, in words."""
    parts = [", ".join(map(named, question.categories)), ", ".join(map(named, question.areas))]
    if question.place is not None:
        parts.append(named(question.place))
    return [part for part in (*parts, *time_filters(question.hours, question.weekdays, question.months)) if part]


def headline(content: PictureContent) -> str:
    """The whole picture in one or two plain sentences."""
    totals, threshold = content.totals, content.disclosure.threshold
    if totals.n == 0:
        return gettext("No events in the period.")
    if totals.n is None:
        return gettext("Fewer than {threshold} events in the period.").format(threshold=threshold)
    found = ngettext("{n} event", "{n} events", totals.n).format(n=number(totals.n))
    if totals.n_before is None or totals.change is None:
        return gettext("{events} in the period; nothing to compare with.").format(events=found)
    return f"{_compared(content, found)} {change_sentence(totals.change)}"


def _compared(content: PictureContent, found: str) -> str:
    before = number(content.totals.n_before or 0)
    if content.totals.days != content.totals.days_before:
        return gettext("{events} in {days} days, against {before} in {days_before} days {comparison}.").format(
            events=found,
            days=number(content.totals.days),
            before=before,
            days_before=number(content.totals.days_before),
            comparison=comparison_name(content),
        )
    return gettext("{events}, against {before} {comparison}.").format(
        events=found, before=before, comparison=comparison_name(content)
    )


def change_sentence(change: Change) -> str:
    """Whether the difference is more than chance makes, in plain words with its numbers."""
    if change.ratio is None:
        return gettext("There is no rate of change, since there was nothing before.")
    size = percent(change)
    facts = gettext("95 % interval {interval}, p {p}").format(interval=interval(change), p=p_value(change.pvalue))
    facts = facts.replace(" %", "\u00a0%").replace(" p ", " p\u00a0")
    if not change.is_clear:
        return gettext("The difference ({size}) is no larger than chance makes ({facts}).").format(
            size=size, facts=facts
        )
    if change.ratio > 1:
        return gettext("That is more than chance makes: {size} ({facts}).").format(size=size, facts=facts)
    return gettext("That is fewer than chance makes: {size} ({facts}).").format(size=size, facts=facts)


def hot_spot_summary(spots: Sequence[HotSpot]) -> str:
    """How many hot spots of each kind, in one line."""
    if not spots:
        return gettext("No place stands out.")
    if all(spot.status is None for spot in spots):
        return ngettext("{n} hot spot.", "{n} hot spots.", len(spots)).format(n=number(len(spots)))
    kinds = [spot.status for spot in spots]
    return gettext("{new} new, {persistent} persistent and {fading} fading hot spots.").format(
        new=number(kinds.count("new")),
        persistent=number(kinds.count("persistent")),
        fading=number(kinds.count("fading")),
    )


def rate(row: AreaRow) -> str:
    """Events per the table's number of people and year."""
    return "–" if row.rate is None else number(row.rate, decimals=0 if row.rate >= 100 else 1)
