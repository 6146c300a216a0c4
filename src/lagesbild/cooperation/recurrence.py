"""How often a forum meets: an RFC 5545 rule in local wall time, the instants it gives, and the rule in words.

Knows no forum and no database. The rule is counted by dateutil on the clock on the wall and then placed in UTC, so that
a meeting at 15:00 is at 15:00 before and after the two odd nights. A time that does not exist that night is taken as
RFC 5545 has it: with the offset that held before; one that exists twice is the first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.text import get_text_list
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lagesbild.core.errors import UserError
from lagesbild.core.holidays import holiday

FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
PARTS = {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "UNTIL", "WKST"}
DAY_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAY = re.compile(r"^(?P<nth>-?[1-5])?(?P<day>MO|TU|WE|TH|FR|SA|SU)$")
PLAIN = re.compile(r"[A-Za-z0-9=;,:+-]+")  # one line
MOST_YEARS = 2  # ahead at a time: a rule that never comes true must not be looked for until the year 9999


@dataclass(frozen=True)
class Rhythm:
    """A rule with what it counts from. ``skips_holidays`` leaves out days off of the Swedish calendar."""

    rule: str
    first_on: date
    starts_at: time
    time_zone: str
    skips_holidays: bool = True


@dataclass(frozen=True)
class Parts:
    """A simple rule taken apart, as a form asks for it."""

    frequency: str
    interval: int = 1
    days: tuple[str, ...] = ()  # "TU", or "2TU" and "-1FR" of a month
    months: tuple[int, ...] = ()


def check(rule: str) -> None:
    """Raise `UserError` unless the rule can be counted and stays on whole days."""
    parts = _read(rule)
    unknown = sorted(set(parts) - PARTS)
    if unknown or parts.get("FREQ") not in FREQUENCIES or not PLAIN.fullmatch(rule):
        raise _refused(rule)
    try:
        _counted(rule, datetime(2026, 1, 1), datetime(2026, 1, 2))  # noqa: DTZ001 - wall time has no zone yet
    except (ValueError, TypeError, KeyError) as error:
        raise _refused(rule) from error


def starts(rhythm: Rhythm, from_on: date, to_on: date) -> list[datetime]:
    """The instants (UTC) of the meetings on local days in [from_on, to_on), at most two years from ``from_on``."""
    if not rhythm.rule:
        return []
    end = min(to_on, from_on + timedelta(days=366 * MOST_YEARS))
    first = datetime.combine(rhythm.first_on, rhythm.starts_at)
    until = datetime.combine(end, time.min) - timedelta(seconds=1)
    counted = _counted(rhythm.rule, first, until)
    local = counted.between(datetime.combine(from_on, time.min), until, inc=True)
    return [instant(at, rhythm.time_zone) for at in local if not (rhythm.skips_holidays and holiday(at.date()))]


def instant(local: datetime, time_zone: str) -> datetime:
    """The instant in UTC at which the clock on the wall shows ``local``."""
    return local.replace(tzinfo=ZoneInfo(time_zone), fold=0).astimezone(UTC)


def _counted(rule: str, first: datetime, until: datetime) -> rrule:
    """The rule with an end, so that counting always ends too."""
    parts = _read(rule)
    ends = parts.pop("UNTIL", "")
    if ends:
        last = datetime.strptime(ends[:8], "%Y%m%d")  # noqa: DTZ007 - wall time has no zone yet
        until = min(until, last + timedelta(days=1, seconds=-1))
    found: rrule = rrulestr(";".join(f"{name}={value}" for name, value in parts.items()), dtstart=first)
    return found.replace(until=until)


def _read(rule: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in rule.upper().removeprefix("RRULE:").split(";") if part]
    return {name.strip(): value.strip() for name, _equals, value in pairs}


def _refused(rule: str) -> UserError:
    return UserError(
        "forums.rule_refused",
        _('"{rule}" is no recurrence rule. Write for instance FREQ=WEEKLY;BYDAY=TU,FR.'),
        field="rule",
        rule=rule,
    )


def parts_of(rule: str) -> Parts | None:
    """The rule taken apart; None if it says more than a form can ask for."""
    read = _read(rule)
    if set(read) - {"FREQ", "INTERVAL", "BYDAY", "BYMONTH"} or read.get("FREQ") not in FREQUENCIES:
        return None
    days = tuple(part for part in read.get("BYDAY", "").split(",") if part)
    months = tuple(int(part) for part in read.get("BYMONTH", "").split(",") if part.isdigit())
    if not all(DAY.match(day) for day in days):
        return None
    interval = read.get("INTERVAL", "1")
    return Parts(read["FREQ"], int(interval) if interval.isdigit() else 1, days, months)


def rule_of(parts: Parts) -> str:
    """The rule that `parts_of` takes apart."""
    pieces = [f"FREQ={parts.frequency}"]
    if parts.interval > 1:
        pieces.append(f"INTERVAL={parts.interval}")
    if parts.months:
        pieces.append("BYMONTH=" + ",".join(str(month) for month in sorted(parts.months)))
    if parts.days:
        pieces.append("BYDAY=" + ",".join(parts.days))
    return ";".join(pieces)


def in_words(rule: str) -> str:
    """ "Tuesdays and Fridays", in the active language; the rule itself if it is beyond words."""
    parts = parts_of(rule)
    if not rule or parts is None:
        return rule or _("On need")
    often = _often(parts)
    days = get_text_list([_day(day) for day in parts.days], _("and"))
    months = get_text_list([str(MONTHS[month]) for month in parts.months], _("and"))
    text = _("{often}: {days}").format(often=often, days=days) if days else often
    return _("{text} in {months}").format(text=text, months=months) if months else text


def _often(parts: Parts) -> str:
    once = {
        "DAILY": _("Every day"),
        "WEEKLY": _("Every week"),
        "MONTHLY": _("Every month"),
        "YEARLY": _("Every year"),
    }
    seldom = {
        "DAILY": _("Every {n} days"),
        "WEEKLY": _("Every {n} weeks"),
        "MONTHLY": _("Every {n} months"),
        "YEARLY": _("Every {n} years"),
    }
    words = once if parts.interval == 1 else seldom
    return words[parts.frequency].format(n=parts.interval)


def _day(code: str) -> str:
    found = DAY.match(code)
    if found is None:
        raise ValueError(f"`code` must be a day such as TU or 2TU. Got {code!r}.")
    name = str(WEEKDAYS[DAY_CODES.index(found["day"])])
    if (get_language() or "").startswith("sv"):
        name = name.lower()  # other texts of the same word may begin a line
    orders = {"1": _("first"), "2": _("second"), "3": _("third"), "4": _("fourth"), "5": _("fifth"), "-1": _("last")}
    return f"{orders[found['nth']]} {name}" if found["nth"] in orders else name
