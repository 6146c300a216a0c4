"""The rule's reasons in words. Every code of the rule has its sentence here; a wrong percentage has none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lagesbild.core.errors import Text
from lagesbild.goals.rule import Reason

SENTENCES: dict[str, Text] = {
    "counts": gettext_lazy("{met} of {judged} judged indicators meet their target; {unjudged} could not be judged."),
    "never_measured": gettext_lazy("It has not been measured over any whole period."),
    "too_old": gettext_lazy("The latest whole measurement is from {year} and says nothing of the year that is judged."),
    "partial_set_aside": gettext_lazy("The figure for {year} ({value}) covers a part of the period and is set aside."),
    "partial_breaks_target": gettext_lazy("The target is already exceeded, although the period is not over."),
    "value_met": gettext_lazy("{value} reaches the target {target}."),
    "value_not_met": gettext_lazy("{value} does not reach the target {target}."),
    "yes_no_met": gettext_lazy("The answer is the one aimed at."),
    "yes_no_not_met": gettext_lazy("The answer is not the one aimed at."),
    "comparison_met": gettext_lazy("{value} is not worse than the comparison group, {target}."),
    "comparison_not_met": gettext_lazy("{value} is worse than the comparison group, {target}."),
    "interval_holds_target": gettext_lazy("The interval {low}–{high} holds the target: the difference may be chance."),
    "no_target_value": gettext_lazy("There is no value to compare with."),
    "nothing_to_compare_with": gettext_lazy("There is no earlier whole figure to compare with."),
    "definition_changed": gettext_lazy("It is measured in another way than before, so the change says nothing."),
    "periods_differ": gettext_lazy("The two periods are not equally long, so they cannot be compared."),
    "unchanged": gettext_lazy("Unchanged at {value}."),
    "direction_met": gettext_lazy("From {before} to {value}{change}: in the direction aimed at."),
    "direction_not_met": gettext_lazy("From {before} to {value}{change}: not in the direction aimed at."),
    "uncertain_figure": gettext_lazy("The figure is uncertain or provisional."),
}


TELLING = frozenset(
    {
        "never_measured", "too_old", "partial_set_aside", "partial_breaks_target", "interval_holds_target",
        "no_target_value", "nothing_to_compare_with", "definition_changed", "periods_differ", "uncertain_figure",
    }
)  # fmt: skip
"""Reasons that must stand beside a figure; the others only say what the figures say themselves."""


def sentence(reason: Reason, show: Callable[[float], str] | None = None) -> str:
    """One reason in the reader's language. ``show`` writes a value in the unit of the indicator."""
    write = show or plain
    params: dict[str, Any] = {}
    for name, value in reason.params:
        params[name] = write(value) if isinstance(value, float) else value
    if reason.code == "counts":
        params["unjudged"] = params["indicators"] - params["judged"]
    if reason.code.startswith("direction_"):
        raw = dict(reason.params)
        params["change"] = change(raw["before"], raw["value"])
    return str(SENTENCES[reason.code]).format(**params)


def change(before: float, after: float) -> str:
    """The relative change in brackets; none from a base of zero or below, where a percentage would say nothing."""
    if before <= 0:
        return ""
    share = 100 * (after - before) / before
    per_cent = round(share) or round(share, 1)  # a small change is small, not none
    sign = "+" if per_cent > 0 else "−" if per_cent < 0 else "±"
    return _(" ({change} %)").format(change=f"{sign}{plain(abs(per_cent))}")


def plain(value: float) -> str:
    """A number in the reader's language, with as many decimals as it has (at most two)."""
    decimals = next((places for places in (0, 1) if round(value, places) == value), 2)
    return number_format(value, decimals, use_l10n=True, force_grouping=True)
