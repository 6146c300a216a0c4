"""``lagesbild stats effect``: what a measure did, by the design of the follow-up."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import numpy as np
import numpy.typing as npt

from lagesbild.statistics.answers import answer_of
from lagesbild.statistics.compared import Areas, sums_of_areas
from lagesbild.statistics.events import Asked, Events
from lagesbild.statistics.options import MONTE_CARLO, Period, method
from lagesbild.statistics.over_time import MOST_STEPS, Step
from lagesbild.statistics.refusals import refuse, refusing
from lagesbild.statistics.table import day_text

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
TABLE = click.Path(exists=True, dir_okay=False, path_type=Path)
DAYS_PER_YEAR = 365.25
# What only some designs know, and which.
ONLY_FOR = {
    "alternative": ("did", "trial"),
    "areas": ("did", "trial"),
    "control": ("its",),
    "impact": ("its",),
    "period": ("its",),
    "season": ("its",),
    "start": ("its",),
    "phase_in": ("did", "its"),
    "by": ("did", "trial", "its"),
    "treated": ("did", "trial", "its"),
    "errors": ("before-after", "its"),
}


class Day(click.ParamType[Any]):
    """A date, or a number of days."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, float):
            return value
        try:
            return float(value)
        except ValueError:
            pass
        try:
            return float(np.datetime64(str(value), "D").astype(np.int64))
        except ValueError:
            self.fail(f'"{value}" must be a date such as 2026-01-01.', param, ctx)


@method(
    "effect",
    click.option(
        "--method",
        "design",
        type=click.Choice(("before-after", "did", "its", "trial")),
        required=True,
        help="Two periods; areas with and without; a long series; places drawn by chance.",
    ),
    click.option("--before", type=Period(), metavar="FROM,TO", help="First period, TO not included. Not for its."),
    click.option("--after", type=Period(), metavar="FROM,TO", help="Second period, TO not included. Not for its."),
    click.option("--period", type=Period(), metavar="FROM,TO", help="For its: the whole time, TO not included."),
    click.option("--start", type=Day(), metavar="DATE", help="For its: the first day with the measure."),
    click.option(
        "--step", type=Step(), metavar="DAYS|month", help="Count by steps of this length. Default: month for its."
    ),
    click.option("--count", metavar="COLUMN", help="Events of each row. Default: every row is one."),
    click.option("--by", metavar="COLUMN", help="Area of each event."),
    click.option("--treated", multiple=True, metavar="VALUE", help="Area with the measure; may be repeated."),
    click.option("--control", multiple=True, metavar="VALUE", help="For its: area to compare with; may be repeated."),
    click.option(
        "--areas",
        type=TABLE,
        metavar="TABLE",
        help="For did and trial: all areas, by the column of --by; with treated (1 or 0) and block if there.",
    ),
    click.option("--phase-in", type=click.IntRange(min=0), metavar="N", help="Steps left out while it comes about."),
    click.option(
        "--impact", type=click.Choice(("level", "slope", "level-and-slope")), help="For its. Default: level, a jump."
    ),
    click.option(
        "--season", type=click.Choice(("harmonics", "months", "none")), help="For its. Default: harmonics, two waves."
    ),
    click.option(
        "--errors",
        type=click.Choice(("exact", "quasi-poisson", "autoregressive", "newey-west", "negative-binomial")),
        help="How counts vary. Default: quasi-poisson by steps, autoregressive for its.",
    ),
    click.option("--alternative", type=click.Choice(("two-sided", "greater", "less")), help="Default: two-sided."),
    click.option("--conf", type=float, default=0.95, show_default=True, help="Level of the intervals."),
    *MONTE_CARLO,
)
def effect(asked: Asked, **given: Any) -> Mapping[str, Any]:
    """What did a measure do?

    FILE holds events. before-after compares two periods; did (difference in differences) compares areas with and
    without the measure in two periods; its looks for a break in a long series; trial analyses places that chance chose.
    For did and trial FILE may also be a table of areas with the columns before, after, treated and block.
    Answers the effect with interval, p and a verdict in words.
    Methods: docs/methods/before_after.md, difference_in_differences.md, interrupted_series.md and trial_effect.md.

    \b
    lagesbild stats effect brott.csv --method before-after --before 2024-01-01,2025-01-01 \\
        --after 2025-01-01,2026-01-01 --step month --json
    lagesbild stats effect brott.csv --method did --by area --treated Klara --before 2024-01-01,2025-01-01 \\
        --after 2025-01-01,2026-01-01 --step month
    lagesbild stats effect brott.csv --method its --period 2022-01-01,2026-01-01 --start 2025-01-01
    lagesbild stats effect brott.csv --method trial --by place --areas draw.csv --before 2025-01-01,2025-08-01 \\
        --after 2025-09-01,2026-04-01
    """
    design = given["design"]
    for name, designs in ONLY_FOR.items():
        if given[name] not in (None, ()) and design not in designs:
            refuse(f"--{name.replace('_', '-')} is not for --method {design}.", field=name)
    how = {name: given[name] for name in ("threads", "scheduler")} | {"rng": asked.seed}
    how |= {"n_replicates": given["replicates"], "alternative": given["alternative"] or "two-sided"}
    how["conf"] = given["conf"]
    with refusing(scheduler=given["scheduler"]):
        if design == "before-after":
            found = _before_after(asked, given)
        elif design == "its":
            found = _series(asked, given)
        else:
            found = (_did if design == "did" else _trial)(asked, given, how)
    return _told(found)


def _told(found: dict[str, Any]) -> dict[str, Any]:
    """The verdict with its words."""
    from lagesbild.stats import Note

    verdict = found["verdict"]
    return found | {"verdict": verdict | {"text": Note(verdict["code"], verdict["values"]).text}}


def _before_after(asked: Asked, given: Mapping[str, Any]) -> dict[str, Any]:
    from lagesbild.stats import before_after

    if given["errors"] in ("autoregressive", "newey-west"):
        refuse(f"--errors {given['errors']} is not for --method before-after.", field="errors")
    first, second = _periods(given)
    events, weight = _events(asked, given)
    parts = [
        _edges(period[0], period[1], given["step"], anchor=at)
        for period, at in ((first, first[1]), (second, second[0]))
    ]
    counts = [_counts(events.t, weight, edges) for edges in parts]
    found = before_after(
        *counts,
        exposure_before=np.diff(parts[0]),
        exposure_after=np.diff(parts[1]),
        errors=given["errors"],
        conf=given["conf"],
    )
    return answer_of(found) | {"input": events.facts}


def _series(asked: Asked, given: Mapping[str, Any]) -> dict[str, Any]:
    from lagesbild.stats import interrupted_series

    if given["period"] is None or given["start"] is None:
        refuse("--method its needs --period and --start.", field="start")
    if given["errors"] == "exact":
        refuse("--errors exact is not for --method its.", field="errors")
    if (given["treated"] or given["control"]) and not given["by"]:
        refuse("--treated and --control need --by: the column with the area.", field="by")
    events, weight = _events(asked, given)
    step, are_dates = given["step"] or "month", events.times is None or events.times.are_dates
    first, end = given["period"]
    edges = _edges(first, end, step, anchor=given["start"])
    if given["start"] not in edges[1:-1]:
        refuse("--start must lie within --period, and be the first of a month for steps of a month.", field="start")
    ours, others = _shares(events, given)
    season = given["season"] or "harmonics"
    found = interrupted_series(
        _counts(events.t[ours], weight[ours], edges),
        start=int(np.flatnonzero(edges == given["start"])[0]),
        impact=given["impact"] or "level",
        phase_in=given["phase_in"] or 0,
        exposure=np.diff(edges),
        season=_months_of(edges[:-1], are_dates=are_dates) if season == "months" else None,
        season_length=_steps_per_year(step) if season == "harmonics" else None,
        control=_counts(events.t[others], weight[others], edges) if given["control"] else None,
        errors=given["errors"] or "autoregressive",
        conf=given["conf"],
    )
    counts = _counts(events.t[ours], weight[ours], edges)
    steps = [
        {"from": day_text(edges[at]) if are_dates else edges[at], "days": edges[at + 1] - edges[at], "count": int(n)}
        for at, n in enumerate(counts)
    ]
    return answer_of(found) | {"steps": steps, "input": events.facts}


def _did(asked: Asked, given: Mapping[str, Any], how: dict[str, Any]) -> dict[str, Any]:
    from lagesbild.stats import difference_in_differences

    if given["before"] is None and given["after"] is None:
        before, after, areas, facts = sums_of_areas(asked, given)
        counts, start = np.column_stack([before, after]), 1
    else:
        first, second = _periods(given)
        if first[1] > second[0]:
            refuse("--after must not begin before --before ends.", field="after")
        events, weight = _events(asked, given)
        areas = Areas.of(events, given)
        parts = [
            _edges(period[0], period[1], given["step"], anchor=at)
            for period, at in ((first, first[1]), (second, second[0]))
        ]
        counts = np.column_stack([areas.counts(events.t, weight, edges) for edges in parts])
        start, facts = len(parts[0]) - 1, events.facts | {"elsewhere": areas.elsewhere}
    found = difference_in_differences(
        counts, treated=areas.treated, start=start, phase_in=given["phase_in"] or 0, block=areas.block, **how
    )
    return answer_of(found) | {"areas": areas.table(), "input": facts}


def _trial(asked: Asked, given: Mapping[str, Any], how: dict[str, Any]) -> dict[str, Any]:
    from lagesbild.stats import trial_effect

    if given["before"] is None and given["after"] is None:
        before, after, areas, facts = sums_of_areas(asked, given)
    else:
        first, second = _periods(given)
        events, weight = _events(asked, given)
        areas = Areas.of(events, given)
        before, after = (areas.counts(events.t, weight, np.array(period))[:, 0] for period in (first, second))
        # Events afterwards in as long a time as before, so that the change is not one of length.
        before = before * ((second[1] - second[0]) / (first[1] - first[0]))
        facts = events.facts | {"elsewhere": areas.elsewhere}
    found = trial_effect(after, treated=areas.treated, block=areas.block, baseline=before, **how)
    return answer_of(found) | {"areas": areas.table(), "input": facts}


def _periods(given: Mapping[str, Any]) -> tuple[tuple[float, float], tuple[float, float]]:
    if given["before"] is None or given["after"] is None:
        refuse(f"--method {given['design']} needs both --before and --after.", field="before")
    first, second = given["before"], given["after"]
    if max(first[0], second[0]) < min(first[1], second[1]):
        refuse("The periods of --before and --after must not overlap.", field="after")
    return first, second


def _events(asked: Asked, given: Mapping[str, Any]) -> tuple[Events, Ints]:
    events = asked.events(places=False)
    if given["count"] is None:
        return events, np.ones(len(events), dtype=np.int64)
    numbers = events.numbers(given["count"])
    if not bool(np.all((numbers >= 0) & (numbers == np.floor(numbers)))):
        refuse(f'Column "{given["count"]}" must hold whole numbers, zero or more.', field="count")
    return events, numbers.astype(np.int64)


def _edges(first: float, end: float, step: Any, *, anchor: float) -> Floats:
    """Edges of steps laid from the anchor both ways; what is left over at an end is a shorter step."""
    if step is None:
        inside: Any = []
    elif step == "month":
        months = [np.datetime64(int(each), "D").astype("datetime64[M]") for each in (first, end)]
        inside = np.arange(months[0], months[1] + 1).astype("datetime64[D]").astype(np.int64)
    else:
        if (end - first) / step > MOST_STEPS:
            refuse(f"A period has more than {MOST_STEPS} steps.", field="step")
        inside = anchor + step * np.arange(np.ceil((first - anchor) / step), (end - anchor) / step)
    within = [each for each in np.unique(np.asarray(inside, dtype=np.float64)).tolist() if first < each < end]
    return np.array([first, *within, end], dtype=np.float64)


def _counts(t: Floats, weight: Ints, edges: Floats) -> Ints:
    at = np.searchsorted(edges, t, side="right") - 1
    inside = (t >= edges[0]) & (t < edges[-1])
    return np.bincount(at[inside], weights=weight[inside], minlength=len(edges) - 1).astype(np.int64)


def _months_of(starts: Floats, *, are_dates: bool) -> Ints:
    if not are_dates:
        refuse("--season months needs dates. The file has numbers of days.", field="season")
    return starts.astype(np.int64).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12


def _steps_per_year(step: Any) -> float:
    length = 12.0 if step == "month" else DAYS_PER_YEAR / step
    if length <= 4:
        refuse("--step is too long for --season harmonics: more than four steps a year are needed.", field="step")
    return length


def _shares(events: Events, given: Mapping[str, Any]) -> tuple[Any, Any]:
    """Which events are of the series, and which of the one to compare with."""
    everything = np.ones(len(events), dtype=np.bool_)
    if not given["by"]:
        return everything, ~everything
    names = events.texts(given["by"])
    others = names.is_in(list(given["control"])).fill_null(False).to_numpy()
    ours = names.is_in(list(given["treated"])).fill_null(False).to_numpy() if given["treated"] else ~others
    for name, chosen in (("treated", ours), ("control", others)):
        if given[name] and not bool(chosen.any()):
            refuse(f'No event has {" or ".join(given[name])} in column "{given["by"]}".', field=name)
    return ours, others
