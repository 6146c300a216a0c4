"""``lagesbild stats change --look-for …``: hot spots over many periods, change points and the alarm of a series."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import click
import numpy as np
import numpy.typing as npt

from lagesbild.statistics.answers import answer_of
from lagesbild.statistics.events import Asked, Events
from lagesbild.statistics.maps import BOUNDS, CELL, grid_over
from lagesbild.statistics.options import Option, Period, monte_carlo
from lagesbild.statistics.refusals import refuse, refusing
from lagesbild.statistics.table import day_text
from lagesbild.stats import Window

Floats = npt.NDArray[np.float64]
LOOK_FOR = ("rate", "hot-spots", "change-points", "alarm")
DAYS_PER_YEAR = 365.25
MOST_STEPS = 100_000
# Of cells times steps; each takes some hundred bytes while they are compared.
MOST_NUMBERS = 20_000_000
# What says nothing when the rates of two periods are compared.
OF_STEPS = ("period", "step", "gaps", "count", "replicates")


class Step(click.ParamType[Any]):
    """A number of days, or month."""

    name = "step"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "month" or isinstance(value, int):
            return value
        if not str(value).isdigit() or int(value) < 1:
            self.fail(f'"{value}" must be a whole number of days, or month.', param, ctx)
        return int(value)


OPTIONS: tuple[Option, ...] = (
    click.option(
        "--look-for",
        type=click.Choice(LOOK_FOR),
        default="rate",
        show_default=True,
        help="rate: two periods. The others: many steps of --period, see below.",
    ),
    click.option("--period", type=Period(), metavar="FROM,TO", help="For many steps: the whole time, TO not included."),
    click.option("--step", type=Step(), metavar="DAYS|month", help="For many steps: length of each. Default: 7."),
    click.option(
        "--gap",
        "gaps",
        type=Period(),
        multiple=True,
        metavar="FROM,TO",
        help="For many steps: days without data; may be repeated.",
    ),
    click.option("--count", metavar="COLUMN", help="For many steps: events of each row. Default: every row is one."),
    CELL,
    BOUNDS,
    click.option(
        "--neighbours", type=click.IntRange(min=1), default=1, show_default=True, metavar="STEPS", help="For hot-spots."
    ),
    click.option(
        "--recent", type=click.IntRange(min=1), metavar="STEPS", help="For hot-spots: which steps are recent."
    ),
    click.option(
        "--null",
        type=click.Choice(("exchangeable", "poisson")),
        default="exchangeable",
        show_default=True,
        help="For change-points with --replicates: what a series without a change is like.",
    ),
    click.option(
        "--false-alarm-rate", type=float, default=0.01, show_default=True, help="For alarm: share of steps, at most."
    ),
    click.option(
        "--current", type=click.IntRange(min=1), default=1, show_default=True, help="For alarm: last steps to judge."
    ),
    click.option(
        "--guard", type=click.IntRange(min=0), default=0, show_default=True, help="For alarm: steps before, left out."
    ),
    *monte_carlo(default=0, fewest=0, more=" For change-points: also test the largest change."),
)


@dataclass(frozen=True, eq=False)
class Steps:
    """The steps of the period, as days from edge to edge, and the days of each that were observed."""

    edges: Floats
    observed: Floats
    per_year: float
    are_dates: bool

    def __len__(self) -> int:
        return len(self.observed)

    def of(self, t: Floats) -> npt.NDArray[np.int64]:
        """The step of each time; -1 outside."""
        found = np.searchsorted(self.edges, t, side="right") - 1
        return np.where((t >= self.edges[0]) & (t < self.edges[-1]), found, -1).astype(np.int64)

    def first(self, number: int) -> Any:
        """The first day of a step."""
        return day_text(self.edges[number]) if self.are_dates else float(self.edges[number])

    def table(self, counts: Any) -> list[dict[str, Any]]:
        return [
            {"from": self.first(k), "to": self.first(k + 1), "days": float(self.observed[k]), "count": int(counts[k])}
            for k in range(len(self))
        ]


def over_time(asked: Asked, given: Mapping[str, Any], alpha: float, conf: float) -> Mapping[str, Any]:
    """The answer to what is looked for over many steps."""
    if given["period"] is None:
        refuse(f"--look-for {given['look_for']} needs --period: the whole time that the file covers.", field="period")
    if given["look_for"] != "change-points" and given["replicates"]:
        refuse("--replicates is for --look-for change-points.", field="replicates")
    if given["look_for"] == "hot-spots":
        return _hot_spots(asked, given, alpha)
    events = asked.events(places=False)
    steps, counts, facts = _counted(events, given)
    is_alarm = given["look_for"] == "alarm"
    found = _alarm(given, steps, counts) if is_alarm else _change_points(asked, given, steps, counts, conf)
    return found | {"steps": steps.table(counts), "input": facts}


def _change_points(asked: Asked, given: Mapping[str, Any], steps: Steps, counts: Any, conf: float) -> dict[str, Any]:
    from lagesbild.stats import change_point_test, change_points

    with refusing(scheduler=given["scheduler"]):
        found = answer_of(change_points(counts, steps.observed, conf=conf))
        if given["replicates"]:
            tested = change_point_test(
                counts,
                steps.observed,
                null=given["null"],
                conf=conf,
                n_replicates=given["replicates"],
                rng=asked.seed,
                threads=given["threads"],
                scheduler=given["scheduler"],
            )
            found["test"] = answer_of(tested)
    changes = [*found["changes"], *([found["test"]["change"]] if found.get("test", {}).get("change") else [])]
    for each in changes:
        each |= {"from": steps.first(each["index"])}
        each |= {"from_low": steps.first(each["low"]), "from_high": steps.first(each["high"])}
    return found


def _alarm(given: Mapping[str, Any], steps: Steps, counts: Any) -> dict[str, Any]:
    from lagesbild.stats import alarm

    with refusing():
        found = alarm(
            counts,
            steps.observed,
            periods_per_year=steps.per_year,
            false_alarm_rate=given["false_alarm_rate"],
            n_current=given["current"],
            guard=given["guard"],
        )
    n = min(given["current"], len(steps))
    return answer_of(found) | {"from": [steps.first(k) for k in range(len(steps) - n, len(steps))]}


def _hot_spots(asked: Asked, given: Mapping[str, Any], alpha: float) -> Mapping[str, Any]:
    from lagesbild.stats import emerging_hot_spots_grid

    events = asked.events()
    steps = _steps(given, events)
    if given["gaps"]:
        refuse("--gap is not for --look-for hot-spots: a step with a gap would look cold.", field="gap")
    at, weight = steps.of(events.t), _weights(events, given["count"])
    inside = at >= 0
    with refusing():
        grid = grid_over(events.x[inside], events.y[inside], given["cell"], given["bounds"])
        if grid.n_cells * len(steps) > MOST_NUMBERS:
            refuse(
                f"{grid.n_cells} cells in {len(steps)} steps are too many. Make --cell or --step larger.", field="cell"
            )
        row = np.repeat(np.arange(len(events)), weight)
        counts = np.stack([grid.count(*_of_step(events, row, at, k)) for k in range(len(steps))])
        found = emerging_hot_spots_grid(
            counts, window=Window.queen(given["neighbours"]), alpha=alpha, recent=given["recent"]
        )
    totals = counts.sum(axis=(1, 2))
    return answer_of(found) | {
        "counts": counts.tolist(),
        "grid": grid.to_dict(),
        "steps": steps.table(totals),
        "input": events.facts | {"in_period": int(inside.sum())},
    }


def _of_step(events: Events, row: npt.NDArray[np.int64], at: npt.NDArray[np.int64], step: int) -> tuple[Floats, Floats]:
    chosen = row[at[row] == step]
    return events.x[chosen], events.y[chosen]


def _counted(events: Events, given: Mapping[str, Any]) -> tuple[Steps, Any, dict[str, Any]]:
    """Events in each step. Those on a day without data are left out."""
    steps = _steps(given, events)
    weight = _weights(events, given["count"])
    at = steps.of(events.t)
    for first, end in given["gaps"]:
        at[(events.t >= first) & (events.t < end)] = -1
    inside = at >= 0
    counts = np.bincount(at[inside], weights=weight[inside], minlength=len(steps)).astype(np.int64)
    return steps, counts, events.facts | {"in_period": int(inside.sum())}


def _weights(events: Events, count: str | None) -> npt.NDArray[np.int64]:
    if count is None:
        return np.ones(len(events), dtype=np.int64)
    numbers = events.numbers(count)
    if not bool(np.all((numbers >= 0) & (numbers == np.floor(numbers)))):
        refuse(f'Column "{count}" must hold whole numbers, zero or more.', field="count")
    return numbers.astype(np.int64)


def _steps(given: Mapping[str, Any], events: Events) -> Steps:
    """Steps of whole days are laid from the end; what is left over at the beginning is not looked at."""
    start, end = given["period"]
    step = given["step"] or 7
    are_dates = events.times is None or events.times.are_dates
    if step == "month":
        edges = _months(start, end, are_dates=are_dates)
    else:
        n = int((end - start) // step)
        if n < 1:
            refuse(f"--period is shorter than a step of {step} days.", field="period")
        if n > MOST_STEPS:
            refuse(f"--period has {n} steps; at most {MOST_STEPS} can be looked at.", field="period")
        edges = end - step * np.arange(n, -1, -1.0)
    observed = np.diff(edges)
    for first, after in given["gaps"]:
        observed = observed - np.maximum(np.minimum(edges[1:], after) - np.maximum(edges[:-1], first), 0.0)
    per_year = 12.0 if step == "month" else DAYS_PER_YEAR / step
    return Steps(edges, np.maximum(observed, 0.0), per_year, are_dates)


def _months(start: float, end: float, *, are_dates: bool) -> Floats:
    if not are_dates:
        refuse("--step month needs dates. The file has numbers of days.", field="step")
    first, last = (np.datetime64(int(each), "D") for each in (start, end))
    months = np.arange(first.astype("datetime64[M]"), last.astype("datetime64[M]") + 1)
    edges: Floats = months.astype("datetime64[D]").astype(np.int64).astype(np.float64)
    if edges[0] != start or edges[-1] != end:
        refuse("--period must go from the first of a month to the first of another for --step month.", field="period")
    return edges
