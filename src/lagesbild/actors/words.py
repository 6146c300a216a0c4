"""Words for what the library answers about duty."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from lagesbild.actors.coverage import Gap
from lagesbild.actors.weekdays import WEEKDAYS


@dataclass(frozen=True)
class HourWords:
    """An hour of the week without duty."""

    day: str
    span: str
    events: float


def hour_words(gap: Gap) -> list[HourWords]:
    """The hours without duty that hold most events."""
    return [HourWords(str(WEEKDAYS[each.weekday]), _span(each.hour, 1), each.events) for each in gap.result.hours]


def move_words(gap: Gap, *, shift_hours: int = 4) -> list[str]:
    """The best move of one shift of each function, in words."""
    return [
        _("{function}: from {before} to {after} covers {share} % of the incidents instead of {now} %.").format(
            function=move.function,
            before=f"{WEEKDAYS[move.from_weekday]} {_span(move.from_hour, shift_hours)}",
            after=f"{WEEKDAYS[move.to_weekday]} {_span(move.to_hour, shift_hours)}",
            share=_percent(move.covered_after / gap.result.n_events),
            now=_percent(move.covered_before / gap.result.n_events),
        )
        for move in gap.result.moves[:3]
    ]


def function_words(gap: Gap) -> list[tuple[str, str]]:
    """Each function, and the share of the events that come outside its hours (per cent); the most present first."""
    pairs = zip(gap.result.functions, gap.result.outside_by_function.tolist(), strict=True)
    return [(name, _percent(share)) for name, share in sorted(pairs, key=lambda pair: (pair[1], pair[0]))]


def interval_words(gap: Gap) -> str:
    """The uncertainty of the share outside duty."""
    low, high = gap.result.outside_low, gap.result.outside_high
    if low is None or high is None:
        return ""
    return _("between {low} and {high} %").format(low=_percent(low), high=_percent(high))


def duty_caveats(gap: Gap) -> list[str]:
    """What must be known before the figures are used."""
    told = [
        _("Statistics also mirror where the police work and what is reported."),
        _("That somebody is on duty says nothing of where they are, or of what their presence does."),
    ]
    if gap.is_hidden:
        told.append(_("Small numbers are hidden and count as none here."))
    if gap.result.moves:
        told.append(_("The proposed move is the best for these very events. Expect less of it next time."))
    return told


def _span(hour: int, length: int) -> str:
    return f"{hour:02d}–{(hour + length) % 24:02d}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f}"
