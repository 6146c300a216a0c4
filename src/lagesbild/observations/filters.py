"""Which incidents a question is about: one filter for page, fragment, map data, CSV and command line.

Says nothing of who asks or what is stored; that is settled in ``questions.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from lagesbild.core.errors import UserError

EARLIEST, LATEST = date(1900, 1, 1), date(2200, 1, 1)


@dataclass(frozen=True)
class EventFilter:
    """Empty parts do not narrow. ``from_on`` to ``to_on`` is half-open, in local dates."""

    from_on: date | None = None
    to_on: date | None = None
    categories: frozenset[str] = frozenset()
    """Codes; what lies below them in the tree is included."""
    areas: frozenset[int] = frozenset()
    place: int | None = None
    hours: frozenset[int] = frozenset()
    """0–23, local. Events whose hour is unknown are left out when hours are chosen."""
    weekdays: frozenset[int] = frozenset()
    """1 Monday to 7 Sunday."""
    months: frozenset[int] = frozenset()
    sources: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.from_on and self.to_on and self.from_on >= self.to_on:
            raise UserError("filter.period_reversed", _("The period ends before it begins."), field="to")
        _within("hour", self.hours, 0, 23)
        _within("weekday", self.weekdays, 1, 7)
        _within("month", self.months, 1, 12)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, in a fixed order; empty parts are left out."""
        plain = {each.name: _plain(getattr(self, each.name)) for each in fields(self)}
        return {name: value for name, value in plain.items() if value not in (None, [])}

    @classmethod
    def from_dict(cls, saved: Mapping[str, Any]) -> EventFilter:
        values: dict[str, Any] = {name: frozenset(saved[name]) for name in SETS if saved.get(name)}
        values |= {name: date.fromisoformat(saved[name]) for name in ("from_on", "to_on") if saved.get(name)}
        return cls(**values, place=saved.get("place"))

    @classmethod
    def from_query(cls, query: QueryDict | Mapping[str, Any]) -> EventFilter:
        """From an address: ``from`` and ``to`` are the first and the last day, as people write them.

        Other names in the address are left to those who know them. Raises `UserError` with the field that is wrong.
        """
        last_on = _date(query, "to")
        return cls(
            from_on=_date(query, "from"),
            to_on=last_on + timedelta(days=1) if last_on else None,
            categories=frozenset(_texts(query, "category")),
            areas=frozenset(_numbers(query, "area")),
            place=next(iter(_numbers(query, "place")), None),
            hours=frozenset(_ranges(query, "hour", 24)),
            weekdays=frozenset(_ranges(query, "weekday", 8)),
            months=frozenset(_ranges(query, "month", 13)),
            sources=frozenset(_texts(query, "source")),
        )

    def to_query(self) -> str:
        """The address that `from_query` reads; always the same for the same filter."""
        query = QueryDict(mutable=True)
        if self.from_on:
            query["from"] = self.from_on.isoformat()
        if self.to_on:
            query["to"] = (self.to_on - timedelta(days=1)).isoformat()
        if self.place:
            query["place"] = str(self.place)
        for name, values in (("category", self.categories), ("area", self.areas), ("source", self.sources)):
            query.setlist(name, [str(value) for value in sorted(values)])
        for name, numbers in (("hour", self.hours), ("weekday", self.weekdays), ("month", self.months)):
            if numbers:
                query[name] = ",".join(str(number) for number in sorted(numbers))
        return query.urlencode(safe=",")


SETS = ("categories", "areas", "hours", "weekdays", "months", "sources")


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return sorted(value) if isinstance(value, frozenset) else value


def _within(field: str, numbers: Iterable[int], lowest: int, highest: int) -> None:
    for number in numbers:
        if not lowest <= number <= highest:
            raise _refused(field, str(number))


def _texts(query: QueryDict | Mapping[str, Any], name: str) -> list[str]:
    """Every value of a name that may be repeated or hold several values with commas between."""
    values = query.getlist(name) if isinstance(query, QueryDict) else query.get(name, [])
    values = [values] if isinstance(values, str) else values
    return [part.strip() for value in values for part in str(value).split(",") if part.strip()]


def _date(query: QueryDict | Mapping[str, Any], name: str) -> date | None:
    text = next(iter(_texts(query, name)), None)
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise _refused_date(name, text) from error
    if not EARLIEST <= day < LATEST:
        raise _refused_date(name, text)
    return day


def _numbers(query: QueryDict | Mapping[str, Any], name: str) -> list[int]:
    return [_number(name, text) for text in _texts(query, name)]


def _number(name: str, text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise _refused(name, text)
    return int(text)


def _ranges(query: QueryDict | Mapping[str, Any], name: str, end: int) -> list[int]:
    """Numbers and ranges; a range may pass the end of the day, week or year: hours ``22-4``."""
    start = 0 if end == 24 else 1
    found: list[int] = []
    for text in _texts(query, name):
        first, dash, last = text.partition("-")
        low, high = _number(name, first), _number(name, last if dash else first)
        if not (start <= low < end and start <= high < end):
            raise _refused(name, text)
        found += range(low, high + 1) if low <= high else [*range(low, end), *range(start, high + 1)]
    return found


def _refused(field: str, value: str) -> UserError:
    return UserError(
        "filter.value_refused", _('"{value}" cannot be used here. Choose from the list.'), field=field, value=value
    )


def _refused_date(field: str, value: str) -> UserError:
    return UserError(
        "filter.date_refused", _('"{value}" is not a date. Write it like 2026-02-28.'), field=field, value=value
    )
