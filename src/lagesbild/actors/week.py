"""Shifts as people write them: "10–18, 22:00–02:00". Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import time

from django.utils.translation import gettext_lazy as _

from lagesbild.actors.hours import Hours
from lagesbild.core.errors import UserError

_SHIFT = re.compile(r"(\d{1,2})(?:[:.](\d\d))?\s*(?:-|–|—|till|to)\s*(\d{1,2})(?:[:.](\d\d))?")


def parse_shifts(text: str) -> list[Hours]:
    """The shifts of one day, in order. An end that is not later than the start is on the next day; 24 is midnight.

    Raises `UserError` for what is no shift, and for two shifts that begin at the same time.
    """
    shifts = sorted(_shift(part.strip()) for part in re.split(r"[,;\n]", text) if part.strip())
    starts = [each.starts for each in shifts]
    if len(set(starts)) < len(starts):
        raise UserError("schedules.shift_twice", _("Two shifts begin at the same time. Write one of them."))
    return shifts


def write_shifts(shifts: Iterable[Hours]) -> str:
    """The other way: what a form shows."""
    return ", ".join(f"{each.starts:%H:%M}–{each.ends:%H:%M}" for each in sorted(shifts))


def _shift(text: str) -> Hours:
    match = _SHIFT.fullmatch(text)
    if match is None:
        raise _wrong(text)
    return Hours(_time(match[1], match[2], text), _time(match[3], match[4], text))


def _time(hour: str, minute: str | None, text: str) -> time:
    try:
        return time(0 if (hour, minute or "00") == ("24", "00") else int(hour), int(minute or 0))
    except ValueError as error:
        raise _wrong(text) from error


def _wrong(text: str) -> UserError:
    return UserError(
        "schedules.no_shift", _("“{text}” is no shift. Write from and to, such as 10:00–18:00."), text=text
    )
